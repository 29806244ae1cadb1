//! Secrets: what is to be made, and what has an operator make it. Holds no value.

use super::Meta;
use crate::options::SecretStore;
use std::collections::BTreeMap;

/// A Secret that an operator makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ExternalSecret {
    /// Its metadata; the Secret has the same name.
    pub(crate) meta: Meta,
    /// Where its value is from.
    pub(crate) origin: Origin,
}

/// Where an operator gets a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// From a store, looked up again every hour.
    Store {
        /// The store.
        store: SecretStore,
        /// The keys of the Secret, and what the store calls the value of each.
        values: BTreeMap<&'static str, String>,
    },
    /// From a generator of that name, once.
    Generator(String),
}

/// A Secret that is referred to and never printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SecretToMake {
    /// The Secret's name.
    pub(crate) object: String,
    /// The manifest's name for it.
    pub(crate) name: String,
    /// What it is for.
    pub(crate) purpose: Option<String>,
    /// Where its value comes from.
    pub(crate) source: SecretSource,
    /// The roles that read it.
    pub(crate) users: Vec<String>,
}

/// Where a secret's value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SecretSource {
    /// Somebody has it; a store calls it so.
    Supplied(String),
    /// A store of the manifest's choice has it under this name.
    Named(String),
    /// It is drawn, once: so many letters and digits.
    Random(u32),
}
