//! File systems of EFS, and what mounts them. Must not know who needs them.

use super::{Lines, Rule};

/// A file system.
#[derive(Clone, Debug)]
pub(crate) struct FileSystem {
    /// Whose data it holds, or how the manifest calls it.
    pub(crate) role: String,
    /// What its data is named after.
    pub(crate) identity: String,
    pub(crate) address: String,
    /// Its name, and the token that makes AWS refuse a second one.
    pub(crate) name: String,
    pub(crate) group_prefix: String,
    /// Who mounts it.
    pub(crate) rules: Vec<Rule>,
    pub(crate) access_points: Vec<AccessPoint>,
    pub(crate) lines: Lines,
}

/// A folder of a file system, and the one user and group that whoever mounts it is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AccessPoint {
    /// The volume, in words.
    pub(crate) name: String,
    pub(crate) address: String,
    pub(crate) path: String,
    pub(crate) user: u32,
    pub(crate) group: u32,
    pub(crate) lines: Lines,
}

/// A volume of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TaskMount {
    /// The address of the file system.
    pub(crate) file_system: String,
    /// The address of the access point, which is also what the task calls the volume.
    pub(crate) access_point: String,
    /// Where it lies in the container.
    pub(crate) path: String,
    pub(crate) read_only: bool,
    /// Whether whoever mounts it is root there, which AWS makes somebody else without a permission of its own.
    pub(crate) as_root: bool,
    pub(crate) lines: Lines,
}
