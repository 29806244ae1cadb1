//! Which folders there are, and the texts of the files in them that say something.

use exoc_diagnostics::{Entry, ReadError, Sources, VirtualPath};
use std::collections::{BTreeMap, VecDeque};

/// How many folders lie above the deepest that is looked at.
const DEPTH: usize = 4;
/// The most folders that are looked at.
const MOST: usize = 1000;
/// The largest file that is read, in bytes.
const LARGEST: usize = 1 << 20;

/// Files that say what a program is, and how it runs.
const FILES: &[&str] = &[
    "Dockerfile",
    "Procfile",
    "package.json",
    "Cargo.toml",
    "go.mod",
    "pyproject.toml",
    "requirements.txt",
    "Gemfile",
    "compose.yaml",
    "compose.yml",
    "docker-compose.yml",
    "docker-compose.yaml",
];

/// Folders that hold what others wrote, or what a program made.
const OTHERS: &[&str] = &[
    "node_modules",
    "vendor",
    "target",
    "dist",
    "build",
    "out",
    "venv",
    "env",
    "__pycache__",
    "infra",
    "test",
    "tests",
    "testdata",
    "examples",
    "docs",
];

/// A folder in which something was found.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) path: VirtualPath,
    /// The texts, by the names of the files.
    pub(super) files: BTreeMap<String, String>,
}

impl Place {
    /// The path of one of its files.
    pub(super) fn shown(&self, name: &str) -> String {
        match self.path.as_str() {
            "" => name.to_owned(),
            path => format!("{path}/{name}"),
        }
    }
}

/// The folders in which something was found, those above first; and the most that are looked at, if there are more.
pub(super) fn places(sources: &dyn Sources) -> Result<(Vec<Place>, Option<usize>), ReadError> {
    let mut waiting = VecDeque::from([(VirtualPath::root(), 0)]);
    let mut places = Vec::new();
    let mut seen = 0;
    while let Some((path, depth)) = waiting.pop_front() {
        seen += 1;
        if seen > MOST {
            return Ok((places, Some(MOST)));
        }
        let names = match sources.list(&path) {
            Ok(names) => names,
            Err(error) if depth == 0 => return Err(error),
            // What nobody may look into says nothing.
            Err(_) => continue,
        };
        let mut files = BTreeMap::new();
        for name in names {
            let Ok(place) = path.join(&name) else { continue };
            match sources.entry(&place) {
                Ok(Entry::File) if FILES.contains(&name.as_str()) => {
                    if let Ok(bytes) = sources.read(&place)
                        && bytes.len() <= LARGEST
                    {
                        files.insert(name, String::from_utf8_lossy(&bytes).into_owned());
                    }
                }
                Ok(Entry::Folder)
                    if depth < DEPTH && !name.starts_with('.') && !OTHERS.contains(&name.as_str()) =>
                {
                    waiting.push_back((place, depth + 1));
                }
                Ok(_) | Err(_) => {}
            }
        }
        if !files.is_empty() {
            places.push(Place { path, files });
        }
    }
    Ok((places, None))
}
