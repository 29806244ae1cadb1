//! What runs on Fargate: services, and containers among the dependencies. Must not know the IR.

use super::{
    FileSystem, Job, Lines, ListenerRule, Permission, Rule, StoredSecret, TargetGroup, TaskMount, Text,
    Writer,
};
use crate::sizes::FargatePair;

/// One ECS service, or one job, and everything that only it needs.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    pub(crate) role: String,
    /// What names that must not change are made of.
    pub(crate) identity: String,
    pub(crate) address: String,
    pub(crate) kind: Kind,
    pub(crate) family: String,
    pub(crate) service_name: String,
    pub(crate) group_prefix: String,
    pub(crate) log_group: String,
    pub(crate) execution_role: String,
    pub(crate) task_role: String,
    /// What its own role may do.
    pub(crate) permissions: Vec<Permission>,
    pub(crate) pair: FargatePair,
    pub(crate) architecture: Architecture,
    pub(crate) container: Container,
    /// A second container that asks the first.
    pub(crate) probe: Option<Probe>,
    /// A container that writes files before the first starts.
    pub(crate) writer: Option<Writer>,
    /// Its file system, if it has volumes of its own.
    pub(crate) file_system: Option<FileSystem>,
    /// Volumes that outlive it, by where they lie.
    pub(crate) mounts: Vec<TaskMount>,
    /// Whether others find it by its role.
    pub(crate) registered: bool,
    pub(crate) pull: Pull,
    /// Where the image of the containers beside it comes from, if there are some.
    pub(crate) companion: Option<Pull>,
    /// Addresses of the secrets that its containers get, sorted.
    pub(crate) reads: Vec<String>,
    /// The same of secrets that the store has already.
    pub(crate) reads_named: Vec<String>,
    /// Its own texts with secrets in them.
    pub(crate) composed: Option<StoredSecret>,
    /// What starts it, if it runs and ends; there is no ECS service then.
    pub(crate) job: Option<Job>,
    pub(crate) scale: Scale,
    pub(crate) capacity: Capacity,
    pub(crate) target_groups: Vec<TargetGroup>,
    pub(crate) listener_rules: Vec<ListenerRule>,
    /// Listeners of the load balancer by numbers that lead to it, by address.
    pub(crate) listeners: Vec<String>,
    /// Seconds that a starting task may fail the load balancer's check.
    pub(crate) grace: Option<u32>,
    pub(crate) rules: Vec<Rule>,
    /// Products that must exist before it starts: type and address of each one's resource.
    pub(crate) products: Vec<(&'static str, String)>,
    pub(crate) lines: Lines,
    /// Of the task definition: also what decides its image and size.
    pub(crate) definition_lines: Lines,
    /// Of the name that others find it by: its ports.
    pub(crate) port_lines: Lines,
    /// Of the ECS service: also what decides the number of tasks.
    pub(crate) scale_lines: Lines,
}

/// Which file a task stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Service,
    Job,
    Dependency,
}

/// What a task's processor understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Architecture {
    Arm64,
    X86_64,
}

/// Where the platform may pull a task's image from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Pull {
    /// A registry that asks for no permission of AWS.
    Public,
    /// A repository of this module, by its address.
    Repository(String),
    /// Another repository of ECR, by its ARN.
    Arn(String),
    /// A private registry that asks for user and password.
    Login(Login),
}

/// How the platform logs in to a private registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Login {
    /// The ARN of the secret with user and password.
    pub(crate) secret: String,
    /// The ARN of the key that it is encrypted with, if that is not the one of Secrets Manager.
    pub(crate) key: Option<String>,
}

/// The user's container.
#[derive(Clone, Debug)]
pub(crate) struct Container {
    pub(crate) name: String,
    pub(crate) image: RunningImage,
    pub(crate) entrypoint: Option<Vec<Text>>,
    pub(crate) command: Option<Vec<Text>>,
    pub(crate) user: String,
    pub(crate) read_only_root: bool,
    pub(crate) capabilities: Kept,
    pub(crate) low_port: bool,
    pub(crate) ports: Vec<TaskPort>,
    /// Variables, sorted by name.
    pub(crate) environment: Vec<(String, Variable)>,
    /// Folders in memory and their MiB, sorted.
    pub(crate) scratch: Vec<(String, u64)>,
    /// A check that runs inside.
    pub(crate) check: Option<Check>,
    /// Seconds.
    pub(crate) stop_timeout: u32,
}

/// What runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RunningImage {
    /// The input under this key.
    Input(String),
    /// Exactly this.
    Pinned(String),
}

/// Which capabilities a container keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    /// What the engine gives.
    Default,
    /// None.
    Nothing,
    /// All of the engine's but these, and these besides.
    Adjusted {
        drop: Vec<&'static str>,
        add: Vec<&'static str>,
    },
}

/// A port of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TaskPort {
    pub(crate) name: String,
    pub(crate) number: u16,
    /// `tcp` or `udp`.
    pub(crate) transport: &'static str,
    /// `http`, `http2`, `grpc`, or nothing for anything else.
    pub(crate) protocol: Option<&'static str>,
}

/// The value of a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Variable {
    /// In the task definition.
    Plain(Text),
    /// From the store: the whole value of a secret, by its address, or a member of it.
    Secret { secret: String, member: Option<String> },
    /// The newest value of a secret that the store has already, by its address.
    Named(String),
}

/// A check by a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Check {
    pub(crate) command: Vec<Text>,
    /// Seconds.
    pub(crate) interval: u32,
    /// Seconds.
    pub(crate) timeout: u32,
    pub(crate) retries: u32,
    /// Seconds.
    pub(crate) start: u32,
}

/// A container that sleeps and whose check asks the user's container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Probe {
    pub(crate) check: Check,
}

/// Which machines tasks run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Capacity {
    /// Machines that nobody takes back.
    Kept,
    /// Spare ones, but for the first task.
    Spare,
}

/// How many tasks run, and how they are replaced.
#[derive(Clone, Debug)]
pub(crate) struct Scale {
    pub(crate) desired: u32,
    /// Percent of the desired number that keep running during a deployment.
    pub(crate) minimum_healthy: u32,
    /// Percent of the desired number that may run during a deployment.
    pub(crate) maximum: u32,
    pub(crate) auto: Option<Autoscaling>,
}

/// How the number changes by itself.
#[derive(Clone, Debug)]
pub(crate) struct Autoscaling {
    pub(crate) min: u32,
    pub(crate) max: u32,
    pub(crate) goals: Vec<Goal>,
    pub(crate) lines: Lines,
}

/// A number that is held by adding and removing tasks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Goal {
    pub(crate) name: &'static str,
    pub(crate) metric: Metric,
    pub(crate) target: u64,
    pub(crate) lines: Lines,
}

/// What a goal measures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Metric {
    /// Percent of the reserved processor time.
    Cpu,
    /// Percent of the reserved memory.
    Memory,
    /// Requests per minute and task that a target group gets, by its address.
    Requests(String),
}
