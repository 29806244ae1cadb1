//! `exoc check`: compiles everything and writes nothing.

use super::{build, rendered};
use crate::args::{Check, Format, Global};
use crate::error::{CommandError, Exit};
use crate::render::counted;
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
    let (text, exit) = rendered(global, &application.prefix, &compilation, console);
    if console.format == Format::Json {
        console.result(&text)?;
        return Ok(exit);
    }
    console.aside(&text);
    if let Some(built) = compilation.product.filter(|_| exit == Exit::Fine) {
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
