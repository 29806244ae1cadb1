//! The disk: the only modules that touch the file system. They know no manifest and no target.

mod find;
mod folder;
mod tree;

pub use find::{Application, find};
pub use folder::Folder;
pub use tree::{Tree, Written, relative};

use std::io;

/// An error of the system in our own words, without its number.
#[must_use]
pub fn words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "it does not exist".to_owned(),
        io::ErrorKind::PermissionDenied => "permission is denied".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
        io::ErrorKind::StorageFull => "no space is left".to_owned(),
        io::ErrorKind::NotADirectory => "a part of its path is no folder".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ if is_cycle(error) => "its symbolic links form a cycle".to_owned(),
        _ => {
            let text = error.to_string();
            let text = text.split(" (os error").next().unwrap_or_default().to_owned();
            format!("the system says `{}`", text.to_lowercase())
        }
    }
}

/// Whether symbolic links form a cycle: `ELOOP`, 40 on Linux, 62 on macOS and the BSDs.
fn is_cycle(error: &io::Error) -> bool {
    let number = if cfg!(any(target_os = "linux", target_os = "android")) { 40 } else { 62 };
    error.raw_os_error() == Some(number)
}
