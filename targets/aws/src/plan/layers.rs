//! Layers: an image of its own for each workload that has files whose contents are known, because ECS can mount folders
//! and never a file.

use super::container::node;
use super::{Context, images};
use crate::model::{Base, Build, BuiltImage, ImageHome, Layer, LayeredFile, Recipe};
use crate::names::address;
use exoc_diagnostics::Span;
use exoc_ir::{Built, Component, FixedFile, Image, User, Workload};
use std::collections::BTreeMap;

/// Whether a workload runs a layer above its image.
pub(super) fn is_layered(workload: &Workload) -> bool {
    !workload.files.fixed.is_empty()
}

/// The images that have a layer, and the places of each.
pub(super) fn plan(context: &Context<'_>) -> Vec<(BuiltImage, Vec<Span>)> {
    let layered = context.program.workloads();
    let layered = layered.filter(|(_, workload)| is_layered(workload));
    layered
        .map(|(component, workload)| built(context, component, workload))
        .collect()
}

fn built(context: &Context<'_>, component: Component, workload: &Workload) -> (BuiltImage, Vec<Span>) {
    let (key, home) = key_and_home(context, component);
    let repository = match &home {
        ImageHome::Repository { address: _, name } => context.options.registry_host() + "/" + name,
        ImageHome::Elsewhere(repository) => repository.clone(),
    };
    let paths = workload.files.fixed.keys();
    let mut places: Vec<Span> = paths
        .map(|path| context.program.at(node(component), &format!("files.{path}")))
        .collect();
    places.push(context.program.at(node(component), ""));
    let (base, platforms) = base(context, workload);
    let layer = Layer {
        role: context.program.role(component).to_owned(),
        target: key.replace('.', "_"),
        base,
        user: match workload.security.user {
            User::Ids { user, group } => format!("{user}:{group}"),
            // Refused as a feature.
            User::FromImage => String::new(),
        },
        platforms,
        repository,
        files: files(&workload.files.fixed),
    };
    let image = BuiltImage {
        key,
        home,
        pinned: false,
        recipe: Recipe::Layer(layer),
        lines: context.lines(places.iter().copied()),
    };
    (image, places)
}

fn files(fixed: &BTreeMap<String, FixedFile>) -> BTreeMap<String, LayeredFile> {
    let layered = |(path, file): (&String, &FixedFile)| {
        let FixedFile { contents, executable } = file;
        let file = LayeredFile {
            contents: contents.bytes().to_vec(),
            executable: *executable,
        };
        (path.clone(), file)
    };
    fixed.iter().map(layered).collect()
}

/// What a layer lies on, and for which platforms both are made.
fn base(context: &Context<'_>, workload: &Workload) -> (Base, Vec<String>) {
    let offered = |or: &str| match workload.platforms.as_slice() {
        [] => vec![or.to_owned()],
        some => some.to_vec(),
    };
    match context.program.images().get(workload.image) {
        Some(Image::Built(built)) => {
            let Built {
                name,
                context: _,
                file: _,
                stage: _,
                args: _,
                platforms: _,
                pinned,
            } = built;
            let build = images::build(built);
            match pinned {
                Some(reference) if workload.platforms.is_empty() => {
                    (Base::Reference(reference.to_string()), build.platforms)
                }
                Some(reference) => (Base::Reference(reference.to_string()), workload.platforms.clone()),
                None => {
                    let build = Build {
                        context: beside(context.input.application, &build.context),
                        ..build
                    };
                    let platforms = build.platforms.clone();
                    let target = format!("{name}_base");
                    (Base::Built { target, build }, platforms)
                }
            }
        }
        Some(Image::Pinned(reference)) => (Base::Reference(reference.to_string()), offered("linux/amd64")),
        // Only an id of another program gets here.
        None => (Base::Reference(String::new()), Vec::new()),
    }
}

/// A folder of the application's as seen from the module's. It begins with `.` or `/`, for anything else could be read as
/// the address of a repository.
fn beside(application: &str, folder: &str) -> String {
    let start = application.trim_end_matches('/');
    let start = match start.chars().next() {
        None => ".".to_owned(),
        Some('.' | '/') => start.to_owned(),
        Some(_) => format!("./{start}"),
    };
    if folder.is_empty() {
        start
    } else {
        format!("{start}/{folder}")
    }
}

/// The key of a workload's layer in the variable `images`, and where it is pushed. It is the workload's identity, as that
/// of a built image is, so that a first file changes neither; but where others run the image of that name as it is, it is
/// a name that no image has.
pub(super) fn key_and_home(context: &Context<'_>, component: Component) -> (String, ImageHome) {
    let identity = context.program.identity(component);
    if !context.index.is_bare(identity) {
        return (
            identity.to_owned(),
            images::home(context, identity, address(identity)),
        );
    }
    let key = format!("{identity}.files");
    // No role begins so.
    let own = format!("exoc_{}_files", address(identity));
    let home = images::home(context, &key, own);
    (key, home)
}
