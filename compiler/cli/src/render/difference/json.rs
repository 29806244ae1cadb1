//! Changes for programs, as members of the document that all commands print.

use super::{Origin, Told};
use exoc_diff::Entry;
use serde_json::{Map, Value, json};

/// The version of `diff`: it grows if a member changes its meaning or goes, not if one is added.
const VERSION: u32 = 1;

/// The member `diff`.
#[must_use]
pub fn members(told: &Told) -> Map<String, Value> {
    let from = match &told.origin {
        Origin::Commit {
            name,
            id,
            short: _,
            existed,
            moved,
        } => {
            json!({ "revision": name, "commit": id, "existed": existed, "folder": moved })
        }
        Origin::Environment { old, new: _ } => json!({ "environment": old }),
    };
    let changes: Vec<Value> = told.entries.iter().map(|entry| one(told, entry)).collect();
    let diff = json!({
        "version": VERSION,
        "application": told.application,
        "from": from,
        "environments": told.environments,
        "changes": changes,
    });
    let mut members = Map::new();
    members.insert("diff".to_owned(), diff);
    members
}

fn one(told: &Told, entry: &Entry) -> Value {
    let Entry {
        change,
        subjects,
        environments,
    } = entry;
    let subjects = subjects
        .iter()
        .map(|subject| json!({ "kind": subject.what.word(), "name": subject.name }));
    let place = told
        .place(change)
        .map(|(side, file, line)| json!({ "side": side, "file": file, "line": line }));
    json!({
        "kind": change.kind.word(),
        "weight": change.kind.weight().word(),
        "subjects": subjects.collect::<Vec<_>>(),
        "part": (!change.part.is_empty()).then_some(&change.part),
        "text": change.text,
        "before": change.before,
        "after": change.after,
        "environments": environments,
        "place": place,
    })
}
