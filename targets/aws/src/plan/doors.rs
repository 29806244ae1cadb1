//! Doors: the load balancer, its hosts, target groups and rules.

mod check;
mod priority;

use super::Context;
use super::container::node;
use crate::model::{
    Direction, Entry, Host, HostedZone, ListenerRule, Peer, Rule, TargetGroup, Traffic, Version,
};
use crate::names::{address, host_addresses, limit, registrable_parent};
use exoc_diagnostics::{Diagnostic, Sink, Span, codes};
use exoc_ir::{Component, Door, Entrance, Id, NodeId, Port, Protocol, Service};
use std::collections::{BTreeMap, BTreeSet};

/// The address of the load balancer's security group. No role begins so.
pub(super) const GROUP: &str = "exoc_load_balancer";

/// The most values that the conditions of one rule may have.
///
/// Source: Elastic Load Balancing, "Quotas for your Application Load Balancers", read 2026-11.
const VALUES_OF_A_RULE: usize = 5;

/// The load balancer and what each service has behind it.
pub(super) struct Doors {
    pub(super) entry: Entry,
    pub(super) services: BTreeMap<Id<Service>, Behind>,
}

/// What the load balancer has for one service.
#[derive(Clone, Default)]
pub(super) struct Behind {
    pub(super) target_groups: Vec<TargetGroup>,
    pub(super) rules: Vec<ListenerRule>,
    /// Seconds that a starting task may fail.
    pub(super) grace: u32,
}

/// A door by host and path, with what it needs of its service.
struct Way<'a> {
    index: usize,
    service: Id<Service>,
    port: &'a Port,
    host: &'a str,
    path: &'a str,
    strip: bool,
    timeout: u32,
}

/// Plans the load balancer; `None` if nothing is public.
pub(super) fn plan(context: &Context<'_>, sink: &mut Sink) -> Option<Doors> {
    let ways: Vec<Way<'_>> = context
        .program
        .doors()
        .iter()
        .enumerate()
        .filter_map(|(i, door)| way(context, i, door))
        .collect();
    if ways.is_empty() {
        return None;
    }
    let mut services: BTreeMap<Id<Service>, Behind> = BTreeMap::new();
    for way in &ways {
        let behind = services.entry(way.service).or_default();
        target_group(context, way, behind);
    }
    for (service, behind) in &mut services {
        let ports = context
            .program
            .services()
            .get(*service)
            .map(|service| service.workload.ports.as_slice());
        let place = |group: &TargetGroup| ports?.iter().position(|port| port.number == group.port);
        behind.target_groups.sort_by_key(place);
    }
    for (service, rule) in rules(context, &ways, sink) {
        services.entry(service).or_default().rules.push(rule);
    }
    let span = context.program.at(NodeId::App, "name");
    let (hosts, zones) = hosts(context, &ways, sink);
    let entry = Entry {
        name: context.names.within(&[], limit::LOAD_BALANCER, span, sink),
        log_bucket_prefix: format!(
            "{}-",
            context.names.within(&["logs"], limit::BUCKET_PREFIX, span, sink)
        ),
        idle_timeout: ways.iter().map(|way| way.timeout).max().unwrap_or(60),
        hosts,
        zones,
        lines: context.lines(entry_places(context, &ways)),
        rules: entry_rules(context, &services),
    };
    Some(Doors { entry, services })
}

fn way<'a>(context: &Context<'a>, index: usize, door: &'a Door) -> Option<Way<'a>> {
    let Door {
        service,
        port,
        entrance,
    } = door;
    let port = context
        .program
        .services()
        .get(*service)?
        .workload
        .ports
        .get(*port)?;
    match entrance {
        Entrance::Http {
            host,
            path,
            strip,
            timeout,
        } => Some(Way {
            index,
            service: *service,
            port,
            host,
            path,
            strip: *strip,
            timeout: timeout.0,
        }),
        // Refused as a feature.
        Entrance::Plain {
            host: _,
            number: _,
            transport: _,
        } => None,
    }
}

/// The places of the doors to a port.
pub(super) fn places(context: &Context<'_>, service: Id<Service>, number: u16) -> Vec<Span> {
    let ports = context
        .program
        .services()
        .get(service)
        .map(|service| service.workload.ports.as_slice());
    let port = |door: &Door| Some(ports?.get(door.port)?.number);
    context.places_of_doors(|door| door.service == service && port(door) == Some(number))
}

/// The places of all doors, and of the timeouts that decide how long a connection may be idle.
fn entry_places(context: &Context<'_>, ways: &[Way<'_>]) -> Vec<Span> {
    let own_timeout = ways.iter().filter(|way| way.timeout != 60);
    own_timeout
        .map(|way| context.program.at(NodeId::Service(way.service), "route.timeout"))
        .chain(ways.iter().map(|way| context.place_of_door(way.index)))
        .collect()
}

/// The address of the target group of a port. Numbers have no `_`, so no two ports share one.
fn group_address(role: &str, port: &Port) -> String {
    format!("{}_{}", address(role), port.number)
}

fn target_group(context: &Context<'_>, way: &Way<'_>, behind: &mut Behind) {
    let Some(service) = context.program.services().get(way.service) else {
        return;
    };
    let group = group_address(&service.role, way.port);
    if behind.target_groups.iter().any(|known| known.address == group) {
        return;
    }
    let version = match way.port.protocol {
        Protocol::Http | Protocol::Tcp | Protocol::Udp => Version::Http1,
        Protocol::Http2 => Version::Http2,
        Protocol::Grpc => Version::Grpc,
    };
    let (check, grace) = check::of_target(&service.workload, way.port, version);
    behind.grace = behind.grace.max(grace);
    let component = Component::Service(way.service);
    let asked = service
        .workload
        .health
        .as_ref()
        .map(|_| context.program.at(node(component), "health"));
    let short: String = service.identity.chars().take(5).collect();
    behind.target_groups.push(TargetGroup {
        address: group,
        name_prefix: format!("{}-", short.trim_end_matches('-')),
        port: way.port.number,
        version,
        check,
        deregistration_delay: service.workload.shutdown.0,
        lines: context.lines(
            places(context, way.service, way.port.number)
                .into_iter()
                .chain(asked),
        ),
    });
}

/// Role, path, port and whether the path is removed: what the hosts of one rule have in common.
type Route<'a> = (&'a str, &'a str, u16, bool);

/// The rules of the listener: doors that differ in their host alone share rules of up to five values.
fn rules(context: &Context<'_>, ways: &[Way<'_>], sink: &mut Sink) -> Vec<(Id<Service>, ListenerRule)> {
    let mut groups: BTreeMap<Route<'_>, (Id<Service>, BTreeSet<&str>)> = BTreeMap::new();
    for way in ways {
        let role = context.program.role(Component::Service(way.service));
        let key = (role, way.path, way.port.number, way.strip);
        groups
            .entry(key)
            .or_insert_with(|| (way.service, BTreeSet::new()))
            .1
            .insert(way.host);
    }
    let mut wanted = Vec::new();
    for ((role, path, port, strip), (service, hosts)) in groups {
        let hosts: Vec<&str> = hosts.into_iter().collect();
        let values_of_path = if path == "/" { 0 } else { 2 };
        for chunk in hosts.chunks(VALUES_OF_A_RULE - values_of_path) {
            wanted.push((role, path, port, strip, service, chunk.to_vec()));
        }
    }
    let keys = wanted.iter().map(|(role, path, _, _, _, hosts)| priority::Key {
        host: hosts.first().copied().unwrap_or_default(),
        path,
        role,
    });
    let priorities = priority::assign(keys);
    if wanted.len() > priority::MOST_RULES {
        too_many_rules(context, wanted.len(), ways, sink);
    }
    wanted
        .into_iter()
        .zip(priorities)
        .map(|((role, path, port, strip, service, hosts), priority)| {
            let opens = |way: &&Way<'_>| {
                let same = (way.path, way.port.number, way.strip) == (path, port, strip);
                way.service == service && same && hosts.contains(&way.host)
            };
            let opening = ways.iter().filter(opens);
            let places: Vec<Span> = opening.map(|way| context.place_of_door(way.index)).collect();
            let rule = ListenerRule {
                address: format!("{}_{priority}", address(role)),
                priority,
                target_group: format!("{}_{port}", address(role)),
                hosts: hosts.into_iter().map(str::to_owned).collect(),
                path: path.to_owned(),
                strip,
                lines: context.lines(places),
            };
            (service, rule)
        })
        .collect()
}

fn too_many_rules(context: &Context<'_>, count: usize, ways: &[Way<'_>], sink: &mut Sink) {
    let most = priority::MOST_RULES;
    let last = ways.last().map_or(0, |way| way.index);
    sink.error(
        Diagnostic::new(
            codes::TARGET_LIMIT,
            format!("the routes need {count} rules of the load balancer, which holds {most}"),
        )
        .at(context.program.at(NodeId::Door(last), ""), "")
        .help("fewer paths or hosts per service, or a second application"),
    );
}

fn hosts(context: &Context<'_>, ways: &[Way<'_>], sink: &mut Sink) -> (Vec<Host>, Vec<HostedZone>) {
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    for way in ways {
        names.entry(way.host).or_insert(way.index);
    }
    let mut zones: BTreeMap<&str, String> = BTreeMap::new();
    for (name, door) in &names {
        match zone_of(context, name) {
            Some(zone) => {
                zones.insert(name, zone);
            }
            None => outside_zones(context, name, *door, sink),
        }
    }
    let addresses = host_addresses(names.keys().copied());
    let address_of = |name: &str| addresses.get(name).cloned().unwrap_or_default();
    let zone_addresses = host_addresses(zones.values().map(String::as_str));
    let hosts = zones
        .iter()
        .map(|(name, zone)| Host {
            address: address_of(name),
            name: (*name).to_owned(),
            zone: zone_addresses.get(zone.as_str()).cloned().unwrap_or_default(),
            lines: context.lines(context.places_of_host(name)),
        })
        .collect();
    let zone = |(name, address): (&&str, &String)| HostedZone {
        address: address.clone(),
        name: (*name).to_owned(),
        lines: context.lines(places_of_zone(context, &zones, name)),
    };
    (hosts, zone_addresses.iter().map(zone).collect())
}

/// Where a zone is named; where the hosts in it are, if nobody named it.
fn places_of_zone(context: &Context<'_>, zones: &BTreeMap<&str, String>, zone: &str) -> Vec<Span> {
    let mut named = context.options.hosted_zones.iter();
    if let Some(named) = named.find(|known| known.value == zone) {
        return vec![named.span];
    }
    let within = zones.iter().filter(|(_, its)| its.as_str() == zone);
    within
        .flat_map(|(host, _)| context.places_of_host(host))
        .collect()
}

fn zone_of(context: &Context<'_>, host: &str) -> Option<String> {
    let known = &context.options.hosted_zones;
    if known.is_empty() {
        return Some(registrable_parent(host));
    }
    let holds = |zone: &str| {
        host.strip_suffix(zone)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    known
        .iter()
        .map(|zone| &zone.value)
        .filter(|zone| holds(zone))
        .max_by_key(|zone| zone.len())
        .cloned()
}

fn outside_zones(context: &Context<'_>, host: &str, door: usize, sink: &mut Sink) {
    let mut diagnostic = Diagnostic::new(
        codes::BAD_OPTION,
        format!("no hosted zone of the option `zone` holds the host `{host}`"),
    )
    .at(context.program.at(NodeId::Door(door), ""), "")
    .help("name the zone that holds the host, beside the others");
    for zone in &context.options.hosted_zones {
        diagnostic = diagnostic.also(zone.span, "");
    }
    sink.error(diagnostic);
}

/// The load balancer's side of its rules.
fn entry_rules(context: &Context<'_>, services: &BTreeMap<Id<Service>, Behind>) -> Vec<Rule> {
    let lines = context.lines(context.places_of_doors(|_| true));
    let open = |name: &str, description: &str, port| Rule {
        address: format!("{GROUP}_{name}"),
        direction: Direction::Ingress,
        description: description.to_owned(),
        group: GROUP.to_owned(),
        peer: Peer::AnyIpv4,
        traffic: Traffic::Tcp(port),
        lines: lines.clone(),
    };
    let mut rules = vec![
        open("https", "HTTPS from the internet", 443),
        open(
            "http",
            "HTTP from the internet, answered with a redirect to HTTPS",
            80,
        ),
    ];
    for (service, behind) in services {
        let role = context.program.role(Component::Service(*service));
        for group in &behind.target_groups {
            rules.push(Rule {
                address: format!("{GROUP}_to_{}", group.address),
                direction: Direction::Egress,
                description: format!("Requests and checks to {role}"),
                group: GROUP.to_owned(),
                peer: Peer::Group(address(role)),
                traffic: Traffic::Tcp(group.port),
                lines: context.lines(places(context, *service, group.port)),
            });
        }
    }
    rules
}
