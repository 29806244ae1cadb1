//! Tests of the decisions: programs made by hand, compared with the model and never with its text.

mod development;
mod doors;
mod few_networks;
mod files;
mod networks;
mod start;
mod topics;
mod volumes;
mod workloads;

use super::plan;
use crate::model::{Model, Service};
use crate::testing::{Sketch, codes};
use exoc_diagnostics::Sink;

/// The model of a sketch that plans without an error, and the names of the notes.
fn planned_with_notes(sketch: Sketch) -> (Model, Vec<&'static str>) {
    let mut sink = Sink::new();
    let model = plan(&sketch.finish(), "../../..", &mut sink);
    let model = model.unwrap_or_else(|_| panic!("{:?}", sink.clone().into_sorted()));
    (model, codes(sink))
}

/// The model of a sketch that plans without an error.
fn planned(sketch: Sketch) -> Model {
    planned_with_notes(sketch).0
}

/// The names of the errors and notes of a sketch that must not plan.
fn refused(sketch: Sketch) -> Vec<&'static str> {
    let mut sink = Sink::new();
    assert!(plan(&sketch.finish(), "../../..", &mut sink).is_err());
    codes(sink)
}

fn service<'m>(model: &'m Model, name: &str) -> &'m Service {
    model
        .services
        .get(name)
        .unwrap_or_else(|| panic!("no service `{name}`"))
}

fn names(model: &Model) -> Vec<&str> {
    model.services.keys().map(String::as_str).collect()
}

fn set<const N: usize>(items: [&str; N]) -> std::collections::BTreeSet<String> {
    items.map(str::to_owned).into()
}
