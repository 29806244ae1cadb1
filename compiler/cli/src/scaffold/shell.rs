//! The commands of steps, for a POSIX shell with `-e`, `-u` and `pipefail`. Every one runs in the folder of a module,
//! unless it says otherwise. No text of a pull request is part of a command: what comes from outside comes through
//! variables.

use super::delivery::{Delivery, FILE, Images, Jobs};
use super::{REVISION, SOURCE};
use crate::args::Tool;

/// Where the application's folder is, seen from a module.
const APPLICATION: &str = "../../..";

/// What is planned and applied in one go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// The repositories that images are pushed to.
    Repositories,
    /// What the jobs before a deployment need.
    Before,
    /// Everything.
    Release,
}

impl Stage {
    /// The file that a plan is saved in.
    pub(super) const fn plan(self) -> &'static str {
        match self {
            Self::Repositories => "repositories.plan",
            Self::Before => "before.plan",
            Self::Release => "release.plan",
        }
    }
}

/// Installs exoc, anywhere. The lock file has the sum of everything that is compiled.
pub(super) fn install() -> String {
    format!("cargo install --locked --quiet --git {SOURCE} --rev \"$EXOC_REVISION\" exoc\n")
}

/// What [`install`] installs.
pub(super) const fn revision() -> &'static str {
    REVISION
}

/// Fails if the workflow was written for another application than this one has become. Runs in the application's folder.
pub(super) fn fits(delivery: &Delivery, ci: &str) -> String {
    let there = |jobs: Jobs| match jobs {
        Jobs::Some => "> 0",
        Jobs::None => "== 0",
    };
    let registry = match &delivery.images {
        Images::None => ".registry == null and .images == {}".to_owned(),
        Images::Own(registry) => format!(".registry == \"{registry}\""),
        Images::Elsewhere(_) => ".registry == null and .images != {}".to_owned(),
    };
    let secrets: Vec<String> = delivery
        .secrets
        .iter()
        .map(|name| format!("\"{name}\""))
        .collect();
    let bucket = match &delivery.bucket {
        Some(bucket) => format!("\"{bucket}\""),
        None => "null".to_owned(),
    };
    format!(
        "if ! jq --exit-status '\n  \
         .account == \"{}\" and .region == \"{}\" and .state.bucket == {bucket}\n  \
         and {registry}\n  \
         and (.before_deploy | length) {} and (.after_deploy | length) {}\n  \
         and .secrets == [{}]\n\
         ' {module}/{FILE} > /dev/null; then\n  \
         echo 'This workflow was written for another state of the application than {module}/{FILE} says:' >&2\n  \
         echo 'change it to fit, or have it written anew by: exoc init --ci {ci} --force' >&2\n  \
         exit 1\n\
         fi\n",
        delivery.account,
        delivery.region,
        there(delivery.before),
        there(delivery.after),
        secrets.join(", "),
        module = delivery.module(),
    )
}

/// Fetches providers and finds the state.
pub(super) fn init(tool: Tool, delivery: &Delivery, lock: Lock) -> String {
    let lock = match lock {
        Lock::Written => "",
        Lock::Kept => " -lockfile=readonly",
    };
    let bucket = match &delivery.bucket {
        Some(_) => String::new(),
        None => format!(
            " -backend-config=bucket=\"${{STATE_BUCKET:?is given by the variable {}_STATE_BUCKET}}\"",
            delivery.prefix()
        ),
    };
    format!("{} init -input=false -no-color{lock}{bucket}\n", tool.program())
}

/// What becomes of the list of providers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lock {
    /// It is written if it is not there.
    Written,
    /// It is that of a plan: no other provider may apply what one has planned.
    Kept,
}

/// Gives a plan the images that run now, so that it shows no new release. One that never ran gets a tag that nothing has.
/// The program reads the file of inputs as well: it must not be there half.
pub(super) fn running(tool: Tool) -> String {
    format!(
        "{} show -no-color -json | jq --slurpfile release {FILE} '\n  \
         [.values.root_module.resources[]? | select(.type == \"aws_ecs_task_definition\")\n    \
         | .values.container_definitions | fromjson | .[].image] as $running\n  \
         | {{ images: ($release[0].images | map_values(.repository as $repository\n    \
         | first(($running[] | select(startswith($repository + \":\"))), $repository + \":none\"))) }}\n\
         ' > images.json\n\
         mv images.json images.auto.tfvars.json\n",
        tool.program()
    )
}

/// Builds and pushes every image under the tag `TAG`, and gives plans these images.
pub(super) fn build(delivery: &Delivery) -> String {
    let login = match &delivery.images {
        Images::None => String::new(),
        Images::Own(registry) => format!(
            "aws ecr get-login-password --region {} |\n  docker login --username AWS --password-stdin {registry}\n",
            delivery.region
        ),
        Images::Elsewhere(host) => format!(
            "printf '%s' \"$REGISTRY_PASSWORD\" |\n  docker login --username \"$REGISTRY_USER\" --password-stdin {host}\n"
        ),
    };
    format!(
        "{login}\
         commands=$(mktemp)\n\
         jq --raw-output '.images[] | select(.context) | [\"docker\", \"buildx\", \"build\", \"--push\",\n    \
         \"--platform\", (.platforms | join(\",\")), \"--file\", .context + \"/\" + .dockerfile,\n    \
         (.target // empty | \"--target\", .), (.args | to_entries[] | \"--build-arg\", .key + \"=\" + .value),\n    \
         \"--tag\", .repository + \":\" + env.TAG, .context] | @sh' {FILE} > \"$commands\"\n\
         (cd {APPLICATION} && sh -eu \"$commands\")\n\
         if [ -f images/docker-bake.hcl ]; then\n  \
         docker buildx bake --allow=fs.read={APPLICATION} --file images/docker-bake.hcl --push\n\
         fi\n\
         jq '{{ images: (.images | map_values(.repository + \":\" + env.TAG)) }}' {FILE} > images.auto.tfvars.json\n"
    )
}

/// Plans a stage, saves the plan, and says it as text in `plan.txt`. Takes no lock: who only reads may not write one, and
/// a plan of a state that has changed since is refused by `apply`.
pub(super) fn plan(tool: Tool, stage: Stage) -> String {
    let program = tool.program();
    let file = stage.plan();
    let plan = format!("{program} plan -input=false -no-color -lock=false -out={file}");
    let plan = match stage {
        Stage::Repositories => format!(
            "jq --raw-output '.images[] | .resource // empty | \"-target=\" + .' {FILE} | xargs {plan}\n"
        ),
        Stage::Before => format!("{plan} -target=terraform_data.before_deploy\n"),
        Stage::Release => format!("{plan}\n"),
    };
    format!("{plan}{program} show -no-color {file} > plan.txt\n")
}

/// How many resources a saved plan changes, in the variable `changes`.
pub(super) fn changes(tool: Tool, stage: Stage) -> String {
    format!(
        "changes=$({} show -no-color -json {} |\n  \
         jq '[.resource_changes[]? | select(.change.actions | . != [\"no-op\"] and . != [\"read\"])] | length')\n",
        tool.program(),
        stage.plan()
    )
}

/// Counts what a saved plan does into `report.json`, as GitLab shows it beside a merge request.
pub(super) fn report(tool: Tool, stage: Stage) -> String {
    format!(
        "{} show -no-color -json {} | jq '[.resource_changes[]?.change.actions]\n  \
         | {{ create: map(select(index(\"create\"))) | length, update: map(select(. == [\"update\"])) | length,\n    \
         delete: map(select(index(\"delete\"))) | length }}' > report.json\n",
        tool.program(),
        stage.plan()
    )
}

/// Applies a saved plan and nothing else, with the values of secrets that are given.
pub(super) fn apply(tool: Tool, delivery: &Delivery, stage: Stage) -> String {
    let apply = format!(
        "{} apply -input=false -no-color {}\n",
        tool.program(),
        stage.plan()
    );
    if delivery.secrets.is_empty() || stage == Stage::Repositories {
        return apply;
    }
    let fields: Vec<String> = delivery
        .secrets
        .iter()
        .map(|name| format!("{name}: env.SECRET_{name}"))
        .collect();
    format!(
        "TF_VAR_secrets=$(jq --null-input --compact-output '{{ {} }}\n  \
         | with_entries(select((.value // \"\") != \"\"))')\n\
         export TF_VAR_secrets\n{apply}",
        fields.join(", ")
    )
}

/// Runs the jobs of an output one after the other, and fails with the first that does.
pub(super) fn jobs(tool: Tool, output: &str) -> String {
    format!(
        "machines=$({} output -json {output} | jq --raw-output '.[]')\n\
         for machine in $machines; do\n  \
         run=$(aws stepfunctions start-execution --state-machine-arn \"$machine\" --query executionArn --output text)\n  \
         while status=$(aws stepfunctions describe-execution --execution-arn \"$run\" --query status --output text) &&\n    \
         [ \"$status\" = RUNNING ]; do sleep 5; done\n  \
         echo \"$machine: $status\"\n  \
         [ \"$status\" = SUCCEEDED ]\n\
         done\n",
        tool.program()
    )
}

/// The file that says what a change is about, in the application's folder.
pub(super) const CHANGES: &str = "changes.md";

/// Says what changed since a commit, in terms of the application, in [`CHANGES`]. Runs in the application's folder. It is
/// for people to read: where it cannot be told, the check goes on.
pub(super) fn difference(from: &str) -> String {
    format!(
        "if ! exoc diff --from {from} --markdown > {CHANGES}; then\n  \
         echo 'What this changes could not be told; the log of the check says why.' > {CHANGES}\n\
         fi\n"
    )
}

/// The first line of the comment with [`CHANGES`].
pub(super) const CHANGES_MARK: &str = "<!-- exoc -->";

/// Writes the body of a comment from [`CHANGES`], which knows how long one may be, to `comment.json`.
pub(super) fn comment_changes() -> String {
    format!(
        "{{\n  \
         printf '%s\\n\\n' '{CHANGES_MARK}'\n  \
         cat {CHANGES}\n\
         }} | jq --raw-input --slurp '{{ body: . }}' > comment.json\n"
    )
}

/// The first line of a comment, by which the next run finds it.
pub(super) fn mark(delivery: &Delivery) -> String {
    format!("<!-- exoc: {} -->", delivery.environment)
}

/// Writes the body of a comment from `plan.txt` to `comment.json`: how much changes, what does, and the plan itself. Its
/// lines are indented, so that none of them can end the block that it stands in; services refuse more than some 65,000
/// characters.
pub(super) fn comment(delivery: &Delivery) -> String {
    format!(
        "{{\n  \
         sed -n -e '/^Plan:/p' -e '/^No changes/p' plan.txt\n  \
         sed -n '/^  # /p' plan.txt\n  \
         cat plan.txt\n\
         }} > told.txt\n\
         {{\n  \
         printf '%s\\n\\n' '{}' 'Plan of **{}**:'\n  \
         head -c 50000 told.txt | sed 's/^/    /'\n  \
         if [ \"$(wc -c < told.txt)\" -gt 50000 ]; then\n    \
         printf '\\n\\n%s\\n' 'The rest is in the log of the job.'\n  \
         fi\n\
         }} | jq --raw-input --slurp '{{ body: . }}' > comment.json\n",
        mark(delivery),
        delivery.environment
    )
}
