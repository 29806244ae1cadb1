//! Jobs that were named, and nothing else: what they say until they end, and what came of them.

use super::Session;
use super::follow::{Names, runs};
use crate::engine::{Container, State, docker, failed};
use crate::error::CommandError;
use crate::process::{Failure, Line, Next, next};
use crate::terminal::Reader;
use std::sync::mpsc;
use std::time::Duration;

/// How often it is looked up whether somebody asks for an end.
const GLANCE: Duration = Duration::from_millis(100);

/// Follows the jobs until all have ended, or nobody reads what is printed.
///
/// # Errors
///
/// If one fails, the engine refuses, or somebody asked for an end.
pub(super) fn follow(session: &Session<'_>) -> Result<(), CommandError> {
    let errands = session.errands();
    let names = Names::new(errands.iter().copied(), session.console.out_colour());
    let jobs = containers(session, &errands)?;
    let (sender, lines) = mpsc::channel();
    let mut followed = Vec::new();
    for (from, job) in jobs.iter().enumerate() {
        // The engine's own logs end with a container, and at once if it has ended; those of compose do not.
        let logs = docker(["logs", "--follow", &job.id]);
        followed.push(logs.start(from, &sender).map_err(failed)?);
    }
    drop(sender);
    loop {
        match next(&lines, GLANCE) {
            Next::Line(Line {
                from,
                stream: _,
                text,
            }) => {
                let service = jobs.get(from).map(|job| job.service.as_str());
                let line = names.line(&format!("{}-1 | {text}", service.unwrap_or_default()));
                if session.console.stream(&line.unwrap_or_default())? == Reader::Gone {
                    return Ok(());
                }
            }
            Next::Nothing => {}
            Next::End => break,
        }
        if let Some(asked) = session.stop.asked() {
            return Err(failed(Failure::Stopped(asked)));
        }
    }
    loop {
        let jobs = containers(session, &errands)?;
        if !jobs.iter().any(runs) {
            return ended(&jobs);
        }
        session.stop.sleep(GLANCE).map_err(failed)?;
    }
}

fn containers(session: &Session<'_>, errands: &[&str]) -> Result<Vec<Container>, CommandError> {
    let mut all = session.project.containers(session.stop)?;
    all.retain(|container| errands.contains(&container.service.as_str()));
    Ok(all)
}

/// What came of jobs that have ended.
fn ended(jobs: &[Container]) -> Result<(), CommandError> {
    let fault = |job: &Container| match job.state {
        State::Ended(code) if code != 0 => Some(format!("`{}` ended with {code}", job.service)),
        State::Ended(_) | State::Waiting | State::Running(_) | State::Restarting => None,
    };
    let faults: Vec<String> = jobs.iter().filter_map(fault).collect();
    if faults.is_empty() {
        return Ok(());
    }
    Err(CommandError::Failed {
        message: faults.join("; "),
        help: vec!["what it said stands above".to_owned()],
    })
}
