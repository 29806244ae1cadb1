//! `exoc init`: looks at a folder, says what fits it, and writes that when somebody agrees.

use crate::args::{Global, Init};
use crate::disk::{self, Given};
use crate::error::{CommandError, Exit};
use crate::process::Stop;
use crate::propose::{self, Nothing};
use crate::render::{Ending, counted};
use crate::terminal::Console;
use exoc_diagnostics::{Entry, Sources, VirtualPath};
use std::collections::BTreeMap;
use std::path::Path;

/// Where editors find the schemas of this release.
const SCHEMAS: &str = concat!(
    env!("CARGO_PKG_REPOSITORY"),
    "/raw/v",
    env!("CARGO_PKG_VERSION"),
    "/schemas/"
);

/// Runs the command.
///
/// # Errors
///
/// If there is an application already, nothing is found that could be a service, or a file cannot be written.
pub(super) fn run(global: &Global, init: &Init, console: &Console) -> Result<Exit, CommandError> {
    if let Ok(application) = disk::find(&global.directory) {
        return Err(CommandError::Tree {
            message: format!("`{}application.yml` is there already", application.prefix),
            help: vec!["`exoc init --ci` writes a workflow for it; `exoc` says what else is next".to_owned()],
        });
    }
    let here = disk::enter(&global.directory)?;
    let proposal = propose::propose(&here.folder, &here.name).map_err(nothing)?;
    let files = propose::files(&proposal, SCHEMAS);
    in_the_way(&here.folder, &files)?;
    let shown: String = files
        .iter()
        .map(|(path, text)| format!("--- {path}\n{text}\n"))
        .collect();
    let remarks: String = proposal
        .remarks
        .iter()
        .map(|remark| format!("- {remark}\n"))
        .collect();
    if console.format.document().is_none() {
        console.aside(&format!("{shown}{remarks}"));
    }
    let agreed = init.yes || {
        let stop = Stop::listen().map_err(|error| {
            CommandError::surroundings(format!("signals cannot be heard: {error}"), "try it with `--yes`")
        })?;
        let question = format!("Write {}?", counted(files.len(), "file"));
        console.asks(&question, &stop).map_err(|_| CommandError::Tree {
            message: "nothing was written".to_owned(),
            help: Vec::new(),
        })?
    };
    let written = if agreed {
        write(here.folder.root(), &files)?
    } else {
        Vec::new()
    };
    let paths: Vec<String> = written
        .iter()
        .map(|path| format!("{}{path}", here.prefix))
        .collect();
    if let Some(document) = console.format.document() {
        let ending = Ending::Written {
            files: &paths,
            removed: &[],
        };
        console.result(&document.bare(None, ending))?;
        return Ok(Exit::Fine);
    }
    console.result(&paths.iter().map(|path| format!("{path}\n")).collect::<String>())?;
    console.progress(match agreed {
        true => "Read them, then run `exoc build`.",
        false => "Nothing was written; `exoc init --yes` writes these files.",
    });
    Ok(Exit::Fine)
}

fn nothing(nothing: Nothing) -> CommandError {
    match nothing {
        Nothing::Unreadable(error) => CommandError::surroundings(
            format!("the folder cannot be read: {error:?}"),
            "name another one with `-C`",
        ),
        Nothing::NoService { remarks } => {
            let mut help = remarks;
            help.push("a folder with a Dockerfile is a service; an application is two lines:".to_owned());
            help.push("`name: guestbook`, and `services: { web: ./web }`, in application.yml".to_owned());
            CommandError::Tree {
                message: "nothing here says how a service is built".to_owned(),
                help,
            }
        }
    }
}

/// Files that are there already are somebody's.
fn in_the_way(sources: &dyn Sources, files: &BTreeMap<String, String>) -> Result<(), CommandError> {
    let stands = |path: &&String| {
        let place = VirtualPath::new(path).unwrap_or_default();
        !matches!(sources.entry(&place), Ok(Entry::Absent) | Err(_))
    };
    let standing: Vec<&String> = files.keys().filter(stands).collect();
    match standing.first() {
        None => Ok(()),
        Some(first) => Err(CommandError::Tree {
            message: format!("`{first}` is there already, and nothing was written"),
            help: vec!["move it away, or write application.yml by hand".to_owned()],
        }),
    }
}

/// Writes application.yml last: whoever is interrupted has no application yet.
fn write(root: &Path, files: &BTreeMap<String, String>) -> Result<Vec<String>, CommandError> {
    let (last, first): (Vec<_>, Vec<_>) = files.iter().partition(|(path, _)| !path.contains('/'));
    let mut written = Vec::new();
    for (path, text) in first.into_iter().chain(last) {
        let place = VirtualPath::new(path).unwrap_or_default();
        match disk::give(root, &place, text.as_bytes(), false)? {
            Given::Written | Given::Same => written.push(path.clone()),
            Given::Kept => {
                return Err(CommandError::Tree {
                    message: format!("`{path}` was written by somebody else meanwhile"),
                    help: vec!["look at what is there, and try again".to_owned()],
                });
            }
        }
    }
    Ok(written)
}
