//! From the model to files. Takes no decision: every difference between two outputs is in the model.

mod build;
mod cluster;
mod deliver;
mod ingress;
mod job;
mod network;
mod object;
mod readme;
mod route;
mod secret;
mod words;
mod workload;

use crate::model::{File, ImageName, Model, Provenance};
use crate::names;
use crate::patch::Patches;
use exoc_diagnostics::{Sink, SourceMap, Workers};
use exoc_emit::yaml::{Mapping, list, print, print_documents};
use exoc_ir::{Artifacts, Comments};
use words::Words;

/// The files, changed as patches say and printed by `workers`; `sources` are the texts that places point into. What a
/// patch does not fit is reported to `sink`.
///
/// # Errors
///
/// Gives the name of a file that occurs twice or is no path.
pub(crate) fn artifacts(
    model: &Model,
    patches: &Patches<'_>,
    sources: &SourceMap,
    workers: &dyn Workers,
    sink: &mut Sink,
) -> Result<Artifacts, String> {
    let Model {
        files,
        images,
        from,
        readme,
    } = model;
    let words = Words { sources };
    let mut artifacts = Artifacts::default();
    let texts = workers.map(files, |File { name: _, objects }| {
        let mut documents: Vec<Mapping> = objects
            .iter()
            .map(|object| object::document(words, object))
            .collect();
        let patched = patches.apply(&mut documents);
        for (object, document) in objects.iter().zip(&mut documents) {
            job::name(object, document);
        }
        (print_documents(&documents), patched)
    });
    let mut patched = Vec::new();
    for (File { name, objects }, (text, of_file)) in files.iter().zip(texts) {
        patched.push(of_file);
        artifacts.text(name, Comments::Hash, text)?;
        for object in objects {
            if let Some(owner) = object.data() {
                artifacts.holds(name, owner);
            }
        }
    }
    patches.finish(patched, sink);
    let kustomization = print(&kustomization(words, files, images, from));
    artifacts.text(names::KUSTOMIZATION_FILE, Comments::Hash, kustomization)?;
    artifacts.text("README.md", Comments::Markup, readme::page(readme))?;
    Ok(artifacts)
}

fn kustomization(words: Words<'_>, files: &[File], images: &[ImageName], from: &Provenance) -> Mapping {
    words
        .head(from)
        .with("apiVersion", "kustomize.config.k8s.io/v1beta1")
        .with("kind", "Kustomization")
        .with("resources", list(files.iter().map(|file| &file.name)))
        .with_list_unless_empty("images", images.iter().map(|it| image(words, it)))
}

/// The tag of an image whose tag is given elsewhere: no image has it, so that nothing is pulled by mistake.
const NO_TAG: &str = "unset";

fn image(words: Words<'_>, image: &ImageName) -> Mapping {
    let ImageName {
        name,
        reference,
        from,
    } = image;
    let is_open = reference.tag.is_none() && reference.digest.is_none();
    let head = if is_open {
        Mapping::new()
            .comment("Its tag is given outside this folder: see README.md. Without one, a cluster would pull `latest`.")
    } else {
        Mapping::new()
    };
    let tag = if is_open {
        Some(NO_TAG)
    } else {
        reference.tag.as_deref()
    };
    words
        .above(head, from)
        .with("name", name)
        .with("newName", &reference.name)
        .with_some("newTag", tag)
        .with_some("digest", reference.digest.as_ref())
}
