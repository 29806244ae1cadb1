//! A folder of a commit as [`Sources`]: names at once, contents when they are asked for.

use crate::process::Answering;
use exoc_diagnostics::{Entry, ReadError, Sources, VirtualPath};
use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};

/// The largest file that is read, in bytes, as from the disk.
const LIMIT: u64 = 16 << 20;

/// As many symbolic links as are followed on the disk.
const LINKS: u32 = 40;

/// What stands in a tree.
#[derive(Debug)]
enum Node {
    Folder(Folder),
    /// A file, by its object.
    File(String),
    /// A symbolic link, by the object that says where it leads.
    Link(String),
}

/// A folder of a tree.
#[derive(Debug, Default)]
struct Folder {
    nodes: BTreeMap<String, Node>,
    /// A name in it that is no text, as far as it can be shown.
    strange: Option<String>,
}

/// A folder of a commit.
#[derive(Debug)]
pub struct Revision {
    root: Folder,
    objects: RefCell<Answering>,
    /// From the repository's folder to this one, empty or with a slash at its end.
    pub folder: String,
}

impl Revision {
    /// What `ls-tree -r -z` listed; `objects` is `cat-file --batch`.
    pub(super) fn new(listed: &[u8], objects: Answering, folder: String) -> Self {
        let mut root = Folder::default();
        for line in listed.split(|byte| *byte == 0) {
            let Some(tab) = line.iter().position(|byte| *byte == b'\t') else {
                continue;
            };
            let (head, path) = line.split_at(tab);
            let head = String::from_utf8_lossy(head).into_owned();
            root.add(&head, path.get(1..).unwrap_or_default());
        }
        Self {
            root,
            objects: RefCell::new(objects),
            folder,
        }
    }

    /// Whether something of this name stands directly in it.
    pub(super) fn has(&self, name: &str) -> bool {
        self.root.nodes.contains_key(name)
    }

    fn object(&self, id: &str) -> Result<Vec<u8>, ReadError> {
        let mut objects = self.objects.borrow_mut();
        let broken = |_: std::io::Error| ReadError::Other("git ended before it gave it out".to_owned());
        let head = objects.ask(id).map_err(broken)?;
        let size = head
            .rsplit_once(' ')
            .and_then(|(_, size)| size.parse::<u64>().ok());
        let Some(size) = size else {
            let words = "its contents are not in this clone: `git fetch` with everything gets them";
            return Err(ReadError::Other(words.to_owned()));
        };
        let bytes = objects.bytes(size, LIMIT).map_err(broken)?;
        // A newline ends each answer.
        objects.bytes(1, 1).map_err(broken)?;
        bytes.ok_or(ReadError::TooLarge(size))
    }

    /// What stands at a path after following links, as the system does it, and not out of the folder.
    fn look(&self, path: &VirtualPath) -> Result<&Node, ReadError> {
        let mut left: VecDeque<String> = path.segments().map(str::to_owned).collect();
        let mut at: Vec<String> = Vec::new();
        let mut links = 0;
        while let Some(segment) = left.pop_front() {
            match segment.as_str() {
                "" | "." => continue,
                ".." => {
                    at.pop().ok_or(ReadError::Leaves)?;
                    continue;
                }
                _ => {}
            }
            let folder = self.folder(&at).ok_or(ReadError::NotFound)?;
            match folder.nodes.get(&segment) {
                None => return Err(ReadError::NotFound),
                Some(Node::Link(id)) => {
                    links += 1;
                    if links > LINKS {
                        return Err(ReadError::Cycle);
                    }
                    let to = String::from_utf8_lossy(&self.object(id)?).into_owned();
                    if to.starts_with('/') {
                        return Err(ReadError::Leaves);
                    }
                    to.split('/')
                        .rev()
                        .for_each(|step| left.push_front(step.to_owned()));
                }
                Some(node @ Node::File(_)) => {
                    return if left.is_empty() {
                        Ok(node)
                    } else {
                        Err(ReadError::NotFound)
                    };
                }
                Some(Node::Folder(_)) => at.push(segment),
            }
        }
        match at.split_last() {
            Some((last, above)) => {
                let above = self.folder(above).ok_or(ReadError::NotFound)?;
                above.nodes.get(last).ok_or(ReadError::NotFound)
            }
            None => Err(ReadError::IsFolder),
        }
    }

    fn folder(&self, at: &[String]) -> Option<&Folder> {
        let mut folder = &self.root;
        for segment in at {
            match folder.nodes.get(segment)? {
                Node::Folder(inner) => folder = inner,
                Node::File(_) | Node::Link(_) => return None,
            }
        }
        Some(folder)
    }
}

impl Folder {
    /// Adds what a line of the list says: `<mode> <type> <object>`, and the path.
    fn add(&mut self, head: &str, path: &[u8]) {
        let mut folder = self;
        let mut segments = path.split(|byte| *byte == b'/').peekable();
        while let Some(segment) = segments.next() {
            let Ok(name) = std::str::from_utf8(segment) else {
                folder.strange = Some(String::from_utf8_lossy(segment).into_owned());
                return;
            };
            if segments.peek().is_none() {
                let mut words = head.split(' ');
                let mode = words.next().unwrap_or_default();
                let id = words.nth(1).unwrap_or_default().to_owned();
                let node = match mode {
                    "120000" => Node::Link(id),
                    // Another repository: the folder is there, and what is in it belongs to that one.
                    "160000" => Node::Folder(Self::default()),
                    _ => Node::File(id),
                };
                folder.nodes.insert(name.to_owned(), node);
                return;
            }
            let inner = folder.nodes.entry(name.to_owned());
            match inner.or_insert_with(|| Node::Folder(Self::default())) {
                Node::Folder(inner) => folder = inner,
                Node::File(_) | Node::Link(_) => return,
            }
        }
    }
}

impl Sources for Revision {
    fn read(&self, path: &VirtualPath) -> Result<Vec<u8>, ReadError> {
        match self.look(path)? {
            Node::File(id) | Node::Link(id) => self.object(id),
            Node::Folder(_) => Err(ReadError::IsFolder),
        }
    }

    fn entry(&self, path: &VirtualPath) -> Result<Entry, ReadError> {
        match self.look(path) {
            Ok(Node::Folder(_)) | Err(ReadError::IsFolder) => Ok(Entry::Folder),
            Ok(Node::File(_) | Node::Link(_)) => Ok(Entry::File),
            Err(ReadError::NotFound) => Ok(Entry::Absent),
            Err(error) => Err(error),
        }
    }

    fn list(&self, path: &VirtualPath) -> Result<Vec<String>, ReadError> {
        let folder = match self.look(path) {
            Ok(Node::Folder(folder)) => folder,
            // Links may lead to the root as well as the empty path.
            Err(ReadError::IsFolder) => &self.root,
            Ok(Node::File(_) | Node::Link(_)) => return Err(ReadError::NotFound),
            Err(error) => return Err(error),
        };
        match &folder.strange {
            Some(name) => Err(ReadError::Other(format!("the name `{name}` in it is not UTF-8"))),
            None => Ok(folder.nodes.keys().cloned().collect()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Revision;
    use crate::process::Program;
    use exoc_diagnostics::{Entry, ReadError, Sources, VirtualPath};

    fn path(text: &str) -> VirtualPath {
        VirtualPath::new(text).unwrap()
    }

    /// A tree whose objects are answered with what follows `=` in their names; `_` stands for `/`.
    fn revision(lines: &[&str]) -> Revision {
        let script = "while read -r id; do text=$(printf '%s' \"${id#*=}\" | tr _ /); \
                      case $id in none) echo 'none missing';; *) echo \"x blob ${#text}\"; echo \"$text\";; esac; done";
        let objects = Program::new("sh").with(["-c", script]).answering().unwrap();
        Revision::new(lines.join("\0").as_bytes(), objects, String::new())
    }

    #[test]
    fn reads_files_and_follows_links_that_stay() {
        let revision = revision(&[
            "100644 blob a=text\tweb/service.yml",
            "120000 blob b=web\talso",
            "120000 blob c=.._web_service.yml\tapi/link",
            "160000 commit d\tvendor",
        ]);
        assert_eq!(revision.read(&path("web/service.yml")).unwrap(), b"text");
        assert_eq!(revision.read(&path("also/service.yml")).unwrap(), b"text");
        assert_eq!(revision.read(&path("api/link")).unwrap(), b"text");
        assert_eq!(revision.entry(&path("also")), Ok(Entry::Folder));
        assert_eq!(revision.entry(&path("vendor")), Ok(Entry::Folder));
        assert_eq!(revision.entry(&path("web/Dockerfile")), Ok(Entry::Absent));
        assert_eq!(revision.entry(&VirtualPath::root()), Ok(Entry::Folder));
        assert_eq!(
            revision.list(&VirtualPath::root()).unwrap(),
            ["also", "api", "vendor", "web"]
        );
        assert_eq!(revision.list(&path("also")).unwrap(), ["service.yml"]);
        assert_eq!(revision.read(&path("web")), Err(ReadError::IsFolder));
        assert_eq!(
            revision.read(&path("web/service.yml/x")),
            Err(ReadError::NotFound)
        );
    }

    #[test]
    fn refuses_links_that_leave_or_form_a_cycle() {
        let revision = revision(&[
            "120000 blob a=.._secret\tleaves",
            "120000 blob b=_etc_passwd\tabsolute",
            "120000 blob c=two\tone",
            "120000 blob d=one\ttwo",
        ]);
        assert_eq!(revision.read(&path("leaves")), Err(ReadError::Leaves));
        assert_eq!(revision.read(&path("absolute")), Err(ReadError::Leaves));
        assert_eq!(revision.entry(&path("one/x")), Err(ReadError::Cycle));
    }

    #[test]
    fn says_what_is_not_in_the_clone() {
        let revision = revision(&["100644 blob none\tfile"]);
        let error = revision.read(&path("file")).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("its contents are not in this clone")
        );
    }

    #[test]
    fn refuses_a_name_that_is_no_text() {
        let objects = Program::new("cat").answering().unwrap();
        let revision = Revision::new(b"100644 blob a\ta\xff", objects, String::new());
        let error = revision.list(&VirtualPath::root()).unwrap_err();
        assert_eq!(error.to_string(), "the name `a\u{fffd}` in it is not UTF-8");
    }
}
