//! What is published on the machine. Everything binds the loopback address; two claims on one port are an error.

use super::gateway;
use crate::model::{Gateway, Provenance, Published};
use exoc_diagnostics::{Diagnostic, Sink, Span, codes};
use exoc_ir::{Door, Entrance, Id, NodeId, Port, Program, Protocol, Seconds, Service, Transport};
use std::collections::BTreeMap;

/// What a request may take when the manifest says nothing. A published port has no limit of its own, so a route
/// with another limit needs the gateway.
const DEFAULT_TIMEOUT: Seconds = Seconds(60);

/// The front door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Where HTTP enters the machine.
    pub(super) http_port: u16,
    /// Ports of services that are published as they are.
    pub(super) published: BTreeMap<Id<Service>, Vec<Published>>,
    /// The routes that publish them.
    pub(super) published_by: BTreeMap<Id<Service>, Provenance>,
    /// What stands before the services that share the HTTP port.
    pub(super) gateway: Option<Gateway>,
    /// Roles and addresses, for people.
    pub(super) addresses: Vec<(String, String)>,
}

/// Who holds a port of the machine.
struct Claims<'a> {
    program: &'a Program,
    held: BTreeMap<(u16, Transport), (String, Span)>,
}

/// A door with what it leads to.
pub(super) struct Opened<'a> {
    pub(super) service: Id<Service>,
    pub(super) role: &'a str,
    pub(super) port: &'a Port,
    pub(super) entrance: &'a Entrance,
    pub(super) at: Span,
}

/// Decides what is published and reports clashes.
pub(super) fn entry(program: &Program, sink: &mut Sink) -> Entry {
    let opened = opened(program);
    let (shared, own): (Vec<&Opened<'_>>, Vec<&Opened<'_>>) =
        opened.iter().partition(|door| shares_the_http_port(door));
    let mut entry = Entry {
        http_port: http_port(program),
        published: BTreeMap::new(),
        published_by: BTreeMap::new(),
        gateway: None,
        addresses: Vec::new(),
    };
    let mut claims = Claims {
        program,
        held: BTreeMap::new(),
    };
    open_shared(&mut entry, &mut claims, &shared, sink);
    for door in own {
        open_own(&mut entry, &mut claims, door, sink);
    }
    for (id, service) in program.services().iter() {
        for (number, transport) in &service.development.published {
            open_for_developers(&mut entry, &mut claims, id, (*number, *transport), sink);
        }
    }
    entry
}

/// Opens the doors of HTTP, all at one port.
fn open_shared(entry: &mut Entry, claims: &mut Claims<'_>, doors: &[&Opened<'_>], sink: &mut Sink) {
    let machine = entry.http_port;
    let Some(first) = doors.first() else { return };
    claims.claim((machine, Transport::Tcp), first.role, first.at, sink);
    if doors.len() == 1 && needs_no_gateway(claims.program, first) {
        entry.published_by.insert(first.service, first.at.into());
        publish(entry, first, machine);
    } else {
        entry.gateway = Some(gateway::gateway(doors));
    }
    for door in doors {
        match door.entrance {
            Entrance::Http {
                host,
                path,
                strip: _,
                timeout: _,
            } => {
                let address = address(host, machine, path);
                entry.addresses.push((door.role.to_owned(), address));
            }
            Entrance::Plain { .. } => {}
        }
    }
}

/// Opens a door at a port of its own. Several hosts and paths of one gRPC port are one port of the machine.
fn open_own(entry: &mut Entry, claims: &mut Claims<'_>, door: &Opened<'_>, sink: &mut Sink) {
    let (machine, transport) = machine_port(door);
    let published = Published {
        machine,
        container: door.port.number,
        transport,
    };
    entry
        .published_by
        .entry(door.service)
        .or_default()
        .join(&door.at.into());
    let held = entry.published.get(&door.service);
    if held.is_some_and(|held| held.contains(&published)) {
        return;
    }
    claims.claim((machine, transport), door.role, door.at, sink);
    publish(entry, door, machine);
    let address = format!("127.0.0.1:{machine} ({})", door.port.protocol.word());
    entry.addresses.push((door.role.to_owned(), address));
}

/// Opens a port that only the developer asks for.
fn open_for_developers(
    entry: &mut Entry,
    claims: &mut Claims<'_>,
    id: Id<Service>,
    (number, transport): (u16, Transport),
    sink: &mut Sink,
) {
    let program = claims.program;
    let Some(service) = program.services().get(id) else {
        return;
    };
    let at = program.at(NodeId::Service(id), &format!("development.publish.{number}"));
    entry.published_by.entry(id).or_default().join(&at.into());
    let machine = above_rights(number);
    let published = Published {
        machine,
        container: number,
        transport,
    };
    let held = entry.published.entry(id).or_default();
    if held.contains(&published) {
        return;
    }
    held.push(published);
    let role = &service.role;
    claims.claim((machine, transport), role, at, sink);
    let named = service.workload.ports.iter();
    let mut spoken = named.filter(|port| port.number == number && port.protocol.transport() == transport);
    let word = spoken.next().map_or("tcp", |port| port.protocol.word());
    let address = format!("127.0.0.1:{machine} ({word})");
    entry.addresses.push((role.clone(), address));
}

/// All doors: those of HTTP in the program's order, the most specific first; then by role and port.
fn opened(program: &Program) -> Vec<Opened<'_>> {
    let mut opened: Vec<Opened<'_>> = program
        .doors()
        .iter()
        .enumerate()
        .filter_map(|(index, door)| {
            let Door {
                service: id,
                port,
                entrance,
            } = door;
            let service = program.services().get(*id)?;
            Some(Opened {
                service: *id,
                role: &service.role,
                port: service.workload.ports.get(*port)?,
                entrance,
                at: program.at(NodeId::Door(index), ""),
            })
        })
        .collect();
    opened.sort_by_key(|door| (!shares_the_http_port(door)).then_some((door.role, door.port.number)));
    opened
}

/// Whether a door is told apart from others by host and path. gRPC has a port of its own: its clients want HTTP/2
/// from the first byte.
fn shares_the_http_port(door: &Opened<'_>) -> bool {
    match door.port.protocol {
        Protocol::Http | Protocol::Http2 => true,
        Protocol::Grpc | Protocol::Tcp | Protocol::Udp => false,
    }
}

/// Whether a published port alone means the same as the only door.
fn needs_no_gateway(program: &Program, door: &Opened<'_>) -> bool {
    match door.entrance {
        Entrance::Http {
            host,
            path,
            strip,
            timeout,
        } => {
            program.environment().domain.as_ref() == Some(host)
                && path == "/"
                && !strip
                && *timeout == DEFAULT_TIMEOUT
                && door.port.protocol == Protocol::Http
        }
        Entrance::Plain { .. } => false,
    }
}

/// Where HTTP enters: where the addresses that the program computed say, and outside the local environment where
/// a second project on the machine would look.
pub(super) fn http_port(program: &Program) -> u16 {
    let environment = program.environment();
    environment
        .http_port
        .unwrap_or(if environment.local { 80 } else { 8080 })
}

/// The port of the machine for a door of its own: its number, out of the range that needs rights.
fn machine_port(door: &Opened<'_>) -> (u16, Transport) {
    let (number, transport) = match door.entrance {
        Entrance::Http { .. } => (door.port.number, Transport::Tcp),
        Entrance::Plain {
            host: _,
            number,
            transport,
        } => (*number, *transport),
    };
    (above_rights(number), transport)
}

/// A port of the machine that nobody needs rights for.
const fn above_rights(number: u16) -> u16 {
    if number < 1024 { number + 8000 } else { number }
}

fn publish(entry: &mut Entry, door: &Opened<'_>, machine: u16) {
    let published = Published {
        machine,
        container: door.port.number,
        transport: door.port.protocol.transport(),
    };
    entry.published.entry(door.service).or_default().push(published);
}

fn address(host: &str, port: u16, path: &str) -> String {
    if port == 80 {
        format!("http://{host}{path}")
    } else {
        format!("http://{host}:{port}{path}")
    }
}

impl Claims<'_> {
    fn claim(&mut self, (port, transport): (u16, Transport), role: &str, at: Span, sink: &mut Sink) {
        let Some((holder, place)) = self.held.get(&(port, transport)) else {
            self.held.insert((port, transport), (role.to_owned(), at));
            return;
        };
        let environment = &self.program.environment().name;
        let message = if role == holder {
            format!("`{role}` needs port {port} of the machine twice in `{environment}`")
        } else {
            format!("`{role}` and `{holder}` both need port {port} of the machine in `{environment}`")
        };
        sink.error(
            Diagnostic::new(codes::HOST_PORT_CLASH, message)
                .at(at, "")
                .also(*place, format!("`{holder}` has it"))
                .help("give one of the two another number")
                .help(
                    "compose publishes a grpc, tcp or udp port under its own number, plus 8000 below 1024, and \
                     all of http under one",
                ),
        );
    }
}
