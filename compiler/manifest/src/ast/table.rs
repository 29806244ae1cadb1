//! A mapping whose keys are names of the user's.

use super::Field;
use exoc_diagnostics::{Span, Spanned};
use indexmap::IndexMap;
use std::ops::{Deref, DerefMut};

/// A mapping whose members merge by key. The spans of keys stand beside the values.
#[derive(Clone, Debug)]
pub struct Table<T> {
    members: IndexMap<Spanned<String>, Field<T>>,
    /// Where this layer removes all members of weaker layers: `null` in the place of the mapping.
    pub cleared: Option<Span>,
}

impl<T> Table<T> {
    /// A mapping that says nothing.
    #[must_use]
    pub fn new() -> Self {
        Self {
            members: IndexMap::new(),
            cleared: None,
        }
    }

    /// `null`, written here.
    #[must_use]
    pub fn cleared(at: Span) -> Self {
        Self {
            members: IndexMap::new(),
            cleared: Some(at),
        }
    }
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Deref for Table<T> {
    type Target = IndexMap<Spanned<String>, Field<T>>;

    fn deref(&self) -> &Self::Target {
        &self.members
    }
}

impl<T> DerefMut for Table<T> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.members
    }
}

impl<T> IntoIterator for Table<T> {
    type Item = (Spanned<String>, Field<T>);
    type IntoIter = indexmap::map::IntoIter<Spanned<String>, Field<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.members.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Table<T> {
    type Item = (&'a Spanned<String>, &'a Field<T>);
    type IntoIter = indexmap::map::Iter<'a, Spanned<String>, Field<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.members.iter()
    }
}

impl<T> FromIterator<(Spanned<String>, Field<T>)> for Table<T> {
    fn from_iter<I: IntoIterator<Item = (Spanned<String>, Field<T>)>>(members: I) -> Self {
        Self {
            members: members.into_iter().collect(),
            cleared: None,
        }
    }
}
