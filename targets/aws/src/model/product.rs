//! Rented products: what all of them have, and which one it is. Must not know who uses them.

mod cache;
mod database;

use super::{Lines, Rule, StoredSecret};

pub(crate) use cache::Cache;
pub(crate) use database::Database;

/// A product that AWS rents, with everything that only it needs.
#[derive(Clone, Debug)]
pub(crate) struct Product {
    pub(crate) role: String,
    pub(crate) lines: Lines,
    /// Of the server itself: also what decides its size and version.
    pub(crate) server_lines: Lines,
    pub(crate) address: String,
    /// What groups of the product are named after, with a final hyphen.
    pub(crate) name_prefix: String,
    pub(crate) password: Option<Password>,
    /// The URL with the password in it, if somebody wants it.
    pub(crate) url: Option<StoredSecret>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) rental: Rental,
}

/// What a product's user logs in with.
#[derive(Clone, Debug)]
pub(crate) struct Password {
    pub(crate) secret: StoredSecret,
    /// Whether something is made of it: a composed text, or the server itself.
    pub(crate) read_back: bool,
}

/// Which product of AWS it is.
#[derive(Clone, Debug)]
pub(crate) enum Rental {
    Database(Database),
    Cache(Cache),
}
