//! Goldens: comparing and writing trees of files.

use crate::{Built, Case, Problem};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Files by path relative to a case's goldens.
pub type Tree = BTreeMap<String, Vec<u8>>;

/// What a build gives, as a tree.
#[must_use]
pub fn tree(built: &Built) -> Tree {
    let made: Result<Vec<_>, _> = built.outputs.iter().cloned().map(exoc::generated::made).collect();
    let files = made.and_then(exoc::generated::files);
    files
        .unwrap_or_default()
        .into_iter()
        .map(|file| (file.path.to_string(), file.contents.bytes()))
        .collect()
}

/// A file without the comments that say which lines of the manifest a block comes from.
///
/// They change whenever a line above is added or removed, which says nothing about what the file means.
#[must_use]
pub fn without_origins(contents: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(contents);
    let kept = text.split_inclusive('\n').filter(|line| {
        let comment = line.trim().strip_prefix("# From ");
        !comment.is_some_and(|words| words.ends_with('.') && words.contains(".yml:"))
    });
    kept.collect::<String>().into_bytes()
}

/// What stands on the disk; empty if the folder does not exist.
///
/// # Errors
///
/// If a file cannot be read.
pub fn read(folder: &Path) -> Result<Tree, Problem> {
    let mut tree = Tree::new();
    if !folder.exists() {
        return Ok(tree);
    }
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.map_err(|error| Problem::Disk {
            path: folder.to_path_buf(),
            error: error.into(),
        })?;
        if entry.file_type().is_file() {
            let path = entry.path();
            let bytes = std::fs::read(path).map_err(|error| Problem::Disk {
                path: path.to_path_buf(),
                error,
            })?;
            let relative = path.strip_prefix(folder).unwrap_or(path);
            tree.insert(relative.to_string_lossy().replace('\\', "/"), bytes);
        }
    }
    Ok(tree)
}

/// The differences from what stands on the disk to what a build gives, as a unified diff; empty if there are none.
#[must_use]
pub fn differences(wanted: &Tree, found: &Tree) -> String {
    let mut report = String::new();
    let paths: std::collections::BTreeSet<&String> = wanted.keys().chain(found.keys()).collect();
    for path in paths {
        let text = |tree: &Tree| {
            tree.get(path)
                .map(|bytes| String::from_utf8_lossy(bytes).into_owned())
        };
        match (text(wanted), text(found)) {
            (Some(old), Some(new)) if old == new => {}
            (Some(old), Some(new)) => {
                let diff = similar::TextDiff::from_lines(&old, &new);
                let _ = write!(
                    report,
                    "{}",
                    diff.unified_diff().header(path, path).context_radius(2)
                );
            }
            (Some(_), None) => {
                let _ = writeln!(report, "{path}: the golden exists, the build does not make it");
            }
            (None, Some(_)) => {
                let _ = writeln!(report, "{path}: the build makes it, there is no golden");
            }
            (None, None) => {}
        }
    }
    report
}

/// Makes the goldens of a case what a build gives.
///
/// # Errors
///
/// If a file cannot be written.
pub fn bless(case: &Case, built: &Built) -> Result<usize, Problem> {
    let disk = |path: &Path| {
        let path = path.to_path_buf();
        move |error| Problem::Disk { path, error }
    };
    let (wanted, found) = (read(&case.goldens)?, tree(built));
    let mut changed = 0;
    for path in wanted.keys().filter(|path| !found.contains_key(*path)) {
        let path = case.goldens.join(path);
        std::fs::remove_file(&path).map_err(disk(&path))?;
        changed += 1;
    }
    for (path, bytes) in found
        .iter()
        .filter(|(path, bytes)| wanted.get(*path) != Some(bytes))
    {
        let path = case.goldens.join(path);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(disk(folder))?;
        }
        std::fs::write(&path, bytes).map_err(disk(&path))?;
        changed += 1;
    }
    remove_empty_folders(&case.goldens);
    Ok(changed)
}

fn remove_empty_folders(folder: &Path) {
    for entry in WalkDir::new(folder).contents_first(true).into_iter().flatten() {
        if entry.file_type().is_dir() {
            // Refused by the system unless the folder is empty.
            let _ = std::fs::remove_dir(entry.path());
        }
    }
}

/// Folders of goldens that belong to no case.
///
/// # Errors
///
/// If a folder cannot be read.
pub fn orphans(cases: &[Case]) -> Result<Vec<PathBuf>, Problem> {
    let mut parents: Vec<&Path> = cases.iter().filter_map(|case| case.goldens.parent()).collect();
    parents.sort();
    parents.dedup();
    let mut orphans = Vec::new();
    for parent in parents.into_iter().filter(|parent| parent.exists()) {
        let entries = std::fs::read_dir(parent).map_err(|error| Problem::Disk {
            path: parent.to_path_buf(),
            error,
        })?;
        for entry in entries.flatten() {
            if !cases.iter().any(|case| case.goldens == entry.path()) {
                orphans.push(entry.path());
            }
        }
    }
    orphans.sort();
    Ok(orphans)
}
