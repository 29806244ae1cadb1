//! `exoc diff`: compares two states of the application, or two of its environments. Writes nothing.

use super::rendered;
use crate::args::{Diff, Format, Global};
use crate::changes::State;
use crate::disk::{self, Application, Tree};
use crate::error::{CommandError, Exit};
use crate::history::{Commit, History, Revision};
use crate::pipeline::{self, Compilation};
use crate::registry::TARGETS;
use crate::render;
use crate::render::difference::{self, Files, Origin, Told};
use crate::terminal::Console;
use exoc_diagnostics::{Severity, Sources};
use exoc_lower::{Output, Selection};
use exoc_manifest::ast::Field;

/// Runs the command.
///
/// # Errors
///
/// If the application, the commit or a name is not found, or the application of the commit has errors.
pub fn run(global: &Global, diff: &Diff, console: &Console) -> Result<Exit, CommandError> {
    let application = disk::find(&global.directory)?;
    let mut selection = Selection {
        environments: diff.select.environments.clone(),
        targets: diff.select.targets.clone(),
        http_port: None,
    };
    selection.environments.extend(diff.against.clone());
    let pair = pair(diff)?;
    let mut compilation = compile(&application, &application.folder, &selection)?;
    let rulings = std::mem::take(&mut compilation.rulings);
    let diagnostics = rulings.apply(std::mem::take(&mut compilation.diagnostics), console.today, false);
    // What a build notes is of no interest here.
    compilation.diagnostics = diagnostics
        .into_iter()
        .filter(|diagnostic| diagnostic.severity > Severity::Note)
        .collect();
    let (document, exit) = rendered(global, &application.prefix, &compilation, console);
    if console.format != Format::Json {
        console.aside(&document);
    }
    let Compilation { sources, product, .. } = compilation;
    let Some(outputs) = product.filter(|_| exit == Exit::Fine) else {
        if console.format == Format::Json {
            console.result(&document)?;
        }
        return Ok(exit);
    };
    let after = State::new(
        &application.folder,
        sources,
        application.prefix.clone(),
        &selection,
        outputs,
    )?;
    let told = match pair {
        Some((new, old)) => after.against(new, old),
        None => {
            let history = repository(&application);
            let commit = history.commit(&diff.from)?;
            match before(
                &application,
                &history,
                &commit,
                &after,
                &selection,
                global,
                console,
            )? {
                Before::State(state, moved) => {
                    let origin = Origin::Commit {
                        name: commit.name.clone(),
                        id: commit.id.clone(),
                        short: commit.short().to_owned(),
                        existed: state.is_some(),
                        moved,
                    };
                    after.since(state, origin, &selection)
                }
                Before::Broken => return Ok(Exit::Manifest),
            }
        }
    };
    show(&told, &document, diff, console)?;
    Ok(Exit::Fine)
}

fn show(told: &Told, document: &str, diff: &Diff, console: &Console) -> Result<(), CommandError> {
    let files = if diff.files { Files::Shown } else { Files::Hidden };
    let text = match console.format.document() {
        _ if diff.markdown => difference::markdown::page(told, files),
        Some(_) => render::json::with(document, difference::json::members(told, files)),
        None if console.format == Format::Concise => difference::concise::lines(told),
        None => difference::human::report(told, files, console.out_colour(), console.style().width),
    };
    console.result(&text)
}

/// The environments of `--env A --against B`.
fn pair(diff: &Diff) -> Result<Option<(&str, &str)>, CommandError> {
    match (&diff.against, diff.select.environments.as_slice()) {
        (None, _) => Ok(None),
        (Some(old), [new]) => Ok(Some((new, old))),
        (Some(_), [..]) => Err(CommandError::CommandLine {
            message: "`--against` compares with one environment of `--env`".to_owned(),
            help: vec!["name one: `exoc diff --env production --against staging`".to_owned()],
        }),
    }
}

/// What the commit has.
enum Before {
    /// The application, if it was there, and where if not where it is now.
    State(Option<State>, Option<String>),
    /// Something that does not compile, which was said.
    Broken,
}

fn repository(application: &Application) -> History {
    let repository = application.repository();
    History::new(&repository.root, &repository.application)
}

fn compile(
    application: &Application,
    sources: &dyn Sources,
    selection: &Selection,
) -> Result<Compilation<Vec<Output>>, CommandError> {
    let tree = Tree::new(application, None)?;
    let place = |environment: &str, target: &str| tree.application(environment, target);
    pipeline::compile(sources, selection, TARGETS, &place, |output| output)
}

/// Compiles the application of a commit. Its warnings are nobody's business any more; its errors are why nothing can be
/// compared.
fn before(
    application: &Application,
    history: &History,
    commit: &Commit,
    after: &State,
    selection: &Selection,
    global: &Global,
    console: &Console,
) -> Result<Before, CommandError> {
    let (revision, moved) = match history.application(commit)? {
        Some(revision) => (revision, None),
        None => match elsewhere(history, commit, after)? {
            Some(revision) => {
                let folder = revision.folder.clone();
                (revision, Some(folder))
            }
            None => return Ok(Before::State(None, None)),
        },
    };
    // An environment that is asked for may be new.
    let all = Selection {
        environments: Vec::new(),
        ..selection.clone()
    };
    let mut compilation = compile(application, &revision, &all)?;
    let prefix = format!("{}:{}", commit.name, revision.folder);
    let Some(outputs) = compilation.product.take() else {
        let (document, _) = rendered(global, &prefix, &compilation, console);
        if console.format == Format::Json {
            console.result(&document)?;
        } else {
            console.aside(&document);
        }
        return broken(commit, console);
    };
    let state = State::new(&revision, compilation.sources, prefix, &all, outputs)?;
    Ok(Before::State(Some(state), moved))
}

/// Says why nothing was compared; in JSON the diagnostics say it.
fn broken(commit: &Commit, console: &Console) -> Result<Before, CommandError> {
    let message = format!(
        "the application in `{}` has errors, so that nothing can be compared with it",
        commit.name
    );
    let help = vec!["name a commit that compiles with `--from`".to_owned()];
    match console.format.document() {
        Some(_) => Ok(Before::Broken),
        None => Err(CommandError::Failed { message, help }),
    }
}

/// The folder of a commit with the application of this name, if there is exactly one.
fn elsewhere(history: &History, commit: &Commit, after: &State) -> Result<Option<Revision>, CommandError> {
    let Some(name) = after.name() else {
        return Ok(None);
    };
    let mut found = Vec::new();
    for folder in history.applications(commit)? {
        let Some(revision) = history.folder(commit, &folder)? else {
            continue;
        };
        let named =
            pipeline::with_manifest(&revision, &[], |manifest, _, _| match manifest.application.name {
                Field::Set(name) => Some(name.value),
                Field::Absent | Field::Removed(_) | Field::Broken(_) => None,
            });
        if named.is_ok_and(|named| named.product.as_deref() == Some(name)) {
            found.push(revision);
        }
    }
    let only = found.len() == 1;
    Ok(found.pop().filter(|_| only))
}
