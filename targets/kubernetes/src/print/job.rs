//! Jobs and CronJobs, and the names of Jobs.

use super::object::{head, map, one};
use super::words::Words;
use super::workload;
use crate::model::{CronJob, Job, Labels, Object, Pod, Provenance, Start};
use exoc_emit::yaml::{Mapping, Scalar, Yaml, quoted};
use sha2::{Digest, Sha256};

/// How many runs that succeeded stay to be looked at, and how many that failed.
const HISTORY: u32 = 3;

/// A run that cannot begin within so many seconds is skipped.
const LATEST_START: u32 = 60;

/// The 31st of February, for an API that knows no CronJob without a schedule.
const NEVER: &str = "0 0 31 2 *";

/// The document of a Job, still under the name of its role.
pub(super) fn job(words: Words<'_>, job: &Job) -> Mapping {
    let Job {
        meta,
        image: _, // of the name alone
        retries,
        retried,
        pod,
    } = job;
    head(words, "batch/v1", "Job", meta).with("spec", run(words, *retries, retried, pod))
}

/// The document of a CronJob.
pub(super) fn cron_job(words: Words<'_>, job: &CronJob) -> Mapping {
    let CronJob {
        meta,
        start,
        started,
        retries,
        retried,
        pod,
    } = job;
    let spec = match start {
        Start::Clock(schedule) => words
            .entry(Mapping::new(), started, "schedule", quoted(schedule))
            .with("timeZone", "Etc/UTC")
            .with("startingDeadlineSeconds", LATEST_START),
        Start::Person => words
            .above(
                Mapping::new()
                    .comment("Only a person starts it: it is suspended, and 31 February never comes."),
                started,
            )
            .with("schedule", quoted(NEVER))
            .with("timeZone", "Etc/UTC")
            .with("suspend", true),
    };
    let template = Mapping::new()
        .with("metadata", Mapping::new().with("labels", map(&pod.labels)))
        .with("spec", run(words, *retries, retried, pod));
    let spec = spec
        .with("concurrencyPolicy", "Forbid")
        .with("successfulJobsHistoryLimit", HISTORY)
        .with("failedJobsHistoryLimit", HISTORY)
        .with("jobTemplate", template);
    head(words, "batch/v1", "CronJob", meta).with("spec", spec)
}

/// What every run of a job is like.
fn run(words: Words<'_>, retries: u32, retried: &Provenance, pod: &Pod) -> Mapping {
    let condition = Mapping::new()
        .with("type", "DisruptionTarget")
        // Versions before 1.35 want it said.
        .with("status", quoted("True"));
    let ignored = Mapping::new()
        .with("action", "Ignore")
        .with("onPodConditions", one(condition));
    words
        .entry(Mapping::new(), retried, "backoffLimit", retries)
        .comment("A run that the cluster interrupts is not one that failed.")
        .with("podFailurePolicy", Mapping::new().with("rules", one(ignored)))
        .with("podReplacementPolicy", "Failed")
        .with("template", workload::template(words, pod, &Labels::new()))
}

/// What of a Job's `spec` cannot be changed: with another one there is another Job. What stands beside it, such as the
/// number of retries, is changed in place and runs nothing again.
///
/// Source: kubernetes/kubernetes, pkg/apis/batch/validation/validation.go, `ValidateJobSpecUpdate`, 1.36.3.
const UNCHANGEABLE: [&str; 8] = [
    "backoffLimitPerIndex",
    "completionMode",
    "completions",
    "managedBy",
    "podFailurePolicy",
    "selector",
    "successPolicy",
    "template",
];

/// Gives a Job the name that is its own while it does the same: a hash of what cannot be changed of it, patches
/// included, and of its image. Its annotations run nothing.
pub(super) fn name(object: &Object, document: &mut Mapping) {
    let Object::Job(job) = object else { return };
    let mut hash = Sha256::new();
    if let Some(image) = &job.image {
        text(&mut hash, &image.to_string());
    }
    if let Some(Yaml::Map(spec)) = document.get("spec") {
        for key in UNCHANGEABLE {
            if let Some(value) = spec.get(key) {
                text(&mut hash, key);
                node(&mut hash, value);
            }
        }
    }
    let digits: String = hash
        .finalize()
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    if let Some(Yaml::Map(metadata)) = document.get_mut("metadata")
        && let Some(name) = metadata.get_mut("name")
    {
        // A role has at most 52 characters, and a name 63.
        *name = Yaml::from(format!("{}-{digits}", job.meta.name));
    }
}

/// Entries in their order, without comments.
fn mapping(hash: &mut Sha256, map: &Mapping) {
    hash.update(b"{");
    for (key, value) in map.entries() {
        text(hash, key);
        node(hash, value);
    }
    hash.update(b"}");
}

fn node(hash: &mut Sha256, value: &Yaml) {
    match value {
        Yaml::Scalar(value) => scalar(hash, value),
        Yaml::List(items) => {
            hash.update(b"[");
            for item in items {
                node(hash, item);
            }
            hash.update(b"]");
        }
        Yaml::FlowList(items) => {
            hash.update(b"[");
            for item in items {
                scalar(hash, item);
            }
            hash.update(b"]");
        }
        Yaml::Map(map) => mapping(hash, map),
    }
}

fn scalar(hash: &mut Sha256, value: &Scalar) {
    match value {
        Scalar::Null => hash.update(b"0"),
        Scalar::Bool(value) => hash.update(if *value { b"y" } else { b"n" }),
        Scalar::Int(value) => {
            hash.update(b"i");
            text(hash, &value.to_string());
        }
        Scalar::Decimal(value) => {
            hash.update(b"d");
            text(hash, value);
        }
        Scalar::Text(value) | Scalar::Quoted(value) => text(hash, value),
    }
}

/// A text with its length, so that two texts are not another two.
fn text(hash: &mut Sha256, value: &str) {
    hash.update(format!("\"{}:", value.len()));
    hash.update(value);
}
