//! From merged keys to nodes of the program. One file per family of nodes.
//!
//! Faults are reported where they are found, and the node is made all the same, with a stand-in for what is not
//! known: so a target's refusals come out in the same run. A program with a fault is never finished, and no
//! stand-in needs a feature that the manifest did not ask for.

mod account;
pub(crate) mod assemble;
pub(crate) mod backing;
mod development;
pub(crate) mod door;
pub(crate) mod edge;
pub(crate) mod existing;
pub(crate) mod external;
mod file;
pub(crate) mod health;
pub(crate) mod image;
pub(crate) mod job;
mod keys;
mod parameters;
pub(crate) mod ports;
pub(crate) mod scale;
mod schedule;
pub(crate) mod security;
pub(crate) mod service;
pub(crate) mod shared;
mod subscription;
pub(crate) mod variables;
pub(crate) mod volume;
pub(crate) mod workload;

use crate::environment::Surroundings;
use crate::field::Look;
use crate::merge::Merged;
use crate::resolve::{Own, Place, Resolver};
use crate::scope::{Scope, Secrets};
use exoc_diagnostics::{Failed, Sink, Span, VirtualPath};
use exoc_ir::{Builder, Component, NodeId, Value};
use exoc_manifest::ast::{ServiceLayer, Source, Text};
use std::collections::BTreeMap;

/// One environment while its nodes are made.
pub(crate) struct Lowering<'a> {
    pub(crate) merged: &'a Merged,
    pub(crate) surroundings: &'a Surroundings,
    pub(crate) app: &'a Result<String, Failed>,
    pub(crate) secrets: &'a Secrets,
    pub(crate) scope: &'a Scope,
    pub(crate) builder: Builder,
    pub(crate) sink: &'a mut Sink,
    /// What stands at the sources of files.
    pub(crate) contents: &'a BTreeMap<VirtualPath, Result<Source, Failed>>,
    pub(crate) images: image::Images,
    pub(crate) edges: edge::Edges,
    /// Which job waits for which.
    pub(crate) waits: job::Waits,
    /// Who writes which shared volume.
    pub(crate) writers: shared::Writers,
}

/// A component with a workload, and what its layers say.
#[derive(Clone, Copy)]
pub(crate) struct Site<'a> {
    pub(crate) role: &'a str,
    pub(crate) key: Span,
    pub(crate) component: Component,
    pub(crate) layer: &'a ServiceLayer,
}

impl Site<'_> {
    /// The node whose places are set.
    pub(crate) const fn node(&self) -> NodeId {
        match self.component {
            Component::Service(id) => NodeId::Service(id),
            Component::Backing(id) => NodeId::Backing(id),
        }
    }

    /// What its data and its history are named after.
    pub(crate) fn identity(&self) -> &str {
        identity(self.role, self.layer)
    }

    /// What it is, for messages.
    pub(crate) fn noun(&self) -> String {
        let word = match self.component {
            Component::Service(_) => "service",
            Component::Backing(_) => "dependency",
        };
        format!("the {word} `{}`", self.role)
    }
}

/// What the data of a role is named after: the role, or the one that it had.
pub(crate) fn identity<'a>(role: &'a str, layer: &'a ServiceLayer) -> &'a str {
    layer.was.set().map_or(role, |was| was.value.as_str())
}

impl Lowering<'_> {
    /// The value of a text of a component; what it refers to becomes edges.
    pub(crate) fn value(&mut self, site: &Site<'_>, text: &Text, place: Place) -> Result<Value, Failed> {
        let mut resolver = Resolver {
            app: self.app,
            surroundings: self.surroundings,
            secrets: self.secrets,
            scope: self.scope,
            sink: self.sink,
            references: Vec::new(),
        };
        let value = resolver.text(
            text,
            place,
            Own {
                role: Some(site.role),
            },
        );
        for (role, at) in resolver.references {
            self.referred(site, &role, at);
        }
        value
    }

    /// Remembers where a component says how it was called.
    pub(crate) fn place_identity(&mut self, site: &Site<'_>) {
        if let Some(was) = site.layer.was.set() {
            self.place(site, "was", was.span);
        }
    }

    /// Remembers where a field of a component was written.
    pub(crate) fn place(&mut self, site: &Site<'_>, field: &str, at: Span) {
        self.builder.place(site.node(), field, at);
    }
}
