//! Changes for people at a terminal.

use super::{Files, NOTHING, Told, names, reason, said};
use crate::render::tree::unified;
use crate::render::{Colour, visible, wrap};
use exoc_diff::{Effect, Entry, Weight};

/// The most columns that names may take before what is said of them.
const NAMES: usize = 14;

/// What changed, under a heading for each weight.
#[must_use]
pub fn report(told: &Told, files: Files, colour: Colour, width: usize) -> String {
    let mut text = format!(
        "{}\n",
        colour.dim(&wrap(&visible(&told.compared()), width).join("\n"))
    );
    if told.entries.is_empty() {
        text.push_str(&format!("\n{NOTHING}\n"));
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
    text.push_str(&outcomes(told, colour, width));
    if files == Files::Shown {
        for file in told.outcomes.iter().flat_map(|outcome| &outcome.files) {
            text.push('\n');
            text.push_str(&unified(&file.path, &file.contents, ("", ""), colour));
        }
    }
    text
}

/// What it means for what targets have made: counts, and what is more than added or changed in place.
fn outcomes(told: &Told, colour: Colour, width: usize) -> String {
    let mut text = String::new();
    for outcome in &told.outcomes {
        let title = format!("{}, {}", outcome.environment, outcome.target);
        text.push_str(&format!("\n{}: {}\n", colour.dim(&title), outcome.summary()));
        for one in outcome.notable() {
            let effect = format!("{:<15}", one.effect.words());
            let effect = match one.effect {
                Effect::Replaced | Effect::Removed => colour.red(&effect),
                Effect::MayBeReplaced => colour.yellow(&effect),
                Effect::Moved | Effect::Revised | Effect::Changed | Effect::Added => colour.dim(&effect),
            };
            let reason = reason(one);
            let more = if reason.is_empty() {
                String::new()
            } else {
                format!(" ({reason})")
            };
            let said = wrap(
                &format!("{}{more}", one.address),
                width.saturating_sub(19).max(20),
            );
            text.push_str(&format!(
                "  {effect}  {}\n",
                said.join(&format!("\n{}", " ".repeat(19)))
            ));
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
