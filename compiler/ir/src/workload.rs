//! What runs: common to services and to containers among the backings.

use crate::{Bytes, Files, Id, Image, MilliCpu, Mount, Seconds, Value};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A program in a container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Workload {
    /// Its image.
    pub image: Id<Image>,
    /// The platforms that its image from a registry offers, like `linux/arm64`, sorted; empty where nothing is said.
    pub platforms: Vec<String>,
    /// What replaces the image's entrypoint and command, if anything does. Texts only: nothing here is sensitive.
    pub entrypoint: Option<Vec<Value>>,
    /// What replaces the image's command, if anything does. Nothing here is sensitive.
    pub command: Option<Vec<Value>>,
    /// All its variables.
    pub environment: BTreeMap<String, Value>,
    /// Where it listens; names and numbers per transport are unique; the first port is the principal one.
    pub ports: Vec<Port>,
    /// Writable folders in memory and their sizes; `/tmp` is always there.
    pub scratch: BTreeMap<String, Bytes>,
    /// Volumes by the folder where they lie. No folder lies in another, nor in one of `scratch`.
    pub mounts: BTreeMap<String, Mount>,
    /// Files of the manifest's. None lies in one of `scratch` or `mounts`.
    pub files: Files,
    /// How to ask whether it works, if the manifest says so.
    pub health: Option<Health>,
    /// What it needs.
    pub resources: Resources,
    /// What it may do.
    pub security: Security,
    /// How long it may take to stop.
    pub shutdown: Seconds,
}

/// A port that a workload listens on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Port {
    /// Its name, at most 15 characters.
    pub name: String,
    /// Its number.
    pub number: u16,
    /// What is spoken there.
    pub protocol: Protocol,
}

/// What is spoken on a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Protocol {
    /// HTTP/1.1, without TLS.
    Http,
    /// HTTP/2 without TLS.
    Http2,
    /// gRPC without TLS.
    Grpc,
    /// Anything over TCP.
    Tcp,
    /// Anything over UDP.
    Udp,
}

/// What carries a port's packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Transport {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
}

impl Protocol {
    /// What carries it.
    #[must_use]
    pub const fn transport(self) -> Transport {
        match self {
            Self::Http | Self::Http2 | Self::Grpc | Self::Tcp => Transport::Tcp,
            Self::Udp => Transport::Udp,
        }
    }

    /// The word of the language.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Http2 => "http2",
            Self::Grpc => "grpc",
            Self::Tcp => "tcp",
            Self::Udp => "udp",
        }
    }
}

/// How to ask whether a workload works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Health {
    /// What is asked.
    pub probe: Probe,
    /// From one question to the next, 5 s to 300 s.
    pub interval: Seconds,
    /// How long an answer may take, 2 s to 60 s and below `interval`.
    pub timeout: Seconds,
    /// So many failures in a row make it unhealthy, 2 to 10.
    pub retries: u32,
    /// How long after the start a failure does not count, 0 s to 300 s.
    pub start: Seconds,
}

/// What is asked. A port is an index into [`Workload::ports`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Probe {
    /// A GET from outside; 200 to 399 is healthy. The port speaks HTTP/1.1.
    Http {
        /// The port.
        port: usize,
        /// The path and query.
        path: String,
    },
    /// A connection from outside.
    Tcp {
        /// The port.
        port: usize,
    },
    /// The gRPC health protocol, from outside.
    Grpc {
        /// The port.
        port: usize,
        /// The service asked for; `None` for the server as a whole.
        service: Option<String>,
    },
    /// A program run inside, without a shell. Nothing here is sensitive.
    Command(Vec<Value>),
}

/// What a workload needs; both are reserved, memory is also the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Resources {
    /// Processor time.
    pub cpu: MilliCpu,
    /// Memory.
    pub memory: Bytes,
}

/// What a workload may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Security {
    /// Whom it runs as.
    pub user: User,
    /// Whether its root file system is writable.
    pub root_writable: bool,
    /// Which capabilities it keeps.
    pub capabilities: Capabilities,
    /// Whether it may do everything.
    pub privileged: bool,
}

/// Whom a workload runs as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum User {
    /// Whom the image names; only in the local environment.
    FromImage,
    /// Numbers.
    Ids {
        /// The user; 0 is root.
        user: u32,
        /// The group.
        group: u32,
    },
}

/// Which capabilities a workload keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Capabilities {
    /// The runtime's default set; only for root.
    Default,
    /// Exactly these, without `CAP_`; usually none.
    Only(BTreeSet<String>),
}

impl Workload {
    /// Whether it listens below 1024.
    #[must_use]
    pub fn has_low_port(&self) -> bool {
        self.ports.iter().any(|port| port.number < 1024)
    }
}
