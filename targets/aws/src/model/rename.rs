//! What had another address before. Must not know what has it.

use super::Lines;

/// A component whose role changed, and whose data and history stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rename {
    /// What addresses of its resources begin with now.
    pub(crate) address: String,
    /// What they began with.
    pub(crate) former: String,
    /// Where the former role is written.
    pub(crate) lines: Lines,
}
