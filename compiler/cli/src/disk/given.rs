//! A file that is written once and given away: it stands in the repository, whole or not at all, reached through no link.
//! Knows nothing of what it holds.

use super::held::{Found, Held};
use super::words;
use crate::error::CommandError;
use exoc_diagnostics::VirtualPath;
use std::io;
use std::path::Path;

/// What came of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// It was written.
    Written,
    /// It stood there already with these bytes.
    Same,
    /// Another one stands there, and stays.
    Kept,
}

/// Writes a file below a folder, with the folders above it. One that stands there is only replaced if `replace` says so.
///
/// # Errors
///
/// If something that is no file stands in the way, or the system refuses.
pub fn give(root: &Path, path: &VirtualPath, contents: &[u8], replace: bool) -> Result<Given, CommandError> {
    attempt(root, path, contents, replace).map_err(|error| {
        let message = format!("`{path}` cannot be written: {}", words(&error));
        CommandError::surroundings(message, "nothing else was changed by this")
    })
}

fn attempt(root: &Path, path: &VirtualPath, contents: &[u8], replace: bool) -> io::Result<Given> {
    let mut held = Held::open(root)?;
    let segments: Vec<&str> = path.segments().collect();
    let mut folder = VirtualPath::root();
    for segment in segments.iter().take(segments.len().saturating_sub(1)) {
        folder = folder.join(segment).unwrap_or_default();
        held.create_folder(&folder)?;
    }
    match held.look(path)? {
        Found::Nothing => {}
        Found::File { .. } if held.read(path, None)? == contents => return Ok(Given::Same),
        Found::File { .. } if replace => {}
        Found::File { .. } => return Ok(Given::Kept),
        Found::Folder => return Err(io::Error::from(io::ErrorKind::IsADirectory)),
        Found::Link | Found::Other => return Err(io::Error::other("it is no file")),
    }
    // Whoever reads meanwhile sees the old file or the new one.
    let draft = format!("{}.{}", path.name(), std::process::id());
    let draft = folder.join(&draft).unwrap_or_default();
    held.remove(&draft)?;
    held.create(&draft, contents, false)?;
    let aside = held.below(&folder)?;
    held.take(&aside, draft.name(), path)?;
    Ok(Given::Written)
}
