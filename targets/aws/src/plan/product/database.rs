//! Postgres, MySQL and MariaDB: RDS.

use super::{Context, Subject, check};
use crate::model::Database;
use crate::names::limit;
use crate::sizes::{RDS, RDS_STORAGE};
use exoc_diagnostics::Sink;
use exoc_ir::{Managed, Product};

/// Days that backups are kept.
const BACKUP_DAYS: u32 = 7;

/// Major versions of PostgreSQL that RDS offers.
///
/// Source: Amazon RDS release notes for PostgreSQL, read 2026-11; 18 since 2025-11-14.
const POSTGRES: &[&str] = &["15", "16", "17", "18"];

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

/// Plans an instance of RDS.
pub(super) fn plan(context: &Context<'_>, subject: &Subject<'_>, sink: &mut Sink) -> Option<Database> {
    let Managed {
        product: _,
        version,
        resources: _, // read by `check::class`
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
    check::version(context, subject, POSTGRES, sink);
    let class = check::class(context, subject, RDS, sink);
    let (least, most) = RDS_STORAGE;
    if storage.as_gibi() > most {
        check::too_large(context, subject, "storage", &format!("{most}Gi of storage"), sink);
    }
    let (database, username) = (database.as_ref()?, username.as_ref()?);
    let version = version.as_ref()?;
    check::reserved(context, subject, ("RDS", RESERVED), ("database", database), sink);
    check::reserved(context, subject, ("RDS", RESERVED), ("username", username), sink);
    let text = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    Some(Database {
        title: "PostgreSQL",
        identifier: subject.name(context, limit::DATABASE, sink),
        monitoring_role: subject.name_with(context, &["monitoring"], limit::ROLE, sink),
        engine: "postgres",
        engine_version: version.clone(),
        family: format!("postgres{version}"),
        class: class?.name,
        storage_gib: storage.as_gibi().max(least),
        port: exoc_catalogue::entry(Product::Postgres).port,
        database: database.clone(),
        username: username.clone(),
        parameters: [
            ("log_min_duration_statement", "1000"),
            ("log_statement", "ddl"),
            ("rds.force_ssl", "1"),
        ]
        .map(text)
        .into(),
        logs: &["postgresql", "upgrade"],
        backup_days: BACKUP_DAYS,
    })
}
