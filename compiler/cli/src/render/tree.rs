//! What differs in the tree: a list, diffs, or data. Knows no disk.

use super::{Colour, visible};
use crate::disk::{Interrupted, State};
use serde_json::{Map, Value, json};
use similar::{ChangeTag, TextDiff};

/// Lines around a change.
const CONTEXT: usize = 3;

/// A place that is not as it is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The place, as seen from where exoc was started.
    pub path: String,
    /// How it differs.
    pub state: State,
    /// What stands there, and what is to stand there, if somebody asked for it.
    pub contents: Option<Contents>,
}

/// The two sides of a difference; empty where there is no file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// On the disk.
    pub old: Vec<u8>,
    /// As exoc writes it.
    pub new: Vec<u8>,
}

/// One line for each place, with its diff behind it where there is one.
#[must_use]
pub fn list(differences: &[Difference], colour: Colour) -> String {
    let one = |difference: &Difference| {
        let Difference {
            path,
            state,
            contents,
        } = difference;
        let word = format!("{:<9}", state.word());
        let word = match state {
            State::Missing | State::Stale | State::Orphaned => colour.yellow(&word),
            State::Edited | State::OrphanedAndEdited | State::Blocked(_) => colour.red(&word),
        };
        let why = match state {
            State::OrphanedAndEdited => " (and no longer made)".to_owned(),
            State::Blocked(why) => format!(" ({why})"),
            State::Missing | State::Stale | State::Edited | State::Orphaned => String::new(),
        };
        let diff = contents
            .as_ref()
            .map(|contents| diff(path, contents, colour))
            .unwrap_or_default();
        format!("{word} {}{}\n{diff}", visible(path), colour.dim(&why))
    };
    differences.iter().map(one).collect()
}

/// A unified diff from what stands on the disk to what exoc writes.
fn diff(path: &str, contents: &Contents, colour: Colour) -> String {
    unified(path, contents, (" (on the disk)", " (as exoc writes it)"), colour)
}

/// A unified diff of a file; `sides` stand behind its name.
pub(super) fn unified(path: &str, contents: &Contents, sides: (&str, &str), colour: Colour) -> String {
    let text = |bytes| std::str::from_utf8(bytes).ok();
    let (Some(old), Some(new)) = (text(&contents.old), text(&contents.new)) else {
        return "  the files differ, and one of them is no text\n".to_owned();
    };
    let diff = TextDiff::from_lines(old, new);
    let mut out = format!("--- {0}{1}\n+++ {0}{2}\n", visible(path), sides.0, sides.1);
    for hunk in diff.unified_diff().context_radius(CONTEXT).iter_hunks() {
        out.push_str(&format!("{}\n", colour.dim(&hunk.header().to_string())));
        for change in hunk.iter_changes() {
            let line = visible(change.value().trim_end_matches(['\n', '\r']));
            // Line ends are the only difference that a line does not show.
            let end = if change.value().ends_with("\r\n") {
                " ␍"
            } else {
                ""
            };
            out.push_str(&match change.tag() {
                ChangeTag::Delete => colour.red(&format!("-{line}{end}")),
                ChangeTag::Insert => colour.green(&format!("+{line}{end}")),
                ChangeTag::Equal => format!(" {line}{end}"),
            });
            out.push('\n');
        }
    }
    out
}

/// A document of [`super::json::report`] with what differs in the tree.
#[must_use]
pub fn json(document: &str, differences: &[Difference], interrupted: Interrupted) -> String {
    let one = |difference: &Difference| {
        let Difference {
            path,
            state,
            contents,
        } = difference;
        let diff = contents
            .as_ref()
            .map(|contents| diff(path, contents, Colour::Plain));
        json!({ "path": path, "state": state.word(), "diff": diff })
    };
    let files: Vec<Value> = differences.iter().map(one).collect();
    match serde_json::from_str::<Map<String, Value>>(document) {
        Ok(mut members) => {
            let tree = json!({ "interrupted": interrupted == Interrupted::Amid, "files": files });
            members.insert("tree".to_owned(), tree);
            format!("{:#}\n", Value::Object(members))
        }
        Err(_) => document.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Colour, Contents, Difference, json, list};
    use crate::disk::{Interrupted, State};

    fn difference(state: State, contents: Option<(&str, &str)>) -> Difference {
        Difference {
            path: "infra/a.tf".into(),
            state,
            contents: contents.map(|(old, new)| Contents {
                old: old.into(),
                new: new.into(),
            }),
        }
    }

    #[test]
    fn says_what_is_lost_and_what_comes() {
        let edited = difference(State::Edited, Some(("a\nb\u{1b}[2J\n", "a\nc\n")));
        assert_eq!(
            list(&[edited], Colour::Plain),
            "edited    infra/a.tf\n--- infra/a.tf (on the disk)\n+++ infra/a.tf (as exoc writes it)\n\
             @@ -1,2 +1,2 @@\n a\n-b␛[2J\n+c\n"
        );
        let ends = difference(State::Stale, Some(("a\r\n", "a\n")));
        assert!(list(&[ends], Colour::Plain).ends_with("-a ␍\n+a\n"));
    }

    #[test]
    fn says_why_where_one_word_does_not() {
        let list = list(
            &[
                difference(State::Blocked("it is a folder"), None),
                difference(State::OrphanedAndEdited, None),
            ],
            Colour::Plain,
        );
        assert_eq!(
            list,
            "blocked   infra/a.tf (it is a folder)\nedited    infra/a.tf (and no longer made)\n"
        );
    }

    #[test]
    fn gives_programs_the_same() {
        let text = json(
            "{\"version\":1}",
            &[difference(State::Missing, Some(("", "a\n")))],
            Interrupted::Amid,
        );
        let document: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(document["version"], 1);
        assert_eq!(document["tree"]["interrupted"], true);
        assert_eq!(document["tree"]["files"][0]["state"], "missing");
        assert!(
            document["tree"]["files"][0]["diff"]
                .as_str()
                .unwrap()
                .ends_with("+a\n")
        );
    }
}
