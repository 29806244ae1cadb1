//! A folder on the disk as [`Sources`].
#![expect(
    clippy::disallowed_methods,
    reason = "the manifest is read here and nowhere else"
)]

use super::{is_cycle, words};
use crate::parallel;
use exoc_diagnostics::{Entry, ReadError, Sources, VirtualPath};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The largest file that is read, in bytes.
const LIMIT: u64 = 16 << 20;

/// As many symbolic links as Linux follows on one path (`MAXSYMLINKS`, path_resolution(7), man-pages
/// 6.9.1). Real places of folders are kept, so that the system does not count them itself.
const LINKS: u32 = 40;

/// A folder on the disk. What a link leads to counts as inside only if it really lies inside.
#[derive(Clone, Debug)]
pub struct Folder {
    root: PathBuf,
    /// Where folders really are, as far as they were looked up: many files lie in one.
    folders: RefCell<BTreeMap<VirtualPath, Place>>,
    /// What was looked up last: a file is asked for before it is read.
    last: RefCell<Option<(VirtualPath, Place, Metadata)>>,
    /// What was looked up before it is asked for.
    ahead: RefCell<BTreeMap<VirtualPath, Found>>,
}

/// Where something really is.
#[derive(Clone, Debug)]
struct Place {
    path: PathBuf,
    /// How many steps of the way to it were symbolic links.
    links: u32,
}

impl Folder {
    /// The folder at `root`.
    ///
    /// # Errors
    ///
    /// If it does not exist or its links form a cycle.
    pub fn new(root: &Path) -> io::Result<Self> {
        Ok(Self {
            root: fs::canonicalize(root)?,
            folders: RefCell::default(),
            last: RefCell::default(),
            ahead: RefCell::default(),
        })
    }

    /// Where it really is.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The real place of a path, and what stands there.
    fn look(&self, path: &VirtualPath) -> Result<(Place, Metadata), ReadError> {
        if let Some((last, place, metadata)) = &*self.last.borrow()
            && last == path
        {
            return Ok((place.clone(), metadata.clone()));
        }
        if let Some(found) = self.ahead.borrow().get(path) {
            return found.stands.clone();
        }
        let (place, metadata) = self.look_up(path)?;
        if metadata.is_dir() {
            self.folders.borrow_mut().insert(path.clone(), place.clone());
        }
        *self.last.borrow_mut() = Some((path.clone(), place.clone(), metadata.clone()));
        Ok((place, metadata))
    }

    fn look_up(&self, path: &VirtualPath) -> Result<(Place, Metadata), ReadError> {
        if path.as_str().is_empty() {
            let metadata = fs::metadata(&self.root).map_err(|error| reason(&error))?;
            let path = self.root.clone();
            return Ok((Place { path, links: 0 }, metadata));
        }
        let above = self.folder(&path.parent())?;
        if let Some(stands) = stands(&above, path.name()) {
            return stands;
        }
        let links = above.links + 1;
        if links > LINKS {
            return Err(ReadError::Cycle);
        }
        let real = fs::canonicalize(above.path.join(path.name())).map_err(|error| reason(&error))?;
        if !real.starts_with(&self.root) {
            return Err(ReadError::Leaves);
        }
        let metadata = fs::metadata(&real).map_err(|error| reason(&error))?;
        Ok((Place { path: real, links }, metadata))
    }

    /// The real place of what files lie in.
    fn folder(&self, path: &VirtualPath) -> Result<Place, ReadError> {
        if let Some(real) = self.folders.borrow().get(path) {
            return Ok(real.clone());
        }
        // Where a file stands above the path, the system says so of what is below it.
        self.look(path).map(|(real, _)| real)
    }
}

impl Sources for Folder {
    fn read(&self, path: &VirtualPath) -> Result<Vec<u8>, ReadError> {
        let found = self.ahead.borrow_mut().remove(path);
        if let Some(bytes) = found.and_then(|found| found.bytes) {
            return Ok(bytes);
        }
        let (Place { path: real, .. }, metadata) = self.look(path)?;
        if metadata.is_dir() {
            return Err(ReadError::IsFolder);
        }
        if !metadata.is_file() {
            // Opening a pipe would wait for a writer.
            return Err(ReadError::Other("it is neither a file nor a folder".to_owned()));
        }
        if metadata.len() > LIMIT {
            return Err(ReadError::TooLarge(metadata.len()));
        }
        contents(&real, &metadata)
    }

    fn entry(&self, path: &VirtualPath) -> Result<Entry, ReadError> {
        match self.look(path) {
            Ok((_, metadata)) if metadata.is_dir() => Ok(Entry::Folder),
            Ok(_) => Ok(Entry::File),
            Err(ReadError::NotFound) => Ok(Entry::Absent),
            Err(error) => Err(error),
        }
    }

    fn list(&self, path: &VirtualPath) -> Result<Vec<String>, ReadError> {
        let (Place { path: real, .. }, _) = self.look(path)?;
        let mut names = Vec::new();
        for entry in fs::read_dir(&real).map_err(|error| reason(&error))? {
            let name = entry.map_err(|error| reason(&error))?.file_name();
            let name = name.into_string().map_err(|name| {
                let shown = name.to_string_lossy();
                ReadError::Other(format!("the name `{}` in it is not UTF-8", shown.escape_debug()))
            })?;
            names.push(name);
        }
        names.sort_unstable();
        Ok(names)
    }

    fn expect(&self, files: &[VirtualPath]) {
        let mut folders: BTreeMap<VirtualPath, Vec<&VirtualPath>> = BTreeMap::new();
        for file in files {
            folders.entry(file.parent()).or_default().push(file);
        }
        // Many folders lie in one, which is looked up once.
        let folders = folders.into_iter().filter_map(|(folder, files)| {
            let known = self.folders.borrow().get(&folder).cloned();
            let way = match known {
                Some(place) => Way::Known(place),
                None if folder.as_str().is_empty() => Way::Known(self.folder(&folder).ok()?),
                None => Way::Below(self.folder(&folder.parent()).ok()?),
            };
            Some((folder, way, files))
        });
        let found = parallel::map(folders.collect(), |(folder, way, files)| {
            let (place, itself) = match way {
                Way::Known(place) => (place, None),
                Way::Below(above) => match stands(&above, folder.name())? {
                    Ok((place, metadata)) if metadata.is_dir() => (place.clone(), Some((place, metadata))),
                    Ok(_) | Err(_) => return None,
                },
            };
            let in_it = files.into_iter().filter_map(|file| {
                let stands = stands(&place, file.name())?;
                Some((file.clone(), Found::read(stands)))
            });
            Some((folder, itself, in_it.collect::<Vec<_>>()))
        });
        let mut ahead = BTreeMap::new();
        for (folder, itself, in_it) in found.into_iter().flatten() {
            if let Some((place, metadata)) = itself {
                self.folders.borrow_mut().insert(folder.clone(), place.clone());
                let stands = Ok((place, metadata));
                ahead.insert(folder, Found { stands, bytes: None });
            }
            ahead.extend(in_it);
        }
        *self.ahead.borrow_mut() = ahead;
    }
}

/// The way to a folder.
enum Way {
    /// It is there.
    Known(Place),
    /// It is in there.
    Below(Place),
}

/// What was looked up before it is asked for.
#[derive(Clone, Debug)]
struct Found {
    stands: Result<(Place, Metadata), ReadError>,
    /// What is in it, of a file that is not large.
    bytes: Option<Vec<u8>>,
}

impl Found {
    /// No file of more bytes is held before it is asked for.
    const MOST: u64 = 64 << 10;

    /// With what is in it. What cannot be read is tried again by whoever asks.
    fn read(stands: Result<(Place, Metadata), ReadError>) -> Self {
        let bytes = match &stands {
            Ok((place, metadata)) if metadata.is_file() && metadata.len() <= Self::MOST => {
                contents(&place.path, metadata).ok()
            }
            Ok(_) | Err(_) => None,
        };
        Self { stands, bytes }
    }
}

/// What stands in a folder under a name; `None` of a link, which leads elsewhere.
fn stands(folder: &Place, name: &str) -> Option<Result<(Place, Metadata), ReadError>> {
    let path = folder.path.join(name);
    match fs::symlink_metadata(&path) {
        Ok(metadata) if metadata.is_symlink() => None,
        Ok(metadata) => Some(Ok((
            Place {
                path,
                links: folder.links,
            },
            metadata,
        ))),
        Err(error) => Some(Err(reason(&error))),
    }
}

/// What is in the file at a real place.
fn contents(real: &Path, metadata: &Metadata) -> Result<Vec<u8>, ReadError> {
    let expected = usize::try_from(metadata.len()).unwrap_or_default();
    // One more than there is, so that the end is found without growing.
    let mut bytes = Vec::with_capacity(expected + 1);
    let file = File::open(real).map_err(|error| reason(&error))?;
    file.take(LIMIT + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| reason(&error))?;
    match u64::try_from(bytes.len()) {
        Ok(length) if length <= LIMIT => Ok(bytes),
        Ok(length) => Err(ReadError::TooLarge(length)),
        Err(_) => Err(ReadError::TooLarge(u64::MAX)),
    }
}

fn reason(error: &io::Error) -> ReadError {
    if is_cycle(error) {
        ReadError::Cycle
    } else if [io::ErrorKind::NotFound, io::ErrorKind::NotADirectory].contains(&error.kind()) {
        ReadError::NotFound
    } else {
        ReadError::Other(words(error))
    }
}

#[cfg(test)]
mod tests {
    use super::Folder;
    use exoc_diagnostics::{Entry, ReadError, Sources, VirtualPath};
    use std::fs;
    use std::os::unix::fs::symlink;

    fn path(text: &str) -> VirtualPath {
        VirtualPath::new(text).unwrap()
    }

    fn folder() -> (tempfile::TempDir, Folder) {
        let outer = tempfile::tempdir().unwrap();
        let root = outer.path().join("app");
        fs::create_dir_all(root.join("web")).unwrap();
        fs::write(root.join("web/service.yml"), "port: 80\n").unwrap();
        fs::write(outer.path().join("secret"), "x").unwrap();
        let folder = Folder::new(&root).unwrap();
        (outer, folder)
    }

    #[test]
    fn reads_files_and_follows_links_that_stay() {
        let (_outer, folder) = folder();
        symlink("web", folder.root().join("also")).unwrap();
        assert_eq!(folder.read(&path("also/service.yml")).unwrap(), b"port: 80\n");
        assert_eq!(folder.entry(&path("also")), Ok(Entry::Folder));
        assert_eq!(folder.entry(&path("web/service.yml")), Ok(Entry::File));
        assert_eq!(folder.entry(&path("web/Dockerfile")), Ok(Entry::Absent));
        assert_eq!(folder.read(&path("web")), Err(ReadError::IsFolder));
        assert_eq!(folder.read(&path("web/service.yml/x")), Err(ReadError::NotFound));
    }

    #[test]
    fn no_answer_depends_on_what_is_expected() {
        let (_outer, folder) = folder();
        let root = folder.root();
        symlink("web", root.join("also")).unwrap();
        symlink("../../secret", root.join("web/Dockerfile")).unwrap();
        fs::write(root.join("web/large"), vec![b'x'; 70_000]).unwrap();
        fs::create_dir_all(root.join("empty/service.yml")).unwrap();
        let files = [
            "web/service.yml",
            "web/Dockerfile",
            "web/large",
            "web/none",
            "web/service.yml/below",
            "also/service.yml",
            "none/service.yml",
            "empty/service.yml",
            "service.yml",
        ]
        .map(path);
        let asked = Folder::new(root).unwrap();
        asked.expect(&files);
        let folders = ["web", "also", "none", "empty"].map(path);
        for file in files.iter().chain(&folders).chain(&files) {
            let plain = Folder::new(root).unwrap();
            assert_eq!(asked.entry(file), plain.entry(file), "{file}");
            assert_eq!(asked.read(file), plain.read(file), "{file}");
        }
        assert_eq!(asked.read(&files[0]).unwrap(), b"port: 80\n");
    }

    #[test]
    fn what_is_expected_is_looked_at_before_it_is_asked_for() {
        let (_outer, folder) = folder();
        folder.expect(&[path("web/service.yml"), path("web/Dockerfile")]);
        fs::remove_file(folder.root().join("web/service.yml")).unwrap();
        assert_eq!(folder.read(&path("web/service.yml")).unwrap(), b"port: 80\n");
        // Once only: it may be another file by then.
        assert_eq!(folder.read(&path("web/service.yml")), Err(ReadError::NotFound));
    }

    #[test]
    fn lists_a_folder_by_bytes_and_nothing_outside() {
        let (_outer, folder) = folder();
        for name in ["b", "B", ".hidden", "ä"] {
            fs::write(folder.root().join("web").join(name), "").unwrap();
        }
        symlink("..", folder.root().join("up")).unwrap();
        let names = [".hidden", "B", "b", "service.yml", "ä"].map(str::to_owned);
        assert_eq!(folder.list(&path("web")), Ok(names.into()));
        assert_eq!(folder.list(&path("up")), Err(ReadError::Leaves));
        assert_eq!(folder.list(&path("none")), Err(ReadError::NotFound));
    }

    #[test]
    fn refuses_a_name_that_is_no_text() {
        use std::os::unix::ffi::OsStrExt;
        let (_outer, folder) = folder();
        let name = std::ffi::OsStr::from_bytes(b"a\xff");
        fs::write(folder.root().join("web").join(name), "").unwrap();
        let error = folder.list(&path("web")).unwrap_err();
        assert_eq!(error.to_string(), "the name `a\u{fffd}` in it is not UTF-8");
    }

    #[test]
    fn refuses_links_that_leave_or_form_a_cycle() {
        let (_outer, folder) = folder();
        symlink("../secret", folder.root().join("leaves")).unwrap();
        symlink("two", folder.root().join("one")).unwrap();
        symlink("one", folder.root().join("two")).unwrap();
        assert_eq!(folder.read(&path("leaves")), Err(ReadError::Leaves));
        assert_eq!(folder.entry(&path("leaves")), Err(ReadError::Leaves));
        assert_eq!(folder.read(&path("one")), Err(ReadError::Cycle));
        assert_eq!(folder.entry(&path("one/x")), Err(ReadError::Cycle));
    }

    #[test]
    fn follows_as_many_links_as_the_system() {
        let (_outer, folder) = folder();
        symlink(".", folder.root().join("same")).unwrap();
        let after = |links: usize| path(&format!("{}web", "same/".repeat(links)));
        for links in [40, 41] {
            let told = fs::metadata(folder.root().join(after(links).as_str())).is_ok();
            assert_eq!(folder.entry(&after(links)).is_ok(), told, "{links}");
        }
        assert_eq!(folder.entry(&after(41)), Err(ReadError::Cycle));
    }

    #[test]
    fn refuses_what_is_too_large() {
        let (_outer, folder) = folder();
        fs::File::create(folder.root().join("large"))
            .unwrap()
            .set_len((16 << 20) + 1)
            .unwrap();
        assert_eq!(
            folder.read(&path("large")),
            Err(ReadError::TooLarge((16 << 20) + 1))
        );
    }

    #[test]
    fn refuses_what_is_neither_file_nor_folder() {
        let (_outer, folder) = folder();
        std::os::unix::net::UnixListener::bind(folder.root().join("socket")).unwrap();
        let error = folder.read(&path("socket")).unwrap_err();
        assert_eq!(error.to_string(), "it is neither a file nor a folder");
    }
}
