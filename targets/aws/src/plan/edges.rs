//! Edges as rules of security groups: one on each side of every edge, and nothing else but what the platform needs.

use super::Context;
use super::doors::{Doors, GROUP};
use crate::model::{Direction, Peer, Rule, Traffic};
use crate::names::address;
use exoc_ir::{Callee, Component, Edge, EdgePort, Engine, Transport};
use std::collections::BTreeMap;

/// The port that every task may reach anywhere: Fargate pulls images, secrets and logs over it.
const PLATFORM: u16 = 443;

/// The rules of every component's group, by component.
pub(super) type Rules = BTreeMap<Component, Vec<Rule>>;

/// Plans all rules but the load balancer's own.
pub(super) fn plan(context: &Context<'_>, doors: Option<&Doors>) -> Rules {
    let mut rules = Rules::new();
    if let Some(doors) = doors {
        for (service, behind) in &doors.services {
            let component = Component::Service(*service);
            let own = address(context.program.role(component));
            let from_entry = behind.target_groups.iter().map(|group| Rule {
                address: format!("{own}_from_{GROUP}_{}", group.port),
                direction: Direction::Ingress,
                description: "Requests and checks from the load balancer".to_owned(),
                group: own.clone(),
                peer: Peer::Group(GROUP.to_owned()),
                traffic: Traffic::Tcp(group.port),
            });
            rules.entry(component).or_default().extend(from_entry);
        }
    }
    for edge in context.program.edges() {
        add_edge(context, edge, &mut rules);
    }
    for (component, _) in context.program.workloads() {
        add_platform(context, component, &mut rules);
    }
    for of_component in rules.values_mut() {
        of_component.sort_by(|a, b| (a.direction, &a.address).cmp(&(b.direction, &b.address)));
    }
    rules
}

fn add_edge(context: &Context<'_>, edge: &Edge, rules: &mut Rules) {
    let Edge {
        from,
        to,
        ports,
        reasons: _,
    } = edge;
    let caller = context.program.role(*from);
    match to {
        Callee::World => {
            let world = [("ipv4", "IPv4", Peer::AnyIpv4), ("ipv6", "IPv6", Peer::AnyIpv6)];
            rules
                .entry(*from)
                .or_default()
                .extend(world.map(|(suffix, words, peer)| Rule {
                    address: format!("{}_to_internet_{suffix}", address(caller)),
                    direction: Direction::Egress,
                    description: format!("The internet over {words}"),
                    group: address(caller),
                    peer,
                    traffic: Traffic::All,
                }));
        }
        Callee::Component(callee) if is_external(context, *callee) => {
            for port in ports {
                add_external(context, *from, context.program.role(*callee), *port, rules);
            }
        }
        Callee::Component(callee) => {
            for port in ports {
                add_pair(context, *from, *callee, *port, rules);
            }
        }
    }
}

fn is_external(context: &Context<'_>, component: Component) -> bool {
    match component {
        Component::Service(_) => false,
        Component::Backing(id) => match context.program.backings().get(id).map(|backing| &backing.engine) {
            Some(Engine::External(_)) => true,
            Some(Engine::Managed(_) | Engine::Container(_)) | None => false,
        },
    }
}

fn add_pair(context: &Context<'_>, from: Component, to: Component, port: EdgePort, rules: &mut Rules) {
    let (caller, callee) = (context.program.role(from), context.program.role(to));
    let (traffic, suffix) = (traffic(port), suffix(port));
    rules.entry(from).or_default().push(Rule {
        address: format!("{}_to_{}_{suffix}", address(caller), address(callee)),
        direction: Direction::Egress,
        description: format!("Connections to {callee}"),
        group: address(caller),
        peer: Peer::Group(address(callee)),
        traffic,
    });
    rules.entry(to).or_default().push(Rule {
        address: format!("{}_from_{}_{suffix}", address(callee), address(caller)),
        direction: Direction::Ingress,
        description: format!("Connections from {caller}"),
        group: address(callee),
        peer: Peer::Group(address(caller)),
        traffic,
    });
}

/// AWS refuses two equal rules, so the first external of a number gives the rule its name.
fn add_external(context: &Context<'_>, from: Component, external: &str, port: EdgePort, rules: &mut Rules) {
    let caller = context.program.role(from);
    let known = rules.entry(from).or_default();
    if !opens_to_world(known, traffic(port)) {
        known.push(Rule {
            address: format!("{}_to_{}_{}", address(caller), address(external), suffix(port)),
            direction: Direction::Egress,
            description: format!("Connections to {external}, which may have any address"),
            group: address(caller),
            peer: Peer::AnyIpv4,
            traffic: traffic(port),
        });
    }
}

fn add_platform(context: &Context<'_>, component: Component, rules: &mut Rules) {
    let own = address(context.program.role(component));
    let known = rules.entry(component).or_default();
    if !opens_to_world(known, Traffic::Tcp(PLATFORM)) && !opens_to_world(known, Traffic::All) {
        known.push(Rule {
            address: format!("{own}_platform_{PLATFORM}"),
            direction: Direction::Egress,
            description: "Images, secrets and logs, which Fargate fetches and sends over HTTPS".to_owned(),
            group: own,
            peer: Peer::AnyIpv4,
            traffic: Traffic::Tcp(PLATFORM),
        });
    }
}

fn opens_to_world(rules: &[Rule], traffic: Traffic) -> bool {
    rules.iter().any(|rule| {
        rule.direction == Direction::Egress && rule.peer == Peer::AnyIpv4 && rule.traffic == traffic
    })
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
