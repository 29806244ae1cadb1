//! The last step of every diagnostic of this crate: user text in messages stays on one line and readable.

use exoc_diagnostics::{Diagnostic, Sink};

/// The most characters of user text between two backquotes.
const LONGEST_QUOTE: usize = 80;

/// Hands all that was reported to `sink`, in words that any renderer can print.
pub(crate) fn hand_over(reported: Sink, sink: &mut Sink) {
    for span in reported.redacted() {
        sink.redact(*span);
    }
    for diagnostic in reported.into_sorted() {
        sink.report(tidy(diagnostic));
    }
}

fn tidy(mut diagnostic: Diagnostic) -> Diagnostic {
    diagnostic.message = readable(&diagnostic.message);
    for label in diagnostic.primary.iter_mut().chain(&mut diagnostic.secondary) {
        label.message = readable(&label.message);
    }
    for line in &mut diagnostic.help {
        *line = readable(line);
    }
    diagnostic
}

/// The text with escapes for whatever would break a line or turn its direction, with long quotes cut, and with words
/// in place of a quote that holds nothing.
fn readable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let last = text.matches('`').count();
    let mut after_nothing = false;
    for (at, part) in text.split('`').enumerate() {
        let quoted = at % 2 == 1;
        let nothing = quoted && part.is_empty() && at < last;
        if nothing {
            out.push_str("an empty text");
        } else if at > 0 && !after_nothing {
            out.push('`');
        }
        after_nothing = nothing;
        for (count, c) in part.chars().enumerate() {
            if quoted && count == LONGEST_QUOTE {
                out.push('…');
                break;
            }
            if c.is_control() || is_direction(c) {
                out.extend(c.escape_default());
            } else {
                out.push(c);
            }
        }
    }
    out
}

/// Characters that make a terminal show others in another order (Unicode's bidirectional controls).
const fn is_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2028}' | '\u{2029}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::readable;

    #[test]
    fn user_text_stays_on_one_line() {
        assert_eq!(readable("`a\nb` is no image"), "`a\\nb` is no image");
        assert_eq!(readable("`\u{202e}x`"), "`\\u{202e}x`");
        assert_eq!(readable("größe `é🦀`"), "größe `é🦀`");
    }

    #[test]
    fn nothing_is_not_shown_as_two_quotes() {
        assert_eq!(readable("`` is no `x`"), "an empty text is no `x`");
        assert_eq!(readable("write `x`, not ``"), "write `x`, not an empty text");
        assert_eq!(readable("a ` b"), "a ` b");
    }

    #[test]
    fn only_long_quotes_are_cut() {
        let long = "x".repeat(100);
        assert_eq!(
            readable(&format!("`{long}` is long")),
            format!("`{}…` is long", "x".repeat(80))
        );
        assert_eq!(readable(&long), long);
    }
}
