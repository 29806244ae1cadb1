//! Deployments, StatefulSets and their pods.

use super::{Labels, Meta, Provenance};
use exoc_ir::Access;

/// What makes pods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Workload {
    /// Its metadata.
    pub(crate) meta: Meta,
    /// What kind it is.
    pub(crate) controller: Controller,
    /// Which pods are its own; never changes.
    pub(crate) selector: Labels,
    /// How its pods look.
    pub(crate) pod: Pod,
}

/// What makes pods, and how it replaces them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Controller {
    /// A Deployment.
    Deployment {
        /// How many; `None` where an autoscaler says it.
        replicas: Option<u32>,
        /// Where that was written.
        scale: Provenance,
        /// How old pods give way to new ones.
        strategy: Strategy,
        /// Seconds after which a rollout without progress has failed.
        deadline: u32,
    },
    /// A StatefulSet of one pod.
    StatefulSet {
        /// The domain of its pod's own name; never changes.
        service_name: String,
        /// How many pods: one, or none where it is switched off.
        replicas: u32,
        /// Its data.
        claims: Vec<Claim>,
    },
}

/// How old pods give way to new ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strategy {
    /// One more than wanted, never one less.
    Rolling,
    /// All old ones stop first.
    Recreate,
}

/// A claim that outlives whoever mounts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Claim {
    /// Its name, also of the volume.
    pub(crate) name: String,
    /// How much, as a quantity.
    pub(crate) storage: String,
    /// Its class; `None` for the cluster's default.
    pub(crate) class: Option<String>,
    /// Where its size was written.
    pub(crate) from: Provenance,
}

/// A pod of one container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pod {
    /// Its labels.
    pub(crate) labels: Labels,
    /// Whose account it has.
    pub(crate) service_account: String,
    /// Its priority class; `None` for the cluster's default.
    pub(crate) priority: Option<String>,
    /// Seconds from the request to stop until the kill.
    pub(crate) grace: u32,
    /// Whom it runs as.
    pub(crate) security: PodSecurity,
    /// On which machines it may run.
    pub(crate) machines: Machines,
    /// The name by which its check asks it, which is that of a Service to others.
    pub(crate) asks_itself_by: Option<String>,
    /// Seconds after which it is stopped, of a pod that runs and ends.
    pub(crate) deadline: Option<u32>,
    /// Over which topologies pods of one revision spread.
    pub(crate) spread: Vec<&'static str>,
    /// What runs.
    pub(crate) container: Container,
    /// What runs and ends before it.
    pub(crate) first: Option<Companion>,
    /// Its volumes besides a claim's.
    pub(crate) volumes: Vec<Volume>,
    /// Where its parts were written.
    pub(crate) lines: PodLines,
}

/// A container of ours beside the one that a pod is there for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Companion {
    /// What runs.
    pub(crate) container: Container,
    /// Why it is there.
    pub(crate) from: Provenance,
}

/// On which machines a pod may run: its image offers no other architectures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Machines {
    /// On all, for nothing is said of its image.
    All,
    /// On those of one architecture.
    Of(&'static str),
    /// On those of several.
    Among(Vec<&'static str>),
}

/// Where the parts of a pod were written, for those that do not stand on the line of the component.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PodLines {
    /// The image, and what replaces its program.
    pub(crate) program: Provenance,
    /// Where it listens.
    pub(crate) ports: Provenance,
    /// Its variables.
    pub(crate) variables: Provenance,
    /// What it needs.
    pub(crate) resources: Provenance,
    /// How it is asked.
    pub(crate) health: Provenance,
    /// How long it may stop.
    pub(crate) shutdown: Provenance,
    /// Whom it runs as.
    pub(crate) user: Provenance,
    /// What it may do besides.
    pub(crate) rights: Provenance,
    /// Its folders in memory.
    pub(crate) folders: Provenance,
    /// How long it may run.
    pub(crate) deadline: Provenance,
}

/// Whom a pod runs as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PodSecurity {
    /// The user.
    pub(crate) user: u32,
    /// The group.
    pub(crate) group: u32,
    /// The group that claims are given to; `None` without a claim, for the kubelet lets everybody in the pod write
    /// to an `emptyDir`.
    ///
    /// Source: kubernetes KEP-5502, "Summary", 2026-11.
    pub(crate) claim_group: Option<u32>,
    /// Whether the kubelet refuses root.
    pub(crate) non_root: bool,
    /// Kernel parameters.
    pub(crate) sysctls: Vec<(&'static str, &'static str)>,
}

/// A container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Container {
    /// Its name.
    pub(crate) name: String,
    /// Its image, as the kustomization knows it.
    pub(crate) image: String,
    /// Whether a machine that has it asks the registry again: a tag may have moved.
    pub(crate) pulls_again: bool,
    /// What replaces the entrypoint, escaped.
    pub(crate) command: Option<Vec<String>>,
    /// What replaces the command, escaped.
    pub(crate) args: Option<Vec<String>>,
    /// Its variables, parts before the texts that hold them.
    pub(crate) variables: Vec<Variable>,
    /// Where it listens.
    pub(crate) ports: Vec<ContainerPort>,
    /// Its processor time, as a quantity; a request.
    pub(crate) cpu: String,
    /// Its memory, as a quantity; a request and the limit.
    pub(crate) memory: String,
    /// How it is asked.
    pub(crate) probes: Option<Probes>,
    /// Seconds between leaving the endpoints and the signal.
    pub(crate) sleep_before_stop: Option<u32>,
    /// What it may do.
    pub(crate) security: ContainerSecurity,
    /// Its mounts.
    pub(crate) mounts: Vec<Mount>,
}

/// A variable of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Variable {
    /// Its name.
    pub(crate) name: String,
    /// Its value.
    pub(crate) value: VariableValue,
    /// Where the secret was written that it holds.
    pub(crate) from: Provenance,
}

/// What a variable holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum VariableValue {
    /// A text, escaped, in which `$(NAME)` stands for an earlier variable.
    Text(String),
    /// The only key of a Secret.
    Secret(String),
    /// The password in a Secret that an operator makes.
    Login(String),
}

/// A port of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ContainerPort {
    /// Its name.
    pub(crate) name: String,
    /// Its number.
    pub(crate) number: u16,
    /// `TCP` or `UDP`.
    pub(crate) transport: &'static str,
}

/// The three probes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Probes {
    /// What they ask.
    pub(crate) check: Check,
    /// Until it succeeds once, the others wait.
    pub(crate) startup: Probe,
    /// While it fails, no traffic comes.
    pub(crate) readiness: Probe,
    /// When it fails, the container is replaced.
    pub(crate) liveness: Probe,
}

/// The numbers of a probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Probe {
    /// Seconds from one question to the next.
    pub(crate) period: u32,
    /// Seconds for an answer.
    pub(crate) timeout: u32,
    /// Failures in a row.
    pub(crate) failures: u32,
}

/// What a probe asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Check {
    /// A GET.
    HttpGet {
        /// The path and query.
        path: String,
        /// The port's name.
        port: String,
    },
    /// A connection.
    TcpSocket {
        /// The port's name.
        port: String,
    },
    /// The gRPC health protocol.
    Grpc {
        /// The port's number.
        port: u16,
        /// The service.
        service: Option<String>,
    },
    /// A program inside; its words are not expanded.
    Exec(Vec<String>),
}

/// What a container may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ContainerSecurity {
    /// Whether it may do everything.
    pub(crate) privileged: bool,
    /// Whether its root file system cannot be written.
    pub(crate) read_only_root: bool,
    /// Its capabilities.
    pub(crate) capabilities: Kept,
}

/// Which capabilities stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    /// The runtime's default set.
    Default,
    /// Exactly these.
    Only(Vec<String>),
}

/// A volume in a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mount {
    /// The volume.
    pub(crate) volume: String,
    /// Where.
    pub(crate) path: String,
    /// Which file of the volume, if it is one.
    pub(crate) file: Option<String>,
    /// What may be done there.
    pub(crate) access: Access,
}

/// A volume of a pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Volume {
    /// Its name.
    pub(crate) name: String,
    /// What it is.
    pub(crate) source: VolumeSource,
}

/// What a volume is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum VolumeSource {
    /// Memory, up to a quantity.
    Memory(String),
    /// The files of a ConfigMap, for everybody to read.
    ConfigMap(String),
    /// The files of a ConfigMap, for everybody to read and to run.
    Programs(String),
    /// A claim, and what may be done there.
    Claim(String, Access),
}
