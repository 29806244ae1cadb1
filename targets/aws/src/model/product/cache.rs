//! ElastiCache. Must not know which engines there are.

use super::Settings;

/// A replication group of ElastiCache.
#[derive(Clone, Debug)]
pub(crate) struct Cache {
    /// What it is called in descriptions: `Redis`.
    pub(crate) title: &'static str,
    pub(crate) name: String,
    pub(crate) log_group: String,
    pub(crate) engine: &'static str,
    pub(crate) engine_version: &'static str,
    pub(crate) family: &'static str,
    pub(crate) node_type: &'static str,
    /// Why it is this type, in words.
    pub(crate) picked: String,
    pub(crate) parameters: Settings,
    pub(crate) port: u16,
    /// Whether a second node in another zone takes over.
    pub(crate) standby: bool,
}

/// A node of ElastiCache for Memcached.
#[derive(Clone, Debug)]
pub(crate) struct Memcached {
    pub(crate) name: String,
    pub(crate) engine_version: &'static str,
    pub(crate) family: &'static str,
    pub(crate) node_type: &'static str,
    /// Why it is this type, in words.
    pub(crate) picked: String,
    pub(crate) parameters: Settings,
    pub(crate) port: u16,
}
