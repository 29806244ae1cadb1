//! `exoc dump`: shows what a stage of the compilation makes.

use super::show;
use crate::args::{Dump, Global, Stage};
use crate::disk;
use crate::error::{CommandError, Exit};
use crate::pipeline::{self, Compilation};
use crate::stub as exoc_lower;
use crate::terminal::Console;
use exoc_diagnostics::Sink;
use exoc_manifest::ast::Manifest;
use serde_json::Value;

/// Runs the command.
///
/// # Errors
///
/// If the application is not found, an environment is unknown, or the result cannot be printed.
pub fn run(global: &Global, dump: &Dump, console: &Console) -> Result<Exit, CommandError> {
    let application = disk::find(&global.directory)?;
    let compilation = match dump.stage {
        Stage::Ast => pipeline::with_manifest(&application.folder, &dump.environments, |manifest, _| {
            Some(readable(&format!("{manifest:#?}")))
        })?,
        Stage::Ir => pipeline::with_manifest(&application.folder, &dump.environments, |manifest, sink| {
            programs(manifest, &dump.environments, sink)
        })?,
    };
    let exit = show(global, &application.prefix, &compilation, console);
    if let Compilation { product: Some(text), .. } = &compilation {
        console.result(text)?;
    }
    Ok(exit)
}

/// The programs of the environments, all of them where none is named, as a JSON object.
fn programs(manifest: &Manifest, wanted: &[String], sink: &mut Sink) -> Option<String> {
    let mut programs = serde_json::Map::new();
    for environment in exoc_lower::environments(manifest) {
        if !wanted.is_empty() && !wanted.contains(&environment.name) {
            continue;
        }
        // All environments are lowered, so that the faults of all come out.
        if let Ok(program) = exoc_lower::lower(manifest, &environment.name, sink).finish(sink) {
            let value = serde_json::to_value(&program).unwrap_or(Value::Null);
            programs.insert(environment.name, value);
        }
    }
    sink.checkpoint().ok()?;
    serde_json::to_string_pretty(&programs).ok().map(|text| text + "\n")
}

/// A tree without the lines that only say that a key is absent.
///
/// A line that ends like this is never a user's text, which stands in quotes with its line breaks escaped.
fn readable(debug: &str) -> String {
    let absent = [": Absent,", ": {},", ": [],"];
    let kept = debug.lines().filter(|line| !absent.iter().any(|end| line.ends_with(end)));
    kept.map(|line| format!("{line}\n")).collect()
}
