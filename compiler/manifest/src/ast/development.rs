//! What differs on a developer's machine, in one layer.

use super::{Command, Field, ServiceLayer, Table};
use exoc_diagnostics::{Spanned, VirtualPath};

/// `development`. Layers merge key by key.
#[derive(Clone, Debug, Default)]
pub struct Development {
    /// The keys that a service has as well; `run` is its `command`.
    pub layer: ServiceLayer,
    /// The keys of its own.
    pub keys: DevelopmentKeys,
}

/// The keys that only `development` has.
#[derive(Clone, Debug, Default)]
pub struct DevelopmentKeys {
    /// `test`: what runs the service's tests.
    pub test: Field<Command>,
    /// `mount`: by folder of the container, what of the application lies there. The short form names the folder of the
    /// container alone.
    pub mount: Table<Spanned<Mounted>>,
    /// `watch`: files and folders of the application, whose changes begin the service anew.
    pub watch: Field<Spanned<Vec<Spanned<VirtualPath>>>>,
    /// `publish`: ports that are opened on the developer's machine.
    pub publish: Field<Spanned<Vec<Spanned<u16>>>>,
}

/// What lies in a mounted folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mounted {
    /// The service's own folder.
    OwnFolder,
    /// This folder of the application.
    Folder(VirtualPath),
}
