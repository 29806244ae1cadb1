//! Fixtures and goldens: finds cases, builds them, compares trees of files, and refuses what nothing refers to.
//!
//! A case is a folder with an application.yml: `fixtures/<case>`, or `targets/<id>/fixtures/<case>` for what only
//! one target shows. Its goldens are plain files, never wrapped, so that the target's own tools can judge them:
//! `snapshot-tests/golden/<case>/<environment>/<target>/…`, or `targets/<id>/golden/…` beside the latter.
//! Knows the file system, for it is used by tests and by the developer's commands only.
#![expect(
    clippy::disallowed_methods,
    reason = "tests read fixtures and goldens from the disk"
)]

pub mod case;
pub mod diffs;
pub mod facts;
pub mod formats;
pub mod forms;
pub mod golden;
pub mod graphs;
pub mod page;

pub use case::{Built, Case, Problem, concise};
pub use exoc_lower::Selection;
