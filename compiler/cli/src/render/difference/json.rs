//! Changes for programs, as members of the document that all commands print.

use super::{Files, Origin, Outcome, Told};
use crate::render::Colour;
use crate::render::tree::unified;
use exoc_diff::Entry;
use serde_json::{Map, Value, json};

/// The version of `diff`: it grows if a member changes its meaning or goes, not if one is added.
const VERSION: u32 = 1;

/// The member `diff`.
#[must_use]
pub fn members(told: &Told, files: Files) -> Map<String, Value> {
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
        "targets": told.outcomes.iter().map(|one| outcome(one, files)).collect::<Vec<_>>(),
    });
    let mut members = Map::new();
    members.insert("diff".to_owned(), diff);
    members
}

fn outcome(outcome: &Outcome, files: Files) -> Value {
    let Outcome {
        environment,
        target,
        consequences,
        files: differ,
    } = outcome;
    let resources = consequences.iter().map(|one| {
        json!({ "address": one.address, "effect": one.effect.word(), "because": one.because, "was": one.was })
    });
    let differ = differ.iter().map(|file| {
        let diff = || unified(&file.path, &file.contents, ("", ""), Colour::Plain);
        json!({ "path": file.path, "diff": (files == Files::Shown).then(diff) })
    });
    json!({
        "environment": environment,
        "target": target,
        "resources": resources.collect::<Vec<_>>(),
        "files": differ.collect::<Vec<_>>(),
    })
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
