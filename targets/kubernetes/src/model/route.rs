//! The Gateway and its routes.

use super::{Meta, Provenance};

/// The entry for HTTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Gateway {
    /// Its metadata.
    pub(crate) meta: Meta,
    /// Its class.
    pub(crate) class: String,
    /// Where it listens.
    pub(crate) listeners: Vec<Listener>,
}

/// A listener for routes of the gateway's own namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listener {
    /// Its name.
    pub(crate) name: String,
    /// Its port.
    pub(crate) port: u16,
    /// The host that it answers to; `None` for all.
    pub(crate) host: Option<String>,
    /// The Secret of its certificate, if it speaks TLS.
    pub(crate) certificate: Option<String>,
    /// The routes that it is for.
    pub(crate) from: Provenance,
}

/// Where requests go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Route {
    /// Its metadata.
    pub(crate) meta: Meta,
    /// What it is.
    pub(crate) kind: RouteKind,
    /// Where its requests enter.
    pub(crate) parents: Vec<Parent>,
    /// The hosts; none for all of its parents.
    pub(crate) hosts: Vec<String>,
    /// What happens to them.
    pub(crate) rules: RouteRules,
}

/// What a route is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum RouteKind {
    /// HTTPRoute.
    Http,
    /// GRPCRoute.
    Grpc,
}

/// A listener of a gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Parent {
    /// The gateway.
    pub(crate) gateway: String,
    /// Its namespace, if it is another one than the route's.
    pub(crate) namespace: Option<String>,
    /// The listener.
    pub(crate) section: String,
}

/// What happens to the requests of a route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RouteRules {
    /// All are sent to `https`.
    RedirectToHttps,
    /// They are forwarded.
    Forward(Vec<Forward>),
}

/// A rule that forwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Forward {
    /// What it matches.
    pub(crate) matches: Match,
    /// Whether the matched prefix is removed.
    pub(crate) strip: bool,
    /// Seconds that a request may take; `None` for what the gateway allows.
    pub(crate) timeout: Option<u32>,
    /// The Service.
    pub(crate) service: String,
    /// Its port.
    pub(crate) port: u16,
    /// Where it was written, unless the route's other rules were written there as well.
    pub(crate) from: Provenance,
}

/// What a rule matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Match {
    /// Everything.
    All,
    /// Whole segments at the beginning of the path.
    Prefix(String),
    /// The methods of a gRPC service.
    GrpcService(String),
}
