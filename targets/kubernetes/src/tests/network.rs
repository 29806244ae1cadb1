//! A port is open between two components if and only if there is an edge, read from the printed policies.

use super::documents;
use super::sample::{self, Draft};
use exoc_ir::{Callee, Component, Engine, Entrance, External, Program, Protocol, Transport, Value};
use proptest::prelude::*;
use std::collections::BTreeSet;
use yaml_rust2::Yaml;

/// The ports that components listen on, and one that nobody does.
const PORTS: [(&str, u16, Protocol); 3] = [
    ("http", 8080, Protocol::Http),
    ("raw", 9000, Protocol::Tcp),
    ("dgram", 9000, Protocol::Udp),
];
const ASKED: [(u16, &str); 5] = [
    (8080, "TCP"),
    (8080, "UDP"),
    (9000, "TCP"),
    (9000, "UDP"),
    (1, "TCP"),
];

/// Somebody who opens a connection, or to whom it is opened.
#[derive(Clone, Copy)]
enum Party<'a> {
    /// A pod, by its labels.
    Pod(&'a Yaml),
    /// A pod of a namespace elsewhere.
    Foreign(&'a str),
    /// A public address.
    World,
    /// A private address that is no pod's.
    Private,
    /// The address at which a cloud tells machines their credentials.
    Metadata,
}

fn matches(selector: &Yaml, labels: &Yaml) -> bool {
    let wanted = selector["matchLabels"].as_hash();
    wanted
        .into_iter()
        .flatten()
        .all(|(key, value)| labels.as_hash().and_then(|labels| labels.get(key)) == Some(value))
}

fn excepts(peer: &Yaml, range: &str) -> bool {
    let except = peer["ipBlock"]["except"].as_vec();
    except.into_iter().flatten().any(|it| it.as_str() == Some(range))
}

fn peer_matches(peer: &Yaml, party: Party<'_>) -> bool {
    let block = peer["ipBlock"]["cidr"].as_str();
    match party {
        Party::Pod(labels) => {
            block.is_none()
                && peer["namespaceSelector"].is_badvalue()
                && matches(&peer["podSelector"], labels)
        }
        Party::Foreign(namespace) => {
            let wanted = &peer["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"];
            wanted.as_str() == Some(namespace) && peer["podSelector"].is_badvalue()
        }
        Party::World => block == Some("0.0.0.0/0"),
        Party::Private => block == Some("0.0.0.0/0") && !excepts(peer, "10.0.0.0/8"),
        Party::Metadata => block == Some("0.0.0.0/0") && !excepts(peer, "169.254.0.0/16"),
    }
}

/// Whether any policy lets the pod speak with the other in that direction.
fn allows(policies: &[&Yaml], direction: &str, pod: &Yaml, other: Party<'_>, port: (u16, &str)) -> bool {
    let (list, side) = if direction == "Ingress" {
        ("ingress", "from")
    } else {
        ("egress", "to")
    };
    let mut own = policies.iter().filter(|policy| {
        let types = policy["spec"]["policyTypes"].as_vec();
        let governs = types
            .into_iter()
            .flatten()
            .any(|it| it.as_str() == Some(direction));
        governs && matches(&policy["spec"]["podSelector"], pod)
    });
    assert!(
        own.clone().count() > 0,
        "no policy governs this pod, so everything is open"
    );
    own.any(|policy| {
        policy["spec"][list].as_vec().into_iter().flatten().any(|rule| {
            let peers = rule[side].as_vec().expect("a rule without peers is open to all");
            let ports = rule["ports"].as_vec();
            let port_fits = ports.is_none_or(|ports| {
                ports.iter().any(|it| {
                    it["port"].as_i64() == Some(i64::from(port.0)) && it["protocol"].as_str() == Some(port.1)
                })
            });
            port_fits && peers.iter().any(|peer| peer_matches(peer, other))
        })
    })
}

fn labels<'a>(documents: &'a [Yaml], role: &str) -> &'a Yaml {
    let found = documents.iter().find(|it| {
        let name = it["metadata"]["labels"]["app.kubernetes.io/name"].as_str();
        it["kind"].as_str() == Some("Deployment") && name == Some(role)
    });
    &found.expect("a deployment")["spec"]["template"]["metadata"]["labels"]
}

type Edges = BTreeSet<(usize, usize)>;

/// Services `s0`, `s1`, … that all listen on the same ports, and an external server.
fn program(count: usize, edges: &Edges, doors: &[(usize, usize)], leaves: &[(usize, bool)]) -> Program {
    let mut draft = Draft::new();
    let image = draft.pinned("redis:7.4");
    let services: Vec<Component> = (0..count)
        .map(|index| {
            draft.service(sample::service(
                &format!("s{index}"),
                sample::workload(image, &PORTS),
            ))
        })
        .collect();
    let external = draft.backing(
        "external",
        Engine::External(External {
            url: Value::literal("tcp://example.com:1"),
            host: "example.com".into(),
            port: 1,
        }),
    );
    let carriers = PORTS.map(|(_, number, protocol)| (number, protocol.transport()));
    for (from, to) in edges {
        draft.edge(services[*from], Callee::Component(services[*to]), &carriers);
    }
    for (index, (from, world)) in leaves.iter().enumerate() {
        if leaves[..index].contains(&(*from, *world)) {
            continue;
        }
        if *world {
            draft.edge(services[*from], Callee::World, &[]);
        } else {
            draft.edge(
                services[*from],
                Callee::Component(external),
                &[(1, Transport::Tcp)],
            );
        }
    }
    for (service, port) in doors {
        let host = format!("s{service}.example.com");
        let (_, number, protocol) = PORTS[*port];
        if protocol == Protocol::Http {
            draft.http(services[*service], *port, &host, "/", false, 60);
        } else {
            let transport = protocol.transport();
            draft.door(
                services[*service],
                *port,
                Entrance::Plain {
                    host,
                    number,
                    transport,
                },
            );
        }
    }
    draft.finish()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn what_is_open_is_what_the_edges_and_doors_say(
        count in 2..5_usize,
        edges in prop::collection::btree_set((0..5_usize, 0..5_usize), 0..8),
        doors in prop::collection::btree_set((0..5_usize, 0..3_usize), 0..4),
        leaves in prop::collection::vec((0..5_usize, any::<bool>()), 0..4),
    ) {
        let edges: Edges = edges.into_iter().filter(|(a, b)| a != b && *a < count && *b < count).collect();
        let doors: Vec<_> = doors.into_iter().filter(|(service, _)| *service < count).collect();
        let leaves: Vec<_> = leaves.into_iter().filter(|(service, _)| *service < count).collect();
        let documents = documents(&program(count, &edges, &doors, &leaves));
        let policies: Vec<&Yaml> =
            documents.iter().filter(|it| it["kind"].as_str() == Some("NetworkPolicy")).collect();
        let pods: Vec<&Yaml> = (0..count).map(|index| labels(&documents, &format!("s{index}"))).collect();
        for port in ASKED {
            let listens = PORTS.iter().position(|(_, number, protocol)| {
                let carrier = if protocol.transport() == Transport::Udp { "UDP" } else { "TCP" };
                (*number, carrier) == port
            });
            for (from, caller) in pods.iter().enumerate() {
                for (to, callee) in pods.iter().enumerate().filter(|(to, _)| *to != from) {
                    let wanted = edges.contains(&(from, to)) && listens.is_some();
                    let leaves = allows(&policies, "Egress", caller, Party::Pod(callee), port);
                    let enters = allows(&policies, "Ingress", callee, Party::Pod(caller), port);
                    prop_assert_eq!((leaves, enters), (wanted, wanted), "s{} to s{} on {:?}", from, to, port);
                }
                let world = leaves.contains(&(from, true));
                let external = leaves.contains(&(from, false)) && port == (1, "TCP");
                prop_assert_eq!(allows(&policies, "Egress", caller, Party::World, port), world || external);
                prop_assert_eq!(allows(&policies, "Egress", caller, Party::Private, port), external);
                prop_assert!(!allows(&policies, "Egress", caller, Party::Metadata, port));
                let door = listens.is_some_and(|index| doors.contains(&(from, index)));
                let http = port == (8080, "TCP");
                let enters = |party| allows(&policies, "Ingress", caller, party, port);
                prop_assert_eq!(enters(Party::World), door && !http);
                prop_assert_eq!(enters(Party::Foreign("gateway-system")), door && http);
                prop_assert!(!enters(Party::Foreign("default")));
            }
        }
    }
}

#[test]
fn all_pods_may_resolve_names_and_nothing_else_is_open_to_all() {
    let documents = documents(&program(2, &Edges::new(), &[], &[]));
    let policies: Vec<&Yaml> = documents
        .iter()
        .filter(|it| it["kind"].as_str() == Some("NetworkPolicy"))
        .collect();
    let names: Vec<_> = policies
        .iter()
        .filter_map(|it| it["metadata"]["name"].as_str())
        .collect();
    assert_eq!(names, ["exoc-default-deny", "exoc-allow-dns"]);
    let rules = &policies[1]["spec"]["egress"];
    let peer = &rules[0]["to"][0];
    assert_eq!(
        peer["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"].as_str(),
        Some("kube-system")
    );
    assert_eq!(
        peer["podSelector"]["matchLabels"]["k8s-app"].as_str(),
        Some("kube-dns")
    );
    assert_eq!(rules[0]["to"].as_vec().map(Vec::len), Some(1));
    let caches = &rules[1]["to"];
    assert_eq!(
        caches[0]["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"].as_str(),
        Some("kube-system")
    );
    assert_eq!(
        caches[0]["podSelector"]["matchLabels"]["k8s-app"].as_str(),
        Some("node-local-dns")
    );
    assert_eq!(caches[1]["ipBlock"]["cidr"].as_str(), Some("169.254.20.10/32"));
    assert_eq!(caches.as_vec().map(Vec::len), Some(2));
    assert_eq!(rules.as_vec().map(Vec::len), Some(2));
    for rule in rules.as_vec().expect("rules") {
        let ports = rule["ports"].as_vec().expect("ports");
        assert!(ports.iter().all(|port| port["port"].as_i64() == Some(53)));
        assert_eq!(ports.len(), 2);
    }
}
