//! Reading and joining single keys of layers. Knows no key by name.

use exoc_diagnostics::{Failed, Span, Spanned};
use exoc_manifest::ast::{Field, Table};

/// What a key says after merging.
pub(crate) trait Look<T> {
    /// The value, if there is one.
    fn set(&self) -> Option<&T>;
    /// The proof that what stood there was reported.
    fn broken(&self) -> Option<Failed>;
    /// Where a layer removes it, if one does and no stronger one sets it again.
    fn removed(&self) -> Option<Span>;
    /// The value; `None` where nothing is said; `Err` where it was reported.
    fn known(&self) -> Result<Option<&T>, Failed>;
}

impl<T> Look<T> for Field<T> {
    fn set(&self) -> Option<&T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Absent | Self::Removed(_) | Self::Broken(_) => None,
        }
    }

    fn broken(&self) -> Option<Failed> {
        match self {
            Self::Broken(failed) => Some(*failed),
            Self::Absent | Self::Removed(_) | Self::Set(_) => None,
        }
    }

    fn removed(&self) -> Option<Span> {
        match self {
            Self::Removed(span) => Some(*span),
            Self::Absent | Self::Broken(_) | Self::Set(_) => None,
        }
    }

    fn known(&self) -> Result<Option<&T>, Failed> {
        match self {
            Self::Set(value) => Ok(Some(value)),
            Self::Broken(failed) => Err(*failed),
            Self::Absent | Self::Removed(_) => Ok(None),
        }
    }
}

/// A scalar or a list: the stronger layer's word, or the weaker's where the stronger has none.
pub(crate) fn replace<T: Clone>(weaker: &Field<T>, stronger: &Field<T>) -> Field<T> {
    match stronger {
        Field::Absent => weaker.clone(),
        Field::Removed(_) | Field::Broken(_) | Field::Set(_) => stronger.clone(),
    }
}

/// One of two keys that exclude each other: the stronger layer's other one drops the weaker's word.
pub(crate) fn one_of<T: Clone, U>(weaker: &Field<T>, stronger: &Field<T>, other: &Field<U>) -> Field<T> {
    match (stronger, other) {
        (Field::Absent, Field::Set(_)) => Field::Absent,
        (Field::Absent, Field::Broken(failed)) => Field::Broken(*failed),
        (Field::Absent, Field::Absent | Field::Removed(_)) => weaker.clone(),
        (Field::Removed(_) | Field::Broken(_) | Field::Set(_), _) => stronger.clone(),
    }
}

/// A mapping: merged where both layers have it. Over one that could not be read, it stays unknown.
pub(crate) fn merge<T: Clone>(
    weaker: &Field<T>,
    stronger: &Field<T>,
    join: impl FnOnce(&T, &T) -> T,
) -> Field<T> {
    match (weaker, stronger) {
        (_, Field::Absent) => weaker.clone(),
        (Field::Set(weaker), Field::Set(stronger)) => Field::Set(join(weaker, stronger)),
        (Field::Broken(failed), Field::Set(_)) => Field::Broken(*failed),
        (Field::Absent | Field::Removed(_), Field::Set(_)) | (_, Field::Removed(_) | Field::Broken(_)) => {
            stronger.clone()
        }
    }
}

/// A mapping with names for keys: the stronger layer's keys are the ones that count, also as places. One that clears
/// the mapping leaves nothing of the weaker layer.
pub(crate) fn table<T: Clone>(
    weaker: &Table<T>,
    stronger: &Table<T>,
    join: impl Fn(&Field<T>, &Field<T>) -> Field<T>,
) -> Table<T> {
    if stronger.cleared.is_some() {
        return stronger.clone();
    }
    let mut merged = weaker.clone();
    for (key, value) in stronger {
        let joined = match merged.shift_remove(key) {
            Some(below) => join(&below, value),
            None => value.clone(),
        };
        merged.insert(key.clone(), joined);
    }
    merged
}

/// The members that are set, with their keys.
pub(crate) fn members<T>(table: &Table<T>) -> impl Iterator<Item = (&Spanned<String>, &T)> {
    table.iter().filter_map(|(key, field)| Some((key, field.set()?)))
}
