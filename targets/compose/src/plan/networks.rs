//! Who shares a network with whom: one internal network per component that somebody opens connections to.

use super::entry::Entry;
use super::{dependency::host, health, labels, node};
use crate::model::{Network, Provenance, Reach};
use crate::names;
use exoc_ir::{Callee, Component, Edge, Engine, Program};
use std::collections::{BTreeMap, BTreeSet};

/// More used components than this share one network: the engine's address pools hold about 31 networks for all
/// projects of a machine (moby/moby:daemon/libnetwork/ipamutils/utils.go, 2026-08).
pub(super) const MOST_NETWORKS: usize = 24;

/// The networks of a project and their members, by the names of compose's services.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Networks {
    networks: BTreeMap<String, Members>,
    /// Whether components share one network because there are too many.
    pub(super) shared: bool,
}

/// Who is in a network, or opens connections to one component, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Members {
    names: BTreeSet<String>,
    from: Provenance,
}

impl Members {
    fn join(&mut self, name: &str, from: &Provenance) {
        self.names.insert(name.to_owned());
        self.from.join(from);
    }
}

impl Networks {
    /// The networks of a service.
    pub(super) fn of(&self, service: &str) -> BTreeSet<String> {
        let joined = self
            .networks
            .iter()
            .filter(|(_, members)| members.names.contains(service));
        joined.map(|(network, _)| network.clone()).collect()
    }

    /// All networks, as the project declares them.
    pub(super) fn defined(&self, program: &Program) -> BTreeMap<String, Network> {
        let network = |name: &str, members: &Members| Network {
            from: members.from.clone(),
            reach: match name {
                names::INTERNET_NETWORK => Reach::World,
                name if name.starts_with(names::ENTRY_NETWORK) => Reach::Entry,
                _ => Reach::Members,
            },
            labels: labels::common(program),
        };
        let networks = self.networks.iter();
        networks
            .map(|(name, members)| (name.clone(), network(name, members)))
            .collect()
    }

    fn join(&mut self, network: &str, member: &str, from: &Provenance) {
        self.networks
            .entry(network.to_owned())
            .or_default()
            .join(member, from);
    }
}

/// Draws the networks.
pub(super) fn networks(program: &Program, entry: &Entry) -> Networks {
    let users = users(program, entry);
    let mut networks = Networks {
        networks: BTreeMap::new(),
        shared: users.len() > MOST_NETWORKS,
    };
    for (component, users) in &users {
        let role = program.role(*component);
        let network = if networks.shared {
            names::SHARED_NETWORK
        } else {
            role
        };
        networks.join(network, host(program, *component), &users.from);
        for user in &users.names {
            networks.join(network, user, &users.from);
        }
    }
    for edge in program.edges() {
        let leaves = match edge.to {
            Callee::World => true,
            Callee::Component(component) => is_external(program, component),
        };
        if leaves {
            networks.join(names::INTERNET_NETWORK, program.role(edge.from), &reasons(edge));
        }
    }
    // The engine sends what leaves through one network only, and an entry lets nothing out: a service that may
    // leave publishes its ports over the network to the world.
    let leaving = networks
        .networks
        .get(names::INTERNET_NETWORK)
        .map(|members| members.names.clone())
        .unwrap_or_default();
    let published: Vec<(&str, &Provenance)> = entry
        .published_by
        .iter()
        .map(|(service, from)| (program.role(Component::Service(*service)), from))
        .filter(|(role, _)| !leaving.contains(*role))
        .collect();
    // Whoever shares an entry could be reached by the others there, so several have one each.
    let alone = published.len() + usize::from(entry.gateway.is_some()) == 1;
    for (role, from) in published {
        let network = if alone {
            names::ENTRY_NETWORK.to_owned()
        } else {
            names::entry(role)
        };
        networks.join(&network, role, from);
    }
    if let Some(gateway) = &entry.gateway {
        networks.join(names::ENTRY_NETWORK, names::GATEWAY, &gateway.from);
    }
    networks
}

/// Who opens connections to a component: its users, the companion that asks it, the gateway before it.
fn users(program: &Program, entry: &Entry) -> BTreeMap<Component, Members> {
    let mut users: BTreeMap<Component, Members> = BTreeMap::new();
    for edge in program.edges() {
        match edge.to {
            Callee::Component(callee) if !is_external(program, callee) => {
                let user = program.role(edge.from);
                users.entry(callee).or_default().join(user, &reasons(edge));
            }
            Callee::Component(_) | Callee::World => {}
        }
    }
    for (component, workload) in program.workloads() {
        if health::is_asked_from_outside(workload) {
            let companion = names::health(program.role(component));
            let from = program.at(node(component), "health").into();
            users.entry(component).or_default().join(&companion, &from);
        }
    }
    let mut behind: BTreeMap<&str, Provenance> = BTreeMap::new();
    for backend in entry.gateway.iter().flat_map(|gateway| &gateway.backends) {
        behind.entry(&backend.host).or_default().join(&backend.from);
    }
    for (id, service) in program.services().iter() {
        if let Some(from) = behind.get(service.role.as_str()) {
            let entry = users.entry(Component::Service(id)).or_default();
            entry.join(names::GATEWAY, from);
        }
    }
    users
}

/// What made an edge.
fn reasons(edge: &Edge) -> Provenance {
    edge.reasons.iter().map(|reason| reason.span()).collect()
}

/// Whether a component is somebody else's server.
pub(super) fn is_external(program: &Program, component: Component) -> bool {
    match component {
        Component::Service(_) => false,
        Component::Backing(id) => match program.backings().get(id).map(|backing| &backing.engine) {
            Some(Engine::External(_) | Engine::Existing(_)) => true,
            Some(Engine::Managed(_) | Engine::Container(_)) | None => false,
        },
    }
}
