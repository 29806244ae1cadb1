//! The target `kubernetes`: objects for a cluster and a kustomization that applies them.
//!
//! # What becomes what
//!
//! | in the program | here |
//! |---|---|
//! | application, environment | Namespace `<app>-<env>` with the strictest Pod Security level that its pods meet |
//! | service | Deployment, ServiceAccount without a token, Service if it listens |
//! | container among the backings | the same, one pod that stops before its successor starts |
//! | managed backing | StatefulSet of one pod with a claim that is retained, Service, ConfigMap of its files |
//! | job that the clock or a person starts | CronJob, suspended where no clock starts it |
//! | job before or after a deployment | Job under a name that changes with its content, in a wave of its own |
//! | external backing | nothing but a policy of its users |
//! | edge | a rule of the caller's NetworkPolicy and one of the callee's |
//! | HTTP door | listener of the Gateway, HTTPRoute or GRPCRoute, or host and path of the Ingress; a rule for the namespace of what forwards |
//! | plain door | LoadBalancer Service, a rule for everybody |
//! | secret | a reference to a Secret, which is never printed; the README says how to make it |
//! | health | startup, readiness and liveness probes |
//! | scale | replicas, or a HorizontalPodAutoscaler; a PodDisruptionBudget from two replicas on |
//! | built image | its own name, which the kustomization replaces by the registry's |
//!
//! # What is refused
//!
//! The user of the image, a built image without a registry, scaling by requests, a gRPC path that is removed; an
//! owner that is no label, an empty command, more than 63 hosts, two secrets of one name.
//!
//! # The mismatch
//!
//! Kubernetes expands `$(NAME)` in variables and arguments, and nowhere else: `plan::environment` owns that. Its
//! selectors and claims can never change, so they carry identities, while names that people and the network use
//! carry roles. Its objects of one kind share one name space with ours: `names` owns that. What the manifest says under
//! `patches` changes documents between their building and their text (`patch`).

mod feature;
mod model;
mod names;
mod options;
mod patch;
mod plan;
mod print;
mod resources;
#[cfg(test)]
mod tests;

use exoc_diagnostics::{Diagnostic, Failed, Sink, codes};
use exoc_ir::{Artifacts, Expression, Feature, Input, Replacement, Resource, Support, Target, TargetId};
use patch::Patches;

/// The target.
#[derive(Clone, Copy, Debug, Default)]
pub struct Kubernetes;

impl Target for Kubernetes {
    fn id(&self) -> TargetId {
        "kubernetes"
    }

    fn summary(&self) -> &'static str {
        "Kubernetes objects and a kustomization"
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
        false
    }

    fn given_up(&self) -> &'static str {
        "otherwise its claims and Secrets stay in the cluster, for applying deletes none: docs/targets/kubernetes.md, \
         \"Data\", says how to move or to delete them"
    }

    fn options_schema(&self) -> &'static str {
        options::SCHEMA
    }

    fn emit(&self, input: &Input<'_>, sink: &mut Sink) -> Result<Artifacts, Failed> {
        let Input {
            program,
            options,
            patches,
            application,
            at,
            sources,
            workers,
        } = input;
        let options = options::Options::read(options, program, sink)?;
        let places = plan::Places {
            sources,
            options: *at,
            application,
        };
        let model = plan::plan(program, &options, places, *workers, sink)?;
        let patches = Patches::new(patches, options.version, sources, sink)?;
        let made = print::artifacts(model, &patches, sources, *workers, sink).map_err(|name| {
            sink.error(
                Diagnostic::new(
                    codes::INTERNAL,
                    format!("the file `{name}` would be written twice"),
                )
                .at(*at, "")
                .help("this is a fault of exoc; please report it with the manifest"),
            )
        })?;
        // What a patch does not fit was reported there.
        sink.checkpoint()?;
        Ok(made)
    }

    fn resources(&self, artifacts: &Artifacts) -> Vec<Resource> {
        resources::resources(artifacts)
    }

    fn replacement(&self, kind: &str, attribute: &str) -> Replacement {
        resources::replacement(kind, attribute)
    }
}
