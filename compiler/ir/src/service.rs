//! Services: what the application builds or runs as its own.

use crate::Workload;
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
    /// Whether it listens.
    pub kind: Kind,
    /// How many run.
    pub scale: Scale,
}

/// Whether a service listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Kind {
    /// It has at least one port.
    Server,
    /// It has none.
    Worker,
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
