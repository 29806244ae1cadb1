//! What AWS does not rent: versions, sizes, names, settings. Each is reported at the line that asks for it.

use super::{Context, Subject};
use crate::sizes::Class;
use exoc_diagnostics::{Diagnostic, Sink, codes};
use exoc_ir::{Availability, NodeId, Product};

/// The class that the numbers pick; reports if there is none so large.
pub(super) fn class(
    context: &Context<'_>,
    subject: &Subject<'_>,
    table: &'static [Class],
    sink: &mut Sink,
) -> Option<Class> {
    let class = Class::pick(table, subject.managed.resources);
    if class.is_none() {
        let largest = table.last().map_or_else(String::new, |class| {
            format!("{} and {}", class.cores_in_words(), class.memory())
        });
        too_large(context, subject, "cpu", &largest, sink);
    }
    class
}

/// Reports a number beyond the largest product.
pub(super) fn too_large(
    context: &Context<'_>,
    subject: &Subject<'_>,
    field: &str,
    most: &str,
    sink: &mut Sink,
) {
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

/// The storage in GiB, at least the least; reports more than the most.
pub(super) fn storage(
    context: &Context<'_>,
    subject: &Subject<'_>,
    (least, most): (u64, u64),
    sink: &mut Sink,
) -> u64 {
    let storage = subject.managed.storage.as_gibi();
    if storage > most {
        too_large(context, subject, "storage", &format!("{most}Gi of storage"), sink);
    }
    storage.max(least)
}

/// What AWS calls the version, from a table of what it offers; reports one that it does not, with the nearest.
pub(super) fn version(
    context: &Context<'_>,
    subject: &Subject<'_>,
    offered: &[(&str, &'static str)],
    sink: &mut Sink,
) -> Option<&'static str> {
    let version = subject.managed.version.as_deref().unwrap_or_default();
    if let Some((_, own)) = offered.iter().find(|(known, _)| *known == version) {
        return Some(own);
    }
    let product = subject.managed.product;
    let word = product.word();
    let nearest = offered
        .iter()
        .map(|(known, _)| *known)
        .filter(|known| exoc_catalogue::entry(product).version(known).is_some())
        .min_by_key(|candidate| distance(candidate, version))
        .unwrap_or_default();
    let mut diagnostic = Diagnostic::new(
        codes::VERSION_NOT_OFFERED,
        format!("aws does not offer {word} {version}"),
    )
    .at(subject.at(context, "version"), "")
    .help(format!("the nearest version offered is `{word}:{nearest}`"));
    if product == Product::Redis {
        diagnostic = diagnostic.help(
            "AWS rents Redis up to 7.1, and after it Valkey, which speaks the same protocol: `valkey:9.0`",
        );
    }
    sink.error(diagnostic);
    None
}

/// How far two versions are apart: first by the major number, then by the minor one.
fn distance(one: &str, other: &str) -> (u64, u64) {
    let numbers = |version: &str| {
        let mut numbers = version.split('.').map(|part| part.parse::<u64>().unwrap_or(0));
        (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
    };
    let ((major, minor), (others, minors)) = (numbers(one), numbers(other));
    (major.abs_diff(others), minor.abs_diff(minors))
}

/// What a product says of names: which it keeps to itself, and how long a database's and a user's may be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Names {
    pub(super) product: &'static str,
    pub(super) kept: &'static [&'static str],
    pub(super) database: usize,
    pub(super) username: usize,
}

/// Reports names of a database and a user that the product does not take; once where both are the application's.
pub(super) fn account(
    context: &Context<'_>,
    subject: &Subject<'_>,
    names: Names,
    database: &str,
    username: &str,
    sink: &mut Sink,
) {
    let whole = subject.at(context, "");
    let is_default = |key: &str| subject.at(context, key) == whole;
    if database == username && is_default("database") && is_default("username") {
        let longest = names.database.min(names.username);
        name(
            context,
            subject,
            names,
            longest,
            (&["database", "username"], database),
            sink,
        );
    } else {
        name(
            context,
            subject,
            names,
            names.database,
            (&["database"], database),
            sink,
        );
        name(
            context,
            subject,
            names,
            names.username,
            (&["username"], username),
            sink,
        );
    }
}

/// Reports a name that the product keeps to itself, or that is longer than it takes.
pub(super) fn name(
    context: &Context<'_>,
    subject: &Subject<'_>,
    names: Names,
    most: usize,
    (keys, name): (&[&str], &str),
    sink: &mut Sink,
) {
    let (product, role) = (names.product, subject.role);
    let what = keys.join(" and the ");
    let fault = if names.kept.iter().any(|word| word.eq_ignore_ascii_case(name)) {
        format!("{product} keeps the name `{name}` to itself, which is the {what} of `{role}`")
    } else if name.len() > most {
        format!("{product} takes at most {most} characters for `{name}`, the {what} of `{role}`")
    } else {
        return;
    };
    let Some(first) = keys.first() else { return };
    let quoted: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
    sink.error(
        Diagnostic::new(codes::TARGET_LIMIT, fault)
            .at(subject.at(context, first), "")
            .help(format!("write another {}", quoted.join(" and another "))),
    );
}

/// Days that backups are kept, where AWS keeps them itself and the manifest cannot say how long.
pub(super) fn no_backups(context: &Context<'_>, subject: &Subject<'_>, instead: &str, sink: &mut Sink) {
    if subject.managed.backups.is_some() {
        refuse(
            context,
            subject,
            "backups",
            &format!("aws makes no backups of `{}`", subject.role),
            instead,
            sink,
        );
    }
}

/// Days that backups are kept: the language knows no number that AWS does not.
///
/// Source: Amazon RDS API reference, `BackupRetentionPeriod`, and that of `DocumentDB`, read 2026-11: at most 35.
pub(super) fn backup_days(subject: &Subject<'_>) -> u32 {
    subject.managed.backups.unwrap_or(BACKUP_DAYS)
}

/// Days that backups are kept unless the manifest says otherwise.
const BACKUP_DAYS: u32 = 7;

/// Whether another server takes over.
pub(super) const fn is_high(subject: &Subject<'_>) -> bool {
    match subject.managed.availability {
        Availability::High => true,
        Availability::Single => false,
    }
}

/// Reports that a product's servers need more zones than the network has.
pub(super) fn zones(context: &Context<'_>, subject: &Subject<'_>, least: usize, sink: &mut Sink) {
    let zones = &context.options.zones;
    if is_high(subject) && zones.len() < least {
        let region = &context.options.region;
        let example: Vec<String> = ["a", "b", "c"].map(|letter| format!("{region}{letter}")).into();
        sink.error(
            Diagnostic::new(
                codes::TARGET_LIMIT,
                format!(
                    "`{}` with `availability: high` needs {least} zones, and the network has {}",
                    subject.role,
                    zones.len()
                ),
            )
            .at(subject.at(context, "availability"), "")
            .help(format!(
                "write three zones under `targets.aws`, as in `zones: [{}]`",
                example.join(", ")
            )),
        );
    }
}

/// Reports what a product does not do at all.
pub(super) fn refuse(
    context: &Context<'_>,
    subject: &Subject<'_>,
    field: &str,
    message: &str,
    instead: &str,
    sink: &mut Sink,
) {
    sink.error(
        Diagnostic::new(codes::REFUSED_FEATURE, message)
            .at(subject.at(context, field), "")
            .help(instead),
    );
}
