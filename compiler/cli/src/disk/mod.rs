//! The disk: the only modules that touch the file system. They know no manifest and no target.

mod apart;
mod entered;
mod find;
mod folder;
mod given;
mod held;
mod journal;
mod private;
mod stage;
mod survey;
mod tree;
mod watch;
mod write;

pub use apart::{apart, is_file, write_apart};
pub use entered::Entered;
pub use find::{Application, Here, Repository, enter, find, is_folder};
pub use folder::Folder;
pub use given::{Given, give};
pub use survey::{Finding, Interrupted, Lost, Scope, State, Survey};
pub use tree::{Purpose, Tree, relative};
pub use watch::{Asked, Noted, Watch};
pub use write::Written;

use std::io;

/// The kinds of errors that people meet, in our own words.
const WORDS: &[(io::ErrorKind, &str)] = &[
    (io::ErrorKind::NotFound, "it does not exist"),
    (io::ErrorKind::PermissionDenied, "permission is denied"),
    (io::ErrorKind::ReadOnlyFilesystem, "the file system is read-only"),
    (io::ErrorKind::StorageFull, "no space is left"),
    (
        io::ErrorKind::NotADirectory,
        "it, or a part of its path, is no folder",
    ),
    (io::ErrorKind::IsADirectory, "it is a folder"),
];

/// An error of the system in our own words, without its number.
#[must_use]
pub fn words(error: &io::Error) -> String {
    if is_cycle(error) {
        return "its symbolic links form a cycle".to_owned();
    }
    if let Some((_, words)) = WORDS.iter().find(|(kind, _)| *kind == error.kind()) {
        return (*words).to_owned();
    }
    let text = error.to_string();
    format!(
        "the system says `{}`",
        text.split(" (os error").next().unwrap_or_default().to_lowercase()
    )
}

/// Whether symbolic links form a cycle: `ELOOP`, 40 on Linux, 62 on macOS and the BSDs.
fn is_cycle(error: &io::Error) -> bool {
    let number = if cfg!(any(target_os = "linux", target_os = "android")) {
        40
    } else {
        62
    };
    error.raw_os_error() == Some(number)
}
