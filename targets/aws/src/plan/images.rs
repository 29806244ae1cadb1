//! Images: which the module takes as an input, where they are pushed, what a task pulls and runs on.

use super::Context;
use crate::model::{Architecture, Build, BuiltImage, ImageHome, Images, Pull, RunningImage, Task};
use crate::names::address;
use exoc_ir::{Built, Id, Image, Reference};

/// What a workload runs, from where, and on which processors.
pub(super) struct Running {
    pub(super) image: RunningImage,
    pub(super) pull: Pull,
    pub(super) architecture: Architecture,
}

/// All built images.
pub(super) fn plan(context: &Context<'_>, tasks: &[Task]) -> Images {
    let mut built: Vec<BuiltImage> = context
        .program
        .images()
        .iter()
        .filter_map(|(_, image)| match image {
            Image::Built(built) => Some(plan_built(context, built)),
            Image::Pinned(_) => None,
        })
        .collect();
    built.sort_by(|a, b| a.key.cmp(&b.key));
    let probed = tasks.iter().any(|task| task.probe.is_some());
    Images {
        built,
        companion: probed.then(|| format!("public.ecr.aws/docker/library/{}", exoc_catalogue::PROBE_IMAGE)),
    }
}

fn plan_built(context: &Context<'_>, image: &Built) -> BuiltImage {
    let Built {
        name,
        context: folder,
        file,
        stage,
        args,
        platforms,
        pinned,
    } = image;
    BuiltImage {
        key: name.clone(),
        home: match pinned {
            Some(reference) => ImageHome::Elsewhere(reference.name.clone()),
            None => home(context, name),
        },
        pinned: pinned.is_some(),
        build: Build {
            context: folder.to_string(),
            file: file.clone().unwrap_or_else(|| "Dockerfile".to_owned()),
            stage: stage.clone(),
            args: args
                .iter()
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
            platforms: match platforms.as_slice() {
                [] => vec!["linux/amd64".to_owned(), "linux/arm64".to_owned()],
                some => some.to_vec(),
            },
        },
    }
}

fn home(context: &Context<'_>, name: &str) -> ImageHome {
    match context.program.registry() {
        Some(registry) => ImageHome::Elsewhere(format!("{registry}/{}-{name}", context.program.app().name)),
        None => ImageHome::Repository {
            address: address(name),
            name: format!("{}/{name}", context.names.whole(&[])),
        },
    }
}

/// What a workload with this image runs.
pub(super) fn running(context: &Context<'_>, image: Id<Image>) -> Running {
    match context.program.images().get(image) {
        Some(Image::Built(built)) => running_built(context, built),
        Some(Image::Pinned(reference)) => pinned(reference, Architecture::X86_64),
        // Only an id of another program gets here.
        None => Running {
            image: RunningImage::Pinned(String::new()),
            pull: Pull::Public,
            architecture: Architecture::X86_64,
        },
    }
}

fn running_built(context: &Context<'_>, built: &Built) -> Running {
    let Built {
        name,
        context: _,
        file: _,
        stage: _,
        args: _,
        platforms,
        pinned: reference,
    } = built;
    let arm = platforms.is_empty()
        || platforms
            .iter()
            .any(|platform| platform.starts_with("linux/arm64"));
    let architecture = if arm {
        Architecture::Arm64
    } else {
        Architecture::X86_64
    };
    match reference {
        Some(reference) => pinned(reference, architecture),
        None => {
            let pull = match home(context, name) {
                ImageHome::Repository { address, name: _ } => Pull::Repository(address),
                ImageHome::Elsewhere(repository) => pull_from(&repository),
            };
            Running {
                image: RunningImage::Input(name.clone()),
                pull,
                architecture,
            }
        }
    }
}

fn pinned(reference: &Reference, architecture: Architecture) -> Running {
    Running {
        image: RunningImage::Pinned(reference.to_string()),
        pull: pull_from(&reference.name),
        architecture,
    }
}

/// A repository of ECR asks for a permission: `<account>.dkr.ecr.<region>.amazonaws.com[.cn]/<path>`.
fn pull_from(repository: &str) -> Pull {
    let parts = || {
        let (host, path) = repository.split_once('/')?;
        let (account, rest) = host.split_once(".dkr.ecr.")?;
        let (region, partition) = match rest.strip_suffix(".amazonaws.com.cn") {
            Some(region) => (region, "aws-cn"),
            None => (rest.strip_suffix(".amazonaws.com")?, "aws"),
        };
        let partition = if region.starts_with("us-gov-") {
            "aws-us-gov"
        } else {
            partition
        };
        Some(format!(
            "arn:{partition}:ecr:{region}:{account}:repository/{path}"
        ))
    };
    parts().map_or(Pull::Public, Pull::Arn)
}

#[cfg(test)]
mod tests {
    use super::pull_from;
    use crate::model::Pull;

    #[test]
    fn knows_repositories_of_ecr() {
        let arn = pull_from("123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/api");
        assert_eq!(
            arn,
            Pull::Arn("arn:aws:ecr:eu-west-1:123456789012:repository/team/api".into())
        );
        assert_eq!(pull_from("ghcr.io/acme/api"), Pull::Public);
        assert_eq!(pull_from("redis"), Pull::Public);
    }
}
