//! How one scalar is written so that every reader, of YAML 1.1 and of 1.2, gets the same value back.
//! Knows nothing of mappings and sequences but whether the scalar stands in a flow list or is a key.

use super::Scalar;
use crate::text::is_visible;
use std::fmt::Write;

/// Where a scalar stands: some indicators are harmless in one place and not in another.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// A value or item on a line of its own.
    Block,
    /// A key, or an item between `[` and `]`.
    Tight,
}

/// A plain scalar longer than this is quoted: readers limit what they look ahead for.
const LONGEST_PLAIN: usize = 1000;

/// Words that some reader takes for a boolean, a null or a number, in lower case.
const WORDS: [&str; 12] = [
    "y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "infinity",
];

/// No word of those is longer.
const LONGEST_WORD: usize = 8;

/// Writes the scalar on one line.
pub(super) fn push_line(scalar: &Scalar, place: Place, out: &mut String) {
    match scalar {
        Scalar::Null => out.push_str("null"),
        Scalar::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        // Writing to a string cannot fail.
        Scalar::Int(value) => drop(write!(out, "{value}")),
        Scalar::Decimal(text) => out.push_str(text),
        Scalar::Text(text) => push_text(text, place, out),
        Scalar::Quoted(text) => push_double_quoted(text, out),
    }
}

/// Writes a text on one line, plain if that is safe.
pub(super) fn push_text(text: &str, place: Place, out: &mut String) {
    if is_plain(text, place) {
        out.push_str(text);
    } else {
        push_double_quoted(text, out);
    }
}

/// The lines of the text and the chomping indicator if it can be a `|` block, which needs clean lines:
/// nothing invisible, no space at a line's end, and no space at the start that would be read as
/// indentation. Text that ends in several line ends is not one: blank lines below it would join it.
pub(super) fn block_lines(text: &str) -> Option<(Vec<&str>, &'static str)> {
    if !text.contains('\n') {
        return None;
    }
    let (body, chomping) = match text.strip_suffix('\n') {
        Some(body) => (body, ""),
        None => (text, "-"),
    };
    let clean = |line: &str| {
        !line.ends_with([' ', '\t'])
            && line
                .chars()
                .all(|character| is_visible(character) || character == '\t')
    };
    let starts_well = !body.starts_with(['\n', ' ', '\t']) && !body.ends_with('\n') && !body.is_empty();
    (starts_well && body.split('\n').all(clean)).then(|| (body.split('\n').collect(), chomping))
}

/// An allow-list: what starts with a letter, `_` or `/` and goes on with harmless characters is no
/// number, date or indicator anywhere; the words that mean something are named above.
fn is_plain(text: &str, place: Place) -> bool {
    let bytes = text.as_bytes();
    let starts_well = bytes
        .first()
        .is_some_and(|first| first.is_ascii_alphabetic() || matches!(first, b'_' | b'/'));
    if !starts_well || bytes.len() > LONGEST_PLAIN || text.ends_with([' ', ':']) {
        return false;
    }
    let mut colons = false;
    for byte in bytes {
        match CLASSES.get(usize::from(*byte)) {
            Some(Class::Harmless) => {}
            Some(Class::Colon) if place == Place::Block => colons = true,
            Some(Class::Colon | Class::Other) | None => return false,
        }
    }
    let ends_key = colons && bytes.windows(2).any(|pair| pair == b": ");
    !ends_key && (bytes.len() > LONGEST_WORD || !WORDS.iter().any(|word| word.eq_ignore_ascii_case(text)))
}

/// What a byte does to a plain scalar.
#[derive(Clone, Copy)]
enum Class {
    /// Nothing.
    Harmless,
    /// It may end a key.
    Colon,
    /// It may mean something.
    Other,
}

/// The class of each byte.
static CLASSES: [Class; 256] = classes();

const fn classes() -> [Class; 256] {
    let mut classes = [Class::Other; 256];
    let mut rest: &[u8] = b"_-./ $@+=~;()0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    while let [byte, others @ ..] = rest {
        classes[*byte as usize] = Class::Harmless;
        rest = others;
    }
    classes[b':' as usize] = Class::Colon;
    classes
}

/// Writes the text in double quotes, with everything invisible escaped.
fn push_double_quoted(text: &str, out: &mut String) {
    out.push('"');
    if text
        .bytes()
        .all(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\'))
    {
        out.push_str(text);
    } else {
        text.chars().for_each(|character| push_escaped(character, out));
    }
    out.push('"');
}

fn push_escaped(character: char, out: &mut String) {
    match character {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\t' => out.push_str("\\t"),
        '\r' => out.push_str("\\r"),
        visible if is_visible(visible) => out.push(visible),
        hidden => escape(hidden, out),
    }
}

fn escape(hidden: char, out: &mut String) {
    let code = u32::from(hidden);
    // Writing to a string cannot fail.
    let _ = match code {
        0..=0xff => write!(out, "\\x{code:02x}"),
        0x100..=0xffff => write!(out, "\\u{code:04x}"),
        _ => write!(out, "\\U{code:08x}"),
    };
}
