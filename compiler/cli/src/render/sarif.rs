//! SARIF 2.1.0 (OASIS Standard of 2020-03-27, errata 01), for services that show findings beside the code.
//!
//! Columns are characters, as SARIF's `unicodeCodePoints`. Paths are relative to `%SRCROOT%`, the root of the
//! repository, whose place the reader knows: so the document is the same on every machine.

use super::fingerprint::Fingerprints;
use super::{Place, Report, fault_lines, json, lines, visible};
use crate::error::Exit;
use crate::error::exit_of;
use exoc_diagnostics::{Code, Diagnostic, Label, Severity, Span};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// The version of the fingerprint, in its name as SARIF wants it.
const FINGERPRINT: &str = "codeFileMessage/v1";

/// All diagnostics as one run.
#[must_use]
pub fn report(report: &Report<'_>) -> String {
    let codes: BTreeMap<&str, &Code> = report
        .diagnostics
        .iter()
        .map(|diagnostic| (diagnostic.code.id, diagnostic.code))
        .collect();
    let mut fingerprints = Fingerprints::default();
    let results: Vec<Value> = report
        .diagnostics
        .iter()
        .map(|diagnostic| {
            let index = codes.keys().position(|id| *id == diagnostic.code.id);
            result(report, diagnostic, index, fingerprints.next(report, diagnostic))
        })
        .collect();
    json::print(&json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "exoc",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": codes.values().map(|code| rule(code)).collect::<Vec<_>>(),
            } },
            "invocations": [invocation(report)],
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": { "%SRCROOT%": { "description": { "text": "The root of the repository." } } },
            "results": results,
        }],
    }))
}

/// Whether everything could be looked at, and what ended the command if not.
fn invocation(report: &Report<'_>) -> Value {
    let read = report
        .diagnostics
        .iter()
        .all(|one| exit_of(std::slice::from_ref(*one), report.warnings) != Exit::Surroundings);
    let notifications = report.fault.map(|fault| {
        let text = fault_lines(fault).join("\n");
        json!([{ "level": "error", "message": { "text": text } }])
    });
    let mut members = Map::new();
    members.insert(
        "executionSuccessful".into(),
        json!(read && report.fault.is_none()),
    );
    if let Some(notifications) = notifications {
        members.insert("toolExecutionNotifications".into(), notifications);
    }
    Value::Object(members)
}

/// A code with its page.
fn rule(code: &Code) -> Value {
    let Code {
        id,
        name,
        severity,
        blame: _,
        page,
    } = code;
    let mut paragraphs = page.split("\n\n").map(str::trim);
    let _title = paragraphs.next();
    let summary = paragraphs.next().unwrap_or(name);
    let why = page
        .split("\n## Why\n")
        .nth(1)
        .and_then(|rest| rest.split("\n## ").next());
    json!({
        "id": id,
        "name": name,
        "shortDescription": { "text": summary },
        "fullDescription": { "text": why.map_or(summary, str::trim) },
        "helpUri": format!("{}/blob/main/docs/diagnostics/{id}-{name}.md", env!("CARGO_PKG_REPOSITORY")),
        "help": { "text": page.trim_end(), "markdown": page.trim_end() },
        "defaultConfiguration": { "level": level(*severity) },
    })
}

fn result(report: &Report<'_>, diagnostic: &Diagnostic, index: Option<usize>, fingerprint: String) -> Value {
    let Diagnostic {
        code,
        severity,
        message: _, // in `lines`, with the help
        primary,
        secondary,
        help: _,
    } = diagnostic;
    let mut members = Map::new();
    members.insert("ruleId".into(), json!(code.id));
    if let Some(index) = index {
        members.insert("ruleIndex".into(), json!(index));
    }
    members.insert("level".into(), json!(level(*severity)));
    members.insert("message".into(), json!({ "text": lines(diagnostic).join("\n") }));
    let places = primary.iter().filter_map(|label| location(report, label));
    members.insert("locations".into(), json!(places.collect::<Vec<Value>>()));
    let related = secondary.iter().filter_map(|label| location(report, label));
    let related: Vec<Value> = related.collect();
    if !related.is_empty() {
        members.insert("relatedLocations".into(), json!(related));
    }
    members.insert("partialFingerprints".into(), json!({ FINGERPRINT: fingerprint }));
    Value::Object(members)
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// A place, with what is to say about it.
fn location(report: &Report<'_>, label: &Label) -> Option<Value> {
    let Label { span, message } = label;
    let mut members = Map::new();
    members.insert("physicalLocation".into(), physical(report, *span)?);
    if !message.is_empty() {
        members.insert("message".into(), json!({ "text": visible(message) }));
    }
    Some(Value::Object(members))
}

fn physical(report: &Report<'_>, span: Span) -> Option<Value> {
    let Place { path, start, end } = report.rooted(span)?;
    Some(json!({
        "artifactLocation": { "uri": uri(&path), "uriBaseId": "%SRCROOT%" },
        "region": {
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": end.column,
        },
    }))
}

/// A path as a relative reference of RFC 3986: what is no unreserved character is written as its bytes.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn paths_are_relative_references() {
        assert_eq!(uri("web/service.yml"), "web/service.yml");
        assert_eq!(uri("a b/c:d/é%.yml"), "a%20b/c%3Ad/%C3%A9%25.yml");
    }
}
