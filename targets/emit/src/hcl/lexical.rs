//! The smallest pieces of HCL: identifiers and quoted text. Knows nothing of expressions.

use crate::text::is_visible;
use std::borrow::Cow;
use std::fmt::Write;
use unicode_segmentation::UnicodeSegmentation;

/// A name that may stand without quotes. HCL allows more of Unicode; what exoc writes is ASCII.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identifier(Cow<'static, str>);

impl Identifier {
    /// The name, with `_` for every character that an identifier cannot have, so that no name can
    /// become anything else than a name.
    pub(crate) fn sanitized(name: &str) -> Self {
        if is_identifier(name) {
            return Self(Cow::Owned(name.to_owned()));
        }
        let mut sanitized: String = name
            .chars()
            .map(|letter| if continues_identifier(letter) { letter } else { '_' })
            .collect();
        if !sanitized.starts_with(starts_identifier) {
            sanitized.insert(0, '_');
        }
        Self(Cow::Owned(sanitized))
    }

    /// The same of a name that is written in a target's code, which is an identifier.
    pub(crate) fn fixed(name: &'static str) -> Self {
        if is_identifier(name) {
            Self(Cow::Borrowed(name))
        } else {
            Self::sanitized(name)
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether the name is an identifier as it is.
pub(crate) fn is_identifier(name: &str) -> bool {
    let continues = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    name.starts_with(starts_identifier) && name.bytes().all(continues)
}

/// Whether an object key may stand without quotes: an identifier that is not a keyword.
pub(crate) fn is_bare_key(name: &str) -> bool {
    const KEYWORDS: [&str; 9] = [
        "null", "true", "false", "for", "in", "if", "else", "endif", "endfor",
    ];
    is_identifier(name) && !KEYWORDS.contains(&name)
}

fn starts_identifier(letter: char) -> bool {
    letter.is_ascii_alphabetic() || letter == '_'
}

fn continues_identifier(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-')
}

/// Writes a literal text in quotes.
pub(crate) fn push_quoted(text: &str, out: &mut String) {
    out.push('"');
    push_escaped(text, out);
    out.push('"');
}

/// Writes a literal text as it stands between quotes: a `$` or `%` directly before `{` is doubled, so it
/// begins neither an interpolation nor a directive.
pub(crate) fn push_escaped(text: &str, out: &mut String) {
    if text.bytes().all(stands_for_itself) {
        return out.push_str(text);
    }
    let mut characters = text.chars().peekable();
    let mut first = true;
    while let Some(character) = characters.next() {
        match character {
            // It would change the quote or brace before it.
            mark if first && joins(mark) => escape(mark, out),
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' | '%' if characters.peek() == Some(&'{') => out.extend([character, character]),
            visible if is_visible(visible) => out.push(visible),
            hidden => escape(hidden, out),
        }
        first = false;
    }
}

/// Whether a byte is the same between quotes, whatever stands around it.
fn stands_for_itself(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\' | b'$' | b'%')
}

fn escape(hidden: char, out: &mut String) {
    let code = u32::from(hidden);
    // Writing to a string cannot fail.
    let _ = if code <= 0xffff {
        write!(out, "\\u{code:04x}")
    } else {
        write!(out, "\\U{code:08x}")
    };
}

/// The columns a text takes, as `tofu fmt` counts them: grapheme clusters of Unicode 15, the version of
/// its `go-textseg` (read 2026-11-21). Later versions also join the consonants of Indic conjuncts, which
/// is taken back here.
pub(crate) fn width(text: &str) -> usize {
    if text.is_ascii() {
        // Of ASCII only a carriage return and its line feed are one cluster.
        let pairs = text.as_bytes().windows(2).filter(|pair| pair == b"\r\n");
        return text.len() - pairs.count();
    }
    text.graphemes(true).map(|cluster| 1 + conjuncts(cluster)).sum()
}

/// How many letters of a cluster stand after a mark: only a conjunct joins them.
fn conjuncts(cluster: &str) -> usize {
    let pairs = cluster.chars().zip(cluster.chars().skip(1));
    pairs
        .filter(|(before, letter)| joins(*before) && letter.is_alphabetic() && !joins(*letter))
        .count()
}

/// Whether a character becomes one cluster with any letter or sign before it.
fn joins(character: char) -> bool {
    !character.is_ascii() && format!("\"{character}").graphemes(true).count() == 1
}
