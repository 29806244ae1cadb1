//! Brackets and quotes that a text leaves open. Works on characters, because what it gets is not YAML.
//!
//! A reader of plain YAML meets a fault lines after a quote or bracket that was forgotten; people look here first.

use std::ops::Range;

/// What is open at a place of a text, each with its offset.
#[derive(Debug)]
pub(super) struct Openers {
    /// The quote.
    pub(super) quote: Option<(usize, char)>,
    /// The brackets, the outermost first.
    pub(super) brackets: Vec<(usize, char)>,
    /// The text in quotes that ended last.
    pub(super) quoted: Option<Range<usize>>,
    begins_value: bool,
    previous: char,
    escaped: bool,
    comment: bool,
}

impl Openers {
    const fn none() -> Self {
        Self {
            quote: None,
            brackets: Vec::new(),
            quoted: None,
            begins_value: true,
            previous: '\n',
            escaped: false,
            comment: false,
        }
    }

    /// What is open at the end of `before`. Only what begins a value counts.
    pub(super) fn of(before: &str) -> Self {
        let mut open = Self::none();
        for (at, c) in before.char_indices() {
            open.read(at, c);
        }
        open
    }

    /// One bracket or quote, if `mark` is one.
    pub(super) fn only(at: usize, mark: char) -> Self {
        let mut open = Self::none();
        match mark {
            '[' | '{' => open.brackets.push((at, mark)),
            '"' | '\'' => open.quote = Some((at, mark)),
            _ => {}
        }
        open
    }

    fn read(&mut self, at: usize, c: char) {
        let inside = self.escaped || self.comment;
        self.escaped = !inside && c == '\\' && self.quote.is_some_and(|(_, mark)| mark == '"');
        self.comment = c != '\n' && (self.comment || self.begins_comment(c));
        if !inside && !self.comment {
            match (self.quote, c) {
                (Some((start, mark)), c) if c == mark => {
                    self.quote = None;
                    self.quoted = Some(start..at + c.len_utf8());
                }
                (Some(_), _) => {}
                (None, '"' | '\'') if self.begins_value => self.quote = Some((at, c)),
                (None, '[' | '{') if self.begins_value => self.brackets.push((at, c)),
                (None, ']' | '}') => {
                    self.brackets.pop();
                }
                (None, _) => {}
            }
        }
        self.begins_value = match c {
            ' ' | '\t' | '\r' => self.begins_value || matches!(self.previous, ':' | '-' | ','),
            '\n' | '[' | '{' => true,
            ',' => !self.brackets.is_empty(),
            _ => false,
        };
        self.previous = c;
    }

    fn begins_comment(&self, c: char) -> bool {
        c == '#' && self.quote.is_none() && self.previous.is_whitespace()
    }
}

/// The bracket that ends what `open` begins.
pub(super) const fn closing(open: char) -> char {
    if open == '[' { ']' } else { '}' }
}

/// The offset of the closing bracket, of either kind, that ends what the bracket at `opener` begins.
pub(super) fn closed_at(text: &str, opener: usize) -> Option<usize> {
    let mut open = Openers::none();
    for (at, c) in text.get(opener + 1..)?.char_indices() {
        let free = open.quote.is_none() && open.brackets.is_empty() && !open.comment;
        if free && matches!(c, ']' | '}') {
            return Some(opener + 1 + at);
        }
        open.read(at, c);
    }
    None
}

/// The line that holds `offset`, without its end.
pub(super) fn line_at(text: &str, offset: usize) -> Range<usize> {
    let start = text
        .get(..offset)
        .and_then(|before| before.rfind('\n'))
        .map_or(0, |at| at + 1);
    let rest = text.get(start..).unwrap_or_default();
    start..start + rest.find(['\n', '\r']).unwrap_or(rest.len())
}
