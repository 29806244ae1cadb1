//! The load balancer, its hosts and its rules. Must not know services beyond their addresses.

use super::{Lines, Rule};

/// The public entry of an environment by host and path.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) balancer: Balancer,
    /// What the listener shows, the default first.
    pub(crate) certificates: Vec<Certificate>,
    /// How long a connection may be idle: the largest timeout of a route, in seconds.
    pub(crate) idle_timeout: u32,
    pub(crate) hosts: Vec<Host>,
    /// Of everything that all public services share.
    pub(crate) lines: Lines,
    /// Rules of its security group.
    pub(crate) rules: Vec<Rule>,
}

/// The public entry of an environment by numbers of ports.
#[derive(Clone, Debug)]
pub(crate) struct NetworkEntry {
    pub(crate) name: String,
    pub(crate) listeners: Vec<PlainListener>,
    /// Rules of its security group.
    pub(crate) rules: Vec<Rule>,
    /// Of everything that its services share.
    pub(crate) lines: Lines,
}

/// A listener for one number.
#[derive(Clone, Debug)]
pub(crate) struct PlainListener {
    pub(crate) address: String,
    pub(crate) number: u16,
    pub(crate) version: Version,
    pub(crate) target_group: String,
    pub(crate) lines: Lines,
}

/// A web ACL before the load balancer by host and path.
#[derive(Clone, Debug)]
pub(crate) struct Firewall {
    pub(crate) name: String,
    pub(crate) log_group: String,
    /// Requests of one address in five minutes.
    pub(crate) rate: u32,
    pub(crate) lines: Lines,
}

/// The bucket that load balancers write their logs to.
#[derive(Clone, Debug)]
pub(crate) struct LogBucket {
    pub(crate) prefix: String,
    /// Whether the load balancer by host and path writes.
    pub(crate) requests: bool,
    /// Whether the one by numbers writes.
    pub(crate) connections: bool,
    pub(crate) lines: Lines,
}

/// What makes public hosts known.
#[derive(Clone, Debug, Default)]
pub(crate) struct PublicNames {
    pub(crate) hosts: Vec<Host>,
    pub(crate) zones: Vec<HostedZone>,
}

/// Whose load balancer it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Balancer {
    /// One of this environment.
    Own { name: String },
    /// One that exists already.
    Given {
        arn: String,
        /// The ARN of its listener for HTTPS.
        listener: String,
        /// The id of its security group.
        group: String,
    },
}

/// A certificate.
#[derive(Clone, Debug)]
pub(crate) struct Certificate {
    pub(crate) address: String,
    /// What it is for.
    pub(crate) what: String,
    /// One that exists already; otherwise that of the host with the same address.
    pub(crate) arn: Option<String>,
    pub(crate) lines: Lines,
}

/// A public host name.
#[derive(Clone, Debug)]
pub(crate) struct Host {
    pub(crate) address: String,
    pub(crate) name: String,
    /// The address of its hosted zone.
    pub(crate) zone: String,
    /// Whether it leads to the load balancer by numbers, which shows no certificate.
    pub(crate) plain: bool,
    pub(crate) lines: Lines,
}

/// A hosted zone of Route 53.
#[derive(Clone, Debug)]
pub(crate) struct HostedZone {
    pub(crate) address: String,
    pub(crate) name: String,
    /// Whether it is made, or exists already.
    pub(crate) made: bool,
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
    Tcp,
    Udp,
    /// Both over one number.
    TcpUdp,
}

/// How the load balancer asks a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TargetCheck {
    pub(crate) question: Question,
    /// Where it asks, if not at the port itself.
    pub(crate) port: Option<u16>,
    /// Seconds.
    pub(crate) interval: u32,
    /// Seconds.
    pub(crate) timeout: u32,
    pub(crate) retries: u32,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Question {
    /// A path, and the answers that are healthy.
    Path { path: String, matcher: &'static str },
    /// Whether the port accepts connections.
    Connection,
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
