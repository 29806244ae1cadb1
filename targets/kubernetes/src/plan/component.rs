//! One file per component, with all its objects.

use super::assembly::{self, Assembly};
use super::routes::{self, Entry};
use super::skips::Digests;
use super::{Plan, job, managed, network, operators, scaling, skips};
use crate::model::{Claim, Controller, File, Object, Probes, Provenance, Strategy, Workload as Planned};
use crate::names;
use crate::plan::pod::{Spread, Stop};
use exoc_diagnostics::{Failed, Workers};
use exoc_ir::{Backing, Component, Engine, Id, Kind, Port, Service, Workload};

/// The files of all components that run here, side by side where that is possible.
pub(crate) fn files(
    plan: &mut Plan<'_>,
    entry: Option<&Entry>,
    digests: &Digests<'_>,
    workers: &dyn Workers,
) -> Result<Vec<File>, Failed> {
    let components: Vec<Component> = plan.program.components().collect();
    let made = workers.map(&components, |component| {
        let mut part = plan.beside();
        let mut file = match component {
            Component::Service(id) => of_service(&mut part, *id, entry),
            Component::Backing(id) => of_backing(&mut part, *id),
        };
        if let Ok(Some(file)) = &mut file {
            skips::annotate(&mut file.objects, digests);
        }
        (file, part)
    });
    let mut files = Vec::with_capacity(made.len());
    for (file, part) in made {
        plan.absorb(part);
        files.push(file);
    }
    files.into_iter().filter_map(Result::transpose).collect()
}

fn of_service(plan: &mut Plan<'_>, id: Id<Service>, entry: Option<&Entry>) -> Result<Option<File>, Failed> {
    let Some(service) = plan.program.services().get(id) else {
        return Ok(None);
    };
    let component = Component::Service(id);
    let own = service_objects(plan, component, service)?;
    let mut objects = around(plan, component, &service.workload.ports, own);
    objects.extend(routes::routes(plan, id, entry));
    objects.extend(scaling::objects(plan, component, &service.scale));
    objects.extend(network::policy(plan, component, &service.workload.ports));
    Ok(Some(file(&service.role, objects)))
}

fn of_backing(plan: &mut Plan<'_>, id: Id<Backing>) -> Result<Option<File>, Failed> {
    let Some(backing) = plan.program.backings().get(id) else {
        return Ok(None);
    };
    let component = Component::Backing(id);
    let Backing {
        role,
        identity: _, // the plan's selectors and names have it
        engine,
    } = backing;
    let (own, ports) = match engine {
        // Nothing of it runs here: its users' policies and variables are all there is.
        Engine::External(_) | Engine::Existing(_) => return Ok(None),
        Engine::Container(workload) => {
            let own = container_objects(plan, component, workload)?;
            (own, workload.ports.clone())
        }
        Engine::Managed(product) => {
            if let Some(operator) = operators::of(plan, component) {
                let mut objects = operators::objects(plan, component, operator, product);
                objects.extend(network::policy(plan, component, &operators::ports(operator)));
                return Ok(Some(file(role, objects)));
            }
            let Some(run) = exoc_catalogue::run(plan.program, id) else {
                return Err(plan.fault(component, "the catalogue does not know how it runs"));
            };
            let ports = vec![managed::port(&run)];
            (managed::objects(plan, component, product, run, &ports)?, ports)
        }
    };
    let mut objects = around(plan, component, &ports, own);
    objects.extend(network::policy(plan, component, &ports));
    Ok(Some(file(role, objects)))
}

fn file(role: &str, objects: Vec<Object>) -> File {
    File {
        name: names::file(role),
        objects,
    }
}

/// The account before what runs, the Services behind it.
fn around(plan: &mut Plan<'_>, component: Component, ports: &[Port], own: Vec<Object>) -> Vec<Object> {
    let account = plan.meta(component, plan.program.role(component));
    let mut objects = vec![Object::ServiceAccount(account, plan.options.pull_secrets.clone())];
    objects.extend(own);
    objects.extend(network::service(plan, component, ports));
    objects.extend(network::public_service(plan, component, ports));
    objects
}

fn service_objects(
    plan: &mut Plan<'_>,
    component: Component,
    service: &Service,
) -> Result<Vec<Object>, Failed> {
    let Service {
        role: _,     // the plan's names have it
        identity: _, // the plan's selectors have it
        workload,
        kind,
        scale,
        development: _, // all of it is refused
    } = service;
    match kind {
        Kind::Job(job) => return job::objects(plan, component, workload, job),
        Kind::Server | Kind::Worker => {}
    }
    deployment(
        plan,
        component,
        workload,
        scaling::spread(scale),
        |plan, probes| scaling::controller(plan, component, scale, probes),
    )
}

/// A container among the dependencies: one pod, for nobody said that it tolerates another beside it.
fn container_objects(
    plan: &mut Plan<'_>,
    component: Component,
    workload: &Workload,
) -> Result<Vec<Object>, Failed> {
    deployment(plan, component, workload, Spread::None, |_, probes| {
        scaling::deployment((Some(1), Provenance::default()), Strategy::Recreate, probes)
    })
}

fn deployment(
    plan: &mut Plan<'_>,
    component: Component,
    workload: &Workload,
    spread: Spread,
    controller: impl FnOnce(&Plan<'_>, Option<&Probes>) -> Controller,
) -> Result<Vec<Object>, Failed> {
    let Assembly {
        pod,
        mut objects,
        claims,
    } = assembly::assemble(plan, component, workload, Stop::Drained, spread)?;
    let controller = controller(plan, pod.container.probes.as_ref());
    let role = plan.program.role(component);
    let (name, controller) = if claims.is_empty() {
        (role, controller)
    } else {
        owning(plan, component, controller, claims)
    };
    objects.push(Object::Workload(Box::new(Planned {
        meta: plan.meta(component, name),
        controller,
        selector: plan.selector(component),
        pod,
    })));
    Ok(objects)
}

/// What keeps data of its own: it is called after its identity, as its claims are for good.
fn owning<'a>(
    plan: &Plan<'a>,
    component: Component,
    controller: Controller,
    claims: Vec<Claim>,
) -> (&'a str, Controller) {
    let identity = plan.identity(component);
    let replicas = match controller {
        Controller::Deployment { replicas, .. } => replicas.unwrap_or(1),
        Controller::StatefulSet { replicas, .. } => replicas,
    };
    let set = Controller::StatefulSet {
        service_name: identity.to_owned(),
        replicas,
        claims,
    };
    (identity, set)
}
