//! Edges: who opens connections to whom.

use crate::{Backing, Id, Service, Transport};
use exoc_diagnostics::Span;
use serde::Serialize;

/// Something that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Component {
    /// A service.
    Service(Id<Service>),
    /// A backing.
    Backing(Id<Backing>),
}

/// Where an edge ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Callee {
    /// At a component.
    Component(Component),
    /// At any public address.
    World,
}

/// One component may open connections to another, or to the world.
#[derive(Clone, Debug, Serialize)]
pub struct Edge {
    /// Who opens them: a service, or a container among the backings.
    pub from: Component,
    /// Where they lead.
    pub to: Callee,
    /// All ports of the callee; of an external its one; empty for the world, which means any.
    pub ports: Vec<EdgePort>,
    /// Why, with places; at least one.
    #[serde(skip)]
    pub reasons: Vec<Reason>,
}

/// A port at the end of an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct EdgePort {
    /// Its number. For a managed backing the product's own; a target that rents it may have another.
    pub number: u16,
    /// What carries its packets.
    pub transport: Transport,
}

/// Why there is an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The manifest says that one uses the other.
    Use(Span),
    /// A value refers to an attribute of the other.
    Reference(Span),
}

impl Reason {
    /// The place.
    #[must_use]
    pub const fn span(self) -> Span {
        match self {
            Self::Use(span) | Self::Reference(span) => span,
        }
    }
}
