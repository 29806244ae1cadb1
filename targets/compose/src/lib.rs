//! The target `compose`: one environment as a docker-compose project on one machine.
//!
//! | of the program | in the project |
//! |---|---|
//! | application, environment | project `<app>` in the local environment, else `<app>-<env>` |
//! | service, container | a service under its role |
//! | volume of a component | the volume `<identity>-<volume>`, which a companion gives to the component's user |
//! | fixed file | a copy under `files/<role>`, mounted |
//! | folder of late files | the volume `<role>_files_<n>`, which the companion `<role>_files` fills |
//! | managed backing | a service under its role with the catalogue's image, and the volume `<identity>-data` |
//! | external | nothing runs; its users join `exoc_internet` |
//! | job before or after a deployment | a service that runs once; others wait for its end, or `exoc_deployed` does |
//! | job with a schedule or on demand | a service of the profile `jobs` |
//! | check by path, connection or gRPC | the companion `<role>_health`, which asks over the network |
//! | check by command | the service's own `healthcheck` |
//! | edge | membership in the callee's internal network or one that it shares, and `depends_on` outside cycles |
//! | HTTP doors | one published port, or `exoc_gateway` where a port alone cannot tell them apart |
//! | other doors | published ports of their own |
//! | secret | `${NAME:?…}`, read from `.env` beside the file |
//!
//! `plan` takes every decision and makes a typed model of raw texts; `print` doubles `$`, quotes and lays out, and
//! decides nothing. Between its document and its text, `patch` changes what the manifest says under `patches`. Nothing is written here: the command line does that. Of what a program may need, only a gRPC
//! path that is removed is refused; the notes are listed in `feature`.

mod feature;
mod model;
pub mod names;
mod needs;
mod patch;
mod plan;
mod print;
mod resources;
#[cfg(test)]
mod testing;

pub use needs::{Need, VALUES, needs};
pub use plan::{addresses, http_port};

use exoc_diagnostics::{Failed, Sink};
use exoc_ir::{Artifacts, Expression, Feature, Input, Replacement, Resource, Support, Target, TargetId};

/// The target `compose`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Compose;

impl Target for Compose {
    fn id(&self) -> TargetId {
        "compose"
    }

    fn summary(&self) -> &'static str {
        "docker-compose project for one machine"
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

    fn options_schema(&self) -> &'static str {
        include_str!("options.schema.json")
    }

    fn emit(&self, input: &Input<'_>, sink: &mut Sink) -> Result<Artifacts, Failed> {
        let Input {
            program,
            options: _, // there are none: their schema refuses any
            patches,
            application,
            at,
            sources,
            workers: _, // one file takes no time
        } = input;
        let model = plan::plan(program, application, sink)?;
        let mut project = print::project(&model, sources);
        patch::apply(&mut project, patches, sources, sink)?;
        print::print(&model, &project, sources, *at, sink)
    }

    fn resources(&self, artifacts: &Artifacts) -> Vec<Resource> {
        resources::resources(artifacts)
    }

    fn replacement(&self, kind: &str, attribute: &str) -> Replacement {
        resources::replacement(kind, attribute)
    }
}
