//! What a target returns: named bytes.

use exoc_diagnostics::VirtualPath;
use std::collections::BTreeMap;

/// One generated file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// Its bytes.
    pub contents: Vec<u8>,
    /// Whether it may be run.
    pub executable: bool,
}

/// The files that one target makes of one program, by path below the target's own folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Artifacts {
    files: BTreeMap<VirtualPath, Artifact>,
}

impl Artifacts {
    /// Adds a file.
    ///
    /// # Errors
    ///
    /// Gives the path back if there already is a file under it.
    pub fn insert(&mut self, path: VirtualPath, artifact: Artifact) -> Result<(), VirtualPath> {
        if self.files.contains_key(&path) {
            return Err(path);
        }
        self.files.insert(path, artifact);
        Ok(())
    }

    /// Adds a text file that cannot be run.
    ///
    /// # Errors
    ///
    /// Gives the name back if it is no path, or there already is a file under it.
    pub fn text(&mut self, path: &str, contents: String) -> Result<(), String> {
        let virtual_path = VirtualPath::new(path).ok_or_else(|| path.to_owned())?;
        let artifact = Artifact {
            contents: contents.into_bytes(),
            executable: false,
        };
        self.insert(virtual_path, artifact)
            .map_err(|path| path.to_string())
    }

    /// All files, by path.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&VirtualPath, &Artifact)> {
        self.files.iter()
    }

    /// The file at a path.
    #[must_use]
    pub fn get(&self, path: &VirtualPath) -> Option<&Artifact> {
        self.files.get(path)
    }
}
