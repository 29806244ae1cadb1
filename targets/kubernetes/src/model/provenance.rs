//! Where a part of the output was written: places, and no words about them.

use exoc_diagnostics::Span;

/// The places in the manifest that a part comes from; none for what has no line of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Provenance(Vec<Span>);

impl Provenance {
    /// These places.
    pub(crate) fn of(places: impl IntoIterator<Item = Span>) -> Self {
        let mut places: Vec<Span> = places.into_iter().collect();
        places.sort_unstable();
        places.dedup();
        Self(places)
    }

    /// The places, in the order in which the files were read.
    pub(crate) fn places(&self) -> impl Iterator<Item = Span> {
        self.0.iter().copied()
    }

    /// The places that are not `left_out`.
    pub(crate) fn without(mut self, left_out: impl Fn(Span) -> bool) -> Self {
        self.0.retain(|span| !left_out(*span));
        self
    }

    /// The places of both.
    pub(crate) fn and(&self, other: &Self) -> Self {
        Self::of(self.places().chain(other.places()))
    }
}
