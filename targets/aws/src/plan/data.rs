//! Managed products: which class of which product is rented, and its secrets.

use super::Context;
use super::edges::Rules;
use super::secrets::Ledger;
use super::value::{attribute_pieces, password_address, url_address};
use crate::model::{Cache, Composed, Content, Database, Lines, SecretName, StoredSecret, Text};
use crate::names::{address, limit};
use crate::rented::{Rented, rented};
use crate::sizes::{Class, ELASTICACHE, RDS, RDS_STORAGE};
use exoc_diagnostics::{Diagnostic, Sink, codes};
use exoc_ir::{Attribute, Backing, Component, Engine, Id, Managed, NodeId, Product};

/// Days that backups are kept.
const BACKUP_DAYS: u32 = 7;

/// Major versions of PostgreSQL that RDS offers.
///
/// Source: Amazon RDS release notes for PostgreSQL, read 2026-11; 18 since 2025-11-14.
const POSTGRES: &[&str] = &["15", "16", "17", "18"];

/// Versions of Redis that ElastiCache offers, as the manifest writes them.
///
/// Source: Amazon ElastiCache user guide, "Supported engines and versions", read 2026-11: Redis OSS ends at 7.1.
const REDIS: &[&str] = &["7"];

/// Names that RDS for PostgreSQL keeps to itself.
///
/// Source: Amazon RDS user guide, "Understanding PostgreSQL roles and permissions", and the server's own databases,
/// read 2026-11.
const RESERVED: &[&str] = &[
    "admin",
    "postgres",
    "rdsadmin",
    "rdsrepladmin",
    "rdstopmgr",
    "template0",
    "template1",
    "user",
];

/// One managed backing, taken apart.
struct Subject<'a> {
    id: Id<Backing>,
    role: &'a str,
    identity: &'a str,
    managed: &'a Managed,
}

/// Plans all managed products.
pub(super) fn plan(
    context: &Context<'_>,
    rules: &Rules,
    ledger: &mut Ledger,
    sink: &mut Sink,
) -> (Vec<Database>, Vec<Cache>) {
    let (mut databases, mut caches) = (Vec::new(), Vec::new());
    for (id, backing) in context.program.backings().iter() {
        let Backing {
            role,
            identity,
            engine,
        } = backing;
        let managed = match engine {
            Engine::Managed(managed) => managed,
            Engine::Container(_) | Engine::External(_) | Engine::Existing(_) => continue,
        };
        let subject = Subject {
            id,
            role,
            identity,
            managed,
        };
        match rented(managed.product) {
            Some(Rented::Database) => databases.extend(database(context, &subject, rules, ledger, sink)),
            Some(Rented::Cache) => caches.extend(cache(context, &subject, rules, ledger, sink)),
            // Refused by the feature table.
            None => {}
        }
    }
    (databases, caches)
}

fn database(
    context: &Context<'_>,
    subject: &Subject<'_>,
    rules: &Rules,
    ledger: &Ledger,
    sink: &mut Sink,
) -> Option<Database> {
    let Managed {
        product: _,
        version,
        resources,
        storage,
        // The four are refused by the feature table.
        parameters: _,
        image: _,
        availability: _,
        backups: _,
        database,
        username,
        password: _,
        // The master user owns the database and is no superuser: there is nobody else to log in as.
        administrator: _,
        subscribes: _, // only a queue has any
    } = subject.managed;
    check_version(context, subject, POSTGRES, sink);
    let class = class(context, subject, RDS, *resources, sink);
    let (least, most) = RDS_STORAGE;
    if storage.as_gibi() > most {
        too_large(context, subject, "storage", &format!("{most}Gi of storage"), sink);
    }
    let (database, username) = (database.as_ref()?, username.as_ref()?);
    let version = version.as_ref()?;
    check_reserved(context, subject, "database", database, sink);
    check_reserved(context, subject, "username", username, sink);
    let names = context.names;
    let span = context.program.at(NodeId::Backing(subject.id), "");
    let own = address(subject.role);
    Some(Database {
        role: subject.role.to_owned(),
        lines: context.lines_of(Component::Backing(subject.id), &[]),
        server_lines: server_lines(context, subject),
        identifier: names.within(&[subject.identity], limit::DATABASE, span, sink),
        name_prefix: format!("{}-", names.whole(&[subject.identity])),
        monitoring_role: names.within(&[subject.identity, "monitoring"], limit::ROLE, span, sink),
        engine: "postgres",
        engine_version: version.clone(),
        family: format!("postgres{version}"),
        class: class?.name,
        storage_gib: storage.as_gibi().max(least),
        port: exoc_catalogue::entry(Product::Postgres).port,
        database: database.clone(),
        username: username.clone(),
        parameters: vec![
            ("log_min_duration_statement", "1000"),
            ("log_statement", "ddl"),
            ("rds.force_ssl", "1"),
        ],
        backup_days: BACKUP_DAYS,
        password: password(context, subject, |random, key| Content::Generated { random, key }),
        url: url(context, subject, ledger),
        rules: rules
            .get(&Component::Backing(subject.id))
            .cloned()
            .unwrap_or_default(),
        address: own,
    })
}

fn cache(
    context: &Context<'_>,
    subject: &Subject<'_>,
    rules: &Rules,
    ledger: &Ledger,
    sink: &mut Sink,
) -> Option<Cache> {
    let Managed {
        product: _,
        // One version is offered; any other is refused here.
        version: _,
        resources,
        // Its data lies in memory; `notes` says so.
        storage: _,
        // The four are refused by the feature table.
        parameters: _,
        image: _,
        availability: _,
        backups: _,
        // Redis has neither databases with names nor users that exoc makes.
        database: _,
        username: _,
        password: _,
        administrator: _,
        subscribes: _, // only a queue has any
    } = subject.managed;
    check_version(context, subject, REDIS, sink);
    let class = class(context, subject, ELASTICACHE, *resources, sink);
    let names = context.names;
    let span = context.program.at(NodeId::Backing(subject.id), "");
    let own = address(subject.role);
    Some(Cache {
        role: subject.role.to_owned(),
        lines: context.lines_of(Component::Backing(subject.id), &[]),
        server_lines: server_lines(context, subject),
        name: names.within(&[subject.identity], limit::CACHE, span, sink),
        name_prefix: format!("{}-", names.whole(&[subject.identity])),
        log_group: format!("/{}", names.path(&[subject.role])),
        engine: "redis",
        engine_version: "7.1",
        family: "redis7",
        node_type: class?.name,
        port: exoc_catalogue::entry(Product::Redis).port,
        password: password(context, subject, |random, key| Content::InState { random, key }),
        read_back: ledger
            .composed_of
            .contains(&password_address(context, subject.id)),
        url: url(context, subject, ledger),
        rules: rules
            .get(&Component::Backing(subject.id))
            .cloned()
            .unwrap_or_default(),
        address: own,
    })
}

/// The product, and what decides its size and version.
fn server_lines(context: &Context<'_>, subject: &Subject<'_>) -> Lines {
    let fields = ["version", "cpu", "memory", "storage"];
    context.lines_of(Component::Backing(subject.id), &fields)
}

fn password(
    context: &Context<'_>,
    subject: &Subject<'_>,
    content: impl FnOnce(String, String) -> Content,
) -> StoredSecret {
    StoredSecret {
        address: password_address(context, subject.id),
        name: SecretName::Prefix(format!(
            "{}-",
            context.names.path(&[subject.identity, "password"])
        )),
        description: format!("Password of {}", subject.role),
        content: content(address(subject.role), subject.role.to_owned()),
        lines: context.lines_of(Component::Backing(subject.id), &[]),
    }
}

fn url(context: &Context<'_>, subject: &Subject<'_>, ledger: &Ledger) -> Option<StoredSecret> {
    let own = url_address(context, subject.id);
    ledger.urls.get(&subject.id).map(|wanted| StoredSecret {
        address: own.clone(),
        name: SecretName::Prefix(format!("{}-", context.names.path(&[subject.identity, "url"]))),
        description: format!("URL of {}, with its password", subject.role),
        content: Content::Composed {
            local: own,
            composed: Composed::Whole(Text {
                pieces: attribute_pieces(context, subject.id, Attribute::Url),
            }),
        },
        lines: context.lines(wanted.iter().copied()),
    })
}

fn class(
    context: &Context<'_>,
    subject: &Subject<'_>,
    table: &'static [Class],
    resources: exoc_ir::Resources,
    sink: &mut Sink,
) -> Option<Class> {
    let class = Class::pick(table, resources);
    if class.is_none() {
        let largest = table.last().map_or_else(String::new, |class| {
            format!("{} cores and {}", class.cores, class.memory())
        });
        too_large(context, subject, "cpu", &largest, sink);
    }
    class
}

fn too_large(context: &Context<'_>, subject: &Subject<'_>, field: &str, most: &str, sink: &mut Sink) {
    let node = NodeId::Backing(subject.id);
    let mut diagnostic = Diagnostic::new(
        codes::TARGET_LIMIT,
        format!("aws rents nothing as large as `{}` asks for", subject.role),
    )
    .at(context.program.at(node, field), "")
    .help(format!("the largest has {most}"));
    if field == "cpu" {
        diagnostic = diagnostic.also(context.program.at(node, "memory"), "");
    }
    sink.error(diagnostic);
}

fn check_version(context: &Context<'_>, subject: &Subject<'_>, offered: &[&str], sink: &mut Sink) {
    let version = subject.managed.version.as_deref().unwrap_or_default();
    if offered.contains(&version) {
        return;
    }
    let entry = exoc_catalogue::entry(subject.managed.product);
    let major = |version: &str| {
        version
            .split('.')
            .next()
            .and_then(|major| major.parse::<i64>().ok())
            .unwrap_or(0)
    };
    let nearest = offered
        .iter()
        .min_by_key(|candidate| (major(candidate) - major(version)).abs())
        .copied()
        .unwrap_or_default();
    let node = NodeId::Backing(subject.id);
    let mut diagnostic = Diagnostic::new(
        codes::VERSION_NOT_OFFERED,
        format!("aws does not offer {} {version}", entry.word()),
    )
    .at(context.program.at(node, "version"), "")
    .help(format!(
        "the nearest version offered is `{}:{nearest}`",
        entry.word()
    ));
    if rented(subject.managed.product) == Some(Rented::Cache) {
        diagnostic = diagnostic
            .help("AWS rents Redis up to 7.1 and Valkey after it, which this target does not rent yet");
    }
    sink.error(diagnostic);
}

fn check_reserved(context: &Context<'_>, subject: &Subject<'_>, key: &str, name: &str, sink: &mut Sink) {
    if RESERVED.contains(&name) {
        let node = NodeId::Backing(subject.id);
        sink.error(
            Diagnostic::new(
                codes::TARGET_LIMIT,
                format!(
                    "RDS keeps the name `{name}` to itself, which is the {key} of `{}`",
                    subject.role
                ),
            )
            .at(context.program.at(node, key), "")
            .help(format!("write another `{key}`")),
        );
    }
}
