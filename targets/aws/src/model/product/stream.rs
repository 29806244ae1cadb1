//! MSK. Must not know the language's word for it.

use super::{Settings, Spread};
use crate::model::StoredSecret;

/// A cluster of MSK.
#[derive(Clone, Debug)]
pub(crate) struct Stream {
    pub(crate) name: String,
    pub(crate) log_group: String,
    pub(crate) version: &'static str,
    pub(crate) instance_type: &'static str,
    /// Why it is this type, in words.
    pub(crate) picked: String,
    pub(crate) brokers: u32,
    pub(crate) spread: Spread,
    /// Of each broker.
    pub(crate) storage_gib: u64,
    pub(crate) properties: Settings,
    /// User and password in the form and under the name that MSK asks for.
    pub(crate) login: StoredSecret,
}
