//! RDS. Must not know which engines there are.

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
    pub(crate) storage_gib: u64,
    pub(crate) port: u16,
    pub(crate) database: String,
    pub(crate) username: String,
    pub(crate) parameters: Vec<(String, String)>,
    /// The logs that it sends to CloudWatch.
    pub(crate) logs: &'static [&'static str],
    pub(crate) backup_days: u32,
}
