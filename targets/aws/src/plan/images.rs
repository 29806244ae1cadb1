//! Images: which the module takes as an input, where they are pushed, what a task pulls and runs on.

use super::Context;
use super::{container, layers};
use crate::model::{
    Architecture, Build, BuiltImage, Companion, ImageHome, Images, Login, Pull, Recipe, RunningImage, Task,
};
use crate::names::address;
use crate::options::Registry;
use exoc_diagnostics::{Diagnostic, Sink, Span, Spanned, codes};
use exoc_ir::{Built, Component, Id, Image, NodeId, Reference, Workload};

/// What a workload runs, from where, and on which processors.
pub(super) struct Running {
    pub(super) image: RunningImage,
    pub(super) pull: Pull,
    pub(super) architecture: Architecture,
}

/// All built images.
pub(super) fn plan(context: &Context<'_>) -> Images {
    let mut built = Vec::new();
    let (mut places, mut input_places) = (Vec::new(), Vec::new());
    for (id, image) in context.program.images().iter() {
        match image {
            // Whoever builds a layer builds what it lies on.
            Image::Built(_) if context.index.bare(id).is_empty() => {}
            Image::Built(image) => {
                let own = places_of(context, id);
                if image.pinned.is_none() {
                    input_places.extend_from_slice(&own);
                }
                places.extend_from_slice(&own);
                built.push(plan_built(context, image, &own));
            }
            Image::Pinned(_) => {}
        }
    }
    for (layered, own) in layers::plan(context) {
        input_places.extend_from_slice(&own);
        places.extend(own);
        built.push(layered);
    }
    built.sort_by(|a, b| a.key.cmp(&b.key));
    Images {
        application: context.input.application.to_owned(),
        built,
        input_lines: context.lines(input_places),
        lines: context.lines(places),
        companion: companion(context),
    }
}

/// Where an image is described, and where who runs it says so.
fn places_of(context: &Context<'_>, id: Id<Image>) -> Vec<Span> {
    let users = context.index.bare(id).iter();
    users
        .map(|component| context.program.at(container::node(*component), "build"))
        .chain([context.program.at(NodeId::Image(id), "")])
        .collect()
}

/// The image of the containers that ask and write, if there is anything to ask or to write.
fn companion(context: &Context<'_>) -> Option<Companion> {
    let mut places = Vec::new();
    for (component, workload) in context.program.workloads() {
        let place = |field: &str| context.program.at(container::node(component), field);
        if container::probe(context, component, workload).is_some() {
            places.push(place("health"));
        }
        for (root, files) in &workload.files.late {
            places.extend(files.keys().map(|name| place(&format!("files.{root}/{name}"))));
        }
    }
    (!places.is_empty()).then(|| Companion {
        image: companion_image(context),
        lines: context.lines(places),
    })
}

fn companion_image(context: &Context<'_>) -> String {
    let usual = || format!("public.ecr.aws/docker/library/{}", exoc_catalogue::PROBE_IMAGE);
    context.options.companion.clone().unwrap_or_else(usual)
}

/// Where that image comes from, if a workload needs a container that asks it or writes its files.
pub(super) fn companion_of(context: &Context<'_>, component: Component, workload: &Workload) -> Option<Pull> {
    let needed = container::probe(context, component, workload).is_some() || !workload.files.late.is_empty();
    needed.then(|| pull_from(&context.options.registries, repository(&companion_image(context))))
}

/// A reference without its tag or digest.
fn repository(reference: &str) -> &str {
    let name = reference.split_once('@').map_or(reference, |(name, _)| name);
    match name.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => name,
        Some(_) | None => name,
    }
}

fn plan_built(context: &Context<'_>, image: &Built, places: &[Span]) -> BuiltImage {
    BuiltImage {
        key: image.name.clone(),
        home: match &image.pinned {
            Some(reference) => ImageHome::Elsewhere(reference.name.clone()),
            None => home_of_built(context, &image.name),
        },
        pinned: image.pinned.is_some(),
        recipe: Recipe::Build(build(image)),
        lines: context.lines(places.iter().copied()),
    }
}

/// How an image is built.
pub(super) fn build(image: &Built) -> Build {
    let Built {
        name: _,
        context: folder,
        file,
        stage,
        args,
        platforms,
        pinned: _,
    } = image;
    Build {
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
    }
}

/// Where the image under a key is pushed; `address` is that of its repository, if it is one of this module's.
pub(super) fn home(context: &Context<'_>, key: &str, address: String) -> ImageHome {
    match context.program.registry() {
        Some(registry) => ImageHome::Elsewhere(format!("{registry}/{}-{key}", context.program.app().name)),
        None => ImageHome::Repository {
            address,
            name: format!("{}/{key}", context.names.whole(&[])),
        },
    }
}

/// Where the image of that name is pushed. Whoever is called as the image was perhaps called otherwise before, and its
/// repository keeps that name.
fn home_of_built(context: &Context<'_>, image: &str) -> ImageHome {
    let identity = context.index.identity(image).unwrap_or(image);
    match home(context, image, address(image)) {
        ImageHome::Repository { address, name: _ } => ImageHome::Repository {
            address,
            name: format!("{}/{identity}", context.names.whole(&[])),
        },
        ImageHome::Elsewhere(repository) => ImageHome::Elsewhere(repository),
    }
}

/// What a workload runs.
pub(super) fn running(context: &Context<'_>, component: Component, workload: &Workload) -> Running {
    let running = running_bare(context, workload.image, &workload.platforms);
    if !layers::is_layered(workload) {
        return running;
    }
    let (key, home) = layers::key_and_home(context, component);
    Running {
        image: RunningImage::Input(key),
        pull: pull_home(context, home),
        architecture: running.architecture,
    }
}

/// What a workload with this image runs if it has no layer.
fn running_bare(context: &Context<'_>, image: Id<Image>, offered: &[String]) -> Running {
    match context.program.images().get(image) {
        Some(Image::Built(built)) => running_built(context, built, offered),
        // The one that every public image has, unless something else is said.
        Some(Image::Pinned(reference)) => pinned(
            context,
            reference,
            architecture(offered).unwrap_or(Architecture::X86_64),
        ),
        // Only an id of another program gets here.
        None => Running {
            image: RunningImage::Pinned(String::new()),
            pull: Pull::Public,
            architecture: Architecture::X86_64,
        },
    }
}

/// The processors that tasks run on for an image of these platforms, of which Fargate has two; `None` where nothing is
/// said, or it has none of them, which is reported elsewhere.
pub(super) fn architecture(platforms: &[String]) -> Option<Architecture> {
    let has = |platform: &str| platforms.iter().any(|offered| offered == platform);
    if has("linux/arm64") {
        Some(Architecture::Arm64)
    } else if has("linux/amd64") {
        Some(Architecture::X86_64)
    } else {
        None
    }
}

fn running_built(context: &Context<'_>, built: &Built, offered: &[String]) -> Running {
    let Built {
        name,
        context: _,
        file: _,
        stage: _,
        args: _,
        platforms,
        pinned: reference,
    } = built;
    let platforms = if offered.is_empty() { platforms } else { offered };
    // Who says nothing builds for both.
    let architecture = architecture(platforms).unwrap_or(Architecture::Arm64);
    match reference {
        Some(reference) => pinned(context, reference, architecture),
        None => Running {
            image: RunningImage::Input(name.clone()),
            pull: pull_home(context, home_of_built(context, name)),
            architecture,
        },
    }
}

fn pull_home(context: &Context<'_>, home: ImageHome) -> Pull {
    match home {
        ImageHome::Repository { address, name: _ } => Pull::Repository(address),
        ImageHome::Elsewhere(repository) => pull_from(&context.options.registries, &repository),
    }
}

fn pinned(context: &Context<'_>, reference: &Reference, architecture: Architecture) -> Running {
    Running {
        image: RunningImage::Pinned(reference.to_string()),
        pull: pull_from(&context.options.registries, &reference.name),
        architecture,
    }
}

/// A registry that is no ECR: a private one if the options say how to log in to it.
fn pull_from_elsewhere(registries: &[Spanned<Registry>], repository: &str) -> Pull {
    let host = host(repository);
    let known = registries.iter().find(|known| known.value.host == host);
    known.map_or(Pull::Public, |known| {
        let Registry { host: _, secret, key } = &known.value;
        Pull::Login(Login {
            secret: secret.clone(),
            key: key.clone(),
        })
    })
}

/// The host of a repository, which is Docker's own where its name begins with none.
fn host(repository: &str) -> &str {
    match repository.split_once('/') {
        Some((host, _)) if host.contains(['.', ':']) || host == "localhost" => host,
        Some(_) | None => "docker.io",
    }
}

/// Reports registries that no image comes from: whoever names one expects it to be used.
pub(super) fn check_registries(context: &Context<'_>, tasks: &[Task], sink: &mut Sink) {
    for registry in &context.options.registries {
        let is_it = |pull: &Pull| match pull {
            Pull::Login(login) => login.secret == registry.value.secret,
            Pull::Public | Pull::Repository(_) | Pull::Arn(_) => false,
        };
        let used = tasks
            .iter()
            .any(|task| is_it(&task.pull) || task.companion.as_ref().is_some_and(is_it));
        if !used {
            sink.error(
                Diagnostic::new(
                    codes::BAD_OPTION,
                    format!("no image comes from the registry `{}`", registry.value.host),
                )
                .at(registry.span, "")
                .help("leave it out, or write the host as images name it; Docker's own is `docker.io`"),
            );
        }
    }
}

/// A repository of ECR asks for a permission: `<account>.dkr.ecr.<region>.amazonaws.com[.cn]/<path>`.
fn pull_from(registries: &[Spanned<Registry>], repository: &str) -> Pull {
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
    parts().map_or_else(|| pull_from_elsewhere(registries, repository), Pull::Arn)
}

#[cfg(test)]
mod tests {
    use super::pull_from;
    use crate::model::Pull;

    #[test]
    fn knows_repositories_of_ecr() {
        let arn = pull_from(&[], "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/api");
        assert_eq!(
            arn,
            Pull::Arn("arn:aws:ecr:eu-west-1:123456789012:repository/team/api".into())
        );
        assert_eq!(pull_from(&[], "ghcr.io/acme/api"), Pull::Public);
        assert_eq!(pull_from(&[], "redis"), Pull::Public);
    }
}
