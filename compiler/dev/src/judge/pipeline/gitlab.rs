//! Runs the jobs of a file for GitLab in their order, each in a checkout of its own, with the artifacts of the jobs that it
//! needs. A person starts whatever is started by hand.

use super::expression::Names;
use super::workflow::text_of;
use super::{End, Event, Ground, Outcome, Registry, copy, copy_all};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use yaml_rust2::{Yaml, YamlLoader};

/// Runs a pipeline, and gives the outcome of every job by its name.
pub(super) fn run(
    ground: &Ground<'_>,
    text: &str,
    variables: &Names,
    event: Event,
) -> Result<BTreeMap<String, Outcome>, String> {
    let documents = YamlLoader::load_from_str(text).map_err(|error| error.to_string())?;
    let jobs = documents.first().and_then(Yaml::as_hash);
    let mut outcomes: BTreeMap<String, Outcome> = BTreeMap::new();
    for (name, job) in jobs.ok_or("there are no jobs")? {
        let name = text_of(name)?;
        let wanted = is_there(job, variables, event)? && is_ready(job, &outcomes)?;
        let outcome = if wanted {
            run_job(ground, &name, job, variables).map_err(|words| format!("{name}: {words}"))?
        } else {
            Outcome::new(End::Skipped)
        };
        outcomes.insert(name, outcome);
    }
    Ok(outcomes)
}

/// Whether one of its rules puts a job into the pipeline.
fn is_there(job: &Yaml, variables: &Names, event: Event) -> Result<bool, String> {
    for rule in job["rules"].as_vec().ok_or("a job has no rules")? {
        let changed = rule["changes"].is_badvalue() || event == Event::Push(Registry::Changed);
        if changed && holds(&text_of(&rule["if"])?, variables)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A condition of variables and texts; one that is not set is empty.
fn holds(condition: &str, variables: &Names) -> Result<bool, String> {
    let value = |word: &str| -> Result<String, String> {
        if let Some(name) = word.strip_prefix('$') {
            return Ok(variables.get(name).cloned().unwrap_or_default());
        }
        let literal = word.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        literal
            .map(str::to_owned)
            .ok_or_else(|| format!("`{word}` is neither a variable nor a text"))
    };
    for part in condition.split("&&").map(str::trim) {
        let part_holds = match part.split_once("==") {
            Some((left, right)) => value(left.trim())? == value(right.trim())?,
            None => !value(part)?.is_empty(),
        };
        if !part_holds {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What a job needs: names, and whether it can do without.
fn needs(job: &Yaml) -> Result<Vec<(String, bool)>, String> {
    let needs = job["needs"].as_vec().into_iter().flatten();
    needs
        .map(|need| match need.as_str() {
            Some(name) => Ok((name.to_owned(), false)),
            None => Ok((
                text_of(&need["job"])?,
                need["optional"].as_bool().unwrap_or_default(),
            )),
        })
        .collect()
}

fn is_ready(job: &Yaml, outcomes: &BTreeMap<String, Outcome>) -> Result<bool, String> {
    let mut ready = true;
    for (need, optional) in needs(job)? {
        let outcome = outcomes.get(&need);
        let end = outcome
            .ok_or_else(|| format!("`{need}` comes later or never"))?
            .end;
        ready &= end == End::Success || (optional && end == End::Skipped);
    }
    Ok(ready)
}

fn run_job(ground: &Ground<'_>, name: &str, job: &Yaml, variables: &Names) -> Result<Outcome, String> {
    let checkout = ground.checkout()?;
    let own = |key: &str| job["variables"][key].as_str();
    if own("GIT_STRATEGY") != Some("none") {
        ground.check_out(&checkout)?;
    }
    for (need, _) in needs(job)? {
        let kept = ground.artifact(&need);
        if kept.exists() {
            copy_all(&kept, &checkout)?;
        }
    }
    let lines = job["script"].as_vec().ok_or("there is no script")?;
    let lines = lines.iter().map(text_of).collect::<Result<Vec<_>, _>>()?;
    let mut command = Command::new("bash");
    command
        .args(["--noprofile", "--norc", "-c", &lines.join("\n")])
        .current_dir(&checkout)
        .envs(variables)
        .env("TMPDIR", ground.scratch)
        .env("PATH", ground.stand_ins.path());
    let mut outcome = Outcome::new(End::Success);
    for (key, value) in job["variables"].as_hash().into_iter().flatten() {
        let (key, value) = (text_of(key)?, expanded(&text_of(value)?, variables));
        if key == "AWS_ROLE_ARN" {
            if job["id_tokens"]["AWS_ID_TOKEN"]["aud"].is_badvalue() {
                return Err("it has no token for its role".to_owned());
            }
            command.env("AWS_ID_TOKEN", "signed");
            outcome.role = Some(value.clone());
        }
        command.env(key, value);
    }
    let output = command.output().map_err(|error| error.to_string())?;
    outcome.log += &String::from_utf8_lossy(&output.stdout);
    outcome.log += &String::from_utf8_lossy(&output.stderr);
    outcome.steps = lines.len();
    if output.status.success() {
        keep(job, &checkout, &ground.artifact(name))?;
    } else {
        outcome.end = End::Failure;
    }
    Ok(outcome)
}

/// Keeps what a job hands on.
fn keep(job: &Yaml, checkout: &Path, kept: &Path) -> Result<(), String> {
    let _ = std::fs::remove_dir_all(kept);
    let report = &job["artifacts"]["reports"]["terraform"];
    if let Some(report) = report.as_str() {
        let text = std::fs::read_to_string(checkout.join(report)).map_err(|error| error.to_string())?;
        let report: serde_json::Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        if ["create", "update", "delete"]
            .iter()
            .any(|count| !report[count].is_u64())
        {
            return Err(format!("the report is no list of counts:\n{text}"));
        }
    }
    let paths = job["artifacts"]["paths"].as_vec().into_iter().flatten();
    paths.map(text_of).try_for_each(|path| {
        let path = path?;
        copy(&checkout.join(&path), &kept.join(&path))
    })
}

/// A text with the values of its variables, the longest names first.
fn expanded(text: &str, variables: &Names) -> String {
    let mut names: Vec<&String> = variables.keys().collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    names.into_iter().fold(text.to_owned(), |text, name| {
        let value = variables.get(name).map_or("", String::as_str);
        text.replace(&format!("${name}"), value)
    })
}
