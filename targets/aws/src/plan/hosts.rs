//! Public hosts held to what their certificates and the rules of the load balancer take. Must not know zones.

use super::Context;
use super::limits::exceeded;
use crate::model::{Certificate, Entry, Host};
use exoc_diagnostics::Sink;
use exoc_ir::{Entrance, NodeId};

/// The longest name that a certificate is made for: its common name. Longer ones go beside a shorter one only.
///
/// Source: AWS Certificate Manager API reference, `RequestCertificate`, `DomainName`, read 2026-11.
const OF_A_CERTIFICATE: usize = 64;

/// The longest host of a rule.
///
/// Source: AWS `CloudFormation` user guide, `ListenerRule HostHeaderConfig`, `Values`, read 2026-11.
const OF_A_RULE: usize = 128;

/// Reports hosts that are too long.
pub(super) fn check(context: &Context<'_>, entry: &Entry, sink: &mut Sink) {
    let made = |host: &Host| {
        let mut certificates = entry.certificates.iter();
        certificates.any(|Certificate { address, arn, .. }| arn.is_none() && *address == host.address)
    };
    for host in &entry.hosts {
        let Host { name, .. } = host;
        let (most, what, help) = if made(host) {
            (
                OF_A_CERTIFICATE,
                "a certificate of aws is for",
                "write a shorter host, or name a `certificate` that covers it",
            )
        } else {
            (
                OF_A_RULE,
                "a rule of a load balancer takes",
                "write a shorter host",
            )
        };
        if name.len() > most {
            exceeded(
                format!(
                    "the host `{name}` has {} characters, and {what} at most {most}",
                    name.len()
                ),
                place(context, name),
                help,
                sink,
            );
        }
    }
}

/// Where the host is written: in a route, or as the environment's domain.
fn place(context: &Context<'_>, name: &str) -> exoc_diagnostics::Span {
    let doors = context.program.doors();
    let found = doors.iter().position(|door| match &door.entrance {
        Entrance::Http { host, .. } | Entrance::Plain { host, .. } => host == name,
    });
    let is_domain = context.program.environment().domain.as_deref() == Some(name);
    match found {
        Some(door) if !is_domain => context.program.at(NodeId::Door(door), ""),
        Some(_) | None => context.program.at(NodeId::Environment, "domain"),
    }
}
