//! Every decision: from a program to the project's model. One file per concern; printing is elsewhere.

mod absent;
mod dependency;
mod deployed;
mod development;
mod entry;
mod files;
mod gateway;
mod health;
mod image;
mod labels;
mod networks;
mod notes;
mod order;
mod service;
mod suites;
mod text;
mod volumes;

#[cfg(test)]
mod tests;

use crate::model::{File, Guide, Model, Mount, Piece, Service, Text};
use crate::names;
use crate::needs::needs;
use entry::Entry;
use exoc_diagnostics::{Diagnostic, Failed, Sink, codes};
use exoc_ir::{Component, Door, Engine, Entrance, NodeId, Program, Trigger};
use indexmap::IndexMap;
use networks::Networks;
use order::Order;
use std::collections::{BTreeMap, BTreeSet};

/// What the parts of the plan look up.
struct Context<'a> {
    program: &'a Program,
    /// The application's folder as seen from the project's.
    application: &'a str,
    entry: Entry,
    networks: Networks,
    order: Order,
}

/// Roles, and where each answers on the machine, as the README lists them: a URL, or an address and what is spoken there.
#[must_use]
pub fn addresses(program: &Program) -> Vec<(String, String)> {
    // Clashes are reported where the project is made.
    entry::entry(program, &mut Sink::new()).addresses
}

/// The port where HTTP enters the machine.
#[must_use]
pub fn http_port(program: &Program) -> u16 {
    entry::http_port(program)
}

/// The project of a program.
///
/// # Errors
///
/// If two things claim one port of the machine or one variable, or a folder's path cannot be written.
pub(crate) fn plan(program: &Program, application: &str, sink: &mut Sink) -> Result<Model, Failed> {
    absent::check(program, sink);
    sink.checkpoint()?;
    let entry = entry::entry(program, sink);
    let networks = networks::networks(program, &entry);
    let order = order::order(program);
    let context = Context {
        program,
        application,
        entry,
        networks,
        order,
    };
    notes::report(&context, sink);
    let mut model = Model {
        project: names::project(program.app(), program.environment()),
        description: program.app().description.clone(),
        services: IndexMap::new(),
        networks: context.networks.defined(program),
        volumes: BTreeMap::new(),
        files: BTreeMap::new(),
        tests: None,
        guide: Guide::default(),
    };
    for (id, service) in program.services().iter() {
        let component = Component::Service(id);
        let planned = service::of_service(&context, id, service, sink);
        add_with_companion(&mut model, &context, component, planned, sink);
    }
    for (id, backing) in program.backings().iter() {
        let component = Component::Backing(id);
        match &backing.engine {
            Engine::Container(workload) => {
                let planned = service::of_container(&context, component, backing, workload, sink);
                add_with_companion(&mut model, &context, component, planned, sink);
            }
            Engine::Managed(managed) => {
                dependency::add(&mut model, &context, id, backing, managed, sink);
            }
            // Nothing runs: its users leave over the network to the world.
            Engine::External(_) | Engine::Existing(_) => {}
        }
    }
    volumes::add_shared(&mut model, &context);
    if let Some(gateway) = &context.entry.gateway {
        let name = names::GATEWAY.to_owned();
        model.services.insert(name, gateway::service(&context, gateway));
        let file = names::file(names::GATEWAY, gateway::CONFIGURATION);
        model.files.insert(file, File::Gateway(gateway.clone()));
    }
    if let Some(companion) = deployed::companion(&context, &model) {
        model.services.insert(names::DEPLOYED.to_owned(), companion);
    }
    model.tests = suites::tests(&context, &model, sink);
    model.guide = guide(&context, &model);
    check_variables(program, sink);
    check_folders(program, &model, sink);
    volumes::check(program, sink);
    sink.checkpoint()?;
    Ok(model)
}

/// Adds a component's service with its volumes and files, and behind it the companion that asks it from outside, if there is
/// one.
fn add_with_companion(
    model: &mut Model,
    context: &Context<'_>,
    component: Component,
    mut planned: Service,
    sink: &mut Sink,
) {
    let role = context.program.role(component);
    let replicas = planned.replicas;
    volumes::add(model, context, component, &mut planned);
    files::add(model, context, component, &mut planned, sink);
    model.services.insert(role.to_owned(), planned);
    if let Some(companion) = health::companion(context, component, replicas) {
        model.services.insert(names::health(role), companion);
    }
}

/// Which node of the program a component is, for places.
const fn node(component: Component) -> NodeId {
    match component {
        Component::Service(id) => NodeId::Service(id),
        Component::Backing(id) => NodeId::Backing(id),
    }
}

/// What to say for a fault that no manifest can cause.
fn internal(program: &Program, fault: &str) -> Diagnostic {
    Diagnostic::new(codes::INTERNAL, fault)
        .at(program.at(NodeId::App, "name"), "")
        .help("this is a fault of exoc; please report it with the manifest")
}

/// The page beside the project, from what the model already says.
fn guide(context: &Context<'_>, model: &Model) -> Guide {
    let Entry {
        http_port: _,
        published: _,
        published_by: _,
        gateway: _,
        addresses,
    } = &context.entry;
    let needs = needs(context.program);
    let purposes: BTreeMap<&str, String> = needs
        .iter()
        .map(|need| (need.secret.name.as_str(), need.purpose()))
        .collect();
    let purpose = |variable: &str| match purposes.get(variable) {
        Some(purpose) => purpose.clone(),
        None => image_to_run(context.program, variable),
    };
    let variables: BTreeSet<&str> = model.services.values().flat_map(variables_of).collect();
    let generated = needs
        .iter()
        .filter_map(|need| Some((need.secret.name.clone(), need.secret.length()?)));
    let mut volumes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    // A companion mounts what is another's, or what it makes itself.
    for (role, service) in model.services.iter().filter(|(role, _)| !role.contains('_')) {
        for volume in service.mounts.iter().filter_map(Mount::volume) {
            volumes.entry(volume.to_owned()).or_default().insert(role.clone());
        }
    }
    Guide {
        builds: model.services.values().any(|service| service.build.is_some()),
        variables: variables
            .into_iter()
            .map(|variable| (variable.to_owned(), purpose(variable)))
            .collect(),
        kept: context.program.environment().local && !needs.is_empty(),
        generated: generated.collect(),
        addresses: addresses.clone(),
        hosts: hosts(context.program)
            .into_iter()
            .filter(|host| !is_loopback(host))
            .collect(),
        jobs: jobs(context.program),
        tls_expected: !context.program.environment().local && !hosts(context.program).is_empty(),
        watches: model.services.values().any(|service| !service.watched.is_empty()),
        tests: suites::names(context.program),
        volumes,
    }
}

/// The jobs that start only when a person says so, and their schedules.
fn jobs(program: &Program) -> BTreeMap<String, Option<String>> {
    let services = program.services().iter();
    services
        .filter_map(|(_, service)| match &service.job()?.trigger {
            Trigger::Schedule(schedule) => Some((service.role.clone(), Some(schedule.cron()))),
            Trigger::OnDemand => Some((service.role.clone(), None)),
            Trigger::BeforeDeploy { rank: _ } | Trigger::AfterDeploy => None,
        })
        .collect()
}

/// The hosts of the doors of HTTP.
fn hosts(program: &Program) -> BTreeSet<String> {
    let host = |door: &Door| match &door.entrance {
        Entrance::Http {
            host,
            path: _,
            strip: _,
            timeout: _,
        } => Some(host.clone()),
        Entrance::Plain { .. } => None,
    };
    program.doors().iter().filter_map(host).collect()
}

/// Whether browsers resolve a host to their own machine.
fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.ends_with(".localhost")
}

/// The variables that a service needs. Nothing sensitive stands in a command, so image and variables are all.
fn variables_of(service: &Service) -> impl Iterator<Item = &str> {
    let texts = std::iter::once(&service.image).chain(service.environment.values());
    texts
        .flat_map(|Text(pieces)| pieces)
        .filter_map(|piece| match piece {
            Piece::Literal(_) => None,
            Piece::Variable(variable) => Some(variable.name.as_str()),
        })
}

/// What a variable is for that holds no secret.
fn image_to_run(program: &Program, variable: &str) -> String {
    image::taken_from_variables(program)
        .find(|(_, built)| names::image_variable(&built.name) == variable)
        .map(|(_, built)| {
            let image = names::built_image(program, &built.name);
            format!("Image to run: `{image}` with its tag or digest")
        })
        .unwrap_or_default()
}

/// A secret and a built image must not claim one variable.
fn check_variables(program: &Program, sink: &mut Sink) {
    for (_, built) in image::taken_from_variables(program) {
        let variable = names::image_variable(&built.name);
        for (id, secret) in program.secrets().iter() {
            if secret.name == variable {
                let message = format!(
                    "the secret and the image of `{}` are both `{variable}`",
                    built.name
                );
                sink.error(
                    Diagnostic::new(codes::DERIVED_NAME_CLASH, message)
                        .at(program.at(NodeId::Secret(id), ""), "")
                        .help("give the secret another name, or pin the image in this environment"),
                );
            }
        }
    }
}

/// Compose writes a folder in memory as `path:options`.
fn check_folders(program: &Program, model: &Model, sink: &mut Sink) {
    for (component, _) in program.workloads() {
        let service = model.services.get(program.role(component));
        for folder in service.iter().flat_map(|service| service.tmpfs.keys()) {
            if folder.contains(':') {
                let place = program.at(node(component), &format!("writable.{folder}"));
                let message = format!("compose cannot mount the folder `{folder}`, for its path has a `:`");
                sink.error(
                    Diagnostic::new(codes::TARGET_LIMIT, message)
                        .at(place, "")
                        .help("give the folder a path without `:`"),
                );
            }
        }
    }
}
