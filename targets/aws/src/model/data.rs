//! Rented products: databases and caches. Must not know who uses them.

use super::{Lines, Rule, StoredSecret};

/// An instance of RDS.
#[derive(Clone, Debug)]
pub(crate) struct Database {
    pub(crate) role: String,
    pub(crate) lines: Lines,
    /// Of the server itself: also what decides its size and version.
    pub(crate) server_lines: Lines,
    pub(crate) address: String,
    pub(crate) identifier: String,
    pub(crate) name_prefix: String,
    pub(crate) monitoring_role: String,
    pub(crate) engine: &'static str,
    pub(crate) engine_version: String,
    pub(crate) family: String,
    pub(crate) class: &'static str,
    pub(crate) storage_gib: u64,
    pub(crate) port: u16,
    pub(crate) database: String,
    pub(crate) username: String,
    pub(crate) parameters: Vec<(&'static str, &'static str)>,
    pub(crate) backup_days: u32,
    pub(crate) password: StoredSecret,
    /// The URL with the password in it, if somebody wants it.
    pub(crate) url: Option<StoredSecret>,
    pub(crate) rules: Vec<Rule>,
}

/// A replication group of ElastiCache.
#[derive(Clone, Debug)]
pub(crate) struct Cache {
    pub(crate) role: String,
    pub(crate) lines: Lines,
    /// Of the server itself: also what decides its size and version.
    pub(crate) server_lines: Lines,
    pub(crate) address: String,
    pub(crate) name: String,
    pub(crate) name_prefix: String,
    pub(crate) log_group: String,
    pub(crate) engine: &'static str,
    pub(crate) engine_version: &'static str,
    pub(crate) family: &'static str,
    pub(crate) node_type: &'static str,
    pub(crate) port: u16,
    pub(crate) password: StoredSecret,
    /// Whether a composed text holds the password.
    pub(crate) read_back: bool,
    /// The URL with the password in it, if somebody wants it.
    pub(crate) url: Option<StoredSecret>,
    pub(crate) rules: Vec<Rule>,
}
