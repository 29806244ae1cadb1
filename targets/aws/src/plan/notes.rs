//! Notes: what AWS does otherwise than the manifest says word for word, each once.

use super::Context;
use crate::model::{Model, Peer, Rule, Standing};
use exoc_diagnostics::{Diagnostic, Severity, Sink, Span, codes};
use exoc_emit::words::some_of;
use exoc_ir::{Callee, Component, Entrance, Expression, NodeId, Probe, Program};
use std::collections::{BTreeMap, BTreeSet};

/// Reports all notes that no other part of the plan does; `at` is where the options stand.
pub(super) fn report(context: &Context<'_>, model: &Model, at: Span, sink: &mut Sink) {
    if !model.tasks.is_empty() {
        platform(context, model, at, sink);
        sink.report(
            Diagnostic::new(
                codes::SETUID,
                "Fargate cannot forbid that a set-user-ID program changes its user",
            )
            .at(at, "")
            .help("an image without set-user-ID programs needs no such rule"),
        );
    }
    grpc_service(context, sink);
    route_timeout(context, model, sink);
    retry(context, sink);
}

/// Who may open connections to port 443 of any address, although nothing in the manifest says so.
fn platform(context: &Context<'_>, model: &Model, at: Span, sink: &mut Sink) {
    let is_platform = |rule: &Rule| rule.address.ends_with("_platform_443") && rule.peer == Peer::AnyIpv4;
    let open: Vec<&str> = model
        .tasks
        .iter()
        .filter(|task| task.rules.iter().any(is_platform))
        .map(|task| task.role.as_str())
        .collect();
    if !context.options.asks_inside() {
        sink.report(
            Diagnostic::new(
                codes::AWS_443,
                "every task may open connections to port 443 of any address, because Fargate fetches images and secrets and sends logs that way",
            )
            .at(at, "")
            .help("`endpoints: interface` closes it, for endpoints that are paid by the hour"),
        );
    } else if !open.is_empty() {
        let words = some_of(open);
        sink.report(
            Diagnostic::new(
                codes::AWS_443,
                format!(
                    "{words} may open connections to port 443 of any address, because Fargate fetches an image of theirs from outside of AWS"
                ),
            )
            .at(at, "")
            .help("images in the region's own ECR close it; `companion-image` says where that of the checks is"),
        );
    }
    if model.network.tasks == Standing::Public {
        sink.report(
            Diagnostic::new(
                codes::PUBLIC_TASKS,
                "every task has an address that the internet can reach, so that security groups alone keep the world out",
            )
            .at(context.options.tasks.span, "")
            .help("`tasks: private` puts a second wall before them, for the price of a gateway"),
        );
    }
}

/// The load balancer asks a server as a whole: its request names no service.
fn grpc_service(context: &Context<'_>, sink: &mut Sink) {
    for (id, service) in context.program.services().iter() {
        let asked = match service.workload.health.as_ref().map(|health| &health.probe) {
            Some(Probe::Grpc {
                port,
                service: Some(name),
            }) if context.program.doors_of(id).any(|door| door.port == *port) => name,
            Some(Probe::Grpc { .. } | Probe::Http { .. } | Probe::Tcp { .. } | Probe::Command(_)) | None => {
                continue;
            }
        };
        sink.report(
            Diagnostic::new(
                codes::GRPC_TCP,
                format!(
                    "the load balancer asks `{}` as a whole, not for `{asked}`",
                    service.role
                ),
            )
            .at(context.program.at(NodeId::Service(id), "health"), "")
            .help("the server's answer for the empty service name counts"),
        );
    }
}

fn route_timeout(context: &Context<'_>, model: &Model, sink: &mut Sink) {
    let Some(entry) = &model.entry else { return };
    for door in context.program.doors() {
        match &door.entrance {
            Entrance::Http {
                host: _,
                path: _,
                strip: _,
                timeout,
            } if timeout.0 != 60 => {
                sink.report(
                    Diagnostic::new(
                        codes::ROUTE_TIMEOUT,
                        format!(
                            "the load balancer limits how long a connection is idle, not how long a request takes: {} s, for all routes",
                            entry.idle_timeout
                        ),
                    )
                    .at(
                        context.program.at(NodeId::Service(door.service), "route.timeout"),
                        "",
                    )
                    .help("the largest of all routes is taken; a service limits its own requests itself"),
                );
            }
            Entrance::Http { .. } | Entrance::Plain { .. } => {}
        }
    }
}

/// Nothing waits for another task, so a caller must try again; one note says so of all that are called.
fn retry(context: &Context<'_>, sink: &mut Sink) {
    let mut called: BTreeMap<&str, Span> = BTreeMap::new();
    for edge in context.program.edges() {
        let callee = match edge.to {
            Callee::Component(callee) if context.program.workload(callee).is_some() => callee,
            Callee::Component(Component::Service(_) | Component::Backing(_)) | Callee::World => continue,
        };
        if let Some(reason) = edge.reasons.first() {
            let role = context.program.role(callee);
            called.entry(role).or_insert_with(|| reason.span());
        }
    }
    if called.is_empty() {
        return;
    }
    let words = some_of(called.keys().copied());
    let note = Diagnostic::new(
        codes::RETRY,
        format!("nothing waits for {words} at start-up on aws"),
    )
    .help("a service must try again until what it uses answers");
    let places: BTreeSet<Span> = called.into_values().collect();
    let mut places = places.into_iter();
    let note = match places.next() {
        Some(first) => note.at(first, ""),
        None => note,
    };
    sink.report(places.fold(note, |note, place| note.also(place, "")));
}

/// Points at each of some fields that the manifest writes, or at the node if it writes none.
pub(super) fn at_fields(
    context: &Context<'_>,
    node: NodeId,
    fields: &[&str],
    note: Diagnostic,
) -> Diagnostic {
    let whole = context.program.at(node, "");
    let mut written: Vec<Span> = Vec::new();
    for field in fields {
        let span = context.program.at(node, field);
        if span != whole && !written.contains(&span) {
            written.push(span);
        }
    }
    let mut written = written.into_iter();
    let note = note.at(written.next().unwrap_or(whole), "");
    written.fold(note, |note, span| note.also(span, ""))
}

/// Everything that is noted of this output, in the order of the codes: what the plan reported, and what is the same for
/// every program and so reported from the feature table.
///
/// What follows from one service's numbers or from an edge is left out, so that a change of these changes the files of
/// the service or of the edge's two ends alone.
pub(super) fn noted(program: &Program, reported: &[Diagnostic]) -> Vec<(&'static str, String)> {
    let of_feature = |feature| match crate::feature::express(feature) {
        Expression::Noted { code, text } => (!text.is_empty()).then(|| (code.id, text.to_owned())),
        Expression::Expressed | Expression::Refused { instead: _ } => None,
    };
    let needed = program.features_that(&|feature| of_feature(feature).is_some());
    let of_table = needed.iter().filter_map(|needed| of_feature(needed.feature));
    let of_plan = reported
        .iter()
        .filter(|note| note.code.severity == Severity::Note)
        .filter(|note| ![codes::RETRY.id, codes::FARGATE_PAIR.id].contains(&note.code.id))
        .map(|note| (note.code.id, note.message.clone()));
    let all: BTreeSet<_> = of_plan.chain(of_table).collect();
    all.into_iter().collect()
}
