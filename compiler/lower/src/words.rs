//! Wording that several messages share.

/// User text in backquotes, on one line; words for a text that holds nothing.
pub(crate) fn quoted(text: &str) -> String {
    if text.is_empty() {
        return "an empty text".to_owned();
    }
    let mut quoted = String::from("`");
    for c in text.chars() {
        if c.is_control() {
            quoted.extend(c.escape_debug());
        } else {
            quoted.push(c);
        }
    }
    quoted.push('`');
    quoted
}

/// Names in backquotes, with commas and a final `and`.
pub(crate) fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = names.into_iter().map(quoted).collect();
    match quoted.split_last() {
        None => "nothing".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
    }
}

/// A role or attribute as a part of a variable's name.
pub(crate) fn upper(name: &str) -> String {
    name.to_ascii_uppercase().replace('-', "_")
}
