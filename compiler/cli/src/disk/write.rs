//! Makes a tree what a survey says it is to be, so that an interruption at any point leaves the tree old, new, or
//! explained by the journal.
//!
//! 1. New contents are written to `.exoc/stage/`. What fails here changes no file.
//! 2. The journal is written: from here on the build counts as begun.
//! 3. Files that go are removed, then new ones are renamed into place: each at once, or a folder that was missing with
//!    all that is in it.
//! 4. The journal is removed, and `.exoc` with it.
//!
//! Nobody else writes to the tree meanwhile: the caller holds its lock.

use super::held::{Found, Held};
use super::journal::{Change, Journal, Left};
use super::stage::{At, Stage};
use super::survey::{Finding, Scope, Survey};
use crate::generated::Generated;
use exoc_diagnostics::VirtualPath;
use std::collections::BTreeMap;
use std::io;

/// The folder of a build that is being written.
const FOLDER: &str = ".exoc";
/// Keeps Git away from it.
const IGNORE: &str = ".exoc/.gitignore";
/// New contents.
const STAGE: &str = ".exoc/stage";
/// The journal.
const JOURNAL: &str = ".exoc/journal.json";
/// The journal before it counts.
const DRAFT: &str = ".exoc/journal.new";

/// A file of people's that is about to be replaced.
const PRIVATE: &str = ".exoc/private.new";

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The files that were written, as seen from where exoc was started.
    pub paths: Vec<String>,
    /// The files that were removed, likewise.
    pub removed: Vec<String>,
    /// How many files were as they should be.
    pub unchanged: usize,
}

/// How far a build came before the system refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// No file was changed.
    Before,
    /// Some were.
    Amid,
    /// All were.
    After,
}

/// Why a build stopped.
#[derive(Debug)]
pub(super) struct Stopped {
    /// Where.
    pub(super) path: VirtualPath,
    /// What the system said.
    pub(super) error: io::Error,
    /// How far it had come.
    pub(super) when: When,
}

/// The journal's place.
pub(super) fn journal_place() -> VirtualPath {
    path(JOURNAL)
}

/// What an interrupted build left behind.
pub(super) fn left(held: &mut Held) -> io::Result<Left> {
    match held.look(&path(FOLDER))? {
        Found::Folder => {}
        Found::Nothing | Found::File { .. } | Found::Link | Found::Other => return Ok(Left::Nothing),
    }
    Ok(match held.look(&path(JOURNAL))? {
        // One that cannot be understood explains nothing, but a build was interrupted.
        Found::File { .. } => {
            Left::Begun(Journal::read(&held.read(&path(JOURNAL), None)?).unwrap_or_default())
        }
        Found::Nothing | Found::Folder | Found::Link | Found::Other => Left::Prepared,
    })
}

/// Does what the survey says.
pub(super) fn write(
    held: &mut Held,
    files: &[Generated],
    scope: &Scope,
    survey: &Survey,
) -> Result<(), Stopped> {
    let before = |at: &VirtualPath, error| Stopped {
        path: at.clone(),
        error,
        when: When::Before,
    };
    let known = match left(held).map_err(|error| before(&path(JOURNAL), error))? {
        Left::Nothing | Left::Prepared => None,
        Left::Begun(journal) => Some(journal),
    };
    let contents: BTreeMap<&VirtualPath, &Generated> = files.iter().map(|file| (&file.path, file)).collect();
    let (gone, new): (Vec<&Finding>, Vec<&Finding>) =
        survey.findings.iter().partition(|finding| finding.state.goes());
    let new: Vec<(&Finding, &Generated)> = new
        .into_iter()
        .filter_map(|finding| Some((finding, *contents.get(&finding.path)?)))
        .collect();
    let begun = known.is_some();
    let carried = carried(known, scope);
    if gone.is_empty() && new.is_empty() {
        return finish(held, &carried);
    }
    let prepared = prepare(held, &new).and_then(|stage| {
        let journal = journal_of(&new, &gone, &carried);
        let begun = begin(held, &journal).map_err(|error| (path(JOURNAL), error));
        begun.map(|()| stage)
    });
    let stage = match prepared {
        Ok(stage) => stage,
        Err((at, error)) => {
            // What cannot be taken back is removed by the next build, and harms nobody.
            drop(clear(held, begun));
            return Err(before(&at, error));
        }
    };
    change(held, &stage, &gone).map_err(|(path, error)| Stopped {
        path,
        error,
        when: When::Amid,
    })?;
    finish(held, &carried)
}

/// What an earlier journal says of files that this build does not decide about.
fn carried(known: Option<Journal>, scope: &Scope) -> Journal {
    let mut journal = known.unwrap_or_default();
    journal.changes.retain(|path, _| !scope.covers(path));
    journal
}

fn journal_of(new: &[(&Finding, &Generated)], gone: &[&Finding], carried: &Journal) -> Journal {
    let mut journal = carried.clone();
    for (finding, file) in new {
        let change = Change {
            old: finding.old.clone(),
            new: (!file.contents.vouches()).then(|| file.contents.hash()),
        };
        journal.changes.insert(finding.path.clone(), change);
    }
    for finding in gone {
        let change = Change {
            old: finding.old.clone(),
            new: None,
        };
        journal.changes.insert(finding.path.clone(), change);
    }
    journal
}

/// Writes the new contents beside the tree.
fn prepare(held: &mut Held, new: &[(&Finding, &Generated)]) -> Result<Stage, At> {
    let at = |path: &VirtualPath| {
        let path = path.clone();
        move |error| (path, error)
    };
    clear(held, true).map_err(at(&path(FOLDER)))?;
    open(held).map_err(at(&path(FOLDER)))?;
    held.create_folder(&path(STAGE)).map_err(at(&path(STAGE)))?;
    let files: Vec<&Generated> = new.iter().map(|(_, file)| *file).collect();
    Stage::fill(held, &path(STAGE), &files)
}

/// Makes the folder of builds.
fn open(held: &mut Held) -> io::Result<()> {
    held.create_folder(&path(FOLDER))?;
    match held.look(&path(IGNORE))? {
        Found::Nothing => held.create(&path(IGNORE), b"*\n", false),
        Found::File { .. } | Found::Folder | Found::Link | Found::Other => Ok(()),
    }
}

/// Lets a file that is none of a build wait where builds do, which Git leaves out, until `put` moves it to its place.
/// `put` gets that folder and the file's path.
pub(super) fn beside(
    held: &mut Held,
    put: impl FnOnce(&mut Held, &Held, &VirtualPath) -> io::Result<()>,
) -> io::Result<()> {
    let begun = held.look(&path(JOURNAL))? != Found::Nothing;
    open(held)?;
    let folder = held.below(&path(FOLDER))?;
    let result = put(held, &folder, &path(PRIVATE));
    let cleared = clear(held, begun);
    result.and(cleared)
}

/// Writes the journal: it counts from the moment in which it has its name.
fn begin(held: &mut Held, journal: &Journal) -> io::Result<()> {
    held.create(&path(DRAFT), journal.print().as_bytes(), false)?;
    let folder = held.below(&path(FOLDER))?;
    held.take(&folder, path(DRAFT).name(), &path(JOURNAL))
}

fn change(held: &mut Held, stage: &Stage, gone: &[&Finding]) -> Result<(), At> {
    for finding in gone {
        let at = |error| (finding.path.clone(), error);
        held.remove(&finding.path).map_err(at)?;
        let mut folder = finding.path.parent();
        // Folders that are empty now were there for the files that went.
        while !folder.as_str().is_empty() && held.remove_folder(&folder).map_err(at)? {
            folder = folder.parent();
        }
    }
    let staged = held.below(&path(STAGE)).map_err(|error| (path(STAGE), error))?;
    stage.put(held, &staged)
}

/// Ends a build: the journal goes first, or says only what is carried on.
fn finish(held: &mut Held, carried: &Journal) -> Result<(), Stopped> {
    let result = if carried.changes.is_empty() {
        held.remove(&path(JOURNAL)).and_then(|()| clear(held, false))
    } else {
        clear(held, true).and_then(|()| begin(held, carried))
    };
    result.map_err(|error| Stopped {
        path: path(FOLDER),
        error,
        when: When::After,
    })
}

/// Removes what a build leaves in its folder; with `keep` all but the folder, its `.gitignore` and the journal.
fn clear(held: &mut Held, keep: bool) -> io::Result<()> {
    if held.look(&path(FOLDER))? != Found::Folder {
        return Ok(());
    }
    if held.look(&path(STAGE))? == Found::Folder {
        remove_whole(held, &path(STAGE))?;
    }
    held.remove(&path(DRAFT))?;
    held.remove(&path(PRIVATE))?;
    if !keep {
        held.remove(&path(IGNORE))?;
        held.remove_folder(&path(FOLDER))?;
    }
    Ok(())
}

/// Removes a folder with what is in it.
fn remove_whole(held: &mut Held, folder: &VirtualPath) -> io::Result<()> {
    for (name, found) in held.list(folder)? {
        let inside = folder.join(&name).unwrap_or_default();
        match found {
            Found::Folder => remove_whole(held, &inside)?,
            Found::Nothing | Found::File { .. } | Found::Link | Found::Other => held.remove(&inside)?,
        }
    }
    held.remove_folder(folder).map(drop)
}

fn path(text: &str) -> VirtualPath {
    VirtualPath::new(text).unwrap_or_default()
}
