//! What starts before what. Jobs before a deployment are promised to be over; the rest is a convenience, for elsewhere
//! a service retries.

use exoc_ir::{Callee, Component, Job, Program, Trigger};
use std::collections::{BTreeMap, BTreeSet};

/// Whom each component waits for: whom it opens connections to, outside cycles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Order {
    before: BTreeMap<Component, BTreeSet<Component>>,
}

impl Order {
    /// Whom a component waits for.
    pub(super) fn before(&self, component: Component) -> impl Iterator<Item = Component> {
        self.before.get(&component).into_iter().flatten().copied()
    }
}

/// Whom a component opens connections to, and whom those do, and so on.
pub(super) fn reached(program: &Program, component: Component) -> BTreeSet<Component> {
    let mut reached = BTreeSet::new();
    let mut open = vec![component];
    while let Some(from) = open.pop() {
        for edge in program.edges_from(from) {
            if let Callee::Component(to) = edge.to
                && reached.insert(to)
            {
                open.push(to);
            }
        }
    }
    reached
}

/// Drops every edge that lies on a cycle, which are those inside a strongly connected component.
pub(super) fn order(program: &Program) -> Order {
    let mut callees: BTreeMap<Component, BTreeSet<Component>> = BTreeMap::new();
    for edge in program.edges() {
        match edge.to {
            Callee::Component(to) => {
                callees.entry(edge.from).or_default().insert(to);
            }
            Callee::World => {}
        }
    }
    let before = callees
        .iter()
        .map(|(from, tos)| {
            let kept = tos.iter().copied().filter(|to| !reaches(&callees, *to, *from));
            (*from, kept.collect())
        })
        .collect();
    Order { before }
}

/// The jobs that are over before a component starts: all of them before a service, those of lower ranks before a job
/// that runs before a deployment itself. Nothing that a job may need waits for one.
pub(super) fn jobs_before(program: &Program, component: Component) -> impl Iterator<Item = Component> {
    let below = match component {
        Component::Backing(_) => 0,
        Component::Service(_) => rank(program, component).unwrap_or(u32::MAX),
    };
    let services = program.services().iter().map(|(id, _)| Component::Service(id));
    services.filter(move |job| rank(program, *job).is_some_and(|rank| rank < below))
}

/// What runs before a job that follows a deployment: every service that goes on.
pub(super) fn running_before(program: &Program, component: Component) -> impl Iterator<Item = Component> {
    let follows = match trigger(program, component) {
        Some(Trigger::AfterDeploy) => true,
        Some(Trigger::BeforeDeploy { .. } | Trigger::Schedule(_) | Trigger::OnDemand) | None => false,
    };
    let services = program.services().iter();
    services
        .filter(move |(_, service)| follows && service.job().is_none())
        .map(|(id, _)| Component::Service(id))
}

fn rank(program: &Program, component: Component) -> Option<u32> {
    match trigger(program, component)? {
        Trigger::BeforeDeploy { rank } => Some(*rank),
        Trigger::AfterDeploy | Trigger::Schedule(_) | Trigger::OnDemand => None,
    }
}

fn trigger(program: &Program, component: Component) -> Option<&Trigger> {
    match component {
        Component::Service(id) => {
            let Job {
                trigger,
                timeout: _,
                retries: _,
            } = program.services().get(id)?.job()?;
            Some(trigger)
        }
        Component::Backing(_) => None,
    }
}

/// Whether edges lead from one component to another.
fn reaches(callees: &BTreeMap<Component, BTreeSet<Component>>, from: Component, to: Component) -> bool {
    let mut seen = BTreeSet::from([from]);
    let mut open = vec![from];
    while let Some(component) = open.pop() {
        if component == to {
            return true;
        }
        for next in callees.get(&component).into_iter().flatten() {
            if seen.insert(*next) {
                open.push(*next);
            }
        }
    }
    false
}
