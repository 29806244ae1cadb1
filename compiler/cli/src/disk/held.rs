//! A folder held open. What lies below it is reached segment by segment and through no symbolic link, so that nobody
//! who swaps a folder for a link makes exoc read or write elsewhere. Knows no artifact and no journal.

use exoc_diagnostics::VirtualPath;
use rustix::fs::{AtFlags, CWD, Dir, FileType, FlockOperation, Mode, OFlags};
use rustix::io::Errno;
use std::fs::File;
use std::io::{self, IoSlice, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

/// What stands at a place itself, not at the end of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Nothing,
    File {
        executable: bool,
    },
    Folder,
    Link,
    /// A socket, a pipe, a device.
    Other,
}

/// A folder held open.
#[derive(Debug)]
pub(super) struct Held {
    folder: OwnedFd,
    /// The folder that was used last: files come sorted, so the next one is often in it.
    near: Option<(VirtualPath, OwnedFd)>,
}

const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

/// Nobody but the owner reads and writes.
const OWNER: Mode = Mode::RUSR.union(Mode::WUSR);

impl Held {
    /// Opens a folder whose own path may hold links.
    pub(super) fn open(place: &Path) -> io::Result<Self> {
        Self::open_with(place, FOLDER)
    }

    /// Opens a folder that is no link itself.
    pub(super) fn open_itself(place: &Path) -> io::Result<Self> {
        Self::open_with(place, FOLDER.union(OFlags::NOFOLLOW))
    }

    fn open_with(place: &Path, flags: OFlags) -> io::Result<Self> {
        let folder = rustix::fs::openat(CWD, place, flags, Mode::empty())?;
        Ok(Self { folder, near: None })
    }

    /// Whether `place` still is this folder.
    pub(super) fn is(&self, place: &Path) -> bool {
        let here = rustix::fs::fstat(&self.folder);
        let there = rustix::fs::statat(CWD, place, AtFlags::SYMLINK_NOFOLLOW);
        here.is_ok_and(|here| {
            there.is_ok_and(|there| (here.st_dev, here.st_ino) == (there.st_dev, there.st_ino))
        })
    }

    /// Locks the folder until it is closed, alone or beside other readers. `Ok(false)` if somebody else has it and
    /// `wait` is not wanted. A file system without locks is taken as it is.
    pub(super) fn lock(&self, alone: bool, wait: bool) -> io::Result<bool> {
        let operation = match (alone, wait) {
            (true, true) => FlockOperation::LockExclusive,
            (true, false) => FlockOperation::NonBlockingLockExclusive,
            (false, true) => FlockOperation::LockShared,
            (false, false) => FlockOperation::NonBlockingLockShared,
        };
        match rustix::fs::flock(&self.folder, operation) {
            Ok(()) | Err(Errno::NOTSUP | Errno::NOSYS | Errno::NOLCK | Errno::INVAL) => Ok(true),
            Err(Errno::WOULDBLOCK) => Ok(false),
            Err(Errno::INTR) if wait => self.lock(alone, wait),
            Err(error) => Err(error.into()),
        }
    }

    /// What stands at a path below the folder.
    pub(super) fn look(&mut self, path: &VirtualPath) -> io::Result<Found> {
        if path.as_str().is_empty() {
            return Ok(Found::Folder);
        }
        let name = path.name();
        let status = match self.folder_of(path) {
            Ok(folder) => rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW),
            Err(error) => Err(error),
        };
        match status {
            Ok(status) => {
                let kind = FileType::from_raw_mode(status.st_mode);
                let executable = Mode::from_raw_mode(status.st_mode).intersects(Mode::XUSR);
                Ok(found(kind, executable))
            }
            Err(Errno::NOENT) => Ok(Found::Nothing),
            Err(error) => Err(error.into()),
        }
    }

    /// At most so many bytes of a file, all by default.
    pub(super) fn read(&mut self, path: &VirtualPath, most: Option<u64>) -> io::Result<Vec<u8>> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = rustix::fs::openat(self.folder_of(path)?, path.name(), flags, Mode::empty())?;
        let mut bytes = Vec::new();
        File::from(file)
            .take(most.unwrap_or(u64::MAX))
            .read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// What a folder holds, by name. Names that are not UTF-8 are left out: none of them is ours.
    pub(super) fn list(&mut self, path: &VirtualPath) -> io::Result<Vec<(String, Found)>> {
        let mut entries = Vec::new();
        for entry in Dir::read_from(self.folder(path)?)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().to_str() else {
                continue;
            };
            if name == "." || name == ".." {
                continue;
            }
            let inside = path.join(name).unwrap_or_default();
            let kind = if entry.file_type() == FileType::Unknown {
                self.look(&inside)?
            } else {
                found(entry.file_type(), false)
            };
            // A name that no path of ours can hold, such as one with a backslash, is nobody's of ours.
            if inside.name() == name {
                entries.push((name.to_owned(), kind));
            }
        }
        entries.sort_by(|one, other| one.0.cmp(&other.0));
        Ok(entries)
    }

    /// Makes a folder in a folder that exists; fine if it exists itself.
    pub(super) fn create_folder(&mut self, path: &VirtualPath) -> io::Result<()> {
        match rustix::fs::mkdirat(self.folder_of(path)?, path.name(), Mode::from_raw_mode(0o777)) {
            Ok(()) | Err(Errno::EXIST) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Makes a new file. The system takes the umask from its permissions, as for any new file.
    pub(super) fn create(&mut self, path: &VirtualPath, contents: &[u8], executable: bool) -> io::Result<()> {
        self.create_of(path, &[contents], executable)
    }

    /// As [`Self::create`], from parts that follow each other.
    pub(super) fn create_of(
        &mut self,
        path: &VirtualPath,
        parts: &[&[u8]],
        executable: bool,
    ) -> io::Result<()> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mode = Mode::from_raw_mode(if executable { 0o777 } else { 0o666 });
        let file = rustix::fs::openat(self.folder_of(path)?, path.name(), flags, mode)?;
        write_parts(&mut File::from(file), parts)
    }

    /// Makes a new file that only its owner may read, and waits until the disk has it.
    pub(super) fn create_private(&mut self, path: &VirtualPath, contents: &[u8]) -> io::Result<()> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = rustix::fs::openat(self.folder_of(path)?, path.name(), flags, OWNER)?;
        let mut file = File::from(file);
        file.write_all(contents)?;
        file.sync_all()
    }

    /// Takes all permissions but the owner's from a file.
    pub(super) fn narrow(&mut self, path: &VirtualPath) -> io::Result<()> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = rustix::fs::openat(self.folder_of(path)?, path.name(), flags, Mode::empty())?;
        let mode = Mode::from_raw_mode(rustix::fs::fstat(&file)?.st_mode);
        if OWNER.contains(mode) {
            return Ok(());
        }
        Ok(rustix::fs::fchmod(&file, OWNER)?)
    }

    /// Moves a file of the folder that `from` holds open to a place below this one, over what stands there.
    pub(super) fn take(&mut self, from: &Self, name: &str, to: &VirtualPath) -> io::Result<()> {
        let folder = self.folder_of(to)?;
        Ok(rustix::fs::renameat(&from.folder, name, folder, to.name())?)
    }

    /// Removes a file; fine if there is none.
    pub(super) fn remove(&mut self, path: &VirtualPath) -> io::Result<()> {
        self.unlink(path, AtFlags::empty())
    }

    /// Removes an empty folder; fine if there is none, and `false` if it is not empty.
    pub(super) fn remove_folder(&mut self, path: &VirtualPath) -> io::Result<bool> {
        self.near = None;
        match self.unlink(path, AtFlags::REMOVEDIR) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn unlink(&mut self, path: &VirtualPath, flags: AtFlags) -> io::Result<()> {
        let folder = match self.folder_of(path) {
            Ok(folder) => folder,
            Err(Errno::NOENT) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        match rustix::fs::unlinkat(folder, path.name(), flags) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// A folder below, held open by itself.
    pub(super) fn below(&mut self, path: &VirtualPath) -> io::Result<Self> {
        let folder = self.folder(path)?.try_clone()?;
        Ok(Self { folder, near: None })
    }

    /// The same folder, held open once more.
    pub(super) fn again(&self) -> io::Result<Self> {
        let folder = self.folder.try_clone()?;
        Ok(Self { folder, near: None })
    }

    fn folder_of(&mut self, path: &VirtualPath) -> Result<&OwnedFd, Errno> {
        self.folder(&path.parent())
    }

    /// Opens a folder below, each segment by itself, so that none of them is a link.
    fn folder(&mut self, path: &VirtualPath) -> Result<&OwnedFd, Errno> {
        if path.as_str().is_empty() {
            return Ok(&self.folder);
        }
        if self.near.as_ref().is_none_or(|(known, _)| known != path) {
            let mut folder = None;
            for segment in path.segments() {
                let outer = folder.as_ref().unwrap_or(&self.folder);
                let flags = FOLDER.union(OFlags::NOFOLLOW);
                folder = Some(rustix::fs::openat(outer.as_fd(), segment, flags, Mode::empty())?);
            }
            self.near = folder.map(|folder| (path.clone(), folder));
        }
        Ok(self.near.as_ref().map_or(&self.folder, |(_, folder)| folder))
    }
}

/// Writes parts that follow each other, by one call where the system takes them all at once.
fn write_parts(file: &mut impl Write, parts: &[&[u8]]) -> io::Result<()> {
    let slices: Vec<IoSlice<'_>> = parts.iter().map(|part| IoSlice::new(part)).collect();
    let mut taken = match file.write_vectored(&slices) {
        Err(error) if error.kind() == io::ErrorKind::Interrupted => 0,
        written => written?,
    };
    for part in parts {
        let of_part = taken.min(part.len());
        taken -= of_part;
        file.write_all(part.get(of_part..).unwrap_or_default())?;
    }
    Ok(())
}

fn found(kind: FileType, executable: bool) -> Found {
    if kind.is_file() {
        Found::File { executable }
    } else if kind.is_dir() {
        Found::Folder
    } else if kind.is_symlink() {
        Found::Link
    } else {
        Found::Other
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests make folders of their own")]
mod tests {
    use super::{Found, Held, write_parts};
    use exoc_diagnostics::VirtualPath;
    use std::fs;
    use std::io::{self, Write};
    use std::os::unix::fs::symlink;

    fn path(text: &str) -> VirtualPath {
        VirtualPath::new(text).unwrap()
    }

    /// Takes so many bytes by each call, and none by the first one.
    struct Sparing {
        most: usize,
        calls: usize,
        taken: Vec<u8>,
    }

    impl Write for Sparing {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.calls += 1;
            if self.calls == 1 {
                return Err(io::ErrorKind::Interrupted.into());
            }
            let taken = bytes.len().min(self.most);
            self.taken.extend(&bytes[..taken]);
            Ok(taken)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn parts_are_written_whole_however_little_the_system_takes() {
        for most in 1..8 {
            for calls in [0, 1] {
                let mut file = Sparing {
                    most,
                    calls,
                    taken: Vec::new(),
                };
                write_parts(&mut file, &[b"abc", b"", b"defgh", b"i"]).unwrap();
                assert_eq!(file.taken, b"abcdefghi", "{most}");
            }
        }
    }

    #[test]
    fn nothing_is_reached_through_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let inside = |name: &str| folder.path().join(name);
        fs::create_dir_all(inside("outside/x")).unwrap();
        fs::write(inside("outside/x/secret"), "s").unwrap();
        fs::create_dir(inside("tree")).unwrap();
        symlink("../outside", inside("tree/link")).unwrap();
        symlink("../outside/x/secret", inside("tree/file")).unwrap();
        let mut held = Held::open(&inside("tree")).unwrap();
        assert_eq!(held.look(&path("link")).unwrap(), Found::Link);
        assert!(held.look(&path("link/x/secret")).is_err());
        assert!(held.read(&path("link/x/secret"), None).is_err());
        assert!(held.read(&path("file"), None).is_err());
        assert!(held.create(&path("link/new"), b"", false).is_err());
        assert!(held.remove(&path("link/x/secret")).is_err());
        assert!(held.list(&path("link")).is_err());
        assert_eq!(fs::read_to_string(inside("outside/x/secret")).unwrap(), "s");
        assert!(Held::open_itself(&inside("tree/link")).is_err());
    }

    #[test]
    fn a_folder_that_is_swapped_is_no_longer_the_one_that_is_held() {
        let folder = tempfile::tempdir().unwrap();
        let tree = folder.path().join("tree");
        fs::create_dir(&tree).unwrap();
        let mut held = Held::open(&tree).unwrap();
        assert!(held.is(&tree));
        fs::rename(&tree, folder.path().join("moved")).unwrap();
        symlink("/tmp", &tree).unwrap();
        assert!(!held.is(&tree));
        // What is written goes where the folder is, not where its old name leads.
        held.create(&path("file"), b"a", false).unwrap();
        assert!(fs::metadata(folder.path().join("moved/file")).is_ok());
    }

    #[test]
    fn one_writer_excludes_readers_and_writers() {
        let folder = tempfile::tempdir().unwrap();
        let open = || Held::open(folder.path()).unwrap();
        let (one, two) = (open(), open());
        assert!(one.lock(false, false).unwrap());
        assert!(two.lock(false, false).unwrap(), "readers share");
        assert!(!open().lock(true, false).unwrap());
        drop((one, two));
        let writer = open();
        assert!(writer.lock(true, false).unwrap());
        assert!(!open().lock(false, false).unwrap());
    }
}
