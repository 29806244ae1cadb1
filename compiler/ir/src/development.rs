//! What a service has on a developer's machine and nowhere else.

use crate::{Transport, Value};
use exoc_diagnostics::VirtualPath;
use serde::{Serialize, Serializer};
use std::collections::{BTreeMap, BTreeSet};

/// What a service has on a developer's machine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Development {
    /// Folders of the application that lie in the service's file system, by where. Both see each other's changes at
    /// once. No folder lies in another, nor in one of the workload's scratch folders or mounts.
    #[serde(serialize_with = "as_texts")]
    pub sources: BTreeMap<String, VirtualPath>,
    /// Files and folders of the application, and what makes the service begin anew when one of them changes.
    #[serde(serialize_with = "by_text")]
    pub watched: BTreeMap<VirtualPath, Renewal>,
    /// What replaces the image's command to test the service, if it has tests. Nothing here is sensitive.
    pub test: Option<Vec<Value>>,
    /// Ports of the service that programs of the machine reach under the same number.
    pub published: BTreeSet<(u16, Transport)>,
}

/// How a change of a source reaches a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Renewal {
    /// It lies in the service's file system already: the service starts again.
    Restart,
    /// The image is built again.
    Rebuild,
}

impl Development {
    /// Whether there is nothing of it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Self {
            sources,
            watched,
            test,
            published,
        } = self;
        sources.is_empty() && watched.is_empty() && test.is_none() && published.is_empty()
    }
}

fn as_texts<S: Serializer>(
    sources: &BTreeMap<String, VirtualPath>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(sources.iter().map(|(at, source)| (at, source.as_str())))
}

fn by_text<S: Serializer>(
    watched: &BTreeMap<VirtualPath, Renewal>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(watched.iter().map(|(path, renewal)| (path.as_str(), renewal)))
}
