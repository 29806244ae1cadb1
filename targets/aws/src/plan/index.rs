//! What is asked about images again for every component, looked up once. Decides nothing.

use super::layers::is_layered;
use exoc_ir::{Component, Id, Image, Program};
use std::collections::{BTreeMap, BTreeSet};

/// Who runs which image as it is built, and who has which role.
#[derive(Debug)]
pub(crate) struct Index<'a> {
    bare: BTreeMap<Id<Image>, Vec<Component>>,
    names: BTreeSet<&'a str>,
    identities: BTreeMap<&'a str, &'a str>,
}

impl<'a> Index<'a> {
    pub(super) fn of(program: &'a Program) -> Self {
        let mut bare: BTreeMap<Id<Image>, Vec<Component>> = BTreeMap::new();
        for (component, workload) in program.workloads() {
            if !is_layered(workload) {
                bare.entry(workload.image).or_default().push(component);
            }
        }
        let name = |id: &Id<Image>| match program.images().get(*id)? {
            Image::Built(built) => Some(built.name.as_str()),
            Image::Pinned(_) => None,
        };
        let names = bare.keys().filter_map(name).collect();
        let services = program.services().iter();
        let identities = services.map(|(_, service)| (service.role.as_str(), service.identity.as_str()));
        Self {
            bare,
            names,
            identities: identities.collect(),
        }
    }

    /// The components that run an image as it is built.
    pub(super) fn bare(&self, image: Id<Image>) -> &[Component] {
        self.bare.get(&image).map_or(&[], Vec::as_slice)
    }

    /// Whether anybody runs the built image of this name as it is.
    pub(super) fn is_bare(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// The identity of a service, by its role.
    pub(super) fn identity(&self, role: &str) -> Option<&'a str> {
        self.identities.get(role).copied()
    }
}
