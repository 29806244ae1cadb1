//! ElastiCache for servers that replicate. Must not know which engines there are.

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
    pub(crate) port: u16,
}
