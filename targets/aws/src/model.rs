//! The target's own model: every decision is made in it, nothing is text of a file yet.
//!
//! Owns the types that `plan` makes and `print` reads. Must not know the IR's arenas nor HCL's syntax. An *address*
//! is a name of Terraform, the second label of a resource; a *name* is what AWS gets to see.

mod alarm;
mod entry;
mod files;
mod job;
mod lines;
mod network;
mod permission;
mod product;
mod rename;
mod rule;
mod secret;
mod task;
mod text;
mod volume;

pub(crate) use alarm::{Alarm, Alarms, Comparison, Metered, Running, Silence, Statistic};
pub(crate) use entry::{
    Balancer, Certificate, Entry, Firewall, Host, HostedZone, ListenerRule, LogBucket, NetworkEntry,
    PlainListener, PublicNames, Question, TargetCheck, TargetGroup, Version,
};
pub(crate) use files::{Base, Layer, LayeredFile, Writer, WrittenFolder};
pub(crate) use job::{Gate, Job, Schedule, Start};
pub(crate) use lines::Lines;
pub(crate) use network::{Given, Nat, Network, Own, Standing, Vpc};
pub(crate) use permission::Permission;
pub(crate) use product::{
    Broker, Bucket, Cache, Database, Documents, Memcached, Password, Product, Queue, Rental, Search,
    Settings, Spread, Stream, Subscription, Topic,
};
pub(crate) use rename::Rename;
pub(crate) use rule::{Direction, ENDPOINTS, Peer, Rule, Traffic};
pub(crate) use secret::{Composed, Content, MadeSecret, NamedSecret, SecretName, Secrets, StoredSecret};
pub(crate) use task::{
    Architecture, Autoscaling, Capacity, Check, Container, Goal, Kept, Kind, Login, Metric, Probe, Pull,
    RunningImage, Scale, Task, TaskPort, Variable,
};
pub(crate) use text::{Piece, Reference, Text};
pub(crate) use volume::{AccessPoint, FileSystem, TaskMount};

/// A root module.
#[derive(Clone, Debug)]
pub(crate) struct Model {
    /// Codes and words of everything that is noted.
    pub(crate) notes: Vec<(&'static str, String)>,
    /// What no single line asks for: where the target stands.
    pub(crate) lines: Lines,
    pub(crate) application: Application,
    pub(crate) place: Place,
    pub(crate) state: State,
    pub(crate) network: Network,
    pub(crate) cluster: Cluster,
    pub(crate) entry: Option<Entry>,
    pub(crate) network_entry: Option<NetworkEntry>,
    pub(crate) firewall: Option<Firewall>,
    pub(crate) log_bucket: Option<LogBucket>,
    pub(crate) names: PublicNames,
    pub(crate) alarms: Alarms,
    pub(crate) images: Images,
    pub(crate) secrets: Secrets,
    pub(crate) tasks: Vec<Task>,
    /// What is applied before anything else of a deployment, if jobs run before it.
    pub(crate) gate: Option<Gate>,
    pub(crate) products: Vec<Product>,
    /// File systems that are shared.
    pub(crate) file_systems: Vec<FileSystem>,
    /// Components that had other addresses, by their address.
    pub(crate) renames: Vec<Rename>,
    /// Names of log groups that the key encrypts, with `*` for anything behind.
    pub(crate) log_groups: Vec<String>,
    /// What refuses to be destroyed until the variable `deletion_protection` is false; nothing if there is no such.
    pub(crate) protected: Option<Lines>,
}

/// What is deployed.
#[derive(Clone, Debug)]
pub(crate) struct Application {
    pub(crate) name: String,
    pub(crate) environment: String,
    pub(crate) description: Option<String>,
    pub(crate) owner: Option<String>,
    /// `<app>-<env>`, whole: for descriptions and prefixes without a limit that it could reach.
    pub(crate) prefix: String,
    pub(crate) lines: Lines,
}

/// Where it is deployed.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) region: String,
    pub(crate) account: String,
    /// The first part of every ARN: `aws`, `aws-cn` or `aws-us-gov`.
    pub(crate) partition: &'static str,
    pub(crate) lines: Lines,
}

/// Where Terraform keeps its state.
#[derive(Clone, Debug)]
pub(crate) struct State {
    /// The bucket; without one it is given to `init`.
    pub(crate) bucket: Option<String>,
    /// What the name of a bucket begins with that is made without a name.
    pub(crate) prefix: String,
    pub(crate) key: String,
    pub(crate) region: String,
    pub(crate) lines: Lines,
}

/// The ECS cluster and the names of what runs in it.
#[derive(Clone, Debug)]
pub(crate) struct Cluster {
    pub(crate) name: String,
    /// Whether it exists already.
    pub(crate) given: bool,
    pub(crate) namespace: Namespace,
    pub(crate) lines: Lines,
    /// Of the namespace.
    pub(crate) namespace_lines: Lines,
}

/// The private domain under which components find each other.
#[derive(Clone, Debug)]
pub(crate) enum Namespace {
    /// One of our own, by its domain.
    Own(String),
    /// One that exists already, by its id.
    Given(String),
}

/// The images that the module takes as an input, and where they are pushed.
#[derive(Clone, Debug)]
pub(crate) struct Images {
    /// The way from the module's folder to the application's.
    pub(crate) application: String,
    pub(crate) built: Vec<BuiltImage>,
    /// Of those that are an input.
    pub(crate) input_lines: Lines,
    /// Of all.
    pub(crate) lines: Lines,
    /// The image of the containers that check tasks, if any task has one.
    pub(crate) companion: Option<Companion>,
}

/// The image of the containers that check tasks.
#[derive(Clone, Debug)]
pub(crate) struct Companion {
    pub(crate) image: String,
    /// The checks that need it.
    pub(crate) lines: Lines,
}

/// An image that the application's files or the manifest's describe.
#[derive(Clone, Debug)]
pub(crate) struct BuiltImage {
    /// Its key in the variable `images`.
    pub(crate) key: String,
    pub(crate) home: ImageHome,
    /// Whether it must be given at every run, or the manifest pins what runs.
    pub(crate) pinned: bool,
    pub(crate) recipe: Recipe,
    pub(crate) lines: Lines,
}

/// How a built image is made.
#[derive(Clone, Debug)]
pub(crate) enum Recipe {
    /// From a folder of the application.
    Build(Build),
    /// From another image and files of the manifest's.
    Layer(Layer),
}

/// Where a built image is pushed.
#[derive(Clone, Debug)]
pub(crate) enum ImageHome {
    /// To a repository of this module.
    Repository { address: String, name: String },
    /// To a registry that somebody else runs; the whole repository.
    Elsewhere(String),
}

/// How an image is made, for whoever makes it.
#[derive(Clone, Debug)]
pub(crate) struct Build {
    /// The folder, from the application's folder.
    pub(crate) context: String,
    pub(crate) file: String,
    pub(crate) stage: Option<String>,
    pub(crate) args: Vec<(String, String)>,
    pub(crate) platforms: Vec<String>,
}
