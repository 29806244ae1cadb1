//! Volumes: a file system for each component that has its own, and one for each that is shared.

use super::Context;
use super::container::node;
use super::edges::Rules;
use crate::model::{AccessPoint, Direction, FileSystem, Lines, Peer, Rule, TaskMount, Traffic};
use crate::names::{address, limit, volumes_of};
use exoc_diagnostics::{Diagnostic, Sink, Span, codes};
use exoc_ir::{Access, Component, Id, Mount, NodeId, Owner, User, Volume, Workload};
use std::collections::BTreeMap;

/// Where a file system answers.
///
/// Source: Amazon EFS user guide, "Source ports for working with EFS", read 2026-11.
const NFS: u16 = 2049;

/// Who a shared volume belongs to that nobody writes.
const NOBODY: u32 = 65534;

/// All file systems, and what each component mounts.
#[derive(Default)]
pub(super) struct Volumes {
    pub(super) shared: Vec<FileSystem>,
    pub(super) own: BTreeMap<Component, FileSystem>,
    pub(super) mounts: BTreeMap<Component, Vec<TaskMount>>,
}

/// Plans them, and adds the rules between tasks and file systems.
pub(super) fn plan(context: &Context<'_>, rules: &mut Rules, sink: &mut Sink) -> Volumes {
    let mut volumes = Volumes::default();
    for (id, volume) in context.program.volumes().iter() {
        add(context, id, volume, &mut volumes, sink);
    }
    for (component, workload) in context.program.workloads() {
        let mounts = mounts(context, component, workload);
        if mounts.is_empty() {
            continue;
        }
        add_rules(context, component, &mounts, &mut volumes, rules);
        volumes.mounts.insert(component, mounts);
    }
    check_addresses(context, sink);
    volumes
}

fn add(context: &Context<'_>, id: Id<Volume>, volume: &Volume, volumes: &mut Volumes, sink: &mut Sink) {
    let Volume {
        owner,
        size: _, // a note says that it is not enforced
        writer,
    } = volume;
    let place = context.program.at(NodeId::Volume(id), "");
    let (user, group) = match writer {
        Some(User::Ids { user, group }) => (*user, *group),
        // The user of the image is refused as a feature.
        Some(User::FromImage) | None => (NOBODY, NOBODY),
    };
    let point = |name: &str| AccessPoint {
        name: name.to_owned(),
        address: access_point(context, owner),
        path: format!("/{name}"),
        user,
        group,
        lines: context.lines([place]),
    };
    match owner {
        Owner::Shared {
            role,
            identity,
            availability: _, // every file system is in all zones
            backups,
        } => {
            if backups.is_some() {
                refuse_backups(context, id, role, sink);
            }
            note_size(context, id, role, sink);
            let mut system = file_system(context, role, identity, address(role), place, sink);
            system.access_points.push(point(identity));
            volumes.shared.push(system);
        }
        Owner::Component { component, name } => {
            let role = context.program.role(*component);
            let own = context.program.at(node(*component), "");
            let system = volumes.own.entry(*component).or_insert_with(|| {
                let identity = context.program.identity(*component);
                // No role begins so.
                let address = volumes_of(&address(role));
                file_system(context, role, identity, address, own, sink)
            });
            system.access_points.push(point(name));
        }
    }
}

/// A file system grows with its files.
fn note_size(context: &Context<'_>, id: Id<Volume>, role: &str, sink: &mut Sink) {
    let place = |field| context.program.at(NodeId::Volume(id), field);
    if place("storage") == place("") {
        return;
    }
    sink.report(
        Diagnostic::new(
            codes::VOLUME_SIZE,
            format!("the size of `{role}` is not enforced on aws: a file system grows with its files"),
        )
        .at(place("storage"), "")
        .help("what is stored is paid for; an alarm can watch its size"),
    );
}

fn refuse_backups(context: &Context<'_>, id: Id<Volume>, role: &str, sink: &mut Sink) {
    sink.error(
        Diagnostic::new(
            codes::REFUSED_FEATURE,
            format!("aws cannot keep backups of the volume `{role}` for another time than its own"),
        )
        .at(context.program.at(NodeId::Volume(id), "backups"), "")
        .help(
            "leave `backups` out: a file system is backed up every day, and each backup is kept for 35 days",
        ),
    );
}

fn file_system(
    context: &Context<'_>,
    role: &str,
    identity: &str,
    address: String,
    place: Span,
    sink: &mut Sink,
) -> FileSystem {
    let names = context.names;
    FileSystem {
        role: role.to_owned(),
        identity: identity.to_owned(),
        address,
        name: names.within(&[identity], limit::FILE_SYSTEM, place, sink),
        group_prefix: format!("{}-volumes-", names.whole(&[identity])),
        rules: Vec::new(),
        access_points: Vec::new(),
        lines: context.lines([place]),
    }
}

/// The address of a volume's access point.
fn access_point(context: &Context<'_>, owner: &Owner) -> String {
    match owner {
        Owner::Shared {
            role,
            identity: _,
            availability: _,
            backups: _,
        } => address(role),
        Owner::Component { component, name } => {
            let role = context.program.role(*component);
            format!("{}_{}", address(role), address(name))
        }
    }
}

fn mounts(context: &Context<'_>, component: Component, workload: &Workload) -> Vec<TaskMount> {
    let mount = |(path, mount): (&String, &Mount)| {
        let Mount { volume, access } = mount;
        let Volume {
            owner,
            size: _,
            writer,
        } = context.program.volumes().get(*volume)?;
        let place = context.program.at(node(component), &format!("volumes.{path}"));
        Some(TaskMount {
            file_system: match owner {
                Owner::Shared {
                    role,
                    identity: _,
                    availability: _,
                    backups: _,
                } => address(role),
                Owner::Component { component, name: _ } => {
                    volumes_of(&address(context.program.role(*component)))
                }
            },
            access_point: access_point(context, owner),
            path: path.clone(),
            read_only: match access {
                Access::Read => true,
                Access::Write => false,
            },
            as_root: matches!(writer, Some(User::Ids { user: 0, group: _ })),
            lines: context.lines([place]),
        })
    };
    workload.mounts.iter().filter_map(mount).collect()
}

/// A rule on each side, for each file system once.
fn add_rules(
    context: &Context<'_>,
    component: Component,
    mounts: &[TaskMount],
    volumes: &mut Volumes,
    rules: &mut Rules,
) {
    let role = context.program.role(component);
    let own = address(role);
    let mut systems: BTreeMap<&str, &Lines> = BTreeMap::new();
    for mount in mounts {
        systems.entry(&mount.file_system).or_insert(&mount.lines);
    }
    let of_caller = rules.entry(component).or_default();
    for (system, lines) in systems {
        let rule = |direction, address, description: &str, group: &str, peer: &str| Rule {
            address,
            direction,
            description: description.to_owned(),
            group: group.to_owned(),
            peer: Peer::Group(peer.to_owned()),
            traffic: Traffic::Tcp(NFS),
            lines: lines.clone(),
        };
        let to = format!("{own}_to_{system}_{NFS}");
        of_caller.push(rule(Direction::Egress, to, "Files of volumes", &own, system));
        let from = format!("{system}_from_{own}_{NFS}");
        let words = format!("Tasks of {role}, which mount it");
        let admitted = rule(Direction::Ingress, from, &words, system, &own);
        let mut all = volumes.shared.iter_mut().chain(volumes.own.values_mut());
        if let Some(of) = all.find(|known| known.address == system) {
            of.rules.push(admitted);
        }
    }
    of_caller.sort_by(|a, b| (a.direction, &a.address).cmp(&(b.direction, &b.address)));
}

/// Addresses of access points join two names, so that two pairs may give one: `a` with `b-c` and `a-b` with `c`.
fn check_addresses(context: &Context<'_>, sink: &mut Sink) {
    let mut seen: BTreeMap<String, Span> = BTreeMap::new();
    for (id, volume) in context.program.volumes().iter() {
        let place = context.program.at(NodeId::Volume(id), "");
        let name = access_point(context, &volume.owner);
        let Some(first) = seen.insert(name.clone(), place) else {
            continue;
        };
        sink.error(
            Diagnostic::new(
                codes::DERIVED_NAME_CLASH,
                format!("two volumes give their access points the name `{name}`"),
            )
            .at(place, "")
            .also(first, "the other volume")
            .help("rename one of the volumes"),
        );
    }
}
