//! Programs for tests, made by hand: roles and secrets are named at the start, the rest is set on the nodes.

use exoc_diagnostics::{Diagnostic, Sink, SourceMap, Span, VirtualPath};
use exoc_ir::{
    App, Backing, Builder, Bytes, Callee, Capabilities, Component, Development, Door, Edge, EdgePort, Engine,
    Entrance, Environment, External, Health, Id, Image, Kind, Managed, MilliCpu, NodeId, Origin, Port, Probe,
    Product, Program, Protocol, Reason, Reference, Resources, Scale, Seconds, Secret, Security, Service,
    User, Value, Volume, Workload,
};

/// The text that the places of programs are in: one place a line, and more lines than there are places.
pub(crate) fn sources() -> SourceMap {
    let mut sources = SourceMap::default();
    let path = VirtualPath::new("application.yml").unwrap();
    sources.add(path, "\n".repeat(1000));
    sources
}

/// A program in the making.
pub(crate) struct Sketch {
    pub(crate) app: App,
    pub(crate) environment: Environment,
    pub(crate) registry: Option<String>,
    pub(crate) images: Vec<Image>,
    pub(crate) secrets: Vec<Secret>,
    pub(crate) services: Vec<Service>,
    pub(crate) backings: Vec<Backing>,
    pub(crate) volumes: Vec<Volume>,
    edges: Vec<(Component, Callee)>,
    doors: Vec<Door>,
    written: Vec<(NodeId, String)>,
}

pub(crate) const TIMEOUT: Seconds = Seconds(60);

pub(crate) fn port(name: &str, number: u16, protocol: Protocol) -> Port {
    Port {
        name: name.to_owned(),
        number,
        protocol,
    }
}

pub(crate) fn http(host: &str, path: &str) -> Entrance {
    Entrance::Http {
        host: host.to_owned(),
        path: path.to_owned(),
        strip: false,
        timeout: TIMEOUT,
    }
}

pub(crate) const fn health(probe: Probe) -> Health {
    Health {
        probe,
        interval: Seconds(10),
        timeout: Seconds(3),
        retries: 3,
        start: Seconds(30),
    }
}

pub(crate) fn workload() -> Workload {
    Workload {
        image: Id::new(0),
        platforms: Vec::new(),
        entrypoint: None,
        command: None,
        environment: [].into(),
        ports: Vec::new(),
        scratch: [("/tmp".to_owned(), Bytes::mebi(64))].into(),
        mounts: [].into(),
        files: exoc_ir::Files::default(),
        health: None,
        resources: resources(),
        security: Security {
            user: User::Ids {
                user: 10001,
                group: 10001,
            },
            root_writable: false,
            capabilities: Capabilities::Only([].into()),
            privileged: false,
        },
        shutdown: Seconds(30),
    }
}

const fn resources() -> Resources {
    Resources {
        cpu: MilliCpu(250),
        memory: Bytes::mebi(512),
    }
}

impl Sketch {
    /// Services without ports, backings that are external, supplied secrets; in `local`.
    pub(crate) fn new(services: &[&str], backings: &[&str], secrets: &[&str]) -> Self {
        let sorted = |names: &[&str]| {
            let mut names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            names.sort();
            names
        };
        let service = |role: String| Service {
            identity: role.clone(),
            role,
            workload: workload(),
            kind: Kind::Worker,
            scale: Scale {
                min: 1,
                max: 1,
                cpu: None,
                memory: None,
                requests: None,
                overlap: true,
            },
            development: Development::default(),
        };
        let backing = |role: String| Backing {
            identity: role.clone(),
            engine: Engine::External(External {
                url: Value::literal(format!("https://{role}.example.com")),
                host: format!("{role}.example.com"),
                port: 443,
            }),
            role,
        };
        let secret = |name: String| Secret {
            name,
            origin: Origin::Supplied {
                description: None,
                store: None,
            },
        };
        Self {
            app: App {
                name: "shop".to_owned(),
                description: None,
                owner: None,
            },
            environment: Environment {
                name: "local".to_owned(),
                local: true,
                domain: Some("localhost".to_owned()),
                http_port: Some(8080),
            },
            registry: None,
            images: vec![Image::Pinned(Reference::parse("busybox:1.37.0-musl").unwrap())],
            secrets: sorted(secrets).into_iter().map(secret).collect(),
            services: sorted(services).into_iter().map(service).collect(),
            backings: sorted(backings).into_iter().map(backing).collect(),
            volumes: Vec::new(),
            edges: Vec::new(),
            doors: Vec::new(),
            written: Vec::new(),
        }
    }

    /// The same in an environment of servers.
    pub(crate) fn elsewhere(mut self) -> Self {
        self.environment = Environment {
            name: "staging".to_owned(),
            local: false,
            domain: Some("shop.example.com".to_owned()),
            http_port: None,
        };
        self
    }

    pub(crate) fn service(&mut self, role: &str) -> &mut Service {
        let found = self.services.iter_mut().find(|service| service.role == role);
        found.unwrap()
    }

    pub(crate) fn backing(&mut self, role: &str) -> &mut Backing {
        let found = self.backings.iter_mut().find(|backing| backing.role == role);
        found.unwrap()
    }

    pub(crate) fn secret(&self, name: &str) -> Id<Secret> {
        let place = self.secrets.iter().position(|secret| secret.name == name);
        Id::new(place.unwrap())
    }

    pub(crate) fn component(&self, role: &str) -> Component {
        let service = self.services.iter().position(|service| service.role == role);
        let backing = self.backings.iter().position(|backing| backing.role == role);
        match (service, backing) {
            (Some(place), _) => Component::Service(Id::new(place)),
            (None, place) => Component::Backing(Id::new(place.unwrap())),
        }
    }

    pub(crate) fn backing_id(&self, role: &str) -> Id<Backing> {
        match self.component(role) {
            Component::Backing(id) => id,
            Component::Service(_) => panic!("`{role}` is a service"),
        }
    }

    /// Makes a service listen.
    pub(crate) fn listen(&mut self, role: &str, ports: &[Port]) {
        let service = self.service(role);
        service.kind = Kind::Server;
        service.workload.ports = ports.to_vec();
    }

    /// Makes a backing a postgres. Its secrets are `<ROLE>_PASSWORD` and `<ROLE>_ADMINISTRATOR`,
    /// which must be named at the start.
    pub(crate) fn postgres(&mut self, role: &str) {
        let id = self.backing_id(role);
        let name = format!("{}_PASSWORD", role.to_uppercase());
        let administrator = format!("{}_ADMINISTRATOR", role.to_uppercase());
        let (password, administrator) = (self.secret(&name), self.secret(&administrator));
        self.secrets[password.index()].origin = Origin::PasswordOf(id);
        self.secrets[administrator.index()].origin = Origin::AdministratorOf(id);
        self.backing(role).engine = Engine::Managed(Managed {
            product: Product::Postgres,
            version: Some("17".to_owned()),
            resources: resources(),
            storage: Bytes::gibi(10),
            parameters: [].into(),
            image: None,
            availability: exoc_ir::Availability::Single,
            backups: None,
            subscribes: [].into(),
            database: Some("shop".to_owned()),
            username: Some("shop".to_owned()),
            password: Some(password),
            administrator: Some(administrator),
        });
    }

    /// Makes a backing a topic, or a queue that subscribes to topics.
    pub(crate) fn messages(&mut self, role: &str, product: Product, topics: &[&str]) {
        let subscribes = topics.iter().map(|topic| self.backing_id(topic)).collect();
        self.backing(role).engine = Engine::Managed(Managed {
            product,
            version: None,
            resources: resources(),
            storage: Bytes::gibi(10),
            parameters: [].into(),
            image: None,
            availability: exoc_ir::Availability::Single,
            backups: None,
            subscribes,
            database: None,
            username: None,
            password: None,
            administrator: None,
        });
    }

    /// Gives a key of a component a place of its own, as if the manifest had it.
    pub(crate) fn writes(&mut self, role: &str, field: &str) {
        let node = match self.component(role) {
            Component::Service(id) => NodeId::Service(id),
            Component::Backing(id) => NodeId::Backing(id),
        };
        self.written.push((node, field.to_owned()));
    }

    /// The same of a volume, by its place among them.
    pub(crate) fn writes_of_volume(&mut self, volume: usize, field: &str) {
        let node = NodeId::Volume(Id::new(volume));
        self.written.push((node, field.to_owned()));
    }

    pub(crate) fn uses(&mut self, from: &str, to: &str) {
        let edge = (self.component(from), Callee::Component(self.component(to)));
        self.edges.push(edge);
    }

    pub(crate) fn leaves(&mut self, from: &str) {
        let edge = (self.component(from), Callee::World);
        self.edges.push(edge);
    }

    pub(crate) fn door(&mut self, role: &str, port: usize, entrance: Entrance) {
        let Component::Service(service) = self.component(role) else {
            panic!("`{role}` is no service")
        };
        self.doors.push(Door {
            service,
            port,
            entrance,
        });
    }

    pub(crate) fn finish(self) -> Program {
        let source = sources().ids().next().unwrap();
        let mut offset = 0;
        let mut at = || {
            offset += 1;
            Span::new(source, offset, offset)
        };
        let mut builder = Builder::new(self.app, self.environment, self.registry, at());
        for image in self.images {
            builder.image(image, at());
        }
        for secret in self.secrets {
            builder.secret(secret, at());
        }
        for service in self.services {
            builder.service(service, at());
        }
        for backing in self.backings {
            builder.backing(backing, at());
        }
        for volume in self.volumes {
            builder.volume(volume, at());
        }
        for (node, field) in self.written {
            builder.place(node, &field, at());
        }
        let edge = |(from, to): (Component, Callee)| Edge {
            from,
            to,
            ports: match to {
                Callee::World => Vec::new(),
                Callee::Component(_) => vec![EdgePort {
                    number: 1,
                    transport: exoc_ir::Transport::Tcp,
                }],
            },
            reasons: vec![Reason::Use(at())],
        };
        let edges: Vec<Edge> = self.edges.into_iter().map(edge).collect();
        builder.edges(edges);
        let doors = self.doors.into_iter().map(|door| (door, at())).collect();
        builder.doors(doors);
        let mut sink = Sink::new();
        let program = builder.finish(&mut sink);
        program.unwrap_or_else(|_| panic!("{:?}", sink.into_sorted()))
    }
}

/// What a function reported.
pub(crate) fn codes(sink: Sink) -> Vec<&'static str> {
    let reported: Vec<Diagnostic> = sink.into_sorted();
    for diagnostic in &reported {
        assert!(diagnostic.primary.is_some(), "{diagnostic:?}");
        assert!(!diagnostic.help.is_empty(), "{diagnostic:?}");
    }
    reported.iter().map(|diagnostic| diagnostic.code.name).collect()
}
