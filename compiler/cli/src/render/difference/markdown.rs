//! Changes as Markdown, for a comment on a pull request. Text of the manifest stands in code spans only.

use super::{Files, NOTHING, Outcome, Told, reason, said};
use crate::render::tree::unified;
use crate::render::{Colour, counted, visible};
use exoc_diff::{Consequence, Entry, Subject};

/// How many bytes a page has at most. GitHub refuses a comment of more than 65,536 characters (its API's own message),
/// and a workflow puts a line of its own before a page; GitLab and Gitea take more.
const MOST: usize = 60_000;

/// A page that ends where it would become too long. What stands first is the most important.
#[derive(Debug, Default)]
struct Page {
    text: String,
    /// How many lines are left out.
    left_out: usize,
}

impl Page {
    /// Adds a part as a whole or not at all; it has so many lines that somebody would miss.
    fn add(&mut self, part: &str, lines: usize) {
        if self.left_out == 0 && self.text.len() + part.len() <= MOST {
            self.text.push_str(part);
        } else {
            self.left_out += lines;
        }
    }

    /// The text, and what it lacks.
    fn end(mut self) -> String {
        if self.left_out > 0 {
            let what = counted(self.left_out, "more line");
            self.text.push_str(&format!(
                "\n_{what} would make this too long; `exoc diff` shows all._\n"
            ));
        }
        self.text
    }
}

/// The page, of at most 60 KB: what is more is counted, and left out from the end.
#[must_use]
pub fn page(told: &Told, files: Files) -> String {
    let count = match told.entries.len() {
        0 => "no changes".to_owned(),
        number => counted(number, "change"),
    };
    let mut page = Page::default();
    page.add(
        &format!(
            "### `{}`: {count}\n\n{}\n",
            told.application,
            visible(&told.compared())
        ),
        1,
    );
    if told.entries.is_empty() {
        page.add(&format!("\n{NOTHING}\n"), 1);
    }
    for (weight, entries) in told.groups() {
        // A title comes with what stands below it, or not at all.
        let mut title = format!("\n**{}**\n\n", weight.title());
        for entry in entries {
            let line = line(told, entry);
            page.add(&(std::mem::take(&mut title) + &line), 1);
        }
    }
    told.outcomes.iter().for_each(|one| outcome(one, &mut page));
    if files == Files::Shown {
        for file in told.outcomes.iter().flat_map(|outcome| &outcome.files) {
            let diff = unified(&file.path, &file.contents, ("", ""), Colour::Plain);
            let fence = fence(&diff);
            let path = escaped(&file.path);
            let shown = format!(
                "\n<details><summary><code>{path}</code></summary>\n\n{fence}diff\n{diff}{fence}\n\n</details>\n"
            );
            page.add(&shown, diff.lines().count());
        }
    }
    page.end()
}

/// What it means for what a target has made.
fn outcome(outcome: &Outcome, page: &mut Page) {
    let title = format!(
        "{}, {}: {}",
        outcome.environment,
        outcome.target,
        outcome.summary()
    );
    let lines: Vec<String> = outcome.notable().map(consequence).collect();
    let shown = match lines.as_slice() {
        [] => format!("\n{title}\n"),
        [..] => format!(
            "\n<details><summary>{title}</summary>\n\n{}\n</details>\n",
            lines.concat()
        ),
    };
    page.add(&shown, 1 + lines.len());
}

fn consequence(one: &Consequence) -> String {
    let code = |text: &str| format!("`{}`", visible(text).replace('`', "'"));
    let reason = reason(one);
    let more = if reason.is_empty() {
        String::new()
    } else {
        format!(": {}", code(&reason))
    };
    format!("- {} {}{more}\n", one.effect.words(), code(&one.address))
}

/// More backquotes than a text has in a row.
fn fence(text: &str) -> String {
    let mut longest = 0;
    let mut run = 0;
    for character in text.chars() {
        run = if character == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    "`".repeat(longest.max(2) + 1)
}

fn escaped(text: &str) -> String {
    let text = visible(text).replace('&', "&amp;");
    text.replace('<', "&lt;").replace('>', "&gt;")
}

fn line(told: &Told, entry: &Entry) -> String {
    let name = |subject: &Subject| format!("`{}`", visible(&subject.name));
    let names: Vec<String> = entry.subjects.iter().map(name).collect();
    let environments = told.environments_of(entry);
    let environments = environments.map(|names| format!(" _({})_", names.join(", ")));
    format!(
        "- {} {}{}\n",
        names.join(", "),
        said(entry),
        environments.unwrap_or_default()
    )
}

#[cfg(test)]
mod tests {
    use super::{MOST, Page};

    #[test]
    fn a_page_ends_before_it_is_too_long_and_says_what_it_lacks() {
        let line = "x".repeat(999) + "\n";
        let mut page = Page::default();
        (0..70).for_each(|_| page.add(&line, 1));
        // What comes later is not let in though it would fit.
        page.add("short\n", 1);
        let text = page.end();
        assert!(
            text.ends_with("\n_11 more lines would make this too long; `exoc diff` shows all._\n"),
            "{}",
            &text[MOST..]
        );
        assert_eq!(text.matches(&line).count(), 60);
    }
}
