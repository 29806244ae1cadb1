//! Source texts and how they are obtained. The only reader of files is behind [`Sources`].

use crate::{SourceId, Span, VirtualPath};
use std::fmt;

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A file.
    File,
    /// A folder.
    Folder,
    /// Nothing.
    Absent,
}

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// Nothing is there.
    NotFound,
    /// A folder is there.
    IsFolder,
    /// A symbolic link leads out of the application's folder.
    Leaves,
    /// Symbolic links form a cycle.
    Cycle,
    /// The file has this many bytes, more than are read.
    TooLarge(u64),
    /// The system's own words.
    Other(String),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str("it does not exist"),
            Self::IsFolder => f.write_str("it is a folder"),
            Self::Leaves => f.write_str("a symbolic link leads out of the application's folder"),
            Self::Cycle => f.write_str("its symbolic links form a cycle"),
            Self::TooLarge(bytes) => write!(f, "it has {bytes} bytes, and 16 MiB are the most"),
            Self::Other(words) => f.write_str(words),
        }
    }
}

/// The application's folder, as the compiler sees it.
pub trait Sources {
    /// The bytes of the file at `path`.
    ///
    /// # Errors
    ///
    /// If there is no such file, or it cannot be read, or a link leads out of the folder.
    fn read(&self, path: &VirtualPath) -> Result<Vec<u8>, ReadError>;

    /// What stands at `path`, after following links.
    ///
    /// # Errors
    ///
    /// If a link leads out of the folder or in a circle, or the system refuses to look.
    fn entry(&self, path: &VirtualPath) -> Result<Entry, ReadError>;

    /// The names of what stands in the folder at `path`, sorted by bytes.
    ///
    /// # Errors
    ///
    /// If there is no such folder, the system refuses to look, or a name in it is no text.
    fn list(&self, path: &VirtualPath) -> Result<Vec<String>, ReadError>;

    /// Says which files will be asked for soon, so that whoever has to fetch them can do so side by side. No answer
    /// depends on it.
    fn expect(&self, _files: &[VirtualPath]) {}
}

/// One source text.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Its place in the application's folder.
    pub path: VirtualPath,
    /// Its text.
    pub text: String,
    lines: Vec<u32>,
}

/// A place as people count it: both numbers begin at 1, columns are characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The character in the line.
    pub column: usize,
}

/// All source texts of one run.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

impl SourceMap {
    /// Adds a text and names it.
    pub fn add(&mut self, path: VirtualPath, text: String) -> SourceId {
        let starts = text
            .bytes()
            .enumerate()
            .filter(|(_, byte)| *byte == b'\n')
            .map(|(at, _)| at + 1);
        let lines = std::iter::once(0)
            .chain(starts)
            .map(|at| u32::try_from(at).unwrap_or(u32::MAX))
            .collect();
        let id = SourceId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(SourceFile { path, text, lines });
        id
    }

    /// The names of all texts, in the order in which they were added.
    pub fn ids(&self) -> impl Iterator<Item = SourceId> {
        (0..u32::try_from(self.files.len()).unwrap_or(u32::MAX)).map(SourceId)
    }

    /// The text named `id`, if it is of this map.
    #[must_use]
    pub fn file(&self, id: SourceId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// The words under a span; empty if it is not of this map.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.file(span.source)
            .and_then(|file| file.text.get(span.range()))
            .unwrap_or_default()
    }

    /// Where a span begins.
    #[must_use]
    pub fn start(&self, span: Span) -> Option<Position> {
        self.file(span.source).map(|file| file.position(span.start))
    }

    /// Where a span ends, behind its last character.
    #[must_use]
    pub fn end(&self, span: Span) -> Option<Position> {
        self.file(span.source).map(|file| file.position(span.end))
    }
}

impl SourceFile {
    fn position(&self, offset: u32) -> Position {
        let line = self
            .lines
            .partition_point(|start| *start <= offset)
            .saturating_sub(1);
        let start = self.lines.get(line).copied().unwrap_or_default() as usize;
        let before = self.text.get(start..offset as usize).unwrap_or_default();
        let before = before.strip_prefix('\u{feff}').unwrap_or(before);
        Position {
            line: line + 1,
            column: before.chars().count() + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Position, SourceMap};
    use crate::{Span, VirtualPath};

    #[test]
    fn counts_characters_and_lines() {
        let mut map = SourceMap::default();
        let id = map.add(VirtualPath::root(), "größe: 1\nb: 2\n".into());
        let at = |start| map.start(Span::new(id, start, start)).unwrap();
        assert_eq!(at(0), Position { line: 1, column: 1 });
        assert_eq!(at(9), Position { line: 1, column: 8 });
        assert_eq!(at(11), Position { line: 2, column: 1 });
    }
}
