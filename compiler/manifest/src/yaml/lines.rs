//! Faults of single lines and their neighbours: what indentation, quotes and missing marks look like to people.

use super::open;
use super::syntax::{Words, first_word, say};
use std::ops::Range;

/// A value in quotes on this line, and what stands behind it without a space.
pub(super) fn behind_quote(text: &str, line: Range<usize>) -> Option<(Range<usize>, Range<usize>)> {
    let words = text.get(line.clone())?;
    let at = words.find(": ")? + 2;
    let value = words.get(at..)?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let start = line.end - value.len();
    let close = value.get(1..)?.find(quote)? + 2;
    let rest = value.get(close..)?;
    let length = rest.find([' ', '\t']).unwrap_or(rest.len());
    (length > 0).then(|| (start..start + close, start + close..start + close + length))
}

/// A key or an item that is further in or out than what it belongs to, or the one among the others.
pub(super) fn indentation(text: &str, before: &str, indent: usize) -> Words {
    let count = |indent: usize| {
        if indent == 1 {
            "1 space".to_owned()
        } else {
            format!("{indent} spaces")
        }
    };
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let is_item = text
        .get(start + indent..)
        .is_some_and(|rest| rest.starts_with("- "));
    let mut above = before.get(..start).unwrap_or_default();
    let neighbour = loop {
        above = above.trim_end();
        if above.is_empty() {
            break None;
        }
        let line = open::line_at(text, above.len());
        let words = text.get(line.clone()).unwrap_or_default();
        let outer = words.len() - words.trim_start_matches(' ').len();
        // Deeper lines and comments belong to something between.
        if outer <= indent.max(1) + 8 && !words.trim_start().starts_with('#') {
            break Some((line.start + outer, outer, words.trim_start().starts_with("- ")));
        }
        above = text.get(..line.start).unwrap_or_default();
    };
    let Some((at, outer, listed)) = neighbour else {
        return say(
            "the indentation of this line fits nothing above it",
            "",
            "indent the keys of one mapping and the items of one list alike",
        );
    };
    let place = first_word(text, at..open::line_at(text, at).end);
    if outer == indent && is_item != listed {
        let (what, help) = if listed {
            (
                "a key stands among the items of a list",
                "begin the line with `- ` if it is an item, or indent it as the key that it stands beside",
            )
        } else {
            (
                "an item of a list stands among keys",
                "write a key as the others, or indent the items below their own key",
            )
        };
        return Words {
            also: vec![(place, if listed { "an item" } else { "a key" }.to_owned())],
            ..say(what, if listed { "a key" } else { "an item" }, help)
        };
    }
    Words {
        also: vec![(place, format!("after {}", count(outer)))],
        ..say(
            "the indentation of this line fits nothing above it",
            format!("after {}", count(indent)),
            "indent the keys of one mapping and the items of one list alike",
        )
    }
}

/// The line above, if it is a single word without a `:` and further out than `indent`: the key that was meant.
pub(super) fn word_above(before: &str, indent: usize) -> Option<Range<usize>> {
    let end = before.rfind('\n')?;
    let above = before.get(..end)?.trim_end();
    let start = above.rfind('\n').map_or(0, |at| at + 1);
    let line = above.get(start..)?.split(" #").next()?.trim_end();
    let word = line.trim_start();
    let outer = line.len() - word.len();
    let is_word = !word.is_empty()
        && word
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    (is_word && outer < indent).then(|| start + outer..start + line.len())
}

/// The last line above that says something, if it is as far in as `indent` and would be a key with a space more: it
/// is a text of its own then, and the key below is where the reader stumbles.
pub(super) fn key_without_space(before: &str, indent: usize) -> Option<Range<usize>> {
    let end = before.rfind('\n')?;
    let above = before.get(..end)?.trim_end();
    let start = above.rfind('\n').map_or(0, |at| at + 1);
    let line = above.get(start..)?.split(" #").next()?.trim_end();
    let text = line.trim_start();
    let (key, _) = text.split_once(':')?;
    let is_word = !key.is_empty()
        && key
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    let fits = line.len() - text.len() == indent && is_word && !text.contains(": ") && !text.ends_with(':');
    fits.then(|| start + indent..start + line.len())
}
