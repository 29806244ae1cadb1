//! `exoc completions`: what a shell is told once.

use crate::args::Completions;
use crate::complete;
use crate::error::{CommandError, Exit};
use crate::terminal::Console;

/// Runs the command.
///
/// # Errors
///
/// If it cannot be printed.
pub fn run(completions: Completions, console: &Console) -> Result<Exit, CommandError> {
    let text = complete::registration(completions.shell.name())
        .map_err(|error| CommandError::Printing(error.to_string()))?;
    console.result(&text)?;
    Ok(Exit::Fine)
}
