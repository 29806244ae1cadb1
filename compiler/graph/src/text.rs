//! Text of the manifest as it may be shown, and how wide it is.

/// The text without what no reader can see or what changes how the rest is read: control characters, among them those of
/// terminals, and marks that turn the direction of writing. Each becomes `\u{fffd}`.
pub(crate) fn plain(text: &str) -> String {
    text.chars()
        .map(|character| {
            if is_plain(character) {
                character
            } else {
                '\u{fffd}'
            }
        })
        .collect()
}

/// XML 1.0 forbids some of these, whichever way they are written (section 2.2).
const fn is_plain(character: char) -> bool {
    !matches!(
        character,
        '\0'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{fffe}'
            | '\u{ffff}'
    )
}

/// How wide a text is, in pixels, where a letter of the Latin script takes `letter` on average. Letters of East Asia are
/// twice as wide; nothing finer is known without the reader's font.
pub(crate) fn width(text: &str, letter: f64) -> f64 {
    text.chars()
        .map(|character| {
            if character < '\u{1100}' {
                letter
            } else {
                2.0 * letter
            }
        })
        .sum()
}

/// The text, or as much of it as fits with an ellipsis behind it.
pub(crate) fn clipped(text: &str, letter: f64, room: f64) -> String {
    if width(text, letter) <= room {
        return text.to_owned();
    }
    let mut shown = String::new();
    for character in text.chars() {
        shown.push(character);
        if width(&shown, letter) + letter > room {
            shown.pop();
            break;
        }
    }
    shown + "…"
}

#[cfg(test)]
mod tests {
    use super::{clipped, plain};

    #[test]
    fn nothing_moves_a_cursor_or_turns_the_line() {
        assert_eq!(
            plain("a\u{1b}[31mb\u{202e}c\0\r\n"),
            "a\u{fffd}[31mb\u{fffd}c\u{fffd}\u{fffd}\u{fffd}"
        );
        assert_eq!(plain("grüße 価格 🦀"), "grüße 価格 🦀");
    }

    #[test]
    fn a_long_text_ends_with_an_ellipsis() {
        assert_eq!(clipped("orders", 10.0, 60.0), "orders");
        assert_eq!(clipped("orders-api", 10.0, 60.0), "order…");
        assert_eq!(clipped("価格価格", 10.0, 60.0), "価格…");
    }
}
