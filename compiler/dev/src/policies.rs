//! `policies`: what checkov and tflint say of every root module for AWS, goldens and variants.
//!
//! checkov sees all of them in one call, without any flag that leaves a check out. What it skips, it skips by comments in
//! the files; the documentation lists them, and `snapshot-tests/tests/skips.rs` counts them.

use crate::error::Error;
use crate::judge::{aws, checkov, output};
use crate::validate::judged;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// The target.
const TARGET: &str = "aws";

/// Files by which either tool would be told to look away.
const SETTINGS: &[&str] = &[
    ".checkov.yaml",
    ".checkov.yml",
    ".checkov.baseline",
    ".tflint.hcl",
    ".tflint.json",
];

/// All rules of both sets but the one that wants `main.tf`: the files are named after what they hold.
const TFLINT: &str = r#"plugin "terraform" {
  enabled = true
  preset  = "all"
}

plugin "aws" {
  enabled = true
}

rule "terraform_standard_module_structure" {
  enabled = false
}
"#;

/// What checkov said of one module.
#[derive(Default)]
struct Counts {
    passed: usize,
    failed: Vec<String>,
    skipped: usize,
}

pub(crate) fn run() -> Result<(), Error> {
    let disk = |error: std::io::Error| Error::disk(Path::new("a scratch folder"), &error);
    let (built, modules) = (
        tempfile::tempdir().map_err(disk)?,
        tempfile::tempdir().map_err(disk)?,
    );
    let mut names = Vec::new();
    for case in judged(built.path())? {
        for made in case.build()?.outputs.iter().filter(|made| made.target == TARGET) {
            let name = format!("{}.{}", case.name, made.environment);
            let folder = modules.path().join(&name);
            std::fs::create_dir_all(&folder).map_err(disk)?;
            let golden = case.goldens.join(&made.environment).join(TARGET);
            aws::copy(&golden, &folder).map_err(Error::Refused)?;
            names.push(name);
        }
    }
    let mut faults = settings(modules.path(), &names);
    faults.extend(policies(modules.path(), &names).map_err(Error::Refused)?);
    faults.extend(tflint(modules.path()).map_err(Error::Refused)?);
    if names.is_empty() {
        faults.push("no module was judged".to_owned());
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Error::Refused(faults.join("\n")))
    }
}

/// Modules that bring settings of the tools.
fn settings(modules: &Path, names: &[String]) -> Vec<String> {
    let brought = names.iter().flat_map(|name| {
        let module = modules.join(name);
        let there = SETTINGS.iter().filter(move |file| module.join(file).exists());
        there.map(move |file| format!("{name} brings {file}"))
    });
    brought.collect()
}

fn policies(modules: &Path, names: &[String]) -> Result<Vec<String>, String> {
    let mut counts: BTreeMap<&str, Counts> = names
        .iter()
        .map(|name| (name.as_str(), Counts::default()))
        .collect();
    let mut faults = Vec::new();
    for report in &checkov::reports(modules, None)? {
        for error in checkov::checks(report, "parsing_errors") {
            faults.push(format!("checkov cannot read {error}"));
        }
        let of = |check: &Value| -> Option<String> {
            let path = check.get("file_path")?.as_str()?;
            Some(path.trim_start_matches('/').split('/').next()?.to_owned())
        };
        for (key, add) in [
            (
                "passed_checks",
                (|counts: &mut Counts, _: String| counts.passed += 1) as fn(&mut Counts, String),
            ),
            ("failed_checks", |counts, check| counts.failed.push(check)),
            ("skipped_checks", |counts, _| counts.skipped += 1),
        ] {
            for check in checkov::checks(report, key) {
                let text = |key: &str| check.get(key).and_then(Value::as_str).unwrap_or_default();
                let words = format!("{} {} {}", text("check_id"), text("resource"), text("file_path"));
                match of(check).and_then(|name| counts.get_mut(name.as_str())) {
                    Some(counts) => add(counts, words),
                    None => faults.push(format!("checkov tells of no module of ours: {words}")),
                }
            }
        }
    }
    for (name, counts) in counts {
        let Counts {
            passed,
            failed,
            skipped,
        } = counts;
        println!(
            "checkov      {name:<40} {passed:>5} passed, {} failed, {skipped} skipped",
            failed.len()
        );
        if passed == 0 {
            faults.push(format!("checkov passed nothing in {name}"));
        }
        faults.extend(failed.iter().map(|check| format!("checkov fails {check}")));
    }
    Ok(faults)
}

fn tflint(modules: &Path) -> Result<Option<String>, String> {
    let mut settings = tempfile::Builder::new();
    let settings = settings
        .suffix(".hcl")
        .tempfile()
        .map_err(|error| error.to_string())?;
    std::fs::write(settings.path(), TFLINT).map_err(|error| error.to_string())?;
    let config = format!("--config={}", settings.path().display());
    let mut command = Command::new("tflint");
    command
        .current_dir(modules)
        .args(["--recursive", "--format=compact", "--no-color", &config]);
    // Both rule sets must be there: without them there is nothing that could complain.
    let (versions, _) = output(
        Command::new("tflint")
            .current_dir(modules)
            .args(["--version", &config]),
    )?;
    let missing = ["ruleset.terraform", "ruleset.aws"]
        .iter()
        .find(|set| !versions.contains(**set));
    if let Some(set) = missing {
        return Ok(Some(format!("tflint has no {set}:\n{versions}")));
    }
    let told = command.output().map_err(|error| format!("tflint: {error}"))?;
    if told.status.success() {
        println!("tflint       all modules: nothing");
        return Ok(None);
    }
    let (out, err) = (
        String::from_utf8_lossy(&told.stdout),
        String::from_utf8_lossy(&told.stderr),
    );
    Ok(Some(format!("tflint says:\n{out}{err}")))
}
