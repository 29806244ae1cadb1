//! Words for faults of YAML's syntax: the parser names a kind and an offset, this file says what is wrong there.

use super::lines::{behind_quote, indentation, key_without_space, word_above};
use super::{MAX_DEPTH, open};
use exoc_diagnostics::{Diagnostic, SourceId, Span, codes};
use granit_parser::ErrorKind;
use std::borrow::Cow;
use std::ops::Range;

/// Collections are nested too deeply at `span`.
pub(super) fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::new(
        codes::TOO_DEEP,
        format!("more than {MAX_DEPTH} levels of nesting"),
    )
    .at(span, format!("level {}", MAX_DEPTH + 1))
    .help("no manifest needs this depth; check the indentation and the brackets above")
}

/// The diagnostic for a fault at byte `offset` of `text`.
pub(super) fn explain(kind: &ErrorKind, source: SourceId, text: &str, offset: usize) -> Diagnostic {
    let offset = text.floor_char_boundary(offset);
    let after = text.get(offset..).unwrap_or_default();
    let width = after
        .chars()
        .next()
        .filter(|c| *c != '\n' && *c != '\r')
        .map_or(0, char::len_utf8);
    let span = Span::new(source, offset, offset + width);
    if let ErrorKind::RecursionLimitExceeded = kind {
        return too_deep(span);
    }
    if let Some(tab) = tab_at(text, offset, is_tab_fault(kind)) {
        return tab_indentation(Span::new(source, tab.start, tab.end));
    }
    let words = unquoted_reference(text, offset).unwrap_or_else(|| words(kind, text, offset));
    let Words {
        message,
        label,
        help,
        place,
        also,
    } = words;
    let escape = is_escape_fault(kind)
        .then(|| unknown_escape(text, offset))
        .flatten();
    let span = escape
        .or(place)
        .map_or(span, |range| Span::new(source, range.start, range.end));
    let diagnostic = Diagnostic::new(codes::YAML_SYNTAX, message)
        .at(span, label)
        .help(help);
    also.into_iter().fold(diagnostic, |diagnostic, (range, words)| {
        diagnostic.also(Span::new(source, range.start, range.end), words)
    })
}

fn tab_indentation(span: Span) -> Diagnostic {
    Diagnostic::new(codes::TAB_INDENTATION, "a tab indents this line")
        .at(span, "YAML indents with spaces only")
        .help("replace each tab at the beginning of a line by two spaces")
}

const fn is_tab_fault(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::TabNotAllowed
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::TabAtBlockScalarStart
            | ErrorKind::TabInPlainScalar
            | ErrorKind::InvalidBlockEntryWhitespace
            | ErrorKind::InvalidMappingValueWhitespace
    )
}

/// The tabs of the indentation of the line at `offset` or the next line; of other places only if `sure`.
fn tab_at(text: &str, offset: usize, sure: bool) -> Option<Range<usize>> {
    let line = text.get(..offset)?.rfind('\n').map_or(0, |at| at + 1);
    let next = text
        .get(offset..)?
        .find('\n')
        .map_or(text.len(), |at| offset + at + 1);
    let run = |from: usize| {
        let rest = text.get(from..).unwrap_or_default();
        let length = rest.len() - rest.trim_start_matches('\t').len();
        (length > 0).then_some(from..from + length)
    };
    let indentation = |start: usize| {
        let rest = text.get(start..)?;
        let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let tab = rest.get(..blank)?.find('\t')?;
        run(start + tab)
    };
    indentation(line)
        .or_else(|| sure.then(|| run(offset)).flatten())
        .or_else(|| sure.then(|| indentation(next)).flatten())
}

pub(super) struct Words {
    pub(super) message: String,
    pub(super) label: Cow<'static, str>,
    pub(super) help: String,
    /// The culprit, where it is not the character that the parser names.
    pub(super) place: Option<Range<usize>>,
    /// What else to look at.
    pub(super) also: Vec<(Range<usize>, String)>,
}

pub(super) fn say(
    message: impl Into<String>,
    label: impl Into<Cow<'static, str>>,
    help: impl Into<String>,
) -> Words {
    Words {
        message: message.into(),
        label: label.into(),
        help: help.into(),
        place: None,
        also: Vec::new(),
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the parser's enum is open and grows with each of its versions"
)]
fn words(kind: &ErrorKind, text: &str, offset: usize) -> Words {
    use ErrorKind as K;
    match kind {
        K::MappingValueNotAllowed
        | K::InvalidColonPlacement
        | K::SimpleKeyExpected
        | K::InvalidSimpleKey
        | K::ExpectedBlockMappingKey
        | K::InvalidIndentation
        | K::ExpectedNodeContent
        | K::MappingKeyNotAllowed
        | K::ExpectedBlockSequenceEntry
        | K::BlockSequenceEntryNotAllowed
        | K::InvalidQuotedScalarIndent
        | K::InvalidFlowScalarIndent
        | K::UnexpectedEofBlockMapping
        | K::UnexpectedEofBlockSequence
        | K::ExpectedDocumentStart => structure(kind, text, offset),
        K::BlockEntryInFlowCollection | K::PlainScalarStartsWithDashFlowIndicator => say(
            "a `-` inside brackets",
            "",
            "inside `[ ]` items stand between commas; quote a text that begins with `-`",
        ),
        K::InvalidBlockScalarHeader | K::ZeroBlockScalarIndent => Words {
            place: Some(offset..open::line_at(text, offset).end.max(offset)),
            ..say(
                "words behind `|` or `>`",
                "a block's first line ends here",
                "the text of a block begins on the next line, indented",
            )
        },
        K::InvalidBlockScalarIndent => say(
            "a line of a block text is indented less than its first line",
            "",
            "indent every line of the block alike",
        ),
        K::CommentNotSeparated | K::CommentInterceptedScalar => say(
            "a comment stands where none can",
            "",
            "write a space before `#`, and no comment inside a text of several lines",
        ),
        K::MissingAnchorOrAliasName => say(
            "`&` or `*` without a name",
            "",
            "quote a text that begins with `&` or `*`",
        ),
        K::BomInsideDocument => say(
            "a byte-order mark inside the file",
            "",
            "remove it; it may only be the very first character",
        ),
        K::UnexpectedCharacter { character } => reserved(*character, text, offset),
        other => brackets_and_quotes(other, text, offset).unwrap_or_else(|| {
            say(
                format!("this is not YAML: {other}"),
                "",
                "correct the text here; yaml.org/spec/1.2.2 has the rules",
            )
        }),
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the parser's enum is open and grows with each of its versions"
)]
fn brackets_and_quotes(kind: &ErrorKind, text: &str, offset: usize) -> Option<Words> {
    use ErrorKind as K;
    Some(match kind {
        K::UnclosedFlowCollection { .. }
        | K::UnexpectedEofFlowSequence
        | K::UnexpectedEofFlowMapping
        | K::UnexpectedEofImplicitFlowMapping
        | K::UnclosedQuotedScalar
        | K::DocumentIndicatorInQuotedScalar => {
            let open = open::Openers::of(text);
            never_closed(&open, None).or_else(|| {
                let mark = text.get(offset..)?.chars().next()?;
                let only = open::Openers::only(offset, mark);
                never_closed(&only, None)
            })?
        }
        K::MismatchedFlowCollectionEnd { open, close } => {
            let wrong = open::closed_at(text, offset).map(|at| at..at + close.len_utf8());
            Words {
                also: wrong
                    .into_iter()
                    .map(|at| (at, format!("not `{}`", open::closing(*open))))
                    .collect(),
                ..say(
                    format!("`{open}` is closed by `{close}`"),
                    "opens here",
                    format!("write `{}` before the `{close}`", open::closing(*open)),
                )
            }
        }
        K::MisplacedFlowCollectionEnd => say(
            "a closing bracket that nothing opened",
            "",
            "remove it, or quote the text that it belongs to",
        ),
        K::ExpectedFlowSequenceSeparator => ended_above(text, offset).unwrap_or_else(|| {
            say(
                "a list in brackets goes on without a comma",
                "expected `,` or `]`",
                "write `,` between two items, and `]` behind the last",
            )
        }),
        K::ExpectedFlowMappingSeparator | K::FlowMappingValueAdjacentCollection => ended_above(text, offset)
            .unwrap_or_else(|| {
                say(
                    "a mapping in braces goes on without a comma",
                    "expected `,` or `}`",
                    "write `,` between two members, and `}` behind the last",
                )
            }),
        K::InvalidTrailingSingleQuotedScalar => trailing(text, offset, '\''),
        K::InvalidTrailingDoubleQuotedScalar => trailing(text, offset, '"'),
        kind if is_escape_fault(kind) => say(
            "an escape that YAML does not know",
            "no such escape",
            "write `\\\\` for a backslash, or use single quotes, where a backslash is itself",
        ),
        _ => return None,
    })
}

const fn is_escape_fault(kind: &ErrorKind) -> bool {
    use ErrorKind as K;
    matches!(
        kind,
        K::UnknownQuotedScalarEscape
            | K::InvalidQuotedScalarHexEscape
            | K::InvalidLowSurrogateHexEscape
            | K::InvalidLowSurrogate
            | K::MissingLowSurrogate
            | K::UnpairedLowSurrogate
            | K::InvalidUnicodeEscape
    )
}

/// The first escape behind `offset` that no double-quoted text can have, if its fault is its letter.
fn unknown_escape(text: &str, offset: usize) -> Option<Range<usize>> {
    let mut characters = text.get(offset..)?.char_indices();
    while let Some((at, c)) = characters.next() {
        if c == '\\' {
            let (_, escaped) = characters.next()?;
            if !"0abtnvfre \"/\\N_LPxuU\t\r\n".contains(escaped) {
                return Some(offset + at..offset + at + 1 + escaped.len_utf8());
            }
        }
    }
    None
}

/// A `${…}` whose `{` the parser took for a mapping inside brackets.
fn unquoted_reference(text: &str, offset: usize) -> Option<Words> {
    let rest = text.get(offset..)?;
    if !text.get(..offset)?.ends_with('$') || !rest.starts_with('{') {
        return None;
    }
    let length = rest.find(['}', '\n']).map_or(1, |end| end + 1);
    let words = say(
        "a reference inside brackets has no quotes",
        "`{` begins a mapping here",
        "quote the whole value: inside `[ ]` and `{ }` a text with `${…}` needs quotes",
    );
    Some(Words {
        place: Some(offset - 1..offset + length),
        ..words
    })
}

/// Words for what is open at the end of the text, or at `noticed`, where the reader stumbled.
fn never_closed(open: &open::Openers, noticed: Option<Range<usize>>) -> Option<Words> {
    let (at, mark, is, help) = match (open.quote, open.brackets.last()) {
        (Some((at, mark)), _) => (
            at,
            mark,
            "a quoted text",
            format!("write `{mark}` at the end of the text"),
        ),
        (None, Some((at, mark))) => {
            let closers: String = open
                .brackets
                .iter()
                .rev()
                .map(|(_, mark)| open::closing(*mark))
                .collect();
            let is = if *mark == '[' { "a list" } else { "a mapping" };
            let help = format!("write `{closers}` at its end, or quote a text that begins with `{mark}`");
            (*at, *mark, is, help)
        }
        (None, None) => return None,
    };
    Some(Words {
        place: Some(at..at + mark.len_utf8()),
        also: noticed
            .into_iter()
            .map(|place| (place, "it must end before this".to_owned()))
            .collect(),
        ..say(format!("{is} that is never closed"), "opens here", help)
    })
}

/// Words for brackets that were opened on a line above, if the line at `offset` is no further in than that line: no
/// part of a value in brackets can stand there, so what is missing is their end and not a comma.
fn ended_above(text: &str, offset: usize) -> Option<Words> {
    let open = open::Openers::of(text.get(..offset)?);
    let (opener, _) = *open.brackets.last()?;
    let line = open::line_at(text, offset);
    let above = open::line_at(text, opener);
    let indent = |line: &Range<usize>| {
        let words = text.get(line.clone()).unwrap_or_default();
        words.len() - words.trim_start_matches(' ').len()
    };
    if line.start == above.start || indent(&line) > indent(&above) {
        return None;
    }
    never_closed(&open, Some(first_word(text, line)))
}

/// The key or the first word of a line.
pub(super) fn first_word(text: &str, line: Range<usize>) -> Range<usize> {
    let words = text.get(line.clone()).unwrap_or_default();
    let start = line.start + words.len() - words.trim_start().len();
    let length = words.trim().find([':', ' ']).unwrap_or(words.trim().len());
    start..start + length
}

fn trailing(text: &str, offset: usize, quote: char) -> Words {
    let help = if quote == '"' {
        "a `\"` inside a text in double quotes is written `\\\"`; or use single quotes around it"
    } else {
        "a `'` inside a text in single quotes is written `''`; or use double quotes around it"
    };
    let quoted = open::Openers::of(text.get(..offset).unwrap_or_default()).quoted;
    Words {
        also: quoted
            .into_iter()
            .map(|range| (range, "the quoted text".to_owned()))
            .collect(),
        ..say(
            "words behind the closing quote",
            "the text ended before this",
            help,
        )
    }
}

fn reserved(character: char, text: &str, offset: usize) -> Words {
    if text.get(offset..).is_some_and(|rest| rest.starts_with("```")) {
        return Words {
            place: Some(offset..open::line_at(text, offset).end.max(offset)),
            ..say(
                "a fence of Markdown in a YAML file",
                "belongs to Markdown",
                "remove the lines with the fence",
            )
        };
    }
    let what = match character {
        '@' => "`@`",
        '`' => "a backquote",
        '%' => "`%`",
        other => {
            let message = format!("`{}` cannot stand here", other.escape_default());
            return say(message, "", "quote the text, or remove the character");
        }
    };
    let rest = text.get(offset..).unwrap_or_default();
    let length = rest.find(['\n', '\r', ',', '}', ']', '#']).unwrap_or(rest.len());
    let word = rest.get(..length).unwrap_or_default().trim_end();
    let help = if word.contains(['"', '`', '\\']) {
        "quote the whole text".to_owned()
    } else {
        format!("quote the whole text: `\"{word}\"`")
    };
    Words {
        place: Some(offset..offset + word.len()),
        ..say(
            format!("a text begins with {what}, which YAML reserves"),
            "needs quotes",
            help,
        )
    }
}

/// Faults of the structure of lines.
fn structure(kind: &ErrorKind, text: &str, offset: usize) -> Words {
    let before = text.get(..offset).unwrap_or_default();
    let line = open::line_at(text, offset);
    let noticed = (!before.ends_with('\n') || !line.is_empty()).then(|| first_word(text, line));
    if let Some(words) = never_closed(&open::Openers::of(before), noticed) {
        return words;
    }
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = text
        .get(start..)
        .unwrap_or_default()
        .lines()
        .next()
        .unwrap_or_default();
    let left = before.get(start..).unwrap_or_default().trim_end();
    if left.ends_with(['}', ']']) && !line.trim_start().starts_with(['}', ']']) {
        return say(
            "words behind a closing bracket",
            "the value ended before this",
            "quote a text that begins with `{` or `[`",
        );
    }
    let inner_colon = left.trim_start().trim_start_matches("- ").contains(": ");
    if matches!(kind, ErrorKind::MappingValueNotAllowed) && inner_colon {
        return say(
            "a second `:` on one line",
            "this `:` would begin another mapping",
            "quote a value that has `: ` in it, or write the inner mapping on lines of its own",
        );
    }
    let words = line.split(" #").next().unwrap_or_default();
    let indent = words.len() - words.trim_start().len();
    let key = words
        .trim()
        .split(": ")
        .next()
        .unwrap_or_default()
        .trim_end_matches(':');
    let place = (!key.is_empty()).then_some(start + indent..start + indent + key.len());
    let is_key =
        words.contains(": ") || words.trim_end().ends_with(':') || words.trim_start().starts_with("- ");
    if let Some(place) = is_key.then(|| key_without_space(before, indent)).flatten() {
        return Words {
            place: Some(place),
            ..no_space()
        };
    }
    if let Some((quoted, behind)) = behind_quote(text, open::line_at(text, offset)) {
        return Words {
            place: Some(behind),
            also: vec![(quoted, "the quoted text".to_owned())],
            ..say(
                "words behind the closing quote",
                "the text ended before this",
                "quote the whole value",
            )
        };
    }
    if let Some(place) = is_key.then(|| word_above(before, indent)).flatten() {
        return Words {
            place: Some(place),
            ..no_key()
        };
    }
    let words = if is_key {
        indentation(text, before, indent)
    } else if words.contains(':') {
        no_space()
    } else {
        no_key()
    };
    Words { place, ..words }
}

fn no_key() -> Words {
    say(
        "a line that is neither a key nor part of a text",
        "expected `key: value`",
        "write a `:` and a space behind the key, or indent the line if it goes on with the text above",
    )
}

fn no_space() -> Words {
    say(
        "a `:` without a space behind it",
        "not a key yet",
        "write a space behind the `:` of a key",
    )
}
