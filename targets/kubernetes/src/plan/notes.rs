//! What is said about the program as a whole: that nothing waits at start-up, and names that are no labels.

use super::Plan;
use exoc_diagnostics::{Diagnostic, codes};
use exoc_ir::{Callee, NodeId, Reason};
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
        if plan.external(callee).is_some() {
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
        let callees = some_of(&callees);
        plan.sink.report(
            Diagnostic::new(
                codes::RETRY,
                format!("nothing waits for {callees} at start-up on kubernetes"),
            )
            .at(at, "")
            .help("a service must try again until what it uses answers"),
        );
    }
}

/// The first few of many names: a note is one line.
fn some_of(names: &BTreeSet<String>) -> String {
    const MOST: usize = 4;
    let shown = if names.len() > MOST { MOST - 1 } else { names.len() };
    let text = names.iter().take(shown).cloned().collect::<Vec<_>>().join(", ");
    match names.len() - shown {
        0 => text,
        left => format!("{text} and {left} others"),
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

#[cfg(test)]
mod tests {
    use super::some_of;
    use std::collections::BTreeSet;

    #[test]
    fn many_names_are_cut_to_a_line() {
        let names = |count: u8| {
            (0..count)
                .map(|index| format!("`s{index}`"))
                .collect::<BTreeSet<_>>()
        };
        assert_eq!(some_of(&names(1)), "`s0`");
        assert_eq!(some_of(&names(4)), "`s0`, `s1`, `s2`, `s3`");
        assert_eq!(some_of(&names(5)), "`s0`, `s1`, `s2` and 2 others");
    }
}
