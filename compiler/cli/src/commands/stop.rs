//! `exoc stop`: ends the application on this machine, and keeps its data.

use super::here::{Here, Values};
use crate::args::Global;
use crate::error::{CommandError, Exit};
use crate::local::{Before, take_back};
use crate::terminal::Console;

/// Runs the command.
///
/// # Errors
///
/// If the engine does not answer or refuses.
pub fn run(global: &Global, console: &Console) -> Result<Exit, CommandError> {
    let here = match Here::find(global, console, Values::Unneeded, &[])? {
        Ok(here) => here,
        Err(exit) => return Ok(exit),
    };
    // As if nothing had been there before: all of it goes, but for volumes.
    take_back(&here.session(), &Before::default(), true)?;
    console.progress("Stopped.");
    Ok(Exit::Fine)
}
