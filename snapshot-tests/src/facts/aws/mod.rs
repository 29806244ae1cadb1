//! Facts of a root module of Terraform for AWS.

mod entry;
mod files;
mod job;
mod module;
mod network;
mod permission;
mod product;
mod secret;
mod task;
mod volume;

pub(super) use files::decoded;

use super::{Edge, Facts, Files, Rented, Transport};
use entry::Balancer;
use module::{Module, Piece, Term};
use std::collections::{BTreeMap, BTreeSet};

/// Reads the files of one root module.
///
/// # Errors
///
/// If a file is no HCL, or says something that there is no fact for.
pub fn facts(files: &Files) -> Result<Facts, String> {
    let module = Module::read(files)?;
    let tasks = task::all(&module)?;
    let built = files::built(&module, files)?;
    let balancer = Balancer::read(&module, &tasks)?;
    let owner = owner(&module)?;
    let mut facts = Facts::default();
    for task in tasks.values() {
        let component = task::component(&module, task, &balancer, &built, owner.as_deref())?;
        facts.components.insert(task.role.clone(), component);
    }
    facts.rented = product::all(&module)?;
    facts.doors = balancer.doors(&module)?;
    let roles: BTreeMap<String, String> = tasks
        .iter()
        .map(|(address, task)| (address.clone(), task.role.clone()))
        .collect();
    facts.before = job::before(&module)?
        .iter()
        .filter_map(|address| roles.get(address).cloned())
        .collect();
    let jobs = tasks
        .values()
        .filter_map(|task| Some((task.role.as_str(), &task.job.as_ref()?.groups)));
    let owners = network::owners(&module, &roles, jobs)?;
    let named = named(&module, &tasks)?;
    let reach = network::reach(&module, &owners, &ports(&facts))?;
    facts.edges = reach
        .edges
        .into_iter()
        .filter(|edge| named.contains(&edge.to))
        .map(|edge| as_run(edge, &facts.rented))
        .collect();
    for task in tasks.values() {
        let used = permission::edges(&module, task.definition, &task.role, &facts.rented)?;
        facts.edges.extend(used);
    }
    facts.leaves = reach.leaves;
    // A question is no door, even where it goes to a port that nothing else reaches.
    let opened: BTreeSet<(String, u16, Transport)> = facts
        .doors
        .iter()
        .map(|door| (door.role.clone(), door.number, door.transport()))
        .collect();
    let asked = balancer.asked(&module)?;
    let only_asked = |entry: &(String, u16, Transport)| asked.contains(entry) && !opened.contains(entry);
    facts.entries = reach
        .entries
        .into_iter()
        .filter(|entry| !only_asked(entry))
        .collect();
    (facts.stored, facts.supplied) = secret::stored(&module)?;
    Ok(facts)
}

/// The keys of the variable `images` that a module takes.
///
/// # Errors
///
/// If a file is no HCL.
pub fn inputs(files: &Files) -> Result<BTreeSet<String>, String> {
    let module = Module::read(files)?;
    let mut keys = BTreeSet::new();
    for task in task::all(&module)?.values() {
        keys.extend(task.input());
    }
    Ok(keys)
}

/// The tag Owner that the provider puts on everything.
fn owner(module: &Module) -> Result<Option<String>, String> {
    let provider = module.block(&["provider", "aws"]).ok_or("there is no provider")?;
    let Some(tags) = provider
        .blocks()
        .find(|block| block.identifier() == "default_tags")
    else {
        return Ok(None);
    };
    let tags = module.required(tags.body(), "tags", "default_tags")?;
    Ok(tags.get("Owner").and_then(Term::plain))
}

/// An edge by the port at which an image of the product would listen.
fn as_run(edge: Edge, rented: &BTreeMap<String, Rented>) -> Edge {
    match rented.get(&edge.to) {
        Some(rented) if rented.here == Some(edge.number) => Edge {
            number: rented.port,
            ..edge
        },
        Some(_) | None => edge,
    }
}

/// Where everything listens.
fn ports(facts: &Facts) -> BTreeMap<String, BTreeSet<(u16, Transport)>> {
    let components = facts.components.iter().map(|(role, component)| {
        (
            role.clone(),
            component
                .ports
                .iter()
                .map(|port| (port.number, port.transport))
                .collect(),
        )
    });
    let rented = facts
        .rented
        .iter()
        .filter_map(|(role, rented)| Some((role.clone(), [(rented.here?, Transport::Tcp)].into())));
    components.chain(rented).collect()
}

/// What has a name: products have addresses of their own, services a record of their role.
fn named(module: &Module, tasks: &BTreeMap<String, task::Task<'_>>) -> Result<BTreeSet<String>, String> {
    let mut named: BTreeSet<String> = product::all(module)?.into_keys().collect();
    for (address, task) in tasks {
        let registries = task
            .service
            .into_iter()
            .flat_map(hcl::Body::blocks)
            .filter(|block| block.identifier() == "service_registries");
        for registry in registries {
            let term = module.required(registry.body(), "registry_arn", address)?;
            let record = match term.reference().map(secret::parts).as_deref() {
                Some(["aws_service_discovery_service", record, "arn"]) => (*record).to_owned(),
                _ => return Err(format!("`{address}` is registered at {term:?}")),
            };
            let body = module
                .block(&["aws_service_discovery_service", &record])
                .ok_or_else(|| format!("there is no record `{record}`"))?;
            let name = module.required(body, "name", &record)?;
            if name.pieces() != Some(vec![Piece::Literal(task.role.clone())]) {
                return Err(format!("`{}` has the name {name:?}", task.role));
            }
            named.insert(task.role.clone());
        }
    }
    Ok(named)
}
