//! `outputs.tf`: what deployers and people want to know.

use super::common::File;
use crate::model::{Build, BuiltImage, ImageHome, Model, Recipe, Start, Task};
use exoc_emit::hcl::{Block, Expression, Object, block, list, reference};

/// The outputs, in alphabetical order.
pub(super) fn file(model: &Model) -> File {
    let mut file = File::default();
    add_order(
        &mut file,
        model,
        "after_deploy",
        "State machines to start when an apply is over, one after the other.",
        after(model),
    );
    let before = model
        .gate
        .as_ref()
        .map(|gate| gate.jobs.iter().map(String::as_str));
    add_order(
        &mut file,
        model,
        "before_deploy",
        "State machines to run in this order when terraform_data.before_deploy is applied, and before anything else is.",
        before.into_iter().flatten().collect(),
    );
    file.add(
        "For commands that look at tasks, such as `aws ecs list-tasks`.",
        &model.lines,
        output(
            "cluster",
            "Name of the ECS cluster.",
            super::cluster::attribute(model, "name"),
        ),
    );
    if !model.images.built.is_empty() {
        let images = model.images.built.iter().fold(Object::new(), |object, image| {
            object.with(&image.key, build(image))
        });
        file.add(
            "For whoever builds: paths are seen from the application's folder.",
            &model.images.lines,
            output(
                "images",
                "How each image is built, and where it is pushed.",
                images,
            ),
        );
    }
    let jobs = model.tasks.iter().filter(|task| task.job.is_some());
    let machines = jobs.fold(Object::new(), |object, task| {
        object.with(&task.role, machine(&task.address))
    });
    if !machines.is_empty() {
        file.add(
            "For whoever starts a job: `aws stepfunctions start-execution --state-machine-arn` and one of these.",
            &model.lines,
            output("jobs", "The state machine of each job.", machines),
        );
    }
    let made: Vec<_> = model.names.zones.iter().filter(|zone| zone.made).collect();
    if let Some(first) = made.first() {
        let servers = made.iter().fold(Object::new(), |object, zone| {
            let servers = reference(["aws_route53_zone", &zone.address, "name_servers"]);
            let signing = reference(["aws_route53_key_signing_key", &zone.address, "ds_record"]);
            object.with(&zone.name, Object::new().with("ds", signing).with("ns", servers))
        });
        file.add(
            "For whoever runs the parent of a zone: the names that it delegates to.",
            &first.lines,
            output("name_servers", "Name servers of the zones made here, and the record DS that lets resolvers check their answers.", servers),
        );
    }
    if let Some(entry) = &model.entry {
        let urls = list(entry.hosts.iter().map(|host| format!("https://{}", host.name)));
        file.add(
            "Where people find the application.",
            &entry.lines,
            output("urls", "Public addresses of the application.", urls),
        );
    }
    file
}

/// Addresses of the jobs that run when everything new is healthy, by role.
pub(super) fn after(model: &Model) -> Vec<&str> {
    let is_after = |task: &&Task| {
        task.job
            .as_ref()
            .is_some_and(|job| job.start == Start::AfterDeploy)
    };
    let tasks = model.tasks.iter().filter(is_after);
    tasks.map(|task| task.address.as_str()).collect()
}

/// Adds a list of state machines, if there are any.
fn add_order(file: &mut File, model: &Model, name: &str, description: &str, jobs: Vec<&str>) {
    if !jobs.is_empty() {
        let machines = list(jobs.into_iter().map(machine));
        file.add(
            "For whoever deploys.",
            &model.lines,
            output(name, description, machines),
        );
    }
}

fn machine(address: &str) -> Expression {
    reference(["aws_sfn_state_machine", address, "arn"])
}

fn output(name: &str, description: &str, value: impl Into<Expression>) -> Block {
    block("output", [name])
        .attr("description", description)
        .attr("value", value)
}

fn build(image: &BuiltImage) -> Object {
    let BuiltImage {
        key: _,
        home,
        pinned: _,
        recipe,
        lines: _,
    } = image;
    let repository = match home {
        ImageHome::Repository { address, name: _ } => {
            reference(["aws_ecr_repository", address, "repository_url"])
        }
        ImageHome::Elsewhere(repository) => repository.into(),
    };
    let object = Object::new().with("repository", repository);
    let build = match recipe {
        Recipe::Build(build) => build,
        Recipe::Layer(layer) => {
            return object
                .with("bake", &layer.target)
                .with("platforms", list(&layer.platforms));
        }
    };
    let Build {
        context,
        file,
        stage,
        args,
        platforms,
    } = build;
    let args = args
        .iter()
        .fold(Object::new(), |object, (name, value)| object.with(name, value));
    object
        .with("context", context)
        .with("dockerfile", file)
        .with_some("target", stage.as_ref())
        .with_some("args", (!args.is_empty()).then_some(args))
        .with("platforms", list(platforms))
}
