//! `exoc test`: the tests of services, and one summary.

use super::here::{Here, Values};
use crate::args::{Global, Test};
use crate::error::{CommandError, Exit};
use crate::local::{self, Local, Outcome, Suite};
use crate::render::{self, Colour, counted};
use crate::terminal::Console;
use exoc_diagnostics::did_you_mean;
use serde_json::{Value, json};
use std::time::Duration;

/// The version of the JSON document.
const VERSION: u64 = 1;

/// Runs the command.
///
/// # Errors
///
/// If no service has tests, a named one has none, the engine does not answer, or what the tests need does not work.
pub fn run(global: &Global, test: &Test, console: &Console) -> Result<Exit, CommandError> {
    let place = |local: &Local| {
        let mut services = local.program.services().iter();
        if services.all(|(_, service)| service.development.test.is_none()) {
            return Err(without_tests());
        }
        Ok(local.project.beside("-test", local.folder.join(local::TESTS)))
    };
    let here = match Here::find_in(global, console, Values::Needed, &place)? {
        Ok(here) => here,
        Err(exit) => return Ok(exit),
    };
    let session = here.session();
    let all = local::suites(session.model);
    let services = chosen(&all, &test.services)?;
    console.progress(&format!(
        "{} in a project of their own.",
        counted(services.len(), "suite")
    ));
    let told = |suite: &Suite| console.progress(&line(suite, console.style().colour));
    let limit = Duration::from_secs(test.timeout);
    let suites = local::run_suites(&session, &services, limit, &told)?;
    let bad = suites
        .iter()
        .filter(|suite| suite.outcome != Outcome::Passed)
        .count();
    match console.format.document() {
        Some(_) => console.result(&document(&suites))?,
        None => console.result(&summary(&suites, console.out_colour()))?,
    }
    Ok(if bad == 0 { Exit::Fine } else { Exit::Manifest })
}

fn without_tests() -> CommandError {
    CommandError::CommandLine {
        message: "no service has tests".to_owned(),
        help: vec!["`development: { test: npm test }` in a service's file says how it is tested".to_owned()],
    }
}

/// The services whose tests are meant.
fn chosen(all: &[String], named: &[String]) -> Result<Vec<String>, CommandError> {
    for service in named {
        if !all.contains(service) {
            let known = all.iter().map(String::as_str);
            let mut help: Vec<String> = did_you_mean(service, known).into_iter().collect();
            let list: Vec<String> = all.iter().map(|name| format!("`{name}`")).collect();
            help.push(format!("tests have {}", list.join(", ")));
            return Err(CommandError::CommandLine {
                message: format!("there are no tests of `{service}`"),
                help,
            });
        }
    }
    let meant = |service: &&String| named.is_empty() || named.contains(service);
    Ok(all.iter().filter(meant).cloned().collect())
}

/// One suite on a line.
fn line(suite: &Suite, colour: Colour) -> String {
    let Suite {
        service,
        outcome,
        duration,
        output: _,
    } = suite;
    let seconds = duration.as_secs_f64();
    let (word, more) = match outcome {
        Outcome::Passed => (colour.green("passed"), String::new()),
        Outcome::Failed(Some(code)) => (colour.red("failed"), format!(" with exit code {code}")),
        Outcome::Failed(None) => (colour.red("failed"), " by a signal".to_owned()),
        Outcome::Late => (colour.red("failed"), " because it did not end in time".to_owned()),
        Outcome::Refused(words) => (colour.red("failed"), format!(": {words}")),
    };
    format!("{service} {word}{more} ({seconds:.1} s)")
}

/// What the suites that failed said, then all of them, then the sum.
fn summary(suites: &[Suite], colour: Colour) -> String {
    let bad: Vec<&Suite> = suites
        .iter()
        .filter(|suite| suite.outcome != Outcome::Passed)
        .collect();
    let mut text = String::new();
    for suite in &bad {
        text.push_str(&format!("{}\n", colour.dim(&format!("--- {}", suite.service))));
        text.push_str(suite.output.trim_end());
        text.push_str("\n\n");
    }
    for suite in suites {
        text.push_str(&format!("{}\n", line(suite, colour)));
    }
    let passed = suites.len() - bad.len();
    text.push_str(&format!(
        "{passed} of {} passed\n",
        counted(suites.len(), "suite")
    ));
    text
}

fn document(suites: &[Suite]) -> String {
    let one = |suite: &Suite| {
        let Suite {
            service,
            outcome,
            duration,
            output,
        } = suite;
        let (result, code) = match outcome {
            Outcome::Passed => ("passed", Some(0)),
            Outcome::Failed(code) => ("failed", *code),
            Outcome::Late => ("late", None),
            Outcome::Refused(_) => ("refused", None),
        };
        json!({
            "service": service,
            "result": result,
            "exit_code": code,
            "duration_ms": u64::try_from(duration.as_millis()).unwrap_or(u64::MAX),
            "output": output,
        })
    };
    let suites: Vec<Value> = suites.iter().map(one).collect();
    render::json::print(&json!({ "version": VERSION, "suites": suites }))
}
