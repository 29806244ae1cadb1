//! What files were in a revision, through `git`, which is asked for objects and for nothing else.
//!
//! A repository may be hostile. Only plumbing runs that starts no program of the repository's: `rev-parse`, `ls-tree` and
//! `cat-file --batch`, without hooks, filters, conversions of text, monitors of files, prompts and the network. A folder
//! that only looks like a bare repository is none.

mod revision;

pub use revision::Revision;

use crate::error::CommandError;
use crate::process::{Failure, Program, Said};
use std::path::{Path, PathBuf};

/// Settings that keep git from starting anything.
const SETTINGS: [&str; 10] = [
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "protocol.allow=never",
    "-c",
    "safe.bareRepository=explicit",
    "-c",
    "core.quotePath=false",
];

/// Variables for the same, and for words that do not depend on the language.
const VARIABLES: [(&str, &str); 4] = [
    ("GIT_NO_LAZY_FETCH", "1"),
    ("GIT_NO_REPLACE_OBJECTS", "1"),
    ("GIT_TERMINAL_PROMPT", "0"),
    ("LC_ALL", "C"),
];

/// Variables that name another repository than the one that the application lies in; hooks of git set them.
const WITHHELD: &[&str] = &[
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_EXTERNAL_DIFF",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_WORK_TREE",
];

/// The application's file.
const FILE: &str = "application.yml";

/// A repository, as git sees it.
#[derive(Clone, Debug)]
pub struct History {
    root: PathBuf,
    /// From there to the application's folder, empty or with a slash at its end.
    application: String,
}

/// A commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// As somebody named it.
    pub name: String,
    /// Its full name.
    pub id: String,
}

impl Commit {
    /// The first characters of its full name.
    #[must_use]
    pub fn short(&self) -> &str {
        self.id.get(..10).unwrap_or(&self.id)
    }
}

impl History {
    /// The repository at `root`, in which the application lies in this folder.
    #[must_use]
    pub fn new(root: &Path, application: &str) -> Self {
        Self {
            root: root.to_path_buf(),
            application: application.to_owned(),
        }
    }

    fn git<'w>(&self, words: impl IntoIterator<Item = &'w str>) -> Program {
        Program::new("git")
            .with(["-C".into(), self.root.clone().into_os_string()])
            .with(["--no-pager", "--no-optional-locks"])
            .with(SETTINGS)
            .with(words)
            .variables(VARIABLES)
            .without(WITHHELD)
    }

    fn said<'w>(&self, words: impl IntoIterator<Item = &'w str>) -> Result<Said, CommandError> {
        self.git(words).said().map_err(|failure| absent(&failure))
    }

    /// The commit that `name` names.
    ///
    /// # Errors
    ///
    /// If there is no repository, or no such commit in it.
    pub fn commit(&self, name: &str) -> Result<Commit, CommandError> {
        let shallow = self.said(["rev-parse", "--is-shallow-repository"])?;
        if !shallow.is_fine {
            return Err(no_repository(&shallow.err));
        }
        let wanted = format!("{name}^{{commit}}");
        let odd = name.is_empty() || name.starts_with('-') || name.chars().any(char::is_control);
        let found = match odd {
            true => None,
            false => Some(self.said(["rev-parse", "--verify", "--quiet", &wanted])?),
        };
        if let Some(found) = found.filter(|found| found.is_fine) {
            let id = String::from_utf8_lossy(&found.out).trim().to_owned();
            return Ok(Commit {
                name: name.to_owned(),
                id,
            });
        }
        let is_shallow = shallow.out.starts_with(b"true");
        let unborn = !self.said(["rev-parse", "--verify", "--quiet", "HEAD"])?.is_fine;
        Err(no_commit(name, is_shallow, unborn))
    }

    /// The application's folder in a commit, with everything below; `None` if it is not there.
    ///
    /// # Errors
    ///
    /// If git cannot be started.
    pub fn application(&self, commit: &Commit) -> Result<Option<Revision>, CommandError> {
        self.folder(commit, &self.application.clone())
    }

    /// A folder in a commit, empty or with a slash at its end, if it has an application.
    ///
    /// # Errors
    ///
    /// If git cannot be started.
    pub fn folder(&self, commit: &Commit, folder: &str) -> Result<Option<Revision>, CommandError> {
        let tree = format!("{}:{}", commit.id, folder.trim_end_matches('/'));
        let listed = self.said(["ls-tree", "-r", "-z", "--full-tree", &tree])?;
        if !listed.is_fine {
            return Ok(None);
        }
        let batch = self.git(["cat-file", "--batch"]).answering();
        let batch = batch.map_err(|failure| absent(&failure))?;
        let revision = Revision::new(&listed.out, batch, folder.to_owned());
        Ok(revision.has(FILE).then_some(revision))
    }

    /// The folders of a commit that have an application, each empty or with a slash at its end.
    ///
    /// # Errors
    ///
    /// If git cannot be started.
    pub fn applications(&self, commit: &Commit) -> Result<Vec<String>, CommandError> {
        let listed = self.said(["ls-tree", "-r", "-z", "--full-tree", "--name-only", &commit.id])?;
        let names = listed.out.split(|byte| *byte == 0);
        let names = names.filter_map(|name| std::str::from_utf8(name).ok());
        let folder = |name: &str| {
            let folder = name.strip_suffix(FILE)?;
            (folder.is_empty() || folder.ends_with('/')).then(|| folder.to_owned())
        };
        Ok(names.filter_map(folder).collect())
    }
}

fn absent(failure: &Failure) -> CommandError {
    let help = "install git, or compare two environments: `exoc diff --env production --against staging`";
    CommandError::surroundings(failure.to_string(), help)
}

fn no_repository(words: &str) -> CommandError {
    let last = words
        .lines()
        .rfind(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let last = last.trim().trim_start_matches("fatal: ");
    if words.contains("dubious ownership") {
        let message = "git does not read this repository, because it belongs to somebody else";
        let help = "if it is to be trusted: `git config --global --add safe.directory` and its folder";
        return CommandError::surroundings(message, help);
    }
    if words.contains("not a git repository") || words.contains("bare repository") {
        let message = "the application lies in no Git repository, so there is no earlier state of it";
        let help = "compare two environments instead: `exoc diff --env production --against staging`";
        return CommandError::surroundings(message, help);
    }
    CommandError::surroundings(
        format!("git says: {last}"),
        "see whether `git status` works in this folder",
    )
}

fn no_commit(name: &str, is_shallow: bool, unborn: bool) -> CommandError {
    if unborn {
        let message = format!("there is no commit yet, and so no `{name}`");
        let help = "commit once; the next changes can be compared with that";
        return CommandError::surroundings(message, help);
    }
    let mut help = vec!["name a commit, a branch or a tag that `git log` knows".to_owned()];
    if is_shallow {
        let words = "this is a shallow clone, which has only the last commits: `git fetch --unshallow` gets the rest, \
                     and so does `fetch-depth: 0` in a workflow";
        help.insert(0, words.to_owned());
    }
    CommandError::Surroundings {
        message: format!("there is no commit `{name}` in this repository"),
        help,
    }
}
