//! The target `aws`: a root module for Terraform or OpenTofu per environment.
//!
//! # What becomes what
//!
//! | in the program | here |
//! |---|---|
//! | application, environment | prefix of names, tags; VPC, key, ECS cluster, private domain |
//! | service | ECS service on Fargate, task definition, two roles, log group, security group |
//! | container among the backings | the same with one task that stops before its successor starts |
//! | managed backing | RDS, DocumentDB, ElastiCache, Amazon MQ, MSK, OpenSearch, S3, SQS or SNS (`rented`) |
//! | external backing | nothing but a rule of its users |
//! | edge | a rule of the caller's security group and one of the callee's; a permission for S3, SQS and SNS |
//! | HTTP door | load balancer, certificate, record, target group, listener rule |
//! | secret | Secrets Manager, by write-only values; a text that holds one is composed there |
//! | health | target group, container check, or a second container that asks |
//! | scale | desired count, Application Auto Scaling |
//! | built image | a key of the variable `images`, a repository of ECR where no registry is named |
//! | fixed files | a layer above the image, which makes it a built one: `images/<role>` |
//! | late files | written by a second container into volumes of the task before the first starts |
//!
//! # What is refused
//!
//! Large and privileged workloads, the user of the image, plain doors, a removed gRPC path, texts that HCL would
//! change (`feature`); capabilities, versions, sizes and counts that AWS does not have (`plan`).
//!
//! # The mismatch
//!
//! ECS joins no texts, so secrets inside texts are joined by Terraform, without its state ever holding them:
//! `plan::secrets` decides what is composed, `print::secrets` how. Fargate sells pairs of processor and memory, RDS
//! and ElastiCache classes: `sizes` has the tables. A load balancer orders rules by number, and moving a number
//! fails: `plan::doors::priority` gives each a place of its own. Tasks have no names, so `print::network` and
//! `print::cluster` make the private domain in which roles are names. A manifest has lines and a module has blocks:
//! `plan::lines` decides which lines each block names. What the manifest says under `patches` changes blocks between
//! their building and their text (`patch`).

mod feature;
mod model;
mod names;
mod options;
mod patch;
mod plan;
mod print;
mod rented;
mod resources;
mod sizes;

#[cfg(test)]
#[path = "../tests/support/mod.rs"]
mod support;
#[cfg(test)]
mod tests;

use exoc_diagnostics::{Failed, Sink};
use exoc_ir::{Artifacts, Expression, Feature, Input, Replacement, Resource, Support, Target, TargetId};
use patch::Patches;

/// The target `aws`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Aws;

impl Target for Aws {
    fn id(&self) -> TargetId {
        "aws"
    }

    fn summary(&self) -> &'static str {
        "a Terraform root module: ECS on Fargate, products of AWS, a load balancer"
    }

    fn support(&self) -> Support {
        Support::Stable
    }

    fn express(&self, feature: Feature) -> Expression {
        feature::express(feature)
    }

    fn patches(&self) -> bool {
        true
    }

    fn makes_records(&self) -> bool {
        true
    }

    fn options_schema(&self) -> &'static str {
        options::SCHEMA
    }

    fn emit(&self, input: &Input<'_>, sink: &mut Sink) -> Result<Artifacts, Failed> {
        let model = plan::plan(input, sink)?;
        let patches = Patches::new(input.patches, input.sources, sink)?;
        let printed = print::print(&model, &patches, input.workers, sink);
        input.workers.discard(Box::new(model));
        printed
    }

    fn resources(&self, artifacts: &Artifacts) -> Vec<Resource> {
        resources::resources(artifacts)
    }

    fn replacement(&self, kind: &str, attribute: &str) -> Replacement {
        resources::replacement(kind, attribute)
    }
}
