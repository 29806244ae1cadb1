//! What starts before what. A convenience: elsewhere a service retries.

use exoc_ir::{Callee, Component, Program};
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
