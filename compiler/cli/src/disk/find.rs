//! Finds the application that a folder belongs to.
#![expect(
    clippy::disallowed_methods,
    reason = "the application's folder is looked for here and nowhere else"
)]

use super::{Folder, words};
use crate::error::CommandError;
use std::fs;
use std::path::{Path, PathBuf};

/// The application's file.
const FILE: &str = "application.yml";

/// An application on the disk.
#[derive(Clone, Debug)]
pub struct Application {
    /// Its folder.
    pub folder: Folder,
    /// The folder that paths of the command line are relative to.
    pub start: PathBuf,
    /// The folder where exoc was started: the same, but for `-C`.
    pub here: PathBuf,
    /// What to put before a path of the application so that it is right from the folder where exoc was started.
    pub prefix: String,
}

/// The repository that an application lies in.
#[derive(Clone, Debug)]
pub struct Repository {
    /// Its folder: the nearest with `.git`, or the application's where there is none.
    pub root: PathBuf,
    /// From there to the application's folder, empty or with a slash at its end.
    pub application: String,
    /// What to put before a path of the repository so that it is right from the folder where exoc was started.
    pub prefix: String,
}

impl Application {
    /// The repository that it lies in.
    #[must_use]
    pub fn repository(&self) -> Repository {
        let own = self.folder.root();
        let has_git = |folder: &&Path| fs::symlink_metadata(folder.join(".git")).is_ok();
        let root = own.ancestors().find(has_git).unwrap_or(own);
        Repository {
            root: root.to_path_buf(),
            application: prefix(root, own),
            prefix: prefix(&self.here, root),
        }
    }
}

/// The application that `directory` belongs to: the nearest folder with an `application.yml`, itself or above.
///
/// The search ends with the folder that holds `.git`: what lies above a repository is somebody else's.
///
/// # Errors
///
/// If there is no such folder, or `directory` is none.
pub fn find(directory: &Path) -> Result<Application, CommandError> {
    let shown = directory.display();
    let failed = |error: std::io::Error| {
        let message = format!("the folder `{shown}` cannot be entered: {}", words(&error));
        CommandError::surroundings(message, "name a folder of the application with `-C`")
    };
    let here = std::env::current_dir()
        .and_then(fs::canonicalize)
        .map_err(failed)?;
    let start = fs::canonicalize(here.join(directory)).map_err(failed)?;
    if !fs::metadata(&start).map_err(failed)?.is_dir() {
        let message = format!("`{shown}` is no folder");
        return Err(CommandError::surroundings(
            message,
            "name a folder of the application with `-C`",
        ));
    }
    for folder in start.ancestors() {
        // A broken link counts as found: reading it tells what is wrong with it.
        if fs::symlink_metadata(folder.join(FILE)).is_ok() {
            let folder = Folder::new(folder).map_err(failed)?;
            let prefix = prefix(&here, folder.root());
            return Ok(Application {
                folder,
                start,
                here,
                prefix,
            });
        }
        if fs::symlink_metadata(folder.join(".git")).is_ok() {
            break;
        }
    }
    Err(absent(&start, directory))
}

/// A folder that has no application yet.
#[derive(Clone, Debug)]
pub struct Here {
    /// The folder.
    pub folder: Folder,
    /// What it is called.
    pub name: String,
    /// What to put before a path in it so that it is right from the folder where exoc was started.
    pub prefix: String,
}

/// The folder with this path.
///
/// # Errors
///
/// If there is none, or it cannot be entered.
pub fn enter(directory: &Path) -> Result<Here, CommandError> {
    let failed = |error: std::io::Error| {
        let message = format!(
            "the folder `{}` cannot be entered: {}",
            directory.display(),
            words(&error)
        );
        CommandError::surroundings(message, "name another one with `-C`")
    };
    let here = std::env::current_dir()
        .and_then(fs::canonicalize)
        .map_err(failed)?;
    let folder = Folder::new(&here.join(directory)).map_err(failed)?;
    let name = folder
        .root()
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    Ok(Here {
        name: name.unwrap_or_default(),
        prefix: prefix(&here, folder.root()),
        folder,
    })
}

/// Whether a folder is there.
#[must_use]
pub fn is_folder(directory: &Path) -> bool {
    fs::metadata(directory).is_ok_and(|metadata| metadata.is_dir())
}

fn absent(start: &Path, directory: &Path) -> CommandError {
    let shown = if directory == Path::new(".") {
        start
    } else {
        directory
    };
    let message = format!(
        "there is no `{FILE}` in `{}` or a folder above it",
        shown.display()
    );
    let mut help = vec!["run exoc in the application's folder, or name it with `-C`".to_owned()];
    if fs::symlink_metadata(start.join("application.yaml")).is_ok() {
        help.insert(0, format!("`application.yaml` is there; rename it to `{FILE}`"));
    }
    CommandError::Surroundings { message, help }
}

/// What to put before paths below `root` to make them right in `here`.
pub(super) fn prefix(here: &Path, root: &Path) -> String {
    if let Ok(below) = root.strip_prefix(here) {
        let text = below.to_string_lossy().into_owned();
        return if text.is_empty() { text } else { text + "/" };
    }
    match here.strip_prefix(root) {
        Ok(above) => "../".repeat(above.components().count()),
        Err(_) => format!("{}/", root.display()),
    }
}

#[cfg(test)]
mod tests {
    use super::{find, prefix};
    use std::fs;
    use std::path::Path;

    #[test]
    fn prefixes_lead_from_here_to_the_application() {
        let at = |here, root| prefix(Path::new(here), Path::new(root));
        assert_eq!(at("/a", "/a"), "");
        assert_eq!(at("/a", "/a/b/c"), "b/c/");
        assert_eq!(at("/a/b/c", "/a"), "../../");
        assert_eq!(at("/a/b", "/c"), "/c/");
    }

    #[test]
    fn searches_upwards_but_not_beyond_a_repository() {
        let outer = tempfile::tempdir().unwrap();
        let deep = outer.path().join("repository/services/web");
        fs::create_dir_all(&deep).unwrap();
        fs::write(outer.path().join("application.yml"), "name: a\n").unwrap();
        let found = find(&deep).unwrap();
        assert_eq!(found.folder.root(), fs::canonicalize(outer.path()).unwrap());
        fs::create_dir(outer.path().join("repository/.git")).unwrap();
        assert!(
            find(&deep)
                .unwrap_err()
                .to_string()
                .starts_with("there is no `application.yml` in `")
        );
    }
}
