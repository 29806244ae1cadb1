//! The commands, one file each, and what they share: showing a compilation's diagnostics.

pub mod build;
pub mod check;
pub mod clean;
pub mod completions;
pub mod diff;
pub mod dump;
pub mod explain;
pub mod graph;
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

use crate::args::{Cli, Command, Format, Global, Select};
use crate::disk::Application;
use crate::error::{CommandError, Exit, exit_of};
use crate::pipeline::Compilation;
use crate::render::{self, Document, Ending, Report};
use crate::terminal::Console;
use exoc_diagnostics::{Diagnostic, Rulings, Severity, SourceMap, Span};

/// Runs the command that the arguments name.
///
/// # Errors
///
/// With whatever has no place in the manifest; diagnostics are shown already and count in the exit code.
pub fn run(cli: &Cli, console: &Console) -> Result<Exit, CommandError> {
    has_format(cli)?;
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
        Some(Command::Graph(graph)) => graph::run(&cli.global, graph, console),
        Some(Command::Run(run)) => run::run(&cli.global, run, console),
        Some(Command::Test(test)) => test::run(&cli.global, test, console),
        Some(Command::Stop) => stop::run(&cli.global, console),
        Some(Command::Logs(logs)) => logs::run(&cli.global, logs, console),
        Some(Command::Shell(shell)) => shell::run(&cli.global, shell, console),
        Some(Command::Clean(clean)) => clean::run(&cli.global, clean, console),
    }
}

/// Refuses a format that only reports of diagnostics have where the command's result is something else.
fn has_format(cli: &Cli) -> Result<(), CommandError> {
    match cli.global.report() {
        Format::Human | Format::Concise | Format::Json => Ok(()),
        Format::Sarif | Format::Github | Format::Gitlab | Format::Junit if cli.document().is_some() => Ok(()),
        Format::Sarif | Format::Github | Format::Gitlab | Format::Junit => Err(CommandError::CommandLine {
            message: "this command has only the formats `human`, `concise` and `json`".to_owned(),
            help: vec!["`exoc check` and `exoc build` report in every format".to_owned()],
        }),
    }
}

/// What a compilation reported, with all that showing it takes.
struct Reported<'a> {
    global: &'a Global,
    prefix: String,
    root: String,
    sources: SourceMap,
    redacted: Vec<Span>,
    diagnostics: Vec<Diagnostic>,
    rulings: Rulings,
}

impl<'a> Reported<'a> {
    /// The report of a compilation of this selection apart from its product.
    fn of<T>(
        global: &'a Global,
        select: &Select,
        application: &Application,
        compilation: Compilation<T>,
        console: &Console,
    ) -> (Self, Option<T>) {
        let Compilation {
            sources,
            diagnostics,
            rulings,
            redacted,
            product,
        } = compilation;
        let whole = product.is_some() && select.environments.is_empty() && select.targets.is_empty();
        let reported = Self {
            global,
            prefix: application.prefix.clone(),
            root: application.repository().application,
            sources,
            redacted,
            diagnostics: rulings.apply(diagnostics, console.today, whole),
            rulings,
        };
        (reported, product)
    }

    fn exit(&self) -> Exit {
        exit_of(&self.diagnostics, self.global.warnings())
    }

    /// All diagnostics for people, on standard error.
    fn tell(&self, console: &Console) {
        self.tell_these(&self.diagnostics, console);
    }

    /// Further diagnostics of the same files for people, on standard error.
    fn tell_these(&self, diagnostics: &[Diagnostic], console: &Console) {
        console.aside(&self.printed(diagnostics, console));
    }

    /// These diagnostics for people.
    fn printed(&self, diagnostics: &[Diagnostic], console: &Console) -> String {
        let shown = shown(diagnostics, console);
        printed(&self.report(&shown, None), console)
    }

    /// All diagnostics and `more` of the same files as a document, with what else came of the command.
    fn document(
        &self,
        document: Document,
        more: &[Diagnostic],
        fault: Option<&CommandError>,
        ending: Ending<'_>,
        console: &Console,
    ) -> String {
        let mut shown = shown(&self.diagnostics, console);
        shown.extend(self::shown(more, console));
        document.print(&self.report(&shown, fault), ending)
    }

    fn report<'r>(&'r self, shown: &'r [&'r Diagnostic], fault: Option<&'r CommandError>) -> Report<'r> {
        Report {
            diagnostics: shown,
            sources: &self.sources,
            redacted: &self.redacted,
            prefix: &self.prefix,
            root: &self.root,
            warnings: self.global.warnings(),
            fault,
        }
    }
}

/// The diagnostics that are to be seen.
fn shown<'d>(diagnostics: &'d [Diagnostic], console: &Console) -> Vec<&'d Diagnostic> {
    let is_shown = |diagnostic: &&Diagnostic| diagnostic.severity > Severity::Note || !console.is_quiet();
    diagnostics.iter().filter(is_shown).collect()
}

/// A report in the console's format.
fn printed(report: &Report<'_>, console: &Console) -> String {
    match console.format.document() {
        Some(document) => document.print(report, Ending::Checked),
        None if console.format == Format::Concise => render::concise::report(report),
        None => render::human::report(report, console.style()),
    }
}

/// Shows a compilation's diagnostics on standard error, in whichever format, and returns the exit code.
fn show<T>(global: &Global, prefix: &str, compilation: &Compilation<T>, console: &Console) -> Exit {
    let (text, exit) = rendered(global, prefix, compilation, console);
    console.aside(&text);
    exit
}

/// A compilation's diagnostics as text, and its exit code.
fn rendered<T>(
    global: &Global,
    prefix: &str,
    compilation: &Compilation<T>,
    console: &Console,
) -> (String, Exit) {
    let Compilation {
        sources,
        diagnostics,
        rulings,
        redacted,
        product: _,
    } = compilation;
    let diagnostics = rulings.apply(diagnostics.clone(), console.today, false);
    let report = Report {
        diagnostics: &shown(&diagnostics, console),
        sources,
        redacted,
        prefix,
        root: prefix,
        warnings: global.warnings(),
        fault: None,
    };
    (
        printed(&report, console),
        exit_of(&diagnostics, global.warnings()),
    )
}
