//! What compose's networks let through besides the edges, and when they may.

use super::Side;
use crate::facts::compose::MOST_NETWORKS;
use crate::facts::{Door, Edge, Entrance, Target};
use std::collections::BTreeSet;

/// Difference 2, note compose-edges: compose's edges without those between two that share a callee, or between a
/// callee and its user, where the other target has none. The internet is a callee as well. Note compose-few-networks:
/// without those inside of a network that stands for several.
pub(super) fn edges_of_compose(side: Side<'_>, other: Side<'_>) -> BTreeSet<Edge> {
    let own = super::rented::edges(side, other);
    if side.target != Target::Compose || other.target == Target::Compose {
        return own;
    }
    let wanted = &super::rented::edges(other, side);
    let around = |callee: &str| -> BTreeSet<&str> {
        let users = wanted
            .iter()
            .filter(|edge| edge.to == callee)
            .map(|edge| edge.from.as_str());
        users
            .chain([callee].into_iter().filter_map(|callee| {
                wanted
                    .iter()
                    .find_map(|edge| (edge.to == callee).then_some(edge.to.as_str()))
            }))
            .collect()
    };
    let callees: BTreeSet<&str> = wanted.iter().map(|edge| edge.to.as_str()).collect();
    let mut groups: Vec<BTreeSet<&str>> = callees.into_iter().map(around).collect();
    groups.push(side.facts.leaves.iter().map(|(role, _)| role.as_str()).collect());
    let joined = side.facts.joined.iter();
    groups.extend(joined.map(|joined| joined.iter().map(String::as_str).collect()));
    let excused = |edge: &Edge| {
        groups
            .iter()
            .any(|group| group.contains(edge.from.as_str()) && group.contains(edge.to.as_str()))
    };
    own.into_iter()
        .filter(|edge| wanted.contains(edge) || !excused(edge))
        .collect()
}

/// Difference 2, note compose-few-networks, is for applications alone that would have too many networks: one for each
/// component that is used, asked by a companion or behind the gateway, one to leave, and one for each that publishes.
pub(super) fn joined_without_need(side: Side<'_>, other: Side<'_>) -> Option<String> {
    if side.target != Target::Compose || other.target == Target::Compose || side.facts.joined.is_empty() {
        return None;
    }
    let used = other.facts.edges.iter().map(|edge| &edge.to);
    let asked = side.facts.components.iter();
    let asked = asked.filter(|(_, component)| component.health.as_ref().is_some_and(|h| h.port.is_some()));
    let is_route = |door: &&Door| matches!(door.entrance, Entrance::Route { .. });
    let (behind, alone): (Vec<&Door>, Vec<&Door>) = side.facts.doors.iter().partition(is_route);
    let reached: BTreeSet<&String> = used
        .chain(asked.map(|(role, _)| role))
        .chain(behind.iter().map(|door| &door.role))
        .collect();
    let publishing: BTreeSet<&String> = alone.iter().map(|door| &door.role).collect();
    let gateway = usize::from(!behind.is_empty());
    let leaving = usize::from(!side.facts.leaves.is_empty());
    let wanted = reached.len() + publishing.len() + gateway + leaving;
    (wanted <= MOST_NETWORKS).then(|| format!("networks are joined, where {wanted} are enough"))
}

/// Whether compose lets through what only its joined networks explain: then the note has to be there.
#[must_use]
pub fn gives_up(side: Side<'_>, other: Side<'_>) -> bool {
    let mut facts = side.facts.clone();
    facts.joined.clear();
    let bare = Side {
        facts: &facts,
        target: side.target,
    };
    edges_of_compose(bare, other) != edges_of_compose(side, other)
}
