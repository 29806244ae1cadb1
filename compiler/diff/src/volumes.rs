//! Volumes: shared ones, and those that a component has to itself.

use crate::backing::kept;
use crate::change::{Change, Kind, Subject, What};
use crate::twins::{Side, Twin, Twins};
use exoc_ir::{Bytes, Component, Id, NodeId, Owner, Volume};

pub(crate) fn compare(twins: &Twins<'_>, changes: &mut Vec<Change>) {
    for twin in &twins.volumes {
        match *twin {
            Twin::Both(old, new) => both(twins, old, new, changes),
            Twin::Gone(id) => changes.extend(one(twins, Side::Before, id)),
            Twin::New(id) => changes.extend(one(twins, Side::After, id)),
        }
    }
}

/// Who has it, and what it is called there; a shared one is its own subject.
fn subject(twins: &Twins<'_>, side: Side, volume: &Volume) -> (Subject, String) {
    match &volume.owner {
        Owner::Shared { role, .. } => {
            let subject = Subject {
                what: What::Volume,
                name: role.clone(),
            };
            (subject, String::new())
        }
        Owner::Component { component, name } => (twins.subject(side, *component), name.clone()),
    }
}

fn one(twins: &Twins<'_>, side: Side, id: Id<Volume>) -> Option<Change> {
    let volume = twins.program(side).volumes().get(id)?;
    let (subject, name) = subject(twins, side, volume);
    let what = match &volume.owner {
        Owner::Shared { .. } => None,
        Owner::Component { component, name: _ } => {
            let lone = twins.other(side, *component).is_none();
            // A component that is new says what it keeps.
            if lone && side == Side::After {
                return None;
            }
            // The data of a managed dependency is no volume of the program's.
            debug_assert!(matches!(component, Component::Service(_) | Component::Backing(_)));
            Some(format!("the volume `{name}`"))
        }
    };
    let (kind, text) = match (side, what) {
        (Side::After, None) => (
            Kind::VolumeAdded,
            format!("is a new shared volume{}", size(volume)),
        ),
        (Side::After, Some(what)) => (
            Kind::VolumeAdded,
            format!("has {what}, which is new{}", size(volume)),
        ),
        (Side::Before, None) => (Kind::VolumeRemoved, "is gone, and its data with it".to_owned()),
        (Side::Before, Some(what)) => (
            Kind::VolumeRemoved,
            format!("no longer has {what}, and its data goes"),
        ),
    };
    let at = twins.place(side, NodeId::Volume(id), "");
    Some(Change::new(kind, subject, text).part(name).at(at))
}

fn size(volume: &Volume) -> String {
    volume.size.map(|size| format!(", of {size}")).unwrap_or_default()
}

fn both(twins: &Twins<'_>, old: Id<Volume>, new: Id<Volume>, changes: &mut Vec<Change>) {
    let (Some(before), Some(after)) = (twins.before.volumes().get(old), twins.after.volumes().get(new))
    else {
        return;
    };
    let Volume { owner, size, writer } = after;
    let (subject, name) = subject(twins, Side::After, after);
    let say = |kind, text: String, field: &str| {
        let at = twins.place(Side::After, NodeId::Volume(new), field);
        Change::new(kind, subject.clone(), text)
            .part(name.as_str())
            .at(at)
    };
    if before.size != *size {
        let shown = |size: Option<Bytes>| {
            size.map_or_else(|| "what the target gives".to_owned(), |size| size.to_string())
        };
        let lower = matches!((before.size, size), (Some(old), Some(new)) if *new < old);
        let (kind, more) = match lower {
            true => (
                Kind::StorageLowered,
                ": storage that holds data does not shrink in place",
            ),
            false => (Kind::StorageRaised, ""),
        };
        let (was, is) = (shown(before.size), shown(*size));
        let whole = if name.is_empty() {
            String::new()
        } else {
            format!("in `{name}` ")
        };
        let text = format!("holds {whole}{is}, was {was}{more}");
        changes.push(say(kind, text, "size").values(was, is));
    }
    if let (
        Owner::Shared {
            role: was,
            identity: old_identity,
            availability: was_availability,
            backups: was_backups,
        },
        Owner::Shared {
            role,
            identity,
            availability,
            backups,
        },
    ) = (&before.owner, owner)
    {
        if old_identity != identity {
            let text = format!(
                "is a new one: its data stays with `{old_identity}`; keep it with `was: {old_identity}`"
            );
            changes.push(say(Kind::IdentityChanged, text, "was"));
        } else if was != role {
            let text = format!("was called `{was}`: it has moved, and keeps its data");
            changes.push(say(Kind::Renamed, text, "was").values(was, role));
        }
        kept(
            (*was_availability, *availability),
            (*was_backups, *backups),
            &say,
            changes,
        );
    }
    // Who writes it changes with the user of whoever mounts it, which says so.
    let _ = writer;
}
