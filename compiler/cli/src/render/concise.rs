//! One line for each diagnostic: `path:line:column: severity[code]: message`.

use super::{Report, visible};
use crate::error::CommandError;

/// All diagnostics, each on a line.
#[must_use]
pub fn report(report: &Report<'_>) -> String {
    let line = |diagnostic: &&exoc_diagnostics::Diagnostic| {
        let place = diagnostic
            .primary
            .as_ref()
            .and_then(|label| report.place(label.span));
        let place = place.map(|place| {
            format!(
                "{}:{}:{}: ",
                visible(&place.path),
                place.start.line,
                place.start.column
            )
        });
        format!(
            "{}{}[{}]: {}\n",
            place.unwrap_or_default(),
            diagnostic.severity.word(),
            diagnostic.code.id,
            visible(&diagnostic.message)
        )
    };
    report.diagnostics.iter().map(line).collect()
}

/// A fault without a place.
#[must_use]
pub fn fault(error: &CommandError) -> String {
    format!("error: {}\n", visible(&error.to_string()))
}
