//! Changes as Markdown, for a comment on a pull request. Text of the manifest stands in code spans only.

use super::{Files, NOTHING, Told, reason, said};
use crate::render::tree::unified;
use crate::render::{Colour, counted, visible};
use exoc_diff::{Consequence, Entry, Subject};

/// The page.
#[must_use]
pub fn page(told: &Told, files: Files) -> String {
    let count = match told.entries.len() {
        0 => "no changes".to_owned(),
        number => counted(number, "change"),
    };
    let mut page = format!(
        "### `{}`: {count}\n\n{}\n",
        told.application,
        visible(&told.compared())
    );
    if told.entries.is_empty() {
        page.push_str(&format!("\n{NOTHING}\n"));
    }
    for (weight, entries) in told.groups() {
        page.push_str(&format!("\n**{}**\n\n", weight.title()));
        entries.iter().for_each(|entry| page.push_str(&line(told, entry)));
    }
    page.push_str(&outcomes(told));
    if files == Files::Shown {
        let differ = told.outcomes.iter().flat_map(|outcome| &outcome.files);
        for file in differ {
            let diff = unified(&file.path, &file.contents, ("", ""), Colour::Plain);
            let fence = fence(&diff);
            page.push_str(&format!(
                "\n<details><summary><code>{}</code></summary>\n\n{fence}diff\n{diff}{fence}\n\n</details>\n",
                escaped(&file.path)
            ));
        }
    }
    page
}

/// What it means for what targets have made.
fn outcomes(told: &Told) -> String {
    let mut text = String::new();
    for outcome in &told.outcomes {
        let title = format!(
            "{}, {}: {}",
            outcome.environment,
            outcome.target,
            outcome.summary()
        );
        let lines: String = outcome.notable().map(consequence).collect();
        text.push_str(&match lines.is_empty() {
            true => format!("\n{title}\n"),
            false => format!("\n<details><summary>{title}</summary>\n\n{lines}\n</details>\n"),
        });
    }
    text
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
