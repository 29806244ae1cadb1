//! `README.md`: what a person does before and beside `apply`, command by command.

use super::shell;
use crate::model::{
    Balancer, BuiltImage, Content, HostedZone, ImageHome, Model, Namespace, Recipe, Start, State,
    StoredSecret,
};
use std::fmt::Write as _;

/// The page, in Markdown.
pub(super) fn page(model: &Model) -> String {
    let application = &model.application;
    let place = &model.place;
    let steps = [
        differences(&model.notes),
        bootstrap(model),
        release(model),
        zones(&model.names.zones),
        given(model),
        repositories(&model.images.built),
        images(model),
        secrets(model),
        apply(model),
        after(model),
        destroy(model),
    ]
    .concat();
    let jq = if steps.contains("jq -") { " `jq`," } else { "" };
    format!(
        "# {}, {}, on AWS\n\n\
         Terraform or OpenTofu 1.11 or later, version 2 of AWS' command line,{jq} and credentials of the account {} for the region\n\
         {}. Commands are for OpenTofu; `terraform` takes the same. They run in this folder, which is written anew by each\n\
         build: files beside ours are left alone.\n{steps}",
        application.name, application.environment, place.account, place.region
    )
}

/// A block of commands.
fn commands(text: &str) -> String {
    let fence = shell::fence(text);
    format!("\n{fence}sh\n{text}{fence}\n")
}

/// What whoever reads the manifest alone would not expect.
fn differences(notes: &[(&str, String)]) -> String {
    if notes.is_empty() {
        return String::new();
    }
    let mut section = "\n## What differs from the manifest\n\n\
         The build noted this. `exoc explain`, with a code, says what that means:\n\n"
        .to_owned();
    for (code, message) in notes {
        let _ = writeln!(section, "- {code}: {message}");
    }
    section
}

fn bootstrap(model: &Model) -> String {
    let State {
        bucket,
        prefix: _,
        key,
        region: _,
        lines: _,
    } = &model.state;
    let (made, init) = match bucket {
        Some(name) => (
            format!(
                "The state is kept in the bucket `{name}`. Where it does not exist yet, this makes it, once:\n"
            ),
            "tofu init\n".to_owned(),
        ),
        None => (
            "The state is kept in a bucket. Where the account has none for it yet, this makes one, once:\n"
                .to_owned(),
            "tofu init -backend-config=bucket=\"$(tofu -chdir=bootstrap output -raw bucket)\"\n".to_owned(),
        ),
    };
    format!(
        "\n## State\n\n{made}{}\n\
         What that made is listed in `bootstrap/terraform.tfstate`, which holds no secret; keep it with the repository. Then,\n\
         here, with the state under `{key}`, encrypted and locked in the bucket itself:\n{}",
        commands("tofu -chdir=bootstrap init\ntofu -chdir=bootstrap apply\n"),
        commands(&init)
    )
}

fn zones(zones: &[HostedZone]) -> String {
    if zones.is_empty() {
        return String::new();
    }
    let mut section = "\n## Names\n\n".to_owned();
    for zone in zones.iter().filter(|zone| !zone.made) {
        let _ = writeln!(
            section,
            "The hosted zone `{}` exists already in this account.",
            zone.name
        );
    }
    let made: Vec<&HostedZone> = zones.iter().filter(|zone| zone.made).collect();
    if !made.is_empty() {
        let targets: String = made
            .iter()
            .map(|zone| format!(" \\\n  -target=aws_route53_hosted_zone_dnssec.{}", zone.address))
            .collect();
        let names: Vec<String> = made.iter().map(|zone| format!("`{}`", zone.name)).collect();
        section += &format!(
            "{} {} made here. Certificates wait until the parent delegates: give it the name servers (records NS), and, where\n\
             it is signed itself, the record DS.\n{}",
            names.join(" and "),
            if made.len() == 1 { "is" } else { "are" },
            commands(&format!("tofu apply{targets}\ntofu output -json name_servers\n"))
        );
    }
    section
}

/// What exists already and is expected to be as the options say.
fn given(model: &Model) -> String {
    let mut lines = Vec::new();
    if let Namespace::Given(id) = &model.cluster.namespace {
        lines.push(format!(
            "The DHCP options of the network search the domain of the namespace `{id}`; without that, no component finds another."
        ));
    }
    if model.cluster.given {
        lines.push(format!(
            "The cluster `{}` has the capacity providers of Fargate.",
            model.cluster.name
        ));
    }
    if let Some(entry) = &model.entry
        && let Balancer::Given {
            arn: _,
            listener: _,
            group,
        } = &entry.balancer
    {
        lines.push(format!(
            "The security group `{group}` of the load balancer lets it out to the tasks."
        ));
    }
    if lines.is_empty() {
        return String::new();
    }
    let list: String = lines.iter().map(|line| format!("- {line}\n")).collect();
    format!("\n## What exists already\n\n{list}")
}

/// Addresses of our own repositories.
fn own_repositories(built: &[BuiltImage]) -> Vec<String> {
    let address = |image: &BuiltImage| match &image.home {
        ImageHome::Repository { address, name: _ } => Some(address.clone()),
        ImageHome::Elsewhere(_) => None,
    };
    built.iter().filter_map(address).collect()
}

fn repositories(built: &[BuiltImage]) -> String {
    let own = own_repositories(built);
    if own.is_empty() {
        return String::new();
    }
    let targets: String = own
        .iter()
        .map(|address| format!(" \\\n  -target=aws_ecr_repository.{address}"))
        .collect();
    format!(
        "\n## Repositories\n\nOnce, and again after a build that adds one:\n{}",
        commands(&format!("tofu apply{targets}\n"))
    )
}

/// The whole repository of an image.
pub(super) fn repository(model: &Model, image: &BuiltImage) -> String {
    match &image.home {
        ImageHome::Repository { address: _, name } => format!("{}/{name}", registry_host(model)),
        ImageHome::Elsewhere(repository) => repository.clone(),
    }
}

/// The host of the account's own registry.
pub(super) fn registry_host(model: &Model) -> String {
    let end = if model.place.partition == "aws-cn" {
        ".cn"
    } else {
        ""
    };
    format!(
        "{}.dkr.ecr.{}.amazonaws.com{end}",
        model.place.account, model.place.region
    )
}

fn images(model: &Model) -> String {
    let built = &model.images.built;
    if built.iter().all(|image| image.pinned) {
        return String::new();
    }
    let mut text = String::new();
    if !own_repositories(built).is_empty() {
        let host = registry_host(model);
        let _ = writeln!(
            text,
            "aws ecr get-login-password --region {} |\n  docker login --username AWS --password-stdin {host}",
            model.place.region
        );
    }
    let mut layered = false;
    for image in built.iter().filter(|image| !image.pinned) {
        match &image.recipe {
            Recipe::Build(build) => {
                text += &shell::build(build, &model.images.application, &repository(model, image));
            }
            Recipe::Layer(_) => layered = true,
        }
    }
    if layered {
        // What lies on an image that is built reads its folder too.
        let application = &model.images.application;
        let _ = writeln!(
            text,
            "docker buildx bake --allow=fs.read={application} --file images/docker-bake.hcl --push"
        );
    }
    format!("\n## Images\n\nFor each release:\n{}", commands(&text))
}

/// The input that changes with every release. It comes first, because every plan asks for it.
fn release(model: &Model) -> String {
    let inputs: Vec<String> = model
        .images
        .built
        .iter()
        .filter(|image| !image.pinned)
        .map(|image| format!("    \"{}\": \"{}:$TAG\"", image.key, repository(model, image)))
        .collect();
    if inputs.is_empty() {
        return String::new();
    }
    let file = format!(
        "export TAG=1.0.0\ncat > images.auto.tfvars.json <<END\n{{\n  \"images\": {{\n{}\n  }}\n}}\nEND\n",
        inputs.join(",\n")
    );
    format!(
        "\n## Release\n\nWhich image runs is the one input that changes with every release, by a tag that was never given before. No build\n\
         touches this file:\n{}",
        commands(&file)
    )
}

fn secrets(model: &Model) -> String {
    let supplied: Vec<(&str, &StoredSecret)> = model
        .secrets
        .supplied
        .iter()
        .filter_map(|secret| match &secret.content {
            Content::Supplied { key } => Some((key.as_str(), secret)),
            Content::Generated { .. }
            | Content::InState { .. }
            | Content::Fixed { .. }
            | Content::Composed { .. } => None,
        })
        .collect();
    if supplied.is_empty() {
        return String::new();
    }
    let list: String = supplied
        .iter()
        .map(|(key, secret)| format!("- `{key}`: {}\n", secret.description))
        .collect();
    let read: String = supplied
        .iter()
        .map(|(key, _)| format!("printf '{key}: ' && IFS= read -rs {key} && export {key} && echo\n"))
        .collect();
    let fields: Vec<String> = supplied
        .iter()
        .map(|(key, _)| format!("{key}: env.{key}"))
        .collect();
    format!(
        "\n## Secrets\n\nValues go into Secrets Manager and nowhere else: neither the plan nor the state has them. They are needed when\n\
         they are new, and when their number in `secret_versions` is raised.\n\n{list}{}",
        commands(&format!(
            "{read}TF_VAR_secrets=$(jq -n '{{ {} }}') && export TF_VAR_secrets\n",
            fields.join(", ")
        ))
    )
}

fn apply(model: &Model) -> String {
    let mut section = "\n## Apply\n".to_owned();
    if let Some(gate) = &model.gate {
        let run = runs("before_deploy");
        let _ = write!(
            section,
            "\n{} before anything of a release is applied: first what {} need, then {}, in order, and nothing more where one fails.\n{}",
            if gate.jobs.len() == 1 {
                "A job runs"
            } else {
                "Jobs run"
            },
            if gate.jobs.len() == 1 { "its runs" } else { "they" },
            if gate.jobs.len() == 1 {
                "the job"
            } else {
                "the jobs"
            },
            commands(&format!("tofu apply -target=terraform_data.before_deploy\n{run}"))
        );
    }
    section += "\nA plan that somebody has read is what is applied. It ends when every service runs, and fails if one does not.\n";
    section += &commands("tofu plan -out=release.plan\ntofu apply release.plan\n");
    let after = model.tasks.iter().any(|task| {
        task.job
            .as_ref()
            .is_some_and(|job| matches!(job.start, Start::AfterDeploy))
    });
    if after {
        section += "\nThen the jobs that run after a deployment, one after the other until one fails:\n";
        section += &commands(&runs("after_deploy"));
    }
    section
}

/// Runs the state machines of an output in their order, waits for each, and fails where one did.
fn runs(output: &str) -> String {
    format!(
        "for machine in $(tofu output -json {output} | jq -r '.[]'); do\n  \
         run=$(aws stepfunctions start-execution --state-machine-arn \"$machine\" --query executionArn --output text)\n  \
         while status=$(aws stepfunctions describe-execution --execution-arn \"$run\" --query status --output text) &&\n    \
         [ \"$status\" = RUNNING ]; do sleep 5; done\n  \
         [ \"$status\" = SUCCEEDED ] || break\ndone\n[ \"$status\" = SUCCEEDED ]\n"
    )
}

fn after(model: &Model) -> String {
    let mut lines = Vec::new();
    if model.entry.is_some() {
        lines.push("`tofu output urls` says where the application is.".to_owned());
    }
    if model.alarms.emails.is_empty() {
        lines.push(
            "Nobody hears of alarms yet: subscribe to the topic of `alarms.tf`, by the option `alarm-emails` or beside these files."
                .to_owned(),
        );
    } else {
        lines.push(
            "Each address of `alarm-emails` got a message, and hears of alarms once it confirms.".to_owned(),
        );
    }
    let list: String = lines.iter().map(|line| format!("- {line}\n")).collect();
    format!("\n## Afterwards\n\n{list}")
}

fn destroy(model: &Model) -> String {
    let mut text = String::new();
    if model.protected.is_some() {
        text += "tofu apply -var=deletion_protection=false\n";
    }
    text += "tofu destroy\n";
    format!(
        "\n## Destroy\n{}\n\
         Nothing is emptied by force: buckets and repositories with something in them refuse, and databases leave a last\n\
         snapshot. The key is deleted 30 days later, and with it every snapshot that it encrypts.\n",
        commands(&text)
    )
}
