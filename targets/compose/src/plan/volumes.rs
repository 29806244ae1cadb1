//! Volumes: their names, and the companions that give fresh ones, which the engine leaves to root, to their users.

use super::{Context, labels, node, service};
use crate::model::{Condition, Life, Model, Mount, Provenance, Seed, Service};
use crate::names;
use exoc_diagnostics::{Diagnostic, Sink, Span, codes};
use exoc_ir::{Access, Capabilities, Component, Engine, Id, NodeId, Owner, Program, User, Volume};
use std::collections::{BTreeMap, BTreeSet};

/// Where a companion has the volumes.
const FOLDER: &str = "/volumes";

/// The mounts of a workload.
pub(super) fn mounts(program: &Program, mounts: &BTreeMap<String, exoc_ir::Mount>) -> Vec<Mount> {
    mounts
        .iter()
        .filter_map(|(target, mount)| {
            let exoc_ir::Mount { volume, access } = mount;
            let volume = program.volumes().get(*volume)?;
            Some(Mount::Volume {
                volume: name(program, volume),
                target: target.clone(),
                access: *access,
                seed: seed(volume, *access),
            })
        })
        .collect()
}

/// The volumes of a component's own.
pub(super) fn own(program: &Program, component: Component) -> BTreeSet<String> {
    let volumes = program.volumes().iter().map(|(_, volume)| volume);
    let own = volumes.filter(|volume| match &volume.owner {
        Owner::Component {
            component: owner,
            name: _,
        } => *owner == component,
        Owner::Shared { .. } => false,
    });
    own.map(|volume| name(program, volume)).collect()
}

/// What a volume holds at first. Of a shared one nobody could tell which image fills it, but where the user is the
/// image's own, only the image knows to whom it belongs.
const fn seed(volume: &Volume, access: Access) -> Seed {
    match (&volume.owner, volume.writer, access) {
        (Owner::Component { .. }, _, _) | (Owner::Shared { .. }, Some(User::FromImage), Access::Write) => {
            Seed::Image
        }
        (Owner::Shared { .. }, _, _) => Seed::Nothing,
    }
}

/// Adds the volumes of a component's own, and the companion that its service waits for.
pub(super) fn add(model: &mut Model, context: &Context<'_>, component: Component, planned: &mut Service) {
    let program = context.program;
    let mut gift = Gift::default();
    for (id, volume) in program.volumes().iter() {
        let Volume {
            owner,
            size: _, // a note says that it is not enforced
            writer,
        } = volume;
        let folder = match owner {
            Owner::Component {
                component: owner,
                name,
            } if *owner == component => name,
            Owner::Component { .. } | Owner::Shared { .. } => continue,
        };
        let from = program.at(NodeId::Volume(id), "");
        model.volumes.insert(name(program, volume), from.into());
        gift.writer = *writer;
        gift.folders.push((folder.clone(), name(program, volume)));
        gift.from.join(&from.into());
    }
    let role = program.role(component);
    let purpose = format!("Gives the volumes of `{role}` to its user, and ends.");
    let Some(companion) = companion(program, role, gift, purpose, planned.life) else {
        return;
    };
    let helper = names::volumes(role);
    planned.depends_on.insert(helper.clone(), Condition::Completed);
    let replicas = planned.replicas;
    model.services.insert(
        helper,
        Service {
            replicas,
            ..companion
        },
    );
}

/// Adds the volumes that components share, each with the companion that all who mount it wait for.
pub(super) fn add_shared(model: &mut Model, context: &Context<'_>) {
    let program = context.program;
    for (id, volume) in program.volumes().iter() {
        let Volume {
            owner,
            size: _, // a note says that it is not enforced
            writer,
        } = volume;
        let role = match owner {
            Owner::Shared {
                role,
                identity: _,     // in its name
                availability: _, // notes of the feature table say that there is one, without backups
                backups: _,
            } => role,
            Owner::Component { .. } => continue,
        };
        let from = Provenance::from(program.at(NodeId::Volume(id), ""));
        model.volumes.insert(name(program, volume), from.clone());
        let mounting = mounting(program, id);
        let services: Vec<&Service> = mounting
            .iter()
            .filter_map(|role| model.services.get(*role))
            .collect();
        if services.is_empty() {
            continue;
        }
        // It starts with the project if anything does that needs it.
        let is_waited_for = services.iter().any(|service| service.life != Life::OnDemand);
        let life = if is_waited_for { Life::Once } else { Life::OnDemand };
        let is_off = services.iter().all(|service| service.replicas == Some(0));
        let gift = Gift {
            writer: *writer,
            folders: vec![(role.clone(), name(program, volume))],
            from,
        };
        let purpose = format!("Gives the volume `{role}` to the user who writes it, and ends.");
        let Some(companion) = companion(program, role, gift, purpose, life) else {
            continue;
        };
        let helper = names::volumes(role);
        for role in mounting {
            if let Some(service) = model.services.get_mut(role) {
                service.depends_on.insert(helper.clone(), Condition::Completed);
            }
        }
        let replicas = is_off.then_some(0);
        model.services.insert(
            helper,
            Service {
                replicas,
                ..companion
            },
        );
    }
}

/// The roles of those who mount a volume.
fn mounting(program: &Program, id: Id<Volume>) -> Vec<&str> {
    let mounts = |workload: &exoc_ir::Workload| workload.mounts.values().any(|mount| mount.volume == id);
    let components = program.workloads().filter(|(_, workload)| mounts(workload));
    components.map(|(component, _)| program.role(component)).collect()
}

/// Volumes that get an owner.
#[derive(Default)]
struct Gift {
    writer: Option<User>,
    /// The folder where the companion has a volume, and the volume.
    folders: Vec<(String, String)>,
    from: Provenance,
}

/// The companion that gives volumes to their writer; `None` if they belong to it already. `life` is that of who needs
/// them: what an owner on demand needs is started with it, and `up` leaves both alone.
fn companion(program: &Program, role: &str, gift: Gift, purpose: String, life: Life) -> Option<Service> {
    let Gift {
        writer,
        folders,
        from,
    } = gift;
    let (user, group) = match writer {
        // A new volume is root's.
        None | Some(User::Ids { user: 0, group: _ }) => return None,
        // Whom the image names finds what the image has in that folder, with its owner.
        Some(User::FromImage) => return None,
        Some(User::Ids { user, group }) => (user, group),
    };
    let mut companion = service::companion(from, purpose, exoc_catalogue::PROBE_IMAGE, (0, 0));
    let mut command = vec!["chown".into(), format!("{user}:{group}").into()];
    for (folder, volume) in folders {
        let target = format!("{FOLDER}/{folder}");
        command.push(target.clone().into());
        companion.mounts.push(Mount::Volume {
            volume,
            target,
            access: Access::Write,
            seed: Seed::Image,
        });
    }
    companion.command = Some(command);
    companion.capabilities = Capabilities::Only(["CHOWN".to_owned()].into());
    companion.life = match life {
        Life::OnDemand => Life::OnDemand,
        Life::Forever | Life::Once | Life::Test => Life::Once,
    };
    companion.labels = labels::of(program, &names::volumes(role), "companion");
    Some(companion)
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
            Engine::Container(_) | Engine::External(_) | Engine::Existing(_) => None,
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
    match &volume.owner {
        Owner::Shared {
            role: _, // who has it says how it is called
            identity,
            availability: _,
            backups: _,
        } => names::shared_volume(identity),
        Owner::Component { component, name } => names::own_volume(program.identity(*component), name),
    }
}
