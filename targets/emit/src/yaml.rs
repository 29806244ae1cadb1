//! The ordered tree a target prints as YAML, and the builders for it. Owns order, comments and blank
//! lines; how a scalar is quoted is decided in `scalar`, layout in `print`. Knows no target: a rule
//! such as compose's `$$` belongs to the target.

mod access;
mod print;
mod scalar;

use std::borrow::Cow;

pub use print::{print, print_documents};

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Yaml {
    /// One value without parts.
    Scalar(Scalar),
    /// A sequence, one item per line.
    List(Vec<Yaml>),
    /// A short sequence on one line, such as `["CMD", "true"]`.
    FlowList(Vec<Scalar>),
    /// A mapping.
    Map(Mapping),
}

/// A value without parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scalar {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A decimal integer.
    Int(i128),
    /// A decimal number, digits with or without a point; made by [`Scalar::decimal`].
    Decimal(String),
    /// Text: plain where every reader takes it for a string, a `|` block where it has clean lines,
    /// double-quoted otherwise.
    Text(String),
    /// Text that is always double-quoted.
    Quoted(String),
}

/// Entries in the order in which they are printed. Keys are text and must differ; a builder never replaces
/// an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    entries: Vec<Entry>,
    /// What was asked for after the last entry.
    pending: Option<Box<Lead>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    /// Most entries have none.
    lead: Option<Box<Lead>>,
    key: Cow<'static, str>,
    value: Yaml,
}

/// What stands above an entry, and behind it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Lead {
    blank: bool,
    comments: Vec<String>,
    /// What stands behind a value on one line.
    remark: Option<String>,
}

impl Mapping {
    /// No entries.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an entry.
    #[must_use]
    pub fn with(mut self, key: impl Into<Cow<'static, str>>, value: impl Into<Yaml>) -> Self {
        self.insert(key, value);
        self
    }

    /// Adds an entry if there is a value.
    #[must_use]
    pub fn with_some(self, key: impl Into<Cow<'static, str>>, value: Option<impl Into<Yaml>>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    /// Adds a list, unless it has no items.
    #[must_use]
    pub fn with_list_unless_empty(
        self,
        key: impl Into<Cow<'static, str>>,
        items: impl IntoIterator<Item = impl Into<Yaml>>,
    ) -> Self {
        let items: Vec<Yaml> = items.into_iter().map(Into::into).collect();
        if items.is_empty() {
            self
        } else {
            self.with(key, Yaml::List(items))
        }
    }

    /// Adds a mapping, unless it has no entries.
    #[must_use]
    pub fn with_map_unless_empty(self, key: impl Into<Cow<'static, str>>, map: Mapping) -> Self {
        if map.is_empty() { self } else { self.with(key, map) }
    }

    /// Adds an entry whose value is text on one line, with a comment behind it, such as the version that a hash means.
    /// Line ends of the comment become spaces.
    #[must_use]
    pub fn with_remark(mut self, key: impl Into<Cow<'static, str>>, value: &str, remark: &str) -> Self {
        self.insert(key, value);
        if let Some(entry) = self.entries.last_mut() {
            entry.lead.get_or_insert_default().remark =
                Some(remark.split_whitespace().collect::<Vec<_>>().join(" "));
        }
        self
    }

    /// Puts a comment above the next entry, one line of it per line of the text.
    #[must_use]
    pub fn comment(mut self, text: impl Into<String>) -> Self {
        self.pending.get_or_insert_default().comments.push(text.into());
        self
    }

    /// Puts a blank line above the next entry and its comments. Ignored before the first entry.
    #[must_use]
    pub fn blank(mut self) -> Self {
        self.pending.get_or_insert_default().blank = true;
        self
    }

    /// Adds an entry in place, for loops.
    pub fn insert(&mut self, key: impl Into<Cow<'static, str>>, value: impl Into<Yaml>) {
        let lead = std::mem::take(&mut self.pending);
        self.entries.push(Entry {
            lead,
            key: key.into(),
            value: value.into(),
        });
    }

    /// Whether there are no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl<K: Into<Cow<'static, str>>, V: Into<Yaml>> FromIterator<(K, V)> for Mapping {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut mapping = Self::new();
        mapping.extend(entries);
        mapping
    }
}

impl<K: Into<Cow<'static, str>>, V: Into<Yaml>> Extend<(K, V)> for Mapping {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        for (key, value) in entries {
            self.insert(key, value);
        }
    }
}

/// Text that is always double-quoted.
#[must_use]
pub fn quoted(text: impl Into<String>) -> Yaml {
    Yaml::Scalar(Scalar::Quoted(text.into()))
}

/// A sequence, one item per line.
#[must_use]
pub fn list(items: impl IntoIterator<Item = impl Into<Yaml>>) -> Yaml {
    Yaml::List(items.into_iter().map(Into::into).collect())
}

/// A sequence on one line.
#[must_use]
pub fn flow_list(items: impl IntoIterator<Item = impl Into<Scalar>>) -> Yaml {
    Yaml::FlowList(items.into_iter().map(Into::into).collect())
}

/// A sequence of double-quoted texts on one line, as commands are written.
#[must_use]
pub fn quoted_flow_list(items: impl IntoIterator<Item = impl Into<String>>) -> Yaml {
    flow_list(items.into_iter().map(|item| Scalar::Quoted(item.into())))
}

impl From<bool> for Scalar {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<&str> for Scalar {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<&String> for Scalar {
    fn from(value: &String) -> Self {
        Self::Text(value.clone())
    }
}

impl From<String> for Scalar {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

macro_rules! from_integers {
    ($($integer:ty),*) => {$(
        impl From<$integer> for Scalar {
            fn from(value: $integer) -> Self {
                Self::Int(i128::from(value))
            }
        }
    )*};
}
from_integers!(u8, u16, u32, u64, i8, i16, i32, i64);

impl<T: Into<Scalar>> From<T> for Yaml {
    fn from(value: T) -> Self {
        Self::Scalar(value.into())
    }
}

impl From<Mapping> for Yaml {
    fn from(value: Mapping) -> Self {
        Self::Map(value)
    }
}

impl<T: Into<Yaml>> From<Vec<T>> for Yaml {
    fn from(items: Vec<T>) -> Self {
        list(items)
    }
}
