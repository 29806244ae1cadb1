//! The same change in several environments and of several components, as one line.

use crate::change::{Change, Kind, Subject, What};
use std::collections::BTreeSet;

/// A change, with everything that it is true of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The change, as the first subject and environment has it.
    pub change: Change,
    /// All subjects, in the order of their names.
    pub subjects: Vec<Subject>,
    /// All environments, in the order in which they were compared.
    pub environments: Vec<String>,
}

/// The changes of environments, worst first, each once.
///
/// What is opened to the internet is not said again for a developer's machine.
#[must_use]
pub fn gathered(environments: &[(String, Vec<Change>)]) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for (environment, changes) in environments {
        for change in changes {
            let same =
                |entry: &&mut Entry| alike(&entry.change, change) && entry.change.subject == change.subject;
            match entries.iter_mut().find(same) {
                Some(entry) => entry.environments.push(environment.clone()),
                None => entries.push(Entry {
                    change: change.clone(),
                    subjects: vec![change.subject.clone()],
                    environments: vec![environment.clone()],
                }),
            }
        }
    }
    let opened: BTreeSet<(Subject, String)> = entries
        .iter()
        .filter(|entry| entry.change.kind == Kind::Opened)
        .map(|entry| (entry.change.subject.clone(), entry.change.part.clone()))
        .collect();
    let told = |entry: &Entry| {
        let door = (entry.change.subject.clone(), entry.change.part.clone());
        entry.change.kind == Kind::RouteAdded && opened.contains(&door)
    };
    entries.retain(|entry| !told(entry));
    let mut joined: Vec<Entry> = Vec::new();
    for entry in entries {
        let same = |other: &&mut Entry| {
            alike(&other.change, &entry.change) && other.environments == entry.environments
        };
        match joined.iter_mut().find(same) {
            Some(other) => other.subjects.extend(entry.subjects),
            None => joined.push(entry),
        }
    }
    for entry in &mut joined {
        entry.subjects.sort_by(|one, other| one.name.cmp(&other.name));
        entry.subjects.dedup();
    }
    joined.sort_by(|one, other| one.change.order().cmp(&other.change.order()));
    joined
}

/// Whether two changes say the same of their subjects.
fn alike(one: &Change, other: &Change) -> bool {
    let kind = |change: &Change| match change.subject.what {
        What::Job => What::Service,
        what @ (What::Application
        | What::Environment
        | What::Service
        | What::Dependency
        | What::Volume
        | What::Secret) => what,
    };
    (one.kind, &one.text, kind(one)) == (other.kind, &other.text, kind(other))
}
