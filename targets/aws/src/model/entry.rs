//! The load balancer, its hosts and its rules. Must not know services beyond their addresses.

use super::{Lines, Rule};

/// The public entry of an environment.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) name: String,
    /// Prefix of the bucket of access logs.
    pub(crate) log_bucket_prefix: String,
    /// How long a connection may be idle: the largest timeout of a route, in seconds.
    pub(crate) idle_timeout: u32,
    pub(crate) hosts: Vec<Host>,
    pub(crate) zones: Vec<HostedZone>,
    /// Of everything that all public services share.
    pub(crate) lines: Lines,
    /// Rules of its security group.
    pub(crate) rules: Vec<Rule>,
}

/// A public host name.
#[derive(Clone, Debug)]
pub(crate) struct Host {
    pub(crate) address: String,
    pub(crate) name: String,
    /// The address of its hosted zone.
    pub(crate) zone: String,
    pub(crate) lines: Lines,
}

/// A hosted zone of Route 53 that exists already.
#[derive(Clone, Debug)]
pub(crate) struct HostedZone {
    pub(crate) address: String,
    pub(crate) name: String,
    pub(crate) lines: Lines,
}

/// Where the load balancer sends the requests for one port of a service.
#[derive(Clone, Debug)]
pub(crate) struct TargetGroup {
    pub(crate) address: String,
    pub(crate) name_prefix: String,
    pub(crate) port: u16,
    pub(crate) version: Version,
    pub(crate) check: TargetCheck,
    /// Seconds.
    pub(crate) deregistration_delay: u32,
    pub(crate) lines: Lines,
}

/// What the load balancer speaks to a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    Http1,
    Http2,
    Grpc,
}

/// How the load balancer asks a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TargetCheck {
    pub(crate) path: String,
    pub(crate) matcher: &'static str,
    /// Seconds.
    pub(crate) interval: u32,
    /// Seconds.
    pub(crate) timeout: u32,
    pub(crate) retries: u32,
}

/// One rule of the listener.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ListenerRule {
    pub(crate) address: String,
    pub(crate) priority: u32,
    pub(crate) target_group: String,
    pub(crate) hosts: Vec<String>,
    /// `/` matches everything and needs no condition.
    pub(crate) path: String,
    /// Whether the path is removed before the service sees the request.
    pub(crate) strip: bool,
    pub(crate) lines: Lines,
}
