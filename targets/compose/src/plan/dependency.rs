//! Managed backings: the catalogue's image, with a volume for its data.

use super::{Context, health, internal, labels, node, service, text};
use crate::model::{File, Life, Model, Mount, Provenance, Service};
use crate::names;
use exoc_catalogue::Run;
use exoc_diagnostics::Sink;
use exoc_ir::{Backing, Capabilities, Component, Id, Managed, Port, Program, Protocol, Resources};
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
    let Managed {
        product: _, // with the version what the catalogue runs
        version: _,
        resources: Resources { cpu, memory },
        storage: _,    // a volume has no size: a note says so
        parameters: _, // with the image what the catalogue runs
        image: _,
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
    let mounts = mounts(model, backing, data, files, &from);
    let planned = Service {
        from: from.clone(),
        purpose: None,
        image: image.to_string().into(),
        build: None,
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
        published: Vec::new(),
        networks: context.networks.of(role),
        healthcheck: health::inside(program, Some(&health), sink),
        depends_on: service::depends_on(context, Component::Backing(id)),
        cpu: *cpu,
        memory: *memory,
        replicas: None,
        life: Life::Forever,
        stops_first: false,
        stop_grace_period: shutdown,
        labels: labelled(program, backing, port, number),
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

fn labelled(program: &Program, backing: &Backing, port: &str, number: u16) -> BTreeMap<String, String> {
    let mut labels = labels::of(program, &backing.identity, "dependency");
    let port = Port {
        name: port.to_owned(),
        number,
        protocol: Protocol::Tcp,
    };
    labels::ports(&mut labels, &[port]);
    labels
}
