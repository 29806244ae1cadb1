//! Tests: a project of their own in a second file, with a service for each test and what these need.

use super::{Context, health, labels, node, order, text, volumes};
use crate::model::{Life, Model, Mount, Service, Tests};
use crate::names;
use exoc_diagnostics::Sink;
use exoc_ir::{Bytes, Component, Program};
use indexmap::IndexMap;
use std::collections::{BTreeMap, BTreeSet};

/// How large a folder is that stands in a test for a volume.
const VOLUME: Bytes = Bytes::mebi(64);

/// The names of the services that test, by whom they test.
pub(super) fn names(program: &Program) -> BTreeMap<String, String> {
    let services = program.services().iter();
    services
        .filter(|(_, service)| service.development.test.is_some())
        .map(|(_, service)| (service.role.clone(), names::test(&service.role)))
        .collect()
}

/// The project, if a service has a test. `model` has all other services already.
pub(super) fn tests(context: &Context<'_>, model: &Model, sink: &mut Sink) -> Option<Tests> {
    let program = context.program;
    let mut services = IndexMap::new();
    for (id, service) in program.services().iter() {
        let Some(arguments) = &service.development.test else {
            continue;
        };
        let Some(planned) = model.services.get(&service.role) else {
            continue;
        };
        let own = volumes::own(program, Component::Service(id));
        let mut suite = suite(context, &service.role, planned, &own);
        let at = program.at(node(Component::Service(id)), "development.test");
        suite.from = at.into();
        suite.command = Some(text::texts(program, arguments, sink));
        suite.labels = labels::of(program, &service.identity, "test");
        await_all(program, Component::Service(id), model, &mut suite);
        services.insert(names::test(&service.role), suite);
    }
    if services.is_empty() {
        return None;
    }
    let needed = needed(model, services.values());
    for (name, planned) in model.services.iter().filter(|(name, _)| needed.contains(*name)) {
        let mut planned = unpublished(planned);
        // What writes the files of a job on demand: the test asks for it.
        if planned.life == Life::OnDemand {
            planned.life = Life::Once;
        }
        services.insert(name.clone(), planned);
    }
    let joined: BTreeSet<&String> = services.values().flat_map(|service| &service.networks).collect();
    let networks = model.networks.iter().filter(|(name, _)| joined.contains(name));
    let held: BTreeSet<&str> = services
        .values()
        .flat_map(|service| &service.mounts)
        .filter_map(|mount| match mount {
            Mount::Filled { volume, target: _ } => Some(volume.as_str()),
            Mount::Volume { .. } | Mount::File { .. } | Mount::Source { .. } => mount.volume(),
        })
        .collect();
    let volumes = model
        .volumes
        .iter()
        .filter(|(name, _)| held.contains(name.as_str()));
    Some(Tests {
        project: names::test_project(&model.project),
        networks: networks
            .map(|(name, network)| (name.clone(), network.clone()))
            .collect(),
        volumes: volumes.map(|(name, from)| (name.clone(), from.clone())).collect(),
        services,
    })
}

/// A container like the service's own that runs once, reached by nobody.
fn suite(context: &Context<'_>, role: &str, planned: &Service, own: &BTreeSet<String>) -> Service {
    let mut suite = unpublished(planned);
    suite.life = Life::Test;
    suite.replicas = None;
    suite.stops_first = false;
    suite.healthcheck = None;
    let calling = context.networks.of_caller(role);
    suite.networks.retain(|network| calling.contains(network));
    // Data of the service's own has one writer: a test begins without any. What is shared has room for the test.
    suite.depends_on.remove(&names::volumes(role));
    suite.mounts.retain(|mount| match mount {
        Mount::Volume {
            volume,
            target,
            access: _,
            seed: _,
        } if own.contains(volume) => {
            suite.tmpfs.insert(target.clone(), VOLUME);
            false
        }
        Mount::Volume { .. } | Mount::File { .. } | Mount::Source { .. } | Mount::Filled { .. } => true,
    });
    suite
}

/// Makes a test wait for whoever uses each other in a cycle as well, who do not wait for each other.
fn await_all(program: &Program, component: Component, model: &Model, suite: &mut Service) {
    let needed = needed(model, [&*suite]);
    let reached = order::reached(program, component).into_iter();
    for (name, condition) in reached.filter_map(|callee| health::readiness(program, callee)) {
        if !needed.contains(&name) {
            suite.depends_on.insert(name, condition);
        }
    }
}

/// All that somebody waits for.
fn needed<'s>(model: &Model, suites: impl IntoIterator<Item = &'s Service>) -> BTreeSet<String> {
    let mut needed = BTreeSet::new();
    let waiting = suites.into_iter().flat_map(|suite| suite.depends_on.keys());
    let mut open: Vec<String> = waiting.cloned().collect();
    while let Some(name) = open.pop() {
        let planned = model.services.get(&name);
        if needed.insert(name) {
            open.extend(
                planned
                    .iter()
                    .flat_map(|service| service.depends_on.keys().cloned()),
            );
        }
    }
    needed
}

/// What a service is in the project of the tests: nothing of it is open on the machine, where the developer's own
/// project may run.
fn unpublished(planned: &Service) -> Service {
    let mut planned = planned.clone();
    planned.published.clear();
    planned.watched.clear();
    leave_entries(&mut planned);
    planned
}

/// Takes a service out of the networks that publish.
fn leave_entries(service: &mut Service) {
    service
        .networks
        .retain(|network| !network.starts_with(names::ENTRY_NETWORK));
}
