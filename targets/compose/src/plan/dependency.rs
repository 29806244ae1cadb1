//! Managed backings: the catalogue's image, with a volume for its data.

use super::{Context, health, internal, labels, node, service, text};
use crate::model::{File, Life, Model, Mount, Provenance, Seed, Service};
use crate::names;
use exoc_catalogue::{Hub, Run};
use exoc_diagnostics::{Diagnostic, Sink, codes};
use exoc_ir::{
    Access, Backing, Bytes, Capabilities, Component, Id, Managed, MilliCpu, NodeId, Port, Product, Program,
    Protocol, Resources,
};
use std::collections::{BTreeMap, BTreeSet};

/// Adds the service of a managed backing, its volume and its files.
pub(super) fn add(
    model: &mut Model,
    context: &Context<'_>,
    id: Id<Backing>,
    backing: &Backing,
    managed: &Managed,
    sink: &mut Sink,
) {
    let program = context.program;
    let Backing {
        role,
        identity: _, // what its volume is named after
        engine: _,   // `managed`
    } = backing;
    let hub = Hub::of(program, id);
    if let Some(hub) = hub.as_ref().filter(|hub| hub.host != *role) {
        held(program, id, managed, &hub.host, sink);
        return;
    }
    let Managed {
        product: _, // with the version what the catalogue runs
        version: _,
        resources: _,  // summed up over all that the container holds
        storage: _,    // a volume has no size: a note says so
        parameters: _, // with the image what the catalogue runs
        image: _,
        subscribes: _,   // in the file of the topic's server, which holds the queue
        availability: _, // one of each: notes of the feature table say so
        backups: _,
        database: _, // all four are in the catalogue's variables
        username: _,
        password: _,
        administrator: _,
    } = managed;
    let Some(run) = exoc_catalogue::run(program, id) else {
        sink.error(internal(program, &format!("the catalogue cannot run `{role}`")));
        return;
    };
    let Run {
        image,
        user,
        group,
        root_writable,
        port: (port, number),
        command,
        environment,
        files,
        data,
        scratch,
        health,
        shutdown,
    } = run;
    let from = Provenance::from(program.at(node(Component::Backing(id)), ""));
    let Resources { cpu, memory } = resources(program, hub.as_ref(), managed);
    let networks = context.networks.of(role);
    let mounts = mounts(model, backing, data, files, &from);
    let planned = Service {
        from: from.clone(),
        purpose: None,
        image: image.to_string().into(),
        build: None,
        platform: None,
        entrypoint: None,
        command: command.map(|words| words.into_iter().map(Into::into).collect()),
        environment: text::variables(program, &environment, sink),
        init: false,
        user: Some((user, group)),
        read_only: !root_writable,
        capabilities: Capabilities::Only(BTreeSet::new()),
        privileged: false,
        low_ports: false,
        tmpfs: scratch,
        mounts,
        watched: BTreeMap::new(),
        published: Vec::new(),
        aliases: aliases(context, hub.as_ref(), &networks),
        networks,
        healthcheck: health::inside(program, Some(&health), sink),
        depends_on: service::depends_on(context, Component::Backing(id)),
        cpu,
        memory,
        replicas: None,
        life: Life::Forever,
        stops_first: false,
        stop_grace_period: shutdown,
        labels: labelled(program, backing, (port, number), hub.as_ref()),
    };
    model.services.insert(role.clone(), planned);
}

/// What is mounted: a volume for the data, if there is any, and the files that lie beside the image's.
fn mounts(
    model: &mut Model,
    backing: &Backing,
    data: Option<&str>,
    files: BTreeMap<String, String>,
    from: &Provenance,
) -> Vec<Mount> {
    let mut mounts = Vec::new();
    if let Some(data) = data {
        let volume = names::data_volume(&backing.identity);
        mounts.push(Mount::Volume {
            volume: volume.clone(),
            target: data.to_owned(),
            access: Access::Write,
            seed: Seed::Image,
        });
        model.volumes.insert(volume, from.clone());
    }
    for (target, contents) in files {
        let file = names::file(&backing.role, &target);
        model
            .files
            .insert(file.clone(), File::Text(from.clone(), contents));
        mounts.push(Mount::File { file, target });
    }
    mounts
}

fn labelled(
    program: &Program,
    backing: &Backing,
    own: (&str, u16),
    hub: Option<&Hub>,
) -> BTreeMap<String, String> {
    let mut labels = labels::of(program, &backing.identity, "dependency");
    let queues = hub.filter(|hub| !hub.queues().is_empty());
    let of_queues = queues.map(|_| ("sqs", exoc_catalogue::entry(Product::Queue).port));
    let ports: Vec<Port> = std::iter::once(own)
        .chain(of_queues)
        .map(|(name, number)| Port {
            name: name.to_owned(),
            number,
            protocol: Protocol::Tcp,
        })
        .collect();
    labels::ports(&mut labels, &ports);
    labels
}

/// The service in which a component runs: its own, or that of the topic that holds a queue.
pub(super) fn host(program: &Program, component: Component) -> &str {
    let holder = match component {
        Component::Service(_) => None,
        Component::Backing(id) => Hub::of(program, id).and_then(|hub| {
            let backings = program.backings().iter();
            let mut roles = backings.map(|(_, backing)| backing.role.as_str());
            roles.find(|role| *role == hub.host)
        }),
    };
    holder.unwrap_or_else(|| program.role(component))
}

/// The other names of a topic's server on each of its networks: the roles that are reached there, and on the network of
/// a queue the host that the server itself gives out in the addresses of queues, which begins with the region
/// (Admiral-Piett/goaws app/conf/config.go at 0c047b3, 2026-11).
fn aliases(
    context: &Context<'_>,
    hub: Option<&Hub>,
    networks: &BTreeSet<String>,
) -> BTreeMap<String, BTreeSet<String>> {
    let Some(hub) = hub else {
        return BTreeMap::new();
    };
    let given_out = format!("{}.{}", exoc_catalogue::REGION, hub.host);
    let queues = hub.queues();
    let of_network = |network: &String| {
        let is_reached = |role: &str| context.networks.leads_to(network, role);
        let others = hub.roles().filter(|role| *role != hub.host && is_reached(role));
        let of_queues = queues.iter().any(|queue| is_reached(queue));
        others
            .map(str::to_owned)
            .chain(of_queues.then(|| given_out.clone()))
            .collect()
    };
    let named = networks
        .iter()
        .map(|network| (network.clone(), of_network(network)));
    named
        .filter(|(_, names): &(String, BTreeSet<String>)| !names.is_empty())
        .collect()
}

/// What a container needs: of all that it holds together.
fn resources(program: &Program, hub: Option<&Hub>, managed: &Managed) -> Resources {
    let Some(hub) = hub else {
        return managed.resources;
    };
    let roles: BTreeSet<&str> = hub.roles().collect();
    let held = program
        .backings()
        .iter()
        .filter(|(_, backing)| roles.contains(backing.role.as_str()))
        .filter_map(|(id, _)| program.managed(id));
    let none = Resources {
        cpu: MilliCpu(0),
        memory: Bytes(0),
    };
    held.fold(none, |sum, held| {
        let Resources { cpu, memory } = held.resources;
        Resources {
            cpu: MilliCpu(sum.cpu.0.saturating_add(cpu.0)),
            memory: Bytes(sum.memory.0.saturating_add(memory.0)),
        }
    })
}

/// A backing without a container of its own, for which no other image can run.
fn held(program: &Program, id: Id<Backing>, managed: &Managed, host: &str, sink: &mut Sink) {
    if managed.image.is_none() {
        return;
    }
    let role = program.role(Component::Backing(id));
    sink.error(
        Diagnostic::new(
            codes::TARGET_LIMIT,
            format!("compose runs `{role}` in the container of `{host}`, so it has no image of its own"),
        )
        .at(program.at(NodeId::Backing(id), "image"), "")
        .help(format!(
            "remove it: topics and the queues that subscribe are one container, whose image is that of `{host}`"
        )),
    );
}
