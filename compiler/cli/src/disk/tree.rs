//! The folder that generated files are written to. Knows no target; a file is a path and bytes.
#![expect(
    clippy::disallowed_methods,
    reason = "files are written here and nowhere else"
)]

use super::find::{Application, prefix};
use super::words;
use crate::error::CommandError;
use crate::generated::Generated;
use exoc_diagnostics::VirtualPath;
use std::collections::BTreeSet;
use std::fs::{self, Metadata, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Component, Path, PathBuf};
use tempfile::TempPath;

/// Where generated files go unless told otherwise, in the application's folder.
const INFRA: &str = "infra";

/// A folder for generated files. Below its base, no link is followed.
#[derive(Clone, Debug)]
pub struct Tree {
    /// The real place of the application's folder, or of the folder that `--out` names.
    base: PathBuf,
    /// From the base to the tree.
    below: VirtualPath,
    /// The application's real folder.
    application: PathBuf,
    /// What to put before a path below the base so that it is right where exoc was started.
    prefix: String,
}

/// What [`Tree::write`] did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The files that were written, as seen from where exoc was started.
    pub paths: Vec<String>,
    /// How many files were as they should be.
    pub unchanged: usize,
}

/// A file that is ready beside its place.
struct Staged {
    temporary: TempPath,
    place: PathBuf,
    shown: String,
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
            let below = VirtualPath::new(INFRA).unwrap_or_default();
            return Ok(Self {
                base: root.clone(),
                below,
                application: root,
                prefix: application.prefix.clone(),
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
            below: VirtualPath::root(),
            application: root,
            prefix,
        })
    }

    /// The application's folder as seen from the folder of one target's files.
    #[must_use]
    pub fn application(&self, environment: &str, target: &str) -> String {
        let mut from = self.base.clone();
        from.extend(self.below.segments());
        relative(&from.join(environment).join(target), &self.application)
    }

    /// Writes files, each under its environment and target, and touches none that is as it should be.
    ///
    /// All new contents are written beside their places first and renamed at the end, so that a full or read-only
    /// disk is met while everything is still as it was.
    ///
    /// # Errors
    ///
    /// If something that is no file, or a link, stands in the way, or the system refuses to write.
    pub fn write(&self, files: &[Generated]) -> Result<Written, CommandError> {
        let files: Vec<(VirtualPath, &Generated)> = files
            .iter()
            .map(|file| (self.below.join(file.path.as_str()).unwrap_or_default(), file))
            .collect();
        let missing = self.missing_folders(&files)?;
        let mut changed = Vec::new();
        for (path, artifact) in &files {
            if self.differs(path, artifact)? {
                changed.push((path, *artifact));
            }
        }
        let mut written = Written {
            paths: Vec::new(),
            unchanged: files.len() - changed.len(),
        };
        let mut created = Vec::new();
        let staged = match self.stage(&changed, &missing, &mut created) {
            Ok(staged) => staged,
            Err(error) => {
                // Only empty folders go; a failure leaves an empty folder behind, which harms nobody.
                created
                    .iter()
                    .rev()
                    .for_each(|folder| drop(fs::remove_dir(folder)));
                return Err(error);
            }
        };
        for Staged {
            temporary,
            place,
            shown,
        } in staged
        {
            temporary
                .persist(&place)
                .map_err(|error| refused(&shown, &error.error))?;
            written.paths.push(shown);
        }
        Ok(written)
    }

    /// The folders to create, outer ones first.
    fn missing_folders(&self, files: &[(VirtualPath, &Generated)]) -> Result<Vec<PathBuf>, CommandError> {
        let outside = self
            .base
            .ancestors()
            .take_while(|folder| matches!(kind(folder), Ok(None)));
        let mut missing: Vec<PathBuf> = outside.map(Path::to_path_buf).collect();
        missing.reverse();
        let mut folders = BTreeSet::new();
        for (path, _) in files {
            let mut folder = path.parent();
            while !folder.as_str().is_empty() && folders.insert(folder.clone()) {
                folder = folder.parent();
            }
        }
        for folder in folders {
            let place = self.base.join(folder.as_str());
            match kind(&place).map_err(|error| refused(&self.shown(&folder), &error))? {
                None => missing.push(place),
                Some(metadata) if metadata.is_dir() => {}
                Some(metadata) => return Err(self.in_the_way(&folder, &metadata)),
            }
        }
        Ok(missing)
    }

    /// Whether a file must be written.
    fn differs(&self, path: &VirtualPath, artifact: &Generated) -> Result<bool, CommandError> {
        let place = self.base.join(path.as_str());
        match kind(&place).map_err(|error| refused(&self.shown(path), &error))? {
            None => Ok(true),
            Some(metadata) if metadata.is_file() => {
                let executable = metadata.permissions().mode() & 0o111 != 0;
                // What cannot be read is replaced.
                let same = fs::read(&place).is_ok_and(|bytes| bytes == artifact.contents);
                Ok(!same || executable != artifact.executable)
            }
            Some(metadata) => Err(self.in_the_way(path, &metadata)),
        }
    }

    fn stage(
        &self,
        changed: &[(&VirtualPath, &Generated)],
        missing: &[PathBuf],
        created: &mut Vec<PathBuf>,
    ) -> Result<Vec<Staged>, CommandError> {
        if changed.is_empty() {
            return Ok(Vec::new());
        }
        for folder in missing {
            fs::create_dir(folder).map_err(|error| refused(&self.shown_place(folder), &error))?;
            created.push(folder.clone());
        }
        let stage = |(path, artifact): &(&VirtualPath, &Generated)| {
            let place = self.base.join(path.as_str());
            let shown = self.shown(path);
            match beside(&place, artifact) {
                Ok(temporary) => Ok(Staged {
                    temporary,
                    place,
                    shown,
                }),
                Err(error) => Err(refused(&shown, &error)),
            }
        };
        changed.iter().map(stage).collect()
    }

    fn shown(&self, path: &VirtualPath) -> String {
        format!("{}{path}", self.prefix)
    }

    fn shown_place(&self, place: &Path) -> String {
        match place.strip_prefix(&self.base) {
            Ok(path) => format!("{}{}", self.prefix, path.display())
                .trim_end_matches('/')
                .to_owned(),
            Err(_) => place.display().to_string(),
        }
    }

    fn in_the_way(&self, path: &VirtualPath, metadata: &Metadata) -> CommandError {
        let shown = self.shown(path);
        let what = if metadata.is_symlink() {
            "it is a symbolic link, and generated files are written through none"
        } else if metadata.is_dir() {
            "it is a folder"
        } else if metadata.is_file() {
            "it is a file, and a folder is needed"
        } else {
            "it is neither a file nor a folder"
        };
        let message = format!("`{shown}` is in the way: {what}; nothing was written");
        CommandError::surroundings(message, "move it away, or name another folder with `--out`")
    }
}

fn refused(shown: &str, error: &io::Error) -> CommandError {
    let message = format!("`{shown}` cannot be written: {}", words(error));
    CommandError::surroundings(
        message,
        "make the folder writable, or name another one with `--out`",
    )
}

/// What stands at a place itself, not at the end of a link.
fn kind(place: &Path) -> io::Result<Option<Metadata>> {
    match fs::symlink_metadata(place) {
        Ok(metadata) => Ok(Some(metadata)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Writes the contents of a file to a temporary one in the same folder.
fn beside(place: &Path, artifact: &Generated) -> io::Result<TempPath> {
    // The system takes the umask from these, as for any new file.
    let mode = if artifact.executable { 0o777 } else { 0o666 };
    let mut file = tempfile::Builder::new()
        .prefix(".exoc-")
        .permissions(Permissions::from_mode(mode))
        .tempfile_in(place.parent().unwrap_or(place))?;
    file.write_all(&artifact.contents)?;
    Ok(file.into_temp_path())
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
    use super::{Tree, Written, relative};
    use crate::disk::find;
    use crate::generated::Generated;
    use exoc_diagnostics::VirtualPath;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    fn write(tree: &Tree, list: &[(&str, &str)]) -> Result<Written, String> {
        let file = |(path, contents): &(&str, &str)| Generated {
            path: VirtualPath::new(path).unwrap(),
            contents: contents.as_bytes().to_vec(),
            executable: path.ends_with(".sh"),
            sealed: true,
        };
        let files: Vec<Generated> = list.iter().map(file).collect();
        tree.write(&files).map_err(|error| error.to_string())
    }

    fn application() -> (tempfile::TempDir, Tree) {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("application.yml"), "name: a\n").unwrap();
        let tree = Tree::new(&find(folder.path()).unwrap(), None).unwrap();
        (folder, tree)
    }

    #[test]
    fn paths_between_folders_have_no_common_part() {
        let between = |from, to| relative(Path::new(from), Path::new(to));
        assert_eq!(between("/a/infra/local/compose", "/a"), "../../..");
        assert_eq!(between("/out/local/compose", "/a/b"), "../../../a/b");
        assert_eq!(between("/a/bc", "/a/b"), "../b");
        assert_eq!(between("/a", "/a"), ".");
    }

    #[test]
    fn writes_what_differs_and_counts_what_does_not() {
        let (folder, tree) = application();
        let first = write(&tree, &[("local/a.yaml", "a"), ("local/b.sh", "b")]).unwrap();
        assert_eq!((first.paths.len(), first.unchanged), (2, 0));
        assert!(first.paths[0].ends_with("/infra/local/a.yaml"), "{first:?}");
        let mode = |name| {
            fs::metadata(folder.path().join(name))
                .unwrap()
                .permissions()
                .mode()
                & 0o111
        };
        assert_eq!(mode("infra/local/a.yaml"), 0);
        assert_ne!(mode("infra/local/b.sh"), 0);
        let second = write(&tree, &[("local/a.yaml", "A"), ("local/b.sh", "b")]).unwrap();
        assert_eq!((second.paths.len(), second.unchanged), (1, 1));
        assert_eq!(
            fs::read_to_string(folder.path().join("infra/local/a.yaml")).unwrap(),
            "A"
        );
        fs::set_permissions(
            folder.path().join("infra/local/b.sh"),
            fs::Permissions::from_mode(0o644),
        )
        .unwrap();
        assert_eq!(write(&tree, &[("local/b.sh", "b")]).unwrap().paths.len(), 1);
        assert_ne!(mode("infra/local/b.sh"), 0);
    }

    #[test]
    fn what_stands_in_the_way_of_the_last_file_keeps_the_first_from_being_written() {
        let (folder, tree) = application();
        fs::create_dir_all(folder.path().join("infra/local/z.yaml")).unwrap();
        let error = write(
            &tree,
            &[("local/a.yaml", "a"), ("new/b.yaml", "b"), ("local/z.yaml", "z")],
        )
        .unwrap_err();
        assert!(
            error.ends_with("/infra/local/z.yaml` is in the way: it is a folder; nothing was written"),
            "{error}"
        );
        assert!(fs::symlink_metadata(folder.path().join("infra/local/a.yaml")).is_err());
        assert!(fs::symlink_metadata(folder.path().join("infra/new")).is_err());
    }

    #[test]
    fn a_failure_while_staging_takes_back_what_was_made() {
        let (folder, tree) = application();
        let long = format!("b/{}/b.yaml", "x".repeat(300));
        let error = write(&tree, &[("a/a.yaml", "a"), (&long, "b")]).unwrap_err();
        assert!(error.contains("cannot be written"), "{error}");
        assert!(fs::symlink_metadata(folder.path().join("infra")).is_err());
    }
}
