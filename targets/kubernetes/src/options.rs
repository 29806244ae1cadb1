//! The options under `targets.kubernetes`: their schema and their defaults. Knows what a cluster may call things;
//! not what the names are used for.

mod backups;
mod entry;
mod version;

pub(crate) use backups::{Access, Backups, Endpoint};
pub(crate) use entry::{Entry, GivenGateway, Way};
pub(crate) use version::Version;

use exoc_diagnostics::{Failed, Node, Sink};
use exoc_ir::{Program, shorten};

/// The JSON Schema of the options.
pub(crate) const SCHEMA: &str = include_str!("options.schema.json");

/// The options, complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Options {
    /// The namespace that holds everything.
    pub(crate) namespace: String,
    /// The least version of the cluster.
    pub(crate) version: Version,
    /// What public HTTP enters by.
    pub(crate) entry: Entry,
    /// The cert-manager issuer of the certificates of public hosts, if there is one.
    pub(crate) cluster_issuer: Option<String>,
    /// The priority class of all pods; the cluster's default if not given.
    pub(crate) priority_class: Option<String>,
    /// The Secrets by which images are pulled.
    pub(crate) pull_secrets: Vec<String>,
    /// The storage class of claims; the cluster's default if not given.
    pub(crate) storage_class: Option<String>,
    /// The store of secrets, where an operator makes them of it; `None` where people make them.
    pub(crate) secret_store: Option<SecretStore>,
    /// The namespace of CloudNativePG, where it runs what is PostgreSQL.
    pub(crate) cloudnative_pg: Option<String>,
    /// The namespace of the RabbitMQ Cluster Operator, where it runs what is RabbitMQ.
    pub(crate) rabbitmq: Option<String>,
    /// Where CloudNativePG keeps backups; `None` if it makes none.
    pub(crate) backups: Option<Backups>,
    /// The class of volumes that the pods of several machines write; `None` if the cluster has none.
    pub(crate) shared_storage_class: Option<String>,
    /// The metric of pods that counts requests per second; `None` if the cluster has none.
    pub(crate) requests_metric: Option<String>,
    /// Where names are resolved.
    pub(crate) dns: Dns,
}

/// A store that the operator External Secrets reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SecretStore {
    /// `ClusterSecretStore` or `SecretStore`.
    pub(crate) kind: String,
    /// Its name.
    pub(crate) name: String,
}

impl SecretStore {
    /// Reads the option `secret-store`, which `secrets` may leave unused.
    fn read(options: &Node) -> Option<Self> {
        let is_read = options.get("secrets").and_then(Node::as_text) == Some("external-secrets");
        let node = options.get("secret-store").filter(|_| is_read)?;
        let kind = node.get("kind").and_then(Node::as_text);
        Some(Self {
            kind: kind.unwrap_or("ClusterSecretStore").to_owned(),
            name: node.get("name").and_then(Node::as_text)?.to_owned(),
        })
    }
}

/// What pods ask for names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Dns {
    /// The namespace of the cluster's servers.
    pub(crate) namespace: String,
    /// The label of their pods: its key and its value.
    pub(crate) label: (String, String),
    /// The port of those pods.
    pub(crate) port: u16,
    /// The address, of the fourth version, at which a machine's own cache answers on port 53.
    pub(crate) address: String,
}

impl Dns {
    /// Reads the mapping `dns`. The defaults are where kubeadm, EKS, GKE and AKS have their servers, and the address
    /// of NodeLocal DNSCache.
    ///
    /// Source of the address: kubernetes cluster/addons/dns/nodelocaldns/README.md, 2026-11.
    fn read(node: Option<&Node>) -> Self {
        let text = |key: &str| node.and_then(|node| node.get(key)).and_then(Node::as_scalar);
        let or = |key: &str, default: &str| text(key).map_or(default, |it| &it.text).to_owned();
        let label = or("label", "k8s-app=kube-dns");
        let (key, value) = label.split_once('=').unwrap_or((&label, ""));
        Self {
            namespace: or("namespace", "kube-system"),
            label: (key.to_owned(), value.to_owned()),
            port: or("port", "53").parse().unwrap_or(53),
            address: or("address", "169.254.20.10"),
        }
    }
}

impl Options {
    /// Reads a mapping that the schema accepts.
    ///
    /// # Errors
    ///
    /// If options do not fit each other; all of that is reported.
    pub(crate) fn read(node: &Node, program: &Program, sink: &mut Sink) -> Result<Self, Failed> {
        let text = |key: &str| node.get(key).and_then(Node::as_text).map(str::to_owned);
        let namespace = || shorten(&[&program.app().name, &program.environment().name], 63).name;
        let version = node.get("version").and_then(Node::as_text);
        let operators = node.get("operators");
        let operator = |name: &str| operators?.get(name)?.as_text().map(str::to_owned);
        let pull_secrets = node.get("pull-secrets").and_then(Node::as_list);
        let pull_secrets = pull_secrets.into_iter().flatten().filter_map(Node::as_text);
        Ok(Self {
            namespace: text("namespace").unwrap_or_else(namespace),
            version: version.and_then(Version::of).unwrap_or_default(),
            entry: entry::read(node, sink)?,
            cluster_issuer: text("cluster-issuer"),
            priority_class: text("priority-class"),
            pull_secrets: pull_secrets.map(str::to_owned).collect(),
            storage_class: text("storage-class"),
            secret_store: SecretStore::read(node),
            cloudnative_pg: operator("cloudnative-pg"),
            rabbitmq: operator("rabbitmq"),
            backups: backups::read(node, sink)?,
            shared_storage_class: text("shared-storage-class"),
            requests_metric: node
                .get("metrics")
                .and_then(|metrics| metrics.get("requests"))
                .and_then(Node::as_text)
                .map(str::to_owned),
            dns: Dns::read(node.get("dns")),
        })
    }
}
