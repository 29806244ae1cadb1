//! GitLab's Code Quality report: a list of issues. Its members are those that GitLab documents (docs.gitlab.com, "Code
//! Quality report format", 2026-11): description, check_name, fingerprint, severity, location.

use super::fingerprint::Fingerprints;
use super::{Place, Report, fault_lines, json, lines, visible};
use exoc_diagnostics::{Diagnostic, Severity};
use serde_json::{Value, json};

/// Where what has no place is shown: GitLab wants a file and a line of everything.
const FILE: &str = "application.yml";

/// All diagnostics as issues.
#[must_use]
pub fn report(report: &Report<'_>) -> String {
    let mut fingerprints = Fingerprints::default();
    let mut issues: Vec<Value> = report
        .diagnostics
        .iter()
        .map(|diagnostic| issue(report, diagnostic, &fingerprints.next(report, diagnostic)))
        .collect();
    issues.extend(report.fault.map(|fault| {
        json!({
            "description": fault_lines(fault).join("\n"),
            "check_name": "exoc",
            "fingerprint": fingerprints.fault(&fault.to_string()),
            "severity": "blocker",
            "location": nowhere(report),
        })
    }));
    json::print(&Value::Array(issues))
}

fn issue(report: &Report<'_>, diagnostic: &Diagnostic, fingerprint: &str) -> Value {
    let code = diagnostic.code;
    let place = diagnostic.primary.as_ref();
    let location = match place.and_then(|label| report.rooted(label.span)) {
        Some(Place { path, start, end }) => json!({
            "path": visible(&path),
            "lines": { "begin": start.line, "end": end.line },
        }),
        None => nowhere(report),
    };
    json!({
        "description": lines(diagnostic).join("\n"),
        "check_name": format!("{} {}", code.id, code.name),
        "fingerprint": fingerprint,
        "severity": severity(diagnostic.severity),
        "location": location,
    })
}

fn nowhere(report: &Report<'_>) -> Value {
    json!({ "path": visible(&format!("{}{FILE}", report.root)), "lines": { "begin": 1 } })
}

/// GitLab's words: info, minor, major, critical, blocker.
const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "critical",
        Severity::Warning => "minor",
        Severity::Note => "info",
    }
}
