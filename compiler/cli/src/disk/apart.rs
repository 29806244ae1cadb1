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
    made(root).map_err(|error| {
        let message = format!("`{FOLDER}` cannot be used: {}", words(&error));
        CommandError::surroundings(
            message,
            "exoc keeps there what only this machine needs: move it away",
        )
    })?;
    Ok(root.join(FOLDER))
}

fn made(root: &Path) -> io::Result<()> {
    let path = |text: &str| VirtualPath::new(text).unwrap_or_default();
    let mut held = Held::open(root)?;
    held.create_folder(&path(FOLDER))?;
    if held.look(&path(IGNORE))? == Found::Nothing {
        held.create(&path(IGNORE), b"*\n", false)?;
    }
    Ok(())
}

/// Whether a file stands there.
#[must_use]
pub fn is_file(place: &Path) -> bool {
    fs::metadata(place).is_ok_and(|metadata| metadata.is_file())
}
