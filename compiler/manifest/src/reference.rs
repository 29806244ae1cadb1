//! `${…}` inside texts: where references stand and what names they hold. Resolves nothing.
//!
//! A scalar's text differs from its source (escapes, folded lines, indentation), so [`Places`] leads from one to
//! the other.

use crate::ast::{Reference, Text, TextPart};
use exoc_diagnostics::{Diagnostic, Failed, Scalar, Sink, Span, Spanned, codes};
use std::ops::Range;
use unicode_normalization::{UnicodeNormalization, char::canonical_combining_class, is_nfc};

/// The longest text, in bytes, in which places are searched for: each search reads all of it.
const LONGEST_SEARCHED: usize = 64 << 10;

/// A part of a text; ranges are bytes of the scalar's text, not of the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Characters that stand for themselves.
    Literal(Range<usize>),
    /// `$${`, which stands for `${`.
    Escape(Range<usize>),
    /// A reference and its names.
    Reference(Range<usize>, Vec<Range<usize>>),
    /// A reference that cannot be read.
    Malformed(Range<usize>, Fault),
}

/// Why a reference cannot be read; the range of the piece is the exact culprit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// There is no `}`.
    Unclosed,
    /// There is no name in it, or none between two dots.
    Empty,
    /// A character that no name has.
    Character,
}

/// Cuts a scalar's text into pieces, from the left. Every byte belongs to a piece, but for the readable bytes of
/// a malformed reference.
pub(crate) fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some(found) = text
        .get(at..)
        .and_then(|rest| rest.find("${"))
        .map(|offset| at + offset)
    {
        let escaped = found > at && text.as_bytes().get(found - 1) == Some(&b'$');
        let start = if escaped { found - 1 } else { found };
        if start > at {
            pieces.push(Piece::Literal(at..start));
        }
        if escaped {
            pieces.push(Piece::Escape(start..found + 2));
            at = found + 2;
        } else {
            at = reference(text, found, &mut pieces);
        }
    }
    if at < text.len() {
        pieces.push(Piece::Literal(at..text.len()));
    }
    pieces
}

/// Reads the reference whose `$` is at `start`; returns where the text goes on.
fn reference(text: &str, start: usize, pieces: &mut Vec<Piece>) -> usize {
    let inside = start + 2;
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let rest = text.get(inside..).unwrap_or_default();
    let stop = rest
        .find(|c: char| !is_name(c) && c != '.')
        .map_or(text.len(), |offset| inside + offset);
    let stopper = text.get(stop..).and_then(|rest| rest.chars().next());
    let Some(stopper) = stopper else {
        pieces.push(Piece::Malformed(start..stop, Fault::Unclosed));
        return stop;
    };
    if stopper != '}' {
        let line_end = text
            .get(stop..)
            .and_then(|rest| rest.find(['}', '\n']))
            .map(|offset| stop + offset);
        let closed = line_end.filter(|end| text.as_bytes().get(*end) == Some(&b'}'));
        // Without a `}` on its line, the reference was not closed; with one, this character is the fault.
        let (range, fault) = match closed {
            None => (start..stop, Fault::Unclosed),
            Some(_) => (stop..stop + stopper.len_utf8(), Fault::Character),
        };
        pieces.push(Piece::Malformed(range, fault));
        return closed.map_or(stop, |end| end + 1);
    }
    let mut names = Vec::new();
    let mut at = inside;
    for name in text.get(inside..stop).unwrap_or_default().split('.') {
        if name.is_empty() {
            pieces.push(Piece::Malformed(start..stop + 1, Fault::Empty));
            return stop + 1;
        }
        names.push(at..at + name.len());
        at += name.len() + 1;
    }
    pieces.push(Piece::Reference(start..stop + 1, names));
    stop + 1
}

/// Leads from ranges of a scalar's text to spans of its source.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Places<'a> {
    text: &'a str,
    raw: &'a str,
    span: Span,
}

impl<'a> Places<'a> {
    /// The places of a scalar with this `text`, written as `raw` at `span`.
    pub(crate) const fn new(text: &'a str, raw: &'a str, span: Span) -> Self {
        Self { text, raw, span }
    }

    /// Where the bytes `range` of the text are written; the whole scalar if that cannot be told.
    pub(crate) fn of(&self, range: Range<usize>) -> Span {
        let Self { text, raw, span } = *self;
        if raw == text {
            return span.part(range.start, range.end);
        }
        let quoted = raw.len() == text.len() + 2 && raw.get(1..raw.len() - 1) == Some(text);
        if quoted {
            return span.part(range.start + 1, range.end + 1);
        }
        if text.len() > LONGEST_SEARCHED {
            return span;
        }
        let needle = text.get(range.clone()).unwrap_or_default();
        if needle.is_empty() || text.matches(needle).count() != raw.matches(needle).count() {
            return span;
        }
        let before = text
            .match_indices(needle)
            .take_while(|(at, _)| *at < range.start)
            .count();
        let exact = text.match_indices(needle).any(|(at, _)| at == range.start);
        match raw.match_indices(needle).nth(before) {
            Some((at, _)) if exact => span.part(at, at + needle.len()),
            Some(_) | None => span,
        }
    }
}

/// The text of a scalar with its references.
///
/// # Errors
///
/// If a reference cannot be read; all of them are reported.
pub(crate) fn text(scalar: &Scalar, places: Places<'_>, sink: &mut Sink) -> Result<Text, Failed> {
    let mut builder = TextBuilder::new(&scalar.text, places);
    for piece in pieces(&scalar.text) {
        builder.push(&piece, sink);
    }
    builder.finish(places.span)
}

/// Gathers pieces into a [`Text`].
pub(crate) struct TextBuilder<'a> {
    source: &'a str,
    places: Places<'a>,
    parts: Vec<TextPart>,
    failed: Option<Failed>,
}

impl<'a> TextBuilder<'a> {
    /// An empty text; pieces are ranges of `source`.
    pub(crate) const fn new(source: &'a str, places: Places<'a>) -> Self {
        Self {
            source,
            places,
            parts: Vec::new(),
            failed: None,
        }
    }

    /// Adds literal characters.
    pub(crate) fn literal(&mut self, more: &str) {
        if let Some(TextPart::Literal(literal)) = self.parts.last_mut() {
            literal.push_str(more);
        } else if !more.is_empty() {
            self.parts.push(TextPart::Literal(more.into()));
        }
    }

    /// Adds a piece, or reports why it cannot be read.
    pub(crate) fn push(&mut self, piece: &Piece, sink: &mut Sink) {
        let source = self.source;
        match piece {
            Piece::Literal(range) => self.literal(source.get(range.clone()).unwrap_or_default()),
            Piece::Escape(_) => self.literal("${"),
            Piece::Reference(range, names) => {
                let span = self.places.of(range.clone());
                // Names are inside the reference, unless the scalar as a whole stands for it.
                let exact = range.len() == (span.end - span.start) as usize;
                let path = names.iter().map(|name| {
                    let value = source.get(name.clone()).unwrap_or_default().to_owned();
                    let inside = || span.part(name.start - range.start, name.end - range.start);
                    let place = if exact { inside() } else { span };
                    Spanned::new(value, place)
                });
                self.parts.push(TextPart::Reference(Reference {
                    path: path.collect(),
                    span,
                }));
            }
            Piece::Malformed(range, fault) => {
                let found = source.get(range.clone()).unwrap_or_default();
                let span = self.places.of(range.clone());
                let whole = source.get(range.start..).and_then(|rest| rest.split('}').next());
                let inner = whole.unwrap_or_default().trim_matches(['{', ' ']);
                let meant = Some(inner).filter(|inner| *fault == Fault::Character && is_path(inner));
                let mut diagnostic = malformed(*fault, found, meant, span);
                // A shell's default: its value is what the user wants here.
                let default = inner.strip_prefix(":-").or_else(|| inner.strip_prefix(":="));
                let default = default.filter(|text| *fault == Fault::Character && !text.is_empty());
                let name = source
                    .get(..range.start)
                    .and_then(|before| before.rsplit("${").next());
                let plain = |text: &&str| text.len() <= 40 && !text.contains(['`', '$', '{']);
                if name.is_some_and(is_secretive)
                    && let Some(default) = default
                {
                    // What may be a secret is neither repeated nor shown.
                    let end = range.start + inner.len();
                    sink.redact(self.places.of(end - default.len()..end));
                } else if let Some(default) = default.filter(plain) {
                    diagnostic.help = vec![format!(
                        "write `{default}` in its place; a value that differs per environment is overlaid there"
                    )];
                }
                self.failed = Some(sink.error(diagnostic));
            }
        }
    }

    /// The text, written at `span`.
    pub(crate) fn finish(self, span: Span) -> Result<Text, Failed> {
        match self.failed {
            Some(failed) => Err(failed),
            None => Ok(Text {
                parts: self.parts,
                span,
            }),
        }
    }
}

/// Whether a variable of this name may hold a secret.
pub(crate) fn is_secretive(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    ["PASS", "SECRET", "TOKEN", "KEY", "CREDENTIAL"]
        .iter()
        .any(|word| upper.contains(word))
}

/// Whether a text is names with dots between them, more than one.
pub(crate) fn is_path(text: &str) -> bool {
    let is_name = |name: &str| {
        !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
    };
    text.contains('.') && text.split('.').all(is_name)
}

/// `meant` is what remains of the reference without the culprit, if that could be one.
fn malformed(fault: Fault, found: &str, meant: Option<&str>, span: Span) -> Diagnostic {
    const LITERAL: &str = "for the two characters `${` themselves, write `$${`";
    match fault {
        Fault::Unclosed => Diagnostic::new(codes::MALFORMED_REFERENCE, "a reference that is never closed")
            .at(span, "no `}` follows")
            .help(format!("close it: `{found}}}`"))
            .help(LITERAL),
        Fault::Empty => Diagnostic::new(
            codes::MALFORMED_REFERENCE,
            format!("the reference `{found}` lacks a name"),
        )
        .at(span, "a name is empty")
        .help("write names with one dot between them, as in `${services.api.url}`")
        .help(LITERAL),
        Fault::Character => {
            let shown = found.escape_debug();
            let d = Diagnostic::new(
                codes::MALFORMED_REFERENCE,
                format!("`{shown}` cannot stand in a reference"),
            )
            .at(span, "a reference holds names and dots only");
            if let Some(meant) = meant {
                d.help(format!("write `${{{meant}}}`"))
            } else if matches!(found, ":" | "?" | "+" | "#" | "%" | "/" | "!") {
                d.help("references have no defaults and no string functions; a value that differs per environment is overlaid there")
            } else {
                d.help("write names with one dot between them, as in `${services.api.url}`")
            }
            .help(LITERAL)
        }
    }
}

/// A malformed reference from its `${` to its `}`, as far as it has them.
fn whole(text: &str, culprit: Range<usize>) -> Range<usize> {
    let before = text.get(..culprit.end).and_then(|before| before.rfind("${"));
    let after = text.get(culprit.start..).and_then(|after| after.find('}'));
    let start = before.unwrap_or(culprit.start).min(culprit.start);
    start..after.map_or(culprit.end, |at| culprit.start + at + 1)
}

/// Reports every `${` of a text that may hold none.
///
/// # Errors
///
/// If there is one.
pub(crate) fn refuse(text: &str, what: &str, places: Places<'_>, sink: &mut Sink) -> Result<(), Failed> {
    let mut failed = None;
    for piece in pieces(text) {
        let range = match piece {
            Piece::Literal(_) => continue,
            Piece::Escape(range) | Piece::Reference(range, _) => range,
            Piece::Malformed(range, _) => whole(text, range),
        };
        failed = Some(
            sink.error(
                Diagnostic::new(
                    codes::MISPLACED_REFERENCE,
                    format!("no reference can stand in {what}"),
                )
                .at(places.of(range), "would stay as it is written")
                .help("write the value out; what differs per environment is overlaid under `environments`")
                .help(
                    "references may stand in `environment`, `command`, `entrypoint`, `health.command`, \
                         `route.host`, `build.args` and the `url` of an external dependency",
                ),
            ),
        );
    }
    failed.map_or(Ok(()), Err)
}

/// Reports a NUL in a scalar's text, and warns of a text that is not in normal form C.
///
/// # Errors
///
/// If there is a NUL.
pub(crate) fn check_characters(text: &str, raw: &str, span: Span, sink: &mut Sink) -> Result<(), Failed> {
    if text.contains('\0') {
        let escape = ["\\0", "\\x00", "\\u0000", "\\U00000000"];
        let found = escape
            .iter()
            .filter_map(|escape| raw.find(escape).map(|at| (at, escape.len())))
            .min();
        let place = found.map_or(span, |(at, length)| span.part(at, at + length));
        return Err(sink.error(
            Diagnostic::new(codes::NUL_CHARACTER, "a NUL character")
                .at(place, "here")
                .help("no environment variable, argument or file name can hold a NUL; remove it"),
        ));
    }
    if !is_nfc(text) {
        let place = first_decomposed(text).map_or(span, |range| Places::new(text, raw, span).of(range));
        sink.report(
            Diagnostic::new(
                codes::NOT_NORMALIZED,
                "a text that is not in Unicode's normal form C",
            )
            .at(place, "equals another spelling of the same characters")
            .help("save the file in normal form C; some targets would change this text"),
        );
    }
    Ok(())
}

/// The first character, with its marks, that normal form C writes otherwise.
fn first_decomposed(text: &str) -> Option<Range<usize>> {
    let mut starts: Vec<usize> = text
        .char_indices()
        .filter(|(_, c)| canonical_combining_class(*c) == 0)
        .map(|(at, _)| at)
        .collect();
    starts.push(text.len());
    starts.windows(2).find_map(|pair| {
        let [start, end] = pair else { return None };
        let cluster = text.get(*start..*end)?;
        (!cluster.nfc().eq(cluster.chars())).then_some(*start..*end)
    })
}

#[cfg(test)]
mod tests {
    use super::{Fault, Piece, pieces};

    #[test]
    fn reads_from_the_left() {
        assert_eq!(pieces(""), []);
        assert_eq!(pieces("$ $$ $NAME $(NAME) %{x}"), [Piece::Literal(0..23)]);
        assert_eq!(
            pieces("a${b.c}d"),
            [
                Piece::Literal(0..1),
                Piece::Reference(1..7, vec![3..4, 5..6]),
                Piece::Literal(7..8),
            ]
        );
        assert_eq!(pieces("$${x}"), [Piece::Escape(0..3), Piece::Literal(3..5)]);
        assert_eq!(
            pieces("$$${x}"),
            [Piece::Literal(0..1), Piece::Escape(1..4), Piece::Literal(4..6)]
        );
    }

    #[test]
    fn finds_the_culprit_of_a_malformed_reference() {
        assert_eq!(
            pieces("x ${a.b"),
            [Piece::Literal(0..2), Piece::Malformed(2..7, Fault::Unclosed)]
        );
        assert_eq!(pieces("${}"), [Piece::Malformed(0..3, Fault::Empty)]);
        assert_eq!(pieces("${a..b}"), [Piece::Malformed(0..7, Fault::Empty)]);
        assert_eq!(
            pieces("${A:-b}c"),
            [Piece::Malformed(3..4, Fault::Character), Piece::Literal(7..8)]
        );
        assert_eq!(
            pieces("${a\n}"),
            [Piece::Malformed(0..3, Fault::Unclosed), Piece::Literal(3..5)]
        );
    }
}
