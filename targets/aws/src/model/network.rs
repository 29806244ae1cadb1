//! The VPC. Must not know what runs in it.

use super::Lines;

/// The network of one environment.
#[derive(Clone, Debug)]
pub(crate) struct Network {
    pub(crate) cidr: String,
    pub(crate) zones: Vec<String>,
    pub(crate) nat: Nat,
    /// The log group of the flow log.
    pub(crate) flow_log: String,
    /// The role that writes the flow log.
    pub(crate) flow_role: String,
    /// Of what no option decides.
    pub(crate) lines: Lines,
    /// Of the range of addresses.
    pub(crate) cidr_lines: Lines,
    /// Of the subnets.
    pub(crate) zone_lines: Lines,
    /// Of the way out, or of what stands in for it.
    pub(crate) nat_lines: Lines,
}

/// How tasks reach the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nat {
    /// Not at all: what AWS itself must be asked is reached through interface endpoints.
    None,
    /// Through one gateway in the first zone.
    Single,
    /// Through a gateway in each zone.
    PerZone,
}
