//! `exoc init`: an application for a folder that has none, or with `--ci` a workflow for one that has.

mod pipeline;
mod proposal;

use crate::args::{Global, Init};
use crate::error::{CommandError, Exit};
use crate::terminal::Console;

/// Runs the command.
///
/// # Errors
///
/// If there is an application where none should be or none where one should, or files stand in the way or cannot be
/// written.
pub fn run(global: &Global, init: &Init, console: &Console) -> Result<Exit, CommandError> {
    match init.ci {
        Some(ci) => pipeline::run(global, init, ci, console),
        None => proposal::run(global, init, console),
    }
}
