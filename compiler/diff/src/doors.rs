//! What is reachable from outside.

use crate::change::{Change, Kind};
use crate::twins::{Side, Twins};
use crate::words;
use exoc_ir::{Component, Door, Entrance, NodeId, Program, Protocol, Transport};

/// A door without what may change about it.
#[derive(PartialEq, Eq)]
struct Label {
    role: String,
    /// As people would say where it is: a path, with the host where that is not the environment's own.
    text: String,
}

pub(crate) fn compare(twins: &Twins<'_>, changes: &mut Vec<Change>) {
    let label = |side: Side, door: &Door| Label {
        role: twins.name(side, Component::Service(door.service)).to_owned(),
        text: label(twins.program(side), door).replace('`', "'"),
    };
    let old: Vec<(Label, &Door)> = (twins.before.doors().iter())
        .map(|door| (label(Side::Before, door), door))
        .collect();
    let new: Vec<(Label, &Door)> = (twins.after.doors().iter())
        .map(|door| (label(Side::After, door), door))
        .collect();
    for (index, (label, door)) in new.iter().enumerate() {
        match old.iter().find(|(other, _)| other == label) {
            None => changes.push(opened(twins, index, label, door)),
            Some((_, was)) => changes.extend(changed(twins, index, label, was, door)),
        }
    }
    for (index, (label, door)) in old.iter().enumerate() {
        // Doors of a service that is gone are gone with it.
        let stays = twins
            .other(Side::Before, Component::Service(door.service))
            .is_some();
        if stays && !new.iter().any(|(other, _)| other == label) {
            let subject = twins.subject(Side::Before, Component::Service(door.service));
            let text = format!("is no longer reachable at `{}`", label.text);
            let change = Change::new(Kind::RouteRemoved, subject, text).part(&label.text);
            let at = twins.place(Side::Before, NodeId::Door(index), "");
            changes.push(change.before(address(twins.before, door)).at(at));
        }
    }
}

fn opened(twins: &Twins<'_>, index: usize, label: &Label, door: &Door) -> Change {
    let subject = twins.subject(Side::After, Component::Service(door.service));
    let what = match protocol(twins.after, door) {
        Some(Protocol::Http) | None => String::new(),
        Some(protocol) => format!(" ({})", protocol.word()),
    };
    let (kind, text) = if twins.after.environment().local {
        (
            Kind::RouteAdded,
            format!("answers at `{}`{what} on this machine", label.text),
        )
    } else {
        (
            Kind::Opened,
            format!("opens `{}` to the internet{what}", label.text),
        )
    };
    let at = twins.place(Side::After, NodeId::Door(index), "");
    let change = Change::new(kind, subject, text).part(&label.text);
    change.after(address(twins.after, door)).at(at)
}

fn changed(twins: &Twins<'_>, index: usize, label: &Label, old: &Door, new: &Door) -> Option<Change> {
    let mut parts = Vec::new();
    let (was, is) = (port(twins.before, old), port(twins.after, new));
    if was != is {
        parts.push(format!("port {}", words::was(&was, &is)));
    }
    if let (
        Entrance::Http {
            host: _,
            path: _,
            strip: was_strip,
            timeout: was_timeout,
        },
        Entrance::Http {
            host: _,
            path: _,
            strip,
            timeout,
        },
    ) = (&old.entrance, &new.entrance)
    {
        if was_strip != strip {
            let verb = if *strip {
                "is now removed"
            } else {
                "is no longer removed"
            };
            parts.push(format!("the path {verb} before the service sees it"));
        }
        if was_timeout != timeout {
            parts.push(format!(
                "timeout {}",
                words::was(&was_timeout.to_string(), &timeout.to_string())
            ));
        }
    }
    if parts.is_empty() {
        return None;
    }
    let subject = twins.subject(Side::After, Component::Service(new.service));
    let text = format!("has another route `{}`: {}", label.text, words::sentence(&parts));
    let at = twins.place(Side::After, NodeId::Door(index), "");
    Some(
        Change::new(Kind::RouteChanged, subject, text)
            .part(&label.text)
            .at(at),
    )
}

fn label(program: &Program, door: &Door) -> String {
    let own = program.environment().domain.as_deref();
    let local = program.environment().local;
    match &door.entrance {
        Entrance::Http { host, path, .. } => {
            if own == Some(host.as_str()) || local && host == "localhost" {
                return path.clone();
            }
            let path = if path == "/" { "" } else { path.as_str() };
            format!("{}{path}", relative(host, own))
        }
        Entrance::Plain {
            host: _,
            number,
            transport,
        } => match transport {
            Transport::Tcp => format!("port {number}"),
            Transport::Udp => format!("port {number}/udp"),
        },
    }
}

/// A host below the environment's own, without that: both sides may have other domains.
fn relative<'h>(host: &'h str, domain: Option<&str>) -> &'h str {
    domain
        .and_then(|domain| host.strip_suffix(domain)?.strip_suffix('.'))
        .unwrap_or(host)
}

fn address(program: &Program, door: &Door) -> String {
    match &door.entrance {
        Entrance::Http { host, path, .. } => {
            let environment = program.environment();
            let scheme = if environment.local { "http" } else { "https" };
            let port = environment
                .http_port
                .map(|port| format!(":{port}"))
                .unwrap_or_default();
            format!("{scheme}://{host}{port}{path}")
        }
        Entrance::Plain {
            host,
            number,
            transport,
        } => match transport {
            Transport::Tcp => format!("tcp://{host}:{number}"),
            Transport::Udp => format!("udp://{host}:{number}"),
        },
    }
}

fn protocol(program: &Program, door: &Door) -> Option<Protocol> {
    let service = program.services().get(door.service)?;
    Some(service.workload.ports.get(door.port)?.protocol)
}

fn port(program: &Program, door: &Door) -> String {
    let service = program.services().get(door.service);
    let port = service.and_then(|service| service.workload.ports.get(door.port));
    port.map(|port| port.name.clone()).unwrap_or_default()
}
