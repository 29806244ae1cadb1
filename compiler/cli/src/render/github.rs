//! Workflow commands of GitHub Actions: `::error file=…,line=…::message`, one line for each diagnostic.
//!
//! Escapes are those of `@actions/core` (its command.ts, 2026-11): a message escapes `%` and line breaks, a property
//! also `:` and `,`. So no text of the user's begins a command of its own.

use super::{Place, Report, fault_lines, lines, visible};
use exoc_diagnostics::{Diagnostic, Severity};

/// All diagnostics as annotations.
#[must_use]
pub fn report(report: &Report<'_>) -> String {
    let mut text: String = report
        .diagnostics
        .iter()
        .map(|diagnostic| annotation(report, diagnostic))
        .collect();
    if let Some(fault) = report.fault {
        text.push_str(&command(
            "error",
            &[("title", "exoc".to_owned())],
            &fault_lines(fault),
        ));
    }
    text
}

fn annotation(report: &Report<'_>, diagnostic: &Diagnostic) -> String {
    let kind = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut properties = Vec::new();
    let place = diagnostic.primary.as_ref();
    if let Some(Place { path, start, end }) = place.and_then(|label| report.rooted(label.span)) {
        properties.push(("file", visible(&path)));
        properties.push(("line", start.line.to_string()));
        properties.push(("endLine", end.line.to_string()));
        // GitHub takes columns only where one line is meant.
        if start.line == end.line {
            properties.push(("col", start.column.to_string()));
            properties.push(("endColumn", end.column.to_string()));
        }
    }
    let code = diagnostic.code;
    properties.push(("title", format!("{} {}", code.id, code.name)));
    let also = diagnostic.secondary.iter().filter_map(|label| {
        let place = report.rooted(label.span)?;
        let words = if label.message.is_empty() {
            "see also"
        } else {
            &label.message
        };
        let Place { path, start, end: _ } = place;
        Some(format!(
            "{}:{}:{}: {}",
            visible(&path),
            start.line,
            start.column,
            visible(words)
        ))
    });
    let lines: Vec<String> = lines(diagnostic).into_iter().chain(also).collect();
    command(kind, &properties, &lines)
}

fn command(kind: &str, properties: &[(&str, String)], lines: &[String]) -> String {
    let properties: Vec<String> = properties
        .iter()
        .map(|(name, value)| format!("{name}={}", property(value)))
        .collect();
    format!("::{kind} {}::{}\n", properties.join(","), data(&lines.join("\n")))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
