//! The tests of services: each suite in a container of its own, side by side, for a time.

use super::Session;
use super::end::{Before, clear, take_back};
use super::follow::spoken;
use super::images::{Images, build};
use super::start::start;
use crate::engine::{Model, docker, failed};
use crate::error::CommandError;
use crate::parallel;
use crate::process::{Clock, Failure, Program};
use crate::render::Colour;
use exoc_compose::names;
use std::collections::BTreeSet;
use std::time::Duration;

/// The tests of one service, and what came of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suite {
    /// Whose.
    pub service: String,
    /// What came of them.
    pub outcome: Outcome,
    /// How long they took.
    pub duration: Duration,
    /// What they said, in order, both streams.
    pub output: String,
}

/// What came of a suite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It ended with 0.
    Passed,
    /// It ended with another code, or by a signal.
    Failed(Option<i32>),
    /// It took longer than it may.
    Late,
    /// The engine did not run it; its words.
    Refused(String),
}

/// The services that have tests, sorted.
#[must_use]
pub fn suites(model: &Model) -> Vec<String> {
    let names = model
        .services
        .iter()
        .filter(|(_, service)| service.kind == "test");
    names
        .filter_map(|(name, _)| names::tested(name).map(str::to_owned))
        .collect()
}

/// Builds what the suites need, starts what they use, and runs them; `each` hears of every one that ends. Nothing is left
/// of it.
///
/// # Errors
///
/// If an image cannot be made or had, what they use does not become healthy, or somebody asked for an end.
pub fn run(
    session: &Session<'_>,
    services: &[String],
    limit: Duration,
    each: &(dyn Fn(&Suite) + Sync),
) -> Result<Vec<Suite>, CommandError> {
    // Of a run that was killed, data may be left that tests would see.
    clear(session)?;
    let suites: Vec<String> = services.iter().map(|service| names::test(service)).collect();
    let meant = session.model.closure(&suites);
    let session = &Session {
        wanted: &meant,
        ..*session
    };
    let result = build(session, Images::Changed)
        .and_then(|()| start_used(session, &suites))
        .and_then(|()| {
            let all = parallel::map(services.to_vec(), |service| {
                let suite = one(session, service, limit)?;
                each(&suite);
                Ok(suite)
            });
            all.into_iter()
                .collect::<Result<Vec<Suite>, Failure>>()
                .map_err(failed)
        });
    take_back(session, &Before::default(), false)?;
    result
}

/// Starts what the suites wait for.
fn start_used(session: &Session<'_>, suites: &[String]) -> Result<(), CommandError> {
    let mut used: BTreeSet<String> = session.model.closure(suites);
    used.retain(|service| !suites.contains(service));
    if used.is_empty() {
        return Ok(());
    }
    start(&Session {
        wanted: &used,
        ..*session
    })
}

fn one(session: &Session<'_>, service: String, limit: Duration) -> Result<Suite, Failure> {
    let suite = names::test(&service);
    let name = format!("{}-{suite}", session.project.name());
    let program = session.project.compose([
        "--progress",
        "quiet",
        "run",
        "--rm",
        "--no-deps",
        "--no-TTY",
        "--name",
        &name,
        &suite,
    ]);
    let begun = Clock::now();
    let mut output = String::new();
    let finished = program.follow_for(limit, session.stop, |line| {
        output.push_str(&spoken(&line.text, Colour::Plain));
        output.push('\n');
    });
    let duration = begun.elapsed();
    // Compose ends with an empty line where the suite failed.
    output.truncate(output.trim_end_matches('\n').len());
    output.push('\n');
    let outcome = match finished {
        Ok(finished) if finished.is_fine() => Outcome::Passed,
        Ok(finished) => Outcome::Failed(finished.code),
        Err(Failure::Late(_)) => {
            removal(&name).run(session.stop)?;
            Outcome::Late
        }
        Err(Failure::Stopped(asked)) => return Err(Failure::Stopped(asked)),
        Err(failure @ (Failure::Absent(_) | Failure::Refused(..))) => Outcome::Refused(failure.to_string()),
    };
    Ok(Suite {
        service,
        outcome,
        duration,
        output,
    })
}

/// Removes the container of a suite that hangs, whatever it says to signals.
fn removal(name: &str) -> Program {
    docker(["rm", "--force", "--volumes", name])
}

#[cfg(test)]
mod tests {
    use super::suites;
    use crate::engine::Model;

    #[test]
    fn suites_are_known_by_their_label() {
        let model = Model::read(
            r#"{"services": {
              "api_test": {"labels": {"app.kubernetes.io/component": "test"}},
              "api": {"labels": {"app.kubernetes.io/component": "server"}},
              "smoke_test": {"labels": {"app.kubernetes.io/component": "companion"}}
            }}"#,
        );
        assert_eq!(suites(&model.unwrap()), ["api"]);
    }
}
