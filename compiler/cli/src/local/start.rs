//! From images to an application that works: containers in the order of the graph, then the wait until all
//! of them are healthy. What goes wrong is told with the evidence.

use super::Session;
use super::follow::spoken;
use super::told::Told;
use crate::engine::{Container, Health, State, docker, failed, refused};
use crate::error::CommandError;
use crate::process::{Clock, Failure, Finished, Next, Program, next};
use crate::render::Colour;
use serde_json::Value;
use std::sync::mpsc;
use std::time::Duration;

/// How often the containers are looked at while something is waited for.
const GLANCE: Duration = Duration::from_millis(500);
/// How many lines of evidence are shown.
pub(super) const LINES: usize = 12;

/// What starts the application. Jobs that were named come on their own after what they wait for, because `--wait` takes
/// the end of a job that nothing waits for as a fault (docker/compose, `pkg/compose/convergence.go`, read 2026-11-21).
fn starting(session: &Session<'_>) -> Vec<Program> {
    let up = |words: &[&'static str]| {
        let quiet = ["--progress", "quiet", "up", "--detach", "--no-build"];
        session.project.compose(quiet).with(words.iter().copied())
    };
    let errands = session.errands();
    let lasting: Vec<&str> = session.names().filter(|name| !errands.contains(name)).collect();
    let mut programs = Vec::new();
    // Without names it would be everything.
    if errands.is_empty() || !lasting.is_empty() {
        programs.push(up(&["--wait", "--remove-orphans"]).with(lasting));
    }
    if !errands.is_empty() {
        programs.push(up(&["--no-deps"]).with(errands));
    }
    programs
}

/// What `start` would run, in order.
pub(super) fn commands(session: &Session<'_>) -> Vec<String> {
    starting(session).iter().map(Program::shown).collect()
}

/// Lines as one help.
pub(super) fn evidence(what: &str, lines: &[String]) -> Vec<String> {
    if lines.is_empty() {
        return Vec::new();
    }
    vec![format!("{what}:\n{}", lines.join("\n"))]
}

/// Starts what is meant and waits until it works; tells what becomes ready meanwhile.
///
/// # Errors
///
/// If something does not become healthy or ends badly, with what it said; or somebody asked for an end.
pub fn start(session: &Session<'_>) -> Result<(), CommandError> {
    let begun = Clock::now();
    // What is there before is looked at before: what starts quickly would pass for it.
    let mut told = Told::new().knowing(&session.project.containers(session.stop)?);
    for program in starting(session) {
        up(session, &program, &mut told, begun)?;
    }
    Ok(())
}

fn up(session: &Session<'_>, program: &Program, told: &mut Told, begun: Clock) -> Result<(), CommandError> {
    let (sender, lines) = mpsc::channel();
    let mut running = program.start(0, &sender).map_err(failed)?;
    drop(sender);
    let mut said = Finished::default();
    let wait = session.console.wait("starting");
    loop {
        let mut ended = false;
        loop {
            match next(&lines, GLANCE) {
                Next::Line(line) => said.err.push_str(&format!("{}\n", line.text)),
                Next::Nothing => break,
                Next::End => {
                    ended = true;
                    break;
                }
            }
        }
        if let Some(asked) = session.stop.asked() {
            running.end();
            return Err(failed(Failure::Stopped(asked)));
        }
        let containers = session.project.containers(session.stop)?;
        for line in told.news(&containers, session.model) {
            wait.above(&line);
        }
        wait.say(&format!(
            "waiting for {}",
            Told::open(&containers, session.model).join(", ")
        ));
        if ended {
            said.code = running.code();
            wait.end();
            return if said.is_fine() {
                Ok(())
            } else {
                Err(not_started(session, &containers, &said, begun)?)
            };
        }
    }
}

/// Why the application does not work, with the evidence.
fn not_started(
    session: &Session<'_>,
    containers: &[Container],
    said: &Finished,
    begun: Clock,
) -> Result<CommandError, CommandError> {
    let mut faults = Vec::new();
    let mut help = Vec::new();
    for container in containers {
        let Container { id, service, state } = container;
        let role = session.model.asked(service).unwrap_or(service);
        match state {
            State::Running(Health::Unhealthy) => {
                let check = Check::of(session, id)?;
                let waited = begun.elapsed().as_secs();
                faults.push(format!("`{role}` is not healthy after {waited} s"));
                help.push(check.told(role));
            }
            State::Ended(code) if *code != 0 => faults.push(format!("`{role}` ended with {code}")),
            State::Restarting => faults.push(format!("`{role}` ends again and again")),
            State::Running(Health::Unknown | Health::Starting | Health::Healthy)
            | State::Ended(_)
            | State::Waiting => continue,
        }
        let lines = last_lines(session, role)?;
        help.extend(evidence(&format!("the last lines of `{role}` were"), &lines));
    }
    if faults.is_empty() {
        return Ok(refused(said, "the application does not start"));
    }
    Ok(CommandError::Surroundings {
        message: faults.join("; "),
        help,
    })
}

/// The last lines that a service printed.
///
/// # Errors
///
/// If the engine does not say.
pub(super) fn last_lines(session: &Session<'_>, service: &str) -> Result<Vec<String>, CommandError> {
    let count = LINES.to_string();
    let logs = session
        .project
        .compose(["--profile", "*", "logs", "--no-color", "--no-log-prefix"])
        .with(["--tail", &count, service])
        .run(session.stop)
        .map_err(failed)?;
    let lines = logs.last_lines(LINES).into_iter();
    Ok(lines.map(|line| spoken(line, Colour::Plain)).collect())
}

/// A health check and its last answer.
struct Check {
    test: String,
    answer: Option<String>,
    code: Option<i64>,
    failures: u64,
}

impl Check {
    fn of(session: &Session<'_>, id: &str) -> Result<Self, CommandError> {
        let asked = docker([
            "inspect",
            "--format",
            "{{json .Config.Healthcheck.Test}}\n{{json .State.Health}}",
            id,
        ])
        .run(session.stop)
        .map_err(failed)?;
        let mut lines = asked
            .out
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or(Value::Null));
        let (test, health) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
        let words = test
            .as_array()
            .into_iter()
            .flatten()
            .skip(1)
            .filter_map(Value::as_str);
        let last = health
            .get("Log")
            .and_then(Value::as_array)
            .and_then(|log| log.last());
        let answer = last
            .and_then(|it| it.get("Output"))
            .and_then(Value::as_str)
            .map(|it| it.trim().to_owned());
        Ok(Self {
            test: words.collect::<Vec<_>>().join(" "),
            answer: answer.filter(|it| !it.is_empty()),
            code: last.and_then(|it| it.get("ExitCode")).and_then(Value::as_i64),
            failures: health
                .get("FailingStreak")
                .and_then(Value::as_u64)
                .unwrap_or_default(),
        })
    }

    fn told(&self, role: &str) -> String {
        let Self {
            test,
            answer,
            code,
            failures,
        } = self;
        let times = if *failures == 1 { "once" } else { "times in a row" };
        let failures = if *failures == 1 {
            String::new()
        } else {
            format!("{failures} ")
        };
        let code = code.map_or_else(String::new, |code| format!(" with exit code {code}"));
        let answer = answer
            .as_deref()
            .map_or_else(|| "and said nothing".to_owned(), |it| format!("and said: {it}"));
        format!("the check of `{role}` is `{test}`; it failed {failures}{times}, at last{code}, {answer}")
    }
}
