//! What both output languages share about text: which characters may stand in a file as they are,
//! and how a comment is cut into lines. Knows neither YAML nor HCL.

/// Whether a character may be written as itself: every reader keeps it, every editor shows it, and it
/// changes neither the line nor the direction of the text around it.
pub(crate) fn is_visible(character: char) -> bool {
    match character {
        ' '..='~' => true,
        // Line and paragraph separators, and the characters that reorder what a reviewer sees.
        '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => false,
        '\u{feff}' => false,
        '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'.. => true,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => false,
    }
}

/// Writes spaces.
pub(crate) fn push_spaces(count: usize, out: &mut String) {
    const SPACES: &str = "                                                                ";
    match SPACES.get(..count) {
        Some(spaces) => out.push_str(spaces),
        None => out.extend(std::iter::repeat_n(' ', count)),
    }
}

/// The lines of a `#` comment, without the `#` and without line ends; each is written by [`push_comment`]. A new line
/// starts a new comment line.
pub(crate) fn comment_lines(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n')
        .map(|line| line.strip_suffix('\r').unwrap_or(line))
}

/// One comment of one line, for the end of a line of code: further lines are joined with spaces.
pub(crate) fn trailing_comment(text: &str) -> String {
    let words: Vec<&str> = text
        .split(['\n', '\r'])
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let mut out = String::new();
    push_comment(&words.join(" "), &mut out);
    out
}

/// Writes a line of a comment with its `#`. No text can end the comment: whatever is not visible is spelled out.
pub(crate) fn push_comment(line: &str, out: &mut String) {
    let start = out.len();
    out.push_str("# ");
    if line.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        out.push_str(line);
    } else {
        for character in line.chars() {
            match character {
                '\t' => out.push(' '),
                visible if is_visible(visible) => out.push(visible),
                hidden => out.push_str(&format!("\\u{:04x}", u32::from(hidden))),
            }
        }
    }
    let written = out.get(start..).map_or(0, |line| line.trim_end().len());
    out.truncate(start + written);
}
