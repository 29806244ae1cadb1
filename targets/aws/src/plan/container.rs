//! The user's container and the one that asks it.

use super::Context;
use super::value::text;
use crate::model::{Check, Container, Kept, Probe, RunningImage, TaskPort, Text, Variable};
use exoc_diagnostics::{Diagnostic, Sink, codes};
use exoc_ir::{
    Capabilities, Component, Health, NodeId, Port, Protocol, Security, Transport, User, Value, Workload,
};
use std::collections::BTreeSet;

/// What the engine gives a container that asks for nothing.
///
/// Source: moby/moby, `oci/caps/defaults.go`, read 2026-11.
const DEFAULT_CAPABILITIES: [&str; 14] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "NET_RAW",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

/// The one capability that Fargate adds.
///
/// Source: Amazon ECS API reference, `KernelCapabilities`, read 2026-11.
const ADDED_BY_FARGATE: &str = "SYS_PTRACE";

/// Plans the container of a workload.
pub(super) fn plan(
    context: &Context<'_>,
    component: Component,
    workload: &Workload,
    image: RunningImage,
    environment: Vec<(String, Variable)>,
    sink: &mut Sink,
) -> Container {
    let Workload {
        image: _,
        platforms: _, // with the image what the task runs on
        entrypoint,
        command,
        environment: _,
        ports,
        scratch,
        mounts: _, // of the task
        files: _,  // in a layer, or written by a companion
        health,
        resources: _,
        security,
        shutdown,
    } = workload;
    let Security {
        user,
        root_writable,
        capabilities,
        privileged: _,
    } = security;
    let arguments = |values: &Option<Vec<Value>>| {
        values
            .as_ref()
            .map(|values| values.iter().map(|value| text(context, value)).collect())
    };
    Container {
        name: context.program.role(component).to_owned(),
        image,
        entrypoint: arguments(entrypoint),
        command: arguments(command),
        user: match user {
            User::Ids { user, group } => format!("{user}:{group}"),
            // Refused as a feature.
            User::FromImage => String::new(),
        },
        read_only_root: !root_writable,
        capabilities: kept(context, component, capabilities, sink),
        low_port: workload.has_low_port(),
        ports: ports.iter().map(port).collect(),
        environment,
        scratch: scratch
            .iter()
            .map(|(path, size)| (path.clone(), size.as_mebi()))
            .collect(),
        check: health.as_ref().and_then(|health| inner_check(context, health)),
        stop_timeout: shutdown.0,
    }
}

fn port(port: &Port) -> TaskPort {
    let Port {
        name,
        number,
        protocol,
    } = port;
    TaskPort {
        name: name.clone(),
        number: *number,
        transport: match protocol.transport() {
            Transport::Tcp => "tcp",
            Transport::Udp => "udp",
        },
        protocol: match protocol {
            Protocol::Http => Some("http"),
            Protocol::Http2 => Some("http2"),
            Protocol::Grpc => Some("grpc"),
            Protocol::Tcp | Protocol::Udp => None,
        },
    }
}

fn kept(context: &Context<'_>, component: Component, capabilities: &Capabilities, sink: &mut Sink) -> Kept {
    let kept: &BTreeSet<String> = match capabilities {
        Capabilities::Default => return Kept::Default,
        Capabilities::Only(kept) if kept.is_empty() => return Kept::Nothing,
        Capabilities::Only(kept) => kept,
    };
    let offered = |name: &str| name == ADDED_BY_FARGATE || DEFAULT_CAPABILITIES.contains(&name);
    for unknown in kept.iter().filter(|name| !offered(name)) {
        let node = node(component);
        sink.error(
            Diagnostic::new(
                codes::REFUSED_FEATURE,
                format!(
                    "aws cannot give `{}` the capability `{unknown}`",
                    context.program.role(component)
                ),
            )
            .at(context.program.at(node, "security.capabilities"), "")
            .help("Fargate gives a container at most the engine's default capabilities, and `SYS_PTRACE`"),
        );
    }
    Kept::Adjusted {
        drop: DEFAULT_CAPABILITIES
            .into_iter()
            .filter(|name| !kept.contains(*name))
            .collect(),
        add: kept
            .contains(ADDED_BY_FARGATE)
            .then_some(ADDED_BY_FARGATE)
            .into_iter()
            .collect(),
    }
}

/// The node of a component.
pub(super) const fn node(component: Component) -> NodeId {
    match component {
        Component::Service(id) => NodeId::Service(id),
        Component::Backing(id) => NodeId::Backing(id),
    }
}

/// The check that runs inside, if the manifest gives a command.
fn inner_check(context: &Context<'_>, health: &Health) -> Option<Check> {
    let Health {
        probe,
        interval: _,
        timeout: _,
        retries: _,
        start: _,
    } = health;
    match probe {
        exoc_ir::Probe::Command(values) => {
            let command = std::iter::once(Text::literal("CMD"))
                .chain(values.iter().map(|value| text(context, value)))
                .collect();
            Some(check(health, command))
        }
        exoc_ir::Probe::Http { port: _, path: _ }
        | exoc_ir::Probe::Tcp { port: _ }
        | exoc_ir::Probe::Grpc { port: _, service: _ } => None,
    }
}

/// The container that asks from outside, if the manifest gives a port that no load balancer asks.
pub(super) fn probe(context: &Context<'_>, component: Component, workload: &Workload) -> Option<Probe> {
    let health = workload.health.as_ref()?;
    let (index, path) = match &health.probe {
        exoc_ir::Probe::Http { port, path } => (*port, Some(path)),
        exoc_ir::Probe::Tcp { port } | exoc_ir::Probe::Grpc { port, service: _ } => (*port, None),
        exoc_ir::Probe::Command(_) => return None,
    };
    if is_public(context, component, index) {
        return None;
    }
    let number = workload.ports.get(index)?.number.to_string();
    let timeout = health.timeout.0.to_string();
    let url = path.map(|path| format!("http://127.0.0.1:{number}{path}"));
    let command: Vec<&str> = match &url {
        Some(url) => vec!["CMD", "wget", "-q", "-T", &timeout, "-O", "/dev/null", url],
        // `-e true` makes it end at once where the port is open.
        None => vec!["CMD", "nc", "-w", &timeout, "127.0.0.1", &number, "-e", "true"],
    };
    Some(Probe {
        check: check(health, command.into_iter().map(Text::literal).collect()),
    })
}

fn is_public(context: &Context<'_>, component: Component, port: usize) -> bool {
    match component {
        Component::Service(id) => context.program.doors_of(id).any(|door| door.port == port),
        Component::Backing(_) => false,
    }
}

fn check(health: &Health, command: Vec<Text>) -> Check {
    let Health {
        probe: _,
        interval,
        timeout,
        retries,
        start,
    } = health;
    Check {
        command,
        interval: interval.0,
        timeout: timeout.0,
        retries: *retries,
        start: start.0,
    }
}
