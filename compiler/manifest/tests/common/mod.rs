//! Files in memory, and diagnostics in a form that tests can compare.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]
#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test file uses its own part of this module"
)]

use exoc_diagnostics::{Diagnostic, Entry, ReadError, Sink, SourceMap, Sources, VirtualPath};
use exoc_manifest::ast::Manifest;
use std::collections::{BTreeMap, BTreeSet};

/// An application's folder in memory.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    files: BTreeMap<String, Result<Vec<u8>, ReadError>>,
    /// Whether every path that is no file is a folder with a Dockerfile.
    generous: bool,
}

impl Memory {
    /// A folder with these files.
    pub fn new(files: &[(&str, &str)]) -> Self {
        files.iter().fold(Self::default(), |memory, (path, text)| {
            memory.with(path, text.as_bytes())
        })
    }

    /// A folder in which every folder exists and has a Dockerfile.
    pub fn generous(files: &[(&str, &str)]) -> Self {
        Self {
            generous: true,
            ..Self::new(files)
        }
    }

    /// The same folder with one more file.
    pub fn with(mut self, path: &str, bytes: &[u8]) -> Self {
        self.files.insert(path.to_owned(), Ok(bytes.to_vec()));
        self
    }

    /// The same folder with a path that cannot be read.
    pub fn failing(mut self, path: &str, error: ReadError) -> Self {
        self.files.insert(path.to_owned(), Err(error));
        self
    }

    /// What the front end makes of it.
    pub fn load(&self) -> Loaded {
        let (mut map, mut sink) = (SourceMap::default(), Sink::new());
        let manifest = exoc_manifest::load(self, &mut map, &mut sink);
        let redacted = sink
            .redacted()
            .iter()
            .map(|span| map.slice(*span).to_owned())
            .collect();
        Loaded {
            manifest,
            map,
            redacted,
            diagnostics: sink.into_sorted(),
        }
    }
}

impl Sources for Memory {
    fn read(&self, path: &VirtualPath) -> Result<Vec<u8>, ReadError> {
        match self.files.get(path.as_str()) {
            Some(found) => found.clone(),
            None if self.generous && path.name() == "Dockerfile" => {
                Ok(b"FROM scratch AS run\nUSER 1000\n".to_vec())
            }
            None if self.generous && path.name() == "file" => Ok(b"some bytes".to_vec()),
            None => Err(ReadError::NotFound),
        }
    }

    fn entry(&self, path: &VirtualPath) -> Result<Entry, ReadError> {
        let below = format!("{}/", path.as_str());
        match self.files.get(path.as_str()) {
            Some(Ok(_)) => Ok(Entry::File),
            Some(Err(ReadError::IsFolder)) => Ok(Entry::Folder),
            Some(Err(ReadError::Leaves)) => Err(ReadError::Leaves),
            Some(Err(ReadError::Cycle)) => Err(ReadError::Cycle),
            Some(Err(ReadError::NotFound | ReadError::TooLarge(_) | ReadError::Other(_))) => Ok(Entry::File),
            None if path.as_str().is_empty() => Ok(Entry::Folder),
            None if self.files.keys().any(|file| file.starts_with(&below)) => Ok(Entry::Folder),
            None if self.generous && ["Dockerfile", "file"].contains(&path.name()) => Ok(Entry::File),
            None if self.generous && !path.name().contains("service.y") => Ok(Entry::Folder),
            None => Ok(Entry::Absent),
        }
    }

    fn list(&self, path: &VirtualPath) -> Result<Vec<String>, ReadError> {
        let below = format!("{}/", path.as_str());
        let inside = |file: &String| {
            let rest = if path.as_str().is_empty() {
                file.as_str()
            } else {
                file.strip_prefix(&below)?
            };
            rest.split('/').next().map(str::to_owned)
        };
        let names: BTreeSet<String> = self.files.keys().filter_map(inside).collect();
        match names.is_empty() {
            true if self.generous => Ok(vec!["file".to_owned()]),
            true if self.files.contains_key(path.as_str()) => Ok(Vec::new()),
            true => Err(ReadError::NotFound),
            false => Ok(names.into_iter().collect()),
        }
    }
}

/// What the front end returned.
pub struct Loaded {
    pub manifest: Option<Manifest>,
    pub map: SourceMap,
    pub redacted: Vec<String>,
    pub diagnostics: Vec<Diagnostic>,
}

impl Loaded {
    /// One line per diagnostic: code, place, the underlined words, message.
    pub fn lines(&self) -> Vec<String> {
        self.diagnostics
            .iter()
            .map(|diagnostic| self.line(diagnostic))
            .collect()
    }

    fn line(&self, diagnostic: &Diagnostic) -> String {
        let place = match &diagnostic.primary {
            None => "nowhere".to_owned(),
            Some(label) => {
                let file = self.map.file(label.span.source).unwrap();
                let at = self.map.start(label.span).unwrap();
                let words = self.map.slice(label.span).escape_debug();
                format!("{}:{}:{} `{words}`", file.path, at.line, at.column)
            }
        };
        format!("{} {place} {}", diagnostic.code.id, diagnostic.message)
    }

    /// The codes of all diagnostics.
    pub fn codes(&self) -> Vec<&'static str> {
        self.diagnostics
            .iter()
            .map(|diagnostic| diagnostic.code.id)
            .collect()
    }

    /// The manifest of an application without faults.
    pub fn clean(&self) -> &Manifest {
        assert_eq!(self.lines(), Vec::<String>::new());
        self.manifest.as_ref().unwrap()
    }
}

/// Loads an application of one file, application.yml.
pub fn application(text: &str) -> Loaded {
    Memory::generous(&[("application.yml", text)]).load()
}

/// Loads an application with one service, whose service.yml is `text`.
pub fn service(text: &str) -> Loaded {
    Memory::generous(&[
        ("application.yml", "name: shop\nservices: { web: ./web }\n"),
        ("web/service.yml", text),
    ])
    .load()
}
