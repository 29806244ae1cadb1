//! Notes: what AWS does otherwise than the manifest says word for word, each once.

use super::Context;
use crate::model::Model;
use crate::sizes::{Class, ELASTICACHE, RDS};
use exoc_diagnostics::{Diagnostic, Sink, Span, codes};
use exoc_ir::{Backing, Callee, Component, Engine, Entrance, Managed, NodeId, Probe, Product};

/// Reports all notes that no other part of the plan does; `at` is where the options stand.
pub(super) fn report(context: &Context<'_>, model: &Model, at: Span, sink: &mut Sink) {
    if !model.tasks.is_empty() {
        sink.report(
            Diagnostic::new(
                codes::AWS_443,
                "every task may open connections to port 443, because Fargate fetches images and secrets and sends logs that way",
            )
            .at(at, "")
            .help("a service that must not reach the web needs a rule in the network it connects to"),
        );
        sink.report(
            Diagnostic::new(
                codes::SETUID,
                "Fargate cannot forbid that a set-user-ID program changes its user",
            )
            .at(at, "")
            .help("an image without set-user-ID programs needs no such rule"),
        );
    }
    for (id, backing) in context.program.backings().iter() {
        let Backing {
            role,
            identity: _,
            engine,
        } = backing;
        match engine {
            Engine::Managed(managed) => product(context, NodeId::Backing(id), role, managed, sink),
            Engine::Container(_) | Engine::External(_) => {}
        }
    }
    grpc_service(context, sink);
    route_timeout(context, model, sink);
    retry(context, sink);
}

fn product(context: &Context<'_>, node: NodeId, role: &str, managed: &Managed, sink: &mut Sink) {
    let place = |field| context.program.at(node, field);
    let table = match managed.product {
        Product::Postgres => RDS,
        Product::Redis => ELASTICACHE,
    };
    // Nothing picked was reported as an error.
    let Some(class) = Class::pick(table, managed.resources) else {
        return;
    };
    let storage = match managed.product {
        Product::Postgres => {
            format!(
                " with {}Gi",
                managed.storage.as_gibi().max(crate::sizes::RDS_STORAGE.0)
            )
        }
        Product::Redis => ", in memory".to_owned(),
    };
    let note = Diagnostic::new(
        codes::PRODUCT,
        format!(
            "`{role}` becomes {} ({} cores, {}){storage}",
            class.name,
            class.cores,
            class.memory()
        ),
    )
    .help("other numbers for `cpu`, `memory` and `storage` pick another");
    sink.report(at_fields(context, node, &["cpu", "memory", "storage"], note));
    match managed.product {
        Product::Postgres => {}
        Product::Redis => {
            sink.report(
                Diagnostic::new(
                    codes::STATE_PASSWORD,
                    format!("the password of `{role}` stands in Terraform's state, which is encrypted"),
                )
                .at(place(""), "")
                .help("whoever may read the state's bucket can read the password"),
            );
        }
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
                            "the load balancer has one idle timeout for all routes: {} s",
                            entry.idle_timeout
                        ),
                    )
                    .at(
                        context.program.at(NodeId::Service(door.service), "route.timeout"),
                        "",
                    )
                    .help("the largest of all routes is taken; a service limits its own requests"),
                );
            }
            Entrance::Http { .. } | Entrance::Plain { .. } => {}
        }
    }
}

/// Nothing waits for another task, so a caller must try again; one note at the first edge says so.
fn retry(context: &Context<'_>, sink: &mut Sink) {
    let first = context.program.edges().iter().find_map(|edge| match edge.to {
        Callee::Component(callee) if context.program.workload(callee).is_some() => {
            Some((callee, edge.reasons.first()?.span()))
        }
        Callee::Component(Component::Service(_) | Component::Backing(_)) | Callee::World => None,
    });
    if let Some((callee, span)) = first {
        sink.report(
            Diagnostic::new(
                codes::RETRY,
                format!(
                    "nothing waits for `{}` at start-up on aws",
                    context.program.role(callee)
                ),
            )
            .at(span, "")
            .help("a service must try again until what it uses answers"),
        );
    }
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
