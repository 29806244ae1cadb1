//! Codes of diagnostics. One file per family, one page in `docs/diagnostics/` per code.
//!
//! A code is never reused. Its page is what `exoc explain` prints and is a test at once.

use crate::Severity;

mod exceptions;
mod internal;
mod names;
mod reading;
mod rules;
mod schema;
mod targets;
mod tree;

/// Who must act on an error: it decides the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blame {
    /// Whoever wrote the manifest: exit code 1.
    Manifest,
    /// Whoever runs exoc, for a file or folder could not be read or written: exit code 3.
    Surroundings,
}

/// A stable name for one kind of fault.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// `EX` and four digits.
    pub id: &'static str,
    /// A few words that state the fault.
    pub name: &'static str,
    /// How grave it is.
    pub severity: Severity,
    /// Who must act on it.
    pub blame: Blame,
    /// The page, in Markdown.
    pub page: &'static str,
}

/// Declares the codes of one family: constants, and a list of all.
macro_rules! family {
    ($($(#[$doc:meta])* $constant:ident = $id:literal $name:literal $severity:ident $blame:ident;)*) => {
        $(
            $(#[$doc])*
            pub const $constant: &$crate::Code = &$crate::Code {
                id: $id,
                name: $name,
                severity: $crate::Severity::$severity,
                blame: $crate::Blame::$blame,
                page: include_str!(concat!("../../../../docs/diagnostics/", $id, "-", $name, ".md")),
            };
        )*
        pub(super) const ALL: &[&$crate::Code] = &[$($constant),*];
    };
}
use family;

/// All codes by name.
pub mod codes {
    pub use super::exceptions::*;
    pub use super::internal::*;
    pub use super::names::*;
    pub use super::reading::*;
    pub use super::rules::*;
    pub use super::schema::*;
    pub use super::targets::*;
    pub use super::tree::*;
}

/// All families of codes, each sorted by number.
pub const CODES: &[&[&Code]] = &[
    reading::ALL,
    schema::ALL,
    names::ALL,
    rules::ALL,
    targets::ALL,
    tree::ALL,
    exceptions::ALL,
    internal::ALL,
];

/// The code with this number or name, in any case.
#[must_use]
pub fn find_code(text: &str) -> Option<&'static Code> {
    CODES
        .iter()
        .copied()
        .flatten()
        .copied()
        .find(|code| code.id.eq_ignore_ascii_case(text) || code.name.eq_ignore_ascii_case(text))
}
