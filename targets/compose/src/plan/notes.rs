//! Notes that need the plan's knowledge: each once per program, at the first place that causes it.

use super::networks::{self, Loss};
use super::{Context, node};
use exoc_diagnostics::{Code, Diagnostic, Sink, Span, codes};
use exoc_ir::{Callee, Edge, Engine, Entrance, NodeId, Program};

/// Reports them.
pub(super) fn report(context: &Context<'_>, sink: &mut Sink) {
    let program = context.program;
    health(program, sink);
    plain(program, sink);
    edges(context, sink);
    few_networks(context, sink);
    storage(program, sink);
    switched_off(program, sink);
}

fn note(sink: &mut Sink, code: &'static Code, at: Span, message: impl Into<String>, help: &str) {
    sink.report(Diagnostic::new(code, message).at(at, "").help(help));
}

fn health(program: &Program, sink: &mut Sink) {
    let first = program
        .workloads()
        .find(|(_, workload)| workload.health.is_some());
    if let Some((component, _)) = first {
        note(
            sink,
            codes::COMPOSE_HEALTH,
            program.at(node(component), "health"),
            "compose reports an unhealthy service and does not replace it",
            "`docker compose ps` shows it, `docker compose restart` replaces it",
        );
    }
}

/// In the local environment public addresses are `http`, so nothing differs there.
fn plain(program: &Program, sink: &mut Sink) {
    if program.environment().local {
        return;
    }
    let first = program
        .doors()
        .iter()
        .enumerate()
        .find(|(_, door)| match door.entrance {
            Entrance::Http { .. } => true,
            Entrance::Plain { .. } => false,
        });
    if let Some((index, _)) = first {
        note(
            sink,
            codes::LOCAL_PLAIN,
            program.at(NodeId::Door(index), ""),
            "compose serves plain HTTP",
            "put a server with a certificate before the project's port",
        );
    }
}

fn edges(context: &Context<'_>, sink: &mut Sink) {
    let program = context.program;
    let leaves = |edge: &&Edge| match edge.to {
        Callee::World => true,
        Callee::Component(callee) => networks::is_external(program, callee),
    };
    let used = program.edges().iter().find(|edge| !leaves(edge));
    let leaving: Vec<&Edge> = program.edges().iter().filter(leaves).collect();
    // Whoever may leave meets the others who may only if there are others.
    let meets = leaving
        .iter()
        .find(|edge| leaving.iter().any(|other| other.from != edge.from));
    let Some(reason) = used.or(meets.copied()).and_then(|edge| edge.reasons.first()) else {
        return;
    };
    let who = match (used, meets) {
        (Some(_), None) => "the users of one component reach each other, on any port",
        (Some(_), Some(_)) => {
            "the users of one component reach each other, on any port, and so do all who may leave"
        }
        (None, _) => "all who may leave reach each other, on any port",
    };
    note(
        sink,
        codes::COMPOSE_EDGES,
        reason.span(),
        format!("compose lets {who}"),
        "the other targets hold every component to what it uses",
    );
}

/// What joined networks give up, in numbers: who is joined with whom says `compose.yaml` itself.
fn few_networks(context: &Context<'_>, sink: &mut Sink) {
    let Some(Loss {
        drawn,
        made,
        components,
        pairs,
        at: Some(at),
    }) = context.networks.loss
    else {
        return;
    };
    let noun = if pairs == 1 { "pair" } else { "pairs" };
    let message = format!(
        "compose joins {drawn} networks to {made}: {components} components share networks, which lets {pairs} more {noun} of \
         them reach each other, on any port"
    );
    note(
        sink,
        codes::COMPOSE_FEW_NETWORKS,
        at,
        message,
        "an engine has addresses for about 30 networks of all projects; the other targets hold every component to what \
         it uses",
    );
}

/// Only a size that the manifest writes: nobody expects anything of the default.
fn storage(program: &Program, sink: &mut Sink) {
    let managed = program
        .backings()
        .iter()
        .filter(|(_, backing)| match &backing.engine {
            Engine::Managed(_) => true,
            Engine::Container(_) | Engine::External(_) | Engine::Existing(_) => false,
        });
    let shared = program
        .volumes()
        .iter()
        .filter(|(_, volume)| volume.role().is_some());
    let nodes = managed
        .map(|(id, _)| NodeId::Backing(id))
        .chain(shared.map(|(id, _)| NodeId::Volume(id)));
    for node in nodes {
        let place = program.at(node, "storage");
        if place != program.at(node, "") {
            note(
                sink,
                codes::VOLUME_SIZE,
                place,
                "compose does not enforce the size of a volume",
                "the volume grows as far as the machine's disk",
            );
        }
    }
}

fn switched_off(program: &Program, sink: &mut Sink) {
    for (id, service) in program.services().iter() {
        if service.scale.max == 0 && program.environment().local {
            note(
                sink,
                codes::ONE_REPLICA,
                program.at(NodeId::Service(id), "scale"),
                "compose runs one replica of everything",
                "`docker compose up` with the names of services starts only these",
            );
        }
    }
}
