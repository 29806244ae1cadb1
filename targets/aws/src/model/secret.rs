//! What Secrets Manager holds. A value never stands here, only where it comes from.

use super::{Lines, Piece, Text};

/// All stored secrets but those that services compose.
#[derive(Clone, Debug, Default)]
pub(crate) struct Secrets {
    /// What people supply; `secrets.tf`.
    pub(crate) supplied: Vec<StoredSecret>,
    /// What is made once; `secrets.tf`.
    pub(crate) made: Vec<MadeSecret>,
    /// What the store has already; `secrets.tf`.
    pub(crate) named: Vec<NamedSecret>,
    /// Addresses of secrets that a composed text reads back, of those that people supply or that are made once.
    pub(crate) read_back: Vec<String>,
    /// Keys of the variable `secret_versions`, sorted.
    pub(crate) versioned: Vec<String>,
    /// Of those that people supply.
    pub(crate) supplied_lines: Lines,
    /// Of those that have numbers.
    pub(crate) versioned_lines: Lines,
}

/// A secret that is made once, of letters and digits.
#[derive(Clone, Debug)]
pub(crate) struct MadeSecret {
    pub(crate) secret: StoredSecret,
    /// How many letters and digits, 16 to 128.
    pub(crate) length: u32,
}

/// A secret that stands in the store before anything is deployed, under a key that is not this module's.
#[derive(Clone, Debug)]
pub(crate) struct NamedSecret {
    pub(crate) address: String,
    /// What the store calls it.
    pub(crate) name: String,
    /// Whether a composed text reads it.
    pub(crate) read_back: bool,
    pub(crate) lines: Lines,
}

/// One secret of Secrets Manager with one value.
#[derive(Clone, Debug)]
pub(crate) struct StoredSecret {
    pub(crate) address: String,
    pub(crate) name: SecretName,
    pub(crate) description: String,
    pub(crate) content: Content,
    pub(crate) lines: Lines,
}

impl StoredSecret {
    /// Its key in the variable `secrets`, if people supply it.
    pub(crate) fn key(&self) -> Option<&str> {
        match &self.content {
            Content::Supplied { key } => Some(key),
            Content::Generated { .. }
            | Content::InState { .. }
            | Content::Fixed { .. }
            | Content::Composed { .. } => None,
        }
    }
}

/// The name of a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SecretName {
    /// Exactly this, because people look for it.
    Exact(String),
    /// This with something behind it, because a deleted name is taken for weeks.
    Prefix(String),
}

/// Where a secret's value comes from.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    /// From the variable `secrets`, under this key.
    Supplied { key: String },
    /// From an ephemeral random password of this address; made again when the key's number is raised.
    Generated { random: String, key: String },
    /// From a random password that stands in the state.
    InState { random: String, key: String },
    /// From a random password that stands in the state and stays: its server takes no other.
    Fixed { random: String },
    /// From texts with secrets in them; the local value that holds the texts is named.
    Composed { local: String, composed: Composed },
}

/// Texts with secrets in them.
#[derive(Clone, Debug)]
pub(crate) enum Composed {
    /// One text, which is the whole value.
    Whole(Text),
    /// Several, which are the members of a JSON object, sorted.
    Members(Vec<(String, Text)>),
}

impl Composed {
    /// All texts.
    pub(crate) fn texts(&self) -> Vec<&Text> {
        match self {
            Self::Whole(text) => vec![text],
            Self::Members(members) => members.iter().map(|(_, text)| text).collect(),
        }
    }

    /// The addresses of the secrets of this module in them, sorted, each once.
    pub(crate) fn sources(&self) -> Vec<String> {
        self.sorted(|piece| match piece {
            Piece::Secret(address) => Some(address),
            Piece::Named { .. } | Piece::Literal(_) | Piece::Attribute(_) | Piece::Local(_) => None,
        })
    }

    /// The names in the manifest of the secrets in them that the store has already, sorted, each once.
    pub(crate) fn named(&self) -> Vec<String> {
        self.sorted(|piece| match piece {
            Piece::Named { address: _, key } => Some(key),
            Piece::Secret(_) | Piece::Literal(_) | Piece::Attribute(_) | Piece::Local(_) => None,
        })
    }

    fn sorted<'a>(&'a self, name: impl Fn(&'a Piece) -> Option<&'a String>) -> Vec<String> {
        let pieces = self.texts().into_iter().flat_map(|text| &text.pieces);
        let mut names: Vec<String> = pieces.filter_map(name).cloned().collect();
        names.sort();
        names.dedup();
        names
    }
}
