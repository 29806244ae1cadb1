//! Sources from memory: for tests, and for embedding where there is no file system.

use crate::{Entry, ReadError, Sources, VirtualPath};
use std::collections::{BTreeMap, BTreeSet};

/// Files by path. Folders exist as far as files lie in them.
#[derive(Clone, Debug, Default)]
pub struct MemorySources {
    files: BTreeMap<VirtualPath, Vec<u8>>,
}

impl MemorySources {
    /// Adds or replaces a file; a text that is no path below the root adds nothing.
    pub fn insert(&mut self, path: &str, bytes: impl Into<Vec<u8>>) {
        if let Some(path) = VirtualPath::new(path) {
            self.files.insert(path, bytes.into());
        }
    }

    /// Removes a file.
    pub fn remove(&mut self, path: &str) {
        if let Some(path) = VirtualPath::new(path) {
            self.files.remove(&path);
        }
    }

    /// All files, by path.
    pub fn iter(&self) -> impl Iterator<Item = (&VirtualPath, &[u8])> {
        self.files.iter().map(|(path, bytes)| (path, bytes.as_slice()))
    }

    fn is_folder(&self, path: &VirtualPath) -> bool {
        let prefix = format!("{}/", path.as_str());
        path.as_str().is_empty() || self.files.keys().any(|file| file.as_str().starts_with(&prefix))
    }
}

impl<B: Into<Vec<u8>>, const N: usize> From<[(&str, B); N]> for MemorySources {
    fn from(files: [(&str, B); N]) -> Self {
        let mut sources = Self::default();
        files
            .into_iter()
            .for_each(|(path, bytes)| sources.insert(path, bytes));
        sources
    }
}

impl Sources for MemorySources {
    fn read(&self, path: &VirtualPath) -> Result<Vec<u8>, ReadError> {
        match self.files.get(path) {
            Some(bytes) => Ok(bytes.clone()),
            None if self.is_folder(path) => Err(ReadError::IsFolder),
            None => Err(ReadError::NotFound),
        }
    }

    fn entry(&self, path: &VirtualPath) -> Result<Entry, ReadError> {
        Ok(if self.files.contains_key(path) {
            Entry::File
        } else if self.is_folder(path) {
            Entry::Folder
        } else {
            Entry::Absent
        })
    }

    fn list(&self, path: &VirtualPath) -> Result<Vec<String>, ReadError> {
        if self.files.contains_key(path) || !self.is_folder(path) {
            return Err(ReadError::NotFound);
        }
        let depth = path.segments().count();
        let inside = self.files.keys().filter(|file| {
            file.segments()
                .zip(path.segments())
                .filter(|(a, b)| a == b)
                .count()
                == depth
        });
        let names: BTreeSet<&str> = inside.filter_map(|file| file.segments().nth(depth)).collect();
        Ok(names.into_iter().map(str::to_owned).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::MemorySources;
    use crate::{ReadError, Sources, VirtualPath};

    #[test]
    fn a_folder_lists_what_lies_directly_in_it_by_bytes() {
        let sources = MemorySources::from([
            ("a/z", ""),
            ("a/B/c", ""),
            ("a/B/d", ""),
            ("ab/x", ""),
            ("a.b", ""),
        ]);
        let list = |path| sources.list(&VirtualPath::new(path).unwrap());
        assert_eq!(list(""), Ok(["a", "a.b", "ab"].map(str::to_owned).into()));
        assert_eq!(list("a"), Ok(["B", "z"].map(str::to_owned).into()));
        assert_eq!(list("a/z"), Err(ReadError::NotFound));
        assert_eq!(list("b"), Err(ReadError::NotFound));
    }
}
