//! From the model to files. Takes no decision: every difference between two outputs is in the model.

mod network;
mod object;
mod readme;
mod route;
mod workload;

use crate::model::{File, ImageName, Model};
use crate::names;
use exoc_emit::yaml::{Mapping, list, print, print_documents};
use exoc_ir::{Artifacts, Comments};

/// The files.
///
/// # Errors
///
/// Gives the name of a file that occurs twice or is no path.
pub(crate) fn artifacts(model: &Model) -> Result<Artifacts, String> {
    let Model {
        files,
        images,
        readme,
    } = model;
    let mut artifacts = Artifacts::default();
    for File { name, objects } in files {
        let documents: Vec<Mapping> = objects.iter().map(object::document).collect();
        let text = print_documents(&documents);
        artifacts.text(name, Comments::Hash, text)?;
    }
    let kustomization = print(&kustomization(files, images));
    artifacts.text(names::KUSTOMIZATION_FILE, Comments::Hash, kustomization)?;
    artifacts.text("README.md", Comments::Markup, readme::page(readme))?;
    Ok(artifacts)
}

fn kustomization(files: &[File], images: &[ImageName]) -> Mapping {
    Mapping::new()
        .with("apiVersion", "kustomize.config.k8s.io/v1beta1")
        .with("kind", "Kustomization")
        .with("resources", list(files.iter().map(|file| &file.name)))
        .with_list_unless_empty("images", images.iter().map(image))
}

fn image(image: &ImageName) -> Mapping {
    let ImageName { name, reference } = image;
    Mapping::new()
        .with("name", name)
        .with("newName", &reference.name)
        .with_some("newTag", reference.tag.as_ref())
        .with_some("digest", reference.digest.as_ref())
}
