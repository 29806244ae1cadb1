//! The target `aws`: a root module for Terraform or OpenTofu per environment.

mod feature;
mod model;
mod names;
mod options;
mod plan;
mod print;
mod sizes;

#[cfg(test)]
#[path = "../tests/support/mod.rs"]
mod support;
#[cfg(test)]
mod tests;

use exoc_diagnostics::{Failed, Sink};
use exoc_ir::{Artifacts, Expression, Feature, Input, Support, Target, TargetId};

/// The target `aws`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Aws;

impl Target for Aws {
    fn id(&self) -> TargetId {
        "aws"
    }

    fn summary(&self) -> &'static str {
        "a Terraform root module: ECS on Fargate, RDS, ElastiCache, a load balancer"
    }

    fn support(&self) -> Support {
        Support::Stable
    }

    fn express(&self, feature: Feature) -> Expression {
        feature::express(feature)
    }

    fn patches(&self) -> bool {
        false
    }

    fn options_schema(&self) -> &'static str {
        options::SCHEMA
    }

    fn emit(&self, input: &Input<'_>, sink: &mut Sink) -> Result<Artifacts, Failed> {
        let model = plan::plan(input, sink)?;
        print::print(&model, sink)
    }
}
