//! `exoc build`: compiles everything, then writes.

use super::rendered;
use crate::args::{Build, Format, Global, Select};
use crate::disk::{self, Application, Tree, Written};
use crate::error::{CommandError, Exit};
use crate::generated;
use crate::pipeline::{self, Compilation};
use crate::registry::TARGETS;
use crate::render::{self, Colour, counted};
use crate::terminal::Console;
use exoc_lower::{Output, Selection};
use std::path::Path;

/// Runs the command.
///
/// # Errors
///
/// If the application is not found, a name is unknown, or the files cannot be written.
pub fn run(global: &Global, build: &Build, console: &Console) -> Result<Exit, CommandError> {
    let (application, tree, compilation) = compile(global, &build.select, build.out.as_deref())?;
    let (text, exit) = rendered(global, &application.prefix, &compilation, console);
    if console.format != Format::Json {
        console.aside(&text);
    }
    let outputs = compilation.product.as_deref().filter(|_| exit == Exit::Fine);
    let written = outputs.map(|outputs| write(&tree, outputs)).transpose();
    if console.format == Format::Json {
        let paths = written
            .as_ref()
            .ok()
            .and_then(Option::as_ref)
            .map(|written| written.paths.as_slice());
        console.result(&render::json::with_files(&text, paths.unwrap_or_default()))?;
        return written.map(|_| exit);
    }
    if let Some(written) = written? {
        console.result(&list(&written, console.out_colour()))?;
        console.progress(&format!(
            "{} written, {} unchanged.",
            counted(written.paths.len(), "file"),
            written.unchanged
        ));
    }
    Ok(exit)
}

/// Finds, reads and compiles the application; looks at the output folder and touches nothing.
pub(super) fn compile(
    global: &Global,
    select: &Select,
    out: Option<&Path>,
) -> Result<(Application, Tree, Compilation<Vec<Output>>), CommandError> {
    let application = disk::find(&global.directory)?;
    let tree = Tree::new(&application, out)?;
    let Select {
        environments,
        targets,
    } = select.clone();
    let selection = Selection {
        environments,
        targets,
    };
    let place = |environment: &str, target: &str| tree.application(environment, target);
    let compilation = pipeline::compile(&application.folder, &selection, TARGETS, &place)?;
    Ok((application, tree, compilation))
}

fn write(tree: &Tree, outputs: &[Output]) -> Result<Written, CommandError> {
    tree.write(&generated::files(outputs)?)
}

/// One line for each written file; with colours the file's name stands out from its folder.
fn list(written: &Written, colour: Colour) -> String {
    let line = |path: &String| match path.rsplit_once('/') {
        Some((folder, name)) => format!("{}{}\n", colour.dim(&format!("{folder}/")), colour.green(name)),
        None => format!("{}\n", colour.green(path)),
    };
    written.paths.iter().map(line).collect()
}
