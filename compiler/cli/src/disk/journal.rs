//! The journal of a build that is being written: which files it changes, by the hashes of what they were and what they
//! become. While it exists, a difference that it explains is no hand edit. Knows no files of its own.

use exoc_diagnostics::VirtualPath;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What a build does to one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change {
    /// The SHA-256 of what stood there, if anything did.
    pub(super) old: Option<String>,
    /// The SHA-256 of what will stand there; `None` if the file goes, or vouches for itself.
    pub(super) new: Option<String>,
}

/// The changes of a build, by path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Journal {
    pub(super) changes: BTreeMap<VirtualPath, Change>,
}

/// What an interrupted build left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Left {
    /// Nothing.
    Nothing,
    /// New contents beside the tree; no file of the tree was changed.
    Prepared,
    /// Some files of the tree may be changed; the journal says which.
    Begun(Journal),
}

/// The version of the format.
const VERSION: u64 = 1;

impl Journal {
    /// Whether a file with these contents is one that the build left behind, or met.
    pub(super) fn explains(&self, path: &VirtualPath, hash: &str) -> bool {
        self.changes.get(path).is_some_and(|change| {
            let Change { old, new } = change;
            [old, new].into_iter().any(|known| known.as_deref() == Some(hash))
        })
    }

    /// As text.
    pub(super) fn print(&self) -> String {
        let files = self.changes.iter().map(|(path, change)| {
            let Change { old, new } = change;
            json!({ "path": path.as_str(), "old": old, "new": new })
        });
        let document = json!({ "version": VERSION, "files": files.collect::<Vec<Value>>() });
        format!("{document:#}\n")
    }

    /// From text; `None` if it is no journal of this version. It is renamed into place whole, so no part is missing.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let document: Value = serde_json::from_slice(bytes).ok()?;
        if document.get("version")?.as_u64()? != VERSION {
            return None;
        }
        let changes = document.get("files")?.as_array()?.iter().map(|file| {
            let text = |key| file.get(key).and_then(Value::as_str).map(str::to_owned);
            let path = VirtualPath::new(&text("path")?)?;
            Some((
                path,
                Change {
                    old: text("old"),
                    new: text("new"),
                },
            ))
        });
        Some(Self {
            changes: changes.collect::<Option<_>>()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Change, Journal};
    use exoc_diagnostics::VirtualPath;

    #[test]
    fn reads_what_it_prints_and_explains_both_sides() {
        let path = VirtualPath::new("local/compose/\"a\".yaml").unwrap();
        let change = Change {
            old: Some("1".into()),
            new: None,
        };
        let journal = Journal {
            changes: [(path.clone(), change)].into(),
        };
        assert_eq!(Journal::read(journal.print().as_bytes()), Some(journal.clone()));
        assert!(journal.explains(&path, "1"));
        assert!(!journal.explains(&path, "2"));
        assert!(!journal.explains(&VirtualPath::root(), "1"));
    }

    #[test]
    fn what_is_no_journal_explains_nothing() {
        for text in [
            "",
            "{}",
            "{\"version\":2,\"files\":[]}",
            "{\"version\":1,\"files\":[{}]}",
        ] {
            assert_eq!(Journal::read(text.as_bytes()), None, "{text}");
        }
    }
}
