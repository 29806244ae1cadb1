//! A folder in the application's that only this machine needs: Git does not see it.
#![expect(
    clippy::disallowed_methods,
    reason = "whether a file stands beside the generated ones is looked up here and nowhere else"
)]

use super::find::Application;
use super::held::{Found, Held};
use super::words;
use crate::error::CommandError;
use exoc_diagnostics::VirtualPath;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Its name.
const FOLDER: &str = ".exoc";
/// What keeps Git away from it.
const IGNORE: &str = ".exoc/.gitignore";

/// The folder, which is made if it is not there.
///
/// # Errors
///
/// If something else stands in its place, or the system refuses.
pub fn apart(application: &Application) -> Result<PathBuf, CommandError> {
    let root = application.folder.root();
    made(root).map_err(|error| fault(&error))?;
    Ok(root.join(FOLDER))
}

/// A file in the folder with these contents; who reads it sees the old ones or the new ones. Gives back its place.
///
/// # Errors
///
/// As [`apart`].
pub fn write_apart(application: &Application, name: &str, contents: &[u8]) -> Result<PathBuf, CommandError> {
    let root = application.folder.root();
    let write = || {
        let mut held = made(root)?;
        let place = path(FOLDER).join(name).unwrap_or_default();
        if held.look(&place)? != Found::Nothing && held.read(&place, None)? == contents {
            return Ok(());
        }
        // Another exoc may write the same at the same time.
        let draft = format!("{name}.{}", std::process::id());
        let draft = path(FOLDER).join(&draft).unwrap_or_default();
        held.remove(&draft)?;
        held.create(&draft, contents, false)?;
        let folder = held.below(&path(FOLDER))?;
        held.take(&folder, draft.name(), &place)
    };
    write().map_err(|error| fault(&error))?;
    Ok(root.join(FOLDER).join(name))
}

fn made(root: &Path) -> io::Result<Held> {
    let mut held = Held::open(root)?;
    held.create_folder(&path(FOLDER))?;
    if held.look(&path(IGNORE))? == Found::Nothing {
        match held.create(&path(IGNORE), b"*\n", false) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(held)
}

fn fault(error: &io::Error) -> CommandError {
    let message = format!("`{FOLDER}` cannot be used: {}", words(error));
    CommandError::surroundings(
        message,
        "exoc keeps there what only this machine needs: move it away",
    )
}

fn path(text: &str) -> VirtualPath {
    VirtualPath::new(text).unwrap_or_default()
}

/// Whether a file stands there.
#[must_use]
pub fn is_file(place: &Path) -> bool {
    fs::metadata(place).is_ok_and(|metadata| metadata.is_file())
}
