//! Changes as Markdown, for a comment on a pull request. Text of the manifest stands in code spans only.

use super::{NOTHING, Told, said};
use crate::render::{counted, visible};
use exoc_diff::{Entry, Subject};

/// The page.
#[must_use]
pub fn page(told: &Told) -> String {
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
    page
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
