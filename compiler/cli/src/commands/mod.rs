//! The commands, one file each, and what they share: showing a compilation's diagnostics.

pub mod build;
pub mod check;
pub mod clean;
pub mod completions;
pub mod diff;
pub mod dump;
pub mod explain;
mod here;
pub mod init;
pub mod logs;
mod lost;
pub mod man;
mod next;
pub mod run;
pub mod schema;
pub mod secrets;
pub mod shell;
pub mod stop;
pub mod targets;
pub mod test;

use crate::args::{self, Cli, Command, Format};
use crate::error::{CommandError, Exit, exit_of};
use crate::pipeline::Compilation;
use crate::render::{self, Report};
use crate::terminal::Console;
use exoc_diagnostics::Severity;

/// Runs the command that the arguments name.
///
/// # Errors
///
/// With whatever has no place in the manifest; diagnostics are shown already and count in the exit code.
pub fn run(cli: &Cli, console: &Console) -> Result<Exit, CommandError> {
    match &cli.command {
        None => next::run(&cli.global, console),
        Some(Command::Build(build)) => build::run(&cli.global, build, console),
        Some(Command::Check(build)) => check::run(&cli.global, build, console),
        Some(Command::Diff(diff)) => diff::run(&cli.global, diff, console),
        Some(Command::Init(init)) => init::run(&cli.global, init, console),
        Some(Command::Explain(explain)) => explain::run(explain, console),
        Some(Command::Secrets(secrets)) => secrets::run(&cli.global, secrets, console),
        Some(Command::Completions(completions)) => completions::run(*completions, console),
        Some(Command::Man(man)) => man::run(man, console),
        Some(Command::Schema(schema)) => schema::run(*schema, console),
        Some(Command::Targets(targets)) => targets::run(targets, console),
        Some(Command::Dump(dump)) => dump::run(&cli.global, dump, console),
        Some(Command::Run(run)) => run::run(&cli.global, run, console),
        Some(Command::Test(test)) => test::run(&cli.global, test, console),
        Some(Command::Stop) => stop::run(&cli.global, console),
        Some(Command::Logs(logs)) => logs::run(&cli.global, logs, console),
        Some(Command::Shell(shell)) => shell::run(&cli.global, shell, console),
        Some(Command::Clean(clean)) => clean::run(&cli.global, clean, console),
    }
}

/// Shows a compilation's diagnostics on standard error, in whichever format, and returns the exit code.
fn show<T>(global: &args::Global, prefix: &str, compilation: &Compilation<T>, console: &Console) -> Exit {
    let (text, exit) = rendered(global, prefix, compilation, console);
    console.aside(&text);
    exit
}

/// A compilation's diagnostics as text, and its exit code.
fn rendered<T>(
    global: &args::Global,
    prefix: &str,
    compilation: &Compilation<T>,
    console: &Console,
) -> (String, Exit) {
    let Compilation {
        sources,
        diagnostics,
        redacted,
        product: _,
    } = compilation;
    let shown: Vec<_> = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.code.severity > Severity::Note || !console.is_quiet())
        .collect();
    let report = Report {
        diagnostics: &shown,
        sources,
        redacted,
        prefix,
        warnings: global.warnings(),
    };
    let text = match console.format {
        Format::Human => render::human::report(&report, console.style()),
        Format::Concise => render::concise::report(&report),
        Format::Json => render::json::report(&report),
    };
    (text, exit_of(diagnostics, global.warnings()))
}
