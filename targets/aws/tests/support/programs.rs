//! Programs that several tests and the example are made of.

use super::{Sample, check, fixed, managed, workload};
use exoc_ir::{
    Attribute, Backing, Bytes, Capabilities, Engine, External, Id, MilliCpu, Part, Probe, Product, Program,
    Protocol, Resources, Scale, Seconds, User, Value,
};

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
