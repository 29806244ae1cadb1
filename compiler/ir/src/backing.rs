//! Backings: what services use and the application does not build.

use crate::{Attribute, Bytes, Id, Product, Reference, Resources, Secret, Value, Workload};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A dependency of the application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Backing {
    /// How it is called now.
    pub role: String,
    /// What its data is named after.
    pub identity: String,
    /// What it is.
    pub engine: Engine,
}

/// What a backing is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Engine {
    /// A product that a target may rent or run.
    Managed(Managed),
    /// Any image, addressed under its role.
    Container(Workload),
    /// Somebody else's server.
    External(External),
    /// A product that is there already.
    Existing(Existing),
}

/// A product that a target rents, or runs in a container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Managed {
    /// Which.
    pub product: Product,
    /// Its version, as the catalogue writes it; `None` for a product without versions.
    pub version: Option<String>,
    /// The least it must have.
    pub resources: Resources,
    /// The least it must hold.
    pub storage: Bytes,
    /// Its own settings, by name, as the product writes them.
    pub parameters: BTreeMap<String, String>,
    /// What runs instead of the catalogue's image where a target runs it.
    pub image: Option<Reference>,
    /// Whether a second server stands by.
    pub availability: Availability,
    /// How many days each backup is kept; `None` for what the target does by itself.
    pub backups: Option<u32>,
    /// The topics whose messages reach it; only a queue has any.
    pub subscribes: BTreeSet<Id<Backing>>,
    /// Its database, where the product has them.
    pub database: Option<String>,
    /// The user that owns the database and is not a superuser, where the product has users.
    pub username: Option<String>,
    /// What its user logs in with, where the product asks.
    pub password: Option<Id<Secret>>,
    /// What its administrator logs in with where a target runs it; only where the product tells the two apart.
    pub administrator: Option<Id<Secret>>,
}

/// How a managed backing or a shared volume bears the loss of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Availability {
    /// It has one.
    Single,
    /// Another one takes over.
    High,
}

/// A server outside, at an address that the manifest gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct External {
    /// The whole URL; it may be sensitive.
    pub url: Value,
    /// The host in it.
    pub host: String,
    /// The port in it, or its scheme's.
    pub port: u16,
}

/// A product of the catalogue that is there already: it is addressed, and nothing is made for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Existing {
    /// Which.
    pub product: Product,
    /// What can be asked of it; they may be sensitive. Only one that a target may lack as well can be missing.
    pub attributes: BTreeMap<Attribute, Value>,
    /// The hosts in them, at least one.
    pub hosts: Vec<String>,
}
