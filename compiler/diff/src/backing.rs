//! What only dependencies have: product, version, size, how they bear losses.

use crate::change::{Change, Kind};
use crate::component::product;
use crate::twins::{Side, Twins};
use crate::words;
use exoc_ir::{Availability, Backing, Component, Engine, Existing, External, Id, Managed, NodeId, Resources};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// Makes a change of this kind with this text, at this field.
type Say<'s> = dyn Fn(Kind, String, &str) -> Change + 's;

pub(crate) fn compare(twins: &Twins<'_>, old: Id<Backing>, new: Id<Backing>, changes: &mut Vec<Change>) {
    let (Some(before), Some(after)) = (twins.before.backings().get(old), twins.after.backings().get(new))
    else {
        return;
    };
    let say = |kind, text: String, field: &str| {
        let at = twins.place(Side::After, NodeId::Backing(new), field);
        Change::new(kind, twins.subject(Side::After, Component::Backing(new)), text).at(at)
    };
    let Backing {
        role: _,     // said with components
        identity: _, // the same
        engine,
    } = after;
    match (&before.engine, engine) {
        (Engine::Managed(was), Engine::Managed(is)) if was.product == is.product => {
            managed(twins, was, is, &say, changes);
        }
        // What runs is compared as a workload.
        (Engine::Container(_), Engine::Container(_)) => {}
        (Engine::External(was), Engine::External(is)) => changes.extend(external(twins, was, is, &say)),
        (Engine::Existing(was), Engine::Existing(is)) if was.product == is.product => {
            changes.extend(existing(twins, was, is, &say));
        }
        (was, is) => {
            let (was, is) = (product(was), product(is));
            let text = format!("is now a {is}, was a {was}: no data moves from one to the other by itself");
            changes.push(say(Kind::TypeChanged, text, "type").values(was, is));
        }
    }
}

fn managed(twins: &Twins<'_>, was: &Managed, is: &Managed, say: &Say<'_>, changes: &mut Vec<Change>) {
    let Managed {
        product: _, // the same
        version,
        resources,
        storage,
        parameters,
        image,
        availability,
        backups,
        subscribes,
        database,
        username,
        password: _,      // made with it
        administrator: _, // made with it
    } = is;
    let word = is.product.word();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    if was.version != *version {
        let (old, new) = (text(&was.version), text(version));
        let (kind, more) = match later(&old, &new) {
            Ordering::Greater => (
                Kind::VersionLowered,
                ": no product reads the data of a later version",
            ),
            Ordering::Less | Ordering::Equal => (Kind::VersionRaised, ""),
        };
        let text = format!("is {word} {new}, was {old}{more}");
        changes.push(say(kind, text, "version").values(old, new));
    }
    sizes(was.resources, *resources, say, changes);
    if was.storage != *storage {
        let (old, new) = (was.storage.to_string(), storage.to_string());
        let (kind, more) = match storage < &was.storage {
            true => (
                Kind::StorageLowered,
                ": storage that holds data does not shrink in place",
            ),
            false => (Kind::StorageRaised, ""),
        };
        let text = format!("holds {new}, was {old}{more}");
        changes.push(say(kind, text, "storage").values(old, new));
    }
    settings(&was.parameters, parameters, say, changes);
    if was.image != *image {
        let shown = |image: &Option<exoc_ir::Reference>| match image {
            Some(reference) => reference.to_string(),
            None => "the usual image".to_owned(),
        };
        let (old, new) = (shown(&was.image), shown(image));
        let text = format!("runs {}", words::was(&old, &new));
        changes.push(say(Kind::ImageChanged, text, "image").values(old, new));
    }
    kept(
        (was.availability, *availability),
        (was.backups, *backups),
        say,
        changes,
    );
    account("database", &was.database, database, say, changes);
    account("username", &was.username, username, say, changes);
    subscriptions(twins, &was.subscribes, subscribes, say, changes);
}

fn settings(
    was: &BTreeMap<String, String>,
    parameters: &BTreeMap<String, String>,
    say: &Say<'_>,
    changes: &mut Vec<Change>,
) {
    let names: BTreeSet<&String> = was.keys().chain(parameters.keys()).collect();
    for name in names {
        let (old, new) = (was.get(name), parameters.get(name));
        if old != new {
            let shown = |value: Option<&String>| value.map(|value| words::masked(name, value));
            let (old, new) = (shown(old), shown(new));
            let text = match (&old, &new) {
                (Some(old), Some(new)) => {
                    format!("has the setting {} {}", words::tick(name), words::was(old, new))
                }
                (None, Some(new)) => format!(
                    "has the new setting {}, {}",
                    words::tick(name),
                    words::quoted(new)
                ),
                (_, None) => format!("no longer has the setting {}", words::tick(name)),
            };
            let change = say(Kind::ParametersChanged, text, &format!("parameters.{name}")).part(name);
            changes.push(change.values(old.unwrap_or_default(), new.unwrap_or_default()));
        }
    }
}

fn account(key: &str, old: &Option<String>, new: &Option<String>, say: &Say<'_>, changes: &mut Vec<Change>) {
    if old != new {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let (old, new) = (text(old), text(new));
        let text = format!(
            "has the {key} {}: what is there under the other name stays there",
            words::was(&old, &new)
        );
        changes.push(say(Kind::AccountChanged, text, key).part(key).values(old, new));
    }
}

fn subscriptions(
    twins: &Twins<'_>,
    was: &BTreeSet<Id<Backing>>,
    subscribes: &BTreeSet<Id<Backing>>,
    say: &Say<'_>,
    changes: &mut Vec<Change>,
) {
    let roles = |side: Side, ids: &BTreeSet<Id<Backing>>| -> BTreeSet<String> {
        let name = |id: &Id<Backing>| twins.name(side, Component::Backing(*id)).to_owned();
        ids.iter().map(name).collect()
    };
    let (old, new) = (roles(Side::Before, was), roles(Side::After, subscribes));
    for topic in new.difference(&old) {
        let text = format!("gets the messages of `{topic}`");
        changes.push(say(Kind::SubscriptionsChanged, text, "subscribes").part(topic));
    }
    for topic in old.difference(&new) {
        let text = format!("no longer gets the messages of `{topic}`");
        changes.push(say(Kind::SubscriptionsChanged, text, "subscribes").part(topic));
    }
}

fn sizes(was: Resources, is: Resources, say: &Say<'_>, changes: &mut Vec<Change>) {
    let Resources { cpu, memory } = is;
    if was.cpu != cpu {
        let (old, new) = (was.cpu.to_string(), cpu.to_string());
        let text = format!("gets {}, was {old}", words::cores(cpu));
        changes.push(say(Kind::CpuChanged, text, "cpu").values(old, new));
    }
    if was.memory != memory {
        let (old, new) = (was.memory.to_string(), memory.to_string());
        let text = format!("gets {new} of memory, was {old}");
        changes.push(say(Kind::MemoryChanged, text, "memory").values(old, new));
    }
}

/// How the loss of a server is borne, and how long backups are kept.
pub(crate) fn kept(
    availability: (Availability, Availability),
    backups: (Option<u32>, Option<u32>),
    say: &Say<'_>,
    changes: &mut Vec<Change>,
) {
    match availability {
        (Availability::Single, Availability::High) => {
            let text = "has a second server that takes over".to_owned();
            changes.push(say(Kind::AvailabilityRaised, text, "availability").values("single", "high"));
        }
        (Availability::High, Availability::Single) => {
            let text = "has no second server any more".to_owned();
            changes.push(say(Kind::AvailabilityLowered, text, "availability").values("high", "single"));
        }
        (Availability::Single, Availability::Single) | (Availability::High, Availability::High) => {}
    }
    let (old, new) = backups;
    if old == new {
        return;
    }
    let days = |days: Option<u32>| match days {
        Some(days) => words::counted(usize::try_from(days).unwrap_or(usize::MAX), "day", "days"),
        None => "as long as the target does by itself".to_owned(),
    };
    let kind = match (old, new) {
        (Some(old), Some(new)) if new < old => Kind::BackupsLowered,
        (_, Some(0)) => Kind::BackupsLowered,
        (_, _) => Kind::BackupsChanged,
    };
    let text = format!("has its backups kept {}, was {}", days(new), days(old));
    changes.push(say(kind, text, "backups").values(days(old), days(new)));
}

fn external(twins: &Twins<'_>, was: &External, is: &External, say: &Say<'_>) -> Option<Change> {
    let External {
        url,
        host: _,
        port: _,
    } = is;
    let old = words::value(twins, Side::Before, &was.url);
    let new = words::value(twins, Side::After, url);
    if twins.carried(&old) == new {
        return None;
    }
    let (old, new) = (words::masked("", &old), words::masked("", &new));
    let text = format!("is at {}", words::was(&old, &new));
    Some(say(Kind::AddressChanged, text, "url").values(old, new))
}

fn existing(twins: &Twins<'_>, was: &Existing, is: &Existing, say: &Say<'_>) -> Option<Change> {
    let Existing {
        product: _,
        attributes,
        hosts: _,
    } = is;
    let shown = |side, existing: &Existing| {
        let one = |(attribute, value): (&exoc_ir::Attribute, &exoc_ir::Value)| {
            (attribute.word(), words::value(twins, side, value))
        };
        existing.attributes.iter().map(one).collect::<Vec<_>>()
    };
    let (old, new) = (shown(Side::Before, was), shown(Side::After, is));
    if old == new {
        return None;
    }
    let differ = attributes
        .keys()
        .map(|attribute| attribute.word())
        .filter(|word| {
            old.iter().find(|(name, _)| name == word) != new.iter().find(|(name, _)| name == word)
        });
    let differ: Vec<&str> = differ.collect();
    let text = match differ.is_empty() {
        true => "has fewer attributes".to_owned(),
        false => format!("has another {}", words::names(differ)),
    };
    Some(say(Kind::AddressChanged, text, "existing"))
}

/// How the first version stands to the second: by numbers between dots, else by text.
fn later(one: &str, other: &str) -> Ordering {
    let numbers =
        |text: &str| -> Option<Vec<u32>> { text.split('.').map(|part| part.parse().ok()).collect() };
    match (numbers(one), numbers(other)) {
        (Some(one), Some(other)) => one.cmp(&other),
        (_, _) => one.cmp(other),
    }
}

#[cfg(test)]
mod tests {
    use super::later;
    use std::cmp::Ordering;

    #[test]
    fn versions_compare_by_numbers() {
        assert_eq!(later("9.6", "10"), Ordering::Less);
        assert_eq!(later("17", "16"), Ordering::Greater);
        assert_eq!(later("8.0", "8.0.1"), Ordering::Less);
    }
}
