//! The syntax tree: what the files say, in long forms, with a span on every leaf.
//!
//! A tree is one file's or one layer's own words: nothing is merged, defaulted or resolved here. Every key of a
//! layer is a [`Field`], because a layer may leave it out, remove it (`null`), or hold something that could not
//! be read and was reported.

mod development;
mod table;

pub use development::{Development, DevelopmentKeys, Mounted};
pub use table::Table;

use exoc_diagnostics::{Date, Failed, Level, Node, Rulings, Span, Spanned, VirtualPath};
use indexmap::IndexMap;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// One key of one layer.
#[derive(Clone, Debug, Default)]
pub enum Field<T> {
    /// The layer does not have the key.
    #[default]
    Absent,
    /// The layer removes the key: `null`, written here.
    Removed(Span),
    /// What stands there was reported; whatever depends on it stays silent.
    Broken(Failed),
    /// The layer says this.
    Set(T),
}

/// A text that may hold references.
#[derive(Clone, Debug)]
pub struct Text {
    /// Its parts in order; neighbouring literals are joined, `$${` is already `${`.
    pub parts: Vec<TextPart>,
    /// The whole scalar.
    pub span: Span,
}

/// A part of a [`Text`].
#[derive(Clone, Debug)]
pub enum TextPart {
    /// Literal characters.
    Literal(String),
    /// `${a.b.c}`.
    Reference(Reference),
}

/// A reference as written: not yet resolved.
#[derive(Clone, Debug)]
pub struct Reference {
    /// The names between the dots, each with its place. At least one.
    pub path: Vec<Spanned<String>>,
    /// From `$` to `}`.
    pub span: Span,
}

/// All files of one application.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// application.yml.
    pub application: Application,
    /// What stands in the folder of every role that has a `location`, sorted by role; `Broken` where the folder
    /// or its `service.yml` could not be read. A role that is built without a location is here too, with the
    /// application's folder and an empty layer. Never `Absent` or `Removed`.
    pub service_files: IndexMap<String, Field<ServiceFile>>,
    /// What stands at every path that is the `source` of a file in any layer; an error where it could not be read.
    pub contents: BTreeMap<VirtualPath, Result<Source, Failed>>,
    /// What all files say about diagnostics.
    pub rulings: Rulings,
}

/// What the `source` of a file names.
#[derive(Clone, Debug)]
pub enum Source {
    /// A file.
    File(Contents),
    /// A folder: all files below it, by their paths seen from it. At least one.
    Folder(BTreeMap<VirtualPath, Contents>),
}

/// The bytes of a file, as they stand on the disk.
#[derive(Clone, PartialEq, Eq)]
pub struct Contents(pub Arc<[u8]>);

impl fmt::Debug for Contents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match std::str::from_utf8(&self.0) {
            Ok(text) => fmt::Debug::fmt(text, f),
            Err(_) => write!(f, "{} bytes", self.0.len()),
        }
    }
}

/// A service's folder and what its `service.yml` says.
#[derive(Clone, Debug)]
pub struct ServiceFile {
    /// The folder.
    pub folder: VirtualPath,
    /// What stands in its Dockerfile, if it has one (see [`Dockerfile`]).
    pub dockerfile: Option<Dockerfile>,
    /// Its `service.yml`, an empty layer if it has none. Roles of one folder share it.
    pub layer: Arc<ServiceLayer>,
    /// The file's `development`: what overlays `layer` in the environment `local`.
    pub development: Field<Box<Development>>,
    /// The same of the environment `local`, where `development` may say that another one is built.
    pub local_dockerfile: Option<Dockerfile>,
}

/// What a Dockerfile says that matters here.
#[derive(Clone, Debug)]
pub struct Dockerfile {
    /// Its path.
    pub path: VirtualPath,
    /// The argument of the last `USER` of its last stage, with its place, if there is one.
    pub user: Option<Spanned<String>>,
    /// The working directory at the end of its last stage, with the place of the instruction, if it can be told.
    pub workdir: Option<Spanned<String>>,
}

/// application.yml.
#[derive(Clone, Debug)]
pub struct Application {
    /// The whole file.
    pub span: Span,
    /// `name`.
    pub name: Field<Spanned<String>>,
    /// `description`.
    pub description: Field<Spanned<String>>,
    /// What an environment may overlay as well.
    pub shared: Shared,
    /// `diagnostics`, by code.
    pub diagnostics: Table<DiagnosticLevel>,
    /// `environments`, as written; `local` may be absent here and exists all the same.
    pub environments: Table<Environment>,
}

/// One of `diagnostics`: how grave a code is, and why.
#[derive(Clone, Debug)]
pub struct DiagnosticLevel {
    /// `level`.
    pub level: Field<Spanned<Level>>,
    /// `because`.
    pub because: Field<Spanned<String>>,
    /// `until`: the last day on which it holds.
    pub until: Field<Spanned<Date>>,
}

/// The keys that application.yml and an environment have in common.
#[derive(Clone, Debug, Default)]
pub struct Shared {
    /// `owner`.
    pub owner: Field<Spanned<String>>,
    /// `registry`.
    pub registry: Field<Spanned<String>>,
    /// `environment`: variables of every service.
    pub environment: Table<Text>,
    /// `secrets`.
    pub secrets: Table<Secret>,
    /// `dependencies`.
    pub dependencies: Table<Dependency>,
    /// `services`.
    pub services: Table<ServiceEntry>,
    /// Which of these mappings could not be read as a whole, and are empty for that reason.
    pub lost: Lost,
}

/// Mappings of a [`Shared`] that were reported: what they would have declared is not known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lost {
    /// `secrets`.
    pub secrets: Option<Failed>,
    /// `dependencies`.
    pub dependencies: Option<Failed>,
    /// `services`.
    pub services: Option<Failed>,
}

/// One of `environments`.
#[derive(Clone, Debug)]
pub struct Environment {
    /// The environment's mapping.
    pub span: Span,
    /// `domain`.
    pub domain: Field<Spanned<String>>,
    /// `targets`: an opaque tree of options per target, and its patches apart.
    pub targets: Table<TargetEntry>,
    /// Overlays.
    pub shared: Shared,
}

/// `targets.<id>`.
#[derive(Clone, Debug)]
pub struct TargetEntry {
    /// The options as written, without `patches`; always a mapping.
    pub options: Node,
    /// `patches`.
    pub patches: Vec<Patch>,
}

/// One of `patches`.
#[derive(Clone, Debug)]
pub struct Patch {
    /// Which generated thing.
    pub at: Spanned<String>,
    /// Paths and values to add.
    pub set: Vec<(Spanned<String>, Node)>,
    /// Paths and values to change.
    pub replace: Vec<(Spanned<String>, Node)>,
}

/// A secret's declaration.
#[derive(Clone, Debug)]
pub struct Secret {
    /// Its mapping.
    pub span: Span,
    /// `description`.
    pub description: Field<Spanned<String>>,
    /// `generate`: so many letters and digits, 16 to 128.
    pub generate: Field<Spanned<u32>>,
    /// `name`: what an existing one is called in the target's store.
    pub name: Field<Spanned<String>>,
}

/// An entry of `services`.
#[derive(Clone, Debug)]
pub struct ServiceEntry {
    /// The entry's value.
    pub span: Span,
    /// `location`, as written and relative to application.yml.
    pub location: Field<Spanned<String>>,
    /// The keys beside it.
    pub layer: ServiceLayer,
    /// `development` beside it: what overlays `layer` in the environment `local`. Environments have none.
    pub development: Field<Box<Development>>,
}

/// The keys of a service, in one layer.
#[derive(Clone, Debug, Default)]
pub struct ServiceLayer {
    /// `type`.
    pub kind: Field<Spanned<ServiceType>>,
    /// `build`.
    pub build: Field<Build>,
    /// `image`.
    pub image: Field<Spanned<String>>,
    /// `platforms` that the image offers.
    pub platforms: Field<Spanned<Vec<Spanned<String>>>>,
    /// `entrypoint`.
    pub entrypoint: Field<Command>,
    /// `command`.
    pub command: Field<Command>,
    /// `port` or `ports`.
    pub ports: Field<Spanned<Vec<Port>>>,
    /// `route`.
    pub route: Field<Route>,
    /// `health`.
    pub health: Field<Health>,
    /// `uses`.
    pub uses: Field<Spanned<Vec<Spanned<String>>>>,
    /// `environment`.
    pub environment: Table<Text>,
    /// `cpu`, in thousandths of a core.
    pub cpu: Field<Spanned<u32>>,
    /// `memory`, in bytes.
    pub memory: Field<Spanned<u64>>,
    /// `scale`.
    pub scale: Field<Scale>,
    /// `writable`: folder to size in bytes; 64 MiB where only the folder is listed.
    pub writable: Table<Spanned<u64>>,
    /// `volumes`, by name.
    pub volumes: Table<Volume>,
    /// `files`, by the path in the container.
    pub files: Table<File>,
    /// `was`: the role that it had when its data was made.
    pub was: Field<Spanned<String>>,
    /// `security`.
    pub security: Field<Security>,
    /// `shutdown`, in seconds.
    pub shutdown: Field<Spanned<u32>>,
    /// `schedule`, as written. Naming it drops what a weaker layer says of `when`, and the other way round.
    pub schedule: Field<Spanned<String>>,
    /// `when`.
    pub when: Field<Spanned<When>>,
    /// `timeout` of a job's run, in seconds.
    pub timeout: Field<Spanned<u32>>,
    /// `retries` of a job's run.
    pub retries: Field<Spanned<u32>>,
}

/// `when` of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Before new replicas start.
    BeforeDeploy,
    /// Once all replicas are healthy.
    AfterDeploy,
    /// When a person starts it.
    OnDemand,
}

/// `type` of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceType {
    /// Reached from outside.
    Public,
    /// Reached by services only.
    Private,
    /// Reached by nobody.
    Worker,
    /// Runs to an end.
    Job,
}

/// `build`, in its long form. Layers merge key by key.
#[derive(Clone, Debug)]
pub struct Build {
    /// The whole value.
    pub span: Span,
    /// `context`, relative to the folder of the file it is written in, resolved from the application's folder.
    pub context: Field<Spanned<VirtualPath>>,
    /// `dockerfile`, relative to the context.
    pub dockerfile: Field<Spanned<String>>,
    /// `stage`.
    pub stage: Field<Spanned<String>>,
    /// `args`.
    pub args: Table<Text>,
    /// `platforms`.
    pub platforms: Field<Spanned<Vec<Spanned<String>>>>,
}

/// `command` or `entrypoint`: arguments; a text is already split.
#[derive(Clone, Debug)]
pub struct Command {
    /// The whole value.
    pub span: Span,
    /// The arguments.
    pub items: Vec<Text>,
}

/// One of `ports`.
#[derive(Clone, Debug)]
pub struct Port {
    /// The whole item.
    pub span: Span,
    /// `name`; absent in the short form (a service's only port is then named after its protocol).
    pub name: Option<Spanned<String>>,
    /// `port`.
    pub number: Spanned<u16>,
    /// `protocol`; http where it is not written.
    pub protocol: Spanned<Protocol>,
}

/// `protocol` of a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// HTTP/1.1.
    Http,
    /// HTTP/2 without TLS.
    Http2,
    /// gRPC.
    Grpc,
    /// Any other protocol over TCP.
    Tcp,
    /// Any protocol over UDP.
    Udp,
}

/// `route`. Layers merge key by key.
#[derive(Clone, Debug)]
pub struct Route {
    /// The whole value.
    pub span: Span,
    /// `path`, one or several.
    pub path: Field<Spanned<Vec<Spanned<String>>>>,
    /// `host`, one or several.
    pub host: Field<Spanned<Vec<Text>>>,
    /// `port`: a port's name.
    pub port: Field<Spanned<String>>,
    /// `strip`.
    pub strip: Field<Spanned<bool>>,
    /// `timeout`, in seconds.
    pub timeout: Field<Spanned<u32>>,
}

/// `health`. Layers merge key by key; naming one question drops what a weaker layer asks.
#[derive(Clone, Debug)]
pub struct Health {
    /// The whole value.
    pub span: Span,
    /// `path`, `tcp`, `grpc` or `command`.
    pub question: Field<Question>,
    /// `port`: a port's name.
    pub port: Field<Spanned<String>>,
    /// `interval`, in seconds.
    pub interval: Field<Spanned<u32>>,
    /// `timeout`, in seconds.
    pub timeout: Field<Spanned<u32>>,
    /// `retries`.
    pub retries: Field<Spanned<u32>>,
    /// `start`, in seconds.
    pub start: Field<Spanned<u32>>,
}

/// What a health check asks.
#[derive(Clone, Debug)]
pub enum Question {
    /// `path`.
    Path(Spanned<String>),
    /// `tcp: true`.
    Tcp(Span),
    /// `grpc: true`, or the name of a gRPC service.
    Grpc(Spanned<Option<String>>),
    /// `command`.
    Command(Command),
}

/// `scale`. Layers merge key by key; `scale: 2` is `{ min: 2, max: 2 }`.
#[derive(Clone, Debug)]
pub struct Scale {
    /// The whole value.
    pub span: Span,
    /// `min`.
    pub min: Field<Spanned<u32>>,
    /// `max`.
    pub max: Field<Spanned<u32>>,
    /// `cpu`, in percent.
    pub cpu: Field<Spanned<u32>>,
    /// `memory`, in percent.
    pub memory: Field<Spanned<u32>>,
    /// `requests`, per second and replica.
    pub requests: Field<Spanned<u32>>,
    /// `overlap`.
    pub overlap: Field<Spanned<bool>>,
}

/// One of `volumes`: a service's own, or a dependency of type `volume` that it mounts. Layers merge key by key; `uploads: /data` is `{ path: /data }`.
#[derive(Clone, Debug)]
pub struct Volume {
    /// The whole value.
    pub span: Span,
    /// `path`: the folder of the container where it lies.
    pub path: Field<Spanned<String>>,
    /// `size`, in bytes.
    pub size: Field<Spanned<u64>>,
    /// `read-only`: whether a shared volume is only read here.
    pub read_only: Field<Spanned<bool>>,
}

/// One of `files`. Layers merge key by key; `/a: ./a` is `{ source: ./a }`.
#[derive(Clone, Debug)]
pub struct File {
    /// The whole value.
    pub span: Span,
    /// `source`, relative to the folder of the file it is written in, resolved from the application's folder. Naming
    /// it drops what a weaker layer says of `content`, and the other way round.
    pub source: Field<Spanned<VirtualPath>>,
    /// `content`.
    pub content: Field<Text>,
    /// `executable`.
    pub executable: Field<Spanned<bool>>,
}

/// `security`. Layers merge key by key.
#[derive(Clone, Debug)]
pub struct Security {
    /// The whole value.
    pub span: Span,
    /// `user`; `root` is 0.
    pub user: Field<Spanned<u32>>,
    /// `group`.
    pub group: Field<Spanned<u32>>,
    /// `writable-filesystem`.
    pub writable_filesystem: Field<Spanned<bool>>,
    /// `capabilities`: the ones to keep.
    pub capabilities: Field<Spanned<Vec<Spanned<String>>>>,
    /// `privileged`.
    pub privileged: Field<Spanned<bool>>,
}

/// A dependency, in one layer.
#[derive(Clone, Debug)]
pub struct Dependency {
    /// The whole value.
    pub span: Span,
    /// `type`; a layer without one refines a weaker layer's.
    pub kind: Field<Spanned<DependencyType>>,
    /// `version`, as written.
    pub version: Field<Spanned<String>>,
    /// `storage`, in bytes.
    pub storage: Field<Spanned<u64>>,
    /// `database`: its name.
    pub database: Field<Spanned<String>>,
    /// `username`: the owner of the database.
    pub username: Field<Spanned<String>>,
    /// `parameters`: the engine's own settings, as written.
    pub parameters: Table<Spanned<String>>,
    /// `availability`.
    pub availability: Field<Spanned<Availability>>,
    /// `backups`: how many days each is kept.
    pub backups: Field<Spanned<u32>>,
    /// `subscribes` of a queue: roles of topics.
    pub subscribes: Field<Spanned<Vec<Spanned<String>>>>,
    /// `existing`: what is said of a product that is there already.
    pub existing: Field<Existing>,
    /// `url` of an external.
    pub url: Field<Text>,
    /// `cpu`, `memory`, `image`, and for a container all that it has in common with a service.
    pub layer: ServiceLayer,
}

/// `existing` of a dependency. Layers merge key by key.
#[derive(Clone, Debug)]
pub struct Existing {
    /// The whole value.
    pub span: Span,
    /// Its attributes by their words, as written.
    pub attributes: Table<Text>,
}

/// `availability` of a dependency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Availability {
    /// One server.
    Single,
    /// A second one stands by.
    High,
}

/// `type` of a dependency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DependencyType {
    /// A product of the catalogue, by its word.
    Managed(&'static str),
    /// Any image.
    Container,
    /// An address outside.
    External,
    /// A shared file system.
    Volume,
}
