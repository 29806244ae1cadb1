//! The workflows for Gitea Actions: one that checks, shows and plans, and one that a person starts to apply.
//!
//! Gitea signs no tokens for jobs, has no environments that ask for an approval, and ignores `permissions` and
//! `concurrency` (documentation of 1.25, "Compared to GitHub Actions"; go-gitea/gitea#39052 for tokens was open in
//! 2026-08). So a runner takes the roles of AWS by the role of the machine that it stands on, starting a workflow is the
//! approval, and saved plans lie beside the state, encrypted as it is, where a later run finds them.

use super::action;
use super::delivery::{Delivery, Images, Jobs};
use super::shell::{self, Lock, Stage};
use super::steps::{checks, here, step};
use super::{Presence, Scaffold, Written, head};
use exoc_emit::yaml::{Mapping, flow_list, list, print};

/// The name of the service on the command line.
const CI: &str = "gitea";

/// Both workflows; without an environment to release, only the one that checks.
pub(super) fn files(scaffold: &Scaffold) -> Vec<Written> {
    let mut files = vec![Written {
        path: ".gitea/workflows/exoc.yml",
        text: print(&checking(scaffold)),
        presence: Presence::InTheWay,
    }];
    if !scaffold.deliveries.is_empty() {
        files.push(Written {
            path: ".gitea/workflows/exoc-apply.yml",
            text: print(&applying(scaffold)),
            presence: Presence::InTheWay,
        });
    }
    files
}

/// What both begin with.
fn begin(name: &str, on: Mapping) -> Mapping {
    let run = Mapping::new().with("shell", "bash --noprofile --norc -euo pipefail {0}");
    Mapping::new()
        .comment(head(CI))
        .with("name", name)
        .blank()
        .with("on", on)
        .blank()
        .with("defaults", Mapping::new().with("run", run))
        .blank()
}

fn checking(scaffold: &Scaffold) -> Mapping {
    let on = Mapping::new()
        .with("pull_request", Mapping::new())
        .comment("The branch that is released.")
        .with("push", Mapping::new().with("branches", flow_list(["main"])));
    let mut jobs = Mapping::new().with("check", check(scaffold));
    for delivery in &scaffold.deliveries {
        let environment = Environment { scaffold, delivery };
        for (name, purpose, job) in environment.jobs() {
            jobs = jobs.blank().comment(purpose);
            jobs.insert(environment.job(name), job);
        }
    }
    begin("exoc", on).with("jobs", jobs)
}

/// What a person starts: it applies the plan that a commit's run has saved.
fn applying(scaffold: &Scaffold) -> Mapping {
    let deliveries = &scaffold.deliveries;
    let names = deliveries.iter().map(|delivery| delivery.environment.as_str());
    let has = |stage: &Stage| {
        deliveries.iter().any(|delivery| match stage {
            Stage::Repositories => matches!(delivery.images, Images::Own(_)),
            Stage::Before => delivery.before == Jobs::Some,
            Stage::Release => true,
        })
    };
    let stages = [Stage::Repositories, Stage::Before, Stage::Release];
    let choice = |description: &str, options| {
        Mapping::new()
            .with("description", description)
            .with("type", "choice")
            .with("required", true)
            .with("options", options)
    };
    let commit = Mapping::new()
        .with(
            "description",
            "The whole hash of the commit whose plan is applied",
        )
        .with("type", "string")
        .with("required", true);
    let inputs = Mapping::new()
        .with("environment", choice("The environment", flow_list(names)))
        .with(
            "stage",
            choice(
                "What is applied",
                flow_list(stages.iter().filter(|stage| has(stage)).map(|stage| word(*stage))),
            ),
        )
        .with("commit", commit);
    let on = Mapping::new().with("workflow_dispatch", Mapping::new().with("inputs", inputs));
    let mut jobs = Mapping::new();
    for delivery in deliveries {
        let environment = Environment { scaffold, delivery };
        for stage in stages {
            if let Some(job) = environment.apply(stage) {
                jobs = jobs.blank();
                jobs.insert(environment.job(word(stage)), job);
            }
        }
    }
    begin("exoc-apply", on).with("jobs", jobs)
}

/// What a person calls a stage.
const fn word(stage: Stage) -> &'static str {
    match stage {
        Stage::Repositories => "repositories",
        Stage::Before => "before",
        Stage::Release => "release",
    }
}

fn job(name: &str) -> Mapping {
    Mapping::new()
        .with("name", name)
        .comment("A runner on a machine of one's own, with what the second step asks for.")
        .with("runs-on", "self-hosted")
}

/// Says at once what a runner lacks.
fn needs(programs: &str) -> Mapping {
    step(
        "The runner has what is needed",
        format!(
            "for program in {programs}; do\n  \
             command -v \"$program\" > /dev/null || {{ echo \"the runner has no $program\" >&2; exit 1; }}\n\
             done\n"
        ),
    )
}

fn checkout(with: Mapping) -> Mapping {
    action::CHECKOUT.step(with.with("persist-credentials", false))
}

fn check(scaffold: &Scaffold) -> Mapping {
    let variables = Mapping::new().with("EXOC_REVISION", shell::revision());
    let deep = Mapping::new()
        .comment("With all commits, for what changes.")
        .with("fetch-depth", 0u8);
    let mut steps = vec![checkout(deep), needs("cargo curl git jq")];
    steps.extend(checks(scaffold, CI, variables));
    let from = "\"$(git merge-base \"$BASE\" HEAD)\"";
    let tell = shell::difference(from) + &shell::comment_changes() + &send(shell::CHANGES_MARK);
    let tell = step("What changes", tell).with("if", OWN_REQUEST).with(
        "env",
        commenting().with("BASE", "${{ github.event.pull_request.base.sha }}"),
    );
    steps.push(here(scaffold, tell));
    job("check").with("steps", list(steps))
}

/// A pull request from this repository.
const OWN_REQUEST: &str = "github.event_name == 'pull_request' && github.event.pull_request.head.repo.full_name == github.repository";

/// Sends `comment.json`, in place of the comment that begins so, if there is one.
fn send(mark: &str) -> String {
    let curl = "curl --fail --silent --show-error";
    format!(
        "issues=\"$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/issues\"\n\
         header=$(mktemp)\n\
         printf 'Authorization: token %s\\nContent-Type: application/json\\n' \"$TOKEN\" > \"$header\"\n\
         old=$({curl} --header \"@$header\" \"$issues/$NUMBER/comments\" |\n  \
         jq '[.[] | select(.body | startswith(\"{mark}\"))] | last | .id // empty')\n\
         if [ -n \"$old\" ]; then\n  \
         {curl} --output /dev/null --header \"@$header\" --request PATCH --data @comment.json \"$issues/comments/$old\"\n\
         else\n  \
         {curl} --output /dev/null --header \"@$header\" --request POST --data @comment.json \"$issues/$NUMBER/comments\"\n\
         fi\n"
    )
}

/// What [`send`] needs.
fn commenting() -> Mapping {
    Mapping::new()
        .with("TOKEN", "${{ secrets.GITHUB_TOKEN }}")
        .with("NUMBER", "${{ github.event.pull_request.number }}")
}

/// An environment and what is written for it.
struct Environment<'a> {
    scaffold: &'a Scaffold,
    delivery: &'a Delivery,
}

impl Environment<'_> {
    /// The jobs that need nobody: names, what each is for, and what it is.
    fn jobs(&self) -> Vec<(&'static str, &'static str, Mapping)> {
        let mut jobs = vec![(
            "preview",
            "Shows what a pull request changes. A fork gets no role.",
            self.preview(),
        )];
        if let Images::Own(_) = self.delivery.images {
            jobs.push((
                "repositories-plan",
                "New images need repositories before anything is pushed.",
                self.repositories(),
            ));
        }
        if self.delivery.images != Images::None {
            jobs.push((
                "images",
                "Builds and pushes; waits for nobody, for nothing runs them yet.",
                self.images(),
            ));
        }
        let (purpose, stage) = match self.delivery.before {
            Jobs::Some => (
                "What the jobs before a deployment need; the release is planned when they have run.",
                Stage::Before,
            ),
            Jobs::None => ("The plan of the release, for whoever applies it.", Stage::Release),
        };
        jobs.push(("plan", purpose, self.plan(stage)));
        jobs
    }

    fn job(&self, name: &str) -> String {
        format!("{}-{name}", self.delivery.environment)
    }

    fn titled(&self, title: &str) -> String {
        format!("{}: {title}", self.delivery.environment)
    }

    /// What steps run with.
    fn surroundings(&self, job: Mapping) -> Mapping {
        let module = format!("{}{}", self.scaffold.application, self.delivery.module());
        let bucket = match &self.delivery.bucket {
            Some(bucket) => bucket.clone(),
            None => format!("${{{{ vars.{}_STATE_BUCKET }}}}", self.delivery.prefix()),
        };
        job.with(
            "defaults",
            Mapping::new().with("run", Mapping::new().with("working-directory", module)),
        )
        .with(
            "env",
            Mapping::new()
                .with("STATE_BUCKET", bucket)
                .with("TF_IN_AUTOMATION", "true"),
        )
    }

    /// Takes a role by that of the machine, for `aws` and for whatever plans and applies.
    fn credentials(&self, role: &str) -> Mapping {
        let run = format!(
            "config=$(mktemp)\n\
             printf '[default]\\nrole_arn = %s\\ncredential_source = %s\\nregion = {}\\n' \\\n  \
             \"${{ROLE:?is given by the variable {prefix}_{role}_ROLE}}\" \"${{SOURCE:-Ec2InstanceMetadata}}\" > \"$config\"\n\
             echo \"AWS_CONFIG_FILE=$config\" >> \"$GITHUB_ENV\"\n",
            self.delivery.region,
            prefix = self.delivery.prefix(),
        );
        step("Take the role", run).with(
            "env",
            Mapping::new()
                .with(
                    "ROLE",
                    format!("${{{{ vars.{}_{role}_ROLE }}}}", self.delivery.prefix()),
                )
                .with("SOURCE", "${{ vars.EXOC_CREDENTIAL_SOURCE }}"),
        )
    }

    /// What every job with a role begins with.
    fn enter(&self, programs: &str, role: &str, with: Mapping) -> Vec<Mapping> {
        vec![checkout(with), needs(programs), self.credentials(role)]
    }

    fn tools(&self) -> String {
        format!("aws jq {}", self.scaffold.tool.program())
    }

    fn init(&self, lock: Lock) -> Mapping {
        step(
            "Find the state",
            shell::init(self.scaffold.tool, self.delivery, lock),
        )
    }

    /// Where the files of a commit are kept: beside the state.
    fn kept(&self, commit: &str, file: &str) -> String {
        let folder = self
            .delivery
            .key
            .rsplit_once('/')
            .map_or("", |(folder, _)| folder);
        format!("\"s3://$STATE_BUCKET/{folder}/plans/${commit}/{file}\"")
    }

    fn keep(&self, commit: &str, files: &[&str]) -> String {
        files
            .iter()
            .map(|file| {
                let kept = self.kept(commit, file);
                format!("aws s3 cp --only-show-errors {file} {kept}\n")
            })
            .collect()
    }

    fn fetch(&self, commit: &str, files: &[&str]) -> String {
        files
            .iter()
            .map(|file| {
                let kept = self.kept(commit, file);
                format!("aws s3 cp --only-show-errors {kept} {file}\n")
            })
            .collect()
    }

    fn running(&self) -> Mapping {
        step("Take the images that run now", shell::running(self.scaffold.tool))
    }

    fn preview(&self) -> Mapping {
        let mut steps = self.enter(&format!("{} curl", self.tools()), "PLAN", Mapping::new());
        steps.push(self.init(Lock::Written));
        if self.delivery.images != Images::None {
            steps.push(self.running());
        }
        steps.push(step(
            "Plan",
            shell::plan(self.scaffold.tool, Stage::Release) + "cat plan.txt\n",
        ));
        let send = shell::comment(self.delivery) + &send(&shell::mark(self.delivery));
        steps.push(step("Comment", send).with("env", commenting()));
        let job = job(&self.titled("preview"))
            .with("needs", "check")
            .with("if", OWN_REQUEST);
        self.surroundings(job).with("steps", list(steps))
    }

    fn repositories(&self) -> Mapping {
        let tool = self.scaffold.tool;
        let stage = Stage::Repositories;
        let mut steps = self.enter(&self.tools(), "PLAN", Mapping::new());
        steps.push(self.init(Lock::Written));
        steps.push(self.running());
        let run = format!(
            "{}{}cat plan.txt\n\
             if [ \"$changes\" != 0 ]; then\n  \
             echo 'Start exoc-apply for {} with the stage repositories and this commit, then run this again.' >&2\n\
             fi\n\
             echo \"changes=$changes\" >> \"$GITHUB_OUTPUT\"\n{}",
            shell::plan(tool, stage),
            shell::changes(tool, stage),
            self.delivery.environment,
            self.keep("GITHUB_SHA", &[stage.plan(), ".terraform.lock.hcl"]),
        );
        steps.push(
            Mapping::new()
                .with("name", "Plan")
                .with("id", "plan")
                .with("run", run),
        );
        let job = job(&self.titled("plan repositories"))
            .with("needs", "check")
            .with("if", "github.event_name == 'push'")
            .with(
                "outputs",
                Mapping::new().with("changes", "${{ steps.plan.outputs.changes }}"),
            );
        self.surroundings(job).with("steps", list(steps))
    }

    fn images(&self) -> Mapping {
        let before = self.job("repositories-plan");
        let own = matches!(self.delivery.images, Images::Own(_));
        let (needs, condition) = if own {
            let condition = format!("github.event_name == 'push' && needs.{before}.outputs.changes == '0'");
            (before, condition)
        } else {
            ("check".to_owned(), "github.event_name == 'push'".to_owned())
        };
        let mut env = Mapping::new().with(
            "TAG",
            "${{ github.sha }}-${{ github.run_id }}-${{ github.run_attempt }}",
        );
        if !own {
            env = env
                .with("REGISTRY_USER", "${{ vars.EXOC_REGISTRY_USER }}")
                .with("REGISTRY_PASSWORD", "${{ secrets.EXOC_REGISTRY_PASSWORD }}");
        }
        let build = step("Build and push", shell::build(self.delivery))
            .comment("A tag is given once, also where a job runs again.")
            .with("env", env);
        let keep = self.keep("GITHUB_SHA", &["images.auto.tfvars.json"]);
        let mut steps = self.enter("aws docker jq", "PUSH", Mapping::new());
        steps.push(build);
        steps.push(step("Keep the names of the images", keep));
        let job = job(&self.titled("images"))
            .with("needs", needs)
            .with("if", condition);
        self.surroundings(job).with("steps", list(steps))
    }

    fn plan(&self, stage: Stage) -> Mapping {
        let after = match self.delivery.images {
            Images::None => "check".to_owned(),
            Images::Own(_) | Images::Elsewhere(_) => self.job("images"),
        };
        let mut steps = self.enter(&self.tools(), "PLAN", Mapping::new());
        steps.push(self.init(Lock::Written));
        steps.push(self.planned(stage, "GITHUB_SHA"));
        let job = job(&self.titled("plan"))
            .with("needs", after)
            .with("if", "github.event_name == 'push'");
        self.surroundings(job).with("steps", list(steps))
    }

    /// Plans with the images of a commit, and keeps the plan for whoever applies it.
    fn planned(&self, stage: Stage, commit: &str) -> Mapping {
        let images: &[&str] = match self.delivery.images {
            Images::None => &[],
            Images::Own(_) | Images::Elsewhere(_) => &["images.auto.tfvars.json"],
        };
        let run = format!(
            "{}{}cat plan.txt\n{}",
            self.fetch(commit, images),
            shell::plan(self.scaffold.tool, stage),
            self.keep(commit, &[stage.plan(), ".terraform.lock.hcl"]),
        );
        step("Plan", run)
    }

    /// Applies the plan of a stage, if the environment has it.
    fn apply(&self, stage: Stage) -> Option<Mapping> {
        let (tool, delivery) = (self.scaffold.tool, self.delivery);
        let own = matches!(delivery.images, Images::Own(_));
        let title = match (stage, delivery.before) {
            (Stage::Repositories, _) if own => "apply repositories",
            (Stage::Before, Jobs::Some) => "run jobs before",
            (Stage::Release, _) => "apply",
            (Stage::Repositories, _) | (Stage::Before, Jobs::None) => return None,
        };
        let commit = Mapping::new().with("ref", "${{ inputs.commit }}");
        let mut steps = self.enter(&self.tools(), "APPLY", commit);
        let files = [stage.plan(), ".terraform.lock.hcl"];
        let of_commit =
            |step: Mapping| step.with("env", Mapping::new().with("COMMIT", "${{ inputs.commit }}"));
        steps.push(of_commit(step("Fetch the plan", self.fetch("COMMIT", &files))));
        steps.push(self.init(Lock::Kept));
        let secrets: Mapping = delivery
            .secrets
            .iter()
            .filter(|_| stage != Stage::Repositories)
            .map(|name| {
                let secret = format!("${{{{ secrets.{}_{name} }}}}", delivery.prefix());
                (format!("SECRET_{name}"), secret)
            })
            .collect();
        steps.push(step("Apply", shell::apply(tool, delivery, stage)).with_map_unless_empty("env", secrets));
        if stage == Stage::Before {
            steps.push(step("Run the jobs", shell::jobs(tool, "before_deploy")));
            steps.push(of_commit(self.planned(Stage::Release, "COMMIT")));
        }
        if stage == Stage::Release && delivery.after == Jobs::Some {
            steps.push(step("Run the jobs after", shell::jobs(tool, "after_deploy")));
        }
        let condition = format!(
            "inputs.environment == '{}' && inputs.stage == '{}'",
            delivery.environment,
            word(stage)
        );
        let job = job(&self.titled(title)).with("if", condition);
        Some(self.surroundings(job).with("steps", list(steps)))
    }
}
