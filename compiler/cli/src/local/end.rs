//! Leaving the engine as it was: what was started goes, what was there before stays.

use super::Session;
use crate::engine::{Container, State, docker, failed, refused};
use crate::error::CommandError;
use crate::process::Program;
use std::collections::BTreeSet;

/// What it means if containers do not go.
const ENDLESS: &str = "the containers cannot be removed";

/// What was there before something was started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Before {
    /// The services that had a container, whatever it did.
    made: BTreeSet<String>,
    /// Those of them that ran.
    running: BTreeSet<String>,
    volumes: BTreeSet<String>,
}

impl Before {
    /// Looks.
    ///
    /// # Errors
    ///
    /// If the engine does not say.
    pub fn look(session: &Session<'_>) -> Result<Self, CommandError> {
        let containers = session.project.containers(session.stop)?;
        Ok(Self {
            made: made(&containers),
            running: running(&containers),
            volumes: session.project.volumes(session.stop)?,
        })
    }

    /// Whether a part of the application ran already.
    #[must_use]
    pub fn is_up(&self) -> bool {
        !self.running.is_empty()
    }
}

fn made(containers: &[Container]) -> BTreeSet<String> {
    containers
        .iter()
        .map(|container| container.service.clone())
        .collect()
}

fn running(containers: &[Container]) -> BTreeSet<String> {
    let runs = |container: &&Container| match container.state {
        State::Running(_) | State::Restarting => true,
        State::Waiting | State::Ended(_) => false,
    };
    containers
        .iter()
        .filter(runs)
        .map(|container| container.service.clone())
        .collect()
}

/// Ends what was started since `before`. Volumes that are new are kept if the application worked, because they hold what
/// somebody did with it; of a start that was cut short they hold half of something, and go.
///
/// # Errors
///
/// If the engine refuses, or somebody asks for an end once more: then what is left is made to end at once.
pub fn take_back(session: &Session<'_>, before: &Before, worked: bool) -> Result<(), CommandError> {
    // The signal that led here is answered by this; the next one means haste.
    session.stop.forget();
    match gently(session, before) {
        Err(CommandError::Stopped(_)) => {
            session.stop.forget();
            at_once(session, before)?;
            gently(session, before)?;
        }
        other => other?,
    }
    if worked {
        Ok(())
    } else {
        without_volumes(session, before)
    }
}

/// Removes everything of the project, volumes too, for a start from nothing.
///
/// # Errors
///
/// If the engine refuses, or somebody asks for an end.
pub(super) fn clear(session: &Session<'_>) -> Result<(), CommandError> {
    let nothing = Before::default();
    gently(session, &nothing)?;
    without_volumes(session, &nothing)
}

fn without_volumes(session: &Session<'_>, before: &Before) -> Result<(), CommandError> {
    let volumes = session.project.volumes(session.stop)?;
    let new: Vec<&str> = volumes.difference(&before.volumes).map(String::as_str).collect();
    if new.is_empty() {
        return Ok(());
    }
    let removal = docker(["volume", "rm", "--force"]).with(new);
    ended(session, &removal, "the new volumes cannot be removed")
}

fn gently(session: &Session<'_>, before: &Before) -> Result<(), CommandError> {
    // Volumes that have no name belong to their container.
    let removal = session
        .project
        .compose(["--profile", "*", "rm", "--stop", "--force", "--volumes"]);
    if before.is_up() {
        let new = new(session, before)?;
        return if new.is_empty() {
            Ok(())
        } else {
            ended(session, &removal.with(new), ENDLESS)
        };
    }
    let down = session
        .project
        .compose(["--profile", "*", "down", "--remove-orphans"]);
    ended(session, &removal, ENDLESS)?;
    ended(session, &down, ENDLESS)
}

/// Ends what is new without waiting for its own end. What does not run any more is no fault.
fn at_once(session: &Session<'_>, before: &Before) -> Result<(), CommandError> {
    let kill = session.project.compose(["--profile", "*", "kill"]);
    let kill = if before.is_up() {
        let new = new(session, before)?;
        if new.is_empty() {
            return Ok(());
        }
        kill.with(new)
    } else {
        kill
    };
    kill.run(session.stop).map(drop).map_err(failed)
}

/// The services that have a container now and had none before, or run now and did not.
fn new(session: &Session<'_>, before: &Before) -> Result<BTreeSet<String>, CommandError> {
    let containers = session.project.containers(session.stop)?;
    let (made, running) = (made(&containers), running(&containers));
    let made = made.difference(&before.made);
    Ok(made.chain(running.difference(&before.running)).cloned().collect())
}

/// Runs what has to end well.
fn ended(session: &Session<'_>, program: &Program, fault: &str) -> Result<(), CommandError> {
    let finished = program.run(session.stop).map_err(failed)?;
    if finished.is_fine() {
        Ok(())
    } else {
        Err(refused(&finished, fault))
    }
}
