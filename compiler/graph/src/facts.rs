//! The words of a node: what stands below its name, and what else is told of it. No value of a program is among them.

use crate::picture::{Fact, Kind, Node, Zone};
use crate::plan::word;
use exoc_ir::{
    Availability, Bytes, Component, Door, Entrance, Existing, External, Id, Image, Job, Managed, Owner,
    Program, Resources, Scale, Service, Trigger, Workload,
};
use std::collections::BTreeSet;

/// What is said of a node: below its name, and beside it.
type Told = (String, Vec<Fact>);

fn fact(label: &'static str, value: impl ToString) -> Fact {
    Fact {
        label,
        values: vec![value.to_string()],
    }
}

fn several(label: &'static str, values: Vec<String>) -> Option<Fact> {
    (!values.is_empty()).then_some(Fact { label, values })
}

/// By which ways a host is entered.
pub(crate) fn entrances(program: &Program, host: &str) -> String {
    let environment = program.environment();
    let ways: BTreeSet<String> = program
        .doors()
        .iter()
        .filter_map(|door| match &door.entrance {
            Entrance::Http { host: own, .. } if own == host => {
                Some(match (environment.local, environment.http_port) {
                    (true, Some(port)) => format!("http, port {port}"),
                    (true, None) => "http".to_owned(),
                    (false, _) => "https".to_owned(),
                })
            }
            Entrance::Plain {
                host: own,
                number,
                transport,
            } if own == host => Some(format!("{} {number}", word(*transport))),
            Entrance::Http { .. } | Entrance::Plain { .. } => None,
        })
        .collect();
    match ways.len() {
        0..=3 => ways.into_iter().collect::<Vec<_>>().join(", "),
        number => format!("{number} ports"),
    }
}

/// A service.
pub(crate) fn service(program: &Program, id: Id<Service>, service: &Service) -> Node {
    let Service {
        role,
        identity,
        workload,
        kind,
        scale,
        development: _,
    } = service;
    let (what, mut facts) = self::workload(program, Component::Service(id), workload);
    let (kind, what) = match kind {
        exoc_ir::Kind::Server => (Kind::Server, what),
        exoc_ir::Kind::Worker => (Kind::Worker, what),
        exoc_ir::Kind::Job(Job {
            trigger,
            timeout,
            retries,
        }) => {
            facts.insert(0, fact("Runs", moment(trigger)));
            facts.push(fact("Timeout", timeout));
            facts.push(fact("Retries", retries));
            (Kind::Job, moment(trigger))
        }
    };
    let count = (kind != Kind::Job).then(|| replicas(scale)).flatten();
    if kind != Kind::Job {
        facts.insert(0, fact("Replicas", range(scale)));
    }
    let doors: Vec<String> = program.doors_of(id).map(address).collect();
    facts.extend(several("Reached at", doors));
    facts.extend(self::identity(role, identity));
    Node {
        name: role.clone(),
        kind,
        zone: Zone::Application,
        what,
        count,
        facts,
    }
}

/// What makes a job run.
fn moment(trigger: &Trigger) -> String {
    match trigger {
        Trigger::Schedule(schedule) => format!("at {} UTC", schedule.cron()),
        Trigger::BeforeDeploy { rank: _ } => "before each deployment".to_owned(),
        Trigger::AfterDeploy => "after each deployment".to_owned(),
        Trigger::OnDemand => "on demand".to_owned(),
    }
}

fn range(scale: &Scale) -> String {
    match (scale.fixed(), scale.min, scale.max) {
        (Some(number), _, _) => number.to_string(),
        (None, min, max) => format!("{min} to {max}"),
    }
}

/// How many run, if not one.
fn replicas(scale: &Scale) -> Option<String> {
    match (scale.fixed(), scale.min, scale.max) {
        (Some(1), _, _) => None,
        (Some(number), _, _) => Some(format!("×{number}")),
        (None, min, max) => Some(format!("×{min}–{max}")),
    }
}

fn address(door: &Door) -> String {
    match &door.entrance {
        Entrance::Http { host, path, .. } => format!("{host}{path}"),
        Entrance::Plain {
            host,
            number,
            transport,
        } => format!("{host}:{number} {}", word(*transport)),
    }
}

/// What runs.
pub(crate) fn workload(program: &Program, component: Component, workload: &Workload) -> Told {
    let Workload {
        image,
        platforms: _,
        entrypoint: _,
        command: _,
        environment: _,
        ports,
        scratch: _,
        mounts: _,
        files: _,
        health: _,
        resources,
        security: _,
        shutdown: _,
    } = workload;
    let (short, whole) = match program.images().get(*image) {
        Some(Image::Pinned(reference)) => {
            let name = reference.name.rsplit('/').next().unwrap_or_default();
            let tag = reference.tag.as_deref();
            let short = tag.map_or_else(|| name.to_owned(), |tag| format!("{name}:{tag}"));
            (short, fact("Image", reference))
        }
        Some(Image::Built(built)) => {
            let folder = match built.context.as_str() {
                "" => "./".to_owned(),
                folder => format!("./{folder}"),
            };
            (folder.clone(), fact("Built from", folder))
        }
        None => (String::new(), fact("Image", "")),
    };
    let numbers: Vec<String> = ports.iter().map(|port| format!(":{}", port.number)).collect();
    let what = match numbers.as_slice() {
        [] => short,
        [..] => format!("{} · {short}", numbers.join(" ")),
    };
    let told = |port: &exoc_ir::Port| format!("{} {} ({})", port.number, port.protocol.word(), port.name);
    let mut facts = vec![whole];
    facts.extend(several("Ports", ports.iter().map(told).collect()));
    facts.extend(needs(resources));
    let own = program
        .volumes()
        .iter()
        .filter_map(|(_, volume)| match &volume.owner {
            Owner::Component {
                component: owner,
                name,
            } if *owner == component => Some(match volume.size {
                Some(size) => format!("{name}, {size}"),
                None => name.clone(),
            }),
            Owner::Component { .. } | Owner::Shared { .. } => None,
        });
    facts.extend(several("Volumes", own.collect()));
    (what, facts)
}

fn needs(resources: &Resources) -> [Fact; 2] {
    let Resources { cpu, memory } = resources;
    [fact("Processor", cpu), fact("Memory", memory)]
}

/// A product that a target rents or runs.
pub(crate) fn managed(managed: &Managed) -> Told {
    let Managed {
        product,
        version,
        resources,
        storage,
        parameters: _,
        image,
        availability,
        backups,
        subscribes: _,
        database,
        username: _,
        password: _,
        administrator: _,
    } = managed;
    let what = match version {
        Some(version) => format!("{} {version}", product.word()),
        None => product.word().to_owned(),
    };
    let mut facts = vec![fact("Product", &what)];
    facts.extend(image.as_ref().map(|image| fact("Image", image)));
    facts.extend(database.as_ref().map(|database| fact("Database", database)));
    // A product without versions is no server.
    if version.is_some() {
        facts.extend(needs(resources));
    }
    facts.extend(kept(
        Some(*storage).filter(|size| size.0 > 0),
        *availability,
        *backups,
    ));
    (what, facts)
}

/// How data is kept.
pub(crate) fn kept(size: Option<Bytes>, availability: Availability, backups: Option<u32>) -> Vec<Fact> {
    let availability = match availability {
        Availability::Single => None,
        Availability::High => Some(fact("Availability", "high")),
    };
    let days = |days: u32| fact("Backups", format!("kept {days} days"));
    let size = size.map(|size| fact("Storage", size));
    size.into_iter()
        .chain(availability)
        .chain(backups.map(days))
        .collect()
}

/// Somebody else's server. Its URL may hold a credential, and is not shown.
pub(crate) fn external(external: &External) -> Told {
    let External { url: _, host, port } = external;
    (host.clone(), vec![fact("Host", host), fact("Port", port)])
}

/// A product that is there already.
pub(crate) fn existing(existing: &Existing) -> Told {
    let Existing {
        product,
        attributes: _,
        hosts,
    } = existing;
    let what = format!("{}, already there", product.word());
    let mut facts = vec![fact("Product", product.word())];
    facts.extend(several("Hosts", hosts.clone()));
    (what, facts)
}

/// What the history is called after, if that is not the role.
pub(crate) fn identity(role: &str, identity: &str) -> Option<Fact> {
    (role != identity).then(|| fact("Was called", identity))
}
