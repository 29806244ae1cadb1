//! A layer that makes a job of what was none: keys that no job has are no longer those of weaker layers. Several
//! services of one folder are often a server and its jobs, and the folder's file speaks of the server.

use crate::build::job::Start;
use exoc_manifest::ast::{DevelopmentKeys, Field, ServiceLayer};
use std::borrow::Cow;

/// Whether a layer says what starts a job.
pub(super) fn names_a_start(layer: &ServiceLayer) -> bool {
    Start::of(layer).is_ok_and(|start| start.is_some())
}

/// What is left of a weaker layer below a stronger one.
pub(super) fn below<'a>(weaker: &'a ServiceLayer, stronger: &ServiceLayer) -> Cow<'a, ServiceLayer> {
    if !names_a_start(stronger) || names_a_start(weaker) {
        return Cow::Borrowed(weaker);
    }
    Cow::Owned(ServiceLayer {
        kind: Field::Absent,
        ports: Field::Absent,
        route: Field::Absent,
        health: Field::Absent,
        scale: Field::Absent,
        ..weaker.clone()
    })
}

/// The same of the keys that only `development` has.
pub(super) fn development_below(weaker: DevelopmentKeys, stronger: &ServiceLayer) -> DevelopmentKeys {
    if !names_a_start(stronger) {
        return weaker;
    }
    DevelopmentKeys {
        watch: Field::Absent,
        publish: Field::Absent,
        ..weaker
    }
}
