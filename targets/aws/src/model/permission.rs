//! What a task may do itself. Must not know why.

use super::Text;

/// A statement of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Permission {
    /// Letters and digits.
    pub(crate) sid: String,
    pub(crate) actions: &'static [&'static str],
    pub(crate) resources: Vec<Text>,
    /// Keys, all of which must have one of the values behind them.
    pub(crate) conditions: Vec<(&'static str, Vec<Text>)>,
}
