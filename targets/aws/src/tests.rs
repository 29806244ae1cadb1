//! Tests of decisions, on the model; and of what files must keep, on the files.

mod edges;
mod entry;
mod faults;
mod files;
mod interface;
mod jobs;
mod lines;
mod networks;
mod operation;
mod placed;
mod ports;
mod printed;
mod printed_shared;
mod products;
mod release;
mod runbook;
mod secrets;
mod tasks;

use crate::model::{Model, Task};
use crate::support::{least_options, sources, span};
use crate::{Aws, plan};
use exoc_diagnostics::{Diagnostic, Node, Sink};
use exoc_ir::{Artifacts, Input, Program, Target};

fn input<'a>(program: &'a Program, options: &'a Node) -> Input<'a> {
    Input {
        program,
        options,
        patches: &[],
        application: "../../..",
        at: span(),
        sources: sources(),
        workers: &exoc_diagnostics::InTurn,
    }
}

/// The model of a program, with the options that must be there.
fn model(program: &Program) -> Model {
    let mut sink = Sink::new();
    match plan::plan(&input(program, &least_options()), &mut sink) {
        Ok(model) => model,
        Err(_) => panic!("{:#?}", sink.into_sorted()),
    }
}

/// What is reported about a program, and whether it was planned.
fn reported(program: &Program, options: &Node) -> (bool, Vec<Diagnostic>) {
    let mut sink = Sink::new();
    let planned = plan::plan(&input(program, options), &mut sink).is_ok();
    (planned, sink.into_sorted())
}

/// The messages of one code.
fn messages(reported: &[Diagnostic], code: &str) -> Vec<String> {
    reported
        .iter()
        .filter(|d| d.code.id == code)
        .map(|d| d.message.clone())
        .collect()
}

/// The files of a program.
fn files(program: &Program) -> Artifacts {
    files_with(program, &least_options())
}

/// The files of a program with some options.
fn files_with(program: &Program, options: &Node) -> Artifacts {
    let mut sink = Sink::new();
    match Aws.emit(&input(program, options), &mut sink) {
        Ok(artifacts) => artifacts,
        Err(_) => panic!("{:#?}", sink.into_sorted()),
    }
}

fn task<'a>(model: &'a Model, role: &str) -> &'a Task {
    model.tasks.iter().find(|task| task.role == role).unwrap()
}
