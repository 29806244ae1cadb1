//! Services of the project: what a workload becomes, and the ground that companions stand on.

use super::{Context, development, health, image, labels, node, order, text, volumes};
use crate::model::{Condition, Life, Provenance, Service, Text};
use exoc_diagnostics::Sink;
use exoc_ir::{
    Backing, Bytes, Capabilities, Component, Id, Job, Kind, MilliCpu, Program, Resources, Scale, Seconds,
    Security, Trigger, User, Workload,
};
use std::collections::{BTreeMap, BTreeSet};

/// A service of the program.
pub(super) fn of_service(
    context: &Context<'_>,
    id: Id<exoc_ir::Service>,
    service: &exoc_ir::Service,
    sink: &mut Sink,
) -> Service {
    let program = context.program;
    let exoc_ir::Service {
        role: _, // the service's key
        identity,
        workload,
        kind,
        scale,
        development,
    } = service;
    let Scale {
        // One replica of everything, or none: `is_off`.
        min: _,
        max: _,
        cpu: _,
        memory: _,
        requests: _,
        overlap,
    } = scale;
    let mut planned = of_workload(context, Component::Service(id), workload, sink);
    planned.published = context.entry.published.get(&id).cloned().unwrap_or_default();
    development::add(context, development, &mut planned);
    planned.replicas = is_off(program, id).then_some(0);
    planned.stops_first = !overlap;
    // What starts is the same for a server, which has ports, and a worker.
    let kind = match kind {
        Kind::Server => "server",
        Kind::Worker => "worker",
        Kind::Job(job) => {
            planned.life = life(job);
            "job"
        }
    };
    planned.labels = labels::of(program, identity, kind);
    labels::run(&mut planned.labels, service.job());
    labels::ports(&mut planned.labels, &workload.ports);
    labels::doors(&mut planned.labels, program, id, &workload.ports);
    planned
}

/// A container among the backings.
pub(super) fn of_container(
    context: &Context<'_>,
    component: Component,
    backing: &Backing,
    workload: &Workload,
    sink: &mut Sink,
) -> Service {
    let Backing {
        role: _, // the service's key
        identity,
        engine: _, // its workload
    } = backing;
    let mut planned = of_workload(context, component, workload, sink);
    planned.labels = labels::of(context.program, identity, "dependency");
    labels::ports(&mut planned.labels, &workload.ports);
    planned
}

/// Whether a service is switched off. The local environment always runs one.
pub(super) fn is_off(program: &Program, id: Id<exoc_ir::Service>) -> bool {
    let scale = program.services().get(id).map(|service| service.scale);
    let is_zero = scale.is_some_and(|scale: Scale| scale.max == 0);
    is_zero && !program.environment().local
}

/// When a job starts. Its schedule, its time and its retries are beyond compose, which the notes say.
const fn life(job: &Job) -> Life {
    let Job {
        trigger,
        timeout: _,
        retries: _,
    } = job;
    match trigger {
        Trigger::BeforeDeploy { rank: _ } | Trigger::AfterDeploy => Life::Once,
        Trigger::Schedule(_) | Trigger::OnDemand => Life::OnDemand,
    }
}

/// What a component's service waits for: whom it uses, and the jobs that are over before it.
pub(super) fn depends_on(context: &Context<'_>, component: Component) -> BTreeMap<String, Condition> {
    let program = context.program;
    let used = context.order.before(component);
    let healthy = used.filter_map(|callee| health::readiness(program, callee));
    let jobs = order::jobs_before(program, component)
        .map(|job| (program.role(job).to_owned(), Condition::Completed));
    let running =
        order::running_before(program, component).filter_map(|service| health::readiness(program, service));
    healthy.chain(running).chain(jobs).collect()
}

/// A companion: unprivileged, with nothing writable, small.
pub(super) fn companion(from: Provenance, purpose: String, image: &str, user: (u32, u32)) -> Service {
    Service {
        from,
        purpose: Some(purpose),
        image: image.into(),
        build: None,
        platform: None,
        entrypoint: None,
        command: None,
        environment: BTreeMap::new(),
        init: false,
        user: Some(user),
        read_only: true,
        capabilities: Capabilities::Only(BTreeSet::new()),
        privileged: false,
        low_ports: false,
        tmpfs: BTreeMap::new(),
        mounts: Vec::new(),
        watched: BTreeMap::new(),
        published: Vec::new(),
        networks: BTreeSet::new(),
        aliases: BTreeMap::new(),
        healthcheck: None,
        depends_on: BTreeMap::new(),
        cpu: MilliCpu(250),
        memory: Bytes::mebi(64),
        replicas: None,
        life: Life::Forever,
        stops_first: false,
        stop_grace_period: Seconds(10),
        labels: BTreeMap::new(),
    }
}

/// A companion that does nothing while it runs: what it is for is its check, or what it waits for.
pub(super) fn idle_companion(from: Provenance, purpose: String) -> Service {
    Service {
        command: Some(vec!["sleep".into(), "2147483647".into()]),
        // `sleep` as process 1 would ignore the signal to stop.
        init: true,
        ..companion(from, purpose, exoc_catalogue::PROBE_IMAGE, (10001, 10001))
    }
}

fn of_workload(context: &Context<'_>, component: Component, workload: &Workload, sink: &mut Sink) -> Service {
    let program = context.program;
    let Workload {
        image,
        platforms,
        entrypoint,
        command,
        environment,
        ports: _, // listening needs nothing but `low_ports`; who publishes is the caller's business
        scratch,
        mounts,
        files: _, // added with the companion that writes some of them
        health,
        resources,
        security,
        shutdown,
    } = workload;
    let Resources { cpu, memory } = resources;
    let Security {
        user,
        root_writable,
        capabilities,
        privileged,
    } = security;
    let mut arguments = |items: &Option<Vec<exoc_ir::Value>>| -> Option<Vec<Text>> {
        let items = items.as_ref()?;
        Some(text::texts(program, items, sink))
    };
    let entrypoint = arguments(entrypoint);
    let command = arguments(command);
    let platform = image::platform(program, *image, platforms);
    let (image, build) = image::image(context, *image);
    // Where it has its name, and where it says what runs: often in a file of its own.
    let places = ["", "build", "image"].map(|field| program.at(node(component), field));
    Service {
        from: places.into_iter().collect(),
        purpose: None,
        image,
        build,
        platform,
        entrypoint,
        command,
        environment: text::variables(program, environment, sink),
        // A program that ignores the signal to stop must show it here as it would elsewhere.
        init: false,
        user: match user {
            User::FromImage => None,
            User::Ids { user, group } => Some((*user, *group)),
        },
        read_only: !root_writable,
        capabilities: capabilities.clone(),
        privileged: *privileged,
        low_ports: workload.has_low_port(),
        tmpfs: scratch.clone(),
        mounts: volumes::mounts(program, mounts),
        watched: BTreeMap::new(),
        published: Vec::new(),
        networks: context.networks.of(program.role(component)),
        aliases: BTreeMap::new(),
        healthcheck: health::inside(program, health.as_ref(), sink),
        depends_on: depends_on(context, component),
        cpu: *cpu,
        memory: *memory,
        replicas: None,
        life: Life::Forever,
        stops_first: false,
        stop_grace_period: *shutdown,
        labels: BTreeMap::new(),
    }
}
