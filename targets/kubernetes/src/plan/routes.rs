//! The gateway, and the routes from it to services.
//!
//! One Gateway has a listener with TLS for each host, and one plain listener whose only route leads to the others.
//! In the local environment, whose public addresses are plain, there is the plain listener alone. Of a Gateway that is
//! there already, the option `gateway` names both listeners, and none is ours.
//!
//! A listener must refuse an HTTPRoute and a GRPCRoute for one host (Gateway API 1.4, "Cross Serving" of GRPCRoute),
//! and a GRPCRoute knows no timeout. So a host has GRPCRoutes only if they can say everything about it; otherwise
//! its gRPC doors are HTTPRoutes like all others, which lead to the same port.

use super::{Plan, ingress, network};
use crate::model::{
    Forward, Gateway, Listener, Match, Meta, Object, Parent, Provenance, Route, RouteKind, RouteRules,
};
use crate::names;
use crate::options::{GivenGateway, Way};
use exoc_diagnostics::{Diagnostic, Span, codes};
use exoc_ir::{Component, Door, Entrance, Id, Protocol, Service};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// The most listeners of a Gateway, hosts of a route, and rules of a route: Gateway API 1.4.1, its CRDs.
const MOST_LISTENERS: usize = 64;
const MOST_HOSTS: usize = 16;
const MOST_RULES: usize = 16;

/// The language's default of a route's timeout, in seconds, which a GRPCRoute leaves to the gateway.
pub(super) const DEFAULT_TIMEOUT: u32 = 60;

/// The hosts of HTTP doors, each with the places of its doors.
pub(super) type Hosts<'a> = BTreeMap<&'a str, Vec<Span>>;

/// Where HTTP enters.
pub(crate) struct Entry {
    /// What is there for all services.
    pub(crate) objects: Vec<Object>,
    /// The file that holds it.
    pub(crate) file: &'static str,
    /// The gateway that routes attach to, and its namespace if it is another one; `None` where there are no routes.
    gateway: Option<(String, Option<String>)>,
    /// The listener of each host.
    listeners: BTreeMap<String, String>,
    /// The Secret of each host's certificate.
    certificates: Vec<(String, String)>,
    /// The hosts that GRPCRoutes serve.
    grpc_hosts: BTreeSet<String>,
}

impl Entry {
    /// One that is no gateway.
    pub(super) const fn by_ingress(objects: Vec<Object>, certificates: Vec<(String, String)>) -> Self {
        Self {
            objects,
            file: names::INGRESS_FILE,
            gateway: None,
            listeners: BTreeMap::new(),
            certificates,
            grpc_hosts: BTreeSet::new(),
        }
    }
}

/// Where HTTP enters, and the hosts, if there are HTTP doors.
pub(crate) fn entry(plan: &mut Plan<'_>) -> Option<(Entry, Vec<String>)> {
    let mut hosts = Hosts::new();
    for (door, at) in plan.doors() {
        if let Some(way) = HttpDoor::of(plan, door) {
            hosts.entry(way.host).or_default().push(at);
        }
    }
    let last = *hosts.last_key_value()?.1.first()?;
    let entry = match &plan.options.entry.way {
        Way::Gateway { class } => gateway(plan, class, &hosts, last),
        Way::Given(given) => given_gateway(plan, given, &hosts),
        Way::Ingress { class } => ingress::entry(plan, class, &hosts),
    };
    Some((entry, hosts.into_keys().map(str::to_owned).collect()))
}

/// A gateway of the application's own. `last` is a place of the last host.
fn gateway(plan: &mut Plan<'_>, class: &str, hosts: &Hosts<'_>, last: Span) -> Entry {
    let program = plan.program;
    if hosts.len() >= MOST_LISTENERS {
        let message = format!(
            "a Kubernetes Gateway has listeners for {} hosts at most",
            MOST_LISTENERS - 1
        );
        plan.sink.error(
            Diagnostic::new(codes::TARGET_LIMIT, message)
                .at(last, "")
                .help("route by path instead, or split the application"),
        );
    }
    let name = program.app().name.clone();
    let mut listeners = vec![Listener {
        name: names::PLAIN_LISTENER.to_owned(),
        port: program.environment().http_port.unwrap_or(80),
        host: None,
        certificate: None,
        from: Provenance::default(),
    }];
    let mut sections = BTreeMap::new();
    let mut certificates = Vec::new();
    for (host, doors) in hosts {
        if program.environment().local {
            sections.insert((*host).to_owned(), names::PLAIN_LISTENER.to_owned());
            continue;
        }
        let Some(at) = doors.first().copied() else {
            continue;
        };
        let section = plan.shortened(names::listener(host), at);
        let certificate = plan.shortened(names::certificate(host), at);
        listeners.push(Listener {
            name: section.clone(),
            port: 443,
            host: Some((*host).to_owned()),
            certificate: Some(certificate.clone()),
            from: Provenance::of(doors.iter().copied().chain(plan.domain_line(host))),
        });
        sections.insert((*host).to_owned(), section);
        certificates.push(((*host).to_owned(), certificate));
    }
    let from = Provenance::of(hosts.values().flatten().copied());
    Entry {
        objects: objects(plan, (&name, class), listeners, &from),
        file: names::GATEWAY_FILE,
        gateway: Some((name, None)),
        listeners: sections,
        certificates,
        grpc_hosts: grpc_hosts(plan),
    }
}

/// The Gateway, what leads from its plain listener to the others, and what an issuer of its certificates needs.
fn objects(
    plan: &Plan<'_>,
    (name, class): (&str, &str),
    listeners: Vec<Listener>,
    from: &Provenance,
) -> Vec<Object> {
    let meta = plan.shared_meta(name).because_of(from.and(&plan.options_lines()));
    let (meta, is_issued) = issued(plan, meta);
    let mut objects = vec![Object::Gateway(Gateway {
        meta,
        class: class.to_owned(),
        listeners,
    })];
    if !plan.program.environment().local {
        let parent = Parent {
            gateway: name.to_owned(),
            namespace: None,
            section: names::PLAIN_LISTENER.to_owned(),
        };
        objects.push(redirect(plan, 0, parent, Vec::new()));
    }
    if is_issued {
        objects.push(network::solvers(plan));
    }
    objects
}

/// What has certificates, and whether an issuer makes them.
pub(super) fn issued(plan: &Plan<'_>, mut meta: Meta) -> (Meta, bool) {
    let local = plan.program.environment().local;
    let issuer = plan.options.cluster_issuer.as_ref().filter(|_| !local);
    if let Some(issuer) = issuer {
        meta.annotations
            .insert("cert-manager.io/cluster-issuer".to_owned(), issuer.clone());
    }
    (meta, issuer.is_some())
}

/// A gateway of somebody else's: nothing but what sends plain requests for these hosts to https.
fn given_gateway(plan: &Plan<'_>, given: &GivenGateway, hosts: &Hosts<'_>) -> Entry {
    let GivenGateway {
        name,
        namespace,
        https,
        http,
    } = given;
    let local = plan.program.environment().local;
    let section = if local { http } else { https };
    let listeners = hosts.keys().map(|host| ((*host).to_owned(), section.clone()));
    let mut objects = Vec::new();
    if !local {
        let all: Vec<String> = hosts.keys().map(|host| (*host).to_owned()).collect();
        for (index, hosts) in all.chunks(MOST_HOSTS).enumerate() {
            let parent = Parent {
                gateway: name.clone(),
                namespace: Some(namespace.clone()),
                section: http.clone(),
            };
            objects.push(redirect(plan, index, parent, hosts.to_vec()));
        }
    }
    Entry {
        objects,
        file: names::GATEWAY_FILE,
        gateway: Some((name.clone(), Some(namespace.clone()))),
        listeners: listeners.collect(),
        certificates: Vec::new(),
        grpc_hosts: grpc_hosts(plan),
    }
}

/// The `index`-th route that sends plain requests to https.
fn redirect(plan: &Plan<'_>, index: usize, parent: Parent, hosts: Vec<String>) -> Object {
    Object::Route(Route {
        meta: plan.shared_meta(&names::route(names::REDIRECT, index)),
        kind: RouteKind::Http,
        parents: vec![parent],
        hosts,
        rules: RouteRules::RedirectToHttps,
    })
}

/// The certificates that somebody has to supply: host and Secret.
pub(crate) fn certificates_to_make(plan: &Plan<'_>, entry: Option<&Entry>) -> Vec<(String, String)> {
    match (&plan.options.cluster_issuer, entry) {
        (None, Some(entry)) => entry.certificates.clone(),
        (Some(_), _) | (None, None) => Vec::new(),
    }
}

/// The routes of a service: one, unless its paths have different hosts or are too many for one.
pub(crate) fn routes(plan: &Plan<'_>, service: Id<Service>, entry: Option<&Entry>) -> Vec<Object> {
    let Some(entry) = entry.filter(|entry| entry.gateway.is_some()) else {
        return Vec::new();
    };
    let component = Component::Service(service);
    let role = plan.program.role(component);
    let mut hosts_of: BTreeMap<Rule<'_>, BTreeMap<&str, Span>> = BTreeMap::new();
    for (door, at) in plan.doors_of(service) {
        if let Some(way) = HttpDoor::of(plan, door) {
            let rule = Rule::of(&way, entry.grpc_hosts.contains(way.host));
            hosts_of.entry(rule).or_default().insert(way.host, at);
        }
    }
    let mut groups: BTreeMap<(RouteKind, Vec<&str>), Vec<Forward>> = BTreeMap::new();
    for (rule, hosts) in hosts_of {
        let hosts: Vec<(&str, Span)> = hosts.into_iter().collect();
        for hosts in hosts.chunks(MOST_HOSTS) {
            let from = Provenance::of(hosts.iter().map(|(_, at)| *at));
            let hosts = hosts.iter().map(|(host, _)| *host).collect();
            let group = groups.entry((rule.kind, hosts)).or_default();
            group.push(rule.forward(role, from));
        }
    }
    let mut count: BTreeMap<RouteKind, usize> = BTreeMap::new();
    let mut routes = Vec::new();
    for ((kind, hosts), rules) in groups {
        for rules in rules.chunks(MOST_RULES) {
            let index = count.entry(kind).or_default();
            let from = rules
                .iter()
                .fold(Provenance::default(), |from, rule| from.and(&rule.from));
            let meta = plan.meta(component, names::route(role, *index));
            routes.push(Object::Route(Route {
                rules: RouteRules::Forward(quiet(plan, rules, &from)),
                meta: meta.because_of(from),
                kind,
                parents: parents(entry, &hosts),
                hosts: hosts.iter().map(|host| (*host).to_owned()).collect(),
            }));
            *index += 1;
        }
    }
    routes
}

/// The rules without the lines that stand above all of them.
fn quiet(plan: &Plan<'_>, rules: &[Forward], all: &Provenance) -> Vec<Forward> {
    let mut rules = rules.to_vec();
    for rule in &mut rules {
        if plan.places.same(&rule.from, all) {
            rule.from = Provenance::default();
        }
    }
    rules
}

fn parents(entry: &Entry, hosts: &[&str]) -> Vec<Parent> {
    let sections: BTreeSet<&String> = hosts
        .iter()
        .filter_map(|host| entry.listeners.get(*host))
        .collect();
    let of = |(section, (gateway, namespace)): (&String, &(String, Option<String>))| Parent {
        gateway: gateway.clone(),
        namespace: namespace.clone(),
        section: section.clone(),
    };
    let named = sections
        .into_iter()
        .filter_map(|section| Some((section, entry.gateway.as_ref()?)));
    named.map(of).collect()
}

/// The hosts all of whose doors a GRPCRoute can express.
fn grpc_hosts(plan: &Plan<'_>) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    let mut not = BTreeSet::new();
    for way in plan.doors().filter_map(|(door, _)| HttpDoor::of(plan, door)) {
        all.insert(way.host.to_owned());
        if grpc_match(&way).is_none() {
            not.insert(way.host.to_owned());
        }
    }
    all.difference(&not).cloned().collect()
}

/// What a GRPCRoute matches to express a door; `None` if it cannot.
fn grpc_match(way: &HttpDoor<'_>) -> Option<Match> {
    let HttpDoor {
        host: _,
        path,
        strip,
        timeout,
        port: _,
        protocol,
    } = way;
    if *protocol != Protocol::Grpc || *strip || *timeout != DEFAULT_TIMEOUT {
        return None;
    }
    let service = path.strip_prefix('/').unwrap_or(path);
    if service.is_empty() {
        return Some(Match::All);
    }
    // The API's pattern for the name of a gRPC service.
    let fits = service.split('.').all(|word| {
        word.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && word
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    });
    fits.then(|| Match::GrpcService(service.to_owned()))
}

/// A door of an HTTP protocol.
pub(super) struct HttpDoor<'a> {
    pub(super) host: &'a str,
    pub(super) path: &'a str,
    pub(super) strip: bool,
    pub(super) timeout: u32,
    pub(super) port: u16,
    pub(super) protocol: Protocol,
}

impl<'a> HttpDoor<'a> {
    pub(super) fn of(plan: &Plan<'a>, door: &'a Door) -> Option<Self> {
        let service = plan.program.services().get(door.service)?;
        let port = service.workload.ports.get(door.port)?;
        match &door.entrance {
            Entrance::Http {
                host,
                path,
                strip,
                timeout,
            } => Some(Self {
                host,
                path,
                strip: *strip,
                timeout: timeout.0,
                port: port.number,
                protocol: port.protocol,
            }),
            Entrance::Plain { .. } => None,
        }
    }
}

/// A rule before it is known for which hosts it holds. The longest path is first, for readers: order means nothing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rule<'a> {
    kind: RouteKind,
    length: Reverse<usize>,
    path: &'a str,
    strip: bool,
    timeout: u32,
    port: u16,
}

impl<'a> Rule<'a> {
    fn of(way: &HttpDoor<'a>, grpc: bool) -> Self {
        Self {
            kind: if grpc { RouteKind::Grpc } else { RouteKind::Http },
            length: Reverse(way.path.len()),
            path: way.path,
            // Nothing is left to remove of the shortest path.
            strip: way.strip && way.path != "/",
            timeout: way.timeout,
            port: way.port,
        }
    }

    fn forward(&self, service: &str, from: Provenance) -> Forward {
        let Self {
            kind,
            length: _,
            path,
            strip,
            timeout,
            port,
        } = self;
        let (matches, timeout) = match kind {
            RouteKind::Http => (Match::Prefix((*path).to_owned()), Some(*timeout)),
            RouteKind::Grpc => {
                let service = path.trim_start_matches('/');
                let matches = if service.is_empty() {
                    Match::All
                } else {
                    Match::GrpcService(service.to_owned())
                };
                (matches, None)
            }
        };
        Forward {
            matches,
            strip: *strip,
            timeout,
            service: service.to_owned(),
            port: *port,
            from,
        }
    }
}
