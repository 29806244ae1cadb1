//! What a program needs of a target, and what a target says about it.
//!
//! [`Feature::ALL`] is the rows of the feature table, [`crate::Target::express`] a column. The documentation, the
//! refusals and the walk of the table's cells in the tests are made from these two.

use crate::{
    Availability, Backing, Capabilities, Component, Engine, Entrance, Id, Image, Job, Managed, Mount, NodeId,
    Origin, Owner, Part, Probe, Product, Program, Protocol, Service, Trigger, User, Value, Volume, Workload,
};
use exoc_diagnostics::{Code, Span};

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
    /// Any image as a backing.
    Container = "a container as a dependency";
    /// A server outside.
    External = "an external dependency";
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
    /// By whom, for messages: `service `api``.
    pub subject: String,
}

pub(crate) fn needed(program: &Program) -> Vec<Needed> {
    let mut list = List {
        program,
        needed: Vec::new(),
    };
    list.application();
    for (id, service) in program.services().iter() {
        if service.identity != service.role {
            list.add(
                Feature::Renamed,
                NodeId::Service(id),
                "was",
                Component::Service(id),
            );
        }
        list.workload(NodeId::Service(id), Component::Service(id), &service.workload);
        list.scale(NodeId::Service(id), service);
        list.job(id, service);
    }
    for (id, backing) in program.backings().iter() {
        let node = NodeId::Backing(id);
        if backing.identity != backing.role {
            list.add(Feature::Renamed, node, "was", Component::Backing(id));
        }
        match &backing.engine {
            Engine::Managed(managed) => {
                list.add(
                    Feature::Product(managed.product),
                    node,
                    "type",
                    Component::Backing(id),
                );
                list.add(Feature::Storage, node, "storage", Component::Backing(id));
                list.managed(id, managed);
            }
            Engine::Container(workload) => {
                list.add(Feature::Container, node, "", Component::Backing(id));
                list.workload(node, Component::Backing(id), workload);
            }
            Engine::External(_) => list.add(Feature::External, node, "", Component::Backing(id)),
        }
    }
    list.edges();
    list.doors();
    list.needed
}

struct List<'a> {
    program: &'a Program,
    needed: Vec<Needed>,
}

impl List<'_> {
    fn add(&mut self, feature: Feature, node: NodeId, field: &str, component: Component) {
        let what = match component {
            Component::Service(_) => "service",
            Component::Backing(_) => "dependency",
        };
        let subject = format!("{what} `{}`", self.program.role(component));
        self.needed.push(Needed {
            feature,
            span: self.program.at(node, field),
            subject,
        });
    }

    fn add_global(&mut self, feature: Feature, node: NodeId, field: &str) {
        let subject = format!("application `{}`", self.program.app().name);
        self.needed.push(Needed {
            feature,
            span: self.program.at(node, field),
            subject,
        });
    }

    fn application(&mut self) {
        let program = self.program;
        if program.app().owner.is_some() {
            self.add_global(Feature::Owner, NodeId::App, "owner");
        }
        if program.app().description.is_some() {
            self.add_global(Feature::Description, NodeId::App, "description");
        }
        if program.registry().is_some() {
            self.add_global(Feature::Registry, NodeId::App, "registry");
        }
        for (id, secret) in program.secrets().iter() {
            match &secret.origin {
                Origin::Supplied {
                    description: _,
                    store,
                } => {
                    self.add_global(Feature::SuppliedSecret, NodeId::Secret(id), "");
                    if store.is_some() {
                        self.add_global(Feature::NamedSecret, NodeId::Secret(id), "name");
                    }
                }
                Origin::Generated { .. } => {
                    self.add_global(Feature::GeneratedSecret, NodeId::Secret(id), "generate");
                }
                Origin::PasswordOf(_) | Origin::AdministratorOf(_) => {}
            }
        }
    }

    fn job(&mut self, id: crate::Id<Service>, service: &Service) {
        let (node, component) = (NodeId::Service(id), Component::Service(id));
        let Some(Job {
            trigger,
            timeout: _,
            retries,
        }) = service.job()
        else {
            return;
        };
        let (feature, field) = match trigger {
            Trigger::Schedule(_) => (Feature::ScheduledJob, "schedule"),
            Trigger::BeforeDeploy { .. } => (Feature::BeforeDeployJob, "when"),
            Trigger::AfterDeploy => (Feature::AfterDeployJob, "when"),
            Trigger::OnDemand => (Feature::OnDemandJob, "when"),
        };
        self.add(feature, node, field, component);
        if let Trigger::BeforeDeploy { rank: 1.. } = trigger {
            self.add(Feature::JobOrder, node, "uses", component);
        }
        // The limit that nobody wrote is no demand.
        if self.program.at(node, "timeout") != self.program.at(node, "") {
            self.add(Feature::JobTimeout, node, "timeout", component);
        }
        if *retries > 0 {
            self.add(Feature::JobRetries, node, "retries", component);
        }
    }

    fn managed(&mut self, id: Id<Backing>, managed: &Managed) {
        let Managed {
            product: _, // the first of its features
            version: _,
            resources: _,
            storage: _,
            parameters,
            image,
            availability,
            backups,
            database: _,
            username: _,
            password: _,
            administrator: _,
        } = managed;
        let (node, component) = (NodeId::Backing(id), Component::Backing(id));
        if !parameters.is_empty() {
            self.add(Feature::Parameters, node, "parameters", component);
        }
        if image.is_some() {
            self.add(Feature::ProductImage, node, "image", component);
        }
        match availability {
            Availability::High => self.add(Feature::HighAvailability, node, "availability", component),
            Availability::Single => {}
        }
        if backups.is_some() {
            self.add(Feature::Backups, node, "backups", component);
        }
    }

    fn workload(&mut self, node: NodeId, component: Component, workload: &Workload) {
        // Every field of a workload is decided here: a new one does not compile until it is.
        let Workload {
            image,
            entrypoint,
            command,
            environment,
            ports,
            scratch,
            mounts,
            health: _, // below, for it depends on doors
            resources,
            security,
            shutdown: _,
        } = workload;
        self.image(node, component, *image);
        if entrypoint.is_some() {
            self.add(Feature::Entrypoint, node, "entrypoint", component);
        }
        if command.is_some() {
            self.add(Feature::Command, node, "command", component);
        }
        for (name, value) in environment {
            self.add(variable(value), node, &format!("environment.{name}"), component);
        }
        self.texts(node, component, workload);
        for port in ports {
            self.add(
                private_port(port.protocol),
                node,
                &format!("ports.{}", port.name),
                component,
            );
            if port.number < 1024 {
                self.add(Feature::LowPort, node, &format!("ports.{}", port.name), component);
            }
        }
        for folder in scratch.keys().filter(|folder| *folder != "/tmp") {
            self.add(Feature::Scratch, node, &format!("writable.{folder}"), component);
        }
        for mount in mounts.values() {
            self.mount(node, component, mount);
        }
        if resources.cpu.0 > 16_000 {
            self.add(Feature::LargeWorkload, node, "cpu", component);
        } else if resources.memory.0 > 120 << 30 {
            self.add(Feature::LargeWorkload, node, "memory", component);
        }
        self.security(node, component, security);
        self.add(Feature::Shutdown, node, "shutdown", component);
        self.health(node, component, workload);
    }

    fn mount(&mut self, node: NodeId, component: Component, mount: &Mount) {
        let Mount { volume: id } = mount;
        let Some(volume) = self.program.volumes().get(*id) else {
            return;
        };
        let Volume {
            owner: Owner::Component { component: _, name },
            size,
            writer: _,
        } = volume;
        let field = format!("volumes.{name}");
        self.add(Feature::OwnVolume, node, &field, component);
        if size.is_some() {
            self.add(Feature::VolumeSize, node, &format!("{field}.size"), component);
        }
    }

    /// Texts that normalization would change, each at its own place.
    fn texts(&mut self, node: NodeId, component: Component, workload: &Workload) {
        let changes = |value: &Value| value.parts().iter().any(changes_when_normalized);
        for (name, _) in workload.environment.iter().filter(|(_, value)| changes(value)) {
            self.add(
                Feature::UnnormalizedText,
                node,
                &format!("environment.{name}"),
                component,
            );
        }
        let lists = [
            ("entrypoint", &workload.entrypoint),
            ("command", &workload.command),
        ];
        let commands = lists
            .iter()
            .filter_map(|(field, list)| Some((*field, list.as_ref()?)));
        let checks = workload.health.iter().filter_map(|health| match &health.probe {
            Probe::Command(items) => Some(("health.command", items)),
            Probe::Http { .. } | Probe::Tcp { .. } | Probe::Grpc { .. } => None,
        });
        for (field, items) in commands.chain(checks) {
            for (index, _) in items.iter().enumerate().filter(|(_, item)| changes(item)) {
                let field = format!("{field}.{index}");
                self.add(Feature::UnnormalizedText, node, &field, component);
            }
        }
    }

    fn image(&mut self, node: NodeId, component: Component, image: crate::Id<Image>) {
        match self.program.images().get(image) {
            Some(Image::Built(built)) => {
                self.add(Feature::BuiltImage, node, "build", component);
                if built.pinned.is_some() {
                    self.add(Feature::PinnedBuild, node, "image", component);
                } else if self.program.registry().is_none() {
                    self.add(Feature::BuiltWithoutRegistry, node, "build", component);
                }
            }
            Some(Image::Pinned(_)) | None => {}
        }
    }

    fn security(&mut self, node: NodeId, component: Component, security: &crate::Security) {
        let crate::Security {
            user,
            root_writable,
            capabilities,
            privileged,
        } = security;
        match user {
            User::FromImage => self.add(Feature::UserOfImage, node, "", component),
            User::Ids { user: 0, .. } => self.add(Feature::RootUser, node, "security.user", component),
            User::Ids { .. } => self.add(Feature::NumericUser, node, "security.user", component),
        }
        if *root_writable {
            self.add(
                Feature::WritableRoot,
                node,
                "security.writable-filesystem",
                component,
            );
        }
        match capabilities {
            Capabilities::Only(kept) if !kept.is_empty() => {
                self.add(Feature::Capabilities, node, "security.capabilities", component);
            }
            Capabilities::Only(_) | Capabilities::Default => {}
        }
        if *privileged {
            self.add(Feature::Privileged, node, "security.privileged", component);
        }
    }

    fn health(&mut self, node: NodeId, component: Component, workload: &Workload) {
        let Some(health) = &workload.health else { return };
        let public = |port: usize| match component {
            Component::Service(id) => self.program.doors_of(id).any(|door| door.port == port),
            Component::Backing(_) => false,
        };
        let plain = |port: &usize| {
            matches!(
                workload.ports.get(*port).map(|port| port.protocol),
                Some(Protocol::Tcp | Protocol::Udp)
            )
        };
        let feature = match &health.probe {
            Probe::Http { port, .. } if public(*port) => Feature::PublicHttpHealth,
            Probe::Http { .. } => Feature::HttpHealth,
            Probe::Tcp { port } if public(*port) && !plain(port) => Feature::PublicTcpHealth,
            Probe::Tcp { .. } => Feature::TcpHealth,
            Probe::Grpc { port, .. } if public(*port) => Feature::PublicGrpcHealth,
            Probe::Grpc { .. } => Feature::GrpcHealth,
            Probe::Command(_) => Feature::CommandHealth,
        };
        self.add(feature, node, "health", component);
    }

    fn scale(&mut self, node: NodeId, service: &Service) {
        let component = match node {
            NodeId::Service(id) => Component::Service(id),
            NodeId::App
            | NodeId::Environment
            | NodeId::Image(_)
            | NodeId::Secret(_)
            | NodeId::Backing(_)
            | NodeId::Volume(_)
            | NodeId::Door(_) => return,
        };
        let crate::Scale {
            min,
            max,
            cpu,
            memory,
            requests,
            overlap,
        } = service.scale;
        match (min, max) {
            (0, 0) => self.add(Feature::SwitchedOff, node, "scale", component),
            (1, 1) => {}
            (min, max) if min == max => self.add(Feature::FixedReplicas, node, "scale", component),
            _ => self.add(Feature::Autoscaling, node, "scale", component),
        }
        let goals = [
            (cpu, Feature::ScaleByCpu, "scale.cpu"),
            (memory, Feature::ScaleByMemory, "scale.memory"),
            (requests, Feature::ScaleByRequests, "scale.requests"),
        ];
        for (goal, feature, field) in goals {
            if goal.is_some() {
                self.add(feature, node, field, component);
            }
        }
        if !overlap {
            self.add(Feature::NoOverlap, node, "scale.overlap", component);
        }
    }

    fn edges(&mut self) {
        for edge in self.program.edges() {
            let feature = match edge.to {
                crate::Callee::World => Feature::Internet,
                crate::Callee::Component(_) => Feature::Edge,
            };
            let span = edge.reasons.first().map(|reason| reason.span());
            let subject = format!("`{}`", self.program.role(edge.from));
            if let Some(span) = span {
                self.needed.push(Needed {
                    feature,
                    span,
                    subject,
                });
            }
        }
    }

    fn doors(&mut self) {
        for (index, door) in self.program.doors().iter().enumerate() {
            let component = Component::Service(door.service);
            let service = self.program.services().get(door.service);
            let Some(port) = service.and_then(|service| service.workload.ports.get(door.port)) else {
                continue;
            };
            let node = NodeId::Service(door.service);
            self.add(public_port(port.protocol), NodeId::Door(index), "", component);
            match &door.entrance {
                Entrance::Http {
                    strip,
                    timeout,
                    host: _,
                    path: _,
                } => {
                    if *strip && port.protocol == Protocol::Grpc {
                        self.add(Feature::StripGrpc, node, "route.strip", component);
                    } else if *strip {
                        self.add(Feature::StripPath, node, "route.strip", component);
                    }
                    if timeout.0 != 60 {
                        self.add(Feature::RouteTimeout, node, "route.timeout", component);
                    }
                }
                Entrance::Plain { .. } => {}
            }
        }
    }
}

fn variable(value: &Value) -> Feature {
    if value.secret().is_some() {
        Feature::SecretVariable
    } else if value.sensitive() && value.parts().len() > 1 {
        Feature::ComposedSecret
    } else if value.text().is_none() {
        Feature::AttributeVariable
    } else {
        Feature::Variable
    }
}

fn changes_when_normalized(part: &Part) -> bool {
    match part {
        Part::Text(text) => !unicode_normalization::is_nfc(text),
        Part::Secret(_) | Part::Attribute(..) => false,
    }
}

const fn private_port(protocol: Protocol) -> Feature {
    match protocol {
        Protocol::Http => Feature::HttpPort,
        Protocol::Http2 => Feature::Http2Port,
        Protocol::Grpc => Feature::GrpcPort,
        Protocol::Tcp => Feature::TcpPort,
        Protocol::Udp => Feature::UdpPort,
    }
}

const fn public_port(protocol: Protocol) -> Feature {
    match protocol {
        Protocol::Http => Feature::HttpDoor,
        Protocol::Http2 => Feature::Http2Door,
        Protocol::Grpc => Feature::GrpcDoor,
        Protocol::Tcp => Feature::TcpDoor,
        Protocol::Udp => Feature::UdpDoor,
    }
}
