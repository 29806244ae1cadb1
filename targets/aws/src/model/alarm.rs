//! Alarms, and where they are sent. Must not know what runs.

use super::{Lines, Text};

/// All alarms of an environment, which one topic hands on.
#[derive(Clone, Debug)]
pub(crate) struct Alarms {
    pub(crate) topic: String,
    /// Who is told, by address.
    pub(crate) emails: Vec<String>,
    /// That fewer tasks of a service run than should; `None` if there is no service.
    pub(crate) running: Option<Running>,
    pub(crate) alarms: Vec<Alarm>,
    pub(crate) lines: Lines,
    /// Of who is told.
    pub(crate) email_lines: Lines,
}

/// One alarm for each service, all alike.
#[derive(Clone, Debug)]
pub(crate) struct Running {
    /// The name of the cluster.
    pub(crate) cluster: String,
    /// What the name of an alarm begins with; the identity of its service follows, and a word.
    pub(crate) prefix: String,
    /// Identities and addresses.
    pub(crate) services: Vec<(String, String)>,
    pub(crate) lines: Lines,
}

/// One alarm.
#[derive(Clone, Debug)]
pub(crate) struct Alarm {
    pub(crate) address: String,
    pub(crate) name: String,
    /// What it means when it is on, a whole sentence without its stop.
    pub(crate) meaning: String,
    pub(crate) metered: Metered,
    pub(crate) comparison: Comparison,
    pub(crate) threshold: u64,
    /// Seconds that one value stands for.
    pub(crate) period: u32,
    /// So many values in a row.
    pub(crate) periods: u32,
    pub(crate) silence: Silence,
    pub(crate) lines: Lines,
}

/// What is watched: a metric of something.
#[derive(Clone, Debug)]
pub(crate) struct Metered {
    pub(crate) namespace: &'static str,
    pub(crate) metric: &'static str,
    pub(crate) statistic: Statistic,
    /// Of what, sorted.
    pub(crate) dimensions: Vec<(&'static str, Text)>,
}

/// What becomes of the values of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Statistic {
    Average,
    Maximum,
    Minimum,
    Sum,
    /// The value below which 95 of a hundred are.
    P95,
}

/// When a value is a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Above,
    Below,
}

/// What it means when there are no values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Silence {
    /// That all is well: nothing happened.
    Well,
    /// Nothing: the alarm stays as it is.
    Unknown,
}
