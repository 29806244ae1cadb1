//! Programs to plan, made by hand: a rich one, and the pieces for small ones. Knows no front end.

use exoc_diagnostics::{Sink, SourceMap, Span, VirtualPath};
use exoc_ir::{
    App, Attribute, Backing, Builder, Built, Bytes, Callee, Capabilities, Component, Development, Door, Edge,
    EdgePort, Engine, Entrance, Environment, External, Health, Id, Image, Kind, Managed, MilliCpu, NodeId,
    Origin, Part, Port, Probe, Product, Program, Protocol, Reason, Reference, Resources, Scale, Seconds,
    Secret, Security, Service, Transport, User, Value, Workload,
};
use std::collections::BTreeMap;

/// The text that all programs here come from: a line for each thing that is added, in the order in which it is.
pub(crate) fn sources() -> SourceMap {
    let mut sources = SourceMap::default();
    let path = VirtualPath::new("application.yml").expect("a path");
    sources.add(path, "line\n".repeat(1000));
    sources
}

/// A program under construction.
pub(crate) struct Draft {
    /// What makes it.
    pub(crate) builder: Builder,
    /// The first line, which is the application's own.
    pub(crate) span: Span,
    lines: usize,
    edges: Vec<Edge>,
    doors: Vec<(Door, Span)>,
}

impl Draft {
    /// The application `shop` in `production`.
    pub(crate) fn new() -> Self {
        Self::of("shop", Some("team-shop"))
    }

    /// The application `shop` on the developer's machine.
    pub(crate) fn local() -> Self {
        Self::within(
            "shop",
            Some("team-shop"),
            Environment {
                name: "local".into(),
                local: true,
                domain: Some("localhost".into()),
                http_port: Some(8080),
            },
        )
    }

    /// An application in `production`.
    pub(crate) fn of(name: &str, owner: Option<&str>) -> Self {
        Self::within(
            name,
            owner,
            Environment {
                name: "production".into(),
                local: false,
                domain: Some("shop.example.com".into()),
                http_port: None,
            },
        )
    }

    fn within(name: &str, owner: Option<&str>, environment: Environment) -> Self {
        let span = Span::new(sources().ids().next().expect("a text"), 0, 4);
        let app = App {
            name: name.into(),
            description: Some("Sells \"things\": $HOME & more".into()),
            owner: owner.map(str::to_owned),
        };
        Self {
            builder: Builder::new(app, environment, Some("ghcr.io/acme".into()), span),
            span,
            lines: 1,
            edges: Vec::new(),
            doors: Vec::new(),
        }
    }

    /// The next line, which nothing else stands on.
    pub(crate) fn line(&mut self) -> Span {
        let start = self.lines * "line\n".len();
        self.lines += 1;
        Span::new(self.span.source, start, start + 4)
    }

    /// Says that a field was written on the next line, which it gives.
    pub(crate) fn writes(&mut self, component: Component, field: &str) -> usize {
        let node = match component {
            Component::Service(id) => NodeId::Service(id),
            Component::Backing(id) => NodeId::Backing(id),
        };
        let line = self.line();
        self.builder.place(node, field, line);
        self.lines
    }

    /// An image of a registry.
    pub(crate) fn pinned(&mut self, reference: &str) -> Id<Image> {
        let reference = Reference::parse(reference).expect("a reference");
        let line = self.line();
        self.builder.image(Image::Pinned(reference), line)
    }

    /// An image of the application's own.
    pub(crate) fn built(&mut self, name: &str, pinned: Option<&str>) -> Id<Image> {
        let built = Built {
            name: name.into(),
            context: VirtualPath::new(name).expect("a path"),
            file: None,
            stage: None,
            args: BTreeMap::new(),
            platforms: Vec::new(),
            pinned: pinned.and_then(Reference::parse),
        };
        let line = self.line();
        self.builder.image(Image::Built(built), line)
    }

    /// A secret that somebody supplies.
    pub(crate) fn supplied(&mut self, name: &str) -> Id<Secret> {
        self.secret(
            name,
            Origin::Supplied {
                description: Some(format!("Opens `{name}`")),
                store: None,
            },
        )
    }

    /// A secret.
    pub(crate) fn secret(&mut self, name: &str, origin: Origin) -> Id<Secret> {
        let line = self.line();
        self.builder.secret(
            Secret {
                name: name.into(),
                origin,
            },
            line,
        )
    }

    /// A service.
    pub(crate) fn service(&mut self, service: Service) -> Component {
        let line = self.line();
        Component::Service(self.builder.service(service, line))
    }

    /// A backing.
    pub(crate) fn backing(&mut self, role: &str, engine: Engine) -> Component {
        let backing = Backing {
            role: role.into(),
            identity: role.into(),
            engine,
        };
        let line = self.line();
        Component::Backing(self.builder.backing(backing, line))
    }

    /// An edge to ports.
    pub(crate) fn edge(&mut self, from: Component, to: Callee, ports: &[(u16, Transport)]) {
        let ports = ports.iter().map(|(number, transport)| EdgePort {
            number: *number,
            transport: *transport,
        });
        let reasons = vec![Reason::Use(self.line())];
        self.edges.push(Edge {
            from,
            to,
            ports: ports.collect(),
            reasons,
        });
    }

    /// An edge to a component that listens on TCP ports.
    pub(crate) fn uses(&mut self, from: Component, to: Component, ports: &[u16]) {
        let ports: Vec<_> = ports.iter().map(|port| (*port, Transport::Tcp)).collect();
        self.edge(from, Callee::Component(to), &ports);
    }

    /// A door to a service's port, by index.
    pub(crate) fn http(
        &mut self,
        service: Component,
        port: usize,
        host: &str,
        path: &str,
        strip: bool,
        timeout: u32,
    ) {
        self.door(
            service,
            port,
            Entrance::Http {
                host: host.into(),
                path: path.into(),
                strip,
                timeout: Seconds(timeout),
            },
        );
    }

    /// A door of any kind.
    pub(crate) fn door(&mut self, service: Component, port: usize, entrance: Entrance) {
        let Component::Service(service) = service else {
            panic!("only services have doors")
        };
        let line = self.line();
        self.doors.push((
            Door {
                service,
                port,
                entrance,
            },
            line,
        ));
    }

    /// The program.
    pub(crate) fn finish(mut self) -> Program {
        let mut sink = Sink::new();
        self.builder.edges(self.edges);
        self.builder.doors(self.doors);
        match self.builder.finish(&mut sink) {
            Ok(program) => program,
            Err(_) => panic!("{:#?}", sink.into_sorted()),
        }
    }
}

/// A workload with ports and everything else as the language defaults it.
pub(crate) fn workload(image: Id<Image>, ports: &[(&str, u16, Protocol)]) -> Workload {
    let ports = ports.iter().map(|(name, number, protocol)| Port {
        name: (*name).into(),
        number: *number,
        protocol: *protocol,
    });
    Workload {
        image,
        platforms: Vec::new(),
        entrypoint: None,
        command: None,
        environment: BTreeMap::new(),
        ports: ports.collect(),
        scratch: [("/tmp".into(), Bytes::mebi(64))].into(),
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
            capabilities: Capabilities::Only([].into()),
            privileged: false,
        },
        shutdown: Seconds(30),
    }
}

/// A service of one replica.
pub(crate) fn service(role: &str, workload: Workload) -> Service {
    Service {
        role: role.into(),
        identity: role.into(),
        kind: if workload.ports.is_empty() {
            Kind::Worker
        } else {
            Kind::Server
        },
        workload,
        scale: fixed(1),
        development: Development::default(),
    }
}

/// So many replicas.
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

/// A check.
pub(crate) fn health(probe: Probe, interval: u32, timeout: u32, retries: u32, start: u32) -> Health {
    Health {
        probe,
        interval: Seconds(interval),
        timeout: Seconds(timeout),
        retries,
        start: Seconds(start),
    }
}

/// A product.
pub(crate) fn managed(
    product: Product,
    version: &str,
    password: Id<Secret>,
    administrator: Option<Id<Secret>>,
) -> Engine {
    let named = administrator.map(|_| "shop".to_owned());
    Engine::Managed(Managed {
        product,
        version: Some(version.into()),
        resources: Resources {
            cpu: MilliCpu(500),
            memory: Bytes::gibi(1),
        },
        storage: Bytes::gibi(10),
        parameters: [].into(),
        image: None,
        availability: exoc_ir::Availability::Single,
        backups: None,
        subscribes: [].into(),
        database: named.clone(),
        username: named,
        password: Some(password),
        administrator,
    })
}

/// A value of a text and something after it.
pub(crate) fn text(before: &str) -> Part {
    Part::Text(before.into())
}

/// One of everything.
pub(crate) fn shop() -> Program {
    let mut draft = Draft::new();
    let web_image = draft.built("web", None);
    let api_image = draft.built("api", Some("ghcr.io/acme/shop-api:1.2.3"));
    let agnhost = draft.pinned("registry.k8s.io/e2e-test-images/agnhost:2.53");
    let redis = draft.pinned("redis:7.4");
    let (cache, db) = (Id::new(0), Id::new(1));
    let cache_password = draft.secret("CACHE_PASSWORD", Origin::PasswordOf(cache));
    let administrator = draft.secret("DB_ADMINISTRATOR_PASSWORD", Origin::AdministratorOf(db));
    let db_password = draft.secret("DB_PASSWORD", Origin::PasswordOf(db));
    let stripe = draft.supplied("STRIPE_KEY");

    let api = draft.service(api(api_image, db, cache, stripe));
    let dns = draft.service(service(
        "dns",
        workload(agnhost, &[("tcp", 53, Protocol::Tcp), ("udp", 53, Protocol::Udp)]),
    ));
    let mut greeter = workload(agnhost, &[("grpc", 5000, Protocol::Grpc)]);
    let probe = Probe::Grpc {
        port: 0,
        service: Some("shop.Greeter".into()),
    };
    greeter.health = Some(health(probe, 10, 3, 3, 30));
    let greeter = draft.service(service("greeter", greeter));
    let web = draft.service(web(web_image));
    let mut worker = service("worker", workload(web_image, &[]));
    worker.scale.overlap = false;
    worker.workload.health = Some(health(Probe::Command(vec![Value::literal("true")]), 15, 5, 4, 0));
    let worker = draft.service(worker);

    let cache = draft.backing("cache", managed(Product::Redis, "7", cache_password, None));
    let db = draft.backing(
        "db",
        managed(Product::Postgres, "17", db_password, Some(administrator)),
    );
    let mail = draft.backing(
        "mail",
        Engine::External(External {
            url: Value::literal("smtp://mail.example.com:587"),
            host: "mail.example.com".into(),
            port: 587,
        }),
    );
    let mut queue = workload(redis, &[("redis", 6379, Protocol::Tcp)]);
    queue.scratch.insert("/data".into(), Bytes::mebi(64));
    let queue = draft.backing("queue", Engine::Container(queue));

    draft.uses(web, api, &[4000, 9090]);
    draft.uses(api, db, &[5432]);
    draft.uses(api, cache, &[6379]);
    draft.uses(worker, queue, &[6379]);
    draft.uses(worker, mail, &[587]);
    draft.edge(api, Callee::World, &[]);
    draft.http(web, 0, "shop.example.com", "/", false, 60);
    draft.http(web, 0, "www.shop.example.com", "/", false, 60);
    draft.http(api, 0, "shop.example.com", "/api", true, 120);
    draft.http(greeter, 0, "greet.shop.example.com", "/shop.Greeter", false, 60);
    for (port, transport) in [(0, Transport::Tcp), (1, Transport::Udp)] {
        let host = "dns.shop.example.com".into();
        draft.door(
            dns,
            port,
            Entrance::Plain {
                host,
                number: 53,
                transport,
            },
        );
    }
    draft.finish()
}

fn api(image: Id<Image>, db: Id<Backing>, cache: Id<Backing>, stripe: Id<Secret>) -> Service {
    let mut api = workload(
        image,
        &[("http", 4000, Protocol::Http), ("metrics", 9090, Protocol::Http)],
    );
    let late = |attribute| Part::Attribute(db, attribute);
    for (name, parts) in [
        ("CACHE_URL", vec![Part::Attribute(cache, Attribute::Url)]),
        ("DB_PASSWORD", vec![late(Attribute::Password)]),
        ("DB_URL", vec![late(Attribute::Url)]),
        (
            "DB_WHERE",
            vec![
                text("at "),
                late(Attribute::Address),
                text(" for $5, $(DB_URL) and $$"),
            ],
        ),
        (
            "HEADER",
            vec![text("Bearer $"), Part::Secret(stripe), text("$(x)\n")],
        ),
        ("LOG_LEVEL", vec![text("info")]),
        ("NOTHING", vec![]),
        ("ON", vec![text("no")]),
    ] {
        api.environment.insert(name.into(), Value::new(parts));
    }
    api.command = Some(vec![
        Value::literal("serve"),
        Value::literal("--price=$(LOG_LEVEL)"),
    ]);
    let probe = Probe::Http {
        port: 0,
        path: "/healthz?full=1".into(),
    };
    api.health = Some(health(probe, 15, 5, 4, 40));
    let mut api = service("api", api);
    api.scale = Scale {
        min: 2,
        max: 8,
        cpu: Some(70),
        memory: Some(80),
        requests: None,
        overlap: true,
    };
    api
}

fn web(image: Id<Image>) -> Service {
    let mut web = workload(image, &[("http", 80, Protocol::Http)]);
    web.scratch.insert("/var/cache/web".into(), Bytes::mebi(256));
    web.health = Some(health(Probe::Tcp { port: 0 }, 10, 3, 3, 30));
    let mut web = service("web", web);
    web.identity = "site".into();
    web.scale = fixed(3);
    web
}

/// All programs that an API server judges, by name.
pub(crate) fn all() -> Vec<(&'static str, Program)> {
    vec![
        ("shop", shop()),
        ("root", root()),
        ("long", long()),
        ("local", local()),
    ]
}

/// A pod that is root, one that keeps a capability, and one that needs neither.
pub(crate) fn root() -> Program {
    let mut draft = Draft::of("root", None);
    let image = draft.pinned("redis:7.4");
    let mut keeper = workload(image, &[("http", 80, Protocol::Http)]);
    keeper.security.capabilities =
        Capabilities::Only(["CHOWN".to_owned(), "NET_BIND_SERVICE".to_owned()].into());
    draft.service(service("keeper", keeper));
    draft.service(service("plain", workload(image, &[])));
    let mut root = workload(image, &[]);
    root.security = Security {
        user: User::Ids { user: 0, group: 0 },
        root_writable: true,
        capabilities: Capabilities::Default,
        privileged: false,
    };
    draft.service(service("root", root));
    draft.finish()
}

/// Names as long as the language allows, and more hosts and paths than one route holds.
fn long() -> Program {
    let mut draft = Draft::of("an-application-of-32-characters1", Some("a.b_c-d"));
    let image = draft.pinned("redis:7.4");
    let roles = ["x", "y"].map(|end| format!("a{}-{end}", "-longer".repeat(7)));
    let [password, administrator] = [
        Origin::PasswordOf(Id::new(0)),
        Origin::AdministratorOf(Id::new(0)),
    ];
    let password = draft.secret("A", password);
    let administrator = draft.secret("B", administrator);
    let ports = [
        ("http", 8080, Protocol::Http),
        ("a-15-characters", 1234, Protocol::Tcp),
    ];
    let web = draft.service(service(&roles[1], workload(image, &ports)));
    let db = draft.backing(
        &roles[0],
        managed(Product::Postgres, "18", password, Some(administrator)),
    );
    draft.uses(web, db, &[5432]);
    for host in 0..17 {
        for path in 0..17 {
            let host = format!("h{host:02}.example.com");
            draft.http(web, 0, &host, &format!("/p{path:02}/~a_b-c.d"), path % 2 == 0, 60);
        }
    }
    let host = "raw.example.com".into();
    draft.door(
        web,
        1,
        Entrance::Plain {
            host,
            number: 1234,
            transport: Transport::Tcp,
        },
    );
    draft.finish()
}

/// The developer's machine, where doors are plain.
pub(crate) fn local() -> Program {
    let mut draft = Draft::local();
    let image = draft.built("web", None);
    let web = draft.service(service("web", workload(image, &[("http", 8080, Protocol::Http)])));
    draft.http(web, 0, "localhost", "/", false, 60);
    draft.finish()
}
