//! Services: what the application builds or runs as its own.

use crate::{Development, Schedule, Seconds, Workload};
use serde::Serialize;

/// A service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Service {
    /// How it is called now.
    pub role: String,
    /// What its history is named after.
    pub identity: String,
    /// What runs.
    pub workload: Workload,
    /// Whether it listens, or runs and ends.
    pub kind: Kind,
    /// How many run.
    pub scale: Scale,
    /// What it has on a developer's machine; empty but in the local environment.
    pub development: Development,
}

/// Whether a service listens, or runs and ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Kind {
    /// It has at least one port.
    Server,
    /// It has none.
    Worker,
    /// It runs and ends: it has no port, no check and one replica, and no edge leads to it.
    Job(Job),
}

/// What makes a job run, and how one run is bounded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Job {
    /// What starts it.
    pub trigger: Trigger,
    /// How long one run may take, 1 m to 24 h.
    pub timeout: Seconds,
    /// How often a run that failed is repeated.
    pub retries: u32,
}

/// What starts a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Trigger {
    /// The clock. A run is skipped while the last one still goes on.
    Schedule(Schedule),
    /// A deployment: it succeeds before any new replica starts.
    BeforeDeploy {
        /// Jobs of lower ranks are over first; ranks are dense from 0.
        rank: u32,
    },
    /// A deployment: it starts once all replicas are healthy.
    AfterDeploy,
    /// A person.
    OnDemand,
}

impl Service {
    /// Its job, if it is one.
    #[must_use]
    pub const fn job(&self) -> Option<&Job> {
        match &self.kind {
            Kind::Job(job) => Some(job),
            Kind::Server | Kind::Worker => None,
        }
    }
}

/// How many replicas run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Scale {
    /// At least so many.
    pub min: u32,
    /// At most so many.
    pub max: u32,
    /// Replicas are added while more than this percentage of the reserved processor time is used.
    pub cpu: Option<u32>,
    /// Replicas are added while more than this percentage of the reserved memory is used.
    pub memory: Option<u32>,
    /// Replicas are added while each gets more than this many requests per second.
    pub requests: Option<u32>,
    /// Whether a new replica starts before the old one stops.
    pub overlap: bool,
}

impl Scale {
    /// The number, if it never changes by itself.
    #[must_use]
    pub const fn fixed(&self) -> Option<u32> {
        if self.min == self.max {
            Some(self.min)
        } else {
            None
        }
    }
}
