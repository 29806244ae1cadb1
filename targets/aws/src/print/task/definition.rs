//! The task definition: containers as ECS wants them.

use super::companion::{self, mount};
use crate::model::{Architecture, Check, Container, Kept, Pull, RunningImage, Task, TaskPort, Variable};
use crate::print::common::{expression, inline, resource, skip};
use crate::print::volume;
use exoc_emit::hcl::{Block, Expression, Object, Template, jsonencode, list, local, object, reference, var};

/// How the platform logs in to the registry of an image, where it must.
pub(super) fn login(pull: &Pull) -> Option<Expression> {
    match pull {
        Pull::Login(login) => Some(inline([("credentialsParameter", (&login.secret).into())])),
        Pull::Public | Pull::Repository(_) | Pull::Arn(_) => None,
    }
}

/// The task definition.
pub(super) fn block(task: &Task) -> Block {
    let address = &task.address;
    let architecture = match task.architecture {
        Architecture::Arm64 => "ARM64",
        Architecture::X86_64 => "X86_64",
    };
    let mut containers = vec![container(task)];
    containers.extend(task.writer.as_ref().map(|writer| companion::writer(task, writer)));
    containers.extend(task.probe.as_ref().map(|probe| companion::probe(task, probe)));
    let block = resource("aws_ecs_task_definition", address);
    let block = if task.container.read_only_root {
        block
    } else {
        block
            .comment(skip(
                "CKV_AWS_336",
                "the manifest makes the root file system writable",
            ))
            .blank()
    };
    block
        .attr("family", &task.family)
        .attr("requires_compatibilities", vec!["FARGATE"])
        .attr("network_mode", "awsvpc")
        .attr("cpu", task.pair.cpu.to_string())
        .attr("memory", task.pair.memory.to_string())
        .attr(
            "execution_role_arn",
            reference(["aws_iam_role", &format!("{address}_execution"), "arn"]),
        )
        .attr(
            "task_role_arn",
            reference(["aws_iam_role", &format!("{address}_task"), "arn"]),
        )
        .block("runtime_platform", |body| {
            body.attr("operating_system_family", "LINUX")
                .attr("cpu_architecture", architecture)
        })
        .nested_all(companion::volumes(task))
        .nested_all(volume::of_task(task))
        .attr("container_definitions", jsonencode(list(containers)))
}

fn container(task: &Task) -> Expression {
    let Container {
        name,
        image,
        entrypoint,
        command,
        user,
        read_only_root,
        capabilities,
        low_port,
        ports,
        environment,
        scratch,
        check,
        stop_timeout,
    } = &task.container;
    let image = match image {
        RunningImage::Input(key) => var("images").index(key),
        RunningImage::Pinned(reference) => reference.into(),
    };
    let arguments = |texts: &Vec<crate::model::Text>| list(texts.iter().map(expression));
    let control = inline([
        ("namespace", "net.ipv4.ip_unprivileged_port_start".into()),
        ("value", "0".into()),
    ]);
    let folders = task.writer.iter().flat_map(|writer| &writer.folders);
    let folders = folders.map(|folder| mount(&folder.volume, &folder.read_at, true));
    let volumes = task.mounts.iter();
    let folders = folders.chain(volumes.map(|of| mount(&of.access_point, &of.path, of.read_only)));
    let object = Object::new()
        .with("name", name)
        .with("image", image)
        .with_some("repositoryCredentials", login(&task.pull))
        .with("essential", true)
        .with_some("dependsOn", task.writer.as_ref().map(|_| companion::written()))
        .with_some("entryPoint", entrypoint.as_ref().map(arguments))
        .with_some("command", command.as_ref().map(arguments))
        .with("user", user)
        .with("readonlyRootFilesystem", *read_only_root)
        .with("linuxParameters", linux(capabilities, scratch))
        .with_list_unless_empty("systemControls", low_port.then_some(control))
        .with_list_unless_empty("portMappings", ports.iter().map(port))
        .with_list_unless_empty("mountPoints", folders);
    with_variables(object, environment)
        .with_some("healthCheck", check.as_ref().map(health))
        .with("stopTimeout", *stop_timeout)
        .with("logConfiguration", logs(task))
        .into()
}

/// Adds variables, those from the store apart.
pub(super) fn with_variables(object: Object, variables: &[(String, Variable)]) -> Object {
    let plain = variables.iter().filter_map(|(name, value)| match value {
        Variable::Plain(text) => Some(inline([("name", name.into()), ("value", expression(text))])),
        Variable::Secret { secret: _, member: _ } | Variable::Named(_) => None,
    });
    let stored = variables.iter().filter_map(|(name, value)| match value {
        Variable::Plain(_) => None,
        Variable::Secret { secret, member } => Some(inline([
            ("name", name.into()),
            ("valueFrom", value_from(secret, member.as_deref())),
        ])),
        Variable::Named(secret) => Some(inline([
            ("name", name.into()),
            (
                "valueFrom",
                reference(["data", "aws_secretsmanager_secret", secret, "arn"]),
            ),
        ])),
    });
    object
        .with_list_unless_empty("environment", plain)
        .with_list_unless_empty("secrets", stored)
}

/// A version of a secret, or a member of it: a new value is a new revision of the task.
fn value_from(secret: &str, member: Option<&str>) -> Expression {
    Template::new()
        .value(reference(["aws_secretsmanager_secret", secret, "arn"]))
        .text(&format!(":{}::", member.unwrap_or_default()))
        .value(reference([
            "aws_secretsmanager_secret_version",
            secret,
            "version_id",
        ]))
        .into()
}

fn linux(capabilities: &Kept, scratch: &[(String, u64)]) -> Object {
    let capabilities = match capabilities {
        Kept::Default => None,
        Kept::Nothing => Some(Object::new().with("drop", vec!["ALL"])),
        Kept::Adjusted { drop, add } => Some(
            Object::new()
                .with_list_unless_empty("add", add.iter().copied())
                .with_list_unless_empty("drop", drop.iter().copied()),
        ),
    };
    let folders = scratch.iter().map(|(path, size)| {
        inline([
            ("containerPath", path.into()),
            ("size", (*size).into()),
            ("mountOptions", vec!["exec", "mode=1777"].into()),
        ])
    });
    Object::new()
        .with_some("capabilities", capabilities)
        .with_list_unless_empty("tmpfs", folders)
}

fn port(port: &TaskPort) -> Expression {
    let TaskPort {
        name,
        number,
        transport,
        protocol,
    } = port;
    Object::new()
        .with("name", name)
        .with("containerPort", *number)
        .with("hostPort", *number)
        .with("protocol", *transport)
        .with_some("appProtocol", *protocol)
        .inline()
        .into()
}

pub(super) fn health(check: &Check) -> Object {
    let Check {
        command,
        interval,
        timeout,
        retries,
        start,
    } = check;
    Object::new()
        .with("command", list(command.iter().map(expression)))
        .with("interval", *interval)
        .with("timeout", *timeout)
        .with("retries", *retries)
        .with("startPeriod", *start)
}

pub(super) fn logs(task: &Task) -> Expression {
    let options = Object::new()
        .with(
            "awslogs-group",
            reference(["aws_cloudwatch_log_group", &task.address, "name"]),
        )
        .with("awslogs-region", local("region"))
        .with("awslogs-stream-prefix", &task.role)
        .with("mode", "non-blocking")
        .with("max-buffer-size", "25m");
    object([
        ("logDriver", Expression::from("awslogs")),
        ("options", options.into()),
    ])
}
