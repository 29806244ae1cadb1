//! `OpenSearch` Service. Must not know the language's word for it.

use super::{Settings, Spread};

/// A domain of `OpenSearch` Service.
#[derive(Clone, Debug)]
pub(crate) struct Search {
    pub(crate) name: String,
    pub(crate) engine_version: String,
    pub(crate) instance_type: &'static str,
    /// Why it is this type, in words.
    pub(crate) picked: String,
    pub(crate) nodes: u32,
    /// Nodes that only manage the others: how many of which type.
    pub(crate) managers: Option<(u32, &'static str)>,
    pub(crate) spread: Spread,
    /// Of each node.
    pub(crate) storage_gib: u64,
    pub(crate) username: String,
    pub(crate) options: Settings,
    /// Log groups begin so; the kind of the log stands behind.
    pub(crate) log_group: String,
}
