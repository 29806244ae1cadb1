//! Diagnostics to text, one file per format. Knows no streams: each function returns what to print.

pub mod concise;
pub mod difference;
mod excerpt;
mod fingerprint;
pub mod github;
pub mod gitlab;
pub mod human;
pub mod json;
pub mod junit;
pub mod sarif;
pub mod tree;

use crate::disk::Interrupted;
use crate::error::{CommandError, Warnings};
use exoc_diagnostics::{Diagnostic, Position, Severity, SourceMap, Span};
use tree::Difference;

/// The width of a picture where nobody knows the terminal's, in columns.
pub const WIDTH: usize = 80;

/// What to show.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The diagnostics, sorted.
    pub diagnostics: &'a [&'a Diagnostic],
    /// The texts that they point into.
    pub sources: &'a SourceMap,
    /// The places that no excerpt may show.
    pub redacted: &'a [Span],
    /// What to put before a path of the application so that it is right from where exoc was started.
    pub prefix: &'a str,
    /// What to put before a path of the application so that it is right from the root of its repository.
    pub root: &'a str,
    /// What warnings mean.
    pub warnings: Warnings,
    /// What ended the command besides.
    pub fault: Option<&'a CommandError>,
}

/// A format in which everything is told in one document, on standard output, for a program to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Document {
    /// exoc's own.
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// Workflow commands of GitHub Actions.
    Github,
    /// GitLab's Code Quality report.
    Gitlab,
    /// JUnit's XML.
    Junit,
}

/// What a command has done besides compiling.
#[derive(Clone, Copy, Debug)]
pub enum Ending<'a> {
    /// Nothing.
    Checked,
    /// Files were written, or would have been.
    Written {
        /// Their paths.
        files: &'a [String],
        /// The paths of what was removed.
        removed: &'a [String],
    },
    /// The tree was compared with the manifest.
    Compared {
        /// What differs.
        differences: &'a [Difference],
        /// What came of an earlier build.
        interrupted: Interrupted,
    },
}

impl Document {
    /// Everything as one document.
    #[must_use]
    pub fn print(self, report: &Report<'_>, ending: Ending<'_>) -> String {
        match (self, ending) {
            (Self::Json, Ending::Checked) => json::report(report),
            (Self::Json, Ending::Written { files, removed }) => {
                json::with_files(&json::report(report), files, removed)
            }
            (
                Self::Json,
                Ending::Compared {
                    differences,
                    interrupted,
                },
            ) => tree::json(&json::report(report), differences, interrupted),
            (Self::Sarif, _) => sarif::report(report),
            (Self::Github, _) => github::report(report),
            (Self::Gitlab, _) => gitlab::report(report),
            (Self::Junit, _) => junit::report(report),
        }
    }

    /// A fault without a place as a document.
    #[must_use]
    pub fn fault(self, error: &CommandError) -> String {
        match self {
            Self::Json => json::fault(error),
            Self::Sarif | Self::Github | Self::Gitlab | Self::Junit => {
                self.bare(Some(error), Ending::Checked)
            }
        }
    }

    /// What came of a command that has compiled nothing, as a document.
    #[must_use]
    pub fn bare(self, fault: Option<&CommandError>, ending: Ending<'_>) -> String {
        let report = Report {
            diagnostics: &[],
            sources: &SourceMap::default(),
            redacted: &[],
            prefix: "",
            root: "",
            warnings: Warnings::Allowed,
            fault,
        };
        self.print(&report, ending)
    }
}

/// How a picture is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// With which colours.
    pub colour: Colour,
    /// How wide, in columns.
    pub width: usize,
}

/// Colours or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// None.
    Plain,
    /// The terminal's own, by ANSI escapes.
    Ansi,
}

impl Colour {
    /// Text that stands back.
    #[must_use]
    pub fn dim(self, text: &str) -> String {
        self.paint("2", text)
    }

    /// Text that tells of success.
    #[must_use]
    pub fn green(self, text: &str) -> String {
        self.paint("32", text)
    }

    /// Text that tells of something to do.
    #[must_use]
    pub fn yellow(self, text: &str) -> String {
        self.paint("33", text)
    }

    /// Text that tells of harm.
    #[must_use]
    pub fn red(self, text: &str) -> String {
        self.paint("31", text)
    }

    /// The name of the `index`th of many things that stand beside each other.
    #[must_use]
    pub fn nth(self, index: usize, text: &str) -> String {
        const STYLES: [&str; 10] = ["36", "33", "35", "32", "34", "96", "93", "95", "92", "94"];
        self.paint(
            STYLES.get(index % STYLES.len()).copied().unwrap_or_default(),
            text,
        )
    }

    /// Text in front, in the colour of a severity.
    fn bold(self, number: &str, text: &str) -> String {
        self.paint(&format!("1;{number}"), text)
    }

    fn paint(self, style: &str, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Ansi => format!("\u{1b}[{style}m{text}\u{1b}[0m"),
        }
    }
}

/// A number and a noun, in the plural where there is not exactly one.
#[must_use]
pub fn counted(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// A place as renderers name it.
struct Place {
    path: String,
    start: Position,
    end: Position,
}

impl Report<'_> {
    fn place(&self, span: Span) -> Option<Place> {
        let file = self.sources.file(span.source)?;
        Some(Place {
            path: format!("{}{}", self.prefix, file.path),
            start: self.sources.start(span)?,
            end: self.sources.end(span)?,
        })
    }

    /// A place with its path from the root of the repository, as services that show the repository want it.
    fn rooted(&self, span: Span) -> Option<Place> {
        let place = self.place(span)?;
        let file = self.sources.file(span.source)?;
        Some(Place {
            path: format!("{}{}", self.root, file.path),
            ..place
        })
    }

    /// Whether a diagnostic makes the command fail.
    fn fails(&self, diagnostic: &Diagnostic) -> bool {
        match diagnostic.severity {
            Severity::Error => true,
            Severity::Warning => self.warnings == Warnings::Denied,
            Severity::Note => false,
        }
    }
}

/// A diagnostic in words, a line each, without its place: message, label, help.
fn lines(diagnostic: &Diagnostic) -> Vec<String> {
    let Diagnostic {
        code: _,
        severity: _,
        message,
        primary,
        secondary: _,
        help,
    } = diagnostic;
    let label = primary.iter().map(|label| visible(&label.message));
    let label = label.filter(|label| !label.is_empty());
    let help = help.iter().map(|line| format!("help: {}", visible(line)));
    std::iter::once(visible(message))
        .chain(label)
        .chain(help)
        .collect()
}

/// A fault in words, a line each.
fn fault_lines(error: &CommandError) -> Vec<String> {
    let help = error.help().iter().flat_map(|help| help.lines());
    let help = help.map(|line| format!("help: {}", visible(line)));
    std::iter::once(visible(&error.to_string())).chain(help).collect()
}

/// A text of one line in which nothing acts on a terminal: control characters and marks that change the direction
/// of writing stand as pictures.
#[must_use]
pub fn visible(text: &str) -> String {
    text.chars().map(visible_char).collect()
}

/// The words of a text in lines of at most `room` characters, as far as its words are that short. What stands between
/// backquotes is one word if it fits into a line.
fn wrap(text: &str, room: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words(text, room) {
        let word = visible(&word);
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= room => {
                line.push(' ');
                line.push_str(&word);
            }
            Some(_) | None => lines.push(word),
        }
    }
    lines
}

fn words(text: &str, room: usize) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut open = false;
    for word in text.split(' ') {
        match words.last_mut() {
            Some(last) if open => {
                last.push(' ');
                last.push_str(word);
            }
            Some(_) | None => words.push(word.to_owned()),
        }
        open ^= word.matches('`').count() % 2 == 1;
    }
    let fits = |word: &String| word.chars().count() <= room;
    words
        .into_iter()
        .flat_map(|word| {
            if fits(&word) {
                vec![word]
            } else {
                word.split(' ').map(str::to_owned).collect()
            }
        })
        .collect()
}

fn visible_char(character: char) -> char {
    match character {
        '\t' => '→',
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + u32::from(character)).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        '\u{80}'..='\u{9f}' => '\u{fffd}',
        _ if acts(character) => '\u{fffd}',
        _ => character,
    }
}

/// Whether a character that is not ASCII acts on a terminal or hides in a text.
fn acts(character: char) -> bool {
    matches!(character,
        '\u{80}'..='\u{9f}'
        | '\u{61c}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::{counted, visible, wrap};

    #[test]
    fn what_is_quoted_is_not_torn_apart() {
        assert_eq!(
            wrap("write it as in `scale: 3` or so", 20),
            ["write it as in", "`scale: 3` or so"]
        );
        assert_eq!(wrap("`a b c d` x", 5), ["`a b", "c d`", "x"]);
        assert_eq!(wrap("a`b c", 40), ["a`b c"]);
    }

    #[test]
    fn escapes_become_pictures() {
        assert_eq!(
            visible("a\u{1b}[31mb\r\n\tc\u{9b}d\u{202e}e\u{7f}é"),
            "a␛[31mb␍␊→c\u{fffd}d\u{fffd}e␡é"
        );
    }

    #[test]
    fn counts_have_plurals() {
        assert_eq!(counted(1, "error"), "1 error");
        assert_eq!(counted(0, "error"), "0 errors");
    }
}
