//! New contents beside the tree, and the moves that put them into it. What is staged counts for nothing: who may move
//! it, and when, is the writer's to say.
//!
//! A file whose folder stands in the tree moves by itself. Those whose folder is missing are staged in one of their
//! own, and the outermost missing folder moves with all that is in it.

use super::held::{Found, Held};
use crate::generated::Generated;
use crate::parallel;
use exoc_diagnostics::VirtualPath;
use std::collections::{BTreeMap, BTreeSet};
use std::io;

/// How many files one thread writes before it takes more: below that, starting a thread takes as long.
const SHARE: usize = 128;

/// A place of the tree, and what the system said of it.
pub(super) type At = (VirtualPath, io::Error);

/// New contents in a folder of their own.
#[derive(Debug, Default)]
pub(super) struct Stage {
    /// Where in the tree each thing goes that lies in the stage; its name there is its number here.
    moves: Vec<VirtualPath>,
}

/// A file, and its place in the stage.
struct Staged<'a> {
    place: VirtualPath,
    file: &'a Generated,
}

impl Stage {
    /// Writes `files` to the empty folder `stage` of the tree that `held` holds open. Changes nothing beside it.
    ///
    /// # Errors
    ///
    /// If the system refuses. Errors are told of the file that cannot be written, not of its place in the stage.
    pub(super) fn fill(held: &mut Held, stage: &VirtualPath, files: &[&Generated]) -> Result<Self, At> {
        let (this, staged) = Self::plan(held, files)?;
        let at = |path: &VirtualPath| {
            let path = path.clone();
            move |error| (path, error)
        };
        let mut folders = BTreeSet::new();
        let mut inside = held.below(stage).map_err(at(stage))?;
        for Staged { place, file } in &staged {
            create_folders(&mut inside, &place.parent(), &mut folders).map_err(at(&file.path))?;
        }
        let shares = staged.chunks(SHARE).map(|share| Ok((inside.again()?, share)));
        let shares: Vec<_> = shares.collect::<io::Result<_>>().map_err(at(stage))?;
        parallel::map(shares, |(mut inside, share)| {
            share.iter().try_for_each(|Staged { place, file }| {
                inside
                    .create_of(place, &file.contents.parts(), file.executable)
                    .map_err(at(&file.path))
            })
        })
        .into_iter()
        .collect::<Result<(), At>>()?;
        Ok(this)
    }

    /// Decides what moves by itself and what within a folder.
    fn plan<'a>(held: &mut Held, files: &[&'a Generated]) -> Result<(Self, Vec<Staged<'a>>), At> {
        let mut this = Self::default();
        let mut known = Missing::default();
        // The missing folders that will move, and their names in the stage.
        let mut folders: BTreeMap<VirtualPath, VirtualPath> = BTreeMap::new();
        let mut staged = Vec::with_capacity(files.len());
        for file in files {
            let missing = known.outermost(held, &file.path.parent());
            let place = match missing.map_err(|error| (file.path.clone(), error))? {
                None => this.add(&file.path),
                Some(folder) => {
                    let name = match folders.get(&folder) {
                        Some(name) => name.clone(),
                        None => {
                            let name = this.add(&folder);
                            folders.insert(folder.clone(), name.clone());
                            name
                        }
                    };
                    let rest = file.path.as_str().strip_prefix(folder.as_str());
                    VirtualPath::new(&format!("{name}{}", rest.unwrap_or_default())).unwrap_or_default()
                }
            };
            staged.push(Staged { place, file });
        }
        Ok((this, staged))
    }

    /// Gives what goes to `to` a name in the stage.
    fn add(&mut self, to: &VirtualPath) -> VirtualPath {
        self.moves.push(to.clone());
        named(self.moves.len() - 1)
    }

    /// Moves everything from the folder that `stage` holds open into the tree, one thing at a time.
    ///
    /// # Errors
    ///
    /// If the system refuses: what came before has moved.
    pub(super) fn put(&self, held: &mut Held, stage: &Held) -> Result<(), At> {
        // A file that went may have taken a folder with it.
        let mut folders = BTreeSet::new();
        for (number, to) in self.moves.iter().enumerate() {
            let at = |error| (to.clone(), error);
            create_folders(held, &to.parent(), &mut folders).map_err(at)?;
            held.take(stage, named(number).as_str(), to).map_err(at)?;
        }
        Ok(())
    }
}

/// The outermost missing folder of every folder that was asked for.
#[derive(Default)]
struct Missing {
    known: BTreeMap<VirtualPath, Option<VirtualPath>>,
}

impl Missing {
    /// The outermost folder on the way to `folder` that the tree does not have.
    fn outermost(&mut self, held: &mut Held, folder: &VirtualPath) -> io::Result<Option<VirtualPath>> {
        if folder.as_str().is_empty() {
            return Ok(None);
        }
        if let Some(known) = self.known.get(folder) {
            return Ok(known.clone());
        }
        let missing = match self.outermost(held, &folder.parent())? {
            Some(outer) => Some(outer),
            None => (held.look(folder)? == Found::Nothing).then(|| folder.clone()),
        };
        self.known.insert(folder.clone(), missing.clone());
        Ok(missing)
    }
}

/// Makes a folder and those above it, unless `known` has them.
fn create_folders(
    held: &mut Held,
    folder: &VirtualPath,
    known: &mut BTreeSet<VirtualPath>,
) -> io::Result<()> {
    if folder.as_str().is_empty() || known.contains(folder) {
        return Ok(());
    }
    create_folders(held, &folder.parent(), known)?;
    held.create_folder(folder)?;
    known.insert(folder.clone());
    Ok(())
}

fn named(number: usize) -> VirtualPath {
    VirtualPath::new(&number.to_string()).unwrap_or_default()
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests make folders of their own")]
mod tests {
    use super::{SHARE, Stage};
    use crate::disk::held::Held;
    use crate::generated::Generated;
    use crate::generated::seal::Sealed;
    use exoc_diagnostics::VirtualPath;
    use exoc_ir::Comments;
    use std::fs;
    use std::path::Path;

    fn path(text: &str) -> VirtualPath {
        VirtualPath::new(text).unwrap()
    }

    fn file(at: &str) -> Generated {
        Generated {
            path: path(at),
            contents: Sealed::new(Comments::None, None, at.into()),
            executable: false,
        }
    }

    /// What is staged for files in a tree that has the folder `old`.
    fn staged(tree: &Path, files: &[Generated]) -> Result<(Held, Stage), String> {
        fs::create_dir_all(tree.join("old")).unwrap();
        fs::create_dir_all(tree.join("stage")).unwrap();
        let mut held = Held::open(tree).unwrap();
        let files: Vec<&Generated> = files.iter().collect();
        let stage = Stage::fill(&mut held, &path("stage"), &files);
        stage
            .map(|stage| (held, stage))
            .map_err(|(at, error)| format!("{at}: {:?}", error.kind()))
    }

    #[test]
    fn a_missing_folder_moves_once_with_all_that_is_in_it() {
        let tree = tempfile::tempdir().unwrap();
        let files = ["new/a", "new/deep/b", "old/c", "old/more/d", "top"].map(file);
        let (mut held, stage) = staged(tree.path(), &files).unwrap();
        let moves: Vec<&str> = stage.moves.iter().map(VirtualPath::as_str).collect();
        assert_eq!(moves, ["new", "old/c", "old/more", "top"]);
        assert!(!tree.path().join("new").exists(), "staged is not moved");
        let inside = held.below(&path("stage")).unwrap();
        stage.put(&mut held, &inside).unwrap();
        for Generated { path, contents, .. } in &files {
            assert_eq!(
                fs::read(tree.path().join(path.as_str())).unwrap(),
                contents.bytes()
            );
        }
        assert_eq!(fs::read_dir(tree.path().join("stage")).unwrap().count(), 0);
    }

    #[test]
    fn more_files_than_one_thread_takes_are_all_there() {
        let tree = tempfile::tempdir().unwrap();
        let files: Vec<Generated> = (0..=SHARE * 3)
            .map(|n| file(&format!("new/{}/{n}", n % 7)))
            .collect();
        let (mut held, stage) = staged(tree.path(), &files).unwrap();
        let inside = held.below(&path("stage")).unwrap();
        stage.put(&mut held, &inside).unwrap();
        for Generated { path, contents, .. } in &files {
            assert_eq!(
                fs::read(tree.path().join(path.as_str())).unwrap(),
                contents.bytes()
            );
        }
    }

    #[test]
    fn errors_are_told_of_the_file() {
        let tree = tempfile::tempdir().unwrap();
        fs::create_dir_all(tree.path().join("stage")).unwrap();
        fs::write(tree.path().join("stage/1"), "in the way").unwrap();
        let told = staged(tree.path(), &["old/a", "old/b"].map(file)).map(drop);
        assert_eq!(told, Err("old/b: AlreadyExists".to_owned()));
    }

    #[test]
    fn a_folder_that_went_meanwhile_is_made_again() {
        let tree = tempfile::tempdir().unwrap();
        let (mut held, stage) = staged(tree.path(), &[file("old/a")]).unwrap();
        fs::remove_dir(tree.path().join("old")).unwrap();
        let inside = held.below(&path("stage")).unwrap();
        stage.put(&mut held, &inside).unwrap();
        assert_eq!(fs::read(tree.path().join("old/a")).unwrap(), b"old/a");
    }
}
