//! Files of the manifest's: layers above images, and what a companion writes when a task starts. Must not know who needs
//! them.

use super::{Build, Variable};
use std::collections::BTreeMap;

/// An image that has files besides those of another image.
#[derive(Clone, Debug)]
pub(crate) struct Layer {
    /// Whose files they are.
    pub(crate) role: String,
    /// How whoever builds it calls it, which is also the name of its folder.
    pub(crate) target: String,
    pub(crate) base: Base,
    /// User and group that run it.
    pub(crate) user: String,
    /// What the image is made for.
    pub(crate) platforms: Vec<String>,
    /// Where it is pushed, without a tag.
    pub(crate) repository: String,
    /// The files, by their absolute paths.
    pub(crate) files: BTreeMap<String, LayeredFile>,
}

/// What a layer lies on.
#[derive(Clone, Debug)]
pub(crate) enum Base {
    /// An image of a registry.
    Reference(String),
    /// An image that is built before it, under this name.
    Built { target: String, build: Build },
}

/// A file of a layer.
#[derive(Clone, Debug)]
pub(crate) struct LayeredFile {
    pub(crate) contents: Vec<u8>,
    pub(crate) executable: bool,
}

/// A container that writes files into volumes of the task and ends before the task's own container starts.
#[derive(Clone, Debug)]
pub(crate) struct Writer {
    /// What it runs in a shell.
    pub(crate) script: String,
    /// Its variables, in the order of the files.
    pub(crate) variables: Vec<(String, Variable)>,
    pub(crate) folders: Vec<WrittenFolder>,
}

/// A folder that a [`Writer`] fills.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WrittenFolder {
    /// The volume of the task.
    pub(crate) volume: String,
    /// Where it lies for who writes.
    pub(crate) written_at: String,
    /// Where it lies for who reads.
    pub(crate) read_at: String,
}
