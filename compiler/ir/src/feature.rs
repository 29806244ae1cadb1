//! What a program needs of a target, and what a target says about it.
//!
//! [`Feature::ALL`] is the rows of the feature table, [`crate::Target::express`] a column. The documentation, the
//! refusals and the walk of the table's cells in the tests are made from these two.

mod needed;

use crate::{Component, Id, Owner, Product, Program, Volume};
use exoc_diagnostics::{Code, Span};

pub(crate) use needed::needed;

/// Declares the features with their words.
macro_rules! features {
    ($($(#[$doc:meta])* $name:ident = $words:literal;)*) => {
        /// Something that a program may need of a target.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Feature {
            $($(#[$doc])* $name,)*
            /// A dependency of the catalogue.
            Product(Product),
        }

        /// The features that are no products.
        const PLAIN: &[Feature] = &[$(Feature::$name),*];

        impl Feature {
            /// A few words for messages and tables.
            #[must_use]
            pub const fn words(self) -> &'static str {
                match self {
                    $(Self::$name => $words,)*
                    Self::Product(product) => product.word(),
                }
            }
        }
    };
}

features! {
    /// The application has an owner.
    Owner = "an owner";
    /// The application has a description.
    Description = "a description";
    /// A registry is named.
    Registry = "a registry for built images";
    /// An image is built, and no registry is named.
    BuiltWithoutRegistry = "a built image without a `registry`";
    /// An image is built.
    BuiltImage = "a built image";
    /// An image is built and its reference is pinned.
    PinnedBuild = "a built image with a pinned reference";
    /// An image from a registry says its platforms.
    ImagePlatforms = "the platforms of an image";
    /// The entrypoint is replaced.
    Entrypoint = "an entrypoint";
    /// The command is replaced.
    Command = "a command";
    /// A variable that is a literal text.
    Variable = "an environment variable";
    /// A variable that is exactly one secret.
    SecretVariable = "a secret as an environment variable";
    /// A variable that holds a secret inside a longer text.
    ComposedSecret = "a secret inside a text";
    /// A variable with an attribute of a managed dependency.
    AttributeVariable = "an attribute of a dependency in a variable";
    /// A text that Unicode normalization would change.
    UnnormalizedText = "a text that is not in Unicode's normal form C";
    /// A secret that somebody must supply.
    SuppliedSecret = "a secret to supply";
    /// A secret that is in a store already, under a name of its own.
    NamedSecret = "a secret by its name in a store";
    /// A secret that is made once.
    GeneratedSecret = "a generated secret";
    /// A component that had another role when its data was made.
    Renamed = "a component with an earlier name";
    /// More than 16 cores or 120 GiB.
    LargeWorkload = "more than 16 cores or 120Gi of memory";
    /// More than one replica, or none, without change.
    FixedReplicas = "a fixed number of replicas";
    /// A number of replicas that changes.
    Autoscaling = "autoscaling";
    /// Scaling by processor time.
    ScaleByCpu = "scaling by cpu";
    /// Scaling by memory.
    ScaleByMemory = "scaling by memory";
    /// Scaling by requests.
    ScaleByRequests = "scaling by requests";
    /// The old replica stops before the new one starts.
    NoOverlap = "replicas that do not overlap";
    /// A job that the clock starts.
    ScheduledJob = "a job with a schedule";
    /// A job before new replicas start.
    BeforeDeployJob = "a job before a deployment";
    /// A job that waits for another one.
    JobOrder = "a job after another one";
    /// A job after a deployment.
    AfterDeployJob = "a job after a deployment";
    /// A job that a person starts.
    OnDemandJob = "a job on demand";
    /// A limit of the time of a run that the manifest writes.
    JobTimeout = "a time limit of a job";
    /// Runs that are repeated.
    JobRetries = "a job that is tried again";
    /// A service that is switched off.
    SwitchedOff = "a service that is switched off";
    /// The user that the image names.
    UserOfImage = "the user of the image";
    /// A numeric user other than root.
    NumericUser = "a numeric user";
    /// The user root.
    RootUser = "the user root";
    /// A writable root file system.
    WritableRoot = "a writable root file system";
    /// Capabilities that are kept.
    Capabilities = "capabilities";
    /// A privileged container.
    Privileged = "a privileged container";
    /// A port below 1024.
    LowPort = "a port below 1024";
    /// A writable folder in memory besides `/tmp`.
    Scratch = "a writable folder";
    /// A volume of its own.
    OwnVolume = "a volume";
    /// A volume whose size is written.
    VolumeSize = "the size of a volume";
    /// A volume that several components mount.
    SharedVolume = "a shared volume";
    /// A volume that a component reads and never writes.
    ReadOnlyMount = "a volume that is only read";
    /// A folder of the application that lies in a service.
    MountedSource = "a mounted folder of the application";
    /// A service that begins anew when a source changes.
    WatchedSource = "a service that is renewed when files change";
    /// Tests of a service.
    Test = "the test of a service";
    /// A port that is open on the developer's machine.
    DeveloperPort = "a port for the developer";
    /// A file whose contents are known.
    FixedFile = "a file";
    /// A file with a secret or an attribute of a managed dependency in it.
    LateFile = "a file with a secret or an attribute of a dependency";
    /// A file that may be run.
    ExecutableFile = "an executable file";
    /// The time to stop.
    Shutdown = "a time to stop";
    /// A port of HTTP/1.1.
    HttpPort = "an http port";
    /// A port of HTTP/2.
    Http2Port = "an http2 port";
    /// A port of gRPC.
    GrpcPort = "a grpc port";
    /// A port of another protocol over TCP.
    TcpPort = "a tcp port";
    /// A port over UDP.
    UdpPort = "a udp port";
    /// A public HTTP/1.1 port.
    HttpDoor = "a public http port";
    /// A public HTTP/2 port.
    Http2Door = "a public http2 port";
    /// A public gRPC port.
    GrpcDoor = "a public grpc port";
    /// A public TCP port.
    TcpDoor = "a public tcp port";
    /// A public UDP port.
    UdpDoor = "a public udp port";
    /// A path that is removed.
    StripPath = "a path that is removed";
    /// A public gRPC port whose path is removed.
    StripGrpc = "a grpc path that is removed";
    /// A route's timeout other than the default.
    RouteTimeout = "a timeout of a route";
    /// An HTTP check of a service without a door.
    HttpHealth = "a health check by path";
    /// An HTTP check of a public port.
    PublicHttpHealth = "a health check by path on a public port";
    /// A TCP check of a port without an HTTP door.
    TcpHealth = "a health check by connection";
    /// A TCP check of a public HTTP port.
    PublicTcpHealth = "a health check by connection on a public http port";
    /// A gRPC check of a port without a door.
    GrpcHealth = "a health check by grpc";
    /// A gRPC check of a public port.
    PublicGrpcHealth = "a health check by grpc on a public port";
    /// A check by command.
    CommandHealth = "a health check by command";
    /// One component opens connections to another.
    Edge = "a component that uses another";
    /// A service opens connections to the world.
    Internet = "connections to the internet";
    /// Storage of a managed backing.
    Storage = "the storage of a dependency";
    /// Settings of a managed backing's own.
    Parameters = "parameters of a dependency";
    /// An image in the place of the catalogue's.
    ProductImage = "an image of a product";
    /// A managed backing with a second server.
    HighAvailability = "high availability";
    /// Backups of a managed backing.
    Backups = "backups";
    /// A queue that a topic's messages reach.
    Subscription = "a queue that subscribes to a topic";
    /// Any image as a backing.
    Container = "a container as a dependency";
    /// A server outside.
    External = "an external dependency";
    /// A product that is there already.
    Existing = "a dependency that exists already";
}

impl Feature {
    /// All features, in the order of the table: products last.
    pub const ALL: &[Self] = &Self::all();

    #[expect(
        clippy::indexing_slicing,
        reason = "evaluated by the compiler, which refuses an index beyond the end"
    )]
    const fn all() -> [Self; PLAIN.len() + Product::ALL.len()] {
        let mut all = [Self::Owner; PLAIN.len() + Product::ALL.len()];
        let mut row = 0;
        while row < all.len() {
            all[row] = if row < PLAIN.len() {
                PLAIN[row]
            } else {
                Self::Product(Product::ALL[row - PLAIN.len()])
            };
            row += 1;
        }
        all
    }
}

/// What a target does about a feature.
#[derive(Clone, Copy, Debug)]
pub enum Expression {
    /// It expresses it.
    Expressed,
    /// It expresses it with a difference that a note tells.
    Noted {
        /// The note's code.
        code: &'static Code,
        /// Its text, a phrase that can be read alone; empty if the target reports it itself with what it knows.
        text: &'static str,
    },
    /// It does not express it.
    Refused {
        /// What to write instead.
        instead: &'static str,
    },
}

/// A feature and where it is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needed {
    /// What.
    pub feature: Feature,
    /// Where.
    pub span: Span,
    /// By whom.
    pub subject: Subject,
}

/// Who needs a feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The application as a whole.
    Application,
    /// A service or a dependency.
    Component(Component),
    /// A dependency that is a volume.
    Volume(Id<Volume>),
}

impl Subject {
    /// How messages call it: `service `api``.
    #[must_use]
    pub fn words(self, program: &Program) -> String {
        match self {
            Self::Application => format!("application `{}`", program.app().name),
            Self::Component(component @ Component::Service(_)) => {
                format!("service `{}`", program.role(component))
            }
            Self::Component(component @ Component::Backing(_)) => {
                format!("dependency `{}`", program.role(component))
            }
            Self::Volume(id) => match program.volumes().get(id).map(|volume| &volume.owner) {
                Some(Owner::Shared { role, .. }) => format!("dependency `{role}`"),
                Some(Owner::Component { component, .. }) => Self::Component(*component).words(program),
                None => "volume".to_owned(),
            },
        }
    }
}
