//! Programs that tests and the example are made of. Knows the IR's builder alone.

use exoc_diagnostics::{
    Key, Kind as Shape, Map, Member, Node, Scalar, Sink, SourceMap, Span, Style, Typed, VirtualPath,
};
use exoc_ir::{
    App, Attribute, Backing, Builder, Built, Bytes, Callee, Capabilities, Component, Database, Door, Edge,
    EdgePort, Engine, Entrance, Environment, External, Health, Id, Image, Kind, Managed, MilliCpu, Origin,
    Part, Port, Probe, Product, Program, Protocol, Reason, Reference, Resources, Scale, Seconds, Secret,
    Security, Service, Transport, User, Value, Workload,
};
use std::collections::{BTreeMap, BTreeSet};

/// A place, for whatever needs one.
pub(crate) fn span() -> Span {
    let mut map = SourceMap::default();
    let source = map.add(VirtualPath::root(), String::new());
    Span::new(source, 0, 0)
}

/// A value for an option.
pub(crate) enum Choice<'a> {
    /// A text.
    Text(&'a str),
    /// A list of texts.
    List(&'a [&'a str]),
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
    let member = |(name, choice): &(&str, Choice<'_>)| Member {
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
        },
    };
    let members = choices.iter().map(member).collect();
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
        for (name, origin) in &all {
            builder.secret(
                Secret {
                    name: name.clone(),
                    origin: origin.clone(),
                },
                span(),
            );
        }
        Self {
            builder,
            images: BTreeMap::new(),
            secrets: all.into_iter().map(|(name, _)| name).collect(),
            services: Vec::new(),
            backings: Vec::new(),
            edges: BTreeMap::new(),
            doors: Vec::new(),
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
        let builder = &mut self.builder;
        *self
            .images
            .entry(key.to_owned())
            .or_insert_with(|| builder.image(image, span()))
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
        });
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

    /// The program.
    pub(crate) fn finish(mut self) -> Program {
        self.services.sort_by(|a, b| a.role.cmp(&b.role));
        self.backings.sort_by(|a, b| a.role.cmp(&b.role));
        let mut ids = BTreeMap::new();
        for service in self.services {
            let role = service.role.clone();
            ids.insert(role, Component::Service(self.builder.service(service, span())));
        }
        for backing in self.backings {
            let role = backing.role.clone();
            ids.insert(role, Component::Backing(self.builder.backing(backing, span())));
        }
        let edges = self
            .edges
            .into_iter()
            .map(|((from, to), ports)| Edge {
                from: ids[&from],
                to: to.map_or(Callee::World, |to| Callee::Component(ids[&to])),
                ports,
                reasons: vec![Reason::Use(span())],
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
                    span(),
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
    let database = match product {
        Product::Postgres => Some(Database {
            name: "shop".into(),
            username: "shop".into(),
        }),
        Product::Redis => None,
    };
    Engine::Managed(Managed {
        product,
        version: version.into(),
        resources: Resources {
            cpu: MilliCpu(250),
            memory: Bytes::mebi(512),
        },
        storage: Bytes::gibi(10),
        database,
        password,
        administrator: None,
    })
}

/// One service with a port and one database: the smallest program with an edge.
pub(crate) fn skeleton() -> Program {
    let mut sample = Sample::new("skeleton", None, &[], &["db"], &["db"]);
    let image = sample.built("web");
    let mut web = workload(image, &[("http", 3000, Protocol::Http)]);
    web.environment.insert(
        "DB_URL".into(),
        Value::new([Part::Attribute(Id::new(0), Attribute::Url)]),
    );
    sample.service("web", web, fixed(1));
    sample.backing(
        "db",
        managed(Product::Postgres, "17", sample.secret("DB_PASSWORD")),
    );
    sample.uses("web", "db", &[5432]);
    sample.finish()
}

/// A shop that needs most of what the target expresses.
pub(crate) fn shop(registry: Option<&str>) -> Program {
    let backings = ["cache", "db", "payments", "search"];
    let mut sample = Sample::new(
        "shop",
        registry,
        &["PAYMENTS_KEY", "SMTP_PASSWORD"],
        &["cache", "db"],
        &backings,
    );
    let (cache, db) = (Id::new(0), Id::new(1));
    shop_api(&mut sample, cache, db);
    shop_others(&mut sample, cache, db);
    let search = sample.pinned("opensearchproject/opensearch:3.1.0");
    let mut search = workload(
        search,
        &[("http", 9200, Protocol::Http), ("peer", 9300, Protocol::Tcp)],
    );
    search.health = Some(check(Probe::Http {
        port: 0,
        path: "/_cluster/health?local=true".into(),
    }));
    search.resources = Resources {
        cpu: MilliCpu(300),
        memory: Bytes::mebi(700),
    };
    search
        .scratch
        .insert("/usr/share/opensearch/data".into(), Bytes::mebi(128));
    sample.backing("search", Engine::Container(search));
    sample.backing(
        "cache",
        managed(Product::Redis, "7", sample.secret("CACHE_PASSWORD")),
    );
    sample.backing(
        "db",
        managed(Product::Postgres, "17", sample.secret("DB_PASSWORD")),
    );
    let url = Value::literal("https://payments.example.com");
    let external = External {
        url,
        host: "payments.example.com".into(),
        port: 443,
    };
    sample.backing("payments", Engine::External(external));
    for (from, to, ports) in [
        ("web", "api", [4000].as_slice()),
        ("web", "cache", &[6379]),
        ("api", "cache", &[6379]),
        ("api", "catalog", &[7000]),
        ("api", "payments", &[443]),
        ("api", "db", &[5432]),
        ("api", "search", &[9200, 9300]),
        ("catalog", "db", &[5432]),
        ("catalog", "api", &[4000]),
        ("mailer", "cache", &[6379]),
    ] {
        sample.uses(from, to, ports);
    }
    sample.leaves("mailer");
    sample.door("web", 0, "shop.example.com", "/", false);
    sample.door("web", 0, "www.example.com", "/", false);
    sample.door("api", 0, "shop.example.com", "/api", true);
    sample.door("api", 0, "www.example.com", "/v1.0", false);
    sample.finish()
}

fn shop_api(sample: &mut Sample, cache: Id<Backing>, db: Id<Backing>) {
    let image = sample.built("api");
    let mut api = workload(
        image,
        &[("http", 4000, Protocol::Http), ("grpc", 5000, Protocol::Grpc)],
    );
    let text = |text: &str| Part::Text(text.into());
    let payments = sample.secret("PAYMENTS_KEY");
    let variables = [
        ("DATABASE_URL", Value::new([Part::Attribute(db, Attribute::Url)])),
        ("CACHE_URL", Value::new([Part::Attribute(cache, Attribute::Url)])),
        (
            "CACHE_PORT",
            Value::new([Part::Attribute(cache, Attribute::Port)]),
        ),
        (
            "DB_ADDRESS",
            Value::new([Part::Attribute(db, Attribute::Address)]),
        ),
        (
            "DB_PASSWORD",
            Value::new([Part::Secret(sample.secret("DB_PASSWORD"))]),
        ),
        (
            "DSN",
            Value::new([
                text("100%s ${x} %{y} \"host="),
                Part::Attribute(db, Attribute::Host),
                text("\" password="),
                Part::Attribute(db, Attribute::Password),
                text(" key="),
                Part::Secret(payments),
            ]),
        ),
        (
            "PAYMENTS_AUTHORIZATION",
            Value::new([text("Bearer "), Part::Secret(payments)]),
        ),
        ("PORT", Value::literal("4000")),
    ];
    api.environment = variables
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    api.command = Some(["node", "server.js"].map(Value::literal).into());
    api.health = Some(check(Probe::Http {
        port: 0,
        path: "/healthz".into(),
    }));
    api.resources = Resources {
        cpu: MilliCpu(500),
        memory: Bytes::gibi(1),
    };
    api.shutdown = Seconds(45);
    let scale = Scale {
        min: 3,
        max: 30,
        cpu: Some(70),
        memory: Some(80),
        requests: Some(100),
        overlap: true,
    };
    sample.service("api", api, scale);
}

fn shop_others(sample: &mut Sample, cache: Id<Backing>, db: Id<Backing>) {
    let image = sample.built("web");
    let mut web = workload(image, &[("http", 80, Protocol::Http)]);
    web.environment
        .insert("API_URL".into(), Value::literal("http://api:4000"));
    web.environment.insert(
        "CACHE_URL".into(),
        Value::new([Part::Attribute(cache, Attribute::Url)]),
    );
    web.security.user = User::Ids { user: 0, group: 0 };
    web.security.capabilities = Capabilities::Default;
    sample.service("web", web, fixed(2));

    let image = sample.built("catalog");
    let mut catalog = workload(image, &[("http", 7000, Protocol::Http2)]);
    catalog.environment.insert(
        "DB_HOST".into(),
        Value::new([Part::Attribute(db, Attribute::Host)]),
    );
    catalog.health = Some(check(Probe::Tcp { port: 0 }));
    catalog.security.capabilities = Capabilities::Only(["NET_BIND_SERVICE".to_owned()].into());
    catalog.security.root_writable = true;
    sample.service(
        "catalog",
        catalog,
        Scale {
            overlap: false,
            ..fixed(1)
        },
    );

    let image = sample.pinned("ghcr.io/acme/mailer:2.1.0");
    let mut mailer = workload(image, &[]);
    mailer.entrypoint = Some(["mailer", "--"].map(Value::literal).into());
    let password = Part::Secret(sample.secret("SMTP_PASSWORD"));
    let smtp = Value::new([
        Part::Text("smtps://shop:".into()),
        password,
        Part::Text("@smtp.example.com:465".into()),
    ]);
    mailer.environment.insert("SMTP_URL".into(), smtp);
    mailer.environment.insert(
        "CACHE_URL".into(),
        Value::new([Part::Attribute(cache, Attribute::Url)]),
    );
    mailer.health = Some(check(Probe::Command(
        ["mailer", "ping"].map(Value::literal).into(),
    )));
    mailer.shutdown = Seconds(60);
    sample.service("mailer", mailer, fixed(1));
}

/// Texts full of what some shell, template or format takes for its own.
pub(crate) const HOSTILE: &[&str] = &[
    "",
    " x ",
    "$ $$ ${x} $${x} $$${x} ${",
    "% %% %{x} %%{x} %%%{if true}x%{endif} %s %d",
    "\"double\" 'single' `back` \\ \\\\ \\n \\u0041",
    "tab\t newline\n return\r\n bell\u{7} escape\u{1b} delete\u{7f}",
    "<a href=\"x?y=1&z=2\">&amp;</a> // /* x */ # <<EOT",
    "gr\u{fc}\u{df}e \u{65e5}\u{672c}\u{8a9e} \u{1f418} \u{85}\u{2028}\u{202e}\u{feff}\u{200b}",
    "{\"a\": [1, null]}",
    "null",
    "0777",
];

/// A worker whose arguments and variables, plain and secret, are such texts.
pub(crate) fn hostile() -> Program {
    let mut sample = Sample::new("hostile", None, &["KEY"], &[], &[]);
    let image = sample.pinned("busybox:1.37.0-musl");
    let mut worker = workload(image, &[]);
    worker.command = Some(HOSTILE.iter().map(|text| Value::literal(*text)).collect());
    let key = Part::Secret(sample.secret("KEY"));
    for (index, text) in HOSTILE.iter().enumerate() {
        worker
            .environment
            .insert(format!("PLAIN_{index:02}"), Value::literal(*text));
        let composed = Value::new([
            Part::Text(format!("<{text}")),
            key.clone(),
            Part::Text(format!("{text}>")),
        ]);
        worker.environment.insert(format!("SECRET_{index:02}"), composed);
    }
    sample.service("worker", worker, fixed(1));
    sample.finish()
}
