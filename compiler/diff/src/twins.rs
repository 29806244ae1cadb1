//! Which component of one program is which of the other.

use crate::change::{Place, Subject, What};
use crate::words;
use exoc_ir::{
    Arena, Backing, Component, Engine, Id, Image, NodeId, Owner, Program, Service, Volume, Workload,
};
use std::collections::BTreeMap;

/// A component, image or volume on the two sides.
pub(crate) enum Twin<T> {
    /// It is on both.
    Both(Id<T>, Id<T>),
    /// It was there.
    Gone(Id<T>),
    /// It is there now.
    New(Id<T>),
}

impl<T> Clone for Twin<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Twin<T> {}

/// Two programs, and what is the same in both.
pub(crate) struct Twins<'p> {
    pub(crate) before: &'p Program,
    pub(crate) after: &'p Program,
    pub(crate) services: Vec<Twin<Service>>,
    pub(crate) backings: Vec<Twin<Backing>>,
    pub(crate) volumes: Vec<Twin<Volume>>,
    /// What a text of the program before would say now for no reason of its own: addresses and the domain.
    told: Vec<(String, String)>,
}

/// One side of the comparison.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Before,
    After,
}

impl<'p> Twins<'p> {
    pub(crate) fn new(before: &'p Program, after: &'p Program) -> Self {
        let service = |service: &Service| (service.identity.clone(), service.role.clone());
        let backing = |backing: &Backing| (backing.identity.clone(), backing.role.clone());
        let services = pairs(before.services(), after.services(), &service, &service);
        let backings = pairs(before.backings(), after.backings(), &backing, &backing);
        let mut twins = Self {
            before,
            after,
            services,
            backings,
            volumes: Vec::new(),
            told: Vec::new(),
        };
        let old = |volume: &Volume| twins.volume_key(Side::Before, volume);
        let new = |volume: &Volume| twins.volume_key(Side::After, volume);
        twins.volumes = pairs(before.volumes(), after.volumes(), &old, &new);
        twins.told = twins.follows();
        twins
    }

    pub(crate) const fn program(&self, side: Side) -> &'p Program {
        match side {
            Side::Before => self.before,
            Side::After => self.after,
        }
    }

    /// The component of the other side that is the same.
    pub(crate) fn other(&self, side: Side, component: Component) -> Option<Component> {
        match component {
            Component::Service(id) => partner(&self.services, side, id).map(Component::Service),
            Component::Backing(id) => partner(&self.backings, side, id).map(Component::Backing),
        }
    }

    /// How a component is called now; of one that is gone, how it was.
    pub(crate) fn name(&self, side: Side, component: Component) -> &'p str {
        match (side, self.other(side, component)) {
            (Side::Before, Some(now)) => self.after.role(now),
            (Side::Before, None) => self.before.role(component),
            (Side::After, _) => self.after.role(component),
        }
    }

    /// A component as the subject of a change.
    pub(crate) fn subject(&self, side: Side, component: Component) -> Subject {
        let what = match component {
            Component::Service(id) => {
                let service = self.program(side).services().get(id);
                match service.and_then(Service::job) {
                    Some(_) => What::Job,
                    None => What::Service,
                }
            }
            Component::Backing(_) => What::Dependency,
        };
        Subject {
            what,
            name: self.name(side, component).to_owned(),
        }
    }

    pub(crate) fn place(&self, side: Side, node: NodeId, field: &str) -> Place {
        let at = self.program(side).at(node, field);
        match side {
            Side::Before => Place::Before(at),
            Side::After => Place::After(at),
        }
    }

    pub(crate) fn image(&self, side: Side, id: Id<Image>) -> Option<&'p Image> {
        self.program(side).images().get(id)
    }

    /// What a text of the program before says now where nothing but an address or the domain changed.
    pub(crate) fn carried(&self, text: &str) -> String {
        let replace = |text: String, (old, new): &(String, String)| words::replace_name(&text, old, new);
        self.told.iter().fold(text.to_owned(), replace)
    }

    /// Whether a component is called, reached or made in another way than before, or is on one side only: then values
    /// that come from it change too.
    pub(crate) fn stirred(&self, side: Side, component: Component) -> bool {
        let Some(other) = self.other(side, component) else {
            return true;
        };
        let (old, new) = match side {
            Side::Before => (component, other),
            Side::After => (other, component),
        };
        let ports =
            |program: &'p Program, component| program.workload(component).map(|w: &Workload| &w.ports);
        if self.before.role(old) != self.after.role(new) || ports(self.before, old) != ports(self.after, new)
        {
            return true;
        }
        match (old, new) {
            (Component::Backing(old), Component::Backing(new)) => {
                let kind = |program: &'p Program, id| program.backings().get(id).map(|b| sort(&b.engine));
                kind(self.before, old) != kind(self.after, new)
            }
            (Component::Service(old), Component::Service(new)) => {
                self.before.doors_of(old).count() != self.after.doors_of(new).count()
            }
            (Component::Service(_) | Component::Backing(_), _) => false,
        }
    }

    fn volume_key(&self, side: Side, volume: &Volume) -> (String, String) {
        match &volume.owner {
            Owner::Shared { role, identity, .. } => (format!("shared {identity}"), format!("shared {role}")),
            Owner::Component { component, name } => {
                let key = format!("{} {name}", self.name(side, *component));
                (key.clone(), key)
            }
        }
    }

    /// Addresses of components whose role or ports changed, and the domain.
    fn follows(&self) -> Vec<(String, String)> {
        let mut told = Vec::new();
        let mut address = |old: Component, new: Component| {
            let (before, after) = (self.before.role(old), self.after.role(new));
            let both = (self.before.workload(old), self.after.workload(new));
            let (Some(was), Some(is)) = both else { return };
            for (index, port) in was.ports.iter().enumerate() {
                let named = is.ports.iter().find(|other| other.name == port.name);
                if let Some(now) = named.or_else(|| is.ports.get(index)) {
                    let pair = (
                        format!("{before}:{}", port.number),
                        format!("{after}:{}", now.number),
                    );
                    told.extend((pair.0 != pair.1).then_some(pair));
                }
            }
        };
        for twin in &self.services {
            if let Twin::Both(old, new) = twin {
                address(Component::Service(*old), Component::Service(*new));
            }
        }
        for twin in &self.backings {
            if let Twin::Both(old, new) = twin {
                address(Component::Backing(*old), Component::Backing(*new));
            }
        }
        let domains = (
            &self.before.environment().domain,
            &self.after.environment().domain,
        );
        if let (Some(old), Some(new)) = domains
            && old != new
        {
            told.push((old.clone(), new.clone()));
        }
        told
    }
}

/// What decides about the attributes of a backing, for comparisons.
fn sort(engine: &Engine) -> String {
    match engine {
        Engine::Managed(managed) => {
            let names = (&managed.database, &managed.username);
            format!("{} {names:?}", managed.product.word())
        }
        Engine::Container(_) => "container".to_owned(),
        Engine::External(external) => format!("external {external:?}"),
        Engine::Existing(existing) => format!("existing {existing:?}"),
    }
}

fn partner<T>(twins: &[Twin<T>], side: Side, id: Id<T>) -> Option<Id<T>> {
    twins.iter().find_map(|twin| match (twin, side) {
        (Twin::Both(old, new), Side::Before) if *old == id => Some(*new),
        (Twin::Both(old, new), Side::After) if *new == id => Some(*old),
        (Twin::Both(..) | Twin::Gone(_) | Twin::New(_), _) => None,
    })
}

/// Pairs by identity, then by role what is left.
fn pairs<T>(
    before: &Arena<T>,
    after: &Arena<T>,
    old: &dyn Fn(&T) -> (String, String),
    new: &dyn Fn(&T) -> (String, String),
) -> Vec<Twin<T>> {
    let mut twins = Vec::new();
    let mut left: BTreeMap<String, (Id<T>, String)> = BTreeMap::new();
    for (id, node) in before.iter() {
        let (identity, role) = old(node);
        left.insert(identity, (id, role));
    }
    let mut rest = Vec::new();
    for (id, node) in after.iter() {
        let (identity, role) = new(node);
        match left.remove(&identity) {
            Some((old, _)) => twins.push(Twin::Both(old, id)),
            None => rest.push((id, role)),
        }
    }
    for (id, role) in rest {
        let same = left.iter().find(|(_, (_, old))| *old == role);
        let identity = same.map(|(identity, _)| identity.clone());
        match identity.and_then(|identity| left.remove(&identity)) {
            Some((old, _)) => twins.push(Twin::Both(old, id)),
            None => twins.push(Twin::New(id)),
        }
    }
    twins.extend(left.into_values().map(|(id, _)| Twin::Gone(id)));
    twins
}
