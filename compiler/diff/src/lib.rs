//! Two programs -> what changed between them, in terms of the application: a service that may now connect to another, a
//! door that was opened, data that goes. Knows no target, no file and no revision; who asks says what the two sides are.
//!
//! | Part | Where |
//! |---|---|
//! | what a change is, every kind of it, and how much it weighs | [`Change`], [`Kind`], [`Weight`] |
//! | which component of one side is which of the other | `twins` |
//! | one family of changes per file | `application`, `component`, `workload`, `variables`, `service`, `doors`, `edges`, `backing`, `volumes`, `secrets` |
//! | what a change does to the things that a target makes | [`consequences`] |
//! | how values and numbers read | `words` |
//! | the same change in several environments or components | [`gathered`] |
//!
//! # What is compared
//!
//! A component is the same on both sides if its identity is: one that was renamed with `was` has moved, and one whose
//! identity changed has left its data behind. What follows from another change is not said again: variables that come
//! with an edge, edges of a component that is new, addresses that hold a port which another one changed.
//!
//! # What is never shown
//!
//! A program holds no secrets. Texts that look like a credential are masked all the same: an earlier revision may hold one.

mod application;
mod backing;
mod change;
mod component;
mod consequence;
mod doors;
mod edges;
mod gather;
mod secrets;
mod service;
mod twins;
mod variables;
mod volumes;
mod words;
mod workload;

pub use change::{Change, Kind, Place, Subject, Weight, What};
pub use consequence::{Consequence, Effect, consequences};
pub use gather::{Entry, gathered};

use exoc_ir::{NodeId, Program};
use twins::Twins;

/// What changed from one program to another, worst first.
#[must_use]
pub fn compare(before: &Program, after: &Program) -> Vec<Change> {
    let twins = Twins::new(before, after);
    let mut changes = Vec::new();
    application::compare(&twins, &mut changes);
    component::compare(&twins, &mut changes);
    edges::compare(&twins, &mut changes);
    doors::compare(&twins, &mut changes);
    volumes::compare(&twins, &mut changes);
    secrets::compare(&twins, &mut changes);
    changes.sort_by(|one, other| one.order().cmp(&other.order()));
    changes
}

/// What is said of an environment that is new.
#[must_use]
pub fn new_environment(after: &Program) -> Change {
    Change::new(
        Kind::EnvironmentAdded,
        application::environment(after),
        format!("is new, with {}", words::contents(after)),
    )
    .at(Place::After(after.at(NodeId::Environment, "")))
}

/// What is said of an environment that is gone.
#[must_use]
pub fn gone_environment(before: &Program) -> Change {
    let text = format!(
        "is gone, with {}; what runs there has to be taken down by hand",
        words::contents(before)
    );
    Change::new(Kind::EnvironmentRemoved, application::environment(before), text)
        .at(Place::Before(before.at(NodeId::Environment, "")))
}
