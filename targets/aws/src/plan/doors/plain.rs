//! Public ports of TCP and UDP: the network load balancer, its listeners and target groups.

use super::check::{self, Numbers};
use super::{Behind, places};
use crate::model::{
    Direction, Lines, NetworkEntry, Peer, PlainListener, Question, Rule, TargetCheck, TargetGroup, Traffic,
    Version,
};
use crate::names::{address, limit};
use crate::plan::Context;
use crate::plan::container::node;
use exoc_diagnostics::{Diagnostic, Sink, codes};
use exoc_ir::{Component, Door, Entrance, Id, NodeId, Probe, Service, Transport, Workload};
use std::collections::BTreeMap;

/// The address of the network load balancer's security group. No role begins so.
pub(super) const GROUP: &str = "exoc_network_load_balancer";

/// A public port of one service, with everything that carries its packets.
struct Plain {
    index: usize,
    service: Id<Service>,
    number: u16,
    transports: Vec<Transport>,
}

/// Plans the network load balancer; `None` if no port is public by its number. Hosts are planned with those of the
/// other load balancer.
pub(super) fn plan(
    context: &Context<'_>,
    services: &mut BTreeMap<Id<Service>, Behind>,
    sink: &mut Sink,
) -> Option<NetworkEntry> {
    let plains = plains(context, sink);
    if plains.is_empty() {
        return None;
    }
    let mut listeners = Vec::new();
    let mut rules = Vec::new();
    for plain in &plains {
        let Some(group) = target_group(context, plain, sink) else {
            continue;
        };
        listeners.push(PlainListener {
            address: listener_address(plain),
            number: plain.number,
            version: group.version,
            target_group: group.address.clone(),
            lines: group.lines.clone(),
        });
        for rule in entry_rules(context, plain, &group) {
            // Two groups may be asked at one port, and AWS refuses two equal rules.
            if !rules.iter().any(|known: &Rule| known.address == rule.address) {
                rules.push(rule);
            }
        }
        let behind = services.entry(plain.service).or_default();
        behind.grace = behind.grace.max(grace(context, plain));
        for rule in own_rules(context, plain, &group) {
            if !behind
                .let_in
                .iter()
                .any(|(known, _)| known.address == rule.address)
            {
                let at = places(context, plain.service, plain.number);
                behind.let_in.push((rule, at));
            }
        }
        behind.listeners.push(listener_address(plain));
        behind.target_groups.push(group);
    }
    let span = context.program.at(NodeId::App, "name");
    let all = plains.iter().map(|plain| context.place_of_door(plain.index));
    Some(NetworkEntry {
        name: context.names.within(&["tcp"], limit::LOAD_BALANCER, span, sink),
        listeners,
        rules,
        lines: context.lines(all),
    })
}

/// Public ports by number. One listener has a number, so that two services on one are refused.
fn plains(context: &Context<'_>, sink: &mut Sink) -> Vec<Plain> {
    let mut plains: BTreeMap<u16, Plain> = BTreeMap::new();
    for (index, door) in context.program.doors().iter().enumerate() {
        let Door {
            service,
            port: _,
            entrance,
        } = door;
        let (number, transport) = match entrance {
            Entrance::Plain {
                host: _,
                number,
                transport,
            } => (*number, *transport),
            Entrance::Http { .. } => continue,
        };
        let known = plains.entry(number).or_insert_with(|| Plain {
            index,
            service: *service,
            number,
            transports: Vec::new(),
        });
        if known.service == *service {
            known.transports.push(transport);
        } else {
            refuse(
                context,
                (known.index, index),
                &format!(
                    "the public port {number} leads to `{}` over one protocol and to `{}` over the other, and a port of a network load balancer leads to one service",
                    context.program.role(Component::Service(known.service)),
                    context.program.role(Component::Service(*service))
                ),
                "give one of the two another number",
                sink,
            );
        }
    }
    plains.into_values().collect()
}

fn refuse(
    context: &Context<'_>,
    (first, second): (usize, usize),
    message: &str,
    help: &str,
    sink: &mut Sink,
) {
    let mut diagnostic = Diagnostic::new(codes::REFUSED_FEATURE, message)
        .at(context.place_of_door(second), "")
        .help(help);
    if first != second {
        diagnostic = diagnostic.also(context.place_of_door(first), "the other service");
    }
    sink.error(diagnostic);
}

fn listener_address(plain: &Plain) -> String {
    format!("port_{}", plain.number)
}

const fn version(transports: &[Transport]) -> Version {
    match transports {
        [Transport::Tcp] => Version::Tcp,
        [Transport::Udp] => Version::Udp,
        [] | [_, ..] => Version::TcpUdp,
    }
}

fn workload<'a>(context: &Context<'a>, plain: &Plain) -> Option<&'a Workload> {
    let service = context.program.services().get(plain.service)?;
    Some(&service.workload)
}

fn grace(context: &Context<'_>, plain: &Plain) -> u32 {
    workload(context, plain).map_or(0, |workload| Numbers::of(workload).grace())
}

fn target_group(context: &Context<'_>, plain: &Plain, sink: &mut Sink) -> Option<TargetGroup> {
    let service = context.program.services().get(plain.service)?;
    let version = version(&plain.transports);
    let check = check_of(context, plain, &service.workload, version, sink)?;
    let own = address(&service.role);
    let suffix = match version {
        Version::Udp => "_udp",
        Version::Tcp | Version::TcpUdp | Version::Http1 | Version::Http2 | Version::Grpc => "",
    };
    let short: String = service.identity.chars().take(5).collect();
    let asked = service.workload.health.as_ref().map(|_| {
        context
            .program
            .at(node(Component::Service(plain.service)), "health")
    });
    Some(TargetGroup {
        address: format!("{own}_{}{suffix}", plain.number),
        name_prefix: format!("{}-", short.trim_end_matches('-')),
        port: plain.number,
        version,
        check,
        deregistration_delay: service.workload.shutdown.0,
        lines: context.lines(
            places(context, plain.service, plain.number)
                .into_iter()
                .chain(asked),
        ),
    })
}

/// What is asked: what the manifest says if it asks a port, else whether the port is open. A load balancer can only
/// ask over TCP, so that a port of UDP needs one of TCP beside it.
fn check_of(
    context: &Context<'_>,
    plain: &Plain,
    workload: &Workload,
    version: Version,
    sink: &mut Sink,
) -> Option<TargetCheck> {
    let tcp = |index: usize| {
        let port = workload.ports.get(index)?;
        (port.protocol.transport() == Transport::Tcp).then_some(port.number)
    };
    let asked = match workload.health.as_ref().map(|health| &health.probe) {
        Some(Probe::Http { port, path }) => tcp(*port).map(|number| {
            let question = Question::Path {
                path: path.clone(),
                matcher: check::HEALTHY,
            };
            (question, number)
        }),
        Some(Probe::Tcp { port } | Probe::Grpc { port, service: _ }) => {
            tcp(*port).map(|number| (Question::Connection, number))
        }
        Some(Probe::Command(_)) | None => None,
    };
    let open = || {
        let own = (version != Version::Udp).then_some(plain.number);
        let first = (0..workload.ports.len()).find_map(tcp);
        own.or(first).map(|number| (Question::Connection, number))
    };
    let Some((question, number)) = asked.or_else(open) else {
        refuse(
            context,
            (plain.index, plain.index),
            &format!(
                "a load balancer asks over TCP whether a service is healthy, and `{}` has no port of TCP",
                context.program.role(Component::Service(plain.service))
            ),
            "add a port of TCP, private or public, which tells that the service is there",
            sink,
        );
        return None;
    };
    let Numbers {
        interval,
        timeout,
        retries,
        start: _,
    } = Numbers::of(workload);
    Some(TargetCheck {
        question,
        port: (number != plain.number).then_some(number),
        interval,
        timeout,
        retries,
    })
}

/// The packets of a group.
fn carried(group: &TargetGroup) -> Vec<Traffic> {
    match group.version {
        Version::Udp => vec![Traffic::Udp(group.port)],
        Version::TcpUdp => vec![Traffic::Tcp(group.port), Traffic::Udp(group.port)],
        Version::Tcp | Version::Http1 | Version::Http2 | Version::Grpc => vec![Traffic::Tcp(group.port)],
    }
}

/// What a group must let through: its packets, and the questions where they go elsewhere.
fn through(group: &TargetGroup) -> Vec<Traffic> {
    let mut traffics = carried(group);
    let asked = Traffic::Tcp(group.check.port.unwrap_or(group.port));
    if !traffics.contains(&asked) {
        traffics.push(asked);
    }
    traffics
}

fn suffix(traffic: Traffic) -> String {
    match traffic {
        Traffic::All => "all".to_owned(),
        Traffic::Tcp(number) => number.to_string(),
        Traffic::Udp(number) => format!("{number}_udp"),
    }
}

/// The load balancer's side.
fn entry_rules(context: &Context<'_>, plain: &Plain, group: &TargetGroup) -> Vec<Rule> {
    let role = context.program.role(Component::Service(plain.service));
    let own = address(role);
    let rule = |address, direction, description, peer, traffic| Rule {
        address,
        direction,
        description,
        group: GROUP.to_owned(),
        peer,
        traffic,
        lines: group.lines.clone(),
    };
    let open = carried(group).into_iter().map(|traffic| {
        rule(
            format!("{GROUP}_{}", suffix(traffic)),
            Direction::Ingress,
            format!("Connections from the internet to {role}"),
            Peer::AnyIpv4,
            traffic,
        )
    });
    let through = through(group).into_iter().map(|traffic| {
        rule(
            format!("{GROUP}_to_{own}_{}", suffix(traffic)),
            Direction::Egress,
            format!("Connections and checks to {role}"),
            Peer::Group(own.clone()),
            traffic,
        )
    });
    open.chain(through).collect()
}

/// The service's side.
fn own_rules(context: &Context<'_>, plain: &Plain, group: &TargetGroup) -> Vec<Rule> {
    let own = address(context.program.role(Component::Service(plain.service)));
    let rule = |traffic| Rule {
        address: format!("{own}_from_{GROUP}_{}", suffix(traffic)),
        direction: Direction::Ingress,
        description: "Connections and checks from the network load balancer".to_owned(),
        group: own.clone(),
        peer: Peer::Group(GROUP.to_owned()),
        traffic,
        lines: Lines::default(),
    };
    through(group).into_iter().map(rule).collect()
}
