//! The promises of the contract, held against a program. Makes and changes nothing.

use super::Program;
use crate::{Access, Backing, Callee, Component, Engine, Kind, Owner, Part, Volume, Workload};
use std::collections::BTreeSet;

/// Every invariant of the contract that does not hold, in words.
pub(super) fn faults(program: &Program) -> Vec<String> {
    let mut faults = Vec::new();
    let mut check = |holds: bool, fault: &str| {
        if !holds {
            faults.push(fault.to_owned());
        }
    };
    let roles: Vec<&str> = program
        .services
        .iter()
        .map(|(_, service)| service.role.as_str())
        .chain(program.backings.iter().map(|(_, backing)| backing.role.as_str()))
        .collect();
    check(
        roles.iter().collect::<BTreeSet<_>>().len() == roles.len(),
        "a role occurs twice",
    );
    check(
        is_sorted(program.services.iter().map(|(_, s)| s.role.as_str())),
        "services are not sorted",
    );
    check(
        is_sorted(program.backings.iter().map(|(_, b)| b.role.as_str())),
        "backings are not sorted",
    );
    check(
        is_sorted(program.secrets.iter().map(|(_, s)| s.name.as_str())),
        "secrets are not sorted",
    );
    let shared: Vec<&str> = program
        .volumes
        .iter()
        .filter_map(|(_, volume)| volume.role())
        .collect();
    check(
        shared.iter().all(|role| !roles.contains(role)),
        "a volume has the role of a component",
    );
    let owners: Vec<&Owner> = program.volumes.iter().map(|(_, volume)| &volume.owner).collect();
    check(owners.is_sorted_by(|a, b| a < b), "volumes are not sorted");
    check(
        program.edges.windows(2).all(|w| match w {
            [a, b] => (a.from, a.to) < (b.from, b.to),
            _ => true,
        }),
        "an edge occurs twice",
    );
    check(
        program.edges.iter().all(|edge| !edge.reasons.is_empty()),
        "an edge has no reason",
    );
    check(
        program
            .edges
            .iter()
            .all(|edge| edge.ports.is_empty() == (edge.to == Callee::World)),
        "an edge has no ports",
    );
    for door in &program.doors {
        let port = program
            .services
            .get(door.service)
            .and_then(|service| service.workload.ports.get(door.port));
        check(port.is_some(), "a door leads nowhere");
    }
    if !program.environment.local {
        check(
            program.images.iter().all(|(_, image)| image.is_pinned()),
            "an image is not pinned",
        );
    }
    faults
}

/// The same for what runs.
pub(super) fn faults_of_workloads(program: &Program) -> Vec<String> {
    let mut faults = Vec::new();
    let mut check = |holds: bool, fault: &str| {
        if !holds {
            faults.push(fault.to_owned());
        }
    };
    for (_, service) in program.services.iter() {
        check(
            (service.kind == Kind::Server) != service.workload.ports.is_empty(),
            "a server has no port, or a worker or job has one",
        );
        if let Kind::Job(_) = service.kind {
            check(service.workload.health.is_none(), "a job has a check");
            check(service.scale.fixed() == Some(1), "a job has replicas");
        }
        check(service.scale.min <= service.scale.max, "a scale is upside down");
        let owns = mounted(program, &service.workload).any(|(volume, _)| volume.role().is_none());
        check(
            program.environment.local || service.development.is_empty(),
            "something for developers is beyond their machine",
        );
        check(
            !owns || (service.scale.max <= 1 && !service.scale.overlap),
            "a volume has several writers at once",
        );
    }
    for (component, workload) in program.workloads() {
        check(
            program.images.get(workload.image).is_some(),
            "an image does not exist",
        );
        check(workload.scratch.contains_key("/tmp"), "a workload has no /tmp");
        let late = &workload.files.late;
        let in_root = |path: &str, root: &str| {
            let rest = path.strip_prefix(root.trim_end_matches('/'));
            rest.is_some_and(|rest| rest.starts_with('/') && rest.len() > 1)
        };
        check(
            late.keys().all(|root| {
                let others = late.keys().chain(workload.files.fixed.keys());
                let folders = workload.scratch.keys().chain(workload.mounts.keys());
                others.chain(folders).all(|path| !in_root(path, root))
            }),
            "something else lies in the folder of a late file",
        );
        check(
            late.values().all(|files| !files.is_empty()),
            "a folder of late files is empty",
        );
        check(
            workload
                .mounts
                .values()
                .all(|mount| program.volumes.get(mount.volume).is_some()),
            "a mount has no volume",
        );
        check(
            mounted(program, workload)
                .all(|(volume, access)| volume.admits(component, workload.security.user, access)),
            "a volume is written by another than its writer",
        );
        for value in program.arguments_of_test(component).chain(workload.values()) {
            for part in value.parts() {
                check(part_exists(program, part), "a value names what does not exist");
                check(
                    part_has_edge(program, component, part),
                    "an attribute has no edge",
                );
            }
        }
    }
    faults
}

/// What a workload mounts, and what it does there.
fn mounted<'p>(program: &'p Program, workload: &'p Workload) -> impl Iterator<Item = (&'p Volume, Access)> {
    let mounts = workload.mounts.values();
    mounts.filter_map(|mount| Some((program.volumes.get(mount.volume)?, mount.access)))
}

fn is_sorted<'a>(names: impl Iterator<Item = &'a str>) -> bool {
    let names: Vec<&str> = names.collect();
    names.is_sorted_by(|a, b| a < b)
}

fn part_exists(program: &Program, part: &Part) -> bool {
    match part {
        Part::Text(_) => true,
        Part::Secret(secret) => program.secrets.get(*secret).is_some(),
        Part::Attribute(backing, _) => {
            matches!(
                program.backings.get(*backing),
                Some(Backing {
                    engine: Engine::Managed(_),
                    ..
                })
            )
        }
    }
}

fn part_has_edge(program: &Program, from: Component, part: &Part) -> bool {
    match part {
        Part::Text(_) | Part::Secret(_) => true,
        Part::Attribute(backing, _) => program
            .edges_from(from)
            .any(|edge| edge.to == Callee::Component(Component::Backing(*backing))),
    }
}
