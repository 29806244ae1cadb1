//! A file that only its owner may read, in the tree of generated files: replaced whole, reached through no link. Knows
//! nothing of what it holds.

use super::held::{Found, Held};
use super::{words, write};
use exoc_diagnostics::VirtualPath;
use std::fmt;
use std::io;

/// Why the file is left alone.
#[derive(Debug)]
pub(super) enum Refusal {
    /// Something else stands there.
    InTheWay(&'static str),
    /// The system refuses.
    System(io::Error),
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InTheWay(what) => formatter.write_str(what),
            Self::System(error) => formatter.write_str(&words(error)),
        }
    }
}

/// What it holds; `None` if there is no such file.
pub(super) fn read(held: &mut Held, path: &VirtualPath) -> Result<Option<Vec<u8>>, Refusal> {
    match look(held, path)? {
        Found::File { .. } => Ok(Some(held.read(path, None)?)),
        Found::Nothing | Found::Folder | Found::Link | Found::Other => Ok(None),
    }
}

/// Takes everybody else's permissions from a file that stands already.
pub(super) fn narrow(held: &mut Held, path: &VirtualPath) -> Result<(), Refusal> {
    match look(held, path)? {
        Found::File { .. } => Ok(held.narrow(path)?),
        Found::Nothing | Found::Folder | Found::Link | Found::Other => Ok(()),
    }
}

/// Puts new contents in the place of a file, or makes it with the folders above it. Whoever reads meanwhile sees the old
/// contents or the new ones, and so does whoever reads after a power cut. New contents wait where Git does not look.
pub(super) fn replace(held: &mut Held, path: &VirtualPath, contents: &[u8]) -> Result<(), Refusal> {
    look(held, path)?;
    let segments: Vec<&str> = path.segments().collect();
    let mut folder = VirtualPath::root();
    for segment in segments.iter().take(segments.len().saturating_sub(1)) {
        folder = folder.join(segment).unwrap_or_default();
        held.create_folder(&folder)?;
    }
    write::beside(held, |held, aside, draft| {
        // One that an earlier run left.
        held.remove(draft)?;
        held.create_private(draft, contents)?;
        held.take(aside, draft.name(), path)
    })?;
    Ok(())
}

/// What stands there, if it can be such a file.
fn look(held: &mut Held, path: &VirtualPath) -> Result<Found, Refusal> {
    let found = held.look(path)?;
    match found {
        Found::Nothing | Found::File { .. } => Ok(found),
        Found::Link => Err(Refusal::InTheWay(
            "it is a symbolic link, and secrets go through none",
        )),
        Found::Folder => Err(Refusal::InTheWay("it is a folder")),
        Found::Other => Err(Refusal::InTheWay("it is no file")),
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests make folders of their own")]
mod tests {
    use super::{Held, Refusal, narrow, read, replace};
    use exoc_diagnostics::VirtualPath;
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::path::Path;

    const PLACE: &str = "local/compose/.env";

    fn path(text: &str) -> VirtualPath {
        VirtualPath::new(text).unwrap()
    }

    fn open(folder: &Path) -> Held {
        Held::open(folder).unwrap()
    }

    fn mode(file: &Path) -> u32 {
        fs::metadata(file).unwrap().permissions().mode() & 0o7777
    }

    #[test]
    fn it_is_the_owners_alone_whatever_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(PLACE);
        let mut held = open(folder.path());
        assert_eq!(read(&mut held, &path(PLACE)).unwrap(), None);
        narrow(&mut held, &path(PLACE)).unwrap();
        replace(&mut held, &path(PLACE), b"one").unwrap();
        assert_eq!(mode(&file), 0o600);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o664)).unwrap();
        replace(&mut held, &path(PLACE), b"two").unwrap();
        assert_eq!(mode(&file), 0o600);
        assert_eq!(read(&mut held, &path(PLACE)).unwrap(), Some(b"two".to_vec()));
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        narrow(&mut held, &path(PLACE)).unwrap();
        assert_eq!(mode(&file), 0o600);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o400)).unwrap();
        narrow(&mut held, &path(PLACE)).unwrap();
        assert_eq!(mode(&file), 0o400, "what is narrower stays");
        assert!(!folder.path().join(".exoc").exists());
    }

    #[test]
    fn what_an_earlier_run_left_is_no_obstacle_and_a_builds_journal_stays() {
        let folder = tempfile::tempdir().unwrap();
        let inside = |name: &str| folder.path().join(name);
        fs::create_dir(inside(".exoc")).unwrap();
        fs::write(inside(".exoc/private.new"), "left").unwrap();
        fs::write(inside(".exoc/journal.json"), "{}").unwrap();
        replace(&mut open(folder.path()), &path(PLACE), b"new").unwrap();
        assert!(inside(".exoc/journal.json").exists());
        assert!(!inside(".exoc/private.new").exists());
        assert_eq!(fs::read(inside(PLACE)).unwrap(), b"new");
    }

    #[test]
    fn no_link_is_followed_and_none_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let inside = |name: &str| folder.path().join(name);
        fs::create_dir_all(inside("tree/local/compose")).unwrap();
        fs::write(inside("outside"), "outside").unwrap();
        symlink("../../../outside", inside("tree").join(PLACE)).unwrap();
        symlink("local", inside("tree/other")).unwrap();
        let mut held = open(&inside("tree"));
        let refused = |result: Result<(), Refusal>| {
            assert!(matches!(result, Err(Refusal::InTheWay(_))), "{result:?}");
        };
        refused(replace(&mut held, &path(PLACE), b"new"));
        refused(narrow(&mut held, &path(PLACE)));
        refused(read(&mut held, &path(PLACE)).map(drop));
        assert!(replace(&mut held, &path("other/compose/.env"), b"new").is_err());
        assert_eq!(fs::read(inside("outside")).unwrap(), b"outside");
        assert!(
            fs::symlink_metadata(inside("tree").join(PLACE))
                .unwrap()
                .is_symlink()
        );
    }
}
