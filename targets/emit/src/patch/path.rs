//! Paths of patches: segments joined by `.`, in quotes where they hold other characters, and elements of lists by
//! `[0]` or `[name=api]`. Knows no document.

use std::ops::Range;

/// One step into a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Where it leads.
    pub to: To,
    /// Its bytes in the path.
    pub at: Range<usize>,
}

/// Where a step leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum To {
    /// The value under a key.
    Key(String),
    /// The item at a place, counted from 0.
    Index(usize),
    /// The one item that has this text under this key.
    Item {
        /// The key.
        key: String,
        /// The text.
        text: String,
    },
}

/// Why a text is no path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// The bytes that are wrong.
    pub at: Range<usize>,
    /// What is wrong with them.
    pub why: &'static str,
}

/// Reads a path.
///
/// # Errors
///
/// At the first character that no path has there.
pub fn parse(text: &str) -> Result<Vec<Step>, Malformed> {
    let mut reader = Reader { text, at: 0 };
    let mut steps = vec![reader.key()?];
    while let Some(next) = reader.peek() {
        let step = match next {
            '.' => {
                reader.at += 1;
                reader.key()?
            }
            '[' => reader.item()?,
            other => {
                let at = reader.at..reader.at + other.len_utf8();
                let why = "segments are joined by `.`";
                return Err(Malformed { at, why });
            }
        };
        steps.push(step);
    }
    Ok(steps)
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    fn fault(&self, why: &'static str) -> Malformed {
        let width = self.peek().map_or(0, char::len_utf8);
        Malformed {
            at: self.at..self.at + width,
            why,
        }
    }

    fn key(&mut self) -> Result<Step, Malformed> {
        let start = self.at;
        let key = self.word()?;
        Ok(Step {
            to: To::Key(key),
            at: start..self.at,
        })
    }

    /// A segment: letters, digits, `_` and `-`, or anything in quotes.
    fn word(&mut self) -> Result<String, Malformed> {
        if self.peek() == Some('"') {
            return self.quoted();
        }
        let start = self.at;
        while let Some(next) = self.peek() {
            if !(next.is_ascii_alphanumeric() || matches!(next, '_' | '-')) {
                break;
            }
            self.at += next.len_utf8();
        }
        if start == self.at {
            let why = if self.peek().is_none() {
                "a segment is missing here"
            } else {
                "a segment with other characters than letters, digits, `_` and `-` stands in quotes"
            };
            return Err(self.fault(why));
        }
        Ok(self.text.get(start..self.at).unwrap_or_default().to_owned())
    }

    /// What stands between two quotes.
    fn quoted(&mut self) -> Result<String, Malformed> {
        let start = self.at;
        let rest = self.text.get(start + 1..).unwrap_or_default();
        match rest.find('"') {
            Some(length) => {
                self.at = start + length + 2;
                Ok(rest.get(..length).unwrap_or_default().to_owned())
            }
            None => Err(Malformed {
                at: start..self.text.len(),
                why: "the quote is not closed",
            }),
        }
    }

    /// `[0]` or `[name=api]`, from its bracket on.
    fn item(&mut self) -> Result<Step, Malformed> {
        let start = self.at;
        self.at += 1;
        let first = self.word()?;
        let to = if self.peek() == Some('=') {
            self.at += 1;
            To::Item {
                key: first,
                text: self.item_text()?,
            }
        } else {
            let number = first.bytes().all(|byte| byte.is_ascii_digit());
            match first.parse().ok().filter(|_| number) {
                Some(index) => To::Index(index),
                None => {
                    return Err(Malformed {
                        at: start + 1..self.at,
                        why: "an item is named by its place, as `[0]`, or by what it holds, as `[name=api]`",
                    });
                }
            }
        };
        if self.peek() != Some(']') {
            return Err(self.fault("a `]` is missing here"));
        }
        self.at += 1;
        Ok(Step {
            to,
            at: start..self.at,
        })
    }

    /// What stands behind `=`: in quotes, or anything up to the bracket.
    fn item_text(&mut self) -> Result<String, Malformed> {
        if self.peek() == Some('"') {
            return self.quoted();
        }
        let rest = self.text.get(self.at..).unwrap_or_default();
        let text = rest.split(']').next().unwrap_or_default();
        self.at += text.len();
        Ok(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::{Malformed, To, parse};
    use proptest::prelude::*;

    fn steps(text: &str) -> Vec<To> {
        parse(text).unwrap().into_iter().map(|step| step.to).collect()
    }

    fn key(text: &str) -> To {
        To::Key(text.to_owned())
    }

    #[test]
    fn segments_are_joined_by_dots_and_may_be_quoted() {
        assert_eq!(steps("read_only"), [key("read_only")]);
        assert_eq!(
            steps("sysctls.\"net.core.somaxconn\""),
            [key("sysctls"), key("net.core.somaxconn")]
        );
        assert_eq!(steps("x-a.0"), [key("x-a"), key("0")]);
    }

    #[test]
    fn items_are_named_by_their_place_or_by_what_they_hold() {
        let item = |key: &str, text: &str| To::Item {
            key: key.into(),
            text: text.into(),
        };
        assert_eq!(
            steps("a[0][12].b"),
            [key("a"), To::Index(0), To::Index(12), key("b")]
        );
        assert_eq!(steps("v[target=/data]"), [key("v"), item("target", "/data")]);
        assert_eq!(steps("v[\"a b\"=\"x]\"]"), [key("v"), item("a b", "x]")]);
    }

    #[test]
    fn a_step_knows_its_bytes() {
        let places: Vec<_> = parse("ab.\"c\"[1]").unwrap().into_iter().map(|s| s.at).collect();
        assert_eq!(places, [0..2, 3..6, 6..9]);
    }

    #[test]
    fn what_is_no_path_is_told_at_its_character() {
        let wrong = |text: &str| {
            let Malformed { at, why: _ } = parse(text).unwrap_err();
            at
        };
        for (text, at) in [
            ("", 0..0),
            (".a", 0..1),
            ("a.", 2..2),
            ("a..b", 2..3),
            ("a b", 1..2),
            ("a/b", 1..2),
            ("a[", 2..2),
            ("a[]", 2..3),
            ("a[0", 3..3),
            ("a[b]", 2..3),
            ("a[-1]", 2..4),
            ("a[99999999999999999999]", 2..22),
            ("a[b=c", 5..5),
            ("a.\"b", 2..4),
            ("é", 0..2),
            ("[0]", 0..1),
        ] {
            assert_eq!(wrong(text), at, "{text}");
        }
    }

    /// A segment as it is written in a path.
    fn written(step: &To) -> String {
        match step {
            To::Key(key) => format!(".\"{key}\""),
            To::Index(index) => format!("[{index}]"),
            To::Item { key, text } => format!("[\"{key}\"=\"{text}\"]"),
        }
    }

    fn step() -> impl Strategy<Value = To> {
        prop_oneof![
            "[^\"]{0,8}".prop_map(To::Key),
            any::<usize>().prop_map(To::Index),
            ("[^\"]{0,4}", "[^\"]{0,4}").prop_map(|(key, text)| To::Item { key, text }),
        ]
    }

    proptest! {
        #[test]
        fn a_path_comes_back_as_it_was_written(first in "[a-z_]{1,8}", rest in prop::collection::vec(step(), 0..5)) {
            let text: String = rest.iter().map(written).collect();
            let mut wanted = vec![To::Key(first.clone())];
            wanted.extend(rest);
            prop_assert_eq!(steps(&format!("{first}{text}")), wanted);
        }

        #[test]
        fn whatever_is_no_path_is_told_inside_of_it(text in "[a-z.\\[\\]=\"é 0-9]{0,12}") {
            let places = match parse(&text) {
                Ok(steps) => steps.into_iter().map(|step| step.at).collect(),
                Err(Malformed { at, why: _ }) => vec![at],
            };
            for at in places {
                prop_assert!(text.get(at).is_some());
            }
        }
    }
}
