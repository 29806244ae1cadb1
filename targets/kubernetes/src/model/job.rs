//! Jobs and CronJobs.

use super::{Meta, Pod, Provenance};
use exoc_ir::Reference;

/// A Job of one pod that succeeds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Job {
    /// Its metadata. A Job cannot be changed, so printing puts a hash of everything else behind the name.
    pub(crate) meta: Meta,
    /// What the kustomization makes of its image, where it says tag or digest: another one is another Job.
    pub(crate) image: Option<Reference>,
    /// How often a run that failed is repeated.
    pub(crate) retries: u32,
    /// Where that was written.
    pub(crate) retried: Provenance,
    /// How its pod looks.
    pub(crate) pod: Pod,
}

/// A CronJob, whose runs do not overlap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CronJob {
    /// Its metadata.
    pub(crate) meta: Meta,
    /// What makes it run.
    pub(crate) start: Start,
    /// Where that was written.
    pub(crate) started: Provenance,
    /// How often a run that failed is repeated.
    pub(crate) retries: u32,
    /// Where that was written.
    pub(crate) retried: Provenance,
    /// How its pods look.
    pub(crate) pod: Pod,
}

/// What makes a [`CronJob`] run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Start {
    /// The clock, in UTC: five fields.
    Clock(String),
    /// A person: it is suspended, and lends its template.
    Person,
}
