//! Checks: asked from outside by a companion, or run inside by the engine.

use super::{Context, dependency, labels, node, service, text};
use crate::model::{Condition, Healthcheck, Service, Text};
use crate::names;
use exoc_diagnostics::Sink;
use exoc_ir::{Component, Engine, Health, Port, Probe, Program, Workload};

/// Whether a companion asks over the network.
pub(super) fn is_asked_from_outside(workload: &Workload) -> bool {
    match workload.health.as_ref().map(|health| &health.probe) {
        Some(Probe::Http { .. } | Probe::Tcp { .. } | Probe::Grpc { .. }) => true,
        Some(Probe::Command(_)) | None => false,
    }
}

/// The check that runs inside a workload's own container.
pub(super) fn inside(program: &Program, health: Option<&Health>, sink: &mut Sink) -> Option<Healthcheck> {
    let health = health?;
    match &health.probe {
        Probe::Command(items) => {
            let test = text::texts(program, items, sink);
            Some(healthcheck(health, test))
        }
        Probe::Http { .. } | Probe::Tcp { .. } | Probe::Grpc { .. } => None,
    }
}

/// The companion that asks a component from outside: a service of its own, so that a new container of the
/// component does not strand it.
pub(super) fn companion(
    context: &Context<'_>,
    component: Component,
    replicas: Option<u32>,
) -> Option<Service> {
    let program = context.program;
    let workload = program.workload(component)?;
    let role = program.role(component);
    let health = workload.health.as_ref()?;
    let test = question(role, health, &workload.ports)?;
    let name = names::health(role);
    let from = program.at(node(component), "health").into();
    let purpose = format!("Asks `{role}` over the network whether it works.");
    let mut companion = service::idle_companion(from, purpose);
    companion.healthcheck = Some(healthcheck(health, test));
    companion.depends_on.insert(role.to_owned(), Condition::Started);
    companion.networks = context.networks.of(&name);
    companion.replicas = replicas;
    companion.labels = labels::of(program, &name, "companion");
    Some(companion)
}

/// What a user of a component waits for; `None` if nothing runs.
pub(super) fn readiness(program: &Program, component: Component) -> Option<(String, Condition)> {
    let role = program.role(component).to_owned();
    match component {
        Component::Service(id) => {
            if service::is_off(program, id) {
                return None;
            }
        }
        Component::Backing(id) => match &program.backings().get(id)?.engine {
            Engine::External(_) | Engine::Existing(_) => return None,
            Engine::Managed(_) => {
                let host = dependency::host(program, component).to_owned();
                return Some((host, Condition::Healthy));
            }
            Engine::Container(_) => {}
        },
    }
    match program
        .workload(component)?
        .health
        .as_ref()
        .map(|health| &health.probe)
    {
        Some(Probe::Http { .. } | Probe::Tcp { .. } | Probe::Grpc { .. }) => {
            Some((names::health(&role), Condition::Healthy))
        }
        Some(Probe::Command(_)) => Some((role, Condition::Healthy)),
        None => Some((role, Condition::Started)),
    }
}

/// What a companion runs to ask `role`. busybox' `nc` would wait for the server to close but for `-e`; it cannot
/// speak HTTP/2, so a gRPC check asks whether the port is open.
fn question(role: &str, health: &Health, ports: &[Port]) -> Option<Vec<Text>> {
    let number = |port: &usize| ports.get(*port).map(|port| port.number.to_string());
    let timeout = health.timeout.0.to_string();
    let words: Vec<String> = match &health.probe {
        Probe::Http { port, path } => {
            let url = format!("http://{role}:{}{path}", number(port)?);
            ["wget", "-q", "-T", &timeout, "-O", "/dev/null", &url]
                .map(str::to_owned)
                .into()
        }
        Probe::Tcp { port } | Probe::Grpc { port, service: _ } => {
            ["nc", "-w", &timeout, role, &number(port)?, "-e", "true"]
                .map(str::to_owned)
                .into()
        }
        Probe::Command(_) => return None,
    };
    Some(words.into_iter().map(Text::from).collect())
}

fn healthcheck(health: &Health, test: Vec<Text>) -> Healthcheck {
    let Health {
        probe: _, // became `test`
        interval,
        timeout,
        retries,
        start,
    } = health;
    Healthcheck {
        test,
        interval: *interval,
        timeout: *timeout,
        retries: *retries,
        start_period: *start,
    }
}
