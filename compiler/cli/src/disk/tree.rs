//! Where generated files go: finds the folder, makes it, and opens it for one writer or many readers. Knows no target
//! and no file.
#![expect(
    clippy::disallowed_methods,
    reason = "the folder of generated files is looked for here and nowhere else"
)]

use super::entered::Entered;
use super::find::{Application, prefix};
use super::held::Held;
use super::words;
use crate::error::CommandError;
use exoc_diagnostics::VirtualPath;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Component, Path, PathBuf};

/// Where generated files go unless told otherwise, in the application's folder.
const INFRA: &str = "infra";

/// A folder for generated files. Below its base, no link is followed.
#[derive(Clone, Debug)]
pub struct Tree {
    /// The real place of the application's folder, or of the folder that `--out` names.
    base: PathBuf,
    /// From the base to the tree.
    below: &'static str,
    /// The application's real folder.
    application: PathBuf,
    /// What to put before a path below the tree so that it is right where exoc was started.
    prefix: String,
}

/// Why a tree is entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To look at it, beside others who do.
    Read,
    /// To write to it, alone.
    Write,
}

impl Tree {
    /// The tree of an application: `out`, or `infra` in the application's folder. Touches nothing.
    ///
    /// # Errors
    ///
    /// If the place is known already to be no folder, or cannot be looked at.
    pub fn new(application: &Application, out: Option<&Path>) -> Result<Self, CommandError> {
        let root = application.folder.root().to_path_buf();
        let Some(out) = out else {
            return Ok(Self {
                base: root.clone(),
                below: INFRA,
                application: root,
                prefix: format!("{}{INFRA}/", application.prefix),
            });
        };
        let base = real(&application.start.join(out)).map_err(|error| {
            let message = format!(
                "the output folder `{}` cannot be used: {}",
                out.display(),
                words(&error)
            );
            CommandError::surroundings(message, "name another folder with `--out`")
        })?;
        let prefix = prefix(&application.here, &base);
        Ok(Self {
            base,
            below: "",
            application: root,
            prefix,
        })
    }

    /// The application's folder as seen from the folder of one target's files.
    #[must_use]
    pub fn application(&self, environment: &str, target: &str) -> String {
        relative(&self.folder(environment, target), &self.application)
    }

    /// Where one target's files lie.
    #[must_use]
    pub fn folder(&self, environment: &str, target: &str) -> PathBuf {
        self.root().join(environment).join(target)
    }

    /// Opens the tree and waits until nobody is in the way; `waiting` is called if that takes time. `None` if there is
    /// nothing to read.
    ///
    /// # Errors
    ///
    /// If something that is no folder, or a link, stands in its place, or the system refuses.
    pub fn enter(&self, purpose: Purpose, waiting: &dyn Fn()) -> Result<Option<Entered<'_>>, CommandError> {
        loop {
            let created = match purpose {
                Purpose::Read => Vec::new(),
                Purpose::Write => self.create()?,
            };
            let held = match self.open() {
                Ok(held) => held,
                Err(error) if error.kind() == io::ErrorKind::NotFound => match purpose {
                    Purpose::Read => return Ok(None),
                    // Somebody else took it back in the meantime.
                    Purpose::Write => continue,
                },
                Err(error) => return Err(self.no_folder(&error)),
            };
            let alone = purpose == Purpose::Write;
            let lock = |wait| held.lock(alone, wait).map_err(|error| self.no_folder(&error));
            if !lock(false)? {
                waiting();
                lock(true)?;
            }
            // Whoever had the lock may have taken the folder away.
            if held.is(&self.root()) {
                return Ok(Some(Entered::new(self, held, created)));
            }
        }
    }

    fn root(&self) -> PathBuf {
        // Without a slash at the end, which would follow a link.
        if self.below.is_empty() {
            self.base.clone()
        } else {
            self.base.join(self.below)
        }
    }

    fn open(&self) -> io::Result<Held> {
        if self.below.is_empty() {
            Held::open(&self.base)
        } else {
            Held::open_itself(&self.root())
        }
    }

    /// Makes the tree's folder and whatever is missing above it; gives back what was made, outer ones first.
    fn create(&self) -> Result<Vec<PathBuf>, CommandError> {
        let root = self.root();
        let mut missing: Vec<&Path> = root
            .ancestors()
            .take_while(|folder| matches!(kind(folder), Ok(None)))
            .collect();
        missing.reverse();
        let mut created = Vec::new();
        for folder in missing {
            match fs::create_dir(folder) {
                Ok(()) => created.push(folder.to_path_buf()),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => {
                    take_back(&created);
                    return Err(refused(&self.shown_folder(), &error));
                }
            }
        }
        Ok(created)
    }

    fn no_folder(&self, error: &io::Error) -> CommandError {
        let shown = self.shown_folder();
        match kind(&self.root()) {
            Ok(Some(metadata)) if metadata.is_symlink() => in_the_way(
                &shown,
                "it is a symbolic link, and generated files are written through none",
            ),
            Ok(Some(metadata)) if !metadata.is_dir() => {
                in_the_way(&shown, "it is a file, and a folder is needed")
            }
            Ok(_) | Err(_) => refused(&shown, error),
        }
    }

    /// A path of the tree as seen from where exoc was started.
    #[must_use]
    pub fn shown(&self, path: &VirtualPath) -> String {
        format!("{}{path}", self.prefix)
    }

    fn shown_folder(&self) -> String {
        self.prefix.trim_end_matches('/').to_owned()
    }
}

/// Removes folders that were made, the inner ones first, as far as nothing is in them.
pub(super) fn take_back(created: &[PathBuf]) {
    // An empty folder that stays harms nobody.
    created
        .iter()
        .rev()
        .for_each(|folder| drop(fs::remove_dir(folder)));
}

fn refused(shown: &str, error: &io::Error) -> CommandError {
    let message = format!(
        "`{shown}` cannot be written: {}; nothing was changed",
        words(error)
    );
    CommandError::surroundings(
        message,
        "make the folder writable, or name another one with `--out`",
    )
}

pub(super) fn in_the_way(shown: &str, why: &str) -> CommandError {
    let message = format!("`{shown}` is in the way: {why}; nothing was changed");
    CommandError::surroundings(message, "move it away, or name another folder with `--out`")
}

/// What stands at a place itself, not at the end of a link.
fn kind(place: &Path) -> io::Result<Option<Metadata>> {
    match fs::symlink_metadata(place) {
        Ok(metadata) => Ok(Some(metadata)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The real place of a folder of which only the first part need exist.
fn real(place: &Path) -> io::Result<PathBuf> {
    let mut real = PathBuf::new();
    for component in place.components() {
        match component {
            Component::ParentDir => drop(real.pop()),
            Component::Prefix(_) | Component::RootDir | Component::CurDir | Component::Normal(_) => {
                real.push(component);
            }
        }
        match fs::canonicalize(&real) {
            Ok(place) => real = place,
            // A broken link is no folder that could be created.
            Err(error) if error.kind() != io::ErrorKind::NotFound || kind(&real)?.is_some() => {
                return Err(error);
            }
            Err(_) => {}
        }
    }
    match kind(&real)? {
        Some(metadata) if !metadata.is_dir() => Err(io::ErrorKind::NotADirectory.into()),
        Some(_) | None => Ok(real),
    }
}

/// The path from the folder `from` to `to`, both absolute and without links, with `/` between its segments.
#[must_use]
pub fn relative(from: &Path, to: &Path) -> String {
    let common = from
        .components()
        .zip(to.components())
        .take_while(|(one, other)| one == other)
        .count();
    let up = from.components().skip(common).map(|_| "..".to_owned());
    let down = to
        .components()
        .skip(common)
        .map(|part| part.as_os_str().to_string_lossy().into_owned());
    let segments: Vec<String> = up.chain(down).collect();
    if segments.is_empty() {
        ".".to_owned()
    } else {
        segments.join("/")
    }
}

#[cfg(test)]
mod tests {
    use super::relative;
    use std::path::Path;

    #[test]
    fn paths_between_folders_have_no_common_part() {
        let between = |from, to| relative(Path::new(from), Path::new(to));
        assert_eq!(between("/a/infra/local/compose", "/a"), "../../..");
        assert_eq!(between("/out/local/compose", "/a/b"), "../../../a/b");
        assert_eq!(between("/a/bc", "/a/b"), "../b");
        assert_eq!(between("/a", "/a"), ".");
    }
}
