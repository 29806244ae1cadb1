//! What a target's files describe, thing by thing, so that two sets of files can be compared without knowing the target.

use std::collections::BTreeMap;

/// A thing that the files of a target describe: a resource of Terraform, an object of a cluster, a container.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resource {
    /// Its name in the target's own words; no other has it.
    pub address: String,
    /// What kind of thing it is, as [`crate::Target::replacement`] knows it.
    pub kind: String,
    /// What is said of it: paths with dots, items of lists by their numbers, and texts for comparison.
    pub attributes: BTreeMap<String, String>,
    /// The address that it had, if the files say that it has moved.
    pub was: Option<String>,
}

/// What becomes of a thing when one of its attributes changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Replacement {
    /// It is changed in place.
    Never,
    /// It gets another revision, beside those that there are: nothing that uses one of those is touched.
    Revision,
    /// It depends on the values, or on what it stands for.
    Maybe,
    /// It is removed, and another one made.
    Always,
}
