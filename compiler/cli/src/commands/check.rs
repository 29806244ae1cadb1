//! `exoc check`: compiles everything and writes nothing.

use super::{Reported, build};
use crate::args::{Check, Global};
use crate::error::{CommandError, Exit};
use crate::render::{Ending, counted};
use crate::terminal::Console;
use exoc_lower::Output;
use std::collections::BTreeSet;

/// Runs the command.
///
/// # Errors
///
/// If the application is not found or a name is unknown.
pub fn run(global: &Global, check: &Check, console: &Console) -> Result<Exit, CommandError> {
    let environment = |output: Output| output.environment;
    let (application, _, compilation) =
        build::compile(global, &check.select, check.out.as_deref(), None, environment)?;
    let (reported, product) = Reported::of(global, &check.select, &application, compilation, console);
    let exit = reported.exit();
    if let Some(document) = console.format.document() {
        console.result(&reported.document(document, &[], None, Ending::Checked, console))?;
        return Ok(exit);
    }
    reported.tell(console);
    if let Some(built) = product.filter(|_| exit == Exit::Fine) {
        let outputs = built.len();
        let environments = built.into_iter().collect::<BTreeSet<String>>().len();
        console.progress(&format!(
            "{} in {} checked.",
            counted(outputs, "output"),
            counted(environments, "environment")
        ));
    }
    Ok(exit)
}
