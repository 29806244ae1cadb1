//! Limits of AWS that a program may meet, and addresses that must not meet.

use super::files::Draft;
use super::images::architecture;
use super::{Context, container, edges, hosts, network};
use crate::model::{Direction, Model, Peer, Rental, Rule, Task, Text, Variable};
use exoc_diagnostics::{Diagnostic, Sink, codes};
use exoc_ir::{Component, Image, NodeId};
use std::collections::BTreeMap;

/// Bytes of variables and late files that a task definition may hold: it has 64 KiB in all.
///
/// Source: Amazon ECS service quotas, "Task definition size", read 2026-11.
const TEXTS: usize = 48 << 10;

/// Source: Amazon ECS service quotas, "Target groups per service", read 2026-11.
const TARGET_GROUPS: usize = 5;

/// Rules of one security group and direction.
///
/// Source: Amazon VPC quotas, "Inbound or outbound rules per security group", read 2026-11.
const RULES_OF_A_GROUP: usize = 60;

/// Hosts of a load balancer: its default certificate and 25 others.
///
/// Source: Elastic Load Balancing, "Quotas for your Application Load Balancers", read 2026-11.
const HOSTS: usize = 26;

/// The longest idle timeout of a load balancer, in seconds.
///
/// Source: Elastic Load Balancing, "Connection idle timeout", read 2026-11.
const IDLE_TIMEOUT: u32 = 4000;

/// Source: Elastic Load Balancing, "Quotas for your Network Load Balancers", listeners, read 2026-11.
const LISTENERS: usize = 50;

/// Reports every limit that is exceeded.
pub(super) fn check(context: &Context<'_>, model: &Model, sink: &mut Sink) {
    let components: BTreeMap<&str, Component> = context
        .program
        .services()
        .iter()
        .map(|(id, service)| (service.role.as_str(), Component::Service(id)))
        .chain(
            context
                .program
                .backings()
                .iter()
                .map(|(id, b)| (b.role.as_str(), Component::Backing(id))),
        )
        .collect();
    let node = |role: &str| {
        components
            .get(role)
            .map_or(NodeId::App, |component| container::node(*component))
    };
    let before = sink.beside();
    let found = context.input.workers.map(&model.tasks, |task| {
        let mut own = before.beside();
        check_task(context, task, node(&task.role), &mut own);
        check_arguments(context, task, node(&task.role), &mut own);
        check_rules(context, &task.role, &task.rules, node(&task.role), &mut own);
        if !context.options.way_out() {
            check_without_nat(context, task, node(&task.role), &mut own);
        }
        own
    });
    found.into_iter().for_each(|own| sink.absorb(own));
    for product in &model.products {
        check_rules(context, &product.role, &product.rules, node(&product.role), sink);
    }
    check_platforms(context, sink);
    check_owner(context, model, sink);
    check_entry(context, model, sink);
    check_listeners(context, model, sink);
    check_addresses(context, model, sink);
    check_subscriptions(context, model, node, sink);
}

/// Fargate runs Linux on X86_64 and ARM64.
///
/// Source: Amazon ECS API reference, `RuntimePlatform`, read 2026-11.
fn check_platforms(context: &Context<'_>, sink: &mut Sink) {
    for (component, workload) in context.program.workloads() {
        let (platforms, field) = match context.program.images().get(workload.image) {
            Some(Image::Built(built)) if workload.platforms.is_empty() => (&built.platforms, "build"),
            Some(Image::Built(_) | Image::Pinned(_)) | None => (&workload.platforms, "platforms"),
        };
        if !platforms.is_empty() && architecture(platforms).is_none() {
            let role = context.program.role(component);
            exceeded(
                format!(
                    "Fargate has neither of the platforms of `{role}`: {}",
                    platforms.join(", ")
                ),
                context.program.at(container::node(component), field),
                "offer `linux/amd64` or `linux/arm64` as well",
                sink,
            );
        }
    }
}

/// A tag's value has letters, digits, spaces and a few signs, and at most 256 characters.
///
/// Source: AWS general reference, "Tag naming limits and requirements", read 2026-11.
fn check_owner(context: &Context<'_>, model: &Model, sink: &mut Sink) {
    let Some(owner) = &model.application.owner else {
        return;
    };
    let allowed = |letter: char| letter.is_alphanumeric() || letter == ' ' || "_.:/=+-@".contains(letter);
    if owner.chars().count() > 256 || !owner.chars().all(allowed) {
        exceeded(
            "the owner cannot be a tag of aws".to_owned(),
            context.program.at(NodeId::App, "owner"),
            "use at most 256 letters, digits, spaces and `_.:/=+-@`",
            sink,
        );
    }
}

/// Reports a number beyond one of the limits of aws.
pub(super) fn exceeded(message: String, at: exoc_diagnostics::Span, help: &str, sink: &mut Sink) {
    sink.error(
        Diagnostic::new(codes::TARGET_LIMIT, message)
            .at(at, "")
            .help(help),
    );
}

/// For ECS an empty list is no list: the image's own command would run.
fn check_arguments(context: &Context<'_>, task: &Task, node: NodeId, sink: &mut Sink) {
    let (entrypoint, command) = (&task.container.entrypoint, &task.container.command);
    let is_empty = |list: &Option<Vec<Text>>| list.as_ref().is_some_and(Vec::is_empty);
    let culprit = if is_empty(entrypoint) {
        "entrypoint"
    } else if is_empty(command) && entrypoint.is_none() {
        "command"
    } else {
        return;
    };
    exceeded(
        format!(
            "aws cannot take the image's {culprit} from `{}` without another in its place",
            task.role
        ),
        context.program.at(node, culprit),
        "write the whole command as `entrypoint`",
        sink,
    );
}

/// Reports variables and late files that a task definition cannot hold.
pub(super) fn check_texts(
    context: &Context<'_>,
    component: Component,
    variables: &[(String, Variable)],
    late: Option<&Draft>,
    sink: &mut Sink,
) {
    let of_variables: usize = variables
        .iter()
        .map(|(name, value)| name.len() + length(value))
        .sum();
    let sizes = late.map_or(&[][..], |late| &late.sizes);
    let of_files: usize = sizes.iter().map(|(bytes, _)| bytes).sum();
    let bytes = of_variables + of_files;
    if bytes <= TEXTS {
        return;
    }
    let role = context.program.role(component);
    let environment = context.program.at(container::node(component), "environment");
    let (message, at, help) = match sizes.iter().max_by_key(|(bytes, _)| *bytes) {
        Some((_, place)) if of_files > of_variables => (
            format!(
                "the files of `{role}` with secrets or attributes, and those beside them, have {of_files} bytes; with \
                 its variables they are {bytes}, and a task of aws holds {TEXTS}"
            ),
            *place,
            "copy large files into the image, in a folder without such a file",
        ),
        Some(_) | None => (
            format!(
                "the variables of `{role}` have {of_variables} bytes; with its late files they are {bytes}, and a task of aws holds {TEXTS}"
            ),
            environment,
            "put large texts into the image",
        ),
    };
    exceeded(message, at, help, sink);
}

fn check_task(context: &Context<'_>, task: &Task, node: NodeId, sink: &mut Sink) {
    let groups = task.target_groups.len();
    if groups > TARGET_GROUPS {
        exceeded(
            format!(
                "`{}` has {groups} public ports, and a service of aws has at most {TARGET_GROUPS}",
                task.role
            ),
            context.program.at(node, "route"),
            "split the service",
            sink,
        );
    }
}

fn length(value: &Variable) -> usize {
    match value {
        Variable::Plain(Text { pieces }) => pieces
            .iter()
            .map(|piece| match piece {
                crate::model::Piece::Literal(text) => text.len(),
                // Names of AWS are at most this long.
                crate::model::Piece::Attribute(_)
                | crate::model::Piece::Local(_)
                | crate::model::Piece::Secret(_)
                | crate::model::Piece::Named { .. } => 255,
            })
            .sum(),
        Variable::Secret { secret: _, member: _ } | Variable::Named(_) => 255,
    }
}

fn check_rules(context: &Context<'_>, role: &str, rules: &[Rule], node: NodeId, sink: &mut Sink) {
    for (direction, words) in [(Direction::Ingress, "used by"), (Direction::Egress, "uses")] {
        let count = rules.iter().filter(|rule| rule.direction == direction).count();
        if count > RULES_OF_A_GROUP {
            exceeded(
                format!(
                    "`{role}` needs {count} rules for what it {words}, and a security group holds {RULES_OF_A_GROUP}"
                ),
                context.program.at(node, "uses"),
                "put a service between the components",
                sink,
            );
        }
    }
}

fn check_without_nat(context: &Context<'_>, task: &Task, node: NodeId, sink: &mut Sink) {
    let leaves = task
        .rules
        .iter()
        .any(|rule| rule.direction == Direction::Egress && matches!(rule.peer, Peer::AnyIpv4));
    let gateway = "write `nat: single` or `nat: per-zone`";
    let copied = "name a copy in ECR by `companion-image`, or write `nat: single`";
    let by_companion = task
        .companion
        .as_ref()
        .is_some_and(|pull| network::is_outside(context, pull));
    let (why, help) = if leaves {
        ("opens connections to the internet", gateway)
    } else if network::is_outside(context, &task.pull) {
        ("runs an image from outside of the region's ECR", gateway)
    } else if by_companion && task.probe.is_some() {
        (
            "is checked by a container whose image is from outside of the region's ECR",
            copied,
        )
    } else if by_companion {
        (
            "gets its files from a container whose image is from outside of the region's ECR",
            copied,
        )
    } else {
        return;
    };
    sink.error(
        Diagnostic::new(
            codes::BAD_OPTION,
            format!("`nat: none` leaves no way out, and `{}` {why}", task.role),
        )
        .at(context.options.nat.span, "")
        .also(context.program.at(node, ""), "")
        .help(help),
    );
}

fn check_listeners(context: &Context<'_>, model: &Model, sink: &mut Sink) {
    let count = model
        .network_entry
        .as_ref()
        .map_or(0, |entry| entry.listeners.len());
    if count > LISTENERS {
        exceeded(
            format!(
                "there are {count} public ports of TCP and UDP, and a network load balancer holds {LISTENERS}"
            ),
            context.program.at(NodeId::Door(0), ""),
            "fewer public ports, or a second application",
            sink,
        );
    }
}

fn check_entry(context: &Context<'_>, model: &Model, sink: &mut Sink) {
    let Some(entry) = &model.entry else { return };
    hosts::check(context, entry, sink);
    let at = context.program.at(NodeId::Door(0), "");
    if entry.hosts.len() > HOSTS {
        exceeded(
            format!(
                "there are {} public hosts, and a load balancer holds {HOSTS} certificates",
                entry.hosts.len()
            ),
            at,
            "fewer hosts, or a second application",
            sink,
        );
    }
    if entry.idle_timeout > IDLE_TIMEOUT {
        let longest = context
            .program
            .doors()
            .iter()
            .position(|door| match &door.entrance {
                exoc_ir::Entrance::Http {
                    host: _,
                    path: _,
                    strip: _,
                    timeout,
                } => timeout.0 == entry.idle_timeout,
                exoc_ir::Entrance::Plain {
                    host: _,
                    number: _,
                    transport: _,
                } => false,
            });
        let door = context.program.doors().get(longest.unwrap_or_default());
        let at = door.map_or(at, |door| {
            context.program.at(NodeId::Service(door.service), "route.timeout")
        });
        exceeded(
            format!(
                "a route takes up to {} s, and a load balancer waits at most {IDLE_TIMEOUT} s",
                entry.idle_timeout
            ),
            at,
            "a shorter `route.timeout`",
            sink,
        );
    }
}

/// Addresses of rules join two roles, so that two pairs may give one: `a` to `b-to-c` and `a-to-b` to `c`.
fn check_addresses(context: &Context<'_>, model: &Model, sink: &mut Sink) {
    let tasks = model.tasks.iter().flat_map(|task| &task.rules);
    let data = model.products.iter().flat_map(|product| &product.rules);
    let mut seen: BTreeMap<_, &Rule> = BTreeMap::new();
    for rule in tasks.chain(data) {
        let Some(first) = seen.insert((rule.direction, &rule.address), rule) else {
            continue;
        };
        let name = context.program.at(NodeId::App, "name");
        let place = |rule| edges::place(context, rule).unwrap_or(name);
        sink.error(
            Diagnostic::new(
                codes::DERIVED_NAME_CLASH,
                format!("two edges give their rules the name `{}`", rule.address),
            )
            .at(place(rule), "")
            .also(place(first), "the other edge")
            .help("rename one of the roles that have `to` or `from` between hyphens"),
        );
    }
}

/// Addresses of subscriptions join two roles as well.
fn check_subscriptions(context: &Context<'_>, model: &Model, node: impl Fn(&str) -> NodeId, sink: &mut Sink) {
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for product in &model.products {
        let Rental::Queue(queue) = &product.rental else {
            continue;
        };
        for subscription in &queue.subscriptions {
            let Some(first) = seen.insert(&subscription.address, &product.role) else {
                continue;
            };
            sink.error(
                Diagnostic::new(
                    codes::DERIVED_NAME_CLASH,
                    format!("two subscriptions have the name `{}`", subscription.address),
                )
                .at(context.program.at(node(&product.role), "subscribes"), "")
                .also(context.program.at(node(first), "subscribes"), "the other")
                .help("rename one of the roles that have `to` between hyphens"),
            );
        }
    }
}
