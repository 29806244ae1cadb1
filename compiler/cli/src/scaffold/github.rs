//! The workflow for GitHub Actions. Every job has only the permissions that it needs, and a role of AWS only by a token
//! that GitHub signs for it.

use super::action::{self, Action};
use super::delivery::{Delivery, Images, Jobs};
use super::shell::{self, Lock, Stage};
use super::steps::{checks, here, step};
use super::{Presence, RUST, Scaffold, Written, head};
use crate::args::Tool;
use exoc_emit::yaml::{Mapping, Yaml, flow_list, list, print};

/// The name of the service on the command line.
const CI: &str = "github";

/// The workflow.
pub(super) fn files(scaffold: &Scaffold) -> Vec<Written> {
    let text = print(&workflow(scaffold));
    vec![Written {
        path: ".github/workflows/exoc.yml",
        text,
        presence: Presence::InTheWay,
    }]
}

fn workflow(scaffold: &Scaffold) -> Mapping {
    let mut jobs = Mapping::new()
        .with("check", check(scaffold))
        .blank()
        .comment("Has no role, and runs nothing of the pull request.")
        .with("changes", changes());
    for delivery in &scaffold.deliveries {
        let environment = Environment { scaffold, delivery };
        for (name, purpose, job) in environment.jobs() {
            jobs = jobs.blank().comment(purpose);
            jobs.insert(name, job);
        }
    }
    let on = Mapping::new()
        .with("pull_request", Mapping::new())
        .comment("The branch that is released.")
        .with("push", Mapping::new().with("branches", flow_list(["main"])));
    Mapping::new()
        .comment(head(CI))
        .with("name", "exoc")
        .blank()
        .with("on", on)
        .blank()
        .comment("Nothing, unless a job says otherwise.")
        .with("permissions", Mapping::new())
        .blank()
        .with(
            "defaults",
            Mapping::new().with(
                "run",
                Mapping::new().with("shell", "bash --noprofile --norc -euo pipefail {0}"),
            ),
        )
        .blank()
        .with("jobs", jobs)
}

/// A job with these permissions; the minutes end one that hangs.
fn job(name: &str, minutes: u16, permissions: &[(&'static str, &str)]) -> Mapping {
    let permissions: Mapping = permissions.iter().copied().collect();
    Mapping::new()
        .with("name", name)
        .with("runs-on", "ubuntu-24.04")
        .with("timeout-minutes", minutes)
        .with("permissions", permissions)
}

/// What reads the repository and takes a role.
const WITH_ROLE: [(&str, &str); 2] = [("contents", "read"), ("id-token", "write")];

/// The tree, without the credentials that it was fetched with.
fn checkout() -> Mapping {
    checkout_with(Mapping::new())
}

fn checkout_with(with: Mapping) -> Mapping {
    action::CHECKOUT.step(with.with("persist-credentials", false))
}

/// A pull request from this repository. GitHub gives no job of a fork or of Dependabot a token for a role, nor one that
/// may comment.
const OWN_REQUEST: &str = "github.event_name == 'pull_request' && github.event.pull_request.head.repo.full_name == github.repository \
                           && github.event.pull_request.user.login != 'dependabot[bot]'";

/// What a later job reads of what the check says.
const TOLD: &str = "changes";

fn check(scaffold: &Scaffold) -> Mapping {
    let variables = Mapping::new()
        .with("EXOC_REVISION", shell::revision())
        .with("RUSTUP_TOOLCHAIN", RUST);
    // What is checked out of a pull request is its merge: its first parent is the branch that it goes to.
    let deep = Mapping::new()
        .comment("With the commit before, for what changes.")
        .with("fetch-depth", 2u8);
    let mut steps = vec![
        checkout_with(deep),
        step(
            "Install Rust",
            format!("rustup toolchain install {RUST} --profile minimal --no-self-update\n"),
        ),
    ];
    steps.extend(checks(scaffold, CI, variables));
    let tell = shell::difference("HEAD^1") + &format!("cat {} >> \"$GITHUB_STEP_SUMMARY\"\n", shell::CHANGES);
    let upload = action::UPLOAD.step(kept(TOLD, &format!("{}{}", scaffold.application, shell::CHANGES)));
    for step in [here(scaffold, step("What changes", tell)), upload] {
        steps.push(step.with("if", "github.event_name == 'pull_request'"));
    }
    job("check", 30, &[("contents", "read")]).with("steps", list(steps))
}

/// What an upload keeps for later jobs.
fn kept(name: &str, path: &str) -> Mapping {
    Mapping::new()
        .with("name", name)
        .with("path", path)
        .with("if-no-files-found", "error")
        .with("include-hidden-files", true)
        .with("overwrite", true)
        .with("retention-days", 3u8)
}

/// Tells a pull request what it changes, in terms of the application.
fn changes() -> Mapping {
    let download = action::DOWNLOAD.step(Mapping::new().with("name", TOLD).with("path", "."));
    let send = shell::comment_changes() + &send(shell::CHANGES_MARK);
    job("changes", 10, &[("pull-requests", "write")])
        .with("needs", "check")
        .with("if", OWN_REQUEST)
        .with("steps", list([download, comment(send)]))
}

/// Sends `comment.json`, in place of the comment that begins so, if there is one.
fn send(mark: &str) -> String {
    format!(
        "comments=\"repos/$GITHUB_REPOSITORY/issues\"\n\
         old=$(gh api --paginate \"$comments/$NUMBER/comments\" --jq '.[]\n  \
         | select(.user.login == \"github-actions[bot]\" and (.body | startswith(\"{mark}\")))\n  \
         | .id' | tail -n 1)\n\
         if [ -n \"$old\" ]; then\n  \
         gh api --silent --method PATCH \"$comments/comments/$old\" --input comment.json\n\
         else\n  \
         gh api --silent --method POST \"$comments/$NUMBER/comments\" --input comment.json\n\
         fi\n"
    )
}

/// A step that comments on the pull request.
fn comment(commands: String) -> Mapping {
    step("Comment", commands).with(
        "env",
        Mapping::new()
            .with("GH_TOKEN", "${{ github.token }}")
            .with("NUMBER", "${{ github.event.pull_request.number }}"),
    )
}

/// An environment and what is written for it.
struct Environment<'a> {
    scaffold: &'a Scaffold,
    delivery: &'a Delivery,
}

/// Who plans, pushes or applies: the name of the variable that has the role.
#[derive(Clone, Copy)]
enum Role {
    Plan,
    Push,
    Apply,
}

impl Environment<'_> {
    /// The jobs: names, what each is for, and what it is.
    fn jobs(&self) -> Vec<(String, &'static str, Mapping)> {
        let mut jobs = vec![
            (
                "preview",
                "Shows what a pull request changes. A fork gets no role, nor does Dependabot.",
                self.preview(),
            ),
            (
                "comment",
                "Has no role, and runs nothing of the pull request.",
                self.comment(),
            ),
        ];
        let images = !matches!(self.delivery.images, Images::None);
        let own = matches!(self.delivery.images, Images::Own(_));
        if own {
            jobs.push((
                "repositories-plan",
                "New images need repositories before anything is pushed.",
                self.plan(Stage::Repositories, "check"),
            ));
            jobs.push((
                "repositories",
                "Only where the plan has changes; waits for an approval.",
                self.apply(Stage::Repositories, "repositories-plan"),
            ));
        }
        if images {
            jobs.push((
                "images",
                "Builds and pushes; no approval, for nothing runs them yet.",
                self.images(),
            ));
        }
        let before = if images { "images" } else { "check" };
        let gate = match self.delivery.before {
            Jobs::Some => {
                jobs.push((
                    "before-plan",
                    "What the jobs before a deployment need, and nothing of the services.",
                    self.plan(Stage::Before, before),
                ));
                jobs.push((
                    "before",
                    "Waits for an approval, applies exactly that plan, and runs the jobs.",
                    self.apply(Stage::Before, "before-plan"),
                ));
                "before"
            }
            Jobs::None => before,
        };
        jobs.push((
            "plan",
            "The plan of the release, for whoever approves it.",
            self.plan(Stage::Release, gate),
        ));
        jobs.push((
            "apply",
            "Waits for an approval, and applies exactly that plan.",
            self.apply(Stage::Release, "plan"),
        ));
        let named = |(name, purpose, job)| (self.job(name), purpose, job);
        jobs.into_iter().map(named).collect()
    }

    /// The name of a job of this environment, or of the one for all.
    fn job(&self, name: &str) -> String {
        match name {
            "check" => name.to_owned(),
            name => format!("{}-{name}", self.delivery.environment),
        }
    }

    fn titled(&self, title: &str) -> String {
        format!("{}: {title}", self.delivery.environment)
    }

    /// The module's folder from the repository's root.
    fn module(&self) -> String {
        format!("{}{}", self.scaffold.application, self.delivery.module())
    }

    /// What steps run with.
    fn surroundings(&self, job: Mapping) -> Mapping {
        let bucket = format!("${{{{ vars.{}_STATE_BUCKET }}}}", self.delivery.prefix());
        let bucket = self.delivery.bucket.is_none().then_some(bucket);
        job.with(
            "defaults",
            Mapping::new().with("run", Mapping::new().with("working-directory", self.module())),
        )
        .with(
            "env",
            Mapping::new()
                .with_some("STATE_BUCKET", bucket)
                .with("TF_IN_AUTOMATION", "true"),
        )
    }

    fn credentials(&self, role: Role) -> Mapping {
        let role = match role {
            Role::Plan => "PLAN",
            Role::Push => "PUSH",
            Role::Apply => "APPLY",
        };
        action::CREDENTIALS.step(
            Mapping::new()
                .with(
                    "role-to-assume",
                    format!("${{{{ vars.{}_{role}_ROLE }}}}", self.delivery.prefix()),
                )
                .with("aws-region", self.delivery.region.as_str())
                .with("allowed-account-ids", self.delivery.account.as_str()),
        )
    }

    fn tool(&self) -> Mapping {
        let (action, word): (Action, &str) = match self.scaffold.tool {
            Tool::Tofu => (action::TOFU, "tofu"),
            Tool::Terraform => (action::TERRAFORM, "terraform"),
        };
        action.step(
            Mapping::new()
                .with(format!("{word}_version"), self.scaffold.tool.release())
                .comment("A wrapper would change what the program says.")
                .with(format!("{word}_wrapper"), false),
        )
    }

    fn init(&self, lock: Lock) -> Mapping {
        let run = shell::init(self.scaffold.tool, self.delivery, lock);
        step("Find the state", run)
    }

    fn running(&self) -> Mapping {
        step("Take the images that run now", shell::running(self.scaffold.tool))
    }

    fn preview(&self) -> Mapping {
        let concurrency = Mapping::new()
            .with(
                "group",
                format!(
                    "exoc-{}-${{{{ github.event.pull_request.number }}}}",
                    self.delivery.environment
                ),
            )
            .with("cancel-in-progress", true);
        let mut steps = vec![
            checkout(),
            self.credentials(Role::Plan),
            self.tool(),
            self.init(Lock::Written),
        ];
        if self.delivery.images != Images::None {
            steps.push(self.running());
        }
        steps.push(step(
            "Plan",
            shell::plan(self.scaffold.tool, Stage::Release) + "cat plan.txt\n",
        ));
        steps.push(self.upload("text", &["plan.txt"]));
        let job = job(&self.titled("preview"), 30, &WITH_ROLE)
            .with("needs", "check")
            .with("if", OWN_REQUEST)
            .with("concurrency", concurrency);
        self.surroundings(job).with("steps", list(steps))
    }

    fn comment(&self) -> Mapping {
        let send = comment(shell::comment(self.delivery) + &send(&shell::mark(self.delivery)));
        job(&self.titled("comment"), 10, &[("pull-requests", "write")])
            .with("needs", self.job("preview"))
            .with("steps", list([self.download("text", "."), send]))
    }

    fn images(&self) -> Mapping {
        let mut steps = vec![
            checkout(),
            action::QEMU.step(Mapping::new()),
            action::BUILDX.step(Mapping::new()),
        ];
        let (permissions, needs, condition): (&[_], _, _) = match self.delivery.images {
            Images::Own(_) => {
                steps.push(self.credentials(Role::Push));
                // A job that was skipped counts as success for nobody but this condition.
                let condition = format!(
                    "!cancelled() && needs.{}.result == 'success' && needs.{repositories}.result != 'failure' \
                     && needs.{repositories}.result != 'cancelled'",
                    self.job("repositories-plan"),
                    repositories = self.job("repositories"),
                );
                let needs = [self.job("repositories-plan"), self.job("repositories")];
                (&WITH_ROLE, list(needs), condition)
            }
            Images::Elsewhere(_) | Images::None => (
                &[("contents", "read")],
                Yaml::from("check"),
                "github.event_name == 'push'".to_owned(),
            ),
        };
        let mut env = Mapping::new().with(
            "TAG",
            "${{ github.sha }}-${{ github.run_id }}-${{ github.run_attempt }}",
        );
        if let Images::Elsewhere(_) = self.delivery.images {
            env = env
                .with("REGISTRY_USER", "${{ vars.EXOC_REGISTRY_USER }}")
                .with("REGISTRY_PASSWORD", "${{ secrets.EXOC_REGISTRY_PASSWORD }}");
        }
        let build = step("Build and push", shell::build(self.delivery))
            .comment("A tag is given once, also where a job runs again.")
            .with("env", env);
        steps.push(build);
        steps.push(self.upload("images", &["images.auto.tfvars.json"]));
        let job = job(&self.titled("images"), 60, permissions)
            .with("needs", needs)
            .with("if", condition);
        self.surroundings(job).with("steps", list(steps))
    }

    /// Plans a stage after a job of this environment.
    fn plan(&self, stage: Stage, after: &str) -> Mapping {
        let tool = self.scaffold.tool;
        let mut steps = vec![
            checkout(),
            self.credentials(Role::Plan),
            self.tool(),
            self.init(Lock::Written),
        ];
        let mut run = shell::plan(tool, stage);
        run += "head -c 900000 plan.txt | sed 's/^/    /' >> \"$GITHUB_STEP_SUMMARY\"\n";
        let (title, outputs) = match stage {
            Stage::Repositories => {
                steps.push(self.running());
                run += &shell::changes(tool, stage);
                run += "echo \"changes=$changes\" >> \"$GITHUB_OUTPUT\"\n";
                let outputs = Mapping::new().with("changes", "${{ steps.plan.outputs.changes }}");
                ("plan repositories", Some(outputs))
            }
            Stage::Before => ("plan jobs before", None),
            Stage::Release => ("plan", None),
        };
        if stage != Stage::Repositories && self.delivery.images != Images::None {
            steps.push(self.download("images", &self.module()));
        }
        let plan = Mapping::new()
            .with("name", "Plan")
            .with("id", "plan")
            .with("run", run);
        steps.push(plan);
        steps.push(self.upload(stage.plan(), &[stage.plan(), ".terraform.lock.hcl"]));
        let condition = match after {
            "check" => "github.event_name == 'push'".to_owned(),
            after => self.succeeded(after),
        };
        let job = job(&self.titled(title), 30, &WITH_ROLE)
            .with("needs", self.job(after))
            .with("if", condition)
            .with_some("outputs", outputs);
        self.surroundings(job).with("steps", list(steps))
    }

    /// Without this, a job is skipped where any before it was, however far.
    fn succeeded(&self, after: &str) -> String {
        format!("!cancelled() && needs.{}.result == 'success'", self.job(after))
    }

    /// Applies the plan of a stage that a job of this environment has made.
    fn apply(&self, stage: Stage, after: &str) -> Mapping {
        let (tool, delivery) = (self.scaffold.tool, self.delivery);
        let title = match stage {
            Stage::Repositories => "apply repositories",
            Stage::Before => "run jobs before",
            Stage::Release => "apply",
        };
        let mut steps = vec![
            checkout(),
            self.download(stage.plan(), &self.module()),
            self.credentials(Role::Apply),
            self.tool(),
            self.init(Lock::Kept),
        ];
        let secrets: Mapping = delivery
            .secrets
            .iter()
            .filter(|_| stage != Stage::Repositories)
            .map(|name| (format!("SECRET_{name}"), format!("${{{{ secrets.{name} }}}}")))
            .collect();
        steps.push(step("Apply", shell::apply(tool, delivery, stage)).with_map_unless_empty("env", secrets));
        if stage == Stage::Before {
            steps.push(step("Run the jobs", shell::jobs(tool, "before_deploy")));
        }
        if stage == Stage::Release && delivery.after == Jobs::Some {
            steps.push(step("Run the jobs after", shell::jobs(tool, "after_deploy")));
        }
        let mut condition = self.succeeded(after);
        if stage == Stage::Repositories {
            condition = format!("{condition} && needs.{}.outputs.changes != '0'", self.job(after));
        }
        let concurrency = Mapping::new()
            .with("group", format!("exoc-{}", delivery.environment))
            .with("cancel-in-progress", false);
        let job = job(&self.titled(title), 120, &WITH_ROLE)
            .with("needs", self.job(after))
            .with("if", condition)
            .with("environment", delivery.environment.as_str())
            .with("concurrency", concurrency);
        self.surroundings(job).with("steps", list(steps))
    }

    /// Hands files of the module to later jobs. A plan holds whatever the configuration holds: it goes soon.
    fn upload(&self, name: &str, files: &[&str]) -> Mapping {
        let module = self.module();
        let paths: String = files.iter().map(|file| format!("{module}/{file}\n")).collect();
        let path = match files {
            [_] => paths.trim_end().to_owned(),
            [..] => paths,
        };
        action::UPLOAD.step(kept(&format!("{}-{name}", self.delivery.environment), &path))
    }

    fn download(&self, name: &str, path: &str) -> Mapping {
        action::DOWNLOAD.step(
            Mapping::new()
                .with("name", format!("{}-{name}", self.delivery.environment))
                .with("path", path),
        )
    }
}
