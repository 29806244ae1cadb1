//! The task definition: containers as ECS wants them.

use crate::model::{Architecture, Check, Container, Kept, Probe, RunningImage, Task, TaskPort, Variable};
use crate::print::common::{expression, inline, resource, skip};
use exoc_emit::hcl::{Block, Expression, Object, Template, jsonencode, list, local, object, reference, var};

/// The name of the container that asks the user's. No role begins so.
const PROBE: &str = "exoc-health";

/// The task definition.
pub(super) fn block(task: &Task) -> Block {
    let address = &task.address;
    let architecture = match task.architecture {
        Architecture::Arm64 => "ARM64",
        Architecture::X86_64 => "X86_64",
    };
    let mut containers = vec![container(task)];
    containers.extend(task.probe.as_ref().map(|probe_of| probe(task, probe_of)));
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
    let plain = environment.iter().filter_map(|(name, value)| match value {
        Variable::Plain(text) => Some(inline([("name", name.into()), ("value", expression(text))])),
        Variable::Secret { secret: _, member: _ } | Variable::Named(_) => None,
    });
    let stored = environment.iter().filter_map(|(name, value)| match value {
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
    let control = inline([
        ("namespace", "net.ipv4.ip_unprivileged_port_start".into()),
        ("value", "0".into()),
    ]);
    Object::new()
        .with("name", name)
        .with("image", image)
        .with("essential", true)
        .with_some("entryPoint", entrypoint.as_ref().map(arguments))
        .with_some("command", command.as_ref().map(arguments))
        .with("user", user)
        .with("readonlyRootFilesystem", *read_only_root)
        .with("linuxParameters", linux(capabilities, scratch))
        .with_list_unless_empty("systemControls", low_port.then_some(control))
        .with_list_unless_empty("portMappings", ports.iter().map(port))
        .with_list_unless_empty("environment", plain)
        .with_list_unless_empty("secrets", stored)
        .with_some("healthCheck", check.as_ref().map(health))
        .with("stopTimeout", *stop_timeout)
        .with("logConfiguration", logs(task))
        .into()
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

fn health(check: &Check) -> Object {
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

fn logs(task: &Task) -> Expression {
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

/// Sleeps for ever; only its check does something.
fn probe(task: &Task, probe: &Probe) -> Expression {
    let Probe { check } = probe;
    let drop = Object::new().with("drop", vec!["ALL"]);
    Object::new()
        .with("name", PROBE)
        .with("image", var("companion_image"))
        .with("essential", true)
        .with("command", vec!["sleep", "2147483647"])
        .with("user", "10001:10001")
        .with("readonlyRootFilesystem", true)
        .with(
            "linuxParameters",
            Object::new()
                .with("initProcessEnabled", true)
                .with("capabilities", drop),
        )
        .with("healthCheck", health(check))
        .with("logConfiguration", logs(task))
        .into()
}
