//! Volumes: folders whose contents outlive the containers that write them.

use crate::{Bytes, Component, Id, User};
use serde::Serialize;

/// A file system of the application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Volume {
    /// Whose it is.
    pub owner: Owner,
    /// Its size, if the manifest says one.
    pub size: Option<Bytes>,
    /// The one user and group that writes it.
    pub writer: User,
}

/// Whose a volume is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Owner {
    /// A component's own: one replica, which stops before its successor starts, has it to itself.
    Component {
        /// Whose.
        component: Component,
        /// Its name, unique among the component's volumes.
        name: String,
    },
}

/// Where a volume lies in a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Mount {
    /// The volume.
    pub volume: Id<Volume>,
}
