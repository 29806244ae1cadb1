//! Reads the `Debug` text of a syntax tree: its spans, and a form in which neither spans nor the order of keys
//! matter.

/// The source number, start and end of every span in a `Debug` text, which writes `@source:start..end`.
pub(crate) fn spans(debug: &str) -> Vec<(usize, usize, usize)> {
    debug
        .match_indices('@')
        .filter_map(|(at, _)| span(&debug[at..]))
        .map(|(span, _)| span)
        .collect()
}

/// The span that a text begins with, and its length.
fn span(text: &str) -> Option<((usize, usize, usize), usize)> {
    let end = text
        .find(|c: char| !c.is_ascii_digit() && !matches!(c, '@' | ':' | '.'))
        .unwrap_or(text.len());
    let (source, range) = text.get(1..end)?.split_once(':')?;
    let (from, to) = range.split_once("..")?;
    Some(((source.parse().ok()?, from.parse().ok()?, to.parse().ok()?), end))
}

/// The same text without spans, and with the members of every mapping sorted.
pub(crate) fn canonical(debug: &str) -> String {
    let mut characters = debug.chars().peekable();
    let text = value(&mut characters);
    assert_eq!(characters.next(), None, "the text was read to its end");
    text
}

type Characters<'a> = std::iter::Peekable<std::str::Chars<'a>>;

/// One value, up to a `,` or a closing bracket of what holds it.
fn value(characters: &mut Characters<'_>) -> String {
    let mut text = String::new();
    while let Some(&c) = characters.peek() {
        match c {
            ',' | '}' | ')' | ']' => break,
            '{' | '(' | '[' => {
                characters.next();
                let mut parts = members(characters, c);
                if c == '{' || parts.first().is_some_and(|part| part.starts_with("Member")) {
                    parts.sort();
                }
                text.push_str(&format!("{c}{}", parts.join(", ")));
            }
            '"' => {
                text.push(c);
                characters.next();
                quoted(characters, &mut text);
            }
            '@' => {
                while characters
                    .next_if(|c| matches!(c, '@' | ':' | '.' | '0'..='9'))
                    .is_some()
                {}
            }
            _ => {
                text.push(c);
                characters.next();
            }
        }
    }
    text.trim().to_owned()
}

fn members(characters: &mut Characters<'_>, open: char) -> Vec<String> {
    let close = match open {
        '{' => '}',
        '(' => ')',
        _ => ']',
    };
    let mut parts = Vec::new();
    loop {
        match characters.peek() {
            Some(c) if *c == close => {
                characters.next();
                return parts;
            }
            Some(',') => {
                characters.next();
            }
            Some(_) => {
                let part = value(characters);
                if !part.is_empty() {
                    parts.push(part);
                }
            }
            None => panic!("`{open}` is never closed"),
        }
    }
}

fn quoted(characters: &mut Characters<'_>, text: &mut String) {
    while let Some(c) = characters.next() {
        text.push(c);
        match c {
            '\\' => text.extend(characters.next()),
            '"' => return,
            _ => {}
        }
    }
}
