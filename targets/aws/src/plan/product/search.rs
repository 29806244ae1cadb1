//! Search: `OpenSearch` Service.

use super::{Context, Subject, attribute, check, note, settings};
use crate::model::{Search, Spread};
use crate::names::limit;
use crate::sizes::{OPENSEARCH, OPENSEARCH_FROM_LARGE, OPENSEARCH_STORAGE, opensearch_storage};
use exoc_diagnostics::{Diagnostic, Sink, codes};
use exoc_ir::Managed;

/// Versions of `OpenSearch`, as the manifest and as AWS writes them.
///
/// Source: endoflife-date/endoflife.date at a70eca3 (2026-08-22), amazon-opensearch.
const VERSIONS: &[(&str, &str)] = &[
    ("2.19", "OpenSearch_2.19"),
    ("3.1", "OpenSearch_3.1"),
    ("3.3", "OpenSearch_3.3"),
    ("3.5", "OpenSearch_3.5"),
];

/// The settings that `OpenSearch` Service takes.
///
/// Source: Amazon `OpenSearch` Service developer guide, "Advanced cluster settings", read 2026-11.
const SETTINGS: &[&str] = &[
    "indices.fielddata.cache.size",
    "indices.query.bool.max_clause_count",
    "rest.action.multi.allow_explicit_index",
];

/// What AWS says of the settings where nobody does, so that a plan finds nothing to change.
const DEFAULTS: [(&str, &str); 2] = [
    ("override_main_response_version", "false"),
    ("rest.action.multi.allow_explicit_index", "true"),
];

/// Days that AWS keeps the snapshots that it makes every hour.
///
/// Source: Amazon `OpenSearch` Service developer guide, "Creating index snapshots", read 2026-11.
const SNAPSHOT_DAYS: u32 = 14;

/// Plans a domain.
pub(super) fn plan(context: &Context<'_>, subject: &Subject<'_>, sink: &mut Sink) -> Option<Search> {
    let Managed {
        product: _,
        version: _,   // read by `check::version`
        resources: _, // read by `check::class`
        storage: _,   // read by `check::storage`
        parameters: _,
        image: _,        // read by `note::no_image`
        availability: _, // read by `check::is_high`
        backups: _,      // read by `check_backups`
        database: _,     // it has none
        username: _,     // where it runs in a container nobody logs in
        password: _,     // likewise; `product` makes one
        administrator: _,
        subscribes: _, // only a queue has any
    } = subject.managed;
    note::no_image(context, subject, sink);
    check_backups(context, subject, sink);
    let high = check::is_high(subject);
    check::zones(context, subject, 3, sink);
    let version = check::version(context, subject, VERSIONS, sink);
    let classes = if high { OPENSEARCH_FROM_LARGE } else { OPENSEARCH };
    let class = check::class(context, subject, classes, sink);
    let listed = |name: &str, value: &str| settings::listed("OpenSearch Service", SETTINGS, name, value);
    let mut options = settings::read(context, subject, listed, sink);
    if !options.is_empty() {
        for (name, value) in DEFAULTS {
            if !options.iter().any(|(known, _)| known == name) {
                options.push((name.to_owned(), value.to_owned()));
            }
        }
        options.sort();
    }
    let (class, version) = (class?, version?);
    let bounds = (OPENSEARCH_STORAGE, opensearch_storage(class.name));
    let storage_gib = check::storage(context, subject, bounds, sink);
    let nodes = if high { 3 } else { 1 };
    note::state_password(
        context,
        subject,
        "; it is that of the domain's administrator, the only user that AWS makes",
        sink,
    );
    let times = if high { ", 3 times" } else { "" };
    Some(Search {
        name: subject.name(context, limit::SEARCH, sink),
        engine_version: version.to_owned(),
        instance_type: class.name,
        picked: note::picked(
            context,
            subject,
            class,
            &format!("{times} with {storage_gib}Gi"),
            sink,
        ),
        nodes,
        managers: high.then_some((3, "m7g.large.search")),
        spread: Spread::First(nodes as usize),
        storage_gib,
        username: attribute::default_username(context),
        options,
        log_group: format!("/{}/", context.names.path(&[subject.identity])),
    })
}

/// AWS keeps its snapshots for so many days, and neither longer nor shorter.
fn check_backups(context: &Context<'_>, subject: &Subject<'_>, sink: &mut Sink) {
    if subject.managed.backups.is_some_and(|days| days != SNAPSHOT_DAYS) {
        sink.error(
            Diagnostic::new(
                codes::TARGET_LIMIT,
                format!(
                    "aws keeps the hourly snapshots of `{}` for {SNAPSHOT_DAYS} days, and no other time",
                    subject.role
                ),
            )
            .at(subject.at(context, "backups"), "")
            .help(format!("write `backups: {SNAPSHOT_DAYS}d`, or leave it out")),
        );
    }
}
