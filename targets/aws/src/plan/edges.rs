//! Edges as rules of security groups: one on each side of every edge, and nothing else but what the platform needs.

use super::Context;
use super::container::node;
use super::doors::{Behind, Doors, GROUP};
use super::network;
use crate::model::{Direction, ENDPOINTS, Lines, Peer, Rule, Traffic, Version};
use crate::names::address;
use crate::rented::{Access, access};
use exoc_diagnostics::Span;
use exoc_ir::{Callee, Component, Edge, EdgePort, Engine, Id, NodeId, Service, Transport, Workload};
use std::collections::BTreeMap;

/// The port that every task may reach anywhere: Fargate pulls images, secrets and logs over it.
const PLATFORM: u16 = 443;

/// The rules of every component's group, by component.
pub(super) type Rules = BTreeMap<Component, Vec<Rule>>;

/// A rule whose places are still gathered: edges to several externals may share it.
struct Draft {
    rule: Rule,
    places: Vec<Span>,
}

/// Plans all rules but the load balancer's own.
pub(super) fn plan(context: &Context<'_>, doors: &Doors) -> Rules {
    let components: Vec<Component> = context.program.components().collect();
    let planned = context.input.workers.map(&components, |component| {
        (*component, of_component(context, *component, doors))
    });
    planned.into_iter().collect()
}

/// The rules of one component's group, sorted.
fn of_component(context: &Context<'_>, component: Component, doors: &Doors) -> Vec<Rule> {
    let mut drafts = Vec::new();
    if let Component::Service(service) = component
        && let Some(behind) = doors.services.get(&service)
    {
        add_entry(context, service, behind, &mut drafts);
    }
    for edge in context.program.edges_from(component) {
        add_way_out(context, edge, &mut drafts);
    }
    for edge in context.program.edges_to(component) {
        add_way_in(context, component, edge, &mut drafts);
    }
    if let Some(workload) = context.program.workload(component) {
        add_platform(context, component, workload, &mut drafts);
    }
    let finish = |Draft { rule, places }| Rule {
        lines: context.lines(places),
        ..rule
    };
    let mut rules: Vec<Rule> = drafts.into_iter().map(finish).collect();
    rules.sort_by(|a, b| (a.direction, &a.address).cmp(&(b.direction, &b.address)));
    rules
}

fn add_entry(context: &Context<'_>, service: Id<Service>, behind: &Behind, drafts: &mut Vec<Draft>) {
    let component = Component::Service(service);
    let own = address(context.program.role(component));
    let peer = match &context.options.balancer {
        Some(given) => Peer::Known(given.value.group.clone()),
        None => Peer::Group(GROUP.to_owned()),
    };
    let by_request = behind.target_groups.iter().filter(|group| match group.version {
        Version::Http1 | Version::Http2 | Version::Grpc => true,
        Version::Tcp | Version::Udp | Version::TcpUdp => false,
    });
    let of_group = by_request.map(|group| Draft {
        rule: Rule {
            address: format!("{own}_from_{GROUP}_{}", group.port),
            direction: Direction::Ingress,
            description: "Requests and checks from the load balancer".to_owned(),
            group: own.clone(),
            peer: peer.clone(),
            traffic: Traffic::Tcp(group.port),
            lines: Lines::default(),
        },
        places: super::doors::places(context, service, group.port),
    });
    let by_number = behind.let_in.iter().map(|(rule, places)| Draft {
        rule: rule.clone(),
        places: places.clone(),
    });
    drafts.extend(of_group.chain(by_number));
}

/// The half of an edge at its caller.
fn add_way_out(context: &Context<'_>, edge: &Edge, drafts: &mut Vec<Draft>) {
    let Edge {
        from,
        to,
        ports,
        reasons,
    } = edge;
    let caller = context.program.role(*from);
    let mut places: Vec<Span> = reasons.iter().map(|reason| reason.span()).collect();
    let callee = match to {
        Callee::World => {
            // The network has no addresses of IPv6.
            return drafts.push(Draft {
                rule: Rule {
                    address: format!("{}_to_internet", address(caller)),
                    direction: Direction::Egress,
                    description: "Connections to any address".to_owned(),
                    group: address(caller),
                    peer: Peer::AnyIpv4,
                    traffic: Traffic::All,
                    lines: Lines::default(),
                },
                places,
            });
        }
        Callee::Component(callee) => *callee,
    };
    let role = context.program.role(callee);
    if let Some(url) = place_of_external(context, callee) {
        places.push(url);
        for port in ports {
            add_external(caller, role, *port, &places, drafts);
        }
        return;
    }
    for port in ports.iter().filter_map(|port| port_of(context, callee, *port)) {
        drafts.push(Draft {
            rule: Rule {
                address: format!("{}_to_{}_{}", address(caller), address(role), suffix(port)),
                direction: Direction::Egress,
                description: format!("Connections to {role}"),
                group: address(caller),
                peer: Peer::Group(address(role)),
                traffic: traffic(port),
                lines: Lines::default(),
            },
            places: places.clone(),
        });
    }
}

/// The half of an edge at its callee, if that has a group.
fn add_way_in(context: &Context<'_>, callee: Component, edge: &Edge, drafts: &mut Vec<Draft>) {
    let Edge {
        from,
        to: _, // the callee
        ports,
        reasons,
    } = edge;
    if place_of_external(context, callee).is_some() {
        return;
    }
    let (caller, role) = (context.program.role(*from), context.program.role(callee));
    for port in ports.iter().filter_map(|port| port_of(context, callee, *port)) {
        drafts.push(Draft {
            rule: Rule {
                address: format!("{}_from_{}_{}", address(role), address(caller), suffix(port)),
                direction: Direction::Ingress,
                description: format!("Connections from {caller}"),
                group: address(role),
                peer: Peer::Group(address(caller)),
                traffic: traffic(port),
                lines: Lines::default(),
            },
            places: reasons.iter().map(|reason| reason.span()).collect(),
        });
    }
}

/// Where a component listens here; nothing for what is reached by a permission, over the port that every task may
/// open anyway.
fn port_of(context: &Context<'_>, component: Component, port: EdgePort) -> Option<EdgePort> {
    let managed = match component {
        Component::Service(_) => None,
        Component::Backing(id) => context.program.managed(id),
    };
    match managed.and_then(|managed| access(managed.product)) {
        Some(Access::Port(number)) => Some(EdgePort { number, ..port }),
        Some(Access::Permission) => None,
        None => Some(port),
    }
}

/// Where the address of an external was written; `None` for everything else.
fn place_of_external(context: &Context<'_>, component: Component) -> Option<Span> {
    match component {
        Component::Service(_) => None,
        Component::Backing(id) => match context.program.backings().get(id).map(|backing| &backing.engine) {
            Some(Engine::External(_)) => Some(context.program.at(NodeId::Backing(id), "url")),
            Some(Engine::Existing(_)) => Some(context.program.at(NodeId::Backing(id), "existing")),
            Some(Engine::Managed(_) | Engine::Container(_)) | None => None,
        },
    }
}

/// AWS refuses two equal rules, so the first external of a number gives the rule its name.
fn add_external(caller: &str, external: &str, port: EdgePort, places: &[Span], drafts: &mut Vec<Draft>) {
    match drafts
        .iter_mut()
        .find(|draft| opens_to_world(&draft.rule, traffic(port)))
    {
        Some(shared) => shared.places.extend_from_slice(places),
        None => drafts.push(Draft {
            rule: Rule {
                address: format!("{}_to_{}_{}", address(caller), address(external), suffix(port)),
                direction: Direction::Egress,
                description: format!("Connections to {external}, which may have any address"),
                group: address(caller),
                peer: Peer::AnyIpv4,
                traffic: traffic(port),
                lines: Lines::default(),
            },
            places: places.to_vec(),
        }),
    }
}

fn add_platform(context: &Context<'_>, component: Component, workload: &Workload, drafts: &mut Vec<Draft>) {
    let own = address(context.program.role(component));
    let open = drafts.iter().any(|draft| {
        opens_to_world(&draft.rule, Traffic::Tcp(PLATFORM)) || opens_to_world(&draft.rule, Traffic::All)
    });
    let mut add = |name: &str, description: &str, peer| {
        drafts.push(Draft {
            rule: Rule {
                address: format!("{own}_platform_{name}"),
                direction: Direction::Egress,
                description: description.to_owned(),
                group: own.clone(),
                peer,
                traffic: Traffic::Tcp(PLATFORM),
                lines: Lines::default(),
            },
            places: vec![context.program.at(node(component), "")],
        });
    };
    let inside = context.options.asks_inside();
    if inside {
        let endpoints =
            "Images, secrets and logs, which Fargate fetches and sends over endpoints in the network";
        add("endpoints", endpoints, Peer::Group(ENDPOINTS.to_owned()));
        add("s3", "Layers of images, which S3 keeps", Peer::Storage);
    }
    if open {
        return;
    }
    if !inside {
        let anywhere = "Images, secrets and logs, which Fargate fetches and sends over HTTPS";
        add("443", anywhere, Peer::AnyIpv4);
    } else if context.options.way_out() && network::fetches_outside(context, component, workload) {
        add(
            "443",
            "Images of a registry outside of AWS, which Fargate fetches over HTTPS",
            Peer::AnyIpv4,
        );
    }
}

/// Where the edge of a rule between two components was written.
pub(super) fn place(context: &Context<'_>, rule: &Rule) -> Option<Span> {
    let of = |component| address(context.program.role(component));
    let is_of = |edge: &&Edge| match edge.to {
        Callee::World => false,
        Callee::Component(to) => {
            let (own, peer) = match rule.direction {
                Direction::Egress => (edge.from, to),
                Direction::Ingress => (to, edge.from),
            };
            of(own) == rule.group && rule.peer == Peer::Group(of(peer))
        }
    };
    let edge = context.program.edges().iter().find(is_of)?;
    edge.reasons.first().map(|reason| reason.span())
}

fn opens_to_world(rule: &Rule, traffic: Traffic) -> bool {
    rule.direction == Direction::Egress && rule.peer == Peer::AnyIpv4 && rule.traffic == traffic
}

const fn traffic(port: EdgePort) -> Traffic {
    match port.transport {
        Transport::Tcp => Traffic::Tcp(port.number),
        Transport::Udp => Traffic::Udp(port.number),
    }
}

fn suffix(port: EdgePort) -> String {
    match port.transport {
        Transport::Tcp => port.number.to_string(),
        Transport::Udp => format!("{}_udp", port.number),
    }
}
