//! Who shares a network with whom: one internal network per component that somebody opens connections to, as far as
//! the networks of one application may be many.

mod bits;
mod bound;
mod prices;

use super::entry::Entry;
use super::{dependency::host, health, labels, node};
use crate::model::{Network, Provenance, Reach};
use crate::names;
use exoc_diagnostics::Span;
use exoc_ir::{Callee, Component, Edge, Engine, Program};
use std::collections::{BTreeMap, BTreeSet};

/// So many are named in the comment of a network that is for several.
const MOST_NAMED: usize = 6;

/// The networks of a project and their members, by the names of compose's services.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Networks {
    networks: BTreeMap<String, Members>,
    /// What is lost because they are few, if something is.
    pub(super) loss: Option<Loss>,
}

/// What joining networks costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Loss {
    /// How many networks there would be without a bound.
    pub(super) drawn: usize,
    /// How many there are.
    pub(super) made: usize,
    /// How many components are in joined networks.
    pub(super) components: usize,
    /// How many pairs of components can reach each other because of the joined networks alone.
    pub(super) pairs: u64,
    /// The first place that causes a joined network.
    pub(super) at: Option<Span>,
}

/// Who is in a network.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Members {
    reach: Reach,
    /// Who is reached over it, or publishes or leaves; several where it stands for several networks.
    of: BTreeSet<String>,
    names: BTreeSet<String>,
    /// Those of them that are there for another's sake.
    callers: BTreeSet<String>,
    /// Whether networks with different members were joined in it.
    is_joined: bool,
    from: Provenance,
}

impl Members {
    /// Adds all that is in another network.
    fn absorb(&mut self, other: Self) {
        let Self {
            reach: _, // the same
            of,
            names,
            callers,
            is_joined,
            from,
        } = other;
        self.of.extend(of);
        self.names.extend(names);
        self.callers.extend(callers);
        self.is_joined |= is_joined;
        self.from.join(&from);
    }
}

impl Networks {
    /// The networks of a service.
    pub(super) fn of(&self, service: &str) -> BTreeSet<String> {
        self.with(|members| members.names.contains(service))
    }

    /// The networks in which a service is for another's sake, or to leave or publish.
    pub(super) fn of_caller(&self, service: &str) -> BTreeSet<String> {
        self.with(|members| members.callers.contains(service))
    }

    /// Whether a component is reached over a network.
    pub(super) fn leads_to(&self, network: &str, role: &str) -> bool {
        let members = self.networks.get(network);
        members.is_some_and(|members| members.of.contains(role))
    }

    fn with(&self, is_wanted: impl Fn(&Members) -> bool) -> BTreeSet<String> {
        let wanted = self.networks.iter().filter(|(_, members)| is_wanted(members));
        wanted.map(|(network, _)| network.clone()).collect()
    }

    /// All networks, as the project declares them.
    pub(super) fn defined(&self, program: &Program) -> BTreeMap<String, Network> {
        let network = |members: &Members| Network {
            from: members.from.clone(),
            purpose: purpose(members),
            reach: members.reach,
            labels: labels::common(program),
        };
        let networks = self.networks.iter();
        networks
            .map(|(name, members)| (name.clone(), network(members)))
            .collect()
    }
}

/// What a network is for, if it is for several.
fn purpose(members: &Members) -> Option<String> {
    let is_one = match members.reach {
        Reach::Members | Reach::Entry => members.of.len() < 2,
        // Whoever leaves shares one network anyway.
        Reach::World => true,
    };
    if is_one {
        return None;
    }
    let mut words: Vec<String> = members
        .of
        .iter()
        .take(MOST_NAMED)
        .map(|name| format!("`{name}`"))
        .collect();
    match members.of.len() - words.len() {
        0 => {}
        1 => words.push("1 other".to_owned()),
        more => words.push(format!("{more} others")),
    }
    let last = words.pop()?;
    let (first, most) = (words.join(", "), bound::MOST_NETWORKS);
    Some(if members.is_joined {
        format!("For {first} and {last} together: an application has at most {most} networks.")
    } else {
        format!("For {first} and {last}, whose networks would have the same members.")
    })
}

/// Networks as they are drawn, one for each reason.
#[derive(Default)]
struct Drawn(BTreeMap<String, Members>);

impl Drawn {
    /// The network with a name, over which `of` is reached, publishes or leaves.
    fn network(&mut self, name: &str, reach: Reach, of: &str) -> &mut Members {
        let members = self.0.entry(name.to_owned()).or_insert_with(|| Members {
            reach,
            of: BTreeSet::new(),
            names: BTreeSet::new(),
            callers: BTreeSet::new(),
            is_joined: false,
            from: Provenance::default(),
        });
        members.of.insert(of.to_owned());
        members
    }

    /// Puts a service into a network that is for itself to leave or to publish.
    fn enter(&mut self, network: &str, reach: Reach, service: &str, from: &Provenance) {
        let members = self.network(network, reach, service);
        members.names.insert(service.to_owned());
        members.callers.insert(service.to_owned());
        members.from.join(from);
    }
}

/// Draws the networks, and joins some if they are too many.
pub(super) fn networks(program: &Program, entry: &Entry) -> Networks {
    let mut drawn = Drawn::default();
    for (component, users) in users(program, entry) {
        let role = program.role(component);
        let Users { names, from } = users;
        let members = drawn.network(role, Reach::Members, role);
        members.names.insert(host(program, component).to_owned());
        members.names.extend(names.iter().cloned());
        members.callers = names;
        members.from = from;
    }
    for edge in program.edges() {
        let leaves = match edge.to {
            Callee::World => true,
            Callee::Component(component) => is_external(program, component),
        };
        if leaves {
            let role = program.role(edge.from);
            drawn.enter(names::INTERNET_NETWORK, Reach::World, role, &reasons(edge));
        }
    }
    publish(&mut drawn, program, entry);
    bound::bounded(drawn.0)
}

/// Draws the networks over which ports are published.
fn publish(drawn: &mut Drawn, program: &Program, entry: &Entry) {
    // The engine sends what leaves through one network only, and an entry lets nothing out: a service that may
    // leave publishes its ports over the network to the world.
    let leaving = drawn
        .0
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
        drawn.enter(&network, Reach::Entry, role, from);
    }
    if let Some(gateway) = &entry.gateway {
        drawn.enter(names::ENTRY_NETWORK, Reach::Entry, names::GATEWAY, &gateway.from);
    }
}

/// Who opens connections to one component, and why.
#[derive(Default)]
struct Users {
    names: BTreeSet<String>,
    from: Provenance,
}

impl Users {
    fn join(&mut self, name: &str, from: &Provenance) {
        self.names.insert(name.to_owned());
        self.from.join(from);
    }
}

/// Who opens connections to a component: its users, the companion that asks it, the gateway before it.
fn users(program: &Program, entry: &Entry) -> BTreeMap<Component, Users> {
    let mut users: BTreeMap<Component, Users> = BTreeMap::new();
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
