//! Diagnostics as one JSON document, `{ "version": 1, "diagnostics": […] }`.

use super::{Report, acts};
use crate::error::CommandError;
use exoc_diagnostics::{Diagnostic, Label};
use serde_json::{Map, Value, json};
use std::fmt::Write;

/// The version of the document's shape: it grows if a member changes its meaning or goes, not if one is added.
const VERSION: u32 = 1;

/// All diagnostics as a document.
#[must_use]
pub fn report(report: &Report<'_>) -> String {
    let diagnostics: Vec<Value> = report
        .diagnostics
        .iter()
        .map(|diagnostic| one(report, diagnostic))
        .collect();
    print(&json!({ "version": VERSION, "diagnostics": diagnostics }))
}

/// A document of [`report`] with the paths of the files that were written, and of those that were removed.
#[must_use]
pub fn with_files(document: &str, files: &[String], removed: &[String]) -> String {
    let mut members = Map::new();
    members.insert("files".to_owned(), json!(files));
    members.insert("removed".to_owned(), json!(removed));
    with(document, members)
}

/// A document of [`report`] with further members.
#[must_use]
pub fn with(document: &str, further: Map<String, Value>) -> String {
    match serde_json::from_str::<Map<String, Value>>(document) {
        Ok(mut members) => {
            members.extend(further);
            print(&Value::Object(members))
        }
        Err(_) => document.to_owned(),
    }
}

/// A fault without code and place as a document of the same shape.
#[must_use]
pub fn fault(error: &CommandError) -> String {
    let fault = json!({
        "code": null,
        "name": null,
        "severity": "error",
        "message": error.to_string(),
        "file": null,
        "span": null,
        "label": null,
        "secondary": [],
        "help": error.help(),
    });
    print(&json!({ "version": VERSION, "diagnostics": [fault] }))
}

fn one(report: &Report<'_>, diagnostic: &Diagnostic) -> Value {
    let Diagnostic {
        code,
        severity,
        message,
        primary,
        secondary,
        help,
    } = diagnostic;
    let (file, span) = primary
        .as_ref()
        .map_or((Value::Null, Value::Null), |label| place(report, label));
    let secondary = secondary.iter().map(|label| {
        let (file, span) = place(report, label);
        json!({ "file": file, "span": span, "label": label.message })
    });
    json!({
        "code": code.id,
        "name": code.name,
        "severity": severity.word(),
        "message": message,
        "file": file,
        "span": span,
        "label": primary.as_ref().map(|label| &label.message),
        "secondary": secondary.collect::<Vec<_>>(),
        "help": help,
    })
}

/// A label's file and place; `null` twice for a label into a text that nobody knows.
fn place(report: &Report<'_>, label: &Label) -> (Value, Value) {
    let Some(place) = report.place(label.span) else {
        return (Value::Null, Value::Null);
    };
    let span = json!({
        "start": label.span.start,
        "end": label.span.end,
        "line": place.start.line,
        "column": place.start.column,
        "end_line": place.end.line,
        "end_column": place.end.column,
    });
    (json!(place.path), span)
}

/// The document, indented; characters that act on a terminal are escaped, which changes no text's meaning.
pub(crate) fn print(document: &Value) -> String {
    let mut text = String::new();
    for character in format!("{document:#}\n").chars() {
        if acts(character) || character == '\u{7f}' {
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(text, "\\u{unit:04x}");
            }
        } else {
            text.push(character);
        }
    }
    text
}
