//! Who shares a network with whom: one internal network per component that somebody opens connections to.

use super::entry::Entry;
use super::{health, labels};
use crate::model::{Network, Reach};
use crate::names;
use exoc_ir::{Callee, Component, Engine, Program};
use std::collections::{BTreeMap, BTreeSet};

/// More used components than this share one network: the engine's address pools hold about 31 networks for all
/// projects of a machine (moby/moby:daemon/libnetwork/ipamutils/utils.go, 2026-08).
pub(super) const MOST_NETWORKS: usize = 24;

/// The networks of a project and their members, by the names of compose's services.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Networks {
    members: BTreeMap<String, BTreeSet<String>>,
    /// Whether components share one network because there are too many.
    pub(super) shared: bool,
}

impl Networks {
    /// The networks of a service.
    pub(super) fn of(&self, service: &str) -> BTreeSet<String> {
        let joined = self
            .members
            .iter()
            .filter(|(_, members)| members.contains(service));
        joined.map(|(network, _)| network.clone()).collect()
    }

    /// All networks, as the project declares them.
    pub(super) fn defined(&self, program: &Program) -> BTreeMap<String, Network> {
        let network = |name: &String| Network {
            reach: match name.as_str() {
                names::INTERNET_NETWORK => Reach::World,
                name if name.starts_with(names::ENTRY_NETWORK) => Reach::Entry,
                _ => Reach::Members,
            },
            labels: labels::common(program),
        };
        let names = self.members.keys();
        names.map(|name| (name.clone(), network(name))).collect()
    }

    fn join(&mut self, network: &str, member: &str) {
        let members = self.members.entry(network.to_owned()).or_default();
        members.insert(member.to_owned());
    }
}

/// Draws the networks.
pub(super) fn networks(program: &Program, entry: &Entry) -> Networks {
    let users = users(program, entry);
    let mut networks = Networks {
        members: BTreeMap::new(),
        shared: users.len() > MOST_NETWORKS,
    };
    for (component, users) in &users {
        let role = program.role(*component);
        let network = if networks.shared {
            names::SHARED_NETWORK
        } else {
            role
        };
        networks.join(network, role);
        for user in users {
            networks.join(network, user);
        }
    }
    for edge in program.edges() {
        let leaves = match edge.to {
            Callee::World => true,
            Callee::Component(component) => is_external(program, component),
        };
        if leaves {
            networks.join(names::INTERNET_NETWORK, program.role(edge.from));
        }
    }
    // The engine sends what leaves through one network only, and an entry lets nothing out: a service that may
    // leave publishes its ports over the network to the world.
    let leaving = networks
        .members
        .get(names::INTERNET_NETWORK)
        .cloned()
        .unwrap_or_default();
    let published = entry
        .published
        .keys()
        .map(|service| program.role(Component::Service(*service)));
    let published: Vec<&str> = published.filter(|role| !leaving.contains(*role)).collect();
    // Whoever shares an entry could be reached by the others there, so several have one each.
    let alone = published.len() + usize::from(entry.gateway.is_some()) == 1;
    for role in published {
        let network = if alone {
            names::ENTRY_NETWORK.to_owned()
        } else {
            names::entry(role)
        };
        networks.join(&network, role);
    }
    if entry.gateway.is_some() {
        networks.join(names::ENTRY_NETWORK, names::GATEWAY);
    }
    networks
}

/// Who opens connections to a component: its users, the companion that asks it, the gateway before it.
fn users(program: &Program, entry: &Entry) -> BTreeMap<Component, BTreeSet<String>> {
    let mut users: BTreeMap<Component, BTreeSet<String>> = BTreeMap::new();
    for edge in program.edges() {
        match edge.to {
            Callee::Component(callee) if !is_external(program, callee) => {
                let user = program.role(edge.from).to_owned();
                users.entry(callee).or_default().insert(user);
            }
            Callee::Component(_) | Callee::World => {}
        }
    }
    for (component, workload) in program.workloads() {
        if health::is_asked_from_outside(workload) {
            let companion = names::health(program.role(component));
            users.entry(component).or_default().insert(companion);
        }
    }
    let behind: BTreeSet<&str> = entry
        .gateway
        .iter()
        .flat_map(|gateway| &gateway.backends)
        .map(|backend| backend.host.as_str())
        .collect();
    for (id, service) in program.services().iter() {
        if behind.contains(service.role.as_str()) {
            let entry = users.entry(Component::Service(id)).or_default();
            entry.insert(names::GATEWAY.to_owned());
        }
    }
    users
}

/// Whether a component is somebody else's server.
pub(super) fn is_external(program: &Program, component: Component) -> bool {
    match component {
        Component::Service(_) => false,
        Component::Backing(id) => match program.backings().get(id).map(|backing| &backing.engine) {
            Some(Engine::External(_)) => true,
            Some(Engine::Managed(_) | Engine::Container(_)) | None => false,
        },
    }
}
