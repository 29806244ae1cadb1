//! The comments that say which lines of the manifest something comes from. Knows the texts that places point into,
//! and nothing else of them.

use crate::model::Provenance;
use exoc_diagnostics::SourceMap;
use exoc_emit::origin::origin;
use exoc_emit::yaml::{Mapping, Yaml};
use std::borrow::Cow;

/// `# From application.yml:12.`, if the places are in a text.
pub(super) fn line(sources: &SourceMap, from: &Provenance) -> Option<String> {
    origin(sources, from.places()).map(|words| format!("# {words}"))
}

/// A text with the comment as its first line.
pub(super) fn above(text: &str, sources: &SourceMap, from: &Provenance) -> String {
    match line(sources, from) {
        Some(line) => format!("{line}\n{text}"),
        None => text.to_owned(),
    }
}

/// Adds an entry with the comment above it.
pub(super) fn entry(
    mapping: Mapping,
    sources: &SourceMap,
    from: &Provenance,
    key: impl Into<Cow<'static, str>>,
    value: impl Into<Yaml>,
) -> Mapping {
    let mapping = match origin(sources, from.places()) {
        Some(words) => mapping.comment(words),
        None => mapping,
    };
    mapping.with(key, value)
}
