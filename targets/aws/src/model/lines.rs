//! Where a block was asked for. Must not know places nor texts, only the words about them.

/// Which lines of the manifest something comes from, in the words of a comment; nothing if its places are in no
/// text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lines(Option<String>);

impl Lines {
    /// These words.
    pub(crate) const fn new(words: Option<String>) -> Self {
        Self(words)
    }

    /// The words, a whole line.
    pub(crate) fn words(&self) -> Option<&str> {
        self.0.as_deref()
    }
}
