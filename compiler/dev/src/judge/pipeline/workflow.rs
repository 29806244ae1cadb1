//! Runs the jobs of a workflow in their order, each in a checkout of its own: `run` steps by the shell that the workflow
//! names, artifacts through a folder. Other actions do nothing here; which role a job takes is noted.

use super::expression::{Names, expand, holds};
use super::{COMMIT, End, Ground, Outcome, copy, copy_all};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use yaml_rust2::{Yaml, YamlLoader};

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
            let mut running = Job {
                ground,
                shell: &shell,
                checkout: ground.checkout()?,
                names: names.clone(),
                exported: BTreeMap::new(),
                outcome: Outcome::new(End::Success),
            };
            running.run(job).map_err(|words| format!("{name}: {words}"))?;
            for (key, value) in job["outputs"].as_hash().into_iter().flatten() {
                let path = format!("needs.{name}.outputs.{}", text_of(key)?);
                names.insert(path, expand(&text_of(value)?, &running.names)?);
            }
            running.outcome
        } else {
            Outcome::new(End::Skipped)
        };
        names.insert(format!("needs.{name}.result"), word(outcome.end).to_owned());
        outcomes.insert(name, outcome);
    }
    Ok(outcomes)
}

/// How conditions call an end.
const fn word(end: End) -> &'static str {
    match end {
        End::Success => "success",
        End::Failure => "failure",
        End::Skipped => "skipped",
    }
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
    /// What earlier steps gave to later ones.
    exported: BTreeMap<String, String>,
    outcome: Outcome,
}

impl Job<'_> {
    fn run(&mut self, job: &Yaml) -> Result<(), String> {
        let permissions = &job["permissions"];
        let may = |what: &str| permissions[what].as_str() == Some("write");
        if may("id-token") && may("pull-requests") {
            return Err("who takes a role writes to pull requests".to_owned());
        }
        for step in job["steps"].as_vec().ok_or("there are no steps")? {
            if self.outcome.end == End::Failure {
                return Ok(());
            }
            let wanted = step["if"].as_str().map(|condition| holds(condition, &self.names));
            if !wanted.unwrap_or(Ok(true))? {
                continue;
            }
            match step["run"].as_str() {
                Some(script) => self.command(job, step, script)?,
                None => self.action(step, may("id-token"))?,
            }
        }
        Ok(())
    }

    fn action(&mut self, step: &Yaml, may_take_roles: bool) -> Result<(), String> {
        let uses = text_of(&step["uses"])?;
        let (name, commit) = uses.split_once('@').unwrap_or((&uses, ""));
        if commit.len() != 40 || !commit.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(format!("`{uses}` is not pinned to a commit"));
        }
        let with = |key: &str| text_of(&step["with"][key]);
        match name {
            "actions/checkout" => self.ground.check_out(&self.checkout),
            "actions/upload-artifact" => {
                let files = with("path")?;
                let kept = self.ground.artifact(&with("name")?);
                let _ = fs::remove_dir_all(&kept);
                files.lines().try_for_each(|file| {
                    let from = self.checkout.join(file);
                    let name = from.file_name().ok_or("a file without a name")?;
                    copy(&from, &kept.join(name))
                })
            }
            "actions/download-artifact" => {
                let to = self.checkout.join(with("path")?);
                let kept = self.ground.artifact(&with("name")?);
                copy_all(&kept, &to)
            }
            "aws-actions/configure-aws-credentials" if !may_take_roles => {
                Err("it takes a role and may not ask for a token".to_owned())
            }
            "aws-actions/configure-aws-credentials" => {
                self.outcome.role = Some(expand(&with("role-to-assume")?, &self.names)?);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn command(&mut self, job: &Yaml, step: &Yaml, script: &str) -> Result<(), String> {
        if script.contains("${{") {
            return Err(format!("an expression is a part of a command:\n{script}"));
        }
        let file = self.ground.scratch.join("step.sh");
        let said = self.ground.scratch.join("said");
        let given = self.ground.scratch.join("given");
        fs::write(&given, "").map_err(|error| error.to_string())?;
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
            .env("GITHUB_ENV", &given)
            .env("TMPDIR", self.ground.scratch)
            .env("GITHUB_API_URL", "https://git.example.com/api/v1")
            .env("GITHUB_SHA", COMMIT)
            .env("GITHUB_REPOSITORY", "acme/shop")
            .envs(&self.exported);
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
        let given = fs::read_to_string(&given).map_err(|error| error.to_string())?;
        for (key, value) in given.lines().filter_map(|line| line.split_once('=')) {
            self.exported.insert(key.to_owned(), value.to_owned());
            if key == "AWS_CONFIG_FILE" {
                let config = fs::read_to_string(value).map_err(|error| error.to_string())?;
                let role = config.lines().find_map(|line| line.strip_prefix("role_arn = "));
                self.outcome.role = role.map(str::to_owned);
            }
        }
        Ok(())
    }
}

/// A value that is a text, or is read as one.
pub(super) fn text_of(value: &Yaml) -> Result<String, String> {
    match value {
        Yaml::String(text) | Yaml::Real(text) => Ok(text.clone()),
        Yaml::Integer(number) => Ok(number.to_string()),
        Yaml::Boolean(word) => Ok(word.to_string()),
        Yaml::Array(_) | Yaml::Hash(_) | Yaml::Alias(_) | Yaml::Null | Yaml::BadValue => {
            Err(format!("a text is expected, not {value:?}"))
        }
    }
}
