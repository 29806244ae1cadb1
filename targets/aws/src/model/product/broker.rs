//! Amazon MQ. Must not know the language's word for it.

use super::{Settings, Spread};

/// A broker of Amazon MQ that speaks AMQP.
#[derive(Clone, Debug)]
pub(crate) struct Broker {
    pub(crate) name: String,
    pub(crate) engine_version: String,
    pub(crate) instance_type: &'static str,
    /// Why it is this type, in words.
    pub(crate) picked: String,
    /// As Amazon MQ names it.
    pub(crate) deployment_mode: &'static str,
    pub(crate) spread: Spread,
    pub(crate) username: String,
    pub(crate) parameters: Settings,
    /// The local value that holds its host.
    pub(crate) host: String,
}
