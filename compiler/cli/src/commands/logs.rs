//! `exoc logs`: what the services of the running application say.

use super::here::{Here, Values};
use crate::args::{Global, Logs};
use crate::engine::{failed, refused};
use crate::error::{CommandError, Exit};
use crate::local::Names;
use crate::process::{Asked, Failure, Stream};
use crate::terminal::{Console, Reader};

/// Runs the command.
///
/// # Errors
///
/// If the engine does not answer or refuses, or there is no such service.
pub fn run(global: &Global, logs: &Logs, console: &Console) -> Result<Exit, CommandError> {
    // What a service waits for is not meant here.
    let here = match Here::find(global, console, Values::Unneeded, &[])? {
        Ok(here) => here,
        Err(exit) => return Ok(exit),
    };
    let session = here.session();
    crate::local::wanted(session.model, &logs.services)?;
    let own = session.model.services.iter().filter(|(name, service)| {
        !service.is_companion() && (logs.services.is_empty() || logs.services.contains(name))
    });
    let services: Vec<&str> = own.map(|(name, _)| name.as_str()).collect();
    let names = Names::new(services.iter().copied(), console.out_colour());
    let tail = logs
        .tail
        .map_or_else(|| "all".to_owned(), |tail| tail.to_string());
    let follow: &[&str] = if logs.follow { &["--follow"] } else { &[] };
    let program = here
        .project()
        .compose(["--profile", "*", "logs", "--no-color", "--tail", &tail])
        .with(follow.iter().copied())
        .with(services);
    let mut printed = Ok(Reader::There);
    let finished = program.follow(&here.stop, |line| {
        if line.stream == Stream::Out && matches!(printed, Ok(Reader::There)) {
            printed = console.stream(&names.line(&line.text).unwrap_or_default());
            if !matches!(printed, Ok(Reader::There)) {
                here.stop.ask(Asked::HangUp);
            }
        }
    });
    if printed? == Reader::Gone {
        return Ok(Exit::Fine);
    }
    match finished {
        Ok(finished) if finished.is_fine() => Ok(Exit::Fine),
        Ok(finished) => Err(refused(&finished, "the engine gives no logs")),
        // That is how following ends.
        Err(Failure::Stopped(_)) if logs.follow => Ok(Exit::Fine),
        Err(failure) => Err(failed(failure)),
    }
}
