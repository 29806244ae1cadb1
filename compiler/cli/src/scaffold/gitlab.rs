//! The jobs for GitLab, in a file that a pipeline includes. A job takes a role of AWS by a token that GitLab signs for it;
//! what changes anything waits for a person who may deploy to the environment.

use super::delivery::{Delivery, Images, Jobs};
use super::shell::{self, Lock, Stage};
use super::{Presence, RUST, Scaffold, Written, head};
use crate::args::Tool;
use exoc_emit::yaml::{Mapping, Yaml, list, print, quoted_flow_list};

/// The name of the service on the command line.
const CI: &str = "gitlab";

/// Where the jobs are.
const FILE: &str = ".gitlab/exoc.yml";

/// Images that jobs run in. A digest pins one harder than the tag of a release.
const ALPINE: &str = "alpine:3.22";
const DOCKER: &str = "docker:29";
const ENGINE: &str = "docker:29-dind";
const EMULATORS: &str = "tonistiigi/binfmt:qemu-v10.0.4";

/// A pipeline of a pull request from this project, not from a fork.
const REQUEST: &str =
    "$CI_PIPELINE_SOURCE == \"merge_request_event\" && $CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID";

/// A pipeline of the branch that is released.
const PUSH: &str = "$CI_PIPELINE_SOURCE == \"push\" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH";

/// The jobs, and a pipeline that includes them if there is none.
pub(super) fn files(scaffold: &Scaffold) -> Vec<Written> {
    let include = Mapping::new().with("include", list([Mapping::new().with("local", FILE)]));
    vec![
        Written {
            path: FILE,
            text: print(&jobs(scaffold)),
            presence: Presence::InTheWay,
        },
        Written {
            path: ".gitlab-ci.yml",
            text: print(&include),
            presence: Presence::Stays,
        },
    ]
}

fn jobs(scaffold: &Scaffold) -> Mapping {
    let mut jobs = Mapping::new()
        .comment(head(CI))
        .comment("The stages test and deploy are those that every pipeline has.")
        .with("exoc:check", check(scaffold))
        .blank()
        .comment("Only with a token that may comment; runs nothing of the merge request.")
        .with("exoc:changes", changes(scaffold));
    for delivery in &scaffold.deliveries {
        let environment = Environment { scaffold, delivery };
        for (name, purpose, job) in environment.jobs() {
            jobs = jobs.blank().comment(purpose);
            jobs.insert(format!("{}:{name}", delivery.environment), job);
        }
    }
    jobs
}

/// One rule, with what else it says.
fn rule(condition: &str) -> Mapping {
    Mapping::new().with("if", condition)
}

/// The commands of a job, which all run in one shell.
fn script(parts: Vec<String>) -> Yaml {
    let strict = std::iter::once("set -euo pipefail".to_owned());
    list(strict.chain(parts))
}

fn check(scaffold: &Scaffold) -> Mapping {
    let mut parts = vec![
        "apt-get update -qq && apt-get install -qq -y jq > /dev/null".to_owned(),
        shell::install(),
    ];
    parts.extend(enter(scaffold));
    parts.push("exoc check".to_owned());
    parts.push("exoc build --check".to_owned());
    parts.extend(
        scaffold
            .deliveries
            .iter()
            .map(|delivery| shell::fits(delivery, CI)),
    );
    parts.push(format!(
        "if [ -n \"${{CI_MERGE_REQUEST_DIFF_BASE_SHA-}}\" ]; then\n  \
         {}cat {file}\n\
         else\n  \
         : > {file}\n\
         fi\n",
        shell::difference("\"$CI_MERGE_REQUEST_DIFF_BASE_SHA\"").replace('\n', "\n  "),
        file = shell::CHANGES,
    ));
    let told = Mapping::new()
        .with(
            "paths",
            list([format!("{}{}", scaffold.application, shell::CHANGES)]),
        )
        .with("expire_in", "3 days");
    Mapping::new()
        .with("stage", "test")
        .with("image", format!("rust:{RUST}"))
        .with(
            "variables",
            Mapping::new()
                .comment("A commit instead of the tag pins it harder.")
                .with("EXOC_REVISION", shell::revision())
                .comment("With all commits, for what changes.")
                .with("GIT_DEPTH", "0"),
        )
        .with(
            "rules",
            list([rule("$CI_PIPELINE_SOURCE == \"merge_request_event\""), rule(PUSH)]),
        )
        .with("script", script(parts))
        .with("artifacts", told)
}

/// The way into the application's folder, if it is not the repository's.
fn enter(scaffold: &Scaffold) -> Option<String> {
    let folder = scaffold.application.trim_end_matches('/');
    (!folder.is_empty()).then(|| format!("cd '{}'", folder.replace('\'', "'\\''")))
}

/// Tells a merge request what it changes, in terms of the application.
fn changes(scaffold: &Scaffold) -> Mapping {
    let mut parts = vec!["apk add --no-cache --quiet curl jq".to_owned()];
    parts.extend(enter(scaffold));
    parts.push(shell::comment_changes());
    parts.push(send(shell::CHANGES_MARK));
    Mapping::new()
        .with("stage", "deploy")
        .with("image", ALPINE)
        .with("needs", list(["exoc:check"]))
        .with(
            "rules",
            list([rule(&format!("{REQUEST} && $EXOC_COMMENT_TOKEN"))]),
        )
        .with("variables", Mapping::new().with("GIT_STRATEGY", "none"))
        .with("script", script(parts))
}

/// Sends `comment.json`, in place of the note that begins so, if there is one.
fn send(mark: &str) -> String {
    let curl = "curl --fail --silent --show-error";
    format!(
        "notes=\"$CI_API_V4_URL/projects/$CI_PROJECT_ID/merge_requests/$CI_MERGE_REQUEST_IID/notes\"\n\
         header=$(mktemp)\n\
         printf 'PRIVATE-TOKEN: %s\\nContent-Type: application/json\\n' \"$EXOC_COMMENT_TOKEN\" > \"$header\"\n\
         old=$({curl} --header \"@$header\" \"$notes?sort=asc&per_page=100\" |\n  \
         jq '[.[] | select(.body | startswith(\"{mark}\"))] | last | .id // empty')\n\
         if [ -n \"$old\" ]; then\n  \
         {curl} --output /dev/null --header \"@$header\" --request PUT --data @comment.json \"$notes/$old\"\n\
         else\n  \
         {curl} --output /dev/null --header \"@$header\" --request POST --data @comment.json \"$notes\"\n\
         fi\n"
    )
}

/// An environment and what is written for it.
struct Environment<'a> {
    scaffold: &'a Scaffold,
    delivery: &'a Delivery,
}

impl Environment<'_> {
    /// The jobs: names, what each is for, and what it is.
    fn jobs(&self) -> Vec<(&'static str, &'static str, Mapping)> {
        let mut jobs = vec![
            (
                "preview",
                "Shows what a merge request changes. A fork gets no role.",
                self.preview(),
            ),
            (
                "comment",
                "Only with a token that may comment; runs nothing of the merge request.",
                self.comment(),
            ),
        ];
        if let Images::Own(_) = self.delivery.images {
            jobs.push((
                "repositories-plan",
                "New images need repositories before anything is pushed.",
                self.plan(Stage::Repositories),
            ));
            jobs.push((
                "repositories",
                "Waits for a person, and applies exactly that plan.",
                self.apply(Stage::Repositories),
            ));
        }
        if self.delivery.images != Images::None {
            jobs.push((
                "images",
                "Builds and pushes; waits for nobody, for nothing runs them yet.",
                self.images(),
            ));
        }
        if self.delivery.before == Jobs::Some {
            jobs.push((
                "before-plan",
                "What the jobs before a deployment need, and nothing of the services.",
                self.plan(Stage::Before),
            ));
            jobs.push((
                "before",
                "Waits for a person, applies exactly that plan, and runs the jobs.",
                self.apply(Stage::Before),
            ));
        }
        jobs.push((
            "plan",
            "The plan of the release, for whoever approves it.",
            self.plan(Stage::Release),
        ));
        jobs.push((
            "apply",
            "Waits for a person, and applies exactly that plan.",
            self.apply(Stage::Release),
        ));
        jobs
    }

    fn job(&self, name: &str) -> String {
        format!("{}:{name}", self.delivery.environment)
    }

    /// The module's folder from the repository's root.
    fn module(&self) -> String {
        format!("{}{}", self.scaffold.application, self.delivery.module())
    }

    /// A need of a job of this environment, with its files.
    fn need(&self, name: &str) -> Mapping {
        Mapping::new().with("job", self.job(name))
    }

    fn begin(&self, image: impl Into<Yaml>) -> Mapping {
        Mapping::new().with("stage", "deploy").with("image", image)
    }

    /// The image with the program that plans and applies.
    fn tool(&self) -> Yaml {
        let release = self.scaffold.tool.release();
        let name = match self.scaffold.tool {
            Tool::Tofu => format!("ghcr.io/opentofu/opentofu:{release}"),
            Tool::Terraform => format!("hashicorp/terraform:{release}"),
        };
        Mapping::new()
            .with("name", name)
            .with("entrypoint", quoted_flow_list([""]))
            .into()
    }

    /// A token, the role that it is for, and where the state is.
    fn role(&self, job: Mapping, role: &str, variables: Mapping) -> Mapping {
        let prefix = self.delivery.prefix();
        let bucket = self.delivery.bucket.is_none();
        let token = Mapping::new().with("aud", "sts.amazonaws.com");
        job.with("id_tokens", Mapping::new().with("AWS_ID_TOKEN", token))
            .with(
                "variables",
                variables
                    .with("AWS_ROLE_ARN", format!("${prefix}_{role}_ROLE"))
                    .with("AWS_REGION", self.delivery.region.as_str())
                    .with_some("STATE_BUCKET", bucket.then(|| format!("${prefix}_STATE_BUCKET")))
                    .with("TF_IN_AUTOMATION", "true"),
            )
    }

    /// What every job with a role begins with. The token is kept in a file, where the programs of AWS look for it.
    fn enter(&self, packages: &str) -> Vec<String> {
        vec![
            format!("apk add --no-cache --quiet {packages}"),
            "AWS_WEB_IDENTITY_TOKEN_FILE=$(mktemp)\n\
             export AWS_WEB_IDENTITY_TOKEN_FILE\n\
             printf '%s' \"$AWS_ID_TOKEN\" > \"$AWS_WEB_IDENTITY_TOKEN_FILE\"\n"
                .to_owned(),
            format!("cd '{}'", self.module().replace('\'', "'\\''")),
        ]
    }

    /// What a job hands on, and for how long.
    fn artifacts(&self, files: &[&str], days: &str) -> Mapping {
        let module = self.module();
        Mapping::new()
            .with("paths", list(files.iter().map(|file| format!("{module}/{file}"))))
            .with("expire_in", days)
            .with("access", "developer")
    }

    fn preview(&self) -> Mapping {
        let tool = self.scaffold.tool;
        let mut parts = self.enter("aws-cli jq");
        parts.push(shell::init(tool, self.delivery, Lock::Written));
        if self.delivery.images != Images::None {
            parts.push(shell::running(tool));
        }
        parts.push(shell::plan(tool, Stage::Release) + "cat plan.txt\n");
        parts.push(shell::report(tool, Stage::Release));
        let report = format!("{}/report.json", self.module());
        let artifacts = self
            .artifacts(&["plan.txt"], "3 days")
            .with("reports", Mapping::new().with("terraform", report));
        let job = self
            .begin(self.tool())
            .with("needs", list(["exoc:check"]))
            .with("rules", list([rule(REQUEST)]))
            .with("interruptible", true);
        self.role(job, "PLAN", Mapping::new())
            .with("script", script(parts))
            .with("artifacts", artifacts)
    }

    fn comment(&self) -> Mapping {
        let parts = vec![
            "apk add --no-cache --quiet curl jq".to_owned(),
            format!("cd '{}'", self.module().replace('\'', "'\\''")),
            shell::comment(self.delivery),
            send(&shell::mark(self.delivery)),
        ];
        self.begin(self.tool())
            .with("needs", list([self.need("preview")]))
            .with(
                "rules",
                list([rule(&format!("{REQUEST} && $EXOC_COMMENT_TOKEN"))]),
            )
            .with("variables", Mapping::new().with("GIT_STRATEGY", "none"))
            .with("script", script(parts))
    }

    fn images(&self) -> Mapping {
        let engine = "docker run --privileged --rm";
        let mut parts = self.enter("aws-cli jq");
        parts.push(format!(
            "{engine} {EMULATORS} --install all\ndocker context create exoc\ndocker buildx create --use exoc\n"
        ));
        // Each try of the job has a number of its own.
        parts.push(
            "# A tag is given once, also where a job runs again.\n\
             TAG=$CI_COMMIT_SHA-$CI_PIPELINE_ID-$CI_JOB_ID\n\
             export TAG\n"
                .to_owned(),
        );
        parts.push(shell::build(self.delivery));
        let mut needs = vec![Mapping::new().with("job", "exoc:check")];
        let mut variables = Mapping::new()
            .with("DOCKER_HOST", "tcp://docker:2376")
            .with("DOCKER_TLS_VERIFY", "1")
            .with("DOCKER_TLS_CERTDIR", "/certs")
            .with("DOCKER_CERT_PATH", "/certs/client");
        match self.delivery.images {
            Images::Own(_) => needs.push(self.need("repositories").with("optional", true)),
            Images::Elsewhere(_) => {
                variables = variables
                    .with("REGISTRY_USER", "$EXOC_REGISTRY_USER")
                    .with("REGISTRY_PASSWORD", "$EXOC_REGISTRY_PASSWORD");
            }
            Images::None => {}
        }
        let job = self
            .begin(DOCKER)
            .with("services", list([ENGINE]))
            .with("needs", list(needs))
            .with("rules", list([rule(PUSH)]));
        self.role(job, "PUSH", variables)
            .with("script", script(parts))
            .with(
                "artifacts",
                self.artifacts(&["images.auto.tfvars.json"], "3 days"),
            )
    }

    /// When the jobs of a stage are there: always, but that repositories only change with their file.
    fn when(&self, stage: Stage) -> Mapping {
        match stage {
            Stage::Repositories => {
                rule(PUSH).with("changes", list([format!("{}/registry.tf", self.module())]))
            }
            Stage::Before | Stage::Release => rule(PUSH),
        }
    }

    fn plan(&self, stage: Stage) -> Mapping {
        let tool = self.scaffold.tool;
        let mut needs = Vec::new();
        let has_images = self.delivery.images != Images::None;
        if stage == Stage::Repositories || !has_images {
            needs.push(Mapping::new().with("job", "exoc:check"));
        }
        let mut parts = self.enter("aws-cli jq");
        parts.push(shell::init(tool, self.delivery, Lock::Written));
        match stage {
            Stage::Repositories => parts.push(shell::running(tool)),
            Stage::Before | Stage::Release if has_images => needs.push(self.need("images")),
            Stage::Before | Stage::Release => {}
        }
        if stage == Stage::Release && self.delivery.before == Jobs::Some {
            needs.push(self.need("before"));
        }
        parts.push(shell::plan(tool, stage) + "cat plan.txt\n");
        let job = self
            .begin(self.tool())
            .with("needs", list(needs))
            .with("rules", list([self.when(stage)]));
        self.role(job, "PLAN", Mapping::new())
            .with("script", script(parts))
            .with(
                "artifacts",
                self.artifacts(&[stage.plan(), ".terraform.lock.hcl"], "3 days"),
            )
    }

    fn apply(&self, stage: Stage) -> Mapping {
        let (tool, delivery) = (self.scaffold.tool, self.delivery);
        let plan = match stage {
            Stage::Repositories => "repositories-plan",
            Stage::Before => "before-plan",
            Stage::Release => "plan",
        };
        let mut parts = self.enter("aws-cli jq");
        parts.push(shell::init(tool, delivery, Lock::Kept));
        parts.push(shell::apply(tool, delivery, stage));
        if stage == Stage::Before {
            parts.push(shell::jobs(tool, "before_deploy"));
        }
        if stage == Stage::Release && delivery.after == Jobs::Some {
            parts.push(shell::jobs(tool, "after_deploy"));
        }
        // The pipeline waits here: a job that is started by hand and may not fail.
        let manual = self
            .when(stage)
            .with("when", "manual")
            .with("allow_failure", false);
        let job = self
            .begin(self.tool())
            .with("needs", list([self.need(plan)]))
            .with("rules", list([manual]))
            .with(
                "environment",
                Mapping::new().with("name", delivery.environment.as_str()),
            )
            .with("resource_group", delivery.environment.as_str());
        self.role(job, "APPLY", Mapping::new())
            .with("script", script(parts))
    }
}
