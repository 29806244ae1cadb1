//! A file of values as text, the way docker compose reads it: which names have a value, and one name given another.
//! Knows no disk, and keeps no value.
//!
//! The rules are those of compose-go 2.14, `dotenv/parser.go` and `dotenv/godotenv.go`, read 2026-11-21; they are not
//! written down elsewhere:
//!
//! - statements are `NAME=value`, `NAME: value` or `NAME`, perhaps behind `export`; the last takes the shell's value;
//! - a comment is a line that begins with `#`, or what follows a `#` behind a value and a space;
//! - a value between `'` or `"` may have several lines, and more statements may follow on its last one;
//! - between `"`, and without quotes, `$NAME` and `${NAME}` stand for another value, `$$` for a `$`, and between `"` so
//!   does `\$`;
//! - later statements win.

use super::value::Value;
use std::collections::BTreeMap;
use std::ops::Range;

/// Why compose would not read a file, and on which line, counted from 1. Never what stands there: it may be a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// The line on which the fault begins.
    pub line: usize,
    /// The fault.
    pub fault: Fault,
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A character that no name has, before any `=`.
    #[error("it is neither a comment nor `NAME=\"value\"`")]
    NoStatement,
    /// A quote without its end.
    #[error("a quote is opened and not closed")]
    OpenQuote,
    /// A `${` that begins no reference.
    #[error("a `${{` begins no reference to a variable; a `$` is `\\$` between double quotes")]
    NoReference,
}

/// What a name has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    Empty,
    Something,
}

/// One statement that gives a name a value, perhaps the empty one.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Statement<'t> {
    name: &'t str,
    /// From the name to the end of the value.
    place: Range<usize>,
    content: Content,
}

/// The names that have a value which is not empty.
///
/// A value that is nothing but a reference to a name that the file does not have counts as one: the shell may have it.
///
/// # Errors
///
/// If compose would refuse the file.
pub fn present(text: &str) -> Result<Vec<&str>, Unreadable> {
    let mut last: BTreeMap<&str, Content> = BTreeMap::new();
    for Statement {
        name,
        place: _,
        content,
    } in statements(text)?
    {
        last.insert(name, content);
    }
    let present = last.into_iter();
    Ok(present
        .filter(|(_, content)| *content == Content::Something)
        .map(|(name, _)| name)
        .collect())
}

/// The text with a value for a name, in the place of the value that counted so far or behind everything. All else stays
/// as it is.
///
/// # Errors
///
/// If compose would refuse the file.
pub fn with(text: &str, name: &str, value: &Value) -> Result<String, Unreadable> {
    let line = format!("{name}={}", quoted(value));
    let statements = statements(text)?;
    let former = statements
        .iter()
        .rfind(|statement| statement.name == name)
        .and_then(|statement| {
            Some((
                text.get(..statement.place.start)?,
                text.get(statement.place.end..)?,
            ))
        });
    Ok(match former {
        Some((before, after)) => format!("{before}{line}{after}"),
        None => {
            let end = if text.is_empty() || text.ends_with('\n') {
                ""
            } else {
                "\n"
            };
            format!("{text}{end}{line}\n")
        }
    })
}

/// A value between double quotes. `\r` is escaped as well, so that whoever changes line ends changes no value.
fn quoted(value: &Value) -> String {
    let mut quoted = String::from("\"");
    for character in value.reveal().chars() {
        match character {
            '\\' | '"' | '$' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

/// All statements that give a value, in order.
fn statements(text: &str) -> Result<Vec<Statement<'_>>, Unreadable> {
    let mut reader = Reader { text, at: 0 };
    // Compose takes a byte order mark for nothing.
    reader.accept("\u{feff}");
    let mut known: BTreeMap<&str, Content> = BTreeMap::new();
    let mut statements = Vec::new();
    while reader.start() {
        let Some((name, start)) = reader.name()? else {
            continue;
        };
        let content = reader.value(&known)?;
        known.insert(name, content);
        statements.push(Statement {
            name,
            place: start..reader.at,
            content,
        });
    }
    Ok(statements)
}

struct Reader<'t> {
    text: &'t str,
    /// Up to here everything is read.
    at: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn accept(&mut self, word: &str) -> bool {
        let found = self.rest().starts_with(word);
        if found {
            self.at += word.len();
        }
        found
    }

    fn skip(&mut self, skipped: impl Fn(char) -> bool) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(skipped).len();
    }

    fn fault(&self, at: usize, fault: Fault) -> Unreadable {
        let before = self.text.get(..at).unwrap_or_default();
        Unreadable {
            line: before.matches('\n').count() + 1,
            fault,
        }
    }

    /// Goes to the next statement, over blanks and comments; `false` if there is none.
    fn start(&mut self) -> bool {
        loop {
            self.skip(char::is_whitespace);
            if !self.rest().starts_with('#') {
                return !self.rest().is_empty();
            }
            self.skip(|character| character != '\n');
        }
    }

    /// Reads a name and what separates it from its value; `None` if it has no value here.
    fn name(&mut self) -> Result<Option<(&'t str, usize)>, Unreadable> {
        let exported = self.rest().strip_prefix("export");
        if exported.is_some_and(|rest| rest.starts_with(['\t', '\n', '\u{c}', '\r', ' '])) {
            self.accept("export");
            self.skip(is_blank);
        }
        let (start, rest) = (self.at, self.rest());
        let of_name = |character: char| {
            is_blank(character)
                || character.is_alphanumeric()
                || ['_', '.', '-', '[', ']'].contains(&character)
        };
        let end = rest.find(|character| !of_name(character));
        let name = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        let name = name.trim_end();
        let Some(end) = end else {
            // A name at the end of the file. `export` alone is a fault.
            self.at = self.text.len();
            return match name.is_empty() {
                true => Err(self.fault(start, Fault::NoStatement)),
                false => Ok(None),
            };
        };
        self.at += end;
        let inherits = self.rest().starts_with('\n');
        if name.contains(' ') || !(inherits || self.accept("=") || self.accept(":")) {
            return Err(self.fault(start, Fault::NoStatement));
        }
        self.skip(is_blank);
        Ok((!inherits).then_some((name, start)))
    }

    /// Reads a value to its end.
    fn value(&mut self, known: &BTreeMap<&str, Content>) -> Result<Content, Unreadable> {
        let start = self.at;
        let unknown = |reader: &Self| reader.fault(start, Fault::NoReference);
        for quote in ["\"", "'"] {
            if self.accept(quote) {
                let inside = self.inside(quote);
                let inside = inside.ok_or_else(|| self.fault(start, Fault::OpenQuote))?;
                return match quote {
                    "'" if inside.is_empty() => Ok(Content::Empty),
                    "'" => Ok(Content::Something),
                    _ => content(inside, Escapes::Known, known).ok_or_else(|| unknown(self)),
                };
            }
        }
        let line = self.rest().split('\n').next().unwrap_or_default();
        let value = line.split(" #").next().unwrap_or_default().trim_end();
        self.at += value.len();
        content(value, Escapes::Unknown, known).ok_or_else(|| unknown(self))
    }

    /// What stands up to the closing quote, which is read as well.
    fn inside(&mut self, quote: &str) -> Option<&'t str> {
        let rest = self.rest();
        let mut escaped = false;
        let (end, _) = rest.char_indices().find(|(_, character)| {
            let ends = !escaped && quote.starts_with(*character);
            escaped = !escaped && *character == '\\';
            ends
        })?;
        self.at += end + quote.len();
        rest.get(..end)
    }
}

/// Whether `\$` is a dollar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Escapes {
    Known,
    Unknown,
}

/// Whether anything is left of a value when its references are replaced; `None` if compose cannot replace them.
fn content(value: &str, escapes: Escapes, known: &BTreeMap<&str, Content>) -> Option<Content> {
    let mut content = Content::Empty;
    let mut rest = value;
    while let Some(character) = rest.chars().next() {
        let behind = rest.get(character.len_utf8()..).unwrap_or_default();
        let (found, length) = match character {
            '$' => reference(behind, known)?,
            '\\' if escapes == Escapes::Known => {
                let next = behind.chars().next().map_or(0, char::len_utf8);
                (Content::Something, next)
            }
            _ => (Content::Something, 0),
        };
        if found == Content::Something {
            content = Content::Something;
        }
        rest = behind.get(length..).unwrap_or_default();
    }
    Some(content)
}

/// What a `$` and so many characters behind it stand for; `None` if compose would not know. Of `${…}` with a default or
/// a demand compose itself has to judge: it counts as something.
fn reference(behind: &str, known: &BTreeMap<&str, Content>) -> Option<(Content, usize)> {
    let of = |name: &str| known.get(name).copied().unwrap_or(Content::Something);
    let name = |text: &str| {
        let inside = |character: char| character.is_ascii_alphanumeric() || character == '_';
        let begins = !text.starts_with(|character: char| character.is_ascii_digit());
        let end = text.find(|character| !inside(character)).unwrap_or(text.len());
        end * usize::from(begins)
    };
    if behind.starts_with('$') {
        return Some((Content::Something, 1));
    }
    let Some(inside) = behind.strip_prefix('{') else {
        return Some(match behind.split_at_checked(name(behind)) {
            Some((name, _)) if !name.is_empty() => (of(name), name.len()),
            // It stands for itself.
            Some(_) | None => (Content::Something, 0),
        });
    };
    let inside = inside.get(..inside.find('}')?)?;
    let (name, operator) = inside.split_at_checked(name(inside))?;
    let found = match operator.chars().next() {
        None => of(name),
        Some(':' | '-' | '+' | '?') => Content::Something,
        Some(_) => return None,
    };
    (!name.is_empty()).then_some((found, inside.len() + "{}".len()))
}

/// A space that does not end a line, as compose-go has them.
const fn is_blank(character: char) -> bool {
    matches!(
        character,
        '\t' | '\u{b}' | '\u{c}' | '\r' | ' ' | '\u{85}' | '\u{a0}'
    )
}

#[cfg(test)]
mod tests;
