//! Doors: the load balancers, target groups and rules.

mod check;
mod names;
mod plain;
mod priority;

use super::Context;
use super::container::node;
use crate::model::{
    Balancer, Certificate, Direction, Entry, Firewall, Host, ListenerRule, LogBucket, NetworkEntry, Peer,
    Piece, PublicNames, Reference, Rule, TargetGroup, Text, Traffic, Version,
};
use crate::names::{address, limit};
use exoc_diagnostics::{Diagnostic, Sink, Span, codes};
use exoc_ir::{Component, Door, Entrance, Id, NodeId, Port, Protocol, Service};
use std::collections::{BTreeMap, BTreeSet};

/// The address of the load balancer's security group. No role begins so.
pub(super) const GROUP: &str = "exoc_load_balancer";

/// The most values that the conditions of one rule may have.
///
/// Source: Elastic Load Balancing, "Quotas for your Application Load Balancers", read 2026-11.
const VALUES_OF_A_RULE: usize = 5;

/// The load balancers and what each service has behind them.
pub(super) struct Doors {
    pub(super) entry: Option<Entry>,
    pub(super) network: Option<NetworkEntry>,
    pub(super) firewall: Option<Firewall>,
    pub(super) log_bucket: Option<LogBucket>,
    pub(super) names: PublicNames,
    pub(super) services: BTreeMap<Id<Service>, Behind>,
}

/// What the load balancers have for one service.
#[derive(Clone, Default)]
pub(super) struct Behind {
    pub(super) target_groups: Vec<TargetGroup>,
    pub(super) rules: Vec<ListenerRule>,
    /// Listeners by numbers, by address.
    pub(super) listeners: Vec<String>,
    /// What its group lets in from the load balancer by numbers, each with its places.
    pub(super) let_in: Vec<(Rule, Vec<Span>)>,
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

/// Plans what is public.
pub(super) fn plan(context: &Context<'_>, sink: &mut Sink) -> Doors {
    let doors = context.program.doors().iter().enumerate();
    let ways: Vec<Way<'_>> = doors.filter_map(|(i, door)| way(context, i, door)).collect();
    let mut services: BTreeMap<Id<Service>, Behind> = BTreeMap::new();
    for way in &ways {
        let behind = services.entry(way.service).or_default();
        target_group(context, way, behind);
    }
    for (service, rule) in rules(context, &ways, sink) {
        services.entry(service).or_default().rules.push(rule);
    }
    let names = names::plan(context, sink);
    let entry = (!ways.is_empty()).then(|| entry(context, &ways, &services, &names, sink));
    let network = plain::plan(context, &mut services, sink);
    for (service, behind) in &mut services {
        let ports = context
            .program
            .services()
            .get(*service)
            .map(|service| service.workload.ports.as_slice());
        let place = |group: &TargetGroup| ports?.iter().position(|port| port.number == group.port);
        behind.target_groups.sort_by_key(place);
    }
    Doors {
        firewall: firewall(context, entry.is_some(), sink),
        log_bucket: log_bucket(context, entry.as_ref(), network.as_ref(), sink),
        entry,
        network,
        names,
        services,
    }
}

fn entry(
    context: &Context<'_>,
    ways: &[Way<'_>],
    services: &BTreeMap<Id<Service>, Behind>,
    names: &PublicNames,
    sink: &mut Sink,
) -> Entry {
    let hosts: Vec<Host> = names.hosts.iter().filter(|host| !host.plain).cloned().collect();
    Entry {
        balancer: balancer(context, sink),
        idle_timeout: ways.iter().map(|way| way.timeout).max().unwrap_or(60),
        certificates: certificates(context, &hosts),
        hosts,
        lines: context.lines(entry_places(context, ways)),
        rules: entry_rules(context, services),
    }
}

impl Doors {
    /// How metrics name the load balancer by host and path.
    pub(super) fn balancer_suffix(&self) -> Text {
        let given = self.entry.as_ref().is_some_and(|entry| match entry.balancer {
            Balancer::Own { name: _ } => false,
            Balancer::Given { .. } => true,
        });
        let resource = if given { "data.aws_lb" } else { "aws_lb" };
        Text {
            pieces: vec![Piece::Attribute(Reference::text(resource, "main", "arn_suffix"))],
        }
    }
}

/// The web ACL, if the option asks for one.
fn firewall(context: &Context<'_>, has_entry: bool, sink: &mut Sink) -> Option<Firewall> {
    let option = context.options.firewall.as_ref()?;
    if !has_entry {
        sink.error(
            Diagnostic::new(
                codes::BAD_OPTION,
                "`firewall` looks into requests, and nothing is public by host and path",
            )
            .at(option.span, "")
            .help("leave it out"),
        );
        return None;
    }
    let span = context.program.at(NodeId::App, "name");
    let name = context.names.within(&[], limit::FIREWALL, span, sink);
    Some(Firewall {
        // A log of the firewall must be named so.
        log_group: format!("aws-waf-logs-{name}"),
        name,
        rate: option.value.rate,
        lines: context.lines([option.span]),
    })
}

/// The bucket of logs, if a load balancer of ours writes one.
fn log_bucket(
    context: &Context<'_>,
    entry: Option<&Entry>,
    network: Option<&NetworkEntry>,
    sink: &mut Sink,
) -> Option<LogBucket> {
    let own = entry.filter(|entry| match entry.balancer {
        Balancer::Own { name: _ } => true,
        Balancer::Given { .. } => false,
    });
    let lines = match (own, network) {
        (Some(own), _) => own.lines.clone(),
        (None, Some(network)) => network.lines.clone(),
        (None, None) => return None,
    };
    let span = context.program.at(NodeId::App, "name");
    let prefix = context.names.within(&["logs"], limit::BUCKET_PREFIX, span, sink);
    Some(LogBucket {
        prefix: format!("{prefix}-"),
        requests: own.is_some(),
        connections: network.is_some(),
        lines,
    })
}

/// A load balancer of our own, or the one that exists already.
fn balancer(context: &Context<'_>, sink: &mut Sink) -> Balancer {
    match &context.options.balancer {
        Some(given) => Balancer::Given {
            arn: given.value.arn(),
            listener: given.value.listener.clone(),
            group: given.value.group.clone(),
        },
        None => {
            let span = context.program.at(NodeId::App, "name");
            Balancer::Own {
                name: context.names.within(&[], limit::LOAD_BALANCER, span, sink),
            }
        }
    }
}

/// What the listener shows: a certificate for each host, unless some exist already.
fn certificates(context: &Context<'_>, hosts: &[Host]) -> Vec<Certificate> {
    let given = &context.options.certificates;
    if given.is_empty() {
        return hosts
            .iter()
            .map(|host| Certificate {
                address: host.address.clone(),
                what: host.name.clone(),
                arn: None,
                lines: host.lines.clone(),
            })
            .collect();
    }
    given
        .iter()
        .enumerate()
        .map(|(index, arn)| Certificate {
            address: format!("given_{}", index + 1),
            what: "the hosts that this certificate covers".to_owned(),
            arn: Some(arn.value.clone()),
            lines: context.lines([arn.span]),
        })
        .collect()
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
        // Has a load balancer of its own.
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
    let keys = wanted
        .iter()
        .map(|(_, path, _, _, service, hosts)| priority::Key {
            host: hosts.first().copied().unwrap_or_default(),
            path,
            identity: context.program.identity(Component::Service(*service)),
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

/// The load balancer's side of its rules, if the load balancer is ours.
fn entry_rules(context: &Context<'_>, services: &BTreeMap<Id<Service>, Behind>) -> Vec<Rule> {
    if context.options.balancer.is_some() {
        return Vec::new();
    }
    let by_request = |door: &Door| match door.entrance {
        Entrance::Http { .. } => true,
        Entrance::Plain { .. } => false,
    };
    let lines = context.lines(context.places_of_doors(by_request));
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
