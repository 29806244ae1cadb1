//! The Ingress. Knows no program.

use super::{Meta, Provenance};

/// The entry for HTTP, where that is no gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ingress {
    /// Its metadata.
    pub(crate) meta: Meta,
    /// Its class.
    pub(crate) class: String,
    /// The hosts with TLS, each with the Secret of its certificate.
    pub(crate) certificates: Vec<(String, String)>,
    /// What it answers to.
    pub(crate) hosts: Vec<IngressHost>,
}

/// A host and where its requests go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct IngressHost {
    /// The host.
    pub(crate) host: String,
    /// The beginnings of paths.
    pub(crate) paths: Vec<IngressPath>,
    /// Where it was written.
    pub(crate) from: Provenance,
}

/// Whole segments at the beginning of a path, and who gets what has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct IngressPath {
    /// The segments.
    pub(crate) path: String,
    /// The Service.
    pub(crate) service: String,
    /// Its port.
    pub(crate) port: u16,
    /// Where it was written, unless the host's other paths were written there as well.
    pub(crate) from: Provenance,
}
