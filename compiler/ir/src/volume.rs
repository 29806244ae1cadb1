//! Volumes: folders whose contents outlive the containers that write them.

use crate::{Availability, Bytes, Component, Id, User};
use serde::Serialize;

/// A file system of the application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Volume {
    /// Whose it is.
    pub owner: Owner,
    /// Its size; of a component's own only if the manifest says one.
    pub size: Option<Bytes>,
    /// The one user and group that writes it; `None` for a shared one that nobody writes.
    pub writer: Option<User>,
}

/// Whose a volume is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Owner {
    /// Everybody's who mounts it, with any number of replicas: a dependency, and no component, for nothing connects
    /// to it.
    Shared {
        /// How the manifest calls it now; no component has this role.
        role: String,
        /// What its data is named after; no component has this identity.
        identity: String,
        /// How it bears the loss of a server.
        availability: Availability,
        /// How many days each backup is kept; `None` for what the target does by itself.
        backups: Option<u32>,
    },
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
    /// What may be done there. A component's own volume is written.
    pub access: Access,
}

/// What a workload may do with a volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Access {
    /// Read and write it.
    Write,
    /// Read it.
    Read,
}

impl Volume {
    /// The role of a shared one.
    #[must_use]
    pub fn role(&self) -> Option<&str> {
        match &self.owner {
            Owner::Shared { role, .. } => Some(role),
            Owner::Component { .. } => None,
        }
    }

    /// Whether a component that runs as `user` may mount it so.
    pub(crate) fn admits(&self, component: Component, user: User, access: Access) -> bool {
        let is_writer = self.writer == Some(user);
        match (&self.owner, access) {
            (
                Owner::Component {
                    component: owner,
                    name: _,
                },
                Access::Write,
            ) => *owner == component && is_writer,
            (Owner::Component { .. }, Access::Read) => false,
            (Owner::Shared { .. }, Access::Write) => is_writer,
            (Owner::Shared { .. }, Access::Read) => true,
        }
    }
}
