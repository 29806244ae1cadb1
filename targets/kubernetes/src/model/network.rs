//! Services and NetworkPolicies.

use super::{Labels, Meta, Provenance};

/// A name and address for pods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Service {
    /// Its metadata.
    pub(crate) meta: Meta,
    /// Where its address is known.
    pub(crate) kind: ServiceKind,
    /// Its pods.
    pub(crate) selector: Labels,
    /// Its ports.
    pub(crate) ports: Vec<ServicePort>,
}

/// Where a Service's address is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ServiceKind {
    /// In the cluster.
    ClusterIp,
    /// Outside; the caller's address is kept.
    LoadBalancer,
}

/// A port of a Service, which leads to the port of that name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ServicePort {
    /// Its name.
    pub(crate) name: String,
    /// Its number.
    pub(crate) number: u16,
    /// `TCP` or `UDP`.
    pub(crate) transport: &'static str,
    /// What is spoken, for gateways.
    pub(crate) protocol: Option<&'static str>,
}

/// What pods may send and receive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NetworkPolicy {
    /// Its metadata.
    pub(crate) meta: Meta,
    /// Its pods; empty for all.
    pub(crate) pods: Labels,
    /// Which directions it governs.
    pub(crate) directions: Vec<Direction>,
    /// What they may receive.
    pub(crate) ingress: Vec<Rule>,
    /// What they may send.
    pub(crate) egress: Vec<Rule>,
}

/// A direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// Into pods.
    Ingress,
    /// Out of pods.
    Egress,
}

/// Peers and the ports on which they are allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    /// Who.
    pub(crate) peers: Vec<Peer>,
    /// What the peers do not say themselves.
    pub(crate) remark: Option<Remark>,
    /// On which ports; none for all.
    pub(crate) ports: Vec<PolicyPort>,
    /// What opens it.
    pub(crate) from: Provenance,
}

/// What a rule is about, where its peers do not say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Remark {
    /// The host that is meant, for a policy can only name addresses.
    Host(String),
    /// A machine's own cache of names, which not every cluster has.
    NameCache,
    /// The API server, of which a policy knows neither pods nor address.
    ApiServer,
    /// The store of backups, by its host or another word for it.
    ObjectStore(String),
}

/// The other end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Peer {
    /// Pods of the same namespace.
    Pods(Labels),
    /// All pods of another namespace.
    Namespace(String),
    /// Some pods of another namespace.
    NamespacePods(String, Labels),
    /// Addresses.
    Block {
        /// The range.
        range: String,
        /// What is left out.
        except: &'static [&'static str],
    },
}

/// A port of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PolicyPort {
    /// `TCP` or `UDP`.
    pub(crate) transport: &'static str,
    /// Its number.
    pub(crate) number: u16,
}
