//! A builder of programs for tests and the example, by roles. Knows the IR's builder alone.

mod programs;

pub(crate) use programs::*;

use exoc_diagnostics::{
    Key, Kind as Shape, Map, Member, Node, Scalar, Sink, SourceMap, Span, Style, Typed, VirtualPath,
};
use exoc_ir::{
    App, Backing, Builder, Built, Bytes, Callee, Capabilities, Component, Development, Door, Edge, EdgePort,
    Engine, Entrance, Environment, Health, Id, Image, Kind, Managed, MilliCpu, NodeId, Origin, Port, Probe,
    Product, Program, Protocol, Reason, Reference, Resources, Scale, Seconds, Secret, Security, Service,
    Transport, User, Value, Workload,
};
use std::collections::{BTreeMap, BTreeSet};

/// A manifest of empty lines, for places to stand in.
pub(crate) fn sources() -> &'static SourceMap {
    static SOURCES: std::sync::OnceLock<SourceMap> = std::sync::OnceLock::new();
    SOURCES.get_or_init(|| {
        let mut map = SourceMap::default();
        map.add(VirtualPath::new("application.yml").unwrap(), "\n".repeat(2000));
        map
    })
}

/// A line of that manifest, counted from 1.
pub(crate) fn line(number: usize) -> Span {
    let source = sources().ids().next().unwrap();
    Span::new(source, number - 1, number - 1)
}

/// Its first line, where everything stands that has no line of its own: the target and its options.
pub(crate) fn span() -> Span {
    line(1)
}

/// The line behind the last one.
fn next(last: &mut usize) -> Span {
    *last += 1;
    line(*last)
}

/// A value for an option.
#[derive(Clone)]
pub(crate) enum Choice<'a> {
    /// A text.
    Text(&'a str),
    /// A list of texts.
    List(&'a [&'a str]),
    /// Options inside of an option.
    Map(Vec<(&'a str, Choice<'a>)>),
}

/// Options of the target.
pub(crate) fn options(choices: &[(&str, Choice<'_>)]) -> Node {
    let text = |text: &str| Node {
        span: span(),
        kind: Shape::Scalar(Scalar {
            text: text.into(),
            style: Style::Quoted,
            typed: Typed::Text,
        }),
    };
    let pair = |(name, choice): &(&str, Choice<'_>)| Member {
        key: Key {
            name: (*name).into(),
            span: span(),
        },
        value: match choice {
            Choice::Text(value) => text(value),
            Choice::List(values) => Node {
                span: span(),
                kind: Shape::List(values.iter().map(|value| text(value)).collect()),
            },
            Choice::Map(choices) => options(choices),
        },
    };
    let members = choices.iter().map(pair).collect();
    Node {
        span: span(),
        kind: Shape::Map(Map { members }),
    }
}

/// The two options that must be there.
pub(crate) fn least_options() -> Node {
    options(&[
        ("region", Choice::Text("eu-central-1")),
        ("account", Choice::Text("123456789012")),
    ])
}

/// A program under construction, by roles.
pub(crate) struct Sample {
    pub(crate) builder: Builder,
    images: BTreeMap<String, Id<Image>>,
    secrets: Vec<String>,
    services: Vec<Service>,
    backings: Vec<Backing>,
    edges: BTreeMap<(String, Option<String>), Vec<EdgePort>>,
    doors: Vec<(String, usize, Entrance)>,
    fields: Vec<(String, String)>,
    /// The last line on which something stands.
    last: usize,
}

impl Sample {
    /// An application called `name` in `production`; secrets are named beforehand, for ids must not move.
    pub(crate) fn new(
        name: &str,
        registry: Option<&str>,
        supplied: &[&str],
        passwords: &[&str],
        backings: &[&str],
    ) -> Self {
        let app = App {
            name: name.into(),
            description: Some("Sells things".into()),
            owner: Some("team-checkout".into()),
        };
        let environment = Environment {
            name: "production".into(),
            local: false,
            domain: Some("shop.example.com".into()),
            http_port: None,
        };
        let mut builder = Builder::new(app, environment, registry.map(str::to_owned), span());
        let mut all: Vec<(String, Origin)> = supplied
            .iter()
            .map(|name| {
                (
                    (*name).to_owned(),
                    Origin::Supplied {
                        description: Some(format!("What {name} is for")),
                        store: None,
                    },
                )
            })
            .collect();
        for role in passwords {
            let backing = backings.iter().position(|backing| backing == role).unwrap();
            let name = format!("{}_PASSWORD", role.to_uppercase().replace('-', "_"));
            all.push((name, Origin::PasswordOf(Id::new(backing))));
        }
        all.sort_by(|a, b| a.0.cmp(&b.0));
        let mut last = 1;
        for (name, origin) in &all {
            last += 1;
            builder.secret(
                Secret {
                    name: name.clone(),
                    origin: origin.clone(),
                },
                line(last),
            );
        }
        Self::of(builder, all, last)
    }

    /// An application of one service `web`, whose variables are secrets of these origins: one that is nothing else,
    /// under the secret's name, and one that holds it in a longer text, under `TEXT_` and the name.
    pub(crate) fn reading(origins: &[(&str, Origin)]) -> Program {
        let mut sample = Self::new("reading", None, &[], &[], &[]);
        let all: BTreeMap<String, Origin> = origins
            .iter()
            .map(|(name, origin)| ((*name).to_owned(), origin.clone()))
            .collect();
        let mut web = workload(sample.pinned("ghcr.io/acme/web:1"), &[]);
        for (name, origin) in all {
            let at = next(&mut sample.last);
            let secret = Secret {
                name: name.clone(),
                origin,
            };
            let id = sample.builder.secret(secret, at);
            let text = [exoc_ir::Part::Text("key=".into()), exoc_ir::Part::Secret(id)];
            web.environment
                .insert(name.clone(), Value::new([exoc_ir::Part::Secret(id)]));
            web.environment.insert(format!("TEXT_{name}"), Value::new(text));
        }
        sample.service("web", web, fixed(1));
        sample.finish()
    }

    fn of(builder: Builder, secrets: Vec<(String, Origin)>, last: usize) -> Self {
        Self {
            builder,
            images: BTreeMap::new(),
            secrets: secrets.into_iter().map(|(name, _)| name).collect(),
            services: Vec::new(),
            backings: Vec::new(),
            edges: BTreeMap::new(),
            doors: Vec::new(),
            fields: Vec::new(),
            last,
        }
    }

    /// An application of somebody.
    pub(crate) fn owned(name: &str, owner: &str) -> Self {
        let mut sample = Self::new(name, None, &[], &[], &[]);
        let app = App {
            name: name.into(),
            description: None,
            owner: Some(owner.into()),
        };
        let environment = sample.builder.draft().environment().clone();
        sample.builder = Builder::new(app, environment, None, span());
        sample
    }

    /// The id of a secret.
    pub(crate) fn secret(&self, name: &str) -> Id<Secret> {
        Id::new(self.secrets.iter().position(|known| known == name).unwrap())
    }

    /// An image that is built.
    pub(crate) fn built(&mut self, name: &str) -> Id<Image> {
        let built = Built {
            name: name.into(),
            context: VirtualPath::new(name).unwrap(),
            file: None,
            stage: None,
            args: BTreeMap::new(),
            platforms: Vec::new(),
            pinned: None,
        };
        self.image(name, Image::Built(built))
    }

    /// An image of a registry.
    pub(crate) fn pinned(&mut self, text: &str) -> Id<Image> {
        self.image(text, Image::Pinned(Reference::parse(text).unwrap()))
    }

    /// Any image.
    pub(crate) fn image(&mut self, key: &str, image: Image) -> Id<Image> {
        let (builder, last) = (&mut self.builder, &mut self.last);
        *self
            .images
            .entry(key.to_owned())
            .or_insert_with(|| builder.image(image, next(last)))
    }

    /// Adds a service.
    pub(crate) fn service(&mut self, role: &str, workload: Workload, scale: Scale) {
        let kind = if workload.ports.is_empty() {
            Kind::Worker
        } else {
            Kind::Server
        };
        self.services.push(Service {
            role: role.into(),
            identity: role.into(),
            workload,
            kind,
            scale,
            development: Development::default(),
        });
    }

    /// Adds a job.
    pub(crate) fn job(&mut self, role: &str, workload: Workload, job: exoc_ir::Job) {
        self.service(role, workload, fixed(1));
        self.services
            .iter_mut()
            .filter(|known| known.role == role)
            .for_each(|known| known.kind = Kind::Job(job.clone()));
    }

    /// Adds a service that had another name.
    pub(crate) fn renamed(&mut self, role: &str, identity: &str, workload: Workload) {
        self.service(role, workload, fixed(1));
        self.services
            .iter_mut()
            .filter(|known| known.role == role)
            .for_each(|known| known.identity = identity.into());
    }

    /// Adds a backing.
    pub(crate) fn backing(&mut self, role: &str, engine: Engine) {
        self.backings.push(Backing {
            role: role.into(),
            identity: role.into(),
            engine,
        });
    }

    /// Adds an edge to a role and its ports.
    pub(crate) fn uses(&mut self, from: &str, to: &str, ports: &[u16]) {
        let ports = ports
            .iter()
            .map(|number| EdgePort {
                number: *number,
                transport: Transport::Tcp,
            })
            .collect();
        self.edges.insert((from.into(), Some(to.into())), ports);
    }

    /// Adds an edge to one port of a role.
    pub(crate) fn uses_over(&mut self, from: &str, to: &str, number: u16, transport: Transport) {
        let key = (from.to_owned(), Some(to.to_owned()));
        self.edges.insert(key, vec![EdgePort { number, transport }]);
    }

    /// Adds an edge to the world.
    pub(crate) fn leaves(&mut self, from: &str) {
        self.edges.insert((from.into(), None), Vec::new());
    }

    /// Adds a door.
    pub(crate) fn door(&mut self, role: &str, port: usize, host: &str, path: &str, strip: bool) {
        let entrance = Entrance::Http {
            host: host.into(),
            path: path.into(),
            strip,
            timeout: Seconds(60),
        };
        self.doors.push((role.into(), port, entrance));
    }

    /// Adds any door.
    pub(crate) fn entrance(&mut self, role: &str, port: usize, entrance: Entrance) {
        self.doors.push((role.into(), port, entrance));
    }

    /// Gives a field of a component a line of its own.
    pub(crate) fn writes(&mut self, role: &str, field: &str) {
        self.fields.push((role.into(), field.into()));
    }

    /// The program.
    pub(crate) fn finish(mut self) -> Program {
        let mut last = self.last;
        self.services.sort_by(|a, b| a.role.cmp(&b.role));
        self.backings.sort_by(|a, b| a.role.cmp(&b.role));
        let mut ids = BTreeMap::new();
        for service in self.services {
            let role = service.role.clone();
            ids.insert(
                role,
                Component::Service(self.builder.service(service, next(&mut last))),
            );
        }
        for backing in self.backings {
            let role = backing.role.clone();
            ids.insert(
                role,
                Component::Backing(self.builder.backing(backing, next(&mut last))),
            );
        }
        for (role, field) in self.fields {
            let node = match ids[&role] {
                Component::Service(id) => NodeId::Service(id),
                Component::Backing(id) => NodeId::Backing(id),
            };
            self.builder.place(node, &field, next(&mut last));
        }
        let edges = self
            .edges
            .into_iter()
            .map(|((from, to), ports)| Edge {
                from: ids[&from],
                to: to.map_or(Callee::World, |to| Callee::Component(ids[&to])),
                ports,
                reasons: vec![Reason::Use(next(&mut last))],
            })
            .collect();
        self.builder.edges(edges);
        let doors = self
            .doors
            .into_iter()
            .map(|(role, port, entrance)| {
                let Component::Service(service) = ids[&role] else {
                    panic!("a door leads to a service")
                };
                (
                    Door {
                        service,
                        port,
                        entrance,
                    },
                    next(&mut last),
                )
            })
            .collect();
        self.builder.doors(doors);
        let mut sink = Sink::new();
        match self.builder.finish(&mut sink) {
            Ok(program) => program,
            Err(_) => panic!("{:#?}", sink.into_sorted()),
        }
    }
}

/// A workload with the language's defaults.
pub(crate) fn workload(image: Id<Image>, ports: &[(&str, u16, Protocol)]) -> Workload {
    Workload {
        image,
        platforms: Vec::new(),
        entrypoint: None,
        command: None,
        environment: BTreeMap::new(),
        ports: ports
            .iter()
            .map(|(name, number, protocol)| Port {
                name: (*name).into(),
                number: *number,
                protocol: *protocol,
            })
            .collect(),
        scratch: [("/tmp".to_owned(), Bytes::mebi(64))].into(),
        mounts: [].into(),
        files: exoc_ir::Files::default(),
        health: None,
        resources: Resources {
            cpu: MilliCpu(250),
            memory: Bytes::mebi(512),
        },
        security: Security {
            user: User::Ids {
                user: 10001,
                group: 10001,
            },
            root_writable: false,
            capabilities: Capabilities::Only(BTreeSet::new()),
            privileged: false,
        },
        shutdown: Seconds(30),
    }
}

/// A number of replicas.
pub(crate) fn fixed(count: u32) -> Scale {
    Scale {
        min: count,
        max: count,
        cpu: None,
        memory: None,
        requests: None,
        overlap: true,
    }
}

/// A check with the language's numbers.
pub(crate) fn check(probe: Probe) -> Health {
    Health {
        probe,
        interval: Seconds(10),
        timeout: Seconds(3),
        retries: 3,
        start: Seconds(30),
    }
}

/// A managed product with the language's numbers.
pub(crate) fn managed(product: Product, version: &str, password: Id<Secret>) -> Engine {
    let database = (product == Product::Postgres).then(|| "shop".to_owned());
    Engine::Managed(Managed {
        product,
        version: Some(version.into()),
        resources: Resources {
            cpu: MilliCpu(250),
            memory: Bytes::mebi(512),
        },
        storage: Bytes::gibi(10),
        parameters: [].into(),
        image: None,
        availability: exoc_ir::Availability::Single,
        backups: None,
        subscribes: [].into(),
        username: database.clone(),
        database,
        password: Some(password),
        administrator: None,
    })
}
