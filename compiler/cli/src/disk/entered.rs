//! The folder of generated files while nobody else is at work in it: surveyed, read, written. Knows no target; a file is
//! a path and bytes.

use super::held::Held;
use super::private::{self, Refusal};
use super::survey::{self, Scope, State, Survey};
use super::tree::{Tree, in_the_way, take_back};
use super::words;
use super::write::{self, Stopped, When, Written};
use crate::error::CommandError;
use crate::generated::Generated;
use exoc_diagnostics::VirtualPath;
use std::io;
use std::path::PathBuf;

/// What to do about a file that only its owner may read.
const PRIVATE: &str = "put a file of its own there that can be read and written, or remove what is there";

/// A tree that nobody else writes to, or nobody writes to, while this lives.
#[derive(Debug)]
pub struct Entered<'a> {
    tree: &'a Tree,
    held: Held,
    /// Folders that were made to enter, outer ones first: they go again unless something is in them.
    created: Vec<PathBuf>,
}

impl<'a> Entered<'a> {
    /// A tree that is open and locked.
    pub(super) const fn new(tree: &'a Tree, held: Held, created: Vec<PathBuf>) -> Self {
        Self { tree, held, created }
    }

    /// Compares the tree with the files that are to be in it.
    ///
    /// # Errors
    ///
    /// If a place cannot be looked at.
    pub fn survey(&mut self, files: &[Generated], scope: &Scope) -> Result<Survey, CommandError> {
        let left = write::left(&mut self.held);
        let left = left.map_err(|error| self.unreadable(&write::journal_place(), &error))?;
        survey::survey(&mut self.held, files, scope, &left)
            .map_err(|(path, error)| self.unreadable(&path, &error))
    }

    /// Makes the tree what it is to be: writes, removes, and leaves alone what is as it should be. Of hand edits the
    /// caller has made sure.
    ///
    /// # Errors
    ///
    /// If something stands in the way, or the system refuses to write. Then nothing was changed, or the journal says
    /// what was, and the next call goes on from there.
    pub fn write(
        mut self,
        files: &[Generated],
        scope: &Scope,
        survey: &Survey,
    ) -> Result<Written, CommandError> {
        if let Some((finding, why)) = survey.findings.iter().find_map(|finding| match finding.state {
            State::Blocked(why) => Some((finding, why)),
            State::Missing | State::Stale | State::Edited | State::Orphaned | State::OrphanedAndEdited => {
                None
            }
        }) {
            return Err(in_the_way(&self.tree.shown(&finding.path), why));
        }
        let tree = self.tree;
        write::write(&mut self.held, files, scope, survey).map_err(|stopped| told(tree, &stopped))?;
        let paths = |gone: bool| {
            let findings = survey.findings.iter();
            let wanted = findings.filter(move |finding| finding.state.goes() == gone);
            wanted.map(|finding| tree.shown(&finding.path)).collect()
        };
        Ok(Written {
            paths: paths(false),
            removed: paths(true),
            unchanged: survey.current,
        })
    }

    /// What stands at a place, for a diff.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub fn read(&mut self, path: &VirtualPath) -> Result<Vec<u8>, CommandError> {
        self.held
            .read(path, None)
            .map_err(|error| self.unreadable(path, &error))
    }

    /// What a file holds that only its owner may read; `None` if there is none.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or is a link.
    pub fn read_private(&mut self, path: &VirtualPath) -> Result<Option<Vec<u8>>, CommandError> {
        private::read(&mut self.held, path).map_err(|refusal| {
            let message = format!("`{}` cannot be read: {refusal}", self.tree.shown(path));
            CommandError::surroundings(message, PRIVATE)
        })
    }

    /// Puts a file there that only its owner may read.
    ///
    /// # Errors
    ///
    /// If it cannot be written, or a link stands in its place; then what stood there stands there still.
    pub fn replace_private(&mut self, path: &VirtualPath, contents: &[u8]) -> Result<(), CommandError> {
        let replaced = private::replace(&mut self.held, path, contents);
        replaced.map_err(|refusal| self.unwritable(path, &refusal))
    }

    /// Makes a file, if there is one, what only its owner may read.
    ///
    /// # Errors
    ///
    /// If it is somebody else's, or a link.
    pub fn narrow_private(&mut self, path: &VirtualPath) -> Result<(), CommandError> {
        let narrowed = private::narrow(&mut self.held, path);
        narrowed.map_err(|refusal| self.unwritable(path, &refusal))
    }

    fn unwritable(&self, path: &VirtualPath, refusal: &Refusal) -> CommandError {
        let message = format!(
            "`{}` cannot be written: {refusal}; nothing was changed",
            self.tree.shown(path)
        );
        CommandError::surroundings(message, PRIVATE)
    }

    fn unreadable(&self, path: &VirtualPath, error: &io::Error) -> CommandError {
        let message = format!("`{}` cannot be read: {}", self.tree.shown(path), words(error));
        CommandError::surroundings(message, "make it readable, or move it away; nothing was written")
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        take_back(&self.created);
    }
}

/// Why writing stopped, and what that means for the files.
fn told(tree: &Tree, stopped: &Stopped) -> CommandError {
    let Stopped { path, error, when } = stopped;
    let message = format!("`{}` cannot be written: {}", tree.shown(path), words(error));
    let (message, help) = match when {
        When::Before => (
            format!("{message}; nothing was changed"),
            "make room, or make the folder writable, or name another one with `--out`",
        ),
        When::Amid => (
            format!("{message}; some files are written, others are not yet"),
            "remove the cause and run `exoc build` again: it goes on from there",
        ),
        When::After => (
            format!("{message}; all files are written"),
            "remove the cause and run `exoc build` again, which removes what is left",
        ),
    };
    CommandError::surroundings(message, help)
}
