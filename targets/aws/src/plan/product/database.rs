//! Postgres, MySQL and MariaDB: RDS.

use super::{Context, Subject, check, note, reserved, settings};
use crate::model::{Database, Settings};
use crate::names::limit;
use crate::sizes::{Class, RDS, RDS_FROM_MEDIUM, RDS_STORAGE};
use exoc_diagnostics::Sink;
use exoc_ir::{Managed, Product};

/// What RDS knows of an engine.
struct Engine {
    title: &'static str,
    word: &'static str,
    /// Versions as the manifest and as RDS writes them.
    versions: &'static [(&'static str, &'static str)],
    /// Classes for one server alone.
    classes: &'static [Class],
    /// Logs that it can send to CloudWatch.
    logs: &'static [&'static str],
    /// Settings that exoc makes itself.
    settings: &'static [(&'static str, &'static str)],
    /// Names that it keeps, and the longest name of a user.
    names: (&'static [&'static str], usize),
    /// How a setting of the manifest is written.
    write: settings::Write,
}

/// Versions: Amazon RDS release notes for PostgreSQL, read 2026-11; 18 since 2025-11-14. Logs, settings: Amazon RDS
/// user guide, "Publishing PostgreSQL logs" and "Requiring an SSL connection", read 2026-11.
const POSTGRES: Engine = Engine {
    title: "PostgreSQL",
    word: "postgres",
    versions: &[("15", "15"), ("16", "16"), ("17", "17"), ("18", "18")],
    classes: RDS,
    logs: &["postgresql", "upgrade"],
    settings: &[
        ("log_min_duration_statement", "1000"),
        ("log_statement", "ddl"),
        ("rds.force_ssl", "1"),
    ],
    names: (reserved::POSTGRES, 63),
    write: settings::postgres,
};

/// Settings of MySQL and MariaDB: no connection without TLS, slow statements into a file that is published.
const OF_MYSQL: &[(&str, &str)] = &[
    ("log_output", "FILE"),
    ("long_query_time", "1"),
    ("require_secure_transport", "1"),
    ("slow_query_log", "1"),
];

/// Versions: Amazon RDS release notes for MySQL, read 2026-11; 9.x is no line with long-term support there. Classes:
/// "Amazon RDS DB engine, Region, and instance class support for Performance Insights": not on micro and small ones.
const MYSQL: Engine = Engine {
    title: "MySQL",
    word: "mysql",
    versions: &[("8.4", "8.4")],
    classes: RDS_FROM_MEDIUM,
    logs: &["error", "slowquery"],
    settings: OF_MYSQL,
    names: (reserved::MYSQL, 16),
    write: settings::option,
};

/// Versions: Amazon RDS release notes for MariaDB, read 2026-11; 12.3 since 2026-08-07. Classes: as for MySQL.
const MARIADB: Engine = Engine {
    title: "MariaDB",
    word: "mariadb",
    versions: &[
        ("10.11", "10.11"),
        ("11.4", "11.4"),
        ("11.8", "11.8"),
        ("12.3", "12.3"),
    ],
    classes: RDS_FROM_MEDIUM,
    logs: &["error", "slowquery"],
    settings: OF_MYSQL,
    names: (reserved::MYSQL, 16),
    write: settings::option,
};

/// The longest name of a database: of the three, PostgreSQL's.
///
/// Source: Amazon RDS API reference, `DBName`, read 2026-11.
const DATABASE: usize = 63;

/// Plans an instance of RDS.
pub(super) fn plan(context: &Context<'_>, subject: &Subject<'_>, sink: &mut Sink) -> Option<Database> {
    let Managed {
        product,
        version: _,      // read by `check::version`
        resources: _,    // read by `check::class`
        storage: _,      // read by `check::storage`
        parameters: _,   // read by `settings`
        image: _,        // read by `note::no_image`
        availability: _, // read by `check::is_high`
        backups: _,      // read by `check::backup_days`
        database,
        username,
        password: _, // `product` makes it
        // The master user owns the database and is no superuser: there is nobody else to log in as.
        administrator: _,
        subscribes: _, // only a queue has any
    } = subject.managed;
    let engine = engine(*product)?;
    note::no_image(context, subject, sink);
    let standby = check::is_high(subject);
    let version = check::version(context, subject, engine.versions, sink);
    let classes = if standby { RDS_FROM_MEDIUM } else { engine.classes };
    let class = check::class(context, subject, classes, sink);
    let storage_gib = check::storage(context, subject, RDS_STORAGE, sink);
    let backup_days = check::backup_days(subject);
    let own: Vec<&str> = engine.settings.iter().map(|(name, _)| *name).collect();
    let forced: Vec<&str> = own.iter().filter(|name| is_forced(name)).copied().collect();
    let parameters = settings::read(
        context,
        subject,
        |name, value| (engine.write)(&forced, name, value),
        sink,
    );
    let (database, username) = (database.as_ref()?, username.as_ref()?);
    let (kept, longest) = engine.names;
    let names = check::Names {
        product: "RDS",
        kept,
        database: DATABASE,
        username: longest,
    };
    check::account(context, subject, names, database, username, sink);
    let (class, version) = (class?, version?);
    Some(Database {
        title: engine.title,
        identifier: subject.name(context, limit::DATABASE, sink),
        monitoring_role: subject.name_with(context, &["monitoring"], limit::ROLE, sink),
        engine: engine.word,
        engine_version: version.to_owned(),
        family: format!("{}{version}", engine.word),
        class: class.name,
        picked: note::picked(context, subject, class, &format!(" with {storage_gib}Gi"), sink),
        storage_gib,
        most_storage_gib: (storage_gib * 2).min(RDS_STORAGE.1),
        port: exoc_catalogue::entry(*product).port,
        database: database.clone(),
        username: username.clone(),
        settings: without(engine.settings, &parameters),
        parameters,
        logs: engine.logs,
        backup_days,
        standby,
    })
}

/// The engine of a product; `None` for one that is no database of RDS.
const fn engine(product: Product) -> Option<Engine> {
    match product {
        Product::Postgres => Some(POSTGRES),
        Product::Mysql => Some(MYSQL),
        Product::Mariadb => Some(MARIADB),
        Product::Mongodb
        | Product::Redis
        | Product::Valkey
        | Product::Memcached
        | Product::Rabbitmq
        | Product::Nats
        | Product::Kafka
        | Product::Search
        | Product::Bucket
        | Product::Queue
        | Product::Topic => None,
    }
}

/// Whether a setting keeps connections safe, so that nobody may change it.
fn is_forced(name: &str) -> bool {
    matches!(name, "rds.force_ssl" | "require_secure_transport")
}

/// The settings that the manifest does not make.
fn without(settings: &[(&str, &str)], written: &Settings) -> Settings {
    let is_written = |name: &str| written.iter().any(|(known, _)| known == name);
    settings
        .iter()
        .filter(|(name, _)| !is_written(name))
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}
