//! Layers of a dependency.

use super::over as over_layer;
use crate::field::{Look, merge, replace, table};
use exoc_manifest::ast::{Dependency, Existing, Field, ServiceLayer, Table};

/// A stronger layer of a dependency over a weaker one.
///
/// A dependency whose type changes is replaced as a whole. One that a stronger layer says to exist already keeps its
/// type, and nothing of what a weaker layer wants to be made.
pub(super) fn over(weaker: &Dependency, stronger: &Dependency) -> Dependency {
    let Dependency {
        span,
        kind,
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
    } = stronger;
    let changes = match (weaker.kind.set(), kind.set()) {
        (Some(weaker), Some(stronger)) => weaker.value != stronger.value,
        (None, _) | (_, None) => false,
    };
    if changes {
        return stronger.clone();
    }
    let kept = existing.set().map(|_| only_type(weaker));
    let weaker = kept.as_ref().unwrap_or(weaker);
    Dependency {
        span: *span,
        kind: replace(&weaker.kind, kind),
        version: replace(&weaker.version, version),
        storage: replace(&weaker.storage, storage),
        database: replace(&weaker.database, database),
        username: replace(&weaker.username, username),
        parameters: table(&weaker.parameters, parameters, replace),
        availability: replace(&weaker.availability, availability),
        backups: replace(&weaker.backups, backups),
        subscribes: replace(&weaker.subscribes, subscribes),
        existing: merge(&weaker.existing, existing, over_existing),
        url: replace(&weaker.url, url),
        layer: over_layer(&weaker.layer, layer),
    }
}

/// What is left of a layer under one that says that the dependency exists already.
fn only_type(layer: &Dependency) -> Dependency {
    Dependency {
        span: layer.span,
        kind: layer.kind.clone(),
        version: Field::Absent,
        storage: Field::Absent,
        database: Field::Absent,
        username: Field::Absent,
        parameters: Table::new(),
        availability: Field::Absent,
        backups: Field::Absent,
        subscribes: Field::Absent,
        existing: layer.existing.clone(),
        url: layer.url.clone(),
        layer: ServiceLayer::default(),
    }
}

fn over_existing(weaker: &Existing, stronger: &Existing) -> Existing {
    let Existing { span, attributes } = stronger;
    Existing {
        span: *span,
        attributes: table(&weaker.attributes, attributes, replace),
    }
}
