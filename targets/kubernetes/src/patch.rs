//! Patches: changes of the documents between planning and printing, each held to what Kubernetes takes.
//!
//! `at` is an object by its kind and name. A change that does not fit is reported at its path or value and undone, so that
//! the others are judged without it. Decides nothing of the plan; documents are handed in as printing makes them.

use crate::options::Version;
use exoc_diagnostics::{Diagnostic, Failed, Sink, SourceMap, codes, did_you_mean};
use exoc_emit::origin::origin;
use exoc_emit::patch::{Change, Misfit, Patched, Schema, Words, yaml};
use exoc_emit::yaml::{Mapping, Scalar, Yaml};
use exoc_ir::Patch;
use std::collections::BTreeSet;

/// What is told of patches for a cluster of a version.
const fn words(version: Version) -> Words {
    Words {
        owner: version.owner(),
        document: "object of Kubernetes",
        paths: "`spec.minReadySeconds`, `metadata.annotations.\"example.com/team\"` or `spec.template.spec.containers[name=api].env`",
        page: "the Kubernetes API reference says what stands where",
    }
}

/// What makes an object the one that it is, or finds its pods: other files say the same.
const KEPT: [&[&str]; 4] = [
    &["apiVersion"],
    &["kind"],
    &["metadata", "name"],
    &["metadata", "namespace"],
];

/// The labels of pods, by which they are found.
const LABELS: [&[&str]; 2] = [
    &["spec", "template", "metadata", "labels"],
    &["spec", "jobTemplate", "spec", "template", "metadata", "labels"],
];

/// The kinds whose pods are found by a selector that never changes.
const WORKLOADS: [&str; 2] = ["Deployment", "StatefulSet"];

/// The patches of an output.
pub(crate) struct Patches<'a> {
    sources: &'a SourceMap,
    /// None if there is nothing to apply.
    work: Option<Work<'a>>,
}

struct Work<'a> {
    patches: &'a [Patch],
    schema: Schema,
    words: Words,
}

impl<'a> Patches<'a> {
    /// What is to be applied, and held to what a version takes.
    ///
    /// # Errors
    ///
    /// If the schema of this program cannot be read, which is a fault of exoc and reported as one.
    pub(crate) fn new(
        patches: &'a [Patch],
        version: Version,
        sources: &'a SourceMap,
        sink: &mut Sink,
    ) -> Result<Self, Failed> {
        let Some(first) = patches.first() else {
            return Ok(Self { sources, work: None });
        };
        let schema = Schema::load(version.schema()).map_err(|why| {
            sink.error(
                Diagnostic::new(codes::INTERNAL, format!("the schema of Kubernetes: {why}"))
                    .at(first.at.span, "")
                    .help("this is a fault of exoc; please report it"),
            )
        })?;
        let work = Some(Work {
            patches,
            schema,
            words: words(version),
        });
        Ok(Self { sources, work })
    }

    /// Applies to the documents of one file what names them.
    pub(crate) fn apply(&self, documents: &mut [Mapping]) -> Patched {
        let mut patched = Patched::default();
        let Some(work) = &self.work else {
            return patched;
        };
        for document in documents {
            let Some((kind, address)) = address(document) else {
                continue;
            };
            let named: Vec<&Patch> = work
                .patches
                .iter()
                .filter(|patch| patch.at.value == address)
                .collect();
            patched.known.insert(address);
            if named.is_empty() {
                continue;
            }
            let mut object = Yaml::Map(std::mem::take(document));
            for Patch { at, set, replace } in named {
                for change in Change::all(&at.value, set, replace, &work.words) {
                    let before = object.clone();
                    let misfits = |changed: &Yaml| work.misfits(&kind, &before, changed);
                    let comment = origin(self.sources, [change.path.span]);
                    let text = |text: &str| Yaml::from(text);
                    yaml::apply(
                        &change,
                        &mut object,
                        comment.as_deref(),
                        text,
                        &misfits,
                        &mut patched.sink,
                    );
                }
            }
            if let Yaml::Map(object) = object {
                *document = object;
            }
        }
        patched
    }

    /// Reports what was wrong in each file, and what named nothing in any.
    pub(crate) fn finish(&self, files: Vec<Patched>, sink: &mut Sink) {
        let known = Patched::gathered(files, sink);
        for Patch {
            at,
            set: _,
            replace: _,
        } in self.work.iter().flat_map(|work| work.patches)
        {
            if known.contains(&at.value) {
                continue;
            }
            sink.error(
                Diagnostic::new(codes::BAD_PATCH, format!("no object is `{}`", at.value))
                    .at(at.span, "matches nothing")
                    .help_if(meant(&at.value, &known))
                    .help("name an object by its kind and name, as in `Deployment/api`"),
            );
        }
    }
}

impl Work<'_> {
    fn misfits(&self, kind: &str, before: &Yaml, after: &Yaml) -> BTreeSet<Misfit> {
        let selector: &[&str] = &["spec", "selector"];
        let selector = WORKLOADS.contains(&kind).then_some(selector);
        let kept = KEPT.into_iter().chain(selector).map(<[&str]>::to_vec);
        let labels = LABELS.into_iter().flat_map(|path| {
            let labels = value(before, path).and_then(Yaml::as_map);
            let labels = labels.into_iter().flat_map(Mapping::entries);
            labels.map(|(label, _)| path.iter().copied().chain([label]).collect())
        });
        let changed: BTreeSet<Misfit> = kept
            .chain(labels)
            .filter(|path: &Vec<&str>| value(before, path) != value(after, path))
            .map(|path| Misfit::Kept {
                at: path.into_iter().map(str::to_owned).collect(),
                why: "other objects rely on it".to_owned(),
            })
            .collect();
        if changed.is_empty() {
            self.schema.misfits(kind, "object", after)
        } else {
            changed
        }
    }
}

/// The value at the end of some keys.
fn value<'y>(from: &'y Yaml, path: &[&str]) -> Option<&'y Yaml> {
    path.iter().try_fold(from, |from, key| from.as_map()?.get(key))
}

/// What may have been meant by an address that names nothing.
fn meant(written: &str, known: &BTreeSet<String>) -> Option<String> {
    let of_name: Vec<&str> = known
        .iter()
        .filter(|known| known.rsplit('/').next() == Some(written))
        .map(String::as_str)
        .collect();
    if of_name.is_empty() {
        did_you_mean(written, known.iter().map(String::as_str))
    } else {
        Some(format!("write one of `{}`", of_name.join("`, `")))
    }
}

/// The kind of a document, and its address: `Kind/name`.
fn address(document: &Mapping) -> Option<(String, String)> {
    let text = |value: &Yaml| match value {
        Yaml::Scalar(Scalar::Text(text) | Scalar::Quoted(text)) => Some(text.clone()),
        Yaml::Scalar(Scalar::Null | Scalar::Bool(_) | Scalar::Int(_) | Scalar::Decimal(_))
        | Yaml::List(_)
        | Yaml::FlowList(_)
        | Yaml::Map(_) => None,
    };
    let kind = text(document.get("kind")?)?;
    let name = text(document.get("metadata")?.as_map()?.get("name")?)?;
    let address = format!("{kind}/{name}");
    Some((kind, address))
}
