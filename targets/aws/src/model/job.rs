//! Jobs: what starts a run and how it is bounded. Must not know what runs.

use super::Lines;

/// What a task is that runs and ends: a state machine that starts it, waits for it, and repeats it.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    /// The name of the state machine.
    pub(crate) machine: String,
    /// The role that the state machine takes.
    pub(crate) run_role: String,
    pub(crate) start: Start,
    /// Seconds that one run may take.
    pub(crate) timeout: u32,
    /// How often a run that failed is repeated.
    pub(crate) retries: u32,
    /// Of the state machine: also what bounds a run.
    pub(crate) lines: Lines,
}

/// What starts a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Start {
    /// The clock.
    Schedule(Schedule),
    /// The deployer, before anything new starts; lower ranks first.
    BeforeDeploy(u32),
    /// The deployer, when everything new is healthy.
    AfterDeploy,
    /// A person.
    OnDemand,
}

/// A schedule of EventBridge Scheduler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Schedule {
    pub(crate) name: String,
    /// In the words of EventBridge: `cron(0 3 ? * MON-FRI *)`.
    pub(crate) expression: String,
    /// The role that the schedule takes.
    pub(crate) role: String,
    pub(crate) lines: Lines,
}

/// What a deployer applies first, because the jobs before a deployment need it.
#[derive(Clone, Debug)]
pub(crate) struct Gate {
    /// Addresses of the jobs, in the order in which they run.
    pub(crate) jobs: Vec<String>,
    /// What the jobs need besides what every task waits for, and what stands in no file of theirs: types and
    /// addresses of resources, each once.
    pub(crate) needs: Vec<(&'static str, String)>,
    pub(crate) lines: Lines,
}
