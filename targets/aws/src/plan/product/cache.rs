//! Redis, Valkey and Memcached: ElastiCache.

use super::{Context, Subject, check, note, settings};
use crate::model::{Cache, Memcached};
use crate::names::limit;
use crate::sizes::ELASTICACHE;
use exoc_diagnostics::{Sink, codes};
use exoc_ir::{Managed, Product};

/// Versions of Redis, as the manifest and as ElastiCache writes them.
///
/// Source: Amazon ElastiCache user guide, "Supported engines and versions", read 2026-11: Redis OSS ends at 7.1.
const REDIS: &[(&str, &str)] = &[("7", "7.1")];

/// Versions of Valkey.
///
/// Source: endoflife-date/endoflife.date at a70eca3 (2026-08-22), amazon-elasticache-valkey.
const VALKEY: &[(&str, &str)] = &[
    ("7.2", "7.2"),
    ("8.0", "8.0"),
    ("8.1", "8.1"),
    ("8.2", "8.2"),
    ("9.0", "9.0"),
    ("9.1", "9.1"),
];

/// Versions of Memcached.
///
/// Source: Amazon ElastiCache user guide, "Supported Memcached versions", read 2026-11.
const MEMCACHED: &[(&str, &str)] = &[("1.6", "1.6.22")];

/// Settings of both that ElastiCache makes from what else is said.
const OWN: &[&str] = &["maxmemory", "requirepass", "tls-port"];

/// Plans a replication group.
pub(super) fn plan(context: &Context<'_>, subject: &Subject<'_>, sink: &mut Sink) -> Option<Cache> {
    let Managed {
        product,
        version: _,   // read by `check::version`
        resources: _, // read by `check::class`
        // Its data lies in memory; the note says so.
        storage: _,
        parameters: _,   // read by `settings`
        image: _,        // read by `note::no_image`
        availability: _, // read by `check::is_high`
        backups: _,      // refused by `check::no_backups`
        // Neither has databases with names nor users that exoc makes.
        database: _,
        username: _,
        password: _, // `product` makes it
        administrator: _,
        subscribes: _, // only a queue has any
    } = subject.managed;
    note::no_image(context, subject, sink);
    let instead = "leave `backups` out: a cache forgets, and its last content is kept as a snapshot when it is destroyed";
    check::no_backups(context, subject, instead, sink);
    let (title, engine, versions) = if *product == Product::Valkey {
        ("Valkey", "valkey", VALKEY)
    } else {
        ("Redis", "redis", REDIS)
    };
    let version = check::version(context, subject, versions, sink);
    let class = check::class(context, subject, ELASTICACHE, sink);
    let parameters = settings::read(
        context,
        subject,
        |name, value| settings::plain(OWN, name, value),
        sink,
    );
    let (class, version) = (class?, version?);
    note::state_password(context, subject, "", sink);
    Some(Cache {
        title,
        name: subject.name(context, limit::CACHE, sink),
        log_group: format!("/{}", context.names.path(&[subject.identity])),
        engine,
        engine_version: version,
        family: family(version),
        node_type: class.name,
        picked: note::picked(context, subject, class, ", in memory", sink),
        parameters,
        port: exoc_catalogue::entry(*product).port,
        standby: check::is_high(subject),
    })
}

/// The family of parameters of a version.
///
/// Source: AWS CloudFormation, `AWS::ElastiCache::ParameterGroup`, read 2026-11; `valkey9` follows the same rule.
fn family(version: &str) -> &'static str {
    match version {
        "7.1" => "redis7",
        "7.2" => "valkey7",
        "8.0" | "8.1" | "8.2" => "valkey8",
        _ => "valkey9",
    }
}

/// Plans a node of Memcached.
pub(super) fn memcached(context: &Context<'_>, subject: &Subject<'_>, sink: &mut Sink) -> Option<Memcached> {
    let Managed {
        product,
        version: _,   // read by `check::version`
        resources: _, // read by `check::class`
        storage: _,   // it has none
        parameters: _,
        image: _,
        availability: _, // refused below
        backups: _,      // refused by `check::no_backups`
        // It knows neither databases nor users.
        database: _,
        username: _,
        password: _,
        administrator: _,
        subscribes: _,
    } = subject.managed;
    note::no_image(context, subject, sink);
    check::no_backups(context, subject, "leave `backups` out: memcached forgets", sink);
    if check::is_high(subject) {
        check::refuse(
            context,
            subject,
            "availability",
            &format!(
                "memcached does not replicate, so `{}` cannot outlive a server",
                subject.role
            ),
            "use `valkey`, of which AWS keeps a second node",
            sink,
        );
    }
    let version = check::version(context, subject, MEMCACHED, sink);
    let class = check::class(context, subject, ELASTICACHE, sink);
    let parameters = settings::read(
        context,
        subject,
        |name, value| settings::option(&[], name, value),
        sink,
    );
    let (class, version) = (class?, version?);
    let message = format!(
        "`{}` has neither password nor TLS on aws: only its security group protects it",
        subject.role
    );
    note::say(
        context,
        subject,
        codes::MEMCACHED_PLAIN,
        &message,
        "`valkey` has both; keep nothing secret in memcached",
        sink,
    );
    Some(Memcached {
        name: subject.name(context, limit::MEMCACHED, sink),
        engine_version: version,
        family: "memcached1.6",
        node_type: class.name,
        picked: note::picked(context, subject, class, ", in memory", sink),
        parameters,
        port: exoc_catalogue::entry(*product).port,
    })
}
