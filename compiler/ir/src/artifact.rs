//! What a target returns: named bytes, and how each file can carry the line that says it is generated.

use exoc_diagnostics::VirtualPath;
use std::collections::BTreeMap;

/// One generated file, without the line that says so: that line is the same for all targets and is added where files
/// are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// Its bytes.
    pub contents: Vec<u8>,
    /// Whether it may be run.
    pub executable: bool,
    /// How comments are written in it.
    pub comments: Comments,
}

/// How comments are written in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Comments {
    /// From `#` to the end of the line, as in YAML, HCL and shell scripts.
    Hash,
    /// Between `<!--` and `-->`, as in Markdown and HTML.
    Markup,
    /// Not at all, as in JSON.
    None,
}

/// The files that one target makes of one program, by path below the target's own folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Artifacts {
    files: BTreeMap<VirtualPath, Artifact>,
    /// Files with something whose data outlives a release, and the identity of that.
    holding: BTreeMap<VirtualPath, String>,
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
    pub fn text(&mut self, path: &str, comments: Comments, contents: String) -> Result<(), String> {
        let virtual_path = VirtualPath::new(path).ok_or_else(|| path.to_owned())?;
        let artifact = Artifact {
            contents: contents.into_bytes(),
            executable: false,
            comments,
        };
        self.insert(virtual_path, artifact)
            .map_err(|path| path.to_string())
    }

    /// Says that a file describes something which holds data, under an identity: without the file, whoever applies the
    /// others would give the data up. A path that is none says nothing.
    pub fn holds(&mut self, path: &str, identity: &str) {
        if let Some(path) = VirtualPath::new(path) {
            self.holding.insert(path, identity.to_owned());
        }
    }

    /// The files that hold data, each with the identity of what does.
    #[must_use]
    pub const fn holding(&self) -> &BTreeMap<VirtualPath, String> {
        &self.holding
    }

    /// All files, by path.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&VirtualPath, &Artifact)> {
        self.files.iter()
    }

    /// All files, by path, with their contents.
    pub fn into_files(self) -> impl Iterator<Item = (VirtualPath, Artifact)> {
        self.files.into_iter()
    }

    /// The file at a path.
    #[must_use]
    pub fn get(&self, path: &VirtualPath) -> Option<&Artifact> {
        self.files.get(path)
    }
}
