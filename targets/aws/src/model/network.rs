//! The network. Must not know what runs in it.

use super::Lines;

/// The network of one environment.
#[derive(Clone, Debug)]
pub(crate) struct Network {
    pub(crate) vpc: Vpc,
    /// Which subnets tasks stand in.
    pub(crate) tasks: Standing,
    /// What a task's start needs of the network: type and address of each resource.
    pub(crate) waits: Vec<(&'static str, &'static str)>,
    /// Of what no option decides.
    pub(crate) lines: Lines,
}

/// Whose network it is.
#[derive(Clone, Debug)]
pub(crate) enum Vpc {
    /// One for this environment alone.
    Own(Box<Own>),
    /// One that exists already.
    Given(Given),
}

/// A network for this environment alone.
#[derive(Clone, Debug)]
pub(crate) struct Own {
    pub(crate) cidr: String,
    pub(crate) zones: Vec<String>,
    pub(crate) nat: Nat,
    /// The services of AWS that are asked through endpoints in the network, sorted; none where none are.
    pub(crate) interfaces: Vec<&'static str>,
    /// The log group of the flow log.
    pub(crate) flow_log: String,
    /// The role that writes the flow log.
    pub(crate) flow_role: String,
    /// Of the range of addresses.
    pub(crate) cidr_lines: Lines,
    /// Of the subnets.
    pub(crate) zone_lines: Lines,
    /// Of the way out.
    pub(crate) nat_lines: Lines,
    /// Of the endpoints in the network.
    pub(crate) interface_lines: Lines,
}

/// A network that exists already, by ids.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    pub(crate) id: String,
    pub(crate) public: Vec<String>,
    pub(crate) private: Vec<String>,
    pub(crate) data: Vec<String>,
}

/// How tasks reach the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nat {
    /// Not at all.
    None,
    /// Through one gateway in the first zone.
    Single,
    /// Through a gateway in each zone.
    PerZone,
}

/// Which subnets tasks stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Private ones, which the internet does not reach.
    Private,
    /// Public ones, with an address of their own each.
    Public,
}
