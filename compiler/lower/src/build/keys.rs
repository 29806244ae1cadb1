//! Which keys each type of dependency takes.

use super::backing::product;
use crate::field::Look;
use crate::words::list;
use exoc_catalogue::Entry;
use exoc_diagnostics::{Diagnostic, Sink, Span, Spanned, codes};
use exoc_ir::{Attribute, Product};
use exoc_manifest::ast::{Dependency, DependencyType, Field, ServiceLayer};

/// A key: its word, where it is written if it is, and whether the type takes it.
type Key = (&'static str, Option<Span>, bool);

/// Reports keys that a type of dependency does not have.
pub(super) fn foreign_keys(kind: Spanned<DependencyType>, dependency: &Dependency, sink: &mut Sink) {
    let word = word(kind.value);
    let keys = keys(kind.value, dependency);
    let existing = dependency.existing.set();
    if let Some(existing) = existing.filter(|_| product(kind.value).is_some()) {
        beside_existing(word, existing.span, &keys, sink);
    }
    let has: Vec<&str> = keys
        .iter()
        .filter(|(_, _, fits)| *fits)
        .map(|(key, _, _)| *key)
        .collect();
    for (key, span, fits) in keys {
        if let (Some(span), false) = (span, fits) {
            // Either key says it.
            let key = if key == "ports" { "port" } else { key };
            sink.error(
                Diagnostic::new(
                    codes::KEY_NOT_FOR_TYPE,
                    format!("a dependency of type `{word}` has no `{key}`"),
                )
                .at(span, "does not belong here")
                .also(kind.span, "the type")
                .help(format!("besides `type` it has {}", list(has.iter().copied()))),
            );
        }
    }
}

/// Reports keys of a product that say how it is made, where it exists already.
fn beside_existing(word: &str, existing: Span, keys: &[Key], sink: &mut Sink) {
    let made = keys.iter().filter(|(key, _, fits)| *fits && *key != "existing");
    for (key, span, _) in made {
        let Some(span) = span else { continue };
        sink.error(
            Diagnostic::new(
                codes::KEY_NOT_FOR_TYPE,
                format!("a dependency that exists already has no `{key}`"),
            )
            .at(*span, "nothing is made that could have it")
            .also(existing, "it exists")
            .help(format!(
                "remove it: `existing` keeps the type `{word}`, and everything else is what is there"
            )),
        );
    }
}

fn keys(kind: DependencyType, dependency: &Dependency) -> Vec<Key> {
    let Dependency {
        span: _,
        kind: _,
        version,
        storage,
        database,
        username,
        parameters,
        availability,
        backups,
        subscribes,
        existing,
        url,
        layer,
    } = dependency;
    let entry = product(kind);
    let managed = entry.is_some();
    let entry_has = |fits: &dyn Fn(&Entry) -> bool| entry.is_some_and(fits);
    let types = [
        DependencyType::Container,
        DependencyType::External,
        DependencyType::Volume,
    ];
    let [container, external, volume] = types.map(|one| one == kind);
    let has_size = volume || entry_has(&|entry| entry.storage);
    let mut keys = vec![
        (
            "version",
            at(version, |value| value.span),
            entry_has(&|entry| !entry.versions.is_empty()),
        ),
        ("storage", at(storage, |value| value.span), has_size),
        (
            "database",
            at(database, |value| value.span),
            entry_has(&|entry| entry.always_has(Attribute::Database)),
        ),
        (
            "username",
            at(username, |value| value.span),
            entry_has(&|entry| entry.always_has(Attribute::Username)),
        ),
        (
            "parameters",
            parameters.keys().next().map(|key| key.span),
            entry_has(&|entry| entry.parameters),
        ),
        (
            "availability",
            at(availability, |value| value.span),
            managed || volume,
        ),
        ("backups", at(backups, |value| value.span), has_size),
        (
            "subscribes",
            at(subscribes, |value| value.span),
            entry_has(&|entry| entry.product == Product::Queue),
        ),
        ("existing", at(existing, |value| value.span), managed),
        (
            "image",
            at(&layer.image, |value| value.span),
            managed || container,
        ),
        ("url", at(url, |value| value.span), external),
        ("cpu", at(&layer.cpu, |value| value.span), managed || container),
        (
            "memory",
            at(&layer.memory, |value| value.span),
            managed || container,
        ),
        (
            "was",
            at(&layer.was, |value| value.span),
            managed || container || volume,
        ),
    ];
    keys.extend(of_containers(layer).map(|(key, span)| (key, span, container)));
    keys
}

/// Keys that only a container has, and where they are written.
fn of_containers(layer: &ServiceLayer) -> impl Iterator<Item = (&'static str, Option<Span>)> {
    [
        ("platforms", at(&layer.platforms, |value| value.span)),
        ("entrypoint", at(&layer.entrypoint, |value| value.span)),
        ("command", at(&layer.command, |value| value.span)),
        ("ports", at(&layer.ports, |value| value.span)),
        ("health", at(&layer.health, |value| value.span)),
        ("uses", at(&layer.uses, |value| value.span)),
        ("environment", layer.environment.keys().next().map(|key| key.span)),
        ("writable", layer.writable.keys().next().map(|key| key.span)),
        ("volumes", layer.volumes.keys().next().map(|key| key.span)),
        ("files", layer.files.keys().next().map(|key| key.span)),
        ("security", at(&layer.security, |value| value.span)),
        ("shutdown", at(&layer.shutdown, |value| value.span)),
    ]
    .into_iter()
}

fn at<T>(field: &Field<T>, span: impl Fn(&T) -> Span) -> Option<Span> {
    field.set().map(span)
}

const fn word(kind: DependencyType) -> &'static str {
    match kind {
        DependencyType::Managed(word) => word,
        DependencyType::Container => "container",
        DependencyType::External => "external",
        DependencyType::Volume => "volume",
    }
}
