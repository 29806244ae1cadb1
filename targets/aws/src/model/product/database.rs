//! RDS. Must not know which engines there are.

use super::Settings;

/// An instance of RDS.
#[derive(Clone, Debug)]
pub(crate) struct Database {
    /// What it is called in descriptions: `PostgreSQL`.
    pub(crate) title: &'static str,
    pub(crate) identifier: String,
    pub(crate) monitoring_role: String,
    pub(crate) engine: &'static str,
    pub(crate) engine_version: String,
    pub(crate) family: String,
    pub(crate) class: &'static str,
    /// Why it is this class, in words.
    pub(crate) picked: String,
    pub(crate) storage_gib: u64,
    /// What the storage may grow to by itself.
    pub(crate) most_storage_gib: u64,
    pub(crate) port: u16,
    pub(crate) database: String,
    pub(crate) username: String,
    /// Settings that exoc makes; the server takes them at once.
    pub(crate) settings: Settings,
    /// Settings that the manifest makes, which a server takes when it starts.
    pub(crate) parameters: Settings,
    /// The logs that it sends to CloudWatch.
    pub(crate) logs: &'static [&'static str],
    pub(crate) backup_days: u32,
    /// Whether a second server in another zone stands by.
    pub(crate) standby: bool,
}
