//! What can go wrong in a developer's command.

use exoc_snapshot_tests::Problem;
use std::path::Path;

/// A reason to fail, in words.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// A case could not be used.
    #[error(transparent)]
    Case(#[from] Problem),
    /// A judge refused something, or something is stale.
    #[error("{0}")]
    Refused(String),
}

impl Error {
    /// A failure of the disk at a path.
    pub(crate) fn disk(path: &Path, error: &std::io::Error) -> Self {
        Self::Refused(format!("{}: {error}", path.display()))
    }
}
