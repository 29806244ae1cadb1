//! `exoc shell`: a command in a running service, with this terminal.

use super::here::{Here, Values};
use crate::args::{Global, Shell};
use crate::engine::{State, failed};
use crate::error::{CommandError, Exit};
use crate::terminal::Console;
use std::io::IsTerminal;

/// Runs the command.
///
/// # Errors
///
/// If the service does not run or does not exist, or the engine does not answer.
pub fn run(global: &Global, shell: &Shell, console: &Console) -> Result<Exit, CommandError> {
    let Shell { service, command } = shell;
    let here = match Here::find(global, console, Values::Unneeded, std::slice::from_ref(service))? {
        Ok(here) => here,
        Err(exit) => return Ok(exit),
    };
    let containers = here.project().containers(&here.stop)?;
    let runs = containers.iter().any(|container| match container.state {
        State::Running(_) => container.service == *service,
        State::Waiting | State::Ended(_) | State::Restarting => false,
    });
    if !runs {
        return Err(CommandError::Failed {
            message: format!("`{service}` does not run"),
            help: vec![format!("`exoc run --detach {service}` starts it")],
        });
    }
    let terminal = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    let without: &[&str] = if terminal { &[] } else { &["--no-TTY"] };
    let default = ["sh".to_owned()];
    let words = if command.is_empty() {
        &default
    } else {
        command.as_slice()
    };
    let program = here
        .project()
        .compose(["exec"])
        .with(without.iter().copied())
        .with([service.as_str()])
        .with(words.iter().map(String::as_str));
    let code = program.attached(&here.stop).map_err(failed)?;
    Ok(match code.map(u8::try_from) {
        Some(Ok(0)) => Exit::Fine,
        Some(Ok(code)) => Exit::Passed(code),
        Some(Err(_)) | None => Exit::Surroundings,
    })
}
