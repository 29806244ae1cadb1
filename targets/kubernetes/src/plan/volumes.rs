//! Volumes of services: claims of their own, which outlive them, and shared ones, which are dependencies without a pod.

use super::Plan;
use super::job::Wave;
use crate::model::{
    Claim, File, Labels, Meta, Mount, Object, Pod, Provenance, Sharing, Volume as PodVolume, VolumeSource,
};
use crate::names;
use exoc_diagnostics::{Diagnostic, codes};
use exoc_ir::{
    Access, Bytes, Component, Id, Kind, Mount as Mounted, NodeId, Owner, Service, User, Volume, Workload,
};
use std::collections::BTreeSet;

/// The size of a component's own volume of which nothing is said.
const SIZE: Bytes = Bytes::gibi(10);

/// Kustomizations of Flux and applications of Argo CD never delete what has these, as nobody deletes the claims of a
/// StatefulSet.
///
/// Source: fluxcd.io, "Kustomization", `prune`; argo-cd.readthedocs.io, "Sync Options"; 2026-11.
const KEPT: [(&str, &str); 2] = [
    ("argocd.argoproj.io/sync-options", "Delete=false,Prune=false"),
    ("kustomize.toolkit.fluxcd.io/prune", "disabled"),
];

/// What the volumes of a component add to its pod.
#[derive(Default)]
pub(crate) struct Held {
    /// Its own.
    pub(crate) claims: Vec<Claim>,
    /// Those of others.
    pub(crate) volumes: Vec<PodVolume>,
    /// Where all of them lie.
    pub(crate) mounts: Vec<Mount>,
    /// The group that writes one.
    pub(crate) group: Option<u32>,
}

impl Held {
    /// What they are called in the pod.
    pub(crate) fn names(&self) -> BTreeSet<String> {
        let own = self.claims.iter().map(|claim| &claim.name);
        let others = self.volumes.iter().map(|volume| &volume.name);
        own.chain(others).cloned().collect()
    }
}

/// The volumes of a component.
pub(crate) fn held(plan: &Plan<'_>, component: Component, workload: &Workload) -> Held {
    let mut held = Held::default();
    for (path, Mounted { volume: id, access }) in &workload.mounts {
        let Some(volume) = plan.program.volumes().get(*id) else {
            continue;
        };
        let Volume {
            owner,
            size,
            writer: _, // who mounts it to write is that one
        } = volume;
        let name = match owner {
            Owner::Component { component: _, name } => {
                let field = format!("volumes.{name}.size");
                held.claims.push(Claim {
                    name: name.clone(),
                    storage: size.unwrap_or(SIZE).to_string(),
                    class: plan.options.storage_class.clone(),
                    from: plan.written(
                        component,
                        [format!("volumes.{name}"), field],
                        &Provenance::default(),
                    ),
                });
                name
            }
            Owner::Shared {
                role,
                identity,
                availability: _, // refused as features
                backups: _,      // likewise
            } => {
                held.volumes.push(PodVolume {
                    name: role.clone(),
                    source: VolumeSource::Claim(identity.clone(), *access),
                });
                role
            }
        };
        held.mounts.push(Mount {
            volume: name.clone(),
            path: path.clone(),
            file: None,
            access: *access,
        });
        match (access, workload.security.user) {
            (Access::Write, User::Ids { user: _, group }) => held.group = Some(group),
            (Access::Write, User::FromImage) | (Access::Read, _) => {}
        }
    }
    held
}

/// The claims of a job: a CronJob has no templates of claims, and none of its runs overlap.
pub(crate) fn of_job(
    plan: &Plan<'_>,
    component: Component,
    claims: Vec<Claim>,
    wave: Wave,
    pod: &mut Pod,
) -> Vec<Object> {
    let mut objects = Vec::new();
    for claim in claims {
        let identity = plan.identity(component);
        let name = format!("{identity}-{}", claim.name);
        pod.volumes.push(PodVolume {
            name: claim.name.clone(),
            source: VolumeSource::Claim(name.clone(), Access::Write),
        });
        let meta = plan.in_wave(plan.meta(component, name), wave);
        let meta = kept(meta).because_of(claim.from.clone());
        objects.push(Object::Claim(meta, claim, Sharing::One));
    }
    objects
}

/// Whether a workload has a volume of its own.
pub(crate) fn owns_some(plan: &Plan<'_>, workload: &Workload) -> bool {
    workload.mounts.values().any(|mount| {
        let volume = plan.program.volumes().get(mount.volume);
        volume.is_some_and(|volume| matches!(volume.owner, Owner::Component { .. }))
    })
}

/// Whether some volume is shared.
pub(crate) fn are_shared(plan: &Plan<'_>) -> bool {
    let mut volumes = plan.program.volumes().iter();
    volumes.any(|(_, volume)| matches!(volume.owner, Owner::Shared { .. }))
}

/// One file for each shared volume.
pub(crate) fn shared(plan: &mut Plan<'_>) -> Vec<File> {
    let program = plan.program;
    let mut files = Vec::new();
    for (id, volume) in program.volumes().iter() {
        let Volume {
            owner,
            size,
            writer: _,
        } = volume;
        let Owner::Shared {
            role,
            identity,
            availability: _,
            backups: _, // refused with those of databases
        } = owner
        else {
            continue;
        };
        let at = program.at(NodeId::Volume(id), "");
        let class = plan.options.shared_storage_class.clone();
        if class.is_none() {
            let message = format!("the shared volume `{role}` needs the option `shared-storage-class`");
            let diagnostic = Diagnostic::new(codes::BAD_OPTION, message)
                .at(program.at(NodeId::Volume(id), "type"), "")
                .help("name a StorageClass of the cluster whose volumes many machines write, as in `targets: { kubernetes: { shared-storage-class: nfs } }`")
                .help("or keep the files in a `bucket`");
            plan.sink.error(diagnostic);
        }
        let mut labels = plan.shared_meta("").labels;
        let instance = names::instance(&program.app().name, identity);
        labels.insert("app.kubernetes.io/name", identity.clone());
        labels.insert("app.kubernetes.io/instance", plan.shortened(instance, at));
        labels.insert("app.kubernetes.io/component", "volume".to_owned());
        let meta = Meta {
            labels,
            ..plan.shared_meta(identity)
        };
        let claim = Claim {
            name: identity.clone(),
            storage: size.unwrap_or(SIZE).to_string(),
            class,
            from: Provenance::default(),
        };
        let places = [at, program.at(NodeId::Volume(id), "storage")];
        let meta = kept(first_wave(plan, id, meta)).because_of(Provenance::of(places));
        files.push(File {
            name: names::file(role),
            objects: vec![Object::Claim(meta, claim, Sharing::Many)],
        });
    }
    files
}

/// A class may wait with a volume for the first pod, and a wave for the volume: so it comes with its first user.
fn first_wave(plan: &Plan<'_>, id: Id<Volume>, meta: Meta) -> Meta {
    let mounts = |workload: &Workload| workload.mounts.values().any(|mount| mount.volume == id);
    let users = plan.program.workloads().filter(|(_, workload)| mounts(workload));
    let rank = |component: &Component| match component {
        Component::Backing(_) => 0,
        Component::Service(id) => match plan.program.services().get(*id).map(|service| &service.kind) {
            Some(Kind::Job(job)) => super::job::rank(&job.trigger),
            Some(Kind::Server | Kind::Worker) | None => u32::MAX - 2,
        },
    };
    let wave = match users.map(|(component, _)| component).min_by_key(rank) {
        Some(Component::Service(id)) => {
            let job = plan.program.services().get(id).and_then(Service::job);
            job.map_or(Wave::Of(Component::Service(id)), |job| {
                super::job::wave_of_claims(Component::Service(id), &job.trigger)
            })
        }
        Some(backing @ Component::Backing(_)) => Wave::Of(backing),
        None => Wave::Last,
    };
    plan.in_wave(meta, wave)
}

/// The metadata of what holds data: tools that delete what a repository has no longer leave it.
pub(crate) fn kept(mut meta: Meta) -> Meta {
    let kept = KEPT.map(|(key, value)| (key, value.to_owned()));
    meta.annotations.extend(Labels::from(kept));
    meta
}
