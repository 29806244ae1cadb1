//! What images are called in the objects, and what the kustomization makes of it.
//!
//! A built image is called by its own name in the objects, and the kustomization puts the registry before it: so
//! that a deployment can set tag and digest in one place. The kustomization replaces every image of that name, so
//! an image from a registry that is called the same is written in full.

use super::Plan;
use crate::model::{ImageName, ImageToBuild, Machines};
use exoc_ir::{Built, Id, Image, Reference, shorten};

/// The image of a workload, as its object names it.
pub(crate) fn image(plan: &Plan<'_>, id: Id<Image>) -> Option<String> {
    Some(match plan.program.images().get(id)? {
        Image::Built(built) => built.name.clone(),
        Image::Pinned(reference) => pinned(plan, reference),
    })
}

/// An image from a registry, as an object names it.
pub(crate) fn pinned(plan: &Plan<'_>, reference: &Reference) -> String {
    if plan.is_built(&reference.name) {
        format!("docker.io/library/{reference}")
    } else {
        reference.to_string()
    }
}

/// What built images are called in a registry, by name.
pub(crate) fn names(plan: &Plan<'_>) -> Vec<ImageName> {
    let mut names: Vec<ImageName> = built(plan)
        .map(|(id, built)| {
            let from = plan.image_lines(id);
            let (reference, from) = match &built.pinned {
                Some(reference) => (reference.clone(), from),
                None => (unpinned(plan, built), from.and(&plan.registry_line())),
            };
            ImageName {
                name: built.name.clone(),
                reference,
                from,
            }
        })
        .collect();
    names.sort_by(|a, b| a.name.cmp(&b.name));
    names
}

/// The images to build, by name: those that no digest pins, for what has one was built.
pub(crate) fn to_build(plan: &Plan<'_>) -> Vec<ImageToBuild> {
    let mut images: Vec<(&String, ImageToBuild)> = built(plan)
        .filter_map(|(_, built)| {
            let Built {
                name,
                context,
                file,
                stage,
                args,
                platforms,
                pinned,
            } = built;
            let reference = pinned.clone().unwrap_or_else(|| unpinned(plan, built));
            if reference.digest.is_some() {
                return None;
            }
            let context = match context.as_str() {
                "" => plan.places.application.to_owned(),
                folder => format!("{}/{folder}", plan.places.application),
            };
            let file = file.as_ref().map(|file| format!("{context}/{file}"));
            let image = ImageToBuild {
                reference,
                context,
                file,
                stage: stage.clone(),
                args: args.clone(),
                platforms: platforms.clone(),
            };
            Some((name, image))
        })
        .collect();
    images.sort_by_key(|(name, _)| *name);
    images.into_iter().map(|(_, image)| image).collect()
}

fn built<'a>(plan: &Plan<'a>) -> impl Iterator<Item = (Id<Image>, &'a Built)> {
    plan.program
        .images()
        .iter()
        .filter_map(|(id, image)| match image {
            Image::Built(built) => Some((id, built)),
            Image::Pinned(_) => None,
        })
}

fn unpinned(plan: &Plan<'_>, built: &Built) -> Reference {
    // A repository's path has 255 characters, which an application's name and a role cannot reach.
    let path = shorten(&[&plan.program.app().name, &built.name], 255).name;
    let registry = plan
        .program
        .registry()
        .map_or(String::new(), |registry| format!("{registry}/"));
    Reference {
        name: format!("{registry}{path}"),
        tag: None,
        digest: None,
    }
}

/// On which machines an image of these platforms runs, by the label that the kubelet gives each: Go's words.
///
/// Source: kubernetes.io, "Well-Known Labels, Annotations and Taints", `kubernetes.io/arch`, 2026-11.
pub(super) fn machines(platforms: &[String]) -> Machines {
    const ARCHITECTURES: &[(&str, &str)] = &[
        ("linux/386", "386"),
        ("linux/amd64", "amd64"),
        ("linux/arm/v6", "arm"),
        ("linux/arm/v7", "arm"),
        ("linux/arm64", "arm64"),
        ("linux/ppc64le", "ppc64le"),
        ("linux/riscv64", "riscv64"),
        ("linux/s390x", "s390x"),
    ];
    let known = ARCHITECTURES.iter();
    let mut offered: Vec<&str> = known
        .filter(|(platform, _)| platforms.iter().any(|offered| offered == platform))
        .map(|(_, architecture)| *architecture)
        .collect();
    offered.dedup();
    match offered.as_slice() {
        [] => Machines::All,
        [only] => Machines::Of(only),
        [_, _, ..] => Machines::Among(offered),
    }
}
