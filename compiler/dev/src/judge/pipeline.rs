//! The workflows that `exoc init --ci` writes are run: their steps are read from the files and executed in their order, up
//! to `apply` in the providers that are played.
//!
//! Real are the shell, `jq`, exoc and OpenTofu with its plans and state. Stood in for are the programs that need a
//! network, such as `docker` and `aws` (see `stand_ins`); the state is a file. What an event leads to on each service is in
//! `life`; how a service reads its file, in `workflow` and `gitlab`.

mod expression;
mod gitlab;
mod life;
mod stand_ins;
mod workflow;

use super::canary::{self, CANARY};
use super::{Judge, Sample, Session, output, supplied};
use crate::error::Error;
use exoc::args::Ci;
use exoc_ir::{Program, Service, Trigger};
use exoc_snapshot_tests::case;
use expression::Names;
use stand_ins::StandIns;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The commit that is released.
const COMMIT: &str = "0123456789012345678901234567890123456789";

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
        let mut steps = 0;
        for ci in [Ci::Github, Ci::Gitlab, Ci::Gitea] {
            let scratch = tempfile::tempdir().map_err(|error| error.to_string())?;
            let trial = Trial::new(sample, &self.exoc, scratch.path(), ci)?;
            steps += trial
                .run()
                .map_err(|words| format!("{}: {}", ci.name(), end_of(&words)))?;
        }
        Ok(steps)
    }
}

/// The end of a text, where what went wrong stands.
fn end_of(text: &str) -> &str {
    let start = text.len().saturating_sub(4000);
    let start = (start..text.len()).find(|at| text.is_char_boundary(*at));
    start.and_then(|start| text.get(start..)).unwrap_or(text)
}

/// What a service is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    /// Somebody asks for a change.
    Request(Head),
    /// The main branch changed, and perhaps the list of repositories with it.
    Push(Registry),
    /// A person starts a stage.
    Start(&'static str),
}

/// Where a change comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Head {
    Own,
    Fork,
}

/// Whether `registry.tf` is among what changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Registry {
    Changed,
    Same,
}

/// How a job ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Success,
    Failure,
    Skipped,
}

/// What came of a job.
#[derive(Debug)]
struct Outcome {
    end: End,
    /// What its steps printed, and the step that failed.
    log: String,
    /// The commands that were really run.
    steps: usize,
    /// The role that it took.
    role: Option<String>,
}

impl Outcome {
    /// Of a job that has not failed yet, or never began.
    const fn new(end: End) -> Self {
        Self {
            end,
            log: String::new(),
            steps: 0,
            role: None,
        }
    }
}

/// What a workflow runs in.
struct Ground<'a> {
    /// The repository, which every job checks out.
    repository: &'a Path,
    /// The module, below the repository; its state is kept in `state`.
    module: &'a str,
    state: &'a Path,
    /// Where checkouts and artifacts are.
    scratch: &'a Path,
    stand_ins: &'a StandIns,
}

impl Ground<'_> {
    /// An empty folder for a job.
    fn checkout(&self) -> Result<PathBuf, String> {
        let checkout = self.scratch.join("checkout");
        let _ = std::fs::remove_dir_all(&checkout);
        std::fs::create_dir_all(&checkout).map_err(|error| error.to_string())?;
        Ok(checkout)
    }

    /// A copy of the repository, with the state beside it in place of the bucket.
    fn check_out(&self, checkout: &Path) -> Result<(), String> {
        copy_all(self.repository, checkout)?;
        let backend = format!(
            "terraform {{\n  backend \"local\" {{\n    path = \"{}\"\n  }}\n}}\n",
            self.state.display()
        );
        let file = checkout.join(self.module).join("backend_override.tf");
        std::fs::write(&file, backend).map_err(|error| format!("{}: {error}", file.display()))
    }

    /// Where the files of a job or artifact are kept.
    fn artifact(&self, name: &str) -> PathBuf {
        self.scratch.join("artifacts").join(name)
    }
}

/// A repository with an application, and what is expected of its workflow.
struct Trial<'a> {
    sample: &'a Sample<'a>,
    ci: Ci,
    exoc: &'a Path,
    scratch: PathBuf,
    repository: PathBuf,
    /// The commit that a change starts from; what is checked out is the one after it.
    base: String,
    module: String,
    stand_ins: StandIns,
}

/// What came of a workflow, and what was asked of the programs that stand in. Jobs are named without their environment.
struct Ran {
    outcomes: BTreeMap<String, Outcome>,
    calls: String,
}

impl<'a> Trial<'a> {
    fn new(sample: &'a Sample<'a>, exoc: &'a Path, scratch: &Path, ci: Ci) -> Result<Self, String> {
        let all = case::all().map_err(|error| error.to_string())?;
        let case = all
            .iter()
            .find(|case| case.name == sample.case)
            .ok_or("no such case")?;
        let repository = scratch.join("repository");
        std::fs::create_dir_all(&repository).map_err(|error| error.to_string())?;
        copy_all(&case.folder, &repository)?;
        git(&repository, &["init", "--quiet"])?;
        let manifest = repository.join("application.yml");
        let text = std::fs::read_to_string(&manifest).map_err(|error| error.to_string())?;
        let write = |text: &str| std::fs::write(&manifest, text).map_err(|error| error.to_string());
        write(&text.replace("domain: ", "domain: old-"))?;
        let base = commit(&repository)?;
        write(&text)?;
        let trial = Self {
            sample,
            ci,
            exoc,
            scratch: scratch.to_path_buf(),
            module: format!("infra/{}/aws", environment(sample.program)),
            repository,
            base,
            stand_ins: StandIns::new(&scratch.join("stand-ins"), exoc)?,
        };
        trial.exoc(&["build"])?;
        trial.exoc(&["init", "--ci", ci.name()])?;
        commit(&trial.repository)?;
        Ok(trial)
    }

    fn exoc(&self, words: &[&str]) -> Result<(), String> {
        let mut command = Command::new(self.exoc);
        command.arg("--quiet").args(words).current_dir(&self.repository);
        output(&mut command).map(drop)
    }

    /// Runs the workflow for an event. Nothing that a step says may hold a value of a secret, and nothing is applied that
    /// was not saved as a plan.
    fn event(&self, event: Event) -> Result<Ran, String> {
        let state = self.scratch.join("terraform.tfstate");
        let ground = Ground {
            repository: &self.repository,
            module: &self.module,
            state: &state,
            scratch: &self.scratch,
            stand_ins: &self.stand_ins,
        };
        let file = match (self.ci, event) {
            (Ci::Github, _) => ".github/workflows/exoc.yml",
            (Ci::Gitlab, _) => ".gitlab/exoc.yml",
            (Ci::Gitea, Event::Start(_)) => ".gitea/workflows/exoc-apply.yml",
            (Ci::Gitea, Event::Request(_) | Event::Push(_)) => ".gitea/workflows/exoc.yml",
        };
        let path = self.repository.join(file);
        let text = std::fs::read_to_string(path).map_err(|error| format!("{file}: {error}"))?;
        let outcomes = match self.ci {
            Ci::Github | Ci::Gitea => workflow::run(&ground, &text, &self.names(event))?,
            Ci::Gitlab => gitlab::run(&ground, &text, &self.variables(event), event)?,
        };
        let calls = self.stand_ins.calls()?;
        for (job, outcome) in &outcomes {
            if outcome.log.contains(CANARY) {
                return Err(format!("{}\n{job} says the value of a secret", outcome.log));
            }
        }
        let unread = |line: &&str| line.starts_with("tofu apply") && !line.ends_with(".plan");
        if calls.contains(CANARY) || calls.lines().any(|line| unread(&line)) {
            return Err(format!(
                "{calls}\na secret is told to a program, or no saved plan applied"
            ));
        }
        let environment = environment(self.sample.program);
        let short = |name: String| {
            let rest = name.strip_prefix(environment).or(name.strip_prefix("exoc"));
            let rest = rest.and_then(|rest| rest.strip_prefix([':', '-']));
            rest.unwrap_or(&name).to_owned()
        };
        Ok(Ran {
            outcomes: outcomes
                .into_iter()
                .map(|(name, outcome)| (short(name), outcome))
                .collect(),
            calls,
        })
    }

    /// What the names of GitHub and Gitea mean.
    fn names(&self, event: Event) -> Names {
        let (name, head, stage) = match event {
            Event::Request(Head::Own) => ("pull_request", "acme/shop", ""),
            Event::Request(Head::Fork) => ("pull_request", "stranger/shop", ""),
            Event::Push(_) => ("push", "", ""),
            Event::Start(stage) => ("workflow_dispatch", "", stage),
        };
        let mut names: Names = [
            ("github.event_name", name),
            ("github.event.pull_request.head.repo.full_name", head),
            ("github.event.pull_request.number", "7"),
            ("github.event.pull_request.base.sha", &self.base),
            ("github.event.pull_request.user.login", "somebody"),
            ("github.repository", "acme/shop"),
            ("github.token", "token"),
            ("github.sha", COMMIT),
            ("github.run_id", "42"),
            ("github.run_attempt", "1"),
            ("inputs.environment", environment(self.sample.program)),
            ("inputs.stage", stage),
            ("inputs.commit", COMMIT),
            ("secrets.GITHUB_TOKEN", "token"),
            ("vars.EXOC_CREDENTIAL_SOURCE", ""),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        for (name, value) in self.own() {
            names.insert(format!("vars.{name}"), value);
        }
        for secret in supplied(self.sample.program) {
            let value = format!("{CANARY}{secret}");
            names.insert(format!("secrets.{}_{secret}", self.prefix()), value.clone());
            names.insert(format!("secrets.{secret}"), value);
        }
        names
    }

    /// The variables of a pipeline of GitLab.
    fn variables(&self, event: Event) -> Names {
        let (source, project, branch, base) = match event {
            Event::Request(Head::Own) => ("merge_request_event", "1", "", self.base.as_str()),
            Event::Request(Head::Fork) => ("merge_request_event", "2", "", self.base.as_str()),
            Event::Push(_) | Event::Start(_) => ("push", "", "main", ""),
        };
        let mut variables: Names = [
            ("CI_PIPELINE_SOURCE", source),
            ("CI_MERGE_REQUEST_SOURCE_PROJECT_ID", project),
            ("CI_PROJECT_ID", "1"),
            ("CI_COMMIT_BRANCH", branch),
            ("CI_DEFAULT_BRANCH", "main"),
            ("CI_API_V4_URL", "https://gitlab.example.com/api/v4"),
            ("CI_MERGE_REQUEST_IID", "7"),
            ("CI_MERGE_REQUEST_DIFF_BASE_SHA", base),
            ("CI_COMMIT_SHA", COMMIT),
            ("CI_PIPELINE_ID", "42"),
            ("CI_JOB_ID", "1"),
            ("EXOC_COMMENT_TOKEN", "token"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        variables.extend(self.own());
        for secret in supplied(self.sample.program) {
            variables.insert(format!("SECRET_{secret}"), format!("{CANARY}{secret}"));
        }
        variables
    }

    /// The variables that a team gives a service.
    fn own(&self) -> Vec<(String, String)> {
        let prefix = self.prefix();
        let mut own: Vec<(String, String)> = ["PLAN", "PUSH", "APPLY"]
            .map(|role| (format!("{prefix}_{role}_ROLE"), role.to_owned()))
            .into();
        own.push((format!("{prefix}_STATE_BUCKET"), "acme-state".to_owned()));
        own
    }

    fn prefix(&self) -> String {
        let environment = environment(self.sample.program);
        format!("EXOC_{}", environment.to_uppercase().replace('-', "_"))
    }

    /// How many jobs start so.
    fn jobs(&self, is: impl Fn(&Trigger) -> bool) -> usize {
        let services = self.sample.program.services().iter();
        let wanted = |service: &Service| service.job().is_some_and(|job| is(&job.trigger));
        services.filter(|(_, service)| wanted(service)).count()
    }

    /// What is there now; no value of a secret is, but where the provider leaves no choice.
    fn state(&self) -> Result<String, String> {
        let path = self.scratch.join("terraform.tfstate");
        let state = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let strays = canary::strays(&state)?;
        if strays.is_empty() {
            Ok(state)
        } else {
            Err(format!("the state holds values of secrets: {strays:?}"))
        }
    }
}

fn environment(program: &Program) -> &str {
    &program.environment().name
}

/// Commits everything that is there, and says under which name.
fn commit(repository: &Path) -> Result<String, String> {
    git(repository, &["add", "--all"])?;
    let somebody = [
        "-c",
        "user.name=somebody",
        "-c",
        "user.email=somebody@example.com",
    ];
    let words = ["commit", "--quiet", "--no-gpg-sign", "--message", "A change"];
    git(repository, &[somebody.as_slice(), &words].concat())?;
    git(repository, &["rev-parse", "HEAD"]).map(|name| name.trim().to_owned())
}

fn git(repository: &Path, words: &[&str]) -> Result<String, String> {
    let mut command = Command::new("git");
    command.args(words).current_dir(repository);
    output(&mut command).map(|(out, _)| out)
}

/// Copies a file, and makes the folders above it.
fn copy(from: &Path, to: &Path) -> Result<(), String> {
    let words = |error: std::io::Error| format!("{}: {error}", from.display());
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder).map_err(words)?;
    }
    std::fs::copy(from, to).map(drop).map_err(words)
}

/// Copies a folder with everything in it.
fn copy_all(from: &Path, to: &Path) -> Result<(), String> {
    let words = |error: std::io::Error| format!("{}: {error}", from.display());
    for entry in std::fs::read_dir(from).map_err(words)? {
        let path = entry.map_err(words)?.path();
        let place = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            std::fs::create_dir_all(&place).map_err(words)?;
            copy_all(&path, &place)?;
        } else {
            copy(&path, &place)?;
        }
    }
    Ok(())
}
