//! The workflow that `exoc init --ci` writes is run: its steps are read from the file and executed in their order, up to
//! `apply` in the providers that are played.
//!
//! Real are the shell, `jq`, exoc and OpenTofu with its plans and state. Stood in for are the programs that need a
//! network: `docker`, `aws`, `gh` and the `cargo` that installs exoc (see `stand_ins`); the state is a file.

mod expression;
mod stand_ins;
mod workflow;

use super::canary::CANARY;
use super::{Judge, Sample, Session, output, supplied};
use crate::error::Error;
use exoc_ir::{Program, Service, Trigger};
use exoc_snapshot_tests::case;
use expression::Names;
use stand_ins::StandIns;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use workflow::{End, Ground, Outcome};

/// The workflow in a repository.
const WORKFLOW: &str = ".github/workflows/exoc.yml";

pub(crate) struct Pipeline;

impl Judge for Pipeline {
    fn name(&self) -> &'static str {
        "pipeline"
    }

    fn target(&self) -> &'static str {
        "aws"
    }

    fn takes(&self, case: &str) -> bool {
        // Jobs before and after a deployment; secrets that are supplied.
        ["jobs-deploy", "shop"].contains(&case)
    }

    fn things(&self) -> &'static str {
        "steps"
    }

    fn start(&self) -> Result<Box<dyn Session>, Error> {
        output(Command::new("tofu").arg("version")).map_err(Error::Refused)?;
        let mut build = Command::new("cargo");
        build
            .args(["build", "--quiet", "--package", "exoc"])
            .current_dir(case::root());
        output(&mut build).map_err(Error::Refused)?;
        let own = std::env::current_exe().map_err(|error| Error::disk(Path::new("this program"), &error))?;
        Ok(Box::new(Started {
            exoc: own.with_file_name("exoc"),
        }))
    }
}

struct Started {
    exoc: PathBuf,
}

impl Session for Started {
    fn judge(&mut self, sample: &Sample<'_>) -> Result<usize, String> {
        let scratch = tempfile::tempdir().map_err(|error| error.to_string())?;
        let trial = Trial::new(sample, &self.exoc, scratch.path())?;
        trial.run().map_err(|words| end_of(&words).to_owned())
    }
}

/// The end of a text, where what went wrong stands.
fn end_of(text: &str) -> &str {
    let start = text.len().saturating_sub(4000);
    let start = (start..text.len()).find(|at| text.is_char_boundary(*at));
    start.and_then(|start| text.get(start..)).unwrap_or(text)
}

/// A repository with an application, and what is expected of its workflow.
struct Trial<'a> {
    sample: &'a Sample<'a>,
    exoc: &'a Path,
    scratch: PathBuf,
    repository: PathBuf,
    module: String,
    stand_ins: StandIns,
}

/// What came of a workflow, and what was asked of the programs that stand in.
struct Ran {
    outcomes: BTreeMap<String, Outcome>,
    calls: String,
}

impl<'a> Trial<'a> {
    fn new(sample: &'a Sample<'a>, exoc: &'a Path, scratch: &Path) -> Result<Self, String> {
        let all = case::all().map_err(|error| error.to_string())?;
        let case = all
            .iter()
            .find(|case| case.name == sample.case)
            .ok_or("no such case")?;
        let repository = scratch.join("repository");
        std::fs::create_dir_all(repository.join(".git")).map_err(|error| error.to_string())?;
        workflow::copy_all(&case.folder, &repository)?;
        let trial = Self {
            sample,
            exoc,
            scratch: scratch.to_path_buf(),
            module: format!("infra/{}/aws", environment(sample.program)),
            repository,
            stand_ins: StandIns::new(&scratch.join("stand-ins"), exoc)?,
        };
        trial.exoc(&["build"])?;
        trial.exoc(&["init", "--ci", "github"])?;
        Ok(trial)
    }

    fn exoc(&self, words: &[&str]) -> Result<(), String> {
        let mut command = Command::new(self.exoc);
        command.arg("--quiet").args(words).current_dir(&self.repository);
        output(&mut command).map(drop)
    }

    /// The whole life of a release, event by event.
    fn run(&self) -> Result<usize, String> {
        let before = self.jobs(|trigger| matches!(trigger, Trigger::BeforeDeploy { .. }));
        let first = self.event("pull_request", "acme/shop")?;
        self.expect(&first, &["check", "preview", "comment"])?;
        self.is_preview(&first)?;
        let fork = self.event("pull_request", "stranger/shop")?;
        self.expect(&fork, &["check"])?;
        if before > 0 {
            self.stops_where_a_job_fails()?;
        }
        let released = self.event("push", "")?;
        let mut jobs = vec!["check", "repositories-plan", "images", "plan", "apply"];
        if before == 0 {
            jobs.push("repositories");
        } else {
            // The run whose jobs failed has made them.
            jobs.extend(["before-plan", "before"]);
        }
        self.expect(&released, &jobs)?;
        self.is_release(&released)?;
        // Whatever runs now is what the next plan starts from.
        let second = self.event("pull_request", "acme/shop")?;
        self.expect(&second, &["check", "preview", "comment"])?;
        let told = self.stand_ins.comment()?;
        if !told.contains("No changes.") {
            return Err(format!("a plan of what runs has changes:\n{told}"));
        }
        let again = self.event("push", "")?;
        jobs.retain(|job| *job != "repositories");
        self.expect(&again, &jobs)?;
        self.refuses_what_is_not_built()?;
        let all = [first, fork, released, second, again];
        let steps = all.iter().flat_map(|ran| ran.outcomes.values());
        Ok(steps.map(|outcome| outcome.steps).sum())
    }

    /// Runs the workflow for an event; nothing that a step says, and no text of a plan, may hold a value of a secret.
    fn event(&self, name: &str, head: &str) -> Result<Ran, String> {
        let text = std::fs::read_to_string(self.repository.join(WORKFLOW))
            .map_err(|error| format!("{WORKFLOW}: {error}"))?;
        let state = self.scratch.join("terraform.tfstate");
        let ground = Ground {
            repository: &self.repository,
            module: &self.module,
            state: &state,
            scratch: &self.scratch,
            stand_ins: &self.stand_ins,
        };
        let outcomes = workflow::run(&ground, &text, &self.names(name, head))?;
        for (job, outcome) in &outcomes {
            if outcome.log.contains(CANARY) {
                return Err(format!("{job} says the value of a secret:\n{}", outcome.log));
            }
        }
        Ok(Ran {
            outcomes,
            calls: self.stand_ins.calls()?,
        })
    }

    fn names(&self, event: &str, head: &str) -> Names {
        let prefix = format!(
            "vars.EXOC_{}",
            environment(self.sample.program).to_uppercase().replace('-', "_")
        );
        let mut names: Names = [
            ("github.event_name", event),
            ("github.event.pull_request.head.repo.full_name", head),
            ("github.event.pull_request.number", "7"),
            ("github.repository", "acme/shop"),
            ("github.token", "token"),
            ("github.sha", "0123456789012345678901234567890123456789"),
            ("github.run_id", "42"),
            ("github.run_attempt", "1"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        for role in ["PLAN", "PUSH", "APPLY"] {
            names.insert(format!("{prefix}_{role}_ROLE"), role.to_owned());
        }
        names.insert(format!("{prefix}_STATE_BUCKET"), "acme-state".to_owned());
        for secret in supplied(self.sample.program) {
            names.insert(format!("secrets.{secret}"), format!("{CANARY}{secret}"));
        }
        names
    }

    /// These jobs of the environment, and no others, ran, and succeeded.
    fn expect(&self, ran: &Ran, jobs: &[&str]) -> Result<(), String> {
        let environment = environment(self.sample.program);
        // What fails is why others are skipped.
        let by_end = |end: End| ran.outcomes.iter().filter(move |(_, it)| it.end == end);
        let failed = by_end(End::Failure);
        for (name, outcome) in failed.chain(by_end(End::Skipped)).chain(by_end(End::Success)) {
            let own = name.strip_prefix(&format!("{environment}-")).unwrap_or(name);
            let expected = if jobs.contains(&own) {
                End::Success
            } else {
                End::Skipped
            };
            if outcome.end != expected {
                return Err(format!(
                    "{name} ends with {:?}, not {expected:?}:\n{}",
                    outcome.end, outcome.log
                ));
            }
        }
        if ran.outcomes.values().filter(|it| it.end == End::Success).count() == jobs.len() {
            Ok(())
        } else {
            Err(format!("not all of {jobs:?} are jobs"))
        }
    }

    /// A pull request changes nothing and builds nothing, and its plan is told.
    fn is_preview(&self, ran: &Ran) -> Result<(), String> {
        let told = self.stand_ins.comment()?;
        if ran.calls.contains("docker") || ran.calls.contains("tofu apply") {
            return Err(format!("a pull request does more than plan:\n{}", ran.calls));
        }
        if !told.contains("<!-- exoc: ") || !told.contains("to add") {
            return Err(format!("the comment is no plan:\n{told}"));
        }
        self.roles(ran, &[("preview", "PLAN")])
    }

    /// Repositories, images, jobs and everything else come in this order, each from a plan that was saved.
    fn is_release(&self, ran: &Ran) -> Result<(), String> {
        let before = self.jobs(|trigger| matches!(trigger, Trigger::BeforeDeploy { .. }));
        let after = self.jobs(|trigger| matches!(trigger, Trigger::AfterDeploy));
        let mut order = vec!["-out=repositories.plan"];
        if before == 0 {
            order.push("-no-color repositories.plan");
        }
        order.push("docker buildx build --push");
        if before > 0 {
            order.extend(["-out=before.plan", "-no-color before.plan"]);
            order.extend(std::iter::repeat_n("aws stepfunctions start-execution", before));
        }
        order.extend([
            "-out=release.plan",
            "tofu apply -input=false -no-color release.plan",
        ]);
        order.extend(std::iter::repeat_n("aws stepfunctions start-execution", after));
        let mut rest = ran.calls.as_str();
        for call in order {
            let (_, after) = rest
                .split_once(call)
                .ok_or_else(|| format!("`{call}` is not there, or not in its place:\n{}", ran.calls))?;
            rest = after;
        }
        let applied = ran.calls.lines().filter(|line| line.starts_with("tofu apply"));
        if let Some(other) = applied.into_iter().find(|line| !line.ends_with(".plan")) {
            return Err(format!("`{other}` applies what nobody has read"));
        }
        let state = self.scratch.join("terraform.tfstate");
        let state = std::fs::read_to_string(&state).map_err(|error| error.to_string())?;
        let strays = super::canary::strays(&state)?;
        if !strays.is_empty() {
            return Err(format!("the state holds values of secrets: {strays:?}"));
        }
        if !state.contains("0123456789012345678901234567890123456789-42-1") {
            return Err("the images of the release do not run".to_owned());
        }
        self.roles(
            ran,
            &[
                ("repositories-plan", "PLAN"),
                ("images", "PUSH"),
                ("plan", "PLAN"),
                ("apply", "APPLY"),
            ],
        )
    }

    /// Jobs of the environment take exactly these roles.
    fn roles(&self, ran: &Ran, roles: &[(&str, &str)]) -> Result<(), String> {
        let environment = environment(self.sample.program);
        for (job, role) in roles {
            let taken = ran
                .outcomes
                .get(&format!("{environment}-{job}"))
                .and_then(|outcome| outcome.role.as_deref());
            if taken != Some(role) {
                return Err(format!("{job} takes {taken:?} and not {role}"));
            }
        }
        let comment = ran.outcomes.get(&format!("{environment}-comment"));
        if comment.is_some_and(|outcome| outcome.role.is_some()) {
            return Err("who comments takes a role".to_owned());
        }
        Ok(())
    }

    /// Nothing of the services is applied where a job before the deployment fails.
    fn stops_where_a_job_fails(&self) -> Result<(), String> {
        self.stand_ins.jobs_end("FAILED")?;
        let ran = self.event("push", "")?;
        self.stand_ins.jobs_end("SUCCEEDED")?;
        let environment = environment(self.sample.program);
        let end = |job: &str| ran.outcomes.get(&format!("{environment}-{job}")).map(|it| it.end);
        if end("before") != Some(End::Failure) || end("plan") != Some(End::Skipped) {
            let log = ran.outcomes.get(&format!("{environment}-before"));
            return Err(format!("a job failed, and the release went on: {log:#?}"));
        }
        let state = self.scratch.join("terraform.tfstate");
        let state = std::fs::read_to_string(&state).map_err(|error| error.to_string())?;
        if state.contains("\"aws_ecs_service\"") {
            return Err("a service is there before the jobs of the deployment ran".to_owned());
        }
        Ok(())
    }

    /// A manifest that was changed and not built fails in its step; so does a workflow that no longer fits.
    fn refuses_what_is_not_built(&self) -> Result<(), String> {
        let manifest = self.repository.join("application.yml");
        let text = std::fs::read_to_string(&manifest).map_err(|error| error.to_string())?;
        let write = |text: &str| std::fs::write(&manifest, text).map_err(|error| error.to_string());
        write(&text.replace("domain: ", "domain: new-"))?;
        self.fails_at("The generated files are what it says")?;
        if self.jobs(|trigger| matches!(trigger, Trigger::AfterDeploy)) > 0 {
            write(&text.replace("when: after-deploy", "when: on-demand"))?;
            self.exoc(&["build"])?;
            self.fails_at("This workflow fits production")?;
        }
        write(&text)?;
        self.exoc(&["build"])
    }

    fn fails_at(&self, step: &str) -> Result<(), String> {
        let ran = self.event("pull_request", "acme/shop")?;
        let check = ran.outcomes.get("check").ok_or("there is no check")?;
        if check.end == End::Failure && check.log.ends_with(&format!("the step `{step}` failed\n")) {
            Ok(())
        } else {
            Err(format!("`{step}` was to fail:\n{}", check.log))
        }
    }

    /// How many jobs start so.
    fn jobs(&self, is: impl Fn(&Trigger) -> bool) -> usize {
        let services = self.sample.program.services().iter();
        let wanted = |service: &Service| service.job().is_some_and(|job| is(&job.trigger));
        services.filter(|(_, service)| wanted(service)).count()
    }
}

fn environment(program: &Program) -> &str {
    &program.environment().name
}
