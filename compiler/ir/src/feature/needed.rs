//! The walk over a program that finds the features it needs. Decides nothing about targets.

mod volumes;

use super::{Feature, Needed, Subject};
use crate::{
    Availability, Backing, Capabilities, Component, Development, Engine, Entrance, Files, FixedFile, Id,
    Image, Job, LateContents, LateFile, Managed, NodeId, Origin, Part, Probe, Program, Protocol, Service,
    Trigger, User, Value, Workload,
};

pub(crate) fn needed(program: &Program, wanted: &dyn Fn(Feature) -> bool) -> Vec<Needed> {
    let mut list = List {
        program,
        wanted,
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
        list.development(id, service);
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
            Engine::Existing(_) => list.add(Feature::Existing, node, "existing", Component::Backing(id)),
        }
    }
    list.shared();
    list.edges();
    list.doors();
    list.needed
}

struct List<'a> {
    program: &'a Program,
    /// Where a feature is needed, and by whom, is looked up only of these.
    wanted: &'a dyn Fn(Feature) -> bool,
    needed: Vec<Needed>,
}

impl List<'_> {
    fn add(&mut self, feature: Feature, node: NodeId, field: impl ToString, component: Component) {
        if !(self.wanted)(feature) {
            return;
        }
        self.needed.push(Needed {
            feature,
            span: self.program.at(node, &field.to_string()),
            subject: Subject::Component(component),
        });
    }

    fn add_global(&mut self, feature: Feature, node: NodeId, field: &str) {
        if !(self.wanted)(feature) {
            return;
        }
        self.needed.push(Needed {
            feature,
            span: self.program.at(node, field),
            subject: Subject::Application,
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

    fn development(&mut self, id: Id<Service>, service: &Service) {
        let Development {
            sources,
            watched,
            test,
            published,
        } = &service.development;
        let (node, component) = (NodeId::Service(id), Component::Service(id));
        for folder in sources.keys() {
            let field = format!("development.mount.{folder}");
            self.add(Feature::MountedSource, node, &field, component);
        }
        for path in watched.keys() {
            let field = format!("development.watch.{path}");
            self.add(Feature::WatchedSource, node, &field, component);
        }
        if test.is_some() {
            self.add(Feature::Test, node, "development.test", component);
        }
        for (number, _) in published {
            let field = format!("development.publish.{number}");
            self.add(Feature::DeveloperPort, node, &field, component);
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
            subscribes,
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
        if !subscribes.is_empty() {
            self.add(Feature::Subscription, node, "subscribes", component);
        }
    }

    fn workload(&mut self, node: NodeId, component: Component, workload: &Workload) {
        // Every field of a workload is decided here: a new one does not compile until it is.
        let Workload {
            image,
            platforms,
            entrypoint,
            command,
            environment,
            ports,
            scratch,
            mounts,
            files,
            health: _, // below, for it depends on doors
            resources,
            security,
            shutdown: _,
        } = workload;
        self.image(node, component, *image);
        if !platforms.is_empty() {
            self.add(Feature::ImagePlatforms, node, "platforms", component);
        }
        if entrypoint.is_some() {
            self.add(Feature::Entrypoint, node, "entrypoint", component);
        }
        if command.is_some() {
            self.add(Feature::Command, node, "command", component);
        }
        for (name, value) in environment {
            self.add(
                variable(value),
                node,
                format_args!("environment.{name}"),
                component,
            );
        }
        self.texts(node, component, workload);
        for port in ports {
            self.add(
                private_port(port.protocol),
                node,
                format_args!("ports.{}", port.name),
                component,
            );
            if port.number < 1024 {
                self.add(
                    Feature::LowPort,
                    node,
                    format_args!("ports.{}", port.name),
                    component,
                );
            }
        }
        for folder in scratch.keys().filter(|folder| *folder != "/tmp") {
            self.add(
                Feature::Scratch,
                node,
                format_args!("writable.{folder}"),
                component,
            );
        }
        for mount in mounts.values() {
            self.mount(node, component, mount);
        }
        self.files(node, component, files);
        if resources.cpu.0 > 16_000 {
            self.add(Feature::LargeWorkload, node, "cpu", component);
        } else if resources.memory.0 > 120 << 30 {
            self.add(Feature::LargeWorkload, node, "memory", component);
        }
        self.security(node, component, security);
        self.add(Feature::Shutdown, node, "shutdown", component);
        self.health(node, component, workload);
    }

    fn files(&mut self, node: NodeId, component: Component, files: &Files) {
        let Files { fixed, late } = files;
        for (
            path,
            FixedFile {
                contents: _,
                executable,
            },
        ) in fixed
        {
            self.add(Feature::FixedFile, node, format_args!("files.{path}"), component);
            self.executable(node, component, path, *executable);
        }
        for (root, files) in late {
            for (name, LateFile { contents, executable }) in files {
                let path = format!("{root}/{name}");
                let feature = match contents {
                    LateContents::Value(_) => Feature::LateFile,
                    LateContents::Known(_) => Feature::FixedFile,
                };
                self.add(feature, node, format_args!("files.{path}"), component);
                self.executable(node, component, &path, *executable);
            }
        }
    }

    fn executable(&mut self, node: NodeId, component: Component, path: &str, executable: bool) {
        if executable {
            let field = format!("files.{path}.executable");
            self.add(Feature::ExecutableFile, node, &field, component);
        }
    }

    /// Texts that normalization would change, each at its own place.
    fn texts(&mut self, node: NodeId, component: Component, workload: &Workload) {
        let changes = |value: &Value| value.parts().iter().any(changes_when_normalized);
        for (name, _) in workload.environment.iter().filter(|(_, value)| changes(value)) {
            self.add(
                Feature::UnnormalizedText,
                node,
                format_args!("environment.{name}"),
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
            if !(self.wanted)(feature) {
                continue;
            }
            let span = edge.reasons.first().map(|reason| reason.span());
            if let Some(span) = span {
                self.needed.push(Needed {
                    feature,
                    span,
                    subject: Subject::Component(edge.from),
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
