//! Rules that need no node: names, credentials, what is unused.

pub(crate) mod claims;
pub(crate) mod credential;
pub(crate) mod names;
pub(crate) mod usage;
