//! Variables. Those that come with a component that was added, removed or changed are said with it.

use crate::change::{Change, Kind};
use crate::component::node;
use crate::twins::{Side, Twins};
use crate::words;
use exoc_ir::{Callee, Component, Value};
use std::collections::BTreeMap;

type Variables = BTreeMap<String, Value>;

pub(crate) fn compare(
    twins: &Twins<'_>,
    (old, before): (Component, &Variables),
    (new, after): (Component, &Variables),
    changes: &mut Vec<Change>,
) {
    for (name, value) in after {
        match before.get(name) {
            Some(was) => changes.extend(changed(twins, (old, was), (new, value), name)),
            None if derived(twins, Side::After, new, name) || lone_secret(twins, Side::After, value) => {}
            None => {
                let shown = words::masked(name, &words::value(twins, Side::After, value));
                let text = match words::fits(&shown) {
                    true => format!("has the new variable `{name}`, {}", words::quoted(&shown)),
                    false => format!("has the new variable `{name}`"),
                };
                let change = say(twins, Side::After, new, Kind::VariableAdded, text, name);
                changes.push(change.after(shown));
            }
        }
    }
    for (name, value) in before {
        let told = derived(twins, Side::Before, old, name) || lone_secret(twins, Side::Before, value);
        if !after.contains_key(name) && !told {
            let shown = words::masked(name, &words::value(twins, Side::Before, value));
            let text = format!("no longer has the variable `{name}`");
            let change = say(twins, Side::Before, old, Kind::VariableRemoved, text, name);
            changes.push(change.before(shown));
        }
    }
}

fn say(twins: &Twins<'_>, side: Side, component: Component, kind: Kind, text: String, name: &str) -> Change {
    let at = twins.place(side, node(component), &format!("environment.{name}"));
    Change::new(kind, twins.subject(side, component), text)
        .part(name)
        .at(at)
}

fn changed(
    twins: &Twins<'_>,
    (old, was): (Component, &Value),
    (new, is): (Component, &Value),
    name: &str,
) -> Option<Change> {
    let (before, after) = (
        words::value(twins, Side::Before, was),
        words::value(twins, Side::After, is),
    );
    if twins.carried(&before) == after || follows(twins, old, new, name, (&before, &after)) {
        return None;
    }
    if was.sensitive() && is.text().is_some() && !is.parts().is_empty() {
        let text = format!("has the variable `{name}` as a text in the manifest, was a secret");
        let change = say(twins, Side::After, new, Kind::SecretInPlain, text, name);
        return Some(change.before(before));
    }
    let (before, after) = (words::masked(name, &before), words::masked(name, &after));
    let text = format!("has `{name}` {}", set_to(&before, &after));
    let change = say(twins, Side::After, new, Kind::VariableChanged, text, name);
    Some(change.values(before, after))
}

fn set_to(before: &str, after: &str) -> String {
    let words = words::was(before, after);
    if words.starts_with("other") {
        words
    } else {
        format!("set to {words}")
    }
}

/// Whether a value is other than before for a reason that is said elsewhere: a port of the component itself, its role,
/// or the component that the variable comes from.
fn follows(twins: &Twins<'_>, old: Component, new: Component, name: &str, values: (&str, &str)) -> bool {
    let port = |side: Side, component| {
        let workload = twins.program(side).workload(component);
        let port = workload.and_then(|workload| workload.ports.first());
        port.map(|port| port.number.to_string()).unwrap_or_default()
    };
    let roles = (twins.before.role(old), twins.after.role(new));
    match name {
        "PORT" => values.0 == port(Side::Before, old) && values.1 == port(Side::After, new),
        "SERVICE_NAME" => values == roles,
        _ => derived(twins, Side::After, new, name) && derived(twins, Side::Before, old, name),
    }
}

/// Whether a variable comes with the use of a component that is new, gone or changed, or whose use is.
fn derived(twins: &Twins<'_>, side: Side, component: Component, name: &str) -> bool {
    let other = match side {
        Side::Before => twins.after,
        Side::After => twins.before,
    };
    let partner = twins.other(side, component);
    twins.program(side).edges_from(component).any(|edge| {
        let Callee::Component(callee) = edge.to else {
            return false;
        };
        let prefix = prefix(twins.program(side).role(callee));
        let is_of = name
            .strip_prefix(&prefix)
            .is_some_and(|rest| rest.starts_with('_'));
        let twin = twins.other(side, callee).map(Callee::Component);
        let used = |component| other.edges_from(component).any(|edge| Some(edge.to) == twin);
        is_of && (twins.stirred(side, callee) || !partner.is_some_and(used))
    })
}

/// Whether a value is nothing but a secret that only this side has: that says who gets it.
fn lone_secret(twins: &Twins<'_>, side: Side, value: &Value) -> bool {
    let other = match side {
        Side::Before => twins.after,
        Side::After => twins.before,
    };
    let secret = value
        .secret()
        .and_then(|id| twins.program(side).secrets().get(id));
    secret.is_some_and(|secret| !other.secrets().iter().any(|(_, known)| known.name == secret.name))
}

/// What the variables of a role begin with.
fn prefix(role: &str) -> String {
    role.to_uppercase().replace('-', "_")
}
