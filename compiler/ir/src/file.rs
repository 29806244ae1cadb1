//! Files that a workload finds in its file system besides its image's own.

use crate::Value;
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// The files of a workload. Everybody can read them, and nobody can write them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Files {
    /// Files whose contents are known, by path. Each lies beside what the image has in its folder.
    pub fixed: BTreeMap<String, FixedFile>,
    /// Folders that hold these files, by their paths seen from it, and nothing of the image. None lies in another, and
    /// no fixed file lies in one. At least one file of each has contents that are not known.
    pub late: BTreeMap<String, BTreeMap<String, LateFile>>,
}

/// A file whose contents are known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FixedFile {
    /// What is in it.
    pub contents: Contents,
    /// Whether it may be run.
    pub executable: bool,
}

/// A file in a folder that the program fills.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LateFile {
    /// What is in it.
    pub contents: LateContents,
    /// Whether it may be run.
    pub executable: bool,
}

/// What is in a [`LateFile`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum LateContents {
    /// A text with a secret or an attribute. A value that is nothing but an attribute that a target does not have leaves
    /// the file out there.
    Value(Value),
    /// Known bytes: the file lies here because another one of the folder is late.
    Known(Contents),
}

/// The bytes of a file.
#[derive(Clone, PartialEq, Eq)]
pub struct Contents(pub Arc<[u8]>);

impl Contents {
    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl From<&str> for Contents {
    fn from(text: &str) -> Self {
        Self(text.as_bytes().into())
    }
}

impl fmt::Debug for Contents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match std::str::from_utf8(&self.0) {
            Ok(text) => fmt::Debug::fmt(text, f),
            Err(_) => write!(f, "{} bytes", self.0.len()),
        }
    }
}

/// A text as a text, other bytes as `{ "hexadecimal": "…" }`.
impl Serialize for Contents {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match std::str::from_utf8(&self.0) {
            Ok(text) => serializer.serialize_str(text),
            Err(_) => {
                let digits: String = self.0.iter().map(|byte| format!("{byte:02x}")).collect();
                BTreeMap::from([("hexadecimal", digits)]).serialize(serializer)
            }
        }
    }
}

impl Files {
    /// The values in late files.
    pub fn values(&self) -> impl Iterator<Item = &Value> {
        let files = self.late.values().flat_map(BTreeMap::values);
        files.filter_map(|file| match &file.contents {
            LateContents::Value(value) => Some(value),
            LateContents::Known(_) => None,
        })
    }
}
