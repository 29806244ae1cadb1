//! `DocumentDB`. Must not know the language's word for it.

use super::Settings;

/// A cluster of `DocumentDB`.
#[derive(Clone, Debug)]
pub(crate) struct Documents {
    pub(crate) identifier: String,
    pub(crate) engine_version: &'static str,
    pub(crate) family: &'static str,
    pub(crate) class: &'static str,
    /// Why it is this class, in words.
    pub(crate) picked: String,
    pub(crate) instances: u32,
    pub(crate) port: u16,
    pub(crate) username: String,
    pub(crate) parameters: Settings,
    pub(crate) backup_days: u32,
}
