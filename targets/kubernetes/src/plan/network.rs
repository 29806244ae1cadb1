//! Services and NetworkPolicies: who has a name, and who may open connections to whom.
//!
//! Nothing may send or receive but what a policy allows. An edge is allowed at both of its ends, with the callee's
//! ports and nothing else.

use super::job::Wave;
use super::{Plan, operators};
use crate::model::{
    Direction, Labels, NetworkPolicy, Object, Peer, PolicyPort, Provenance, Remark, Rule, Service,
    ServiceKind, ServicePort,
};
use crate::names;
use crate::options::Dns;
use crate::plan::pod::transport;
use exoc_diagnostics::Span;
use exoc_ir::{Callee, Component, Door, Edge, EdgePort, Entrance, Port, Protocol, Transport};
use std::collections::BTreeSet;

/// Every address of the fourth version of the protocol.
const ANY_V4: &str = "0.0.0.0/0";
/// Every address of the sixth version.
const ANY_V6: &str = "::/0";

/// Private, shared, loopback and link-local addresses: IANA special-purpose registry, RFC 1918, 6598 and 3927.
const PRIVATE_V4: &[&str] = &[
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
];
/// Loopback, unique local and link-local addresses: RFC 4193 and 4291.
const PRIVATE_V6: &[&str] = &["::1/128", "fc00::/7", "fe80::/10"];
/// Where no server of a company is, but a cloud's metadata service is: loopback and link-local addresses.
const LOCAL_V4: &[&str] = &["127.0.0.0/8", "169.254.0.0/16"];
/// The same of the sixth version.
const LOCAL_V6: &[&str] = &["::1/128", "fe80::/10"];

/// The port at which a machine's own cache answers.
const NAME_PORT: u16 = 53;

/// The policies of all pods: nothing is allowed but to resolve names.
pub(crate) fn shared(plan: &Plan<'_>) -> Vec<Object> {
    let meta = |name| plan.in_wave(plan.shared_meta(name), Wave::First);
    let deny = NetworkPolicy {
        meta: meta(names::DEFAULT_DENY),
        pods: Labels::new(),
        directions: vec![Direction::Ingress, Direction::Egress],
        ingress: Vec::new(),
        egress: Vec::new(),
    };
    let resolve = NetworkPolicy {
        meta: meta(names::ALLOW_DNS),
        pods: Labels::new(),
        directions: vec![Direction::Egress],
        ingress: Vec::new(),
        egress: names_rules(&plan.options.dns),
    };
    [deny, resolve].map(Object::NetworkPolicy).into()
}

/// The cluster's servers, and a machine's own cache: at an address of the machine, or a pod of it where the network
/// plugin leads the servers' address there.
///
/// Source of the cache's label: kubernetes cluster/addons/dns/nodelocaldns/nodelocaldns.yaml, 2026-11.
fn names_rules(dns: &Dns) -> Vec<Rule> {
    let Dns {
        namespace,
        label,
        port,
        address,
    } = dns;
    let ports = |number| {
        [Transport::Tcp, Transport::Udp]
            .map(|carrier| policy_port(number, carrier))
            .into()
    };
    let cache = Labels::from([("k8s-app", "node-local-dns".to_owned())]);
    let servers = Rule {
        peers: vec![Peer::NamespacePods(namespace.clone(), [label.clone()].into())],
        remark: None,
        ports: ports(*port),
        from: Provenance::default(),
    };
    let caches = Rule {
        peers: vec![
            Peer::NamespacePods("kube-system".to_owned(), cache),
            Peer::Block {
                range: format!("{address}/32"),
                except: &[],
            },
        ],
        remark: Some(Remark::NameCache),
        ports: ports(NAME_PORT),
        from: Provenance::default(),
    };
    vec![servers, caches]
}

/// Lets the entry reach the pods by which cert-manager proves that a host is ours; they come and go.
///
/// Source of the label and the port: cert-manager pkg/issuer/acme/http, 2026-06.
pub(crate) fn solvers(plan: &Plan<'_>) -> Object {
    let pods = Labels::from([("acme.cert-manager.io/http01-solver", "true".to_owned())]);
    Object::NetworkPolicy(NetworkPolicy {
        meta: plan.in_wave(plan.shared_meta(names::ALLOW_SOLVERS), Wave::First),
        pods,
        directions: vec![Direction::Ingress],
        ingress: vec![Rule {
            peers: vec![Peer::Namespace(plan.options.entry.pods.clone())],
            remark: None,
            ports: vec![policy_port(8089, Transport::Tcp)],
            from: Provenance::default(),
        }],
        egress: Vec::new(),
    })
}

/// The Service under a component's role, where it listens.
pub(crate) fn service(plan: &Plan<'_>, component: Component, ports: &[Port]) -> Option<Object> {
    if ports.is_empty() {
        return None;
    }
    Some(Object::Service(Service {
        meta: plan
            .meta(component, plan.program.role(component))
            .because_of(port_lines(plan, component, ports.iter())),
        kind: ServiceKind::ClusterIp,
        selector: plan.selector(component),
        ports: ports.iter().map(service_port).collect(),
    }))
}

/// The Service of a service's plain doors, where it has any.
pub(crate) fn public_service(plan: &mut Plan<'_>, component: Component, ports: &[Port]) -> Option<Object> {
    let doors: Vec<(&Door, Span)> = doors(plan, component)
        .filter(|(door, _)| plain_host(door).is_some())
        .collect();
    let hosts: BTreeSet<&str> = doors.iter().filter_map(|(door, _)| plain_host(door)).collect();
    let public: BTreeSet<usize> = doors.iter().map(|(door, _)| door.port).collect();
    if public.is_empty() {
        return None;
    }
    let name = names::public(plan.program.role(component));
    let name = plan.shortened(name, plan.place(component));
    let from = Provenance::of(doors.iter().map(|(_, at)| *at));
    let mut meta = plan.meta(component, name).because_of(from);
    let hosts = hosts.into_iter().collect::<Vec<_>>().join(",");
    meta.annotations
        .insert("external-dns.alpha.kubernetes.io/hostname".to_owned(), hosts);
    Some(Object::Service(Service {
        meta,
        kind: ServiceKind::LoadBalancer,
        selector: plan.selector(component),
        ports: public
            .into_iter()
            .filter_map(|index| ports.get(index))
            .map(service_port)
            .collect(),
    }))
}

/// The policy of a component, if anything is allowed to it.
pub(crate) fn policy(plan: &Plan<'_>, component: Component, ports: &[Port]) -> Option<Object> {
    let callers = plan.program.edges_to(component).map(|edge| Rule {
        peers: vec![Peer::Pods(plan.selector(edge.from))],
        remark: None,
        ports: edge_ports(edge),
        from: plan.edge_lines(edge),
    });
    let (received, sent) = operators::rules(plan, component);
    let ingress = callers.chain(entries(plan, component, ports));
    let ingress: Vec<Rule> = ingress.chain(received).collect();
    let egress: Vec<Rule> = plan
        .program
        .edges_from(component)
        .map(|edge| egress(plan, edge))
        .chain(sent)
        .collect();
    if ingress.is_empty() && egress.is_empty() {
        return None;
    }
    Some(Object::NetworkPolicy(NetworkPolicy {
        meta: plan.meta(component, plan.program.role(component)),
        pods: plan.selector(component),
        directions: vec![Direction::Ingress, Direction::Egress],
        ingress,
        egress,
    }))
}

fn egress(plan: &Plan<'_>, edge: &Edge) -> Rule {
    let (peers, remark) = match edge.to {
        Callee::World => (anywhere(PRIVATE_V4, PRIVATE_V6), None),
        Callee::Component(callee) => match plan.elsewhere(callee) {
            Some(hosts) => (anywhere(LOCAL_V4, LOCAL_V6), Some(Remark::Host(hosts.join(", ")))),
            None => (vec![Peer::Pods(plan.selector(callee))], None),
        },
    };
    Rule {
        peers,
        remark,
        ports: edge_ports(edge),
        from: plan.edge_lines(edge),
    }
}

/// Any server that may be the cluster's own, but for a machine's metadata service.
pub(crate) fn any_server() -> Vec<Peer> {
    anywhere(LOCAL_V4, LOCAL_V6)
}

/// Who may enter by doors: the gateway's pods at HTTP doors, everybody at plain ones.
fn entries(plan: &Plan<'_>, component: Component, ports: &[Port]) -> Vec<Rule> {
    let mut by_gateway = Opened::default();
    let mut by_anybody = Opened::default();
    for (door, at) in doors(plan, component) {
        let Some(port) = ports.get(door.port) else {
            continue;
        };
        let opened = policy_port(port.number, port.protocol.transport());
        let side = match door.entrance {
            Entrance::Http { .. } => &mut by_gateway,
            Entrance::Plain { .. } => &mut by_anybody,
        };
        side.ports.insert(opened);
        side.places.push(at);
    }
    let gateway = vec![Peer::Namespace(plan.options.entry.pods.clone())];
    [(gateway, by_gateway), (anywhere(&[], &[]), by_anybody)]
        .into_iter()
        .filter(|(_, opened)| !opened.ports.is_empty())
        .map(|(peers, Opened { ports, places })| Rule {
            peers,
            remark: None,
            ports: ports.into_iter().collect(),
            from: Provenance::of(places),
        })
        .collect()
}

/// Ports that doors lead to, and where those doors were written.
#[derive(Default)]
struct Opened {
    ports: BTreeSet<PolicyPort>,
    places: Vec<Span>,
}

fn anywhere(except_v4: &'static [&'static str], except_v6: &'static [&'static str]) -> Vec<Peer> {
    [(ANY_V4, except_v4), (ANY_V6, except_v6)]
        .map(|(range, except)| Peer::Block {
            range: range.to_owned(),
            except,
        })
        .into()
}

fn doors<'a, 'p>(
    plan: &'p Plan<'a>,
    component: Component,
) -> impl Iterator<Item = (&'a Door, Span)> + use<'a, 'p> {
    let service = match component {
        Component::Service(id) => Some(plan.doors_of(id)),
        Component::Backing(_) => None,
    };
    service.into_iter().flatten()
}

fn port_lines<'p>(
    plan: &Plan<'_>,
    component: Component,
    ports: impl Iterator<Item = &'p Port>,
) -> Provenance {
    let fields: Vec<String> = ports.map(|port| format!("ports.{}", port.name)).collect();
    let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
    plan.field_lines(component, &fields)
}

fn plain_host(door: &Door) -> Option<&str> {
    match &door.entrance {
        Entrance::Http { .. } => None,
        Entrance::Plain {
            host,
            number: _,    // the port's own
            transport: _, // likewise
        } => Some(host),
    }
}

fn edge_ports(edge: &Edge) -> Vec<PolicyPort> {
    edge.ports
        .iter()
        .map(|EdgePort { number, transport }| policy_port(*number, *transport))
        .collect()
}

const fn policy_port(number: u16, carrier: Transport) -> PolicyPort {
    PolicyPort {
        transport: transport(carrier),
        number,
    }
}

fn service_port(port: &Port) -> ServicePort {
    let Port {
        name,
        number,
        protocol,
    } = port;
    ServicePort {
        name: name.clone(),
        number: *number,
        transport: transport(protocol.transport()),
        protocol: match protocol {
            Protocol::Http => Some("http"),
            Protocol::Http2 | Protocol::Grpc => Some("kubernetes.io/h2c"),
            Protocol::Tcp | Protocol::Udp => None,
        },
    }
}
