//! Rented products: what all of them have, and which one it is. Must not know who uses them.

mod broker;
mod bucket;
mod cache;
mod database;
mod documents;
mod queue;
mod search;
mod stream;

use super::{Lines, Rule, StoredSecret};

pub(crate) use broker::Broker;
pub(crate) use bucket::Bucket;
pub(crate) use cache::{Cache, Memcached};
pub(crate) use database::Database;
pub(crate) use documents::Documents;
pub(crate) use queue::{Queue, Subscription, Topic};
pub(crate) use search::Search;
pub(crate) use stream::Stream;

/// A product that AWS rents, with everything that only it needs.
#[derive(Clone, Debug)]
pub(crate) struct Product {
    pub(crate) role: String,
    /// What names that must not change are made of.
    pub(crate) identity: String,
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
    Documents(Documents),
    Cache(Cache),
    Memcached(Memcached),
    Broker(Broker),
    Stream(Stream),
    Search(Search),
    Bucket(Bucket),
    Queue(Queue),
    Topic(Topic),
}

impl Rental {
    /// Whether something is lost with it.
    pub(crate) const fn keeps_data(&self) -> bool {
        match self {
            Self::Database(_)
            | Self::Documents(_)
            | Self::Cache(_)
            | Self::Broker(_)
            | Self::Stream(_)
            | Self::Search(_)
            | Self::Bucket(_)
            | Self::Queue(_) => true,
            Self::Memcached(_) | Self::Topic(_) => false,
        }
    }
}

/// Settings of a server, by name.
pub(crate) type Settings = Vec<(String, String)>;

/// How many subnets of the private network a product's nodes stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spread {
    /// The first so many.
    First(usize),
    /// All.
    All,
}
