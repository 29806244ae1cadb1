//! Kubernetes objects as this target uses them: whatever may differ from one program to the next is a field, and
//! what never differs is left to the printer. Knows no program.

mod cluster;
mod ingress;
mod job;
mod labels;
mod network;
mod provenance;
mod route;
mod secret;
mod workload;

pub(crate) use cluster::{ObjectStore, Operator, PostgresCluster, RabbitmqCluster};
pub(crate) use ingress::{Ingress, IngressHost, IngressPath};
pub(crate) use job::{CronJob, Job, Start};
pub(crate) use labels::Labels;
pub(crate) use network::{
    Direction, NetworkPolicy, Peer, PolicyPort, Remark, Rule, Service, ServiceKind, ServicePort,
};
pub(crate) use provenance::Provenance;
pub(crate) use route::{Forward, Gateway, Listener, Match, Parent, Route, RouteKind, RouteRules};
pub(crate) use secret::{ExternalSecret, Origin, SecretSource, SecretToMake};
pub(crate) use workload::{
    Check, Claim, Companion, Container, ContainerPort, ContainerSecurity, Controller, Kept, Machines, Mount,
    Pod, PodLines, PodSecurity, Probe, Probes, Strategy, Variable, VariableValue, Volume, VolumeSource,
    Workload,
};

use crate::options::{Access, Dns, Entry, SecretStore, Version};
use exoc_ir::Reference;
use std::collections::{BTreeMap, BTreeSet};

/// Everything that is printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Model {
    /// The files with objects, in the order in which they are applied.
    pub(crate) files: Vec<File>,
    /// What built images are called in a registry.
    pub(crate) images: Vec<ImageName>,
    /// Why there are these files.
    pub(crate) from: Provenance,
    /// What people have to do.
    pub(crate) readme: Readme,
}

/// One file of objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct File {
    /// Its name in the output folder.
    pub(crate) name: String,
    /// Its documents.
    pub(crate) objects: Vec<Object>,
}

/// An object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Object {
    /// `v1` Namespace: nothing but its metadata.
    Namespace(Meta),
    /// `v1` ServiceAccount, without a token, and the Secrets by which its pods pull images.
    ServiceAccount(Meta, Vec<String>),
    /// `v1` ConfigMap, immutable.
    ConfigMap(Meta, BTreeMap<String, Data>),
    /// `v1` PersistentVolumeClaim that is no StatefulSet's, and who may mount it.
    Claim(Meta, Claim, Sharing),
    /// `apps/v1` Deployment or StatefulSet.
    Workload(Box<Workload>),
    /// `batch/v1` Job.
    Job(Box<Job>),
    /// `batch/v1` CronJob.
    CronJob(Box<CronJob>),
    /// `v1` Service.
    Service(Service),
    /// `gateway.networking.k8s.io/v1` Gateway.
    Gateway(Gateway),
    /// `networking.k8s.io/v1` Ingress.
    Ingress(Ingress),
    /// `gateway.networking.k8s.io/v1` HTTPRoute or GRPCRoute.
    Route(Route),
    /// `autoscaling/v2` HorizontalPodAutoscaler.
    Autoscaler(Autoscaler),
    /// `policy/v1` PodDisruptionBudget: one pod at a time.
    DisruptionBudget(Meta, Labels),
    /// `networking.k8s.io/v1` NetworkPolicy.
    NetworkPolicy(NetworkPolicy),
    /// `postgresql.cnpg.io/v1` Cluster.
    PostgresCluster(Box<PostgresCluster>),
    /// `rabbitmq.com/v1beta1` RabbitmqCluster.
    RabbitmqCluster(Box<RabbitmqCluster>),
    /// `barmancloud.cnpg.io/v1` ObjectStore.
    BackupStore(Box<ObjectStore>),
    /// `postgresql.cnpg.io/v1` ScheduledBackup of the Cluster of its name, at once and each day.
    ScheduledBackup(Meta),
    /// `external-secrets.io/v1` ExternalSecret.
    ExternalSecret(ExternalSecret),
    /// `generators.external-secrets.io/v1alpha1` Password: letters and digits, so many.
    PasswordGenerator(Meta, u32),
}

impl Object {
    /// Whose data it holds, if it does.
    pub(crate) fn data(&self) -> Option<&str> {
        match self {
            Self::Workload(workload) => match workload.controller {
                Controller::StatefulSet { .. } => Some(&workload.meta.name),
                Controller::Deployment { .. } => None,
            },
            Self::PostgresCluster(cluster) => Some(&cluster.meta.name),
            Self::RabbitmqCluster(cluster) => Some(&cluster.meta.name),
            Self::Claim(meta, _, _) => Some(&meta.name),
            Self::Namespace(_)
            | Self::ServiceAccount(..)
            | Self::ConfigMap(..)
            | Self::Job(_)
            | Self::CronJob(_)
            | Self::Service(_)
            | Self::Gateway(_)
            | Self::Ingress(_)
            | Self::Route(_)
            | Self::Autoscaler(_)
            | Self::DisruptionBudget(..)
            | Self::BackupStore(_)
            | Self::ScheduledBackup(_)
            | Self::ExternalSecret(_)
            | Self::PasswordGenerator(..)
            | Self::NetworkPolicy(_) => None,
        }
    }

    /// Whether it claims storage whose class it leaves to the cluster.
    pub(crate) fn is_of_default_class(&self) -> bool {
        match self {
            Self::Workload(workload) => match &workload.controller {
                Controller::StatefulSet {
                    service_name: _,
                    replicas: _,
                    claims,
                } => claims.iter().any(|claim| claim.class.is_none()),
                Controller::Deployment { .. } => false,
            },
            Self::PostgresCluster(cluster) => cluster.class.is_none(),
            Self::RabbitmqCluster(cluster) => cluster.class.is_none(),
            Self::Claim(_, claim, _) => claim.class.is_none(),
            Self::Namespace(_)
            | Self::ServiceAccount(..)
            | Self::ConfigMap(..)
            | Self::Job(_)
            | Self::CronJob(_)
            | Self::Service(_)
            | Self::Gateway(_)
            | Self::Ingress(_)
            | Self::Route(_)
            | Self::Autoscaler(_)
            | Self::DisruptionBudget(..)
            | Self::NetworkPolicy(_)
            | Self::BackupStore(_)
            | Self::ScheduledBackup(_)
            | Self::ExternalSecret(_)
            | Self::PasswordGenerator(..) => false,
        }
    }
}

/// What a key of a ConfigMap holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Data {
    /// A text.
    Text(String),
    /// Bytes that are no text or that would not be kept as one, in base64.
    Bytes(String),
}

/// Who may mount a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sharing {
    /// The pods of one machine.
    One,
    /// The pods of all machines.
    Many,
}

/// What every object has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Meta {
    /// Its name, unique among its kind.
    pub(crate) name: String,
    /// Where it lives; `None` for what lives nowhere.
    pub(crate) namespace: Option<String>,
    /// Its labels.
    pub(crate) labels: Labels,
    /// Its annotations.
    pub(crate) annotations: Labels,
    /// Why it is there.
    pub(crate) from: Provenance,
}

impl Meta {
    /// The same for an object that is there for another reason.
    pub(crate) fn because_of(self, from: Provenance) -> Self {
        Self { from, ..self }
    }
}

/// What keeps a number of pods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Autoscaler {
    /// Its metadata.
    pub(crate) meta: Meta,
    /// The Deployment that it scales.
    pub(crate) deployment: String,
    /// The least number.
    pub(crate) min: u32,
    /// The greatest number.
    pub(crate) max: u32,
    /// Resources and the percentage of what is requested of them.
    pub(crate) goals: Vec<(&'static str, u32)>,
    /// A metric of pods, and how much of it each of them may have.
    pub(crate) requests: Option<(String, u32)>,
}

/// What a built image is called in a registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ImageName {
    /// Its name in the objects.
    pub(crate) name: String,
    /// Its name in the registry, and tag and digest if they are known.
    pub(crate) reference: Reference,
    /// Where it is described.
    pub(crate) from: Provenance,
}

/// What people have to do before and beside `kubectl apply`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Readme {
    /// The application.
    pub(crate) app: String,
    /// The environment.
    pub(crate) environment: String,
    /// The namespace.
    pub(crate) namespace: String,
    /// The secrets to make.
    pub(crate) secrets: Vec<SecretToMake>,
    /// The operators that run something.
    pub(crate) operators: BTreeSet<Operator>,
    /// Where backups go, if some are made.
    pub(crate) backups: Option<BackupsToTell>,
    /// The store from which an operator makes them.
    pub(crate) store: Option<SecretStore>,
    /// The certificates to make: host and Secret; none where an issuer makes them.
    pub(crate) certificates: Vec<(String, String)>,
    /// The images to build.
    pub(crate) images: Vec<ImageToBuild>,
    /// What public HTTP enters by, and the hosts, if there are any.
    pub(crate) entry: Option<(Entry, Vec<String>)>,
    /// The least version of the cluster.
    pub(crate) version: Version,
    /// The priority class of all pods, if they have one.
    pub(crate) priority: Option<String>,
    /// The Secrets by which images are pulled.
    pub(crate) pull_secrets: Vec<String>,
    /// Where pods may resolve names.
    pub(crate) dns: Dns,
    /// Whether a claim leaves its class to the cluster.
    pub(crate) default_class: bool,
    /// What selects all objects.
    pub(crate) selector: Labels,
    /// The jobs.
    pub(crate) jobs: Jobs,
    /// What is otherwise than the manifest says word for word: codes and messages.
    pub(crate) notes: Vec<(&'static str, String)>,
}

/// What people have to know of backups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BackupsToTell {
    /// The folder of all databases.
    pub(crate) folder: String,
    /// By what their pods write there.
    pub(crate) access: Access,
    /// The keys of the Secret, if it is one, each with what a store calls its value.
    pub(crate) keys: BTreeMap<&'static str, String>,
    /// The databases.
    pub(crate) databases: Vec<BackedUp>,
}

/// A database of which backups are made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BackedUp {
    /// Its role.
    pub(crate) role: String,
    /// What its data is called.
    pub(crate) identity: String,
    /// How many days back it can be made as it was.
    pub(crate) days: u32,
    /// What it calls its database, and who owns that.
    pub(crate) database: String,
    pub(crate) owner: String,
}

/// What people have to know of jobs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Jobs {
    /// Those before a deployment: each stage is over before the next one begins.
    pub(crate) before: Vec<Stage>,
    /// Those after a deployment.
    pub(crate) after: Option<Stage>,
    /// Whether dependencies run here, which are there before any job.
    pub(crate) base: bool,
    /// The operators that run some, which are then there as well.
    pub(crate) clusters: BTreeSet<Operator>,
    /// Whether there are claims that belong to no component.
    pub(crate) shared_claims: bool,
    /// Whether there are claims that only the clock or a person makes a pod for.
    pub(crate) idle_claims: bool,
    /// Roles that the clock starts.
    pub(crate) scheduled: Vec<String>,
    /// Roles that a person starts.
    pub(crate) on_demand: Vec<String>,
}

impl Jobs {
    /// Whether one of them belongs to a deployment.
    pub(crate) const fn deploys(&self) -> bool {
        !self.before.is_empty() || self.after.is_some()
    }
}

/// Jobs that run side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stage {
    /// What their label `app.kubernetes.io/name` says.
    pub(crate) names: Vec<String>,
    /// Seconds after which all of them have succeeded or failed.
    pub(crate) timeout: u32,
}

/// An image that the application's files describe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ImageToBuild {
    /// Its name in the registry, and a tag if it is known; never a digest, for that is known after building.
    pub(crate) reference: Reference,
    /// The folder that is sent to the builder, from the output's folder.
    pub(crate) context: String,
    /// The build file, from the output's folder, if it is not the folder's `Dockerfile`.
    pub(crate) file: Option<String>,
    /// The stage, if not the last.
    pub(crate) stage: Option<String>,
    /// Arguments of the build.
    pub(crate) args: BTreeMap<String, String>,
    /// Platforms; empty for the builder's own.
    pub(crate) platforms: Vec<String>,
}
