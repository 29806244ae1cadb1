//! Where the fields of each node were written. Knows no node's meaning.

use crate::NodeId;
use exoc_diagnostics::Span;
use std::collections::BTreeMap;

/// The places of one node's fields, by the manifest's keys with dots; the node's own is that of the empty key.
type Fields = BTreeMap<String, Span>;

/// The places of all nodes. They are asked for by the hundred for each service, so that a node is found by its number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places {
    app: Vec<Fields>,
    environment: Vec<Fields>,
    images: Vec<Fields>,
    secrets: Vec<Fields>,
    services: Vec<Fields>,
    backings: Vec<Fields>,
    volumes: Vec<Fields>,
    doors: Vec<Fields>,
}

impl Places {
    pub(crate) const fn new() -> Self {
        Self {
            app: Vec::new(),
            environment: Vec::new(),
            images: Vec::new(),
            secrets: Vec::new(),
            services: Vec::new(),
            backings: Vec::new(),
            volumes: Vec::new(),
            doors: Vec::new(),
        }
    }

    /// The place of a field; of the nearest field around it that has one; none if not even the node has.
    pub(crate) fn find(&self, node: NodeId, field: &str) -> Option<Span> {
        let (nodes, index) = match node {
            NodeId::App => (&self.app, 0),
            NodeId::Environment => (&self.environment, 0),
            NodeId::Image(id) => (&self.images, id.index()),
            NodeId::Secret(id) => (&self.secrets, id.index()),
            NodeId::Service(id) => (&self.services, id.index()),
            NodeId::Backing(id) => (&self.backings, id.index()),
            NodeId::Volume(id) => (&self.volumes, id.index()),
            NodeId::Door(index) => (&self.doors, index),
        };
        let fields = nodes.get(index)?;
        let mut field = field;
        loop {
            if let Some(span) = fields.get(field) {
                return Some(*span);
            }
            match field.rsplit_once('.') {
                Some((outer, _)) => field = outer,
                None if field.is_empty() => return None,
                None => field = "",
            }
        }
    }

    /// Takes what another one knows; its nodes are the same, but for volumes from the `common`-th on, which come `later`.
    pub(crate) fn absorb(&mut self, other: Self, common: usize, later: usize) {
        let Self {
            app,
            environment,
            images,
            secrets,
            services,
            backings,
            volumes,
            doors,
        } = other;
        let lists = [
            (&mut self.app, app),
            (&mut self.environment, environment),
            (&mut self.images, images),
            (&mut self.secrets, secrets),
            (&mut self.services, services),
            (&mut self.backings, backings),
            (&mut self.doors, doors),
        ];
        for (own, others) in lists {
            take(own, others.into_iter().enumerate());
        }
        let volumes = volumes.into_iter().enumerate().skip(common);
        take(
            &mut self.volumes,
            volumes.map(|(index, fields)| (index + later, fields)),
        );
    }

    /// Remembers a place.
    pub(crate) fn put(&mut self, node: NodeId, field: &str, at: Span) {
        let (nodes, index) = match node {
            NodeId::App => (&mut self.app, 0),
            NodeId::Environment => (&mut self.environment, 0),
            NodeId::Image(id) => (&mut self.images, id.index()),
            NodeId::Secret(id) => (&mut self.secrets, id.index()),
            NodeId::Service(id) => (&mut self.services, id.index()),
            NodeId::Backing(id) => (&mut self.backings, id.index()),
            NodeId::Volume(id) => (&mut self.volumes, id.index()),
            NodeId::Door(index) => (&mut self.doors, index),
        };
        if nodes.len() <= index {
            nodes.resize_with(index + 1, Fields::new);
        }
        if let Some(fields) = nodes.get_mut(index) {
            fields.insert(field.to_owned(), at);
        }
    }
}

/// Adds what is known of each node.
fn take(own: &mut Vec<Fields>, others: impl Iterator<Item = (usize, Fields)>) {
    for (index, mut fields) in others.filter(|(_, fields)| !fields.is_empty()) {
        if own.len() <= index {
            own.resize_with(index + 1, Fields::new);
        }
        if let Some(known) = own.get_mut(index) {
            known.append(&mut fields);
        }
    }
}
