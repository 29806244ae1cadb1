//! checkov over objects of Kubernetes: nothing fails, and few checks are skipped.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

/// The most distinct checks that all goldens together may skip.
const MOST_SKIPPED: usize = 8;

/// What the file of a variant begins with: what it skips is not counted with the goldens, and nothing of it may fail.
pub(super) const VARIANT: &str = "variant-";

/// What checkov says of everything in a folder: one report for each kind of file that it knows, or for the one asked for.
pub(crate) fn reports(folder: &Path, framework: Option<&str>) -> Result<Vec<Value>, String> {
    let mut command = Command::new("checkov");
    command
        .args(framework.map(|framework| format!("--framework={framework}")))
        .args(["--output", "json", "--compact", "--directory"])
        .arg(folder)
        .current_dir(folder)
        .env("LOG_LEVEL", "CRITICAL");
    // It fails where a check does, and says of which on its output.
    let output = command
        .output()
        .map_err(|error| format!("{command:?}: {error}"))?;
    let report: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("checkov: {error}\n{}", String::from_utf8_lossy(&output.stderr)))?;
    let several = report.as_array().cloned();
    Ok(several.unwrap_or_else(|| vec![report]))
}

/// What a report lists under a key.
pub(crate) fn checks<'r>(report: &'r Value, key: &str) -> &'r [Value] {
    let found = report.get("results").and_then(|results| results.get(key));
    found
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default()
}

/// Judges a folder of files, one a golden or variant. It is without a file of settings, so that none is read.
pub(super) fn judge(folder: &Path) -> Result<(), String> {
    let reports = reports(folder, Some("kubernetes"))?;
    let list = |key: &str| -> Vec<&Value> {
        let of_report = reports.iter().flat_map(|report| checks(report, key));
        of_report.collect()
    };
    let text = |check: &Value, key: &str| {
        let found = check.get(key).and_then(Value::as_str);
        found.unwrap_or_default().to_owned()
    };
    let mut wrong = Vec::new();
    if !list("parsing_errors").is_empty() {
        wrong.push(format!("checkov cannot read {:?}", list("parsing_errors")));
    }
    let failed: BTreeSet<String> = list("failed_checks")
        .iter()
        .map(|check| {
            format!(
                "{} fails at {} of {}: {}",
                text(check, "check_id"),
                text(check, "resource"),
                text(check, "file_path"),
                text(check, "check_name")
            )
        })
        .collect();
    wrong.extend(failed);
    let mut passed: BTreeMap<String, usize> = BTreeMap::new();
    for check in list("passed_checks") {
        *passed.entry(text(check, "file_path")).or_default() += 1;
    }
    for entry in std::fs::read_dir(folder).map_err(|error| error.to_string())? {
        let name = entry.map_err(|error| error.to_string())?.file_name();
        let path = format!("/{}", name.to_string_lossy());
        if !passed.contains_key(&path) {
            wrong.push(format!("checkov passes nothing of {path}"));
        }
    }
    let skipped: BTreeSet<String> = list("skipped_checks")
        .iter()
        .filter(|check| {
            !text(check, "file_path")
                .trim_start_matches('/')
                .starts_with(VARIANT)
        })
        .map(|check| text(check, "check_id"))
        .collect();
    if skipped.len() > MOST_SKIPPED {
        wrong.push(format!("{} checks are skipped: {skipped:?}", skipped.len()));
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.join("\n"))
    }
}
