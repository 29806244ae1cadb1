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

use crate::model::{File, ImageName, Model, Object, Provenance, Readme};
use crate::names;
use crate::patch::Patches;
use exoc_diagnostics::{Sink, SourceMap, Workers};
use exoc_emit::patch::Patched;
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
    model: Model,
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
    let kustomization = kustomization(words, &files, &images, &from);
    // The longest first; whoever has printed a file gives back what it was printed from.
    let pieces = [
        Piece::Readme(Box::new(readme)),
        Piece::Kustomization(kustomization),
    ];
    let pieces = pieces.into_iter().chain(files.into_iter().map(Piece::Objects));
    let printed = workers.map_whole(pieces.collect(), |piece| match piece {
        Piece::Readme(readme) => Printed::page("README.md", Comments::Markup, readme::page(&readme)),
        Piece::Kustomization(document) => {
            Printed::page(names::KUSTOMIZATION_FILE, Comments::Hash, print(&document))
        }
        Piece::Objects(file) => objects(words, file, patches),
    });
    let mut patched = Vec::new();
    for Printed {
        name,
        comments,
        text,
        holds,
        patched: of_file,
    } in printed
    {
        patched.extend(of_file);
        artifacts.text(&name, comments, text)?;
        for owner in holds {
            artifacts.holds(&name, &owner);
        }
    }
    patches.finish(patched, sink);
    Ok(artifacts)
}

/// What becomes a file.
enum Piece {
    Readme(Box<Readme>),
    Kustomization(Mapping),
    Objects(File),
}

/// A file.
struct Printed {
    name: String,
    comments: Comments,
    text: String,
    /// The identities of what it describes that holds data.
    holds: Vec<String>,
    /// What patches did to it, if they may.
    patched: Option<Patched>,
}

impl Printed {
    /// A file that no patch reaches.
    fn page(name: &str, comments: Comments, text: String) -> Self {
        Self {
            name: name.to_owned(),
            comments,
            text,
            holds: Vec::new(),
            patched: None,
        }
    }
}

fn objects(words: Words<'_>, file: File, patches: &Patches<'_>) -> Printed {
    let File { name, objects } = file;
    let mut documents: Vec<Mapping> = objects
        .iter()
        .map(|object| object::document(words, object))
        .collect();
    let patched = patches.apply(&mut documents);
    for (object, document) in objects.iter().zip(&mut documents) {
        job::name(object, document);
    }
    Printed {
        name,
        comments: Comments::Hash,
        text: print_documents(&documents),
        holds: objects
            .iter()
            .filter_map(Object::data)
            .map(str::to_owned)
            .collect(),
        patched: Some(patched),
    }
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
