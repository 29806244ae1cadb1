//! Checks of checkov that a workload cannot pass, each with its reason in an annotation, where checkov looks for them.
//! Knows no program: whatever it says is read off the finished objects.
//!
//! Source of checks and annotations: checkov 3.3.30, checkov/kubernetes, 2026-11. The page of the target lists them.

use crate::model::{ImageName, Kept, Meta, Object, Pod, VariableValue};
use std::collections::BTreeMap;

/// A check and why it is skipped.
type Skip = (&'static str, &'static str);

const LIVENESS: Skip = ("CKV_K8S_8", "the manifest says no health, and nothing listens");
const READINESS: Skip = ("CKV_K8S_9", "the manifest says no health, and nothing listens");
const CPU_LIMIT: Skip = (
    "CKV_K8S_11",
    "a limit of CPU slows a pod down while the machine is idle",
);
const PRIVILEGED: Skip = ("CKV_K8S_16", "the manifest says privileged");
const ESCALATION: Skip = ("CKV_K8S_20", "the manifest says privileged");
const WRITABLE_ROOT: Skip = ("CKV_K8S_22", "the manifest says writable-filesystem");
const ROOT: Skip = ("CKV_K8S_23", "the manifest says that root runs it");
const CAPABILITIES: Skip = ("CKV_K8S_25", "the manifest lists these capabilities");
const NET_RAW: Skip = ("CKV_K8S_28", "the manifest leaves root its default capabilities");
const SECRETS: Skip = ("CKV_K8S_35", "programs read secrets from variables");
const ALL_DROPPED: Skip = ("CKV_K8S_37", "the manifest leaves root its default capabilities");
const LOW_USER: Skip = ("CKV_K8S_40", "the files of the image belong to this user");
const DIGEST: Skip = ("CKV_K8S_43", "the manifest names a tag");

/// The least user that no machine has for itself, by checkov.
const LEAST_USER: u32 = 10_000;

/// Which images that the kustomization replaces have a digest then.
pub(crate) struct Digests<'i>(BTreeMap<&'i str, bool>);

impl<'i> Digests<'i> {
    /// `images` are what the kustomization makes of images.
    pub(crate) fn of(images: &'i [ImageName]) -> Self {
        let has_digest = |image: &'i ImageName| (image.name.as_str(), image.reference.digest.is_some());
        Self(images.iter().map(has_digest).collect())
    }

    fn is_pinned(&self, image: &str) -> bool {
        let of_build = self.0.get(image).copied();
        of_build.unwrap_or_else(|| image.contains('@'))
    }
}

/// Says on every workload what it skips.
pub(crate) fn annotate(objects: &mut [Object], digests: &Digests<'_>) {
    for object in objects {
        let Some((meta, pod, is_asked)) = pod_of(object) else {
            continue;
        };
        let skips = skips(pod, is_asked, digests.is_pinned(&pod.container.image));
        for (index, (check, reason)) in skips.into_iter().enumerate() {
            let key = format!("checkov.io/skip{}", index + 1);
            meta.annotations.insert(key, format!("{check}={reason}"));
        }
    }
}

/// The pods of an object, if it makes some, and whether checkov asks for their probes.
fn pod_of(object: &mut Object) -> Option<(&mut Meta, &Pod, bool)> {
    match object {
        Object::Workload(workload) => {
            let crate::model::Workload {
                meta,
                controller: _,
                selector: _,
                pod,
            } = workload.as_mut();
            Some((meta, &*pod, true))
        }
        Object::Job(job) => Some((&mut job.meta, &job.pod, false)),
        Object::CronJob(job) => Some((&mut job.meta, &job.pod, false)),
        Object::Namespace(_)
        | Object::ServiceAccount(..)
        | Object::ConfigMap(..)
        | Object::PostgresCluster(_)
        | Object::RabbitmqCluster(_)
        | Object::BackupStore(_)
        | Object::ScheduledBackup(_)
        | Object::ExternalSecret(_)
        | Object::PasswordGenerator(..)
        | Object::Claim(..)
        | Object::Service(_)
        | Object::Gateway(_)
        | Object::Ingress(_)
        | Object::Route(_)
        | Object::Autoscaler(_)
        | Object::DisruptionBudget(..)
        | Object::NetworkPolicy(_) => None,
    }
}

/// What a pod skips, in the order of the checks' numbers.
fn skips(pod: &Pod, is_asked: bool, has_digest: bool) -> Vec<Skip> {
    let container = &pod.container;
    let security = &container.security;
    let (adds, is_default) = match &security.capabilities {
        Kept::Default => (false, true),
        Kept::Only(kept) => (!kept.is_empty(), false),
    };
    let companion = pod.first.as_ref().map(|first| &first.container);
    let holds_secret = std::iter::once(container)
        .chain(companion)
        .flat_map(|container| &container.variables)
        .any(|variable| matches!(variable.value, VariableValue::Secret(_) | VariableValue::Login(_)));
    let is_silent = is_asked && container.probes.is_none();
    let all = [
        (is_silent, LIVENESS),
        (is_silent, READINESS),
        (true, CPU_LIMIT),
        (security.privileged, PRIVILEGED),
        (security.privileged, ESCALATION),
        (!security.read_only_root, WRITABLE_ROOT),
        (pod.security.user == 0, ROOT),
        (adds, CAPABILITIES),
        (is_default, NET_RAW),
        (holds_secret, SECRETS),
        (is_default, ALL_DROPPED),
        (pod.security.user < LEAST_USER, LOW_USER),
        (!has_digest || companion.is_some(), DIGEST),
    ];
    all.into_iter()
        .filter(|(is_needed, _)| *is_needed)
        .map(|(_, skip)| skip)
        .collect()
}
