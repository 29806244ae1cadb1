//! Changes for people at a terminal.

use super::{NOTHING, Told, names, said};
use crate::render::{Colour, visible, wrap};
use exoc_diff::{Entry, Weight};

/// The most columns that names may take before what is said of them.
const NAMES: usize = 14;

/// What changed, under a heading for each weight.
#[must_use]
pub fn report(told: &Told, colour: Colour, width: usize) -> String {
    let mut text = format!(
        "{}\n",
        colour.dim(&wrap(&visible(&told.compared()), width).join("\n"))
    );
    if told.entries.is_empty() {
        text.push_str(&format!("\n{NOTHING}\n"));
        return text;
    }
    let longest = told
        .entries
        .iter()
        .map(|entry| names(&entry.subjects).chars().count());
    let room = longest
        .filter(|length| *length <= NAMES)
        .max()
        .unwrap_or_default();
    for (weight, entries) in told.groups() {
        let title = match weight {
            Weight::Data => colour.red(weight.title()),
            Weight::Exposure => colour.yellow(weight.title()),
            Weight::Loss | Weight::Change | Weight::Addition => colour.green(weight.title()),
            Weight::Note => colour.dim(weight.title()),
        };
        text.push_str(&format!("\n{title}\n"));
        for entry in entries {
            text.push_str(&line(told, entry, room, colour, width));
        }
    }
    text
}

fn line(told: &Told, entry: &Entry, room: usize, colour: Colour, width: usize) -> String {
    let names = names(&entry.subjects);
    let environments = told
        .environments_of(entry)
        .map(|names| format!("({})", names.join(", ")));
    let said = match &environments {
        Some(environments) => format!("{} {environments}", said(entry)),
        None => said(entry),
    };
    let indent = room + 4;
    let long = names.chars().count() > room;
    // Names that have no room have a line of their own.
    let head = match long {
        true => format!("  {names}\n{}", " ".repeat(indent)),
        false => format!("  {names:<room$}  "),
    };
    let lines = wrap(&said, width.saturating_sub(indent).max(20));
    let mut body = lines.join(&format!("\n{}", " ".repeat(indent)));
    if let Some(environments) = environments.filter(|environments| body.ends_with(environments.as_str())) {
        body.truncate(body.len() - environments.len());
        body.push_str(&colour.dim(&environments));
    }
    format!("{head}{body}\n")
}
