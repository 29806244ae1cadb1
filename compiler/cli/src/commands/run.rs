//! `exoc run`: the application on this machine, from files to an end that leaves nothing behind.

use super::here::{Here, Values};
use crate::args::{Global, Run};
use crate::error::{CommandError, Exit};
use crate::local::{self, Before, Images, Session};
use crate::terminal::Console;
use exoc_ir::Program;

/// How often an application steps aside for others that take the same port while it starts.
const MOVES: usize = 10;

/// Runs the command.
///
/// # Errors
///
/// If the engine does not answer, something cannot be built, does not start or does not become healthy, or a signal
/// comes before the application works. Whatever was started is ended first.
pub fn run(global: &Global, run: &Run, console: &Console) -> Result<Exit, CommandError> {
    let mut here = match Here::find(global, console, Values::Needed, &run.services)? {
        Ok(here) => here,
        Err(exit) => return Ok(exit),
    };
    if !run.dry_run
        && let Some(moved) = move_away(&here, global)?
    {
        here = moved;
    }
    let session = here.session();
    let images = if run.build { Images::Anew } else { Images::Changed };
    if run.dry_run {
        let commands = local::planned(&session, images);
        let lines: String = commands.iter().map(|command| format!("{command}\n")).collect();
        console.result(&lines)?;
        return Ok(Exit::Fine);
    }
    let before = Before::look(&session)?;
    if let Err(error) = local::build(&session, images) {
        return Err(ended(&session, &before, false, error));
    }
    for _ in 0..MOVES {
        let error = match local::start(&here.session()) {
            Ok(()) => return follow(&here, run, &before, console),
            Err(error) => error,
        };
        // Somebody may have taken the port in the meantime.
        if matches!(error, CommandError::Stopped(_)) {
            return Err(ended(&here.session(), &before, false, error));
        }
        match move_away(&here, global) {
            Ok(Some(moved)) => {
                if let Err(error) = local::release(&here.session()) {
                    return Err(ended(&here.session(), &before, false, error));
                }
                here = moved;
            }
            Ok(None) => return Err(ended(&here.session(), &before, false, error)),
            Err(_) => {
                let error = ended(&here.session(), &before, false, error);
                // With its own containers gone, whoever has a port is somebody else.
                return Err(move_away(&here, global).err().unwrap_or(error));
            }
        }
    }
    let message = "other applications take every port as soon as it is found free";
    let error = CommandError::surroundings(message, "start this one again when they stand");
    Err(ended(&here.session(), &before, false, error))
}

/// The application with another port where HTTP enters, if its own is another application's.
fn move_away<'a>(here: &Here<'a>, global: &Global) -> Result<Option<Here<'a>>, CommandError> {
    let http = exoc_compose::http_port(&here.local.program);
    match local::free_port(&here.session(), http)? {
        Some(port) => Ok(here.at(global, port)?.ok()),
        None => Ok(None),
    }
}

/// From an application that works to its end.
fn follow(here: &Here<'_>, run: &Run, before: &Before, console: &Console) -> Result<Exit, CommandError> {
    let session = &here.session();
    if let Err(error) = tell_addresses(&here.local.program, session, console) {
        return Err(ended(session, before, true, error));
    }
    if run.detach {
        return Ok(Exit::Fine);
    }
    if before.is_up() {
        console.progress("It ran before: Ctrl-C leaves that running, `exoc stop` ends it.");
    }
    match local::follow(session) {
        Ok(()) => {
            console.progress("Nothing is left to follow.");
            local::take_back(session, before, true)?;
            Ok(Exit::Fine)
        }
        Err(CommandError::Stopped(_)) => {
            console.progress("Stopping.");
            local::take_back(session, before, true)?;
            Ok(Exit::Fine)
        }
        Err(error) => Err(ended(session, before, true, error)),
    }
}

/// The fault that ended a run, after what was started is gone.
fn ended(session: &Session<'_>, before: &Before, worked: bool, error: CommandError) -> CommandError {
    match local::take_back(session, before, worked) {
        Ok(()) => error,
        Err(other) => {
            session.console.error(&error);
            other
        }
    }
}

fn tell_addresses(program: &Program, session: &Session<'_>, console: &Console) -> Result<(), CommandError> {
    let all = exoc_compose::addresses(program);
    let here: Vec<_> = all.iter().filter(|(role, _)| session.means(role)).collect();
    let width = here.iter().map(|(role, _)| role.len()).max().unwrap_or_default();
    let colour = console.out_colour();
    let line = |(role, address): &&(String, String)| format!("{role:<width$}  {}\n", colour.green(address));
    console.result(&here.iter().map(line).collect::<String>())
}
