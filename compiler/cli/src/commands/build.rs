//! `exoc build`: compiles everything, then writes.

mod watch;

use super::Reported;
use super::lost::Teller;
use crate::args::{Build, Format, Global, Select};
use crate::disk::{
    self, Application, Entered, Finding, Interrupted, Purpose, Scope, State, Survey, Tree, Written,
};
use crate::error::{CommandError, Exit};
use crate::generated::{self, Generated, Made};
use crate::pipeline::{self, Compilation};
use crate::registry::TARGETS;
use crate::render::tree::{Contents, Difference};
use crate::render::{self, Colour, Ending, counted};
use crate::terminal::Console;
use exoc_diagnostics::{Diagnostic, Sources};
use exoc_lower::{Output, Selection};
use std::mem::ManuallyDrop;
use std::path::Path;

/// Runs the command.
///
/// # Errors
///
/// If the application is not found, a name is unknown, the files cannot be written, or somebody edited them.
pub fn run(global: &Global, build: &Build, console: &Console) -> Result<Exit, CommandError> {
    if build.watch {
        return watch::run(global, build, console);
    }
    let (application, tree, compilation) =
        compile(global, &build.select, build.out.as_deref(), None, generated::made)?;
    let (reported, product) = Reported::of(global, &build.select, &application, compilation, console);
    let exit = reported.exit();
    let document = console.format.document();
    if document.is_none() {
        reported.tell(console);
    }
    let Some(made) = product.filter(|_| exit == Exit::Fine) else {
        if let Some(document) = document {
            console.result(&reported.document(document, &[], None, NOTHING_WRITTEN, console))?;
        }
        return Ok(exit);
    };
    let made = made.into_iter().collect::<Result<Vec<Made>, _>>()?;
    // The process ends behind it: the system takes back at once what would be given back piece by piece, in a tenth of
    // the time of a build of 1,000 services (2026-11-22).
    let order = ManuallyDrop::new(Order {
        teller: Some(Teller {
            reported,
            at: made.first().map(|made| made.at),
        }),
        scope: scope(&build.select, &made),
        files: generated::files(made)?,
    });
    if build.check {
        check(&tree, &order, build.diff, console)
    } else {
        write(&tree, &order, build.force, console)
    }
}

const NOTHING_WRITTEN: Ending<'static> = Ending::Written {
    files: &[],
    removed: &[],
};

/// What is to stand in the tree.
struct Order<'a> {
    files: Vec<Generated>,
    scope: Scope,
    /// Who tells what was reported and what is lost; nobody where another command needs the files.
    teller: Option<Teller<'a>>,
}

impl Order<'_> {
    /// The document that everything is told in, if the console's format is one. A fault of the tree is told with the
    /// places that it is about.
    fn document(
        &self,
        more: &[Diagnostic],
        fault: Option<&CommandError>,
        ending: Ending<'_>,
        console: &Console,
    ) -> Option<String> {
        let document = console.format.document()?;
        let reported = &self.teller.as_ref()?.reported;
        let listed = match (fault, ending) {
            (Some(fault), Ending::Compared { differences, .. }) => Some(with_list(fault, differences)),
            (Some(_) | None, _) => None,
        };
        Some(reported.document(document, more, listed.as_ref().or(fault), ending, console))
    }
}

/// Where to look for files that are no longer made: everywhere, unless only a part is built.
pub(super) fn scope(select: &Select, made: &[Made]) -> Scope {
    if select.environments.is_empty() && select.targets.is_empty() {
        return Scope::Targets(TARGETS.iter().map(|target| target.id()).collect());
    }
    Scope::Folders(made.iter().map(|made| made.folder.clone()).collect())
}

/// `--check`: says what is not as it is to be, and changes nothing.
fn check(tree: &Tree, order: &Order<'_>, diff: bool, console: &Console) -> Result<Exit, CommandError> {
    let mut entered = tree.enter(Purpose::Read, &|| waits(console))?;
    let survey = match &mut entered {
        Some(entered) => entered.survey(&order.files, &order.scope)?,
        None => Survey::of_nothing(&order.files),
    };
    let wanted: &[Finding] = &survey.findings;
    let differences = differences(tree, entered.as_mut(), order, wanted, diff)?;
    let (lost, _) = told(tree, order, &survey, console);
    let fault = (!survey.is_current()).then(|| not_current(&survey));
    let ending = Ending::Compared {
        differences: &differences,
        interrupted: survey.interrupted,
    };
    if let Some(document) = order.document(&lost, fault.as_ref(), ending, console) {
        console.result(&document)?;
        return Ok(fault.map_or(Exit::Fine, |fault| fault.exit()));
    }
    console.result(&render::tree::list(&differences, console.out_colour()))?;
    match fault {
        Some(fault) => Err(fault),
        None => {
            console.progress(&format!("{} current.", counted(survey.current, "file")));
            Ok(Exit::Fine)
        }
    }
}

/// A fault of the tree with the places that it is about, for a document that has no other room for them.
fn with_list(fault: &CommandError, differences: &[Difference]) -> CommandError {
    let list = render::tree::list(differences, Colour::Plain);
    CommandError::Tree {
        message: fault.to_string(),
        help: fault.help().iter().cloned().chain([list]).collect(),
    }
}

/// What came of making the tree what it is to be.
enum Outcome {
    /// With what was told of the tree.
    Written(Written, Vec<Diagnostic>),
    /// Nothing was written, for there are warnings, and they are denied.
    Denied(Vec<Diagnostic>, Exit),
    /// Nothing was written, for that would lose somebody's work.
    Refused(CommandError, Vec<Difference>, Interrupted),
}

/// Writes what differs, and tells.
fn write(tree: &Tree, order: &Order<'_>, force: bool, console: &Console) -> Result<Exit, CommandError> {
    let (written, lost) = match settle(tree, order, force, console)? {
        Outcome::Written(written, lost) => (written, lost),
        Outcome::Denied(lost, exit) => {
            if let Some(document) = order.document(&lost, None, NOTHING_WRITTEN, console) {
                console.result(&document)?;
            }
            return Ok(exit);
        }
        Outcome::Refused(error, differences, interrupted) => {
            let ending = Ending::Compared {
                differences: &differences,
                interrupted,
            };
            if let Some(document) = order.document(&[], Some(&error), ending, console) {
                console.result(&document)?;
                return Ok(error.exit());
            }
            console.aside(&differences_of(&differences, console));
            return Err(error);
        }
    };
    let ending = Ending::Written {
        files: &written.paths,
        removed: &written.removed,
    };
    if let Some(document) = order.document(&lost, None, ending, console) {
        console.result(&document)?;
        return Ok(Exit::Fine);
    }
    console.result(&list(&written, console.out_colour()))?;
    let removed = if written.removed.is_empty() {
        String::new()
    } else {
        format!(", {} removed", written.removed.len())
    };
    console.progress(&format!(
        "{} written{removed}, {} unchanged.",
        counted(written.paths.len(), "file"),
        written.unchanged
    ));
    Ok(Exit::Fine)
}

/// Makes files stand for a command that needs them, without listing them. Refuses what `build` refuses.
pub(super) fn stand(
    tree: &Tree,
    select: &Select,
    made: Vec<Made>,
    console: &Console,
) -> Result<(), CommandError> {
    let order = Order {
        scope: scope(select, &made),
        files: generated::files(made)?,
        teller: None,
    };
    match settle(tree, &order, false, console)? {
        // Who stands files for a run has no teller, and denies no warnings.
        Outcome::Denied(_, _) => Ok(()),
        Outcome::Written(written, _) => {
            let number = written.paths.len() + written.removed.len();
            if number > 0 {
                console.progress(&format!(
                    "{} brought up to date.",
                    counted(number, "generated file")
                ));
            }
            Ok(())
        }
        Outcome::Refused(error, differences, _) => {
            if console.format != Format::Json {
                console.aside(&differences_of(&differences, console));
            }
            Err(error)
        }
    }
}

/// Writes what differs, unless that would lose somebody's work.
fn settle(tree: &Tree, order: &Order<'_>, force: bool, console: &Console) -> Result<Outcome, CommandError> {
    let Some(mut entered) = tree.enter(Purpose::Write, &|| waits(console))? else {
        let message = "the output folder went away while it was written to";
        return Err(CommandError::surroundings(message, "run `exoc build` again"));
    };
    let survey = entered.survey(&order.files, &order.scope)?;
    let edited: Vec<Finding> = survey
        .findings
        .iter()
        .filter(|finding| finding.state.loses_work())
        .cloned()
        .collect();
    if !force && !edited.is_empty() {
        let differences = differences(tree, Some(&mut entered), order, &edited, true)?;
        let error = edited_by_hand(&edited);
        return Ok(Outcome::Refused(error, differences, survey.interrupted));
    }
    let (lost, exit) = told(tree, order, &survey, console);
    if exit != Exit::Fine {
        return Ok(Outcome::Denied(lost, exit));
    }
    let written = entered.write(&order.files, &order.scope, &survey)?;
    Ok(Outcome::Written(written, lost))
}

/// What is told of the tree, and the exit code of that.
fn told(tree: &Tree, order: &Order<'_>, survey: &Survey, console: &Console) -> (Vec<Diagnostic>, Exit) {
    match &order.teller {
        Some(teller) => teller.tell(tree, survey, console),
        None => (Vec::new(), Exit::Fine),
    }
}

/// Findings with their places as people know them, and with both sides if a diff is wanted.
fn differences(
    tree: &Tree,
    mut entered: Option<&mut Entered<'_>>,
    order: &Order<'_>,
    findings: &[Finding],
    diff: bool,
) -> Result<Vec<Difference>, CommandError> {
    let mut differences = Vec::new();
    for finding in findings {
        let path = &finding.path;
        let new = order.files.iter().find(|file| file.path == *path);
        let stands = match finding.state {
            State::Missing | State::Blocked(_) => false,
            State::Stale | State::Edited | State::Orphaned | State::OrphanedAndEdited => true,
        };
        let old = match &mut entered {
            Some(entered) if diff && stands => entered.read(path)?,
            Some(_) | None => Vec::new(),
        };
        let contents = || Contents {
            old,
            new: new.map(|file| file.contents.bytes()).unwrap_or_default(),
        };
        differences.push(Difference {
            path: tree.shown(path),
            state: finding.state,
            contents: diff.then(contents),
        });
    }
    Ok(differences)
}

/// Differences as a list for people.
fn differences_of(differences: &[Difference], console: &Console) -> String {
    render::tree::list(differences, console.style().colour)
}

/// Says why nothing happens for a while.
pub(super) fn waits(console: &Console) {
    console.progress("Another exoc is at work in this folder; waiting for it.");
}

fn not_current(survey: &Survey) -> CommandError {
    let Survey {
        findings,
        current: _,
        interrupted,
        lost: _, // told beside it
    } = survey;
    let message = match (findings.len(), *interrupted) {
        (0, _) => "a build was interrupted after it had written all files".to_owned(),
        (number, Interrupted::No) => format!("{} not as the manifest says", are(number)),
        (number, Interrupted::Early) => format!(
            "a build was interrupted before it changed anything, and {} not as the manifest says",
            are(number)
        ),
        (number, Interrupted::Amid) => format!(
            "a build was interrupted, and {} not as the manifest says",
            are(number)
        ),
    };
    let mut help = vec!["run `exoc build`, and commit what it writes".to_owned()];
    if findings.iter().any(|finding| finding.state.loses_work()) {
        help.push(
            "what was edited by hand is overwritten by `exoc build --force` only: put the change into the manifest first"
                .to_owned(),
        );
    }
    CommandError::Tree { message, help }
}

fn edited_by_hand(edited: &[Finding]) -> CommandError {
    let verb = if edited.len() == 1 { "was" } else { "were" };
    let message = format!(
        "{} {verb} edited by hand; nothing was written",
        counted(edited.len(), "generated file")
    );
    let mut help = vec![
        "put the change into the manifest, then run `exoc build --force`, which overwrites the files"
            .to_owned(),
    ];
    if edited.iter().any(|finding| finding.state.goes()) {
        help.push("a file that is no longer made becomes yours when its first line is removed".to_owned());
    }
    CommandError::Tree { message, help }
}

fn are(number: usize) -> String {
    let verb = if number == 1 { "is" } else { "are" };
    format!("{} {verb}", counted(number, "file"))
}

/// Finds, reads and compiles the application; looks at the output folder and touches nothing. `http_port` is where HTTP
/// enters on this machine, if not where the manifest says.
pub(super) fn compile<R: Send>(
    global: &Global,
    select: &Select,
    out: Option<&Path>,
    http_port: Option<u16>,
    finish: impl Fn(Output) -> R + Sync,
) -> Result<(Application, Tree, Compilation<Vec<R>>), CommandError> {
    let application = disk::find(&global.directory)?;
    let tree = Tree::new(&application, out)?;
    let compilation = compile_in(&application.folder, &tree, select, http_port, finish)?;
    Ok((application, tree, compilation))
}

/// Compiles what these sources hold, for files in this tree.
fn compile_in<R: Send>(
    sources: &dyn Sources,
    tree: &Tree,
    select: &Select,
    http_port: Option<u16>,
    finish: impl Fn(Output) -> R + Sync,
) -> Result<Compilation<Vec<R>>, CommandError> {
    let Select {
        environments,
        targets,
    } = select.clone();
    let selection = Selection {
        environments,
        targets,
        http_port,
    };
    let place = |environment: &str, target: &str| tree.application(environment, target);
    pipeline::compile(sources, &selection, TARGETS, &place, finish)
}

/// One line for each file; with colours its name stands out from its folder.
fn list(written: &Written, colour: Colour) -> String {
    let Written {
        paths,
        removed,
        unchanged: _,
    } = written;
    let line = |path: &String| match path.rsplit_once('/') {
        Some((folder, name)) => format!("{}{}\n", colour.dim(&format!("{folder}/")), colour.green(name)),
        None => format!("{}\n", colour.green(path)),
    };
    let gone = |path: &String| format!("{}\n", colour.dim(&format!("removed {path}")));
    paths.iter().map(line).chain(removed.iter().map(gone)).collect()
}
