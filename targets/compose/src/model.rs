//! A docker-compose project as data. All texts are raw: how they are escaped is the printer's business.
//! Knows nothing of programs.

use exoc_diagnostics::Span;
use exoc_ir::{Access, Bytes, Capabilities, MilliCpu, Seconds, Transport};
use indexmap::IndexMap;
use std::collections::{BTreeMap, BTreeSet};

/// A project: what `compose.yaml` and the files beside it say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Model {
    pub(crate) project: String,
    pub(crate) description: Option<String>,
    /// In the order of the file.
    pub(crate) services: IndexMap<String, Service>,
    pub(crate) networks: BTreeMap<String, Network>,
    /// Named volumes. They have no labels: compose offers to empty a volume whose labels change.
    pub(crate) volumes: BTreeMap<String, Provenance>,
    /// Generated files by their path beside `compose.yaml`.
    pub(crate) files: BTreeMap<String, File>,
    /// The project of its tests, if a service has some.
    pub(crate) tests: Option<Tests>,
    pub(crate) guide: Guide,
}

/// What `compose.test.yaml` says: a project of its own, with what the tests need and nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tests {
    pub(crate) project: String,
    pub(crate) services: IndexMap<String, Service>,
    pub(crate) networks: BTreeMap<String, Network>,
    pub(crate) volumes: BTreeMap<String, Provenance>,
}

/// The places of the manifest that something comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Provenance(BTreeSet<Span>);

impl Provenance {
    /// The places, in order.
    pub(crate) fn places(&self) -> impl Iterator<Item = Span> {
        self.0.iter().copied()
    }

    /// Adds the places of another.
    pub(crate) fn join(&mut self, other: &Self) {
        self.0.extend(other.places());
    }
}

impl From<Span> for Provenance {
    fn from(place: Span) -> Self {
        Self([place].into())
    }
}

impl FromIterator<Span> for Provenance {
    fn from_iter<I: IntoIterator<Item = Span>>(places: I) -> Self {
        Self(places.into_iter().collect())
    }
}

/// A text with variables that compose fills in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Text(pub(crate) Vec<Piece>);

/// A part of a [`Text`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Characters that reach the container as they are.
    Literal(String),
    /// The value of a variable; without it compose starts nothing.
    Variable(Variable),
}

/// A variable that `.env` must hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Variable {
    pub(crate) name: String,
    /// What compose says when it is missing.
    pub(crate) complaint: String,
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(vec![Piece::Literal(text.to_owned())])
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(vec![Piece::Literal(text)])
    }
}

impl From<Variable> for Text {
    fn from(variable: Variable) -> Self {
        Self(vec![Piece::Variable(variable)])
    }
}

/// A service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Service {
    pub(crate) from: Provenance,
    /// What a service that no manifest names is for.
    pub(crate) purpose: Option<String>,
    pub(crate) image: Text,
    pub(crate) build: Option<Build>,
    /// What the image is pulled for, if it offers one platform only.
    pub(crate) platform: Option<String>,
    pub(crate) entrypoint: Option<Vec<Text>>,
    pub(crate) command: Option<Vec<Text>>,
    pub(crate) environment: BTreeMap<String, Text>,
    /// Whether the engine's own init process is process 1.
    pub(crate) init: bool,
    /// User and group; the image's if absent.
    pub(crate) user: Option<(u32, u32)>,
    pub(crate) read_only: bool,
    pub(crate) capabilities: Capabilities,
    pub(crate) privileged: bool,
    /// Whether ports below 1024 are open to any user.
    pub(crate) low_ports: bool,
    pub(crate) tmpfs: BTreeMap<String, Bytes>,
    pub(crate) mounts: Vec<Mount>,
    /// Files and folders from the folder of `compose.yaml`, and what a change of one makes compose do.
    pub(crate) watched: BTreeMap<String, Action>,
    pub(crate) published: Vec<Published>,
    /// Empty: it has no network at all.
    pub(crate) networks: BTreeSet<String>,
    /// Further names under which it is found, by network.
    pub(crate) aliases: BTreeMap<String, BTreeSet<String>>,
    pub(crate) healthcheck: Option<Healthcheck>,
    pub(crate) depends_on: BTreeMap<String, Condition>,
    pub(crate) cpu: MilliCpu,
    pub(crate) memory: Bytes,
    /// How many run, if not one.
    pub(crate) replicas: Option<u32>,
    pub(crate) life: Life,
    /// Whether the manifest demands that the old container stops before the new one starts. Compose always does so.
    pub(crate) stops_first: bool,
    pub(crate) stop_grace_period: Seconds,
    pub(crate) labels: BTreeMap<String, String>,
}

/// When a service starts, and whether it goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Life {
    /// It starts with the project and is started again whenever it ends.
    Forever,
    /// It starts with the project and ends.
    Once,
    /// It starts when a person says so, and ends.
    OnDemand,
    /// It starts when a person tests, and ends.
    Test,
}

/// What compose does when a watched file changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// It starts the service again.
    Restart,
    /// It builds the image again and recreates the service.
    Rebuild,
}

/// How an image is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Build {
    /// From the folder of `compose.yaml`.
    pub(crate) context: String,
    /// From `context`.
    pub(crate) dockerfile: Option<String>,
    pub(crate) target: Option<String>,
    pub(crate) args: BTreeMap<String, String>,
}

/// Something that lies in a service's file system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Mount {
    /// A named volume.
    Volume {
        volume: String,
        target: String,
        access: Access,
        seed: Seed,
    },
    /// A file of [`Model::files`], read-only.
    File { file: String, target: String },
    /// A folder of the application, from the folder of `compose.yaml`.
    Source { folder: String, target: String },
    /// A named volume that another service fills, read-only, with nothing of the image.
    Filled { volume: String, target: String },
}

impl Mount {
    /// The volume, if it is one.
    pub(crate) fn volume(&self) -> Option<&str> {
        match self {
            Self::Volume {
                volume,
                target: _,
                access: _,
                seed: _,
            } => Some(volume),
            Self::File { .. } | Self::Source { .. } | Self::Filled { .. } => None,
        }
    }
}

/// What a new volume holds when a container mounts it first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seed {
    /// What the image has in the folder, with its owner.
    Image,
    /// Nothing: it stays as it is.
    Nothing,
}

/// A port of the machine, on its loopback address only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Published {
    pub(crate) machine: u16,
    pub(crate) container: u16,
    pub(crate) transport: Transport,
}

/// A check by a program inside the container, without a shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Healthcheck {
    pub(crate) test: Vec<Text>,
    pub(crate) interval: Seconds,
    pub(crate) timeout: Seconds,
    pub(crate) retries: u32,
    pub(crate) start_period: Seconds,
}

/// What a service waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Condition {
    /// The other runs.
    Started,
    /// The other's check succeeds.
    Healthy,
    /// The other has ended well.
    Completed,
    /// The same; and whoever waits starts again whenever the other is made anew.
    Renewed,
}

/// A network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Network {
    pub(crate) from: Provenance,
    /// What it is for, where it is for several.
    pub(crate) purpose: Option<String>,
    pub(crate) reach: Reach,
    pub(crate) labels: BTreeMap<String, String>,
}

/// What can be reached over a network besides its members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Nothing.
    Members,
    /// Nothing, but ports can be published.
    Entry,
    /// The world.
    World,
}

/// A generated file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum File {
    /// A text of the catalogue, and for what it lies there.
    Text(Provenance, String),
    /// The gateway's configuration.
    Gateway(Gateway),
    /// A file of the manifest's, which is copied byte by byte, and whether it may be run.
    Copy(exoc_ir::Contents, bool),
}

/// What the gateway does with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Gateway {
    pub(crate) from: Provenance,
    /// The port in its container.
    pub(crate) port: u16,
    /// The first that matches decides.
    pub(crate) rules: Vec<Rule>,
    pub(crate) backends: Vec<GatewayBackend>,
    /// How long a client may be silent.
    pub(crate) client_timeout: Seconds,
}

/// Which requests go to a backend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) from: Provenance,
    /// The host without its port.
    pub(crate) host: String,
    /// Whole segments, no final slash but for `/`.
    pub(crate) path: String,
    /// A name of [`Gateway::backends`].
    pub(crate) backend: String,
}

/// Where a request goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GatewayBackend {
    pub(crate) from: Provenance,
    pub(crate) name: String,
    /// The service's name on the network.
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) wire: Wire,
    /// The path that is removed.
    pub(crate) strip: Option<String>,
    /// How long the service may be silent.
    pub(crate) timeout: Seconds,
}

/// What the gateway speaks to a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wire {
    /// HTTP/1.1.
    Http1,
    /// HTTP/2 without TLS.
    Http2,
}

/// What the page beside the project says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Guide {
    /// Whether images are built by compose.
    pub(crate) builds: bool,
    /// What `.env` must hold, by name, with what it is.
    pub(crate) variables: BTreeMap<String, String>,
    /// Whether exoc keeps them, as it does on the laptop.
    pub(crate) kept: bool,
    /// Which of them are made, once, of so many letters and digits.
    pub(crate) generated: BTreeMap<String, u32>,
    /// Who can be reached at which address of the machine.
    pub(crate) addresses: Vec<(String, String)>,
    /// Hosts of these addresses that lead to the machine only if somebody sees to it.
    pub(crate) hosts: BTreeSet<String>,
    /// Whether the public addresses that variables hold say `https`, which the project does not speak.
    pub(crate) tls_expected: bool,
    /// Jobs that start only when a person says so, with what they wait for elsewhere: a schedule, if they have one.
    pub(crate) jobs: BTreeMap<String, Option<String>>,
    /// Services whose changes compose can watch.
    pub(crate) watches: bool,
    /// Services of `compose.test.yaml` that test, by whom they test.
    pub(crate) tests: BTreeMap<String, String>,
    /// Whose data is in which volume.
    pub(crate) volumes: BTreeMap<String, BTreeSet<String>>,
}
