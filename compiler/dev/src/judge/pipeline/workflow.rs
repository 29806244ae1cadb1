//! Runs the jobs of a workflow in their order, each in a checkout of its own: `run` steps by the shell that the workflow
//! names, artifacts through a folder. Other actions do nothing here; which role a job takes is noted.

use super::expression::{Names, expand, holds};
use super::stand_ins::StandIns;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use yaml_rust2::{Yaml, YamlLoader};

/// How a job ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Success,
    Failure,
    Skipped,
}

impl End {
    const fn word(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Skipped => "skipped",
        }
    }
}

/// What came of a job.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) end: End,
    /// What its steps printed, and the step that failed.
    pub(super) log: String,
    /// The commands that were really run.
    pub(super) steps: usize,
    /// The role that it took.
    pub(super) role: Option<String>,
}

/// What a workflow runs in.
pub(super) struct Ground<'a> {
    /// The repository, which every job checks out.
    pub(super) repository: &'a Path,
    /// The module, below the repository; its state is kept in `state`.
    pub(super) module: &'a str,
    pub(super) state: &'a Path,
    /// Where checkouts and artifacts are.
    pub(super) scratch: &'a Path,
    pub(super) stand_ins: &'a StandIns,
}

/// Runs a workflow for an event, and gives the outcome of every job by its name.
pub(super) fn run(
    ground: &Ground<'_>,
    text: &str,
    event: &Names,
) -> Result<BTreeMap<String, Outcome>, String> {
    let documents = YamlLoader::load_from_str(text).map_err(|error| error.to_string())?;
    let document = documents.first().ok_or("the workflow is empty")?;
    let shell = text_of(&document["defaults"]["run"]["shell"])?;
    let jobs = document["jobs"].as_hash().ok_or("the workflow has no jobs")?;
    let mut outcomes: BTreeMap<String, Outcome> = BTreeMap::new();
    let mut names = event.clone();
    for (name, job) in jobs {
        let name = text_of(name)?;
        let wanted = is_wanted(job, &names, &outcomes).map_err(|words| format!("{name}: {words}"))?;
        let outcome = if wanted {
            let checkout = ground.scratch.join("checkout");
            let _ = fs::remove_dir_all(&checkout);
            let mut running = Job {
                ground,
                shell: &shell,
                checkout,
                names: names.clone(),
                outcome: Outcome {
                    end: End::Success,
                    log: String::new(),
                    steps: 0,
                    role: None,
                },
            };
            running.run(job).map_err(|words| format!("{name}: {words}"))?;
            for (key, value) in job["outputs"].as_hash().into_iter().flatten() {
                let path = format!("needs.{name}.outputs.{}", text_of(key)?);
                names.insert(path, expand(&text_of(value)?, &running.names)?);
            }
            running.outcome
        } else {
            Outcome {
                end: End::Skipped,
                log: String::new(),
                steps: 0,
                role: None,
            }
        };
        names.insert(format!("needs.{name}.result"), outcome.end.word().to_owned());
        outcomes.insert(name, outcome);
    }
    Ok(outcomes)
}

/// Without a word about states in its condition, a job wants all that it needs to have succeeded.
fn is_wanted(job: &Yaml, names: &Names, outcomes: &BTreeMap<String, Outcome>) -> Result<bool, String> {
    let several = job["needs"].as_vec().into_iter().flatten();
    let needs: Vec<&str> = several.chain([&job["needs"]]).filter_map(Yaml::as_str).collect();
    let mut succeeded = true;
    for need in &needs {
        let outcome = outcomes
            .get(*need)
            .ok_or_else(|| format!("`{need}` comes later or never"))?;
        succeeded &= outcome.end == End::Success;
    }
    match job["if"].as_str() {
        None => Ok(succeeded),
        Some(condition) => Ok((succeeded || condition.contains("cancelled()")) && holds(condition, names)?),
    }
}

/// A job that runs.
struct Job<'a> {
    ground: &'a Ground<'a>,
    shell: &'a str,
    checkout: PathBuf,
    names: Names,
    outcome: Outcome,
}

impl Job<'_> {
    fn run(&mut self, job: &Yaml) -> Result<(), String> {
        fs::create_dir_all(&self.checkout).map_err(|error| error.to_string())?;
        for step in job["steps"].as_vec().ok_or("there are no steps")? {
            if self.outcome.end == End::Failure {
                return Ok(());
            }
            match step["run"].as_str() {
                Some(script) => self.command(job, step, script)?,
                None => self.action(step)?,
            }
        }
        Ok(())
    }

    fn action(&mut self, step: &Yaml) -> Result<(), String> {
        let uses = text_of(&step["uses"])?;
        let (name, commit) = uses.split_once('@').unwrap_or((&uses, ""));
        if commit.len() != 40 || !commit.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(format!("`{uses}` is not pinned to a commit"));
        }
        let with = |key: &str| text_of(&step["with"][key]);
        match name {
            "actions/checkout" => self.check_out(),
            "actions/upload-artifact" => {
                let files = with("path")?;
                let kept = self.artifact(&with("name")?);
                let _ = fs::remove_dir_all(&kept);
                files.lines().try_for_each(|file| {
                    let from = self.checkout.join(file);
                    let name = from.file_name().ok_or("a file without a name")?;
                    copy(&from, &kept.join(name))
                })
            }
            "actions/download-artifact" => {
                let to = self.checkout.join(with("path")?);
                let kept = self.artifact(&with("name")?);
                copy_all(&kept, &to)
            }
            "aws-actions/configure-aws-credentials" => {
                self.outcome.role = Some(expand(&with("role-to-assume")?, &self.names)?);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn artifact(&self, name: &str) -> PathBuf {
        self.ground.scratch.join("artifacts").join(name)
    }

    /// A copy of the repository, with the state beside it in place of the bucket.
    fn check_out(&self) -> Result<(), String> {
        copy_all(self.ground.repository, &self.checkout)?;
        let backend = format!(
            "terraform {{\n  backend \"local\" {{\n    path = \"{}\"\n  }}\n}}\n",
            self.ground.state.display()
        );
        let file = self.checkout.join(self.ground.module).join("backend_override.tf");
        fs::write(&file, backend).map_err(|error| format!("{}: {error}", file.display()))
    }

    fn command(&mut self, job: &Yaml, step: &Yaml, script: &str) -> Result<(), String> {
        if script.contains("${{") {
            return Err(format!("an expression is a part of a command:\n{script}"));
        }
        let file = self.ground.scratch.join("step.sh");
        let said = self.ground.scratch.join("said");
        fs::write(&file, script).map_err(|error| error.to_string())?;
        fs::write(&said, "").map_err(|error| error.to_string())?;
        let line = self.shell.replace("{0}", &file.display().to_string());
        let mut words = line.split_whitespace();
        let folder = [
            &step["working-directory"],
            &job["defaults"]["run"]["working-directory"],
        ]
        .into_iter()
        .find_map(Yaml::as_str)
        .unwrap_or(".");
        let mut command = Command::new(words.next().unwrap_or("bash"));
        command
            .args(words)
            .current_dir(self.checkout.join(folder))
            .env("PATH", self.ground.stand_ins.path())
            .env("GITHUB_OUTPUT", &said)
            .env("GITHUB_STEP_SUMMARY", self.ground.scratch.join("summary"))
            .env("GITHUB_REPOSITORY", "acme/shop");
        for env in [&job["env"], &step["env"]] {
            for (key, value) in env.as_hash().into_iter().flatten() {
                command.env(text_of(key)?, expand(&text_of(value)?, &self.names)?);
            }
        }
        let output = command.output().map_err(|error| error.to_string())?;
        self.outcome.log += &String::from_utf8_lossy(&output.stdout);
        self.outcome.log += &String::from_utf8_lossy(&output.stderr);
        self.outcome.steps += 1;
        if !output.status.success() {
            self.outcome.end = End::Failure;
            let name = step["name"].as_str().unwrap_or_default();
            self.outcome.log += &format!("the step `{name}` failed\n");
        }
        let said = fs::read_to_string(&said).map_err(|error| error.to_string())?;
        if let Some(id) = step["id"].as_str() {
            for (key, value) in said.lines().filter_map(|line| line.split_once('=')) {
                self.names
                    .insert(format!("steps.{id}.outputs.{key}"), value.to_owned());
            }
        }
        Ok(())
    }
}

fn text_of(value: &Yaml) -> Result<String, String> {
    match value {
        Yaml::String(text) | Yaml::Real(text) => Ok(text.clone()),
        Yaml::Integer(number) => Ok(number.to_string()),
        Yaml::Boolean(word) => Ok(word.to_string()),
        Yaml::Array(_) | Yaml::Hash(_) | Yaml::Alias(_) | Yaml::Null | Yaml::BadValue => {
            Err(format!("a text is expected, not {value:?}"))
        }
    }
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    let words = |error: std::io::Error| format!("{}: {error}", from.display());
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(words)?;
    }
    fs::copy(from, to).map(drop).map_err(words)
}

/// Copies a folder with everything in it.
pub(super) fn copy_all(from: &Path, to: &Path) -> Result<(), String> {
    let words = |error: std::io::Error| format!("{}: {error}", from.display());
    for entry in fs::read_dir(from).map_err(words)? {
        let path = entry.map_err(words)?.path();
        let place = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            fs::create_dir_all(&place).map_err(words)?;
            copy_all(&path, &place)?;
        } else {
            copy(&path, &place)?;
        }
    }
    Ok(())
}
