//! Waits until something changes that a compilation looked at.
#![expect(
    clippy::disallowed_methods,
    reason = "where links lead is looked up on the disk"
)]

use super::Folder;
use crate::process::Clock;
use exoc_diagnostics::{Entry, ReadError, Sources, VirtualPath};
use notify::event::{AccessKind, AccessMode, ModifyKind};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

/// How long nothing must change before it counts as done: editors write a file in several steps, and a branch that is
/// checked out is many files.
const QUIET: Duration = Duration::from_millis(40);

/// How long it is waited for that at most: something may change all the time.
const PATIENCE: Duration = Duration::from_secs(1);

/// A folder that notes what it is asked for.
#[derive(Debug)]
pub struct Noted<'a> {
    folder: &'a Folder,
    asked: RefCell<Asked>,
}

/// What a compilation asked for, also in vain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Files, and what was looked for.
    paths: BTreeSet<VirtualPath>,
    /// Folders whose names were asked for.
    listed: BTreeSet<VirtualPath>,
}

impl<'a> Noted<'a> {
    /// Nothing is noted yet.
    #[must_use]
    pub fn new(folder: &'a Folder) -> Self {
        Self {
            folder,
            asked: RefCell::default(),
        }
    }

    /// What was asked for.
    #[must_use]
    pub fn asked(self) -> Asked {
        self.asked.into_inner()
    }

    fn note(&self, path: &VirtualPath) {
        let mut asked = self.asked.borrow_mut();
        if !asked.paths.contains(path) {
            asked.paths.insert(path.clone());
        }
    }
}

impl Sources for Noted<'_> {
    fn read(&self, path: &VirtualPath) -> Result<Vec<u8>, ReadError> {
        self.note(path);
        self.folder.read(path)
    }

    fn entry(&self, path: &VirtualPath) -> Result<Entry, ReadError> {
        self.note(path);
        self.folder.entry(path)
    }

    fn list(&self, path: &VirtualPath) -> Result<Vec<String>, ReadError> {
        self.asked.borrow_mut().listed.insert(path.clone());
        self.folder.list(path)
    }

    fn expect(&self, files: &[VirtualPath]) {
        self.folder.expect(files);
    }
}

/// Watches the folders of what was asked for.
#[derive(Debug)]
pub struct Watch {
    root: PathBuf,
    watcher: RecommendedWatcher,
    events: Receiver<notify::Result<Event>>,
    /// Files and what was looked for, where they are and where links lead.
    paths: BTreeSet<PathBuf>,
    /// Folders of which every name matters.
    listed: BTreeSet<PathBuf>,
    /// Folders that are watched.
    folders: BTreeSet<PathBuf>,
}

impl Watch {
    /// Watches nothing yet of the application in the folder `root`.
    ///
    /// # Errors
    ///
    /// In words, if the system has no more watches to give.
    pub fn new(root: &Path) -> Result<Self, String> {
        let (sender, events) = mpsc::channel();
        // Nobody listens any more only when the process ends.
        let tell = move |event| drop(sender.send(event));
        let watcher = notify::recommended_watcher(tell).map_err(|error| words(&error))?;
        Ok(Self {
            root: root.to_owned(),
            watcher,
            events,
            paths: BTreeSet::new(),
            listed: BTreeSet::new(),
            folders: BTreeSet::new(),
        })
    }

    /// From here on watches what was asked for, and nothing else. Whether a folder came in that was not watched before,
    /// so that a change in it may have been missed.
    ///
    /// # Errors
    ///
    /// In words, if the system does not watch a folder.
    pub fn aim(&mut self, asked: &Asked) -> Result<bool, String> {
        let Asked { paths, listed } = asked;
        self.paths = paths.iter().flat_map(|path| self.places(path)).collect();
        self.listed = listed.iter().flat_map(|path| self.places(path)).collect();
        let above = self.paths.iter().filter_map(|path| path.parent());
        let inside = self.listed.iter().map(PathBuf::as_path);
        // What does not exist can only come into being in the first folder above it that does.
        let nearest = |path: &Path| path.ancestors().find(|path| path.is_dir()).map(Path::to_owned);
        let wanted: BTreeSet<&Path> = above.chain(inside).collect();
        let folders: BTreeSet<PathBuf> = wanted.into_iter().filter_map(nearest).collect();
        for gone in self.folders.difference(&folders) {
            // A folder that was removed is not watched any more, which is what is wanted.
            let _ = self.watcher.unwatch(gone);
        }
        let mut is_new = false;
        for new in folders.difference(&self.folders) {
            match self.watcher.watch(new, RecursiveMode::NonRecursive) {
                // It went away meanwhile: its parent's watch tells.
                Err(error) if matches!(error.kind, notify::ErrorKind::PathNotFound) => {}
                Err(error) => return Err(words(&error)),
                Ok(()) => is_new = true,
            }
        }
        self.folders = folders;
        // Whoever looks again sees what was heard until now.
        while is_new && let Ok(event) = self.events.try_recv() {
            self.matters(event);
        }
        Ok(is_new)
    }

    /// Where something is, and where it really is if a link leads there.
    fn places(&self, path: &VirtualPath) -> Vec<PathBuf> {
        let here = self.root.join(path.as_str());
        let real = fs::canonicalize(&here).ok().filter(|real| *real != here);
        std::iter::once(here).chain(real).collect()
    }

    /// Waits for a change, and then until nothing changes any more.
    pub fn wait(&mut self) {
        loop {
            // The sender is in the watcher, so that there is always one.
            let Ok(event) = self.events.recv() else { return };
            if self.matters(event) {
                break;
            }
        }
        let clock = Clock::now();
        while clock.elapsed() < PATIENCE
            && let Ok(event) = self.events.recv_timeout(QUIET)
        {
            self.matters(event);
        }
    }

    fn matters(&mut self, event: notify::Result<Event>) -> bool {
        let Ok(event) = event else {
            // Whatever was lost may have mattered.
            return true;
        };
        match event.kind {
            EventKind::Access(AccessKind::Close(AccessMode::Write)) => {}
            EventKind::Access(_) => return false,
            // A folder that went is no longer watched, also if there is one of its name again.
            EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_)) => {
                let gone = |folder: &PathBuf| event.paths.iter().any(|path| folder.starts_with(path));
                self.folders.retain(|folder| !gone(folder));
            }
            EventKind::Any | EventKind::Create(_) | EventKind::Modify(_) | EventKind::Other => {}
        }
        event.need_rescan() || event.paths.iter().any(|path| self.is_asked(path))
    }

    /// Whether it was asked for, or something below it, or all names beside it.
    fn is_asked(&self, path: &Path) -> bool {
        let mut from = self.paths.range(path.to_owned()..);
        from.next().is_some_and(|asked| asked.starts_with(path))
            || self.listed.contains(path)
            || path.parent().is_some_and(|parent| self.listed.contains(parent))
    }
}

fn words(error: &notify::Error) -> String {
    match &error.kind {
        notify::ErrorKind::Io(error) => super::words(error),
        notify::ErrorKind::MaxFilesWatch => "the system has no more watches to give".to_owned(),
        notify::ErrorKind::Generic(_)
        | notify::ErrorKind::PathNotFound
        | notify::ErrorKind::WatchNotFound
        | notify::ErrorKind::InvalidConfig(_) => error.to_string(),
    }
}
