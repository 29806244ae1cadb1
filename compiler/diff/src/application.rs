//! The application and its environment.

use crate::change::{Change, Kind, Subject, What};
use crate::twins::{Side, Twins};
use crate::words;
use exoc_ir::{App, Environment, NodeId, Program};

pub(crate) fn environment(program: &Program) -> Subject {
    Subject {
        what: What::Environment,
        name: program.environment().name.clone(),
    }
}

pub(crate) fn compare(twins: &Twins<'_>, changes: &mut Vec<Change>) {
    let App {
        name,
        description,
        owner,
    } = twins.after.app();
    let was = twins.before.app();
    let subject = Subject {
        what: What::Application,
        name: name.clone(),
    };
    let mut say = |kind, text: String, field, values: (&str, &str)| {
        let at = twins.place(Side::After, NodeId::App, field);
        changes.push(
            Change::new(kind, subject.clone(), text)
                .values(values.0, values.1)
                .at(at),
        );
    };
    if was.name != *name {
        let text = format!(
            "is called `{name}`, was `{}`: everything that is named after it is made anew, and its data stays behind",
            was.name
        );
        say(Kind::ApplicationRenamed, text, "name", (&was.name, name));
    }
    let optional = |text: &Option<String>| text.clone().unwrap_or_default();
    if was.owner != *owner {
        let (old, new) = (optional(&was.owner), optional(owner));
        let text = match (&was.owner, owner) {
            (_, None) => format!("no longer has an owner, was `{old}`"),
            (None, Some(_)) => format!("is owned by `{new}`"),
            (Some(_), Some(_)) => format!("is owned by {}", words::was(&old, &new)),
        };
        say(Kind::OwnerChanged, text, "owner", (&old, &new));
    }
    if was.description != *description {
        let (old, new) = (optional(&was.description), optional(description));
        say(
            Kind::DescriptionChanged,
            "is described in other words".to_owned(),
            "description",
            (&old, &new),
        );
    }
    let (old, new) = (twins.before.registry(), twins.after.registry());
    if old != new {
        let text = match new {
            Some(new) => format!("keeps built images in {}", was_some(old, new)),
            None => "names no registry for built images any more".to_owned(),
        };
        let values = (old.unwrap_or_default(), new.unwrap_or_default());
        say(Kind::RegistryChanged, text, "registry", values);
    }
    domain(twins, changes);
}

fn was_some(old: Option<&str>, new: &str) -> String {
    match old {
        Some(old) => words::was(old, new),
        None => words::quoted(new),
    }
}

fn domain(twins: &Twins<'_>, changes: &mut Vec<Change>) {
    let Environment {
        name: _,      // what was asked for
        local: _,     // follows from the name
        http_port: _, // of the machine that asks
        domain,
    } = twins.after.environment();
    let was = &twins.before.environment().domain;
    if was == domain {
        return;
    }
    let text = match (was, domain) {
        (_, None) => "has no domain any more".to_owned(),
        (old, Some(new)) => format!("has the domain {}", was_some(old.as_deref(), new)),
    };
    let at = twins.place(Side::After, NodeId::Environment, "domain");
    let change = Change::new(Kind::DomainChanged, environment(twins.after), text);
    let values = (
        was.clone().unwrap_or_default(),
        domain.clone().unwrap_or_default(),
    );
    changes.push(change.values(values.0, values.1).at(at));
}
