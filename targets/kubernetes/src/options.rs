//! The options under `targets.kubernetes`: their schema and their defaults. Knows what a cluster may call things;
//! not what the names are used for.

use exoc_diagnostics::Node;
use exoc_ir::{Program, shorten};

/// The JSON Schema of the options.
pub(crate) const SCHEMA: &str = include_str!("options.schema.json");

/// The options, complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Options {
    /// The namespace that holds everything.
    pub(crate) namespace: String,
    /// The class of the gateway.
    pub(crate) gateway_class: String,
    /// The namespace of the pods that forward what enters.
    pub(crate) gateway_namespace: String,
    /// The cert-manager issuer of the gateway's certificates, if there is one.
    pub(crate) cluster_issuer: Option<String>,
    /// The storage class of claims; the cluster's default if not given.
    pub(crate) storage_class: Option<String>,
}

impl Options {
    /// Reads a mapping that the schema accepts.
    pub(crate) fn read(node: &Node, program: &Program) -> Self {
        let text = |key: &str| node.get(key).and_then(Node::as_text).map(str::to_owned);
        let namespace = || shorten(&[&program.app().name, &program.environment().name], 63).name;
        Self {
            namespace: text("namespace").unwrap_or_else(namespace),
            gateway_class: text("gateway-class").unwrap_or_else(|| "gateway".to_owned()),
            gateway_namespace: text("gateway-namespace").unwrap_or_else(|| "gateway-system".to_owned()),
            cluster_issuer: text("cluster-issuer"),
            storage_class: text("storage-class"),
        }
    }
}
