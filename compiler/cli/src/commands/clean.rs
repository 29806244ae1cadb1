//! `exoc clean`: removes what the application made on this machine, and nothing else.

use super::here::{Here, Values};
use crate::args::{Clean, Global};
use crate::engine::{failed, refused};
use crate::error::{CommandError, Exit};
use crate::local::{Before, Session, take_back};
use crate::render::counted;
use crate::terminal::Console;
use std::collections::BTreeSet;

/// Runs the command.
///
/// # Errors
///
/// If the engine does not answer or refuses.
pub fn run(global: &Global, clean: &Clean, console: &Console) -> Result<Exit, CommandError> {
    let here = match Here::find(global, console, Values::Unneeded, &[])? {
        Ok(here) => here,
        Err(exit) => return Ok(exit),
    };
    let session = here.session();
    take_back(&session, &Before::default(), true)?;
    let images = images(&session)?;
    let volumes = here.project().volumes(&here.stop)?;
    let mut sentence = "Containers and networks removed".to_owned();
    if images > 0 {
        sentence.push_str(&format!(", {} too", counted(images, "image")));
    }
    if !volumes.is_empty() {
        let list: Vec<&str> = volumes.iter().map(String::as_str).collect();
        let question = format!(
            "Remove {} with all data: {}?",
            counted(list.len(), "volume"),
            list.join(", ")
        );
        if clean.volumes || console.asks(&question, &here.stop).map_err(failed)? {
            let program = crate::engine::docker(["volume", "rm"]).with(list.iter().copied());
            let finished = program.run(&here.stop).map_err(failed)?;
            if !finished.is_fine() {
                return Err(refused(&finished, "the volumes cannot be removed"));
            }
            sentence.push_str(&format!(", and {}", counted(list.len(), "volume")));
        } else {
            sentence.push_str(&format!("; {} kept", counted(list.len(), "volume")));
        }
    }
    console.progress(&format!("{sentence}."));
    Ok(Exit::Fine)
}

/// Removes the images that were built for the application and that no container uses, and counts them.
fn images(session: &Session<'_>) -> Result<usize, CommandError> {
    let services = session.model.services.values().filter(|service| service.is_built);
    let built: BTreeSet<&str> = services.map(|service| service.image.as_str()).collect();
    let mut count = 0;
    for image in built {
        let program = crate::engine::docker(["image", "rm", image]);
        // One that was never built, or that another checkout uses, stays.
        if program.run(session.stop).map_err(failed)?.is_fine() {
            count += 1;
        }
    }
    Ok(count)
}
