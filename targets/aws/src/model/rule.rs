//! Rules of security groups. Must not know why there is an edge.

use super::Lines;

/// The address of the group of the endpoints through which AWS itself is asked. No role begins so.
pub(crate) const ENDPOINTS: &str = "exoc_endpoints";

/// One rule of a security group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) address: String,
    pub(crate) direction: Direction,
    pub(crate) description: String,
    /// The address of the group that has the rule.
    pub(crate) group: String,
    pub(crate) peer: Peer,
    pub(crate) traffic: Traffic,
    pub(crate) lines: Lines,
}

/// Who opens the connections that a rule allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Direction {
    Ingress,
    Egress,
}

/// The other side of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Peer {
    /// Members of a security group, by its address.
    Group(String),
    /// Members of a security group that exists already, by its id.
    Known(String),
    /// Any address of IPv4.
    AnyIpv4,
    /// S3 in this region.
    Storage,
}

/// What a rule lets through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Traffic {
    All,
    Tcp(u16),
    Udp(u16),
}
