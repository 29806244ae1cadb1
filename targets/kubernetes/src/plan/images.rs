//! What images are called in the objects, and what the kustomization makes of it.
//!
//! A built image is called by its own name in the objects, and the kustomization puts the registry before it: so
//! that a deployment can set tag and digest in one place. The kustomization replaces every image of that name, so
//! an image from a registry that is called the same is written in full.

use super::Plan;
use crate::model::ImageName;
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
    let hidden = built(plan).any(|(_, built)| built.name == reference.name);
    if hidden {
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

/// Those whose tag a deployment has to say: name in the objects, name in the registry.
pub(crate) fn without_version(names: &[ImageName]) -> Vec<(String, String)> {
    names
        .iter()
        .filter(|image| image.reference.tag.is_none() && image.reference.digest.is_none())
        .map(|image| (image.name.clone(), image.reference.name.clone()))
        .collect()
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
