//! `exoc` alone: where one stands in this folder, and what to do next. Writes nothing.

use super::{Reported, build};
use crate::args::{Global, Select};
use crate::disk::{self, Application, Purpose, Survey};
use crate::error::{CommandError, Exit};
use crate::generated::{self, Made};
use crate::render::counted;
use crate::terminal::Console;
use exoc_diagnostics::Severity;

/// The last line.
const HELP: &str = "`exoc --help` lists all commands, `exoc COMMAND --help` says what one does.\n";

/// Runs it.
///
/// # Errors
///
/// If the folder that the command line names cannot be entered, or the generated files cannot be read.
pub(super) fn run(global: &Global, console: &Console) -> Result<Exit, CommandError> {
    // Is there no application, what is said of that is the answer. A folder that is not there is a fault.
    let text = match disk::find(&global.directory) {
        Ok(application) => somewhere(global, &application, console)?,
        Err(CommandError::Surroundings { message, help }) if disk::is_folder(&global.directory) => {
            nowhere(&message, &help)
        }
        Err(error) => return Err(error),
    };
    console.result(&format!("{text}\n{HELP}"))?;
    Ok(Exit::Fine)
}

fn nowhere(message: &str, help: &[String]) -> String {
    let help: String = help.iter().map(|line| format!("  {line}\n")).collect();
    format!(
        "No application: {message}.\n\n\
         Next:\n{help}  \
         `exoc init` looks at this folder and proposes one\n  \
         or write one by hand; the shortest that runs is two lines of application.yml beside a folder with a Dockerfile:\n\n      \
         name: guestbook\n      \
         services: {{ web: ./web }}\n"
    )
}

/// What stands in the way comes before what is possible.
fn somewhere(global: &Global, application: &Application, console: &Console) -> Result<String, CommandError> {
    let everything = Select {
        environments: Vec::new(),
        targets: Vec::new(),
    };
    let (_, tree, compilation) = build::compile(global, &everything, None, None, |output| {
        let name = output.program.app().name.clone();
        (
            name,
            output.environment.clone(),
            output.target,
            generated::made(output),
        )
    })?;
    let place = application.folder.root().display().to_string();
    let (reported, product) = Reported::of(global, &everything, application, compilation, console);
    let count = |severity| {
        let of_it = reported.diagnostics.iter().filter(|one| one.severity == severity);
        of_it.count()
    };
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let Some(outputs) = product.filter(|_| errors == 0) else {
        return Ok(format!(
            "The application in {place} has {}.\n\nNext:\n{}",
            counted(errors, "error"),
            steps(&[("exoc check", "shows what is wrong, at its line")])
        ));
    };
    let name = outputs.first().map_or("", |(name, ..)| name.as_str()).to_owned();
    let listed: Vec<String> = outputs
        .iter()
        .map(|(_, environment, target, _)| format!("{environment} ({target})"))
        .collect();
    let made = outputs.into_iter().map(|(.., made)| made);
    let files = generated::files(made.collect::<Result<Vec<Made>, _>>()?)?;
    let survey = match &mut tree.enter(Purpose::Read, &|| build::waits(console))? {
        Some(entered) => entered.survey(&files, &build::scope(&everything, &[]))?,
        None => Survey::of_nothing(&files),
    };
    let mut next = Vec::new();
    let stale = survey.findings.len();
    let stale = format!("brings {} up to date", counted(stale, "generated file"));
    if !survey.is_current() {
        next.push(("exoc build", stale.as_str()));
    }
    let warned = format!("shows {}", counted(warnings, "warning"));
    if warnings > 0 {
        next.push(("exoc check", warned.as_str()));
    }
    next.push(("exoc run", "starts the application on this machine"));
    next.push(("exoc diff", "says what changed since the last commit"));
    Ok(format!(
        "`{name}`, in {place}: {}.\n\nNext:\n{}",
        listed.join(", "),
        steps(&next)
    ))
}

fn steps(steps: &[(&str, &str)]) -> String {
    let line = |(command, what): &(&str, &str)| format!("  {command:<12}  {what}\n");
    steps.iter().map(line).collect()
}
