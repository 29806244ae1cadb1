//! What is said about the program as a whole: that nothing waits at start-up, and names that are no labels.

use super::Plan;
use exoc_diagnostics::{Diagnostic, codes};
use exoc_ir::{Callee, Component, Engine, NodeId, Reason};
use std::collections::BTreeSet;

/// Reports the notes and errors that belong to no object.
pub(crate) fn report(plan: &mut Plan<'_>) {
    retry(plan);
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
        if runs_elsewhere(plan, callee) {
            continue;
        }
        callees.insert(format!("`{}`", plan.program.role(callee)));
        let at = edge.reasons.iter().map(|reason: &Reason| reason.span()).min();
        first = match (first, at) {
            (Some(first), Some(at)) => Some(std::cmp::min(first, at)),
            (first, at) => first.or(at),
        };
    }
    if let Some(at) = first {
        let callees = callees.into_iter().collect::<Vec<_>>().join(", ");
        plan.sink.report(
            Diagnostic::new(
                codes::RETRY,
                format!("nothing here waits for {callees} at start-up"),
            )
            .at(at, "")
            .help("a service must try again until what it uses answers"),
        );
    }
}

fn runs_elsewhere(plan: &Plan<'_>, component: Component) -> bool {
    match component {
        Component::Service(_) => false,
        Component::Backing(id) => match plan.program.backings().get(id).map(|backing| &backing.engine) {
            Some(Engine::External(_)) | None => true,
            Some(Engine::Managed(_) | Engine::Container(_)) => false,
        },
    }
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
