//! NetworkPolicies for Kubernetes, on fixtures and on random programs: by a model that reads the printed objects alone, a
//! packet passes if and only if the program has an edge or a door for it, and each end is closed without the other's help.
//! Whatever policy is dropped or widened, that is noticed.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod cluster;
#[path = "packets/mod.rs"]
mod model;
mod random;

use cluster::{Cluster, Labels, items, text};
use exoc_diagnostics::MemorySources;
use exoc_ir::{Callee, Component, Edge, EdgePort, Engine, Entrance, Program, Transport};
use exoc_lower::{Output, Selection};
use exoc_snapshot_tests::facts::Files;
use exoc_snapshot_tests::{case, golden};
use model::{Place, Policy, Port, Way, rules};
use proptest::prelude::*;
use proptest::sample::Index;
use std::collections::{BTreeMap, BTreeSet};

/// One address of each range that somebody treats apart: what it is called, and the address.
const ADDRESSES: [(&str, &str); 12] = [
    ("world", "93.184.216.34"),
    ("world 6", "2600:1406::34"),
    ("private 10", "10.255.1.2"),
    ("private 172", "172.16.1.2"),
    ("private 192", "192.168.1.2"),
    ("shared", "100.64.1.2"),
    ("own machine", "127.0.0.1"),
    ("metadata", "169.254.169.254"),
    ("the name cache", "169.254.20.10"),
    ("private 6", "fd00:9::1"),
    ("link 6", "fe80::1"),
    ("own machine 6", "::1"),
];

/// Pods that are not the application's: what they are called, their namespace, a label.
const FOREIGN: [(&str, &str, &str, &str); 7] = [
    ("the gateway", "gateway-system", "app", "gateway"),
    ("the names", "kube-system", "k8s-app", "kube-dns"),
    ("the names' cache", "kube-system", "k8s-app", "node-local-dns"),
    ("a machine's pod", "kube-system", "k8s-app", "kube-proxy"),
    ("a neighbour", "default", "app", "neighbour"),
    ("an impostor", "default", "k8s-app", "kube-dns"),
    ("an impostor's cache", "default", "k8s-app", "node-local-dns"),
];

/// The namespace of the pods that forward what enters, by the namespace of the application, where options name one.
const ENTRIES: [(&str, &str); 3] = [
    ("entries-ingress", "traefik"),
    ("entries-shared", "gateways-system"),
    ("entries-own", "shop-gateways"),
];

/// A pod in the own namespace that nobody planned.
const STRANGER: &str = "a stranger";

/// What is said of an output: the program, its objects, the places of packets, and the ports that somebody could mean.
struct World {
    program: std::sync::Arc<Program>,
    policies: Vec<Policy>,
    places: Vec<Place>,
    ports: Vec<Port>,
    /// What each pod's component is, by the place's name.
    components: BTreeMap<String, Component>,
}

impl World {
    fn of(output: &Output) -> Self {
        let files: Files = output
            .artifacts
            .iter()
            .map(|(path, artifact)| (path.to_string(), golden::without_origins(&artifact.contents)))
            .collect();
        let cluster = Cluster::read(&files);
        let namespace = cluster.of("Namespace").next().unwrap().name().to_owned();
        let mut places = Vec::new();
        for (index, (workload, labels)) in cluster.workloads().into_iter().enumerate() {
            let containers = items(&workload.template().unwrap()["spec"]["containers"]);
            places.push(Place {
                name: text(&containers[0]["name"]).to_owned(),
                pod: Some((namespace.clone(), labels)),
                address: format!("10.42.0.{}", index + 1).parse().unwrap(),
            });
        }
        // What lies beside has the labels of everything, and none of a component.
        let common = Labels::from([("app.kubernetes.io/managed-by".to_owned(), "exoc".to_owned())]);
        places.push(Place {
            name: STRANGER.to_owned(),
            pod: Some((namespace.clone(), common)),
            address: "10.42.1.1".parse().unwrap(),
        });
        let entry = ENTRIES.iter().find(|(of, _)| *of == namespace);
        for (index, (name, namespace, key, value)) in FOREIGN.into_iter().enumerate() {
            let namespace = match entry {
                Some((_, pods)) if name == "the gateway" => *pods,
                Some(_) | None => namespace,
            };
            places.push(Place {
                name: name.to_owned(),
                pod: Some((
                    namespace.to_owned(),
                    Labels::from([(key.to_owned(), value.to_owned())]),
                )),
                address: format!("10.42.2.{}", index + 1).parse().unwrap(),
            });
        }
        // Pods of other namespaces may have the labels of ours.
        let copies: Vec<Place> = places
            .iter()
            .zip(0_u8..)
            .filter(|(place, _)| {
                place.name != STRANGER && place.pod.as_ref().is_some_and(|(of, _)| *of == namespace)
            })
            .map(|(place, index)| Place {
                name: format!("another {}", place.name),
                pod: place
                    .pod
                    .clone()
                    .map(|(_, labels)| ("default".to_owned(), labels)),
                address: [10, 42, 3, index].into(),
            })
            .collect();
        places.extend(copies);
        places.extend(ADDRESSES.into_iter().map(|(name, address)| Place {
            name: name.to_owned(),
            pod: None,
            address: address.parse().unwrap(),
        }));
        let program = output.program.clone();
        let all = program.services().iter().map(|(id, _)| Component::Service(id));
        let all = all.chain(program.backings().iter().map(|(id, _)| Component::Backing(id)));
        let components = all
            .map(|component| (program.role(component).to_owned(), component))
            .collect();
        Self {
            policies: Policy::all(&cluster),
            places,
            ports: ports(&program),
            components,
            program,
        }
    }

    /// The first thing that is otherwise than the program says, at the pods that one of `changed` is for; at all if there
    /// are none. Each end is asked alone: a packet passes if it may leave the one and enter the other.
    fn fault(&self, policies: &[Policy], changed: &[&Policy]) -> Option<String> {
        let is_touched = |at: &&Place| changed.is_empty() || changed.iter().any(|policy| policy.governs(at));
        let ours = self.places.iter().filter(|place| self.is_ours(place));
        for at in ours.filter(is_touched) {
            for way in [Way::In, Way::Out] {
                let rules = rules(policies, way, at);
                // A pod reaches itself without a network.
                for other in self.places.iter().filter(|other| other.name != at.name) {
                    for port in &self.ports {
                        let passes = rules.pass(other, *port);
                        let may = match way {
                            Way::In => self.may_enter(other, at, *port),
                            Way::Out => self.may_leave(at, other, *port),
                        };
                        if passes != may {
                            let (at, other) = (&at.name, &other.name);
                            return Some(format!(
                                "{way:?} of {at}, {other}, {port:?}: passes {passes}, may {may}"
                            ));
                        }
                    }
                }
            }
        }
        None
    }

    fn is_ours(&self, place: &Place) -> bool {
        self.components.contains_key(&place.name) || place.name == STRANGER
    }

    fn component(&self, place: &Place) -> Option<Component> {
        self.components.get(&place.name).copied()
    }

    fn edges(&self, from: Component) -> impl Iterator<Item = &Edge> {
        self.program.edges().iter().filter(move |edge| edge.from == from)
    }

    /// Whether a packet may leave a pod: by an edge, to resolve names, or because the address may be that of what stands
    /// elsewhere, of which a policy can only say that it is no machine's own.
    fn may_leave(&self, from: &Place, to: &Place, port: Port) -> bool {
        if is_for_names(to, port) {
            return true;
        }
        let Some(component) = self.component(from) else {
            return false;
        };
        self.edges(component).any(|edge| match edge.to {
            Callee::World => is_of_world(to),
            Callee::Component(callee) if self.stands_elsewhere(callee) => !is_local(to) && has(edge, port),
            Callee::Component(callee) => self.component(to) == Some(callee) && has(edge, port),
        })
    }

    /// Whether a packet may enter a pod: by an edge or by a door.
    fn may_enter(&self, from: &Place, to: &Place, (transport, number): Port) -> bool {
        let Some(component) = self.component(to) else {
            return false;
        };
        let by_edge = self.component(from).is_some_and(|from| {
            let mut edges = self.edges(from);
            edges.any(|edge| edge.to == Callee::Component(component) && has(edge, (transport, number)))
        });
        let Component::Service(service) = component else {
            return by_edge;
        };
        let ports = &self.program.services().get(service).unwrap().workload.ports;
        let by_door = self.program.doors_of(service).any(|door| {
            let port = &ports[door.port];
            let is_port = (word(port.protocol.transport()), port.number) == (transport, number);
            let is_caller = match door.entrance {
                Entrance::Http { .. } => from.name == "the gateway",
                Entrance::Plain { .. } => true,
            };
            is_port && is_caller
        });
        by_edge || by_door
    }

    fn stands_elsewhere(&self, component: Component) -> bool {
        match component {
            Component::Service(_) => false,
            Component::Backing(id) => match self.program.backings().get(id).unwrap().engine {
                Engine::External(_) | Engine::Existing(_) => true,
                Engine::Managed(_) | Engine::Container(_) => false,
            },
        }
    }
}

const fn word(transport: Transport) -> &'static str {
    match transport {
        Transport::Tcp => "TCP",
        Transport::Udp => "UDP",
    }
}

fn has(edge: &Edge, (transport, number): Port) -> bool {
    let mut ports = edge.ports.iter();
    ports.any(|port| (word(port.transport), port.number) == (transport, number))
}

fn is_for_names(to: &Place, (_, number): Port) -> bool {
    number == 53 && ["the names", "the names' cache", "the name cache"].contains(&to.name.as_str())
}

fn is_of_world(to: &Place) -> bool {
    ["world", "world 6"].contains(&to.name.as_str())
}

fn is_local(to: &Place) -> bool {
    [
        "own machine",
        "metadata",
        "the name cache",
        "link 6",
        "own machine 6",
    ]
    .contains(&to.name.as_str())
}

/// All ports that edges and doors have, each by both transports, and some that none has.
fn ports(program: &Program) -> Vec<Port> {
    let of_edges = program.edges().iter().flat_map(|edge| &edge.ports);
    let of_edges = of_edges.map(|EdgePort { number, transport: _ }| *number);
    let of_pods = program.workloads().flat_map(|(_, workload)| &workload.ports);
    let of_pods = of_pods.map(|port| port.number);
    let numbers: BTreeSet<u16> = of_edges.chain(of_pods).chain([1, 53, 443, 65_535]).collect();
    numbers
        .into_iter()
        .flat_map(|number| ["TCP", "UDP"].map(|transport| (transport, number)))
        .collect()
}

/// The outputs for Kubernetes of a manifest.
fn worlds(sources: &MemorySources) -> Vec<World> {
    let selection = Selection {
        targets: vec!["kubernetes".to_owned()],
        ..Selection::default()
    };
    let built = case::compile(sources, &selection).unwrap_or_else(|told| panic!("{told}"));
    built.outputs.iter().map(World::of).collect()
}

/// What nobody notices: a policy that is gone, or says more.
fn unnoticed(world: &World, index: usize) -> Vec<String> {
    let policy = &world.policies[index];
    let mut changes = vec![("dropped".to_owned(), None)];
    changes.extend(
        policy
            .widened()
            .into_iter()
            .map(|(what, wider)| (what, Some(wider))),
    );
    let mut found = Vec::new();
    for (what, other) in changes {
        let mut policies = world.policies.clone();
        policies.splice(index..=index, other.clone());
        let touched: Vec<&Policy> = std::iter::once(policy).chain(&other).collect();
        if world.fault(&policies, &touched).is_none() {
            found.push(format!("{}: {what}", policy.name));
        }
    }
    found
}

#[test]
fn fixtures_let_a_packet_pass_exactly_where_the_program_has_a_way() {
    let mut seen = 0;
    for case in case::all().unwrap() {
        let built = case.build().unwrap();
        for output in built
            .outputs
            .iter()
            .filter(|output| output.target == "kubernetes")
        {
            let world = World::of(output);
            assert_eq!(world.fault(&world.policies, &[]), None, "{}", case.name);
            seen += 1;
        }
    }
    assert!(seen > 30, "{seen}");
}

#[test]
fn no_policy_of_a_fixture_can_be_dropped_or_widened_unnoticed() {
    let mut changed = 0;
    for name in [
        "public-ports",
        "shop",
        "existing-dependency",
        "external-dependency",
        "online-boutique",
    ] {
        let case = case::all()
            .unwrap()
            .into_iter()
            .find(|case| case.name == name)
            .unwrap();
        let built = case.build().unwrap();
        for output in built
            .outputs
            .iter()
            .filter(|output| output.target == "kubernetes")
        {
            let world = World::of(output);
            for index in 0..world.policies.len() {
                assert_eq!(unnoticed(&world, index), Vec::<String>::new(), "{name}");
                changed += 1;
            }
        }
    }
    assert!(changed > 20, "{changed}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn random_programs_let_a_packet_pass_exactly_where_they_have_a_way(manifest in random::manifest(), of: Index) {
        // What only compose and AWS have is left out by the generator where Kubernetes is among the targets.
        prop_assume!(manifest.contains("kubernetes: {}"));
        for world in worlds(&random::sources(&manifest)) {
            prop_assert_eq!(world.fault(&world.policies, &[]), None, "{}", manifest);
            let index = of.index(world.policies.len());
            prop_assert_eq!(unnoticed(&world, index), Vec::<String>::new(), "{}", manifest);
        }
    }
}
