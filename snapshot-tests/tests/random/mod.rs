//! Random manifests: services with ports, checks, edges and values of every kind that all targets express.

use exoc_diagnostics::MemorySources;
use proptest::prelude::*;
use std::fmt::Write as _;

/// The roles of services: with dependencies more than compose has networks for.
const ROLES: [&str; 14] = [
    "web", "api", "mail-er", "x9", "feed", "cart", "q", "zoo", "user", "pay", "ship", "geo", "ads", "log",
];

/// What else can be used.
const OTHERS: [&str; 16] = [
    "db", "cache", "echo", "partner", "internet", "orders", "ledger", "docs", "sessions", "pages", "broker",
    "events", "texts", "assets", "mails", "news",
];

/// How many of these there are where Kubernetes is among the targets.
const EVERYWHERE: usize = 5;

/// The others, which compose runs and AWS rents.
const RENTED: &str = "  orders: { type: mysql, version: \"8.4\", parameters: { max-connections: 50 } }\n  \
                      ledger: { type: mariadb, version: \"11.8\", cpu: 2 }\n  docs: mongodb:8.0\n  \
                      sessions: valkey:9.0\n  pages: memcached:1.6\n  broker: rabbitmq:4.2\n  \
                      events: kafka:4.1\n  texts: search:3.3\n  assets: bucket\n  mails: { type: queue, subscribes: \
                      [news] }\n  news: topic\n";

/// Ports: name, number, protocol.
const PORTS: [(&str, u16, &str); 6] = [
    ("http", 8080, "http"),
    ("low", 80, "http"),
    ("grpc", 5000, "grpc"),
    ("raw", 9000, "tcp"),
    ("two", 8081, "http2"),
    ("packets", 9000, "udp"),
];

/// Values of variables, as the language reads them.
const VALUES: [&str; 24] = [
    "plain",
    "",
    "$HOME $$ $(date) `x` %{y} %s 100%",
    "$${not.a.reference} $$${x}",
    "a\\\"b'c\\\\n: # - {x}",
    "${secrets.KEY}",
    "Bearer ${secrets.KEY} of ${service.name}",
    "%${secrets.SALT}% $${x} %{z} ${secrets.KEY}",
    "${dependencies.db.url}",
    "host=${dependencies.db.host} password=${dependencies.db.password} %",
    "${dependencies.cache.url}|${dependencies.db.url}",
    "${dependencies.cache.address}",
    "${dependencies.orders.url} ${dependencies.ledger.url} %",
    "${dependencies.docs.url}",
    "${dependencies.sessions.url} ${dependencies.pages.url}",
    "x-${dependencies.broker.url}-${dependencies.broker.address}",
    "${dependencies.broker.port}",
    "${dependencies.events.username}",
    "${dependencies.events.password}",
    "${dependencies.events.brokers},${dependencies.texts.address}",
    "${dependencies.texts.url}/items",
    "${dependencies.assets.endpoint}/${dependencies.assets.name}",
    "${dependencies.assets.secret-key}",
    "${dependencies.mails.url} ${dependencies.news.name} ${dependencies.news.url}",
];

/// How many of these there are where Kubernetes is among the targets.
const COMMON: usize = 12;

#[derive(Clone, Debug)]
struct Service {
    ports: Vec<usize>,
    is_public: bool,
    strip: bool,
    /// Which form, interval, timeout, retries, start.
    health: Option<(u8, u64, u64, u64, u64)>,
    uses: Vec<bool>,
    values: Vec<usize>,
    quarters: u64,
    mebi: u64,
    scale: (u64, u64, bool),
    user: (u32, u32),
    root_writable: bool,
    keeps_one: bool,
    writable: Option<u64>,
    shutdown: u64,
}

/// `often`: how many of the edges that could be are there.
fn service(often: f64) -> impl Strategy<Value = Service> {
    let ports = prop::sample::subsequence((0..PORTS.len()).collect::<Vec<_>>(), 0..4);
    let numbers = (0..4_u8, 5..60_u64, 2..60_u64, 2..=10_u64, 0..=120_u64);
    let numbers = numbers.prop_map(|(form, interval, timeout, retries, start)| {
        (form, interval, timeout.min(interval - 1), retries, start)
    });
    let network = (ports, any::<bool>(), any::<bool>(), prop::option::of(numbers));
    let edges = prop::collection::vec(prop::bool::weighted(often), ROLES.len() + OTHERS.len());
    let values = prop::sample::subsequence((0..VALUES.len()).collect::<Vec<_>>(), 0..6);
    let size = (1..40_u64, 300..9000_u64, (1..4_u64, 0..4_u64, any::<bool>()));
    let security = ((0..70_000_u32, 1..70_000_u32), any::<bool>(), any::<bool>());
    let rest = (prop::option::of(1..128_u64), 2..=120_u64);
    (network, edges, values, size, security, rest).prop_map(
        |(network, uses, values, size, security, rest)| {
            let (ports, is_public, strip, health) = network;
            let (quarters, mebi, scale) = size;
            let (user, root_writable, keeps_one) = security;
            let (writable, shutdown) = rest;
            Service {
                ports,
                is_public,
                strip,
                health,
                uses,
                values,
                quarters,
                mebi,
                scale,
                user,
                root_writable,
                keeps_one,
                writable,
                shutdown,
            }
        },
    )
}

/// A manifest.
pub(crate) fn manifest() -> impl Strategy<Value = String> {
    // Where edges are many, most meet anyway.
    let often = prop_oneof![Just(0.5), Just(0.1)];
    let services = often.prop_flat_map(|often| prop::collection::vec(service(often), 1..=ROLES.len()));
    (services, any::<bool>()).prop_map(|(services, rents)| {
        let mut text = "name: random\nowner: team\nsecrets: { KEY: {}, SALT: {} }\ndependencies:\n  db: postgres:17\n  \
            cache: redis:7\n  partner: { type: external, url: \"https://partner.example.com:8443\" }\n  echo:\n    \
            type: container\n    image: example/echo:1\n    port: 7000\n    security: { user: 10001 }\n    \
            uses: [db]\n"
            .to_owned();
        text.push_str(if rents { RENTED } else { "" });
        text.push_str("services:\n");
        let listening: Vec<bool> = services.iter().map(|service| !service.ports.is_empty()).collect();
        for (index, service) in services.iter().enumerate() {
            write(&mut text, index, service, &listening, rents);
        }
        let kubernetes = if rents { "" } else { "      kubernetes: {}\n" };
        text + "environments:\n  production:\n    domain: random.example.com\n    targets:\n      aws: { region: \
                eu-central-1, account: \"123456789012\" }\n      compose: {}\n"
            + kubernetes
    })
}

/// The manifest as the compiler sees it.
pub(crate) fn sources(manifest: &str) -> MemorySources {
    MemorySources::from([("application.yml", manifest)])
}

fn write(text: &mut String, index: usize, service: &Service, listening: &[bool], rents: bool) {
    let Service {
        ports,
        is_public,
        strip,
        health,
        uses,
        values,
        quarters,
        mebi,
        scale: (min, more, overlap),
        user: (user, group),
        root_writable,
        keeps_one,
        writable,
        shutdown,
    } = service;
    let role = ROLES[index];
    let mut line = |line: String| writeln!(text, "    {line}").unwrap();
    line(format!(
        "# {index}\n  {role}:\n    image: example/{role}:1.{index}"
    ));
    let listed: Vec<String> = ports.iter().map(|port| PORTS[*port]).map(port).collect();
    if !listed.is_empty() {
        line(format!("ports: [{}]", listed.join(", ")));
    }
    let http = ports
        .iter()
        .map(|port| PORTS[*port])
        .find(|(_, _, protocol)| *protocol == "http");
    if let Some((name, ..)) = http.filter(|_| *is_public) {
        line(format!(
            "route: {{ path: /{role}, port: {name}, strip: {strip} }}"
        ));
    }
    if let Some(health) = health {
        line(format!("health: {}", check(*health, ports)));
    }
    let names = ROLES.iter().chain(&OTHERS).enumerate();
    // Only what listens can be used.
    let listens = |at: usize| match at.checked_sub(ROLES.len()) {
        Some(other) => rents || other < EVERYWHERE,
        None => listening.get(at) == Some(&true),
    };
    let used = names.filter(|(at, _)| uses[*at] && *at != index && listens(*at));
    let used: Vec<&str> = used.map(|(_, name)| *name).collect();
    line(format!("uses: [{}]", used.join(", ")));
    let values: Vec<usize> = values
        .iter()
        .copied()
        .filter(|value| rents || *value < COMMON)
        .collect();
    if !values.is_empty() {
        let values = values
            .iter()
            .map(|value| format!("V{value}: \"{}\"", VALUES[*value]));
        line(format!(
            "environment: {{ {} }}",
            values.collect::<Vec<_>>().join(", ")
        ));
    }
    line(format!(
        "cpu: {}\n    memory: {mebi}Mi\n    shutdown: {shutdown}s",
        *quarters as f64 / 4.0
    ));
    let goal = if *more > 0 { ", cpu: 70%" } else { "" };
    line(format!(
        "scale: {{ min: {min}, max: {}, overlap: {overlap}{goal} }}",
        min + more
    ));
    if let Some(size) = writable {
        line(format!("writable: {{ /var/cache/x: {size}Mi }}"));
    }
    let kept = if *keeps_one { "[NET_BIND_SERVICE]" } else { "[]" };
    line(format!(
        "security: {{ user: {user}, group: {group}, writable-filesystem: {root_writable}, capabilities: {kept} }}"
    ));
}

fn port((name, number, protocol): (&str, u16, &str)) -> String {
    format!("{{ name: {name}, port: {number}, protocol: {protocol} }}")
}

/// A check of a form that the ports allow; else by a command.
fn check((form, interval, timeout, retries, start): (u8, u64, u64, u64, u64), ports: &[usize]) -> String {
    let of = |wanted: &[&str]| {
        let found = ports
            .iter()
            .map(|port| PORTS[*port])
            .find(|(_, _, protocol)| wanted.contains(protocol));
        found.map(|(name, ..)| name)
    };
    let asked = match form {
        0 => of(&["http"]).map(|port| format!("path: \"/ok?x=1\", port: {port}")),
        1 => of(&["http", "grpc", "tcp", "http2"]).map(|port| format!("tcp: true, port: {port}")),
        2 => of(&["grpc"]).map(|port| format!("grpc: shop.Cart, port: {port}")),
        _ => None,
    };
    let asked = asked.unwrap_or_else(|| "command: [check, \"$HOME %{x}\"]".to_owned());
    format!("{{ {asked}, interval: {interval}s, timeout: {timeout}s, retries: {retries}, start: {start}s }}")
}
