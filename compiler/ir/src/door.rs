//! Doors: what is reachable from outside.

use crate::{Id, Seconds, Service, Transport};
use serde::Serialize;

/// A public entry to one port of a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Door {
    /// Whose.
    pub service: Id<Service>,
    /// Which of its ports, as an index.
    pub port: usize,
    /// How it is reached.
    pub entrance: Entrance,
}

/// How a door is reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Entrance {
    /// By host and path; the port speaks HTTP/1.1, HTTP/2 or gRPC.
    Http {
        /// The host, without a port; in the local environment `localhost` unless the manifest says otherwise.
        host: String,
        /// The path: `/`, or segments without a final slash. Whole segments match, the longest match wins.
        path: String,
        /// Whether the path is removed before the service sees the request.
        strip: bool,
        /// How long a request may take.
        timeout: Seconds,
    },
    /// By the port's own number.
    Plain {
        /// The host's name.
        host: String,
        /// The number.
        number: u16,
        /// What carries its packets.
        transport: Transport,
    },
}
