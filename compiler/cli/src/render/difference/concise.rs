//! One line for each change: `weight[kind]: subject text (environments)`.

use super::{Told, names, said};

/// All changes, each on a line.
#[must_use]
pub fn lines(told: &Told) -> String {
    let line = |entry: &exoc_diff::Entry| {
        let kind = entry.change.kind;
        let text = said(entry);
        let environments = entry.environments.join(", ");
        let names = names(&entry.subjects);
        format!(
            "{}[{}]: {names}: {text} ({environments})\n",
            kind.weight().word(),
            kind.word()
        )
    };
    told.entries.iter().map(line).collect()
}
