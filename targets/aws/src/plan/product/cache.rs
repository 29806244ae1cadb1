//! Redis: ElastiCache with a password.

use super::{Context, Subject, check};
use crate::model::Cache;
use crate::names::limit;
use crate::sizes::ELASTICACHE;
use exoc_diagnostics::Sink;
use exoc_ir::{Managed, Product};

/// Versions of Redis that ElastiCache offers, as the manifest writes them.
///
/// Source: Amazon ElastiCache user guide, "Supported engines and versions", read 2026-11: Redis OSS ends at 7.1.
const REDIS: &[&str] = &["7"];

/// Plans a replication group.
pub(super) fn plan(context: &Context<'_>, subject: &Subject<'_>, sink: &mut Sink) -> Option<Cache> {
    let Managed {
        product: _,
        // One version is offered; any other is refused here.
        version: _,
        resources: _, // read by `check::class`
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
    check::version(context, subject, REDIS, sink);
    let class = check::class(context, subject, ELASTICACHE, sink);
    Some(Cache {
        title: "Redis",
        name: subject.name(context, limit::CACHE, sink),
        log_group: format!("/{}", context.names.path(&[subject.role])),
        engine: "redis",
        engine_version: "7.1",
        family: "redis7",
        node_type: class?.name,
        port: exoc_catalogue::entry(Product::Redis).port,
    })
}
