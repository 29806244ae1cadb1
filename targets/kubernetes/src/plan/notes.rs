//! What is said about the program as a whole: that nothing waits at start-up, that connections stay with a pod, and
//! names that are no labels.

use super::Plan;
use exoc_diagnostics::{Diagnostic, codes};
use exoc_emit::words::some_of;
use exoc_ir::{Callee, Component, NodeId, Protocol, Reason};
use std::collections::{BTreeMap, BTreeSet};

/// Reports the notes and errors that belong to no object.
pub(crate) fn report(plan: &mut Plan<'_>) {
    retry(plan);
    connections(plan);
    owner(plan);
}

/// One note, at the first edge to something that this output runs.
fn retry(plan: &mut Plan<'_>) {
    let mut callees = BTreeSet::new();
    let mut first = None;
    for edge in plan.program.edges() {
        let Callee::Component(callee) = edge.to else {
            continue;
        };
        if plan.elsewhere(callee).is_some() {
            continue;
        }
        callees.insert(plan.program.role(callee));
        let at = edge.reasons.iter().map(|reason: &Reason| reason.span()).min();
        first = match (first, at) {
            (Some(first), Some(at)) => Some(std::cmp::min(first, at)),
            (first, at) => first.or(at),
        };
    }
    if let Some(at) = first {
        let callees = some_of(callees);
        plan.note(
            Diagnostic::new(
                codes::RETRY,
                format!("nothing waits for {callees} at start-up on kubernetes"),
            )
            .at(at, "")
            .help("a service must try again until what it uses answers"),
        );
    }
}

/// One note for all services whose users keep one connection for many requests: the address of a Service picks a
/// pod for a connection, and the gateway alone looks at requests.
fn connections(plan: &mut Plan<'_>) {
    let mut services = BTreeMap::new();
    for (id, service) in plan.program.services().iter() {
        let component = Component::Service(id);
        let used: BTreeSet<u16> = plan
            .program
            .edges_to(component)
            .flat_map(|edge| edge.ports.iter().map(|port| port.number))
            .collect();
        let shares = service.workload.ports.iter().any(|port| match port.protocol {
            Protocol::Http2 | Protocol::Grpc => used.contains(&port.number),
            Protocol::Http | Protocol::Tcp | Protocol::Udp => false,
        });
        if shares && service.scale.max > 1 {
            services.insert(
                plan.place_of(component, "scale"),
                (&service.role, service.scale.max),
            );
        }
    }
    let names: BTreeSet<&str> = services.values().map(|(role, _)| role.as_str()).collect();
    let message = format!(
        "kubernetes shares out connections to {}, not requests, among their pods",
        some_of(names)
    );
    let note = Diagnostic::new(codes::CONNECTION_BALANCE, message)
        .help("a user keeps one pod for as long as it keeps its connection: let it open new ones now and then, or several");
    let mut services = services.into_iter();
    let Some((at, (role, count))) = services.next() else {
        return;
    };
    let label = |role: &str, count: u32| format!("`{role}` has up to {count} pods");
    let note = services.fold(note.at(at, label(role, count)), |note, (at, (role, count))| {
        note.also(at, label(role, count))
    });
    plan.note(note);
}

/// The owner is a label on everything, and a label's value is no free text.
fn owner(plan: &mut Plan<'_>) {
    let Some(owner) = &plan.program.app().owner else {
        return;
    };
    let ends = |character: Option<char>| character.is_some_and(|c| c.is_ascii_alphanumeric());
    let fits = owner.len() <= 63
        && ends(owner.chars().next())
        && ends(owner.chars().next_back())
        && owner
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    if !fits {
        plan.sink.error(
            Diagnostic::new(
                codes::TARGET_LIMIT,
                format!("the owner `{owner}` is no value of a Kubernetes label"),
            )
            .at(plan.program.at(NodeId::App, "owner"), "")
            .help("use at most 63 letters, digits, `-`, `_` and `.`, with a letter or digit at both ends"),
        );
    }
}
