//! Leaving the engine as it was: what was started goes, what was there before stays.

use super::Session;
use crate::engine::{Container, State, docker, failed};
use crate::error::CommandError;
use crate::process::{Failure, Program};
use std::collections::BTreeSet;

/// What was there before something was started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Before {
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
        Ok(Self {
            running: running(&session.project.containers(session.stop)?),
            volumes: session.project.volumes(session.stop)?,
        })
    }

    /// Whether a part of the application ran already.
    #[must_use]
    pub fn is_up(&self) -> bool {
        !self.running.is_empty()
    }
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
        Err(Failure::Stopped(_)) => {
            session.stop.forget();
            all(session, [session.project.compose(["--profile", "*", "kill"])]).map_err(failed)?;
            gently(session, before).map_err(failed)?;
        }
        other => other.map_err(failed)?,
    }
    if worked {
        return Ok(());
    }
    let volumes = session.project.volumes(session.stop)?;
    let new = volumes.difference(&before.volumes).map(String::as_str);
    let new: Vec<&str> = new.collect();
    if !new.is_empty() {
        all(session, [docker(["volume", "rm", "--force"]).with(new)]).map_err(failed)?;
    }
    Ok(())
}

fn gently(session: &Session<'_>, before: &Before) -> Result<(), Failure> {
    // Volumes that have no name belong to their container.
    let removal = session
        .project
        .compose(["--profile", "*", "rm", "--stop", "--force", "--volumes"]);
    if before.is_up() {
        let now = session
            .project
            .containers(session.stop)
            .map(|it| running(&it))
            .unwrap_or_default();
        let new: Vec<&str> = now.difference(&before.running).map(String::as_str).collect();
        return if new.is_empty() {
            Ok(())
        } else {
            all(session, [removal.with(new)])
        };
    }
    let down = session
        .project
        .compose(["--profile", "*", "down", "--remove-orphans"]);
    all(session, [removal, down])
}

fn all(session: &Session<'_>, programs: impl IntoIterator<Item = Program>) -> Result<(), Failure> {
    for program in programs {
        let finished = program.run(session.stop)?;
        if !finished.is_fine() {
            let said = finished.last_lines(1).join("");
            return Err(Failure::Refused(program.shown(), said));
        }
    }
    Ok(())
}
