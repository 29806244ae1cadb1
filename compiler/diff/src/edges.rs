//! Who may open connections to whom. Edges of a component that is new or gone are said with it.

use crate::change::Place;
use crate::change::{Change, Kind};
use crate::component::node;
use crate::twins::{Side, Twins};
use exoc_ir::{Callee, Component, Edge, Reason};

pub(crate) fn compare(twins: &Twins<'_>, changes: &mut Vec<Change>) {
    for edge in twins.after.edges() {
        if !has(twins, Side::After, edge) {
            changes.extend(change(twins, Side::After, edge));
        }
    }
    for edge in twins.before.edges() {
        if !has(twins, Side::Before, edge) {
            changes.extend(change(twins, Side::Before, edge));
        }
    }
}

/// Whether the other side has an edge of one side.
fn has(twins: &Twins<'_>, side: Side, edge: &Edge) -> bool {
    let other = match side {
        Side::Before => twins.after,
        Side::After => twins.before,
    };
    let Some(from) = twins.other(side, edge.from) else {
        return false;
    };
    let to = match edge.to {
        Callee::Component(callee) => match twins.other(side, callee) {
            Some(callee) => Callee::Component(callee),
            None => return false,
        },
        Callee::World => Callee::World,
    };
    other.edges_from(from).any(|edge| edge.to == to)
}

fn change(twins: &Twins<'_>, side: Side, edge: &Edge) -> Option<Change> {
    let lone = |component: Component| twins.other(side, component).is_none();
    let subject = twins.subject(side, edge.from);
    let change = match (edge.to, side) {
        // A new component that may reach the world says so itself: that is worth a line of its own.
        (Callee::World, Side::After) => {
            let text = "may now open connections to any public address";
            Change::new(Kind::InternetAdded, subject, text).part("internet")
        }
        (Callee::World, Side::Before) if lone(edge.from) => return None,
        (Callee::World, Side::Before) => {
            let text = "may no longer open connections to public addresses";
            Change::new(Kind::InternetRemoved, subject, text).part("internet")
        }
        (Callee::Component(callee), _) if lone(edge.from) || lone(callee) => return None,
        (Callee::Component(callee), side) => {
            let name = twins.name(side, callee);
            let (kind, text) = match side {
                Side::After => (Kind::EdgeAdded, format!("now uses `{name}`")),
                Side::Before => (Kind::EdgeRemoved, format!("no longer uses `{name}`")),
            };
            Change::new(kind, subject, text).part(name)
        }
    };
    let written = edge.reasons.first().copied().map(Reason::span);
    Some(match (written, side) {
        (Some(span), Side::Before) => change.at(Place::Before(span)),
        (Some(span), Side::After) => change.at(Place::After(span)),
        (None, side) => change.at(twins.place(side, node(edge.from), "uses")),
    })
}
