//! The comments that say where a part comes from. Knows the texts that places point into, and nothing else of them.

use crate::model::Provenance;
use exoc_diagnostics::SourceMap;
use exoc_emit::origin::origin;
use exoc_emit::yaml::{Mapping, Yaml};

/// Makes comments of places.
#[derive(Clone, Copy)]
pub(super) struct Words<'a> {
    /// The texts.
    pub(super) sources: &'a SourceMap,
}

impl Words<'_> {
    /// A mapping whose first entry has the comment above it.
    pub(super) fn head(self, from: &Provenance) -> Mapping {
        self.above(Mapping::new(), from)
    }

    /// Adds an entry with the comment above it.
    pub(super) fn entry(
        self,
        mapping: Mapping,
        from: &Provenance,
        key: &'static str,
        value: impl Into<Yaml>,
    ) -> Mapping {
        self.above(mapping, from).with(key, value)
    }

    /// Adds a list with the comment above it, unless it has no items.
    pub(super) fn list_unless_empty(
        self,
        mapping: Mapping,
        from: &Provenance,
        key: &'static str,
        items: impl IntoIterator<Item = Mapping>,
    ) -> Mapping {
        let items: Vec<Yaml> = items.into_iter().map(Yaml::from).collect();
        if items.is_empty() {
            mapping
        } else {
            self.entry(mapping, from, key, Yaml::List(items))
        }
    }

    /// Puts the comment above the next entry, below other comments there.
    pub(super) fn above(self, mapping: Mapping, from: &Provenance) -> Mapping {
        match origin(self.sources, from.places()) {
            Some(words) => mapping.comment(words),
            None => mapping,
        }
    }
}
