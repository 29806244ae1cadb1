//! The smallest target: an inventory of what an application consists of, as `inventory.yaml`.
//!
//! It shows what a target is and nothing more, and deploys nothing.
//!
//! | the program | the inventory |
//! |---|---|
//! | service | entry under `components` with `kind`, `image`, `ports` and `replicas` |
//! | backing | entry with `kind` |
//! | edge | entry under `edges`, unless `edges: none` |
//! | privileged container | refused |
//!
//! Everything else of a program is expressed by not being part of an inventory, which the page of this target says.

mod model;
mod options;
mod patch;
mod plan;
mod print;

use exoc_diagnostics::{Failed, Sink};
use exoc_ir::{Artifacts, Expression, Feature, Input, Support, Target, TargetId};

/// The target `toy`.
#[derive(Clone, Copy, Debug)]
pub struct Toy;

impl Target for Toy {
    fn id(&self) -> TargetId {
        "toy"
    }

    fn summary(&self) -> &'static str {
        "an inventory of the application, to show what a target is"
    }

    fn support(&self) -> Support {
        Support::Nascent
    }

    fn express(&self, feature: Feature) -> Expression {
        if feature == Feature::Privileged {
            return Expression::Refused {
                instead: "leave `privileged` out: the inventory lists no such container",
            };
        }
        if [Feature::GeneratedSecret, Feature::NamedSecret, Feature::Renamed].contains(&feature) {
            return Expression::Refused {
                instead: "leave it out: the inventory lists neither stores nor data",
            };
        }
        let for_developers = [
            Feature::MountedSource,
            Feature::WatchedSource,
            Feature::Test,
            Feature::DeveloperPort,
        ];
        if for_developers.contains(&feature) {
            return Expression::Refused {
                instead: "build another environment for this target: only `local` has what `development` says",
            };
        }
        if [Feature::OwnVolume, Feature::VolumeSize].contains(&feature) {
            return Expression::Refused {
                instead: "keep the data in a dependency: the inventory lists no volumes",
            };
        }
        if feature == Feature::ImagePlatforms {
            return Expression::Refused {
                instead: "leave `platforms` out: the inventory does not say what an image offers",
            };
        }
        if feature == Feature::Subscription {
            return Expression::Refused {
                instead: "leave `subscribes` out: the inventory lists no subscriptions",
            };
        }
        if [Feature::FixedFile, Feature::LateFile, Feature::ExecutableFile].contains(&feature) {
            return Expression::Refused {
                instead: "leave it out: the inventory lists no files",
            };
        }
        if [Feature::SharedVolume, Feature::ReadOnlyMount].contains(&feature) {
            return Expression::Refused {
                instead: "keep the files in a `bucket`: the inventory lists no volumes",
            };
        }
        Expression::Expressed
    }

    fn patches(&self) -> bool {
        true
    }

    fn makes_records(&self) -> bool {
        false
    }

    fn options_schema(&self) -> &'static str {
        options::SCHEMA
    }

    fn emit(&self, input: &Input<'_>, sink: &mut Sink) -> Result<Artifacts, Failed> {
        let options = options::Options::read(input.options);
        let mut inventory = plan::plan(input.program, &options);
        patch::apply(&mut inventory, input.patches, sink)?;
        print::print(&inventory, input.at, sink)
    }
}
