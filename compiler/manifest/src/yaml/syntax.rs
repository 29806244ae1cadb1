//! Words for faults of YAML's syntax: the parser names a kind and an offset, this file says what is wrong there.

use super::MAX_DEPTH;
use exoc_diagnostics::{Diagnostic, SourceId, Span, codes};
use granit_parser::ErrorKind;

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
    let Words { message, label, help } = words(kind, text, offset);
    Diagnostic::new(codes::YAML_SYNTAX, message)
        .at(span, label)
        .help(help)
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
fn tab_at(text: &str, offset: usize, sure: bool) -> Option<std::ops::Range<usize>> {
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

struct Words {
    message: String,
    label: &'static str,
    help: String,
}

fn say(message: impl Into<String>, label: &'static str, help: impl Into<String>) -> Words {
    Words {
        message: message.into(),
        label,
        help: help.into(),
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the parser's enum is open and grows with each of its versions"
)]
fn words(kind: &ErrorKind, text: &str, offset: usize) -> Words {
    use ErrorKind as K;
    match kind {
        K::UnclosedFlowCollection { open } => unclosed(*open),
        K::UnexpectedEofFlowSequence => unclosed('['),
        K::UnexpectedEofFlowMapping | K::UnexpectedEofImplicitFlowMapping => unclosed('{'),
        K::MismatchedFlowCollectionEnd { open, close } => say(
            format!("`{open}` is closed by `{close}`"),
            "does not match",
            format!("write `{}` here", closing(*open)),
        ),
        K::MisplacedFlowCollectionEnd => say(
            "a closing bracket that nothing opened",
            "",
            "remove it, or quote the text that it belongs to",
        ),
        K::ExpectedFlowSequenceSeparator => say(
            "a list in brackets goes on without a comma",
            "expected `,` or `]`",
            "write `,` between two items, and `]` behind the last",
        ),
        K::ExpectedFlowMappingSeparator | K::FlowMappingValueAdjacentCollection => say(
            "a mapping in braces goes on without a comma",
            "expected `,` or `}`",
            "write `,` between two members, and `}` behind the last",
        ),
        K::UnclosedQuotedScalar | K::DocumentIndicatorInQuotedScalar => say(
            "a quoted text that is never closed",
            "opens here",
            "write the same quote at the end of the text",
        ),
        K::InvalidTrailingSingleQuotedScalar => trailing('\''),
        K::InvalidTrailingDoubleQuotedScalar => trailing('"'),
        K::UnknownQuotedScalarEscape
        | K::InvalidQuotedScalarHexEscape
        | K::InvalidLowSurrogateHexEscape
        | K::InvalidLowSurrogate
        | K::MissingLowSurrogate
        | K::UnpairedLowSurrogate
        | K::InvalidUnicodeEscape => say(
            "an escape that YAML does not know",
            "no such escape",
            "write `\\\\` for a backslash, or use single quotes, where a backslash is itself",
        ),
        K::UnexpectedCharacter { character } => reserved(*character),
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
        | K::UnexpectedEofBlockSequence => structure(kind, text, offset),
        K::BlockEntryInFlowCollection | K::PlainScalarStartsWithDashFlowIndicator => say(
            "a `-` inside brackets",
            "",
            "inside `[ ]` items stand between commas; quote a text that begins with `-`",
        ),
        K::InvalidBlockScalarHeader | K::ZeroBlockScalarIndent => say(
            "words behind `|` or `>`",
            "",
            "the text of a block begins on the next line, indented",
        ),
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
        other => say(
            format!("this is not YAML: {other}"),
            "",
            "correct the text here; docs: yaml.org/spec/1.2.2",
        ),
    }
}

const fn closing(open: char) -> char {
    if open == '[' { ']' } else { '}' }
}

fn unclosed(open: char) -> Words {
    let (what, close) = if open == '[' {
        ("list", ']')
    } else {
        ("mapping", '}')
    };
    say(
        format!("a {what} that is never closed"),
        "opens here",
        format!("write `{close}` at its end, or quote a text that begins with `{open}`"),
    )
}

fn trailing(quote: char) -> Words {
    let inner = if quote == '"' { "`\\\"`" } else { "`''`" };
    say(
        "words behind the closing quote",
        "the text ended before this",
        format!("quote the whole value; a quote inside the text is written {inner}"),
    )
}

fn reserved(character: char) -> Words {
    match character {
        '@' | '`' => say(
            format!("a text begins with `{character}`, which YAML reserves"),
            "",
            "quote the text",
        ),
        '%' => say("a line begins with `%`", "", "quote the text"),
        other => say(
            format!("`{}` cannot stand here", other.escape_default()),
            "",
            "quote the text, or remove the character",
        ),
    }
}

/// Faults of the structure of lines.
fn structure(kind: &ErrorKind, text: &str, offset: usize) -> Words {
    let line_start = text
        .get(..offset)
        .and_then(|before| before.rfind('\n'))
        .map_or(0, |at| at + 1);
    let line = text
        .get(line_start..)
        .unwrap_or_default()
        .lines()
        .next()
        .unwrap_or_default();
    let colons = line.matches(": ").count() + usize::from(line.trim_end().ends_with(':'));
    let before_comment = line.split(" #").next().unwrap_or_default();
    if matches!(kind, ErrorKind::MappingValueNotAllowed) && colons > 1 {
        return say(
            "a second `:` on one line",
            "this `:` would begin another mapping",
            "quote a value that has `: ` in it, or write the inner mapping on lines of its own",
        );
    }
    if !before_comment.contains(':') && !before_comment.trim_start().starts_with('-') {
        return say(
            "a line that is neither a key nor part of a text",
            "expected `key: value`",
            "write a `:` and a space behind the key, or indent the line if it goes on with the text above",
        );
    }
    say(
        "the indentation of this line fits nothing above it",
        "",
        "indent the keys of one mapping and the items of one list alike",
    )
}
