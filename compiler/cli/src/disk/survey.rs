//! What stands in the tree against what is to stand there. Reads and decides; writes nothing.
//!
//! A file is exoc's own if its first line says so, or `SHA256SUMS` of its output lists it. It is edited if its hash is
//! another than the one stated there, unless the journal of an interrupted build knows it. What neither is generated
//! nor says it was is a person's: it is not looked at further.

use super::held::{Found, Held};
use super::journal::{Journal, Left};
use crate::generated::seal::{self, LONGEST, Seal};
use crate::generated::{Generated, sums};
use crate::parallel;
use exoc_diagnostics::VirtualPath;
use std::collections::{BTreeMap, BTreeSet};
use std::io;

/// How a place differs from what is to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// A file is to be there, and nothing is.
    Missing,
    /// A generated file stands there as exoc left it, and is to be another.
    Stale,
    /// A file is to be there, and one stands there that somebody changed or wrote.
    Edited,
    /// A generated file stands there as exoc left it, and is to be gone.
    Orphaned,
    /// A generated file stands there that somebody changed, and is to be gone.
    OrphanedAndEdited,
    /// A file or folder is to be there, and something else stands there.
    Blocked(&'static str),
}

impl State {
    /// The word for lists and for programs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Stale => "stale",
            Self::Edited | Self::OrphanedAndEdited => "edited",
            Self::Orphaned => "orphaned",
            Self::Blocked(_) => "blocked",
        }
    }

    /// Whether the file is to be gone.
    #[must_use]
    pub const fn goes(self) -> bool {
        match self {
            Self::Orphaned | Self::OrphanedAndEdited => true,
            Self::Missing | Self::Stale | Self::Edited | Self::Blocked(_) => false,
        }
    }

    /// Whether writing would lose what a person did.
    #[must_use]
    pub const fn loses_work(self) -> bool {
        match self {
            Self::Edited | Self::OrphanedAndEdited => true,
            Self::Missing | Self::Stale | Self::Orphaned | Self::Blocked(_) => false,
        }
    }
}

/// A place that is not as it is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The place in the tree.
    pub path: VirtualPath,
    /// How it differs.
    pub state: State,
    /// The hash of what stands there, if a file does.
    pub(super) old: Option<String>,
}

/// What a survey found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// The places that are not as they are to be, by path.
    pub findings: Vec<Finding>,
    /// How many files are as they are to be.
    pub current: usize,
    /// Whether a build was interrupted.
    pub interrupted: Interrupted,
    /// What holds data by what stands there, and is in no file that is to be there.
    pub lost: Vec<Lost>,
}

/// Something that holds data, of which a generated file speaks and none is to speak.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// The file that speaks of it.
    pub path: VirtualPath,
    /// What its data is named after.
    pub identity: String,
}

/// Whether a build was interrupted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Interrupted {
    /// None was, or nothing is left of it.
    #[default]
    No,
    /// Before it changed any file: only what it had prepared is left.
    Early,
    /// While it changed files.
    Amid,
}

impl Survey {
    /// What is found where nothing stands at all.
    #[must_use]
    pub fn of_nothing(files: &[Generated]) -> Self {
        let missing = |file: &Generated| Finding {
            path: file.path.clone(),
            state: State::Missing,
            old: None,
        };
        Self {
            findings: files.iter().map(missing).collect(),
            current: 0,
            interrupted: Interrupted::No,
            lost: Vec::new(),
        }
    }

    /// Whether nothing is to be done.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.findings.is_empty() && self.interrupted != Interrupted::Amid
    }
}

/// Where generated files may lie that are no longer made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// In the folder of any of these targets, of whichever environment.
    Targets(Vec<&'static str>),
    /// In these folders only.
    Folders(Vec<VirtualPath>),
}

impl Scope {
    /// Whether a build of this scope decides about a file.
    pub(super) fn covers(&self, path: &VirtualPath) -> bool {
        match self {
            Self::Targets(_) => true,
            Self::Folders(folders) => folders.iter().any(|folder| {
                let inside = path.as_str().strip_prefix(folder.as_str());
                inside.is_some_and(|inside| inside.starts_with('/'))
            }),
        }
    }
}

/// A place, and why it could not be looked at.
pub(super) type Failure = (VirtualPath, io::Error);

/// Looks at the place of every file, and for files that are no longer made.
pub(super) fn survey(
    held: &mut Held,
    files: &[Generated],
    scope: &Scope,
    left: &Left,
) -> Result<Survey, Failure> {
    let (interrupted, journal) = match left {
        Left::Nothing => (Interrupted::No, None),
        Left::Prepared => (Interrupted::Early, None),
        Left::Begun(journal) => (Interrupted::Amid, Some(journal)),
    };
    let mut surveyor = Surveyor {
        held,
        journal,
        sums: BTreeMap::new(),
        folders: BTreeMap::new(),
        held_data: Vec::new(),
    };
    let mut survey = Survey {
        interrupted,
        ..Survey::default()
    };
    surveyor.seal(files)?;
    for file in files {
        match surveyor.expected(file)? {
            None => survey.current += 1,
            Some(finding) => survey.findings.push(finding),
        }
    }
    let expected: BTreeSet<&VirtualPath> = files.iter().map(|file| &file.path).collect();
    for folder in surveyor.searched(scope)? {
        surveyor.orphans(&folder, &expected, &mut survey.findings)?;
    }
    survey.lost = lost(surveyor.held_data, files);
    survey.findings.sort_by(|one, other| one.path.cmp(&other.path));
    // One thing that is in the way of many files is one finding.
    survey.findings.dedup();
    Ok(survey)
}

/// What of the data that changed files speak of is in no file of the same output that is to be there.
fn lost(mut held: Vec<Lost>, files: &[Generated]) -> Vec<Lost> {
    let output = |path: &VirtualPath| -> String {
        let segments: Vec<&str> = path.as_str().splitn(3, '/').take(2).collect();
        segments.join("/")
    };
    let kept: BTreeSet<(String, &str)> = files
        .iter()
        .filter_map(|file| Some((output(&file.path), file.contents.holds()?)))
        .collect();
    held.retain(|held| !kept.contains(&(output(&held.path), held.identity.as_str())));
    held.sort_by(|one, other| one.path.cmp(&other.path));
    held
}

struct Surveyor<'a> {
    held: &'a mut Held,
    journal: Option<&'a Journal>,
    /// The lists of outputs' folders as they stand on the disk.
    sums: BTreeMap<VirtualPath, BTreeMap<VirtualPath, String>>,
    /// Folders that were looked at: whether one is there, or what is in the way.
    folders: BTreeMap<VirtualPath, Result<bool, Finding>>,
    /// What holds data by the files that are to change or go.
    held_data: Vec<Lost>,
}

impl Surveyor<'_> {
    /// Seals, side by side, what will be compared: the files whose folders are there.
    fn seal(&mut self, files: &[Generated]) -> Result<(), Failure> {
        let mut compared = Vec::new();
        for file in files {
            if self.folder(&file.path.parent())? == Ok(true) {
                compared.push(&file.contents);
            }
        }
        parallel::map(compared, |contents| {
            contents.line();
        });
        Ok(())
    }

    fn expected(&mut self, file: &Generated) -> Result<Option<Finding>, Failure> {
        let finding = |state, old| {
            let path = file.path.clone();
            Some(Finding { path, state, old })
        };
        match self.folder(&file.path.parent())? {
            Err(blocked) => return Ok(Some(blocked)),
            Ok(false) => return Ok(finding(State::Missing, None)),
            Ok(true) => {}
        }
        let executable = match self.look(&file.path)? {
            Found::Nothing => return Ok(finding(State::Missing, None)),
            Found::File { executable } => executable,
            other @ (Found::Folder | Found::Link | Found::Other) => {
                return Ok(finding(in_the_way(other), None));
            }
        };
        let contents = self.read(&file.path, None)?;
        if file.contents.is(&contents) {
            let old = || Some(seal::hash(&contents));
            let same = executable == file.executable;
            return Ok((!same).then(|| finding(State::Stale, old())).flatten());
        }
        self.note_data(&file.path, &contents);
        let old = seal::hash(&contents);
        let state = if self.is_ours(file, &contents, &old)? {
            State::Stale
        } else {
            State::Edited
        };
        Ok(finding(state, Some(old)))
    }

    /// Whether nobody changed the file that stands at the place of a generated one.
    fn is_ours(&mut self, file: &Generated, contents: &[u8], hash: &str) -> Result<bool, Failure> {
        if self
            .journal
            .is_some_and(|journal| journal.explains(&file.path, hash))
        {
            return Ok(true);
        }
        if !file.contents.vouches() {
            return Ok(self.listed(&file.path)?.as_deref() == Some(hash));
        }
        Ok(match seal::read(contents) {
            Seal::Whole => true,
            Seal::Broken => false,
            // Only the line is gone, or nothing but blank lines and line ends changed: nothing is lost.
            Seal::Absent => {
                seal::without(contents).trim_ascii() == seal::without(&file.contents.bytes()).trim_ascii()
            }
        })
    }

    /// The hash that `SHA256SUMS` of the output's folder on the disk states for a file.
    fn listed(&mut self, path: &VirtualPath) -> Result<Option<String>, Failure> {
        let mut segments = path.as_str().splitn(3, '/');
        let (Some(environment), Some(target), Some(inside)) =
            (segments.next(), segments.next(), segments.next())
        else {
            return Ok(None);
        };
        let folder = VirtualPath::new(&format!("{environment}/{target}")).unwrap_or_default();
        if !self.sums.contains_key(&folder) {
            let list = self.list_of(&folder)?;
            self.sums.insert(folder.clone(), list);
        }
        let list = self.sums.get(&folder);
        Ok(VirtualPath::new(inside).and_then(|inside| list?.get(&inside).cloned()))
    }

    /// What a list says that nobody changed; nothing if there is none.
    fn list_of(&mut self, folder: &VirtualPath) -> Result<BTreeMap<VirtualPath, String>, Failure> {
        let list = folder.join(sums::FILE).unwrap_or_default();
        match self.look(&list)? {
            Found::File { .. } => {}
            Found::Nothing | Found::Folder | Found::Link | Found::Other => return Ok(BTreeMap::new()),
        }
        let contents = self.read(&list, None)?;
        Ok(match seal::read(&contents) {
            Seal::Whole => sums::read(&contents),
            Seal::Absent | Seal::Broken => BTreeMap::new(),
        })
    }

    /// Whether a folder is there, or what is in its way or in that of a folder above.
    fn folder(&mut self, path: &VirtualPath) -> Result<Result<bool, Finding>, Failure> {
        if path.as_str().is_empty() {
            return Ok(Ok(true));
        }
        if let Some(known) = self.folders.get(path) {
            return Ok(known.clone());
        }
        let blocked = |state| {
            let path = path.clone();
            Err(Finding {
                path,
                state,
                old: None,
            })
        };
        let found = match self.folder(&path.parent())? {
            Ok(true) => match self.look(path)? {
                Found::Nothing => Ok(false),
                Found::Folder => Ok(true),
                Found::File { .. } => blocked(State::Blocked("it is a file, and a folder is needed")),
                other @ (Found::Link | Found::Other) => blocked(in_the_way(other)),
            },
            above => above,
        };
        self.folders.insert(path.clone(), found.clone());
        Ok(found)
    }

    /// The folders in which files may lie that are no longer made.
    fn searched(&mut self, scope: &Scope) -> Result<Vec<VirtualPath>, Failure> {
        let targets = match scope {
            Scope::Folders(folders) => return Ok(folders.clone()),
            Scope::Targets(targets) => targets,
        };
        let root = VirtualPath::root();
        let mut folders = Vec::new();
        for (environment, kind) in self.list(&root)? {
            if kind != Found::Folder || environment.starts_with('.') {
                continue;
            }
            for target in targets {
                folders.extend(root.join(&format!("{environment}/{target}")).ok());
            }
        }
        Ok(folders)
    }

    /// Generated files below a folder that are not expected. Links and hidden folders, such as `.terraform`, are left
    /// alone: exoc makes none.
    fn orphans(
        &mut self,
        folder: &VirtualPath,
        expected: &BTreeSet<&VirtualPath>,
        findings: &mut Vec<Finding>,
    ) -> Result<(), Failure> {
        if self.folder(folder)? != Ok(true) {
            return Ok(());
        }
        for (name, kind) in self.list(folder)? {
            let path = folder.join(&name).unwrap_or_default();
            match kind {
                Found::Folder if !name.starts_with('.') => self.orphans(&path, expected, findings)?,
                Found::File { .. } if !expected.contains(&path) => {
                    findings.extend(self.unexpected(path)?);
                }
                Found::File { .. } | Found::Folder | Found::Link | Found::Other | Found::Nothing => {}
            }
        }
        Ok(())
    }

    fn unexpected(&mut self, path: VirtualPath) -> Result<Option<Finding>, Failure> {
        let head = match self.held.read(&path, Some(LONGEST)) {
            Ok(head) => head,
            // What exoc may not read it has not written.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => return Ok(None),
            Err(error) => return Err((path, error)),
        };
        let listed = self.listed(&path)?;
        let journaled = self
            .journal
            .is_some_and(|journal| journal.changes.contains_key(&path));
        if seal::read(&head) == Seal::Absent && listed.is_none() && !journaled {
            return Ok(None);
        }
        let contents = self.read(&path, None)?;
        let hash = seal::hash(&contents);
        let explained = self.journal.is_some_and(|journal| journal.explains(&path, &hash));
        let ours = explained || listed.is_some_and(|listed| listed == hash);
        let state = match seal::read(&contents) {
            Seal::Absent if !ours => return Ok(None),
            Seal::Broken if !ours => State::OrphanedAndEdited,
            Seal::Absent | Seal::Broken | Seal::Whole => State::Orphaned,
        };
        let old = Some(hash);
        self.note_data(&path, &contents);
        Ok(Some(Finding { path, state, old }))
    }

    fn note_data(&mut self, path: &VirtualPath, contents: &[u8]) {
        if let Some(identity) = seal::holds(contents) {
            let path = path.clone();
            self.held_data.push(Lost { path, identity });
        }
    }

    fn look(&mut self, path: &VirtualPath) -> Result<Found, Failure> {
        self.held.look(path).map_err(|error| (path.clone(), error))
    }

    fn read(&mut self, path: &VirtualPath, most: Option<u64>) -> Result<Vec<u8>, Failure> {
        self.held.read(path, most).map_err(|error| (path.clone(), error))
    }

    fn list(&mut self, path: &VirtualPath) -> Result<Vec<(String, Found)>, Failure> {
        self.held.list(path).map_err(|error| (path.clone(), error))
    }
}

fn in_the_way(found: Found) -> State {
    State::Blocked(match found {
        Found::Link => "it is a symbolic link, and generated files are written through none",
        Found::Folder => "it is a folder",
        Found::Nothing | Found::File { .. } | Found::Other => "it is neither a file nor a folder",
    })
}
