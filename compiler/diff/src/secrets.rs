//! Secrets: names and where their values come from. Passwords of dependencies come and go with those.

use crate::change::{Change, Kind, Subject, What};
use crate::twins::{Side, Twins};
use crate::words;
use exoc_ir::{Id, NodeId, Origin, Program, Secret};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) fn compare(twins: &Twins<'_>, changes: &mut Vec<Change>) {
    let (old, new) = (own(twins.before), own(twins.after));
    for (name, (id, secret)) in &new {
        let at = twins.place(Side::After, NodeId::Secret(*id), "");
        match old.get(name) {
            None => {
                let text = format!(
                    "is new{}; {}",
                    users(twins, Side::After, *id),
                    supply(&secret.origin)
                );
                changes.push(Change::new(Kind::SecretAdded, subject(name), text).at(at));
            }
            Some((_, was)) => changes.extend(changed(name, was, secret).map(|change| change.at(at))),
        }
    }
    for (name, (id, _)) in &old {
        if !new.contains_key(name) {
            let at = twins.place(Side::Before, NodeId::Secret(*id), "");
            let text = "is no longer used; its value may stay in the target's store";
            changes.push(Change::new(Kind::SecretRemoved, subject(name), text).at(at));
        }
    }
}

fn subject(name: &str) -> Subject {
    Subject {
        what: What::Secret,
        name: name.to_owned(),
    }
}

/// Those that the manifest names.
fn own(program: &Program) -> BTreeMap<&str, (Id<Secret>, &Secret)> {
    let secrets = program
        .secrets()
        .iter()
        .filter(|(_, secret)| match secret.origin {
            Origin::Supplied { .. } | Origin::Generated { .. } => true,
            Origin::PasswordOf(_) | Origin::AdministratorOf(_) => false,
        });
    secrets
        .map(|(id, secret)| (secret.name.as_str(), (id, secret)))
        .collect()
}

fn users(twins: &Twins<'_>, side: Side, id: Id<Secret>) -> String {
    let consumers = twins.program(side).consumers();
    let names: BTreeSet<&str> = consumers
        .get(&id)
        .into_iter()
        .flatten()
        .map(|component| twins.name(side, *component))
        .collect();
    match names.is_empty() {
        true => String::new(),
        false => format!(", for {}", words::names(names)),
    }
}

fn supply(origin: &Origin) -> String {
    match origin {
        Origin::Supplied {
            description: _,
            store: None,
        } => "somebody has to give it a value before it is deployed".to_owned(),
        Origin::Supplied {
            description: _,
            store: Some(store),
        } => {
            format!("it is in the target's store already, as {}", words::tick(store))
        }
        Origin::Generated {
            length,
            description: _,
        } => format!("it is made by itself, of {length} characters"),
        Origin::PasswordOf(_) | Origin::AdministratorOf(_) => String::new(),
    }
}

fn changed(name: &str, was: &Secret, is: &Secret) -> Option<Change> {
    let (old, new) = (supply(&was.origin), supply(&is.origin));
    if let (Some(old), Some(new)) = (was.length(), is.length())
        && old != new
    {
        let text = format!("is made of {new} characters, was {old}; one that is made already stays");
        let change = Change::new(Kind::SecretChanged, subject(name), text);
        return Some(change.values(old.to_string(), new.to_string()));
    }
    if old != new {
        let text = format!("comes from elsewhere: {new}");
        return Some(Change::new(Kind::SecretChanged, subject(name), text).values(old, new));
    }
    let description = |secret: &Secret| match &secret.origin {
        Origin::Supplied { description, .. } | Origin::Generated { description, .. } => description.clone(),
        Origin::PasswordOf(_) | Origin::AdministratorOf(_) => None,
    };
    (description(was) != description(is)).then(|| {
        let text = "is described in other words";
        Change::new(Kind::DescriptionChanged, subject(name), text)
    })
}
