//! Workloads as ECS services: services, and containers among the dependencies.

use super::doors::{Behind, Doors};
use super::edges::Rules;
use super::secrets::{self, Ledger};
use super::volumes::Volumes;
use super::{Context, container, files, images, job, limits, notes, permission, product, scale};
use crate::model::{Job, Kind, Lines, Scale, Task};
use crate::names::{address, limit};
use crate::rented::rented;
use crate::sizes::FargatePair;
use exoc_diagnostics::{Diagnostic, Sink, Span, codes};
use exoc_ir::{Backing, Callee, Component, Engine, Id, Resources, Service, Workload};

/// What tells a service from a container among the dependencies.
struct Subject<'a> {
    component: Component,
    role: &'a str,
    identity: &'a str,
    workload: &'a Workload,
    kind: Kind,
    job: Option<Job>,
    behind: Behind,
    scale: Scale,
}

/// Plans everything that runs, side by side; what is reported and needed keeps the order of the components.
pub(super) fn plan(
    context: &Context<'_>,
    doors: &Doors,
    rules: &Rules,
    volumes: &Volumes,
    ledger: &mut Ledger,
    sink: &mut Sink,
) -> Vec<Task> {
    let components: Vec<Component> = context.program.components().collect();
    let before = sink.beside();
    let planned = context.input.workers.map(&components, |component| {
        let (mut own, mut needed) = (before.beside(), Ledger::default());
        let task = match component {
            Component::Service(id) => of_service(context, *id, doors, &mut own),
            Component::Backing(id) => of_container(context, *id),
        }
        .and_then(|subject| task(context, subject, rules, volumes, &mut needed, &mut own));
        (task, needed, own)
    });
    let mut tasks = Vec::with_capacity(planned.len());
    for (task, needed, reported) in planned {
        tasks.extend(task);
        ledger.absorb(needed);
        sink.absorb(reported);
    }
    tasks
}

/// A service or a job.
fn of_service<'a>(
    context: &Context<'a>,
    id: Id<Service>,
    doors: &Doors,
    sink: &mut Sink,
) -> Option<Subject<'a>> {
    let Service {
        role,
        identity,
        workload,
        kind,
        scale,
        development: _, // all of it is refused
    } = context.program.services().get(id)?;
    let behind = doors.services.get(&id).cloned().unwrap_or_default();
    let scale = scale::plan(context, id, *scale, &behind.target_groups);
    let job = match kind {
        exoc_ir::Kind::Job(job) => Some(job::plan(context, id, identity, job, sink)),
        // Whether it listens is plain from its ports.
        exoc_ir::Kind::Server | exoc_ir::Kind::Worker => None,
    };
    Some(Subject {
        component: Component::Service(id),
        role,
        identity,
        workload,
        kind: if job.is_some() { Kind::Job } else { Kind::Service },
        job,
        behind,
        scale,
    })
}

/// A container among the dependencies.
fn of_container<'a>(context: &Context<'a>, id: Id<Backing>) -> Option<Subject<'a>> {
    let Backing {
        role,
        identity,
        engine,
    } = context.program.backings().get(id)?;
    let workload = match engine {
        Engine::Container(workload) => workload,
        Engine::Managed(_) | Engine::External(_) | Engine::Existing(_) => return None,
    };
    Some(Subject {
        component: Component::Backing(id),
        role,
        identity,
        workload,
        kind: Kind::Dependency,
        job: None,
        behind: Behind::default(),
        scale: scale::single(),
    })
}

/// `None` only beyond Fargate's sizes, which are refused as a feature.
fn task(
    context: &Context<'_>,
    subject: Subject<'_>,
    rules: &Rules,
    volumes: &Volumes,
    ledger: &mut Ledger,
    sink: &mut Sink,
) -> Option<Task> {
    let Subject {
        component,
        role,
        identity,
        workload,
        kind,
        job,
        behind,
        scale,
    } = subject;
    let names = context.names;
    let span = context.program.at(container::node(component), "");
    let pair = FargatePair::for_resources(workload.resources)?;
    if pair.exceeds(workload.resources) {
        note_pair(context, component, workload.resources, pair, sink);
    }
    let running = images::running(context, component, workload);
    let late = files::draft(context, component, workload);
    let texts = late.iter().flat_map(files::Draft::values);
    let environment =
        secrets::environment(context, component, identity, &workload.environment, texts, ledger);
    limits::check_texts(context, component, &environment.variables, late.as_ref(), sink);
    let writer = late.map(|late| late.finish(environment.texts));
    let container = container::plan(
        context,
        component,
        workload,
        running.image,
        environment.variables,
        sink,
    );
    let mut within = |part: &str, limit, span: Span| names.within(&[identity, part], limit, span, sink);
    let (execution_role, task_role) = (
        within("exec", limit::ROLE, span),
        within("task", limit::ROLE, span),
    );
    Some(Task {
        role: role.to_owned(),
        identity: identity.to_owned(),
        address: address(role),
        kind,
        family: names.whole(&[identity]),
        service_name: identity.to_owned(),
        group_prefix: format!("{}-", names.whole(&[identity])),
        log_group: format!("/{}", names.path(&[identity])),
        execution_role,
        task_role,
        permissions: permission::plan(context, component),
        pair,
        architecture: running.architecture,
        container,
        probe: container::probe(context, component, workload),
        writer,
        file_system: volumes.own.get(&component).cloned(),
        mounts: volumes.mounts.get(&component).cloned().unwrap_or_default(),
        registered: !workload.ports.is_empty(),
        pull: running.pull,
        companion: images::companion_of(context, component, workload),
        reads: environment.reads,
        reads_named: environment.reads_named,
        composed: environment.composed,
        job,
        scale,
        capacity: scale::capacity(context, role),
        grace: (!behind.target_groups.is_empty()).then_some(behind.grace),
        target_groups: behind.target_groups,
        listener_rules: behind.rules,
        listeners: behind.listeners,
        rules: rules.get(&component).cloned().unwrap_or_default(),
        products: products(context, component),
        lines: context.lines_of(component, &[]),
        definition_lines: context.lines_of(component, &["build", "image", "cpu", "memory"]),
        port_lines: port_lines(context, component, workload),
        scale_lines: context.lines_of(component, &["scale"]),
    })
}

/// Where the ports were written; the component itself where they follow from something else.
fn port_lines(context: &Context<'_>, component: Component, workload: &Workload) -> Lines {
    let place = |name: &str| {
        context
            .program
            .at(container::node(component), &format!("ports.{name}"))
    };
    context.lines(workload.ports.iter().map(|port| place(&port.name)))
}

fn note_pair(
    context: &Context<'_>,
    component: Component,
    asked: Resources,
    pair: FargatePair,
    sink: &mut Sink,
) {
    let Resources { cpu, memory } = asked;
    let got = exoc_ir::Bytes::mebi(pair.memory);
    let node = container::node(component);
    let note = Diagnostic::new(
        codes::FARGATE_PAIR,
        format!(
            "`{}` gets {} and {got} instead of {cpu} and {memory}, the next pair that Fargate has",
            context.program.role(component),
            pair.cores_in_words(),
        ),
    )
    .help(format!(
        "write `cpu: {}` and `memory: {got}` to say what is paid for",
        pair.cores()
    ));
    sink.report(notes::at_fields(context, node, &["cpu", "memory"], note));
}

/// The managed products that a workload uses, whether or not a variable of it names their attributes.
fn products(context: &Context<'_>, component: Component) -> Vec<(&'static str, String)> {
    let product = |edge: &exoc_ir::Edge| match edge.to {
        Callee::Component(Component::Backing(id)) => {
            let kind = product::resource(rented(context.program.managed(id)?.product)?);
            Some((kind, address(context.program.role(Component::Backing(id)))))
        }
        Callee::Component(Component::Service(_)) | Callee::World => None,
    };
    context
        .program
        .edges_from(component)
        .filter_map(product)
        .collect()
}
