//! MongoDB: `DocumentDB`.

use super::{Context, Subject, check, note, reserved, settings};
use crate::model::Documents;
use crate::names::limit;
use crate::sizes::DOCUMENTDB;
use exoc_diagnostics::{Sink, codes};
use exoc_ir::Managed;

/// Versions of `DocumentDB`, as the manifest and as AWS writes them.
///
/// Source: Amazon `DocumentDB` developer guide, release notes, read 2026-11.
const VERSIONS: &[(&str, &str)] = &[("5.0", "5.0.0"), ("8.0", "8.0.0")];

/// The settings of a cluster that are left to the manifest; TLS and the audit log are always on.
///
/// Source: Amazon `DocumentDB` developer guide, "Amazon DocumentDB cluster parameters reference", read 2026-11.
const SETTINGS: &[&str] = &[
    "change_stream_log_retention_duration",
    "default_collection_compression",
    "planner_version",
    "profiler_sampling_rate",
    "profiler_threshold_ms",
    "ttl_monitor",
];

/// Plans a cluster.
pub(super) fn plan(context: &Context<'_>, subject: &Subject<'_>, sink: &mut Sink) -> Option<Documents> {
    let Managed {
        product,
        version: _,      // read by `check::version`
        resources: _,    // read by `check::class`
        storage: _,      // it grows by itself; the note says so
        parameters: _,   // read by `settings`
        image: _,        // read by `note::no_image`
        availability: _, // read by `check::is_high`
        backups: _,      // read by `check::backup_days`
        database,
        username,
        password: _,      // `product` makes it
        administrator: _, // the master user is no superuser
        subscribes: _,    // only a queue has any
    } = subject.managed;
    note::no_image(context, subject, sink);
    let version = check::version(context, subject, VERSIONS, sink);
    let class = check::class(context, subject, DOCUMENTDB, sink);
    let backup_days = check::backup_days(subject);
    let listed = |name: &str, value: &str| settings::listed("DocumentDB", SETTINGS, name, value);
    let written = settings::read(context, subject, listed, sink);
    let (database, username) = (database.as_ref()?, username.as_ref()?);
    let names = check::Names {
        product: "DocumentDB",
        kept: reserved::DOCUMENTDB,
        database: 63,
        username: 63,
    };
    check::account(context, subject, names, database, username, sink);
    let (class, version) = (class?, version?);
    let message = format!(
        "`{}` becomes DocumentDB, which speaks MongoDB's protocol and lacks some of its features",
        subject.role
    );
    note::say(
        context,
        subject,
        codes::DOCUMENTDB,
        &message,
        "a driver that verifies certificates needs the bundle of RDS in the image; try the application's queries against DocumentDB",
        sink,
    );
    let own = [
        ("audit_logs", "enabled"),
        ("profiler", "enabled"),
        ("tls", "enabled"),
    ];
    let own = own.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let mut parameters: Vec<_> = own.into_iter().chain(written).collect();
    parameters.sort();
    Some(Documents {
        identifier: subject.name(context, limit::DOCUMENTS, sink),
        engine_version: version,
        family: if version == "5.0.0" {
            "docdb5.0"
        } else {
            "docdb8.0"
        },
        class: class.name,
        picked: note::picked(
            context,
            subject,
            class,
            ", with storage that grows by itself",
            sink,
        ),
        instances: if check::is_high(subject) { 2 } else { 1 },
        port: exoc_catalogue::entry(*product).port,
        username: username.clone(),
        parameters,
        backup_days,
    })
}
