//! Volumes: their names, and the companions that give fresh ones, which the engine leaves to root, to their users.

use super::{Context, labels, node, service};
use crate::model::{Condition, Life, Model, Mount, Provenance, Service};
use crate::names;
use exoc_diagnostics::{Diagnostic, Sink, Span, codes};
use exoc_ir::{Capabilities, Component, Engine, NodeId, Owner, Program, User, Volume};
use std::collections::BTreeMap;

/// Where a companion has the volumes.
const FOLDER: &str = "/volumes";

/// The mounts of a workload.
pub(super) fn mounts(program: &Program, mounts: &BTreeMap<String, exoc_ir::Mount>) -> Vec<Mount> {
    mounts
        .iter()
        .filter_map(|(target, mount)| {
            let exoc_ir::Mount { volume } = mount;
            Some(Mount::Volume {
                volume: name(program, program.volumes().get(*volume)?),
                target: target.clone(),
            })
        })
        .collect()
}

/// Adds the volumes of a component, and the companion that its service waits for.
pub(super) fn add(model: &mut Model, context: &Context<'_>, component: Component, planned: &mut Service) {
    let program = context.program;
    let mut own = Vec::new();
    for (id, volume) in program.volumes().iter() {
        let Volume {
            owner: Owner::Component {
                component: owner,
                name: _,
            },
            size: _, // a note says that it is not enforced
            writer,
        } = volume;
        if *owner == component {
            let from = program.at(NodeId::Volume(id), "");
            model.volumes.insert(name(program, volume), from.into());
            own.push((volume, *writer, from));
        }
    }
    let Some(User::Ids { user, group }) = own.first().map(|(_, writer, _)| *writer) else {
        // Whom the image names finds what the image has in that folder, with its owner.
        return;
    };
    if user == 0 {
        return;
    }
    let role = program.role(component);
    let from: Provenance = own.iter().map(|(_, _, from)| *from).collect();
    let purpose = format!("Gives the volumes of `{role}` to its user, and ends.");
    let mut companion = service::companion(from, purpose, exoc_catalogue::PROBE_IMAGE, (0, 0));
    let mut command = vec!["chown".into(), format!("{user}:{group}").into()];
    for (volume, _, _) in &own {
        let Owner::Component {
            component: _,
            name: folder,
        } = &volume.owner;
        let target = format!("{FOLDER}/{folder}");
        command.push(target.clone().into());
        let volume = name(program, volume);
        companion.mounts.push(Mount::Volume { volume, target });
    }
    companion.command = Some(command);
    companion.capabilities = Capabilities::Only(["CHOWN".to_owned()].into());
    companion.life = match planned.life {
        // It is started with the job that needs it, and `up` leaves both alone.
        Life::OnDemand => Life::OnDemand,
        Life::Forever | Life::Once | Life::Test => Life::Once,
    };
    companion.replicas = planned.replicas;
    let helper = names::volumes(role);
    companion.labels = labels::of(program, &helper, "companion");
    planned.depends_on.insert(helper.clone(), Condition::Completed);
    model.services.insert(helper, companion);
}

/// Names are made of two parts with `-` between them, and both may hold one.
pub(super) fn check(program: &Program, sink: &mut Sink) {
    let own = program.volumes().iter().map(|(id, volume)| {
        let at = program.at(NodeId::Volume(id), "");
        (name(program, volume), at)
    });
    let data = program
        .backings()
        .iter()
        .filter_map(|(id, backing)| match &backing.engine {
            Engine::Managed(_) => {
                let at = program.at(node(Component::Backing(id)), "");
                Some((names::data_volume(&backing.identity), at))
            }
            Engine::Container(_) | Engine::External(_) => None,
        });
    let mut seen: BTreeMap<String, Span> = BTreeMap::new();
    for (name, at) in data.chain(own) {
        if let Some(first) = seen.get(&name) {
            let message = format!("two volumes would both be called `{name}`");
            sink.error(
                Diagnostic::new(codes::DERIVED_NAME_CLASH, message)
                    .at(at, "a volume's name begins with the name of its owner")
                    .also(*first, "the first one")
                    .help("give the volume another name"),
            );
        } else {
            seen.insert(name, at);
        }
    }
}

fn name(program: &Program, volume: &Volume) -> String {
    let Owner::Component { component, name } = &volume.owner;
    names::own_volume(program.identity(*component), name)
}
