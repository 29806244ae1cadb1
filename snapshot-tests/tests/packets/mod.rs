//! A model of NetworkPolicy: whether a packet may leave where it comes from and may enter where it goes to, by the printed
//! objects alone. A pod that no policy governs in a direction may do anything in it; else what one rule allows.
//!
//! A range of addresses holds pods as well: whether it does is left to the network plugin, so that the worst is taken.

use crate::cluster::{Cluster, Labels, items, labels, selects, text};
use std::net::IpAddr;
use yaml_rust2::Yaml;

/// Where a packet begins or ends.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// What it is called here.
    pub(crate) name: String,
    /// Its namespace and labels; none outside the cluster.
    pub(crate) pod: Option<(String, Labels)>,
    /// Its address.
    pub(crate) address: IpAddr,
}

/// What a packet is for: the transport and the number of a port.
pub(crate) type Port = (&'static str, u16);

/// What selects by labels; an empty one selects all.
pub(crate) type Selector = Labels;

/// A policy.
#[derive(Clone, Debug)]
pub(crate) struct Policy {
    /// Its name.
    pub(crate) name: String,
    /// Its namespace.
    namespace: String,
    /// Its pods.
    pub(crate) pods: Selector,
    /// What they may receive; `None` if it does not govern that.
    pub(crate) ingress: Option<Vec<Rule>>,
    /// What they may send; likewise.
    pub(crate) egress: Option<Vec<Rule>>,
}

/// What a policy allows.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    /// With whom; `None` for anybody.
    pub(crate) peers: Option<Vec<Peer>>,
    /// On which ports: the transport, and the number unless it is any; `None` for all.
    pub(crate) ports: Option<Vec<(String, Option<u16>)>>,
}

/// The other end.
#[derive(Clone, Debug)]
pub(crate) enum Peer {
    /// Pods, of the policy's own namespace unless namespaces are selected.
    Pods(Option<Selector>, Selector),
    /// Addresses, and ranges among them that are not meant.
    Block(String, Vec<String>),
}

/// A direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Into the pods of a policy.
    In,
    /// Out of them.
    Out,
}

impl Policy {
    /// The policies of an output, in its order.
    pub(crate) fn all(cluster: &Cluster) -> Vec<Self> {
        let objects = cluster.of("NetworkPolicy");
        objects
            .map(|object| {
                let spec = &object.body["spec"];
                let types: Vec<&str> = items(&spec["policyTypes"]).iter().map(text).collect();
                // Without types a policy would govern what it has rules for; none of ours leaves them out.
                assert!(!types.is_empty(), "{}", object.address());
                let rules = |word: &str, key: &str, side: &str| {
                    let rules = items(&spec[key]).iter().map(|node| rule(node, side)).collect();
                    types.contains(&word).then_some(rules)
                };
                Self {
                    name: object.name().to_owned(),
                    namespace: text(&object.body["metadata"]["namespace"]).to_owned(),
                    pods: selector(&spec["podSelector"]),
                    ingress: rules("Ingress", "ingress", "from"),
                    egress: rules("Egress", "egress", "to"),
                }
            })
            .collect()
    }

    /// Whether a place is one of its pods.
    pub(crate) fn governs(&self, place: &Place) -> bool {
        let pod = place.pod.as_ref();
        pod.is_some_and(|(namespace, labels)| *namespace == self.namespace && selects(&self.pods, labels))
    }

    fn rules(&self, way: Way) -> Option<&Vec<Rule>> {
        match way {
            Way::In => self.ingress.as_ref(),
            Way::Out => self.egress.as_ref(),
        }
    }

    /// All that this one could say more than it does: rules of another policy in its place, one for each widening.
    pub(crate) fn widened(&self) -> Vec<(String, Self)> {
        let mut all = Vec::new();
        if !self.pods.is_empty() {
            let pods = Selector::new();
            all.push(("for all pods".to_owned(), Self { pods, ..self.clone() }));
        }
        for way in [Way::In, Way::Out] {
            let put = |rules: Vec<Rule>| match way {
                Way::In => Self {
                    ingress: Some(rules),
                    ..self.clone()
                },
                Way::Out => Self {
                    egress: Some(rules),
                    ..self.clone()
                },
            };
            let Some(rules) = self.rules(way) else { continue };
            let mut more = rules.clone();
            more.push(Rule {
                peers: None,
                ports: None,
            });
            all.push((format!("{way:?} anything"), put(more)));
            for (index, rule) in rules.iter().enumerate() {
                for (what, wider) in rule.widened() {
                    let mut rules = rules.clone();
                    rules[index] = wider;
                    all.push((format!("{way:?} rule {index} {what}"), put(rules)));
                }
            }
        }
        all
    }
}

impl Rule {
    fn widened(&self) -> Vec<(String, Self)> {
        let mut all = Vec::new();
        if self.ports.is_some() {
            all.push((
                "on all ports".to_owned(),
                Self {
                    ports: None,
                    ..self.clone()
                },
            ));
        }
        for (index, (transport, _)) in self.ports.iter().flatten().enumerate() {
            let mut ports = self.ports.clone().unwrap_or_default();
            ports[index] = (transport.clone(), None);
            all.push((
                format!("on any port of {transport}"),
                Self {
                    ports: Some(ports),
                    ..self.clone()
                },
            ));
        }
        // Both ranges of all addresses are anybody already.
        let everywhere = |range: &str| {
            self.peers
                .iter()
                .flatten()
                .any(|peer| matches!(peer, Peer::Block(own, except) if own == range && except.is_empty()))
        };
        if self.peers.is_some() && !(everywhere("0.0.0.0/0") && everywhere("::/0")) {
            all.push((
                "with anybody".to_owned(),
                Self {
                    peers: None,
                    ..self.clone()
                },
            ));
        }
        for (index, peer) in self.peers.iter().flatten().enumerate() {
            for (what, wider) in peer.widened() {
                let mut peers = self.peers.clone().unwrap_or_default();
                peers[index] = wider;
                all.push((
                    format!("{what} ({index})"),
                    Self {
                        peers: Some(peers),
                        ..self.clone()
                    },
                ));
            }
        }
        all
    }

    fn admits(&self, namespace: &str, other: &Place, (transport, number): Port) -> bool {
        let is_port = self.ports.as_ref().is_none_or(|ports| {
            let mut ports = ports.iter();
            ports.any(|(own, only)| own == transport && only.is_none_or(|only| only == number))
        });
        is_port
            && self
                .peers
                .as_ref()
                .is_none_or(|peers| peers.iter().any(|peer| peer.is(namespace, other)))
    }
}

impl Peer {
    fn widened(&self) -> Vec<(String, Self)> {
        match self {
            Self::Pods(namespaces, pods) => {
                let mut all = Vec::new();
                if !pods.is_empty() {
                    all.push((
                        "with all pods".to_owned(),
                        Self::Pods(namespaces.clone(), Selector::new()),
                    ));
                }
                if namespaces.as_ref().is_none_or(|wanted| !wanted.is_empty()) {
                    let everywhere = Self::Pods(Some(Selector::new()), pods.clone());
                    all.push(("of all namespaces".to_owned(), everywhere));
                }
                all
            }
            Self::Block(range, except) => {
                let (address, bits) = cidr(range);
                let mut all: Vec<(String, Self)> = (0..except.len())
                    .map(|index| {
                        let mut fewer = except.clone();
                        let left = fewer.remove(index);
                        (format!("with {left}"), Self::Block(range.clone(), fewer))
                    })
                    .collect();
                if bits > 0 {
                    let any = if address.is_ipv4() { "0.0.0.0/0" } else { "::/0" };
                    all.push((
                        "with every address".to_owned(),
                        Self::Block(any.to_owned(), Vec::new()),
                    ));
                }
                all
            }
        }
    }

    fn is(&self, own: &str, other: &Place) -> bool {
        match self {
            Self::Pods(namespaces, pods) => other.pod.as_ref().is_some_and(|(namespace, labels)| {
                let here = match namespaces {
                    None => namespace == own,
                    Some(wanted) => {
                        let name = ("kubernetes.io/metadata.name".to_owned(), namespace.clone());
                        selects(wanted, &Labels::from([name]))
                    }
                };
                here && selects(pods, labels)
            }),
            Self::Block(range, except) => {
                holds(range, other.address) && !except.iter().any(|range| holds(range, other.address))
            }
        }
    }
}

/// What the policies say of one direction of a place.
pub(crate) struct Rules<'a> {
    /// The place's namespace.
    namespace: &'a str,
    /// The rules of all policies that govern it; `None` if none does.
    rules: Option<Vec<&'a Rule>>,
}

/// The rules that hold for packets into or out of a place.
pub(crate) fn rules<'a>(policies: &'a [Policy], way: Way, at: &'a Place) -> Rules<'a> {
    let governing = policies.iter().filter(|policy| policy.governs(at));
    let governing: Vec<&Vec<Rule>> = governing.filter_map(|policy| policy.rules(way)).collect();
    Rules {
        namespace: at.pod.as_ref().map_or("", |(namespace, _)| namespace),
        rules: (!governing.is_empty()).then(|| governing.into_iter().flatten().collect()),
    }
}

impl Rules<'_> {
    /// Whether they let a packet pass of which `other` is the other end.
    pub(crate) fn pass(&self, other: &Place, port: Port) -> bool {
        self.rules.as_ref().is_none_or(|rules| {
            let mut rules = rules.iter();
            rules.any(|rule| rule.admits(self.namespace, other, port))
        })
    }
}

fn selector(node: &Yaml) -> Selector {
    let keys = node.as_hash().into_iter().flatten();
    for (key, _) in keys {
        assert_eq!(text(key), "matchLabels");
    }
    labels(&node["matchLabels"])
}

/// A rule; an empty list is the same as none.
fn rule(node: &Yaml, side: &str) -> Rule {
    let peers: Vec<Peer> = items(&node[side]).iter().map(peer).collect();
    let port = |node: &Yaml| {
        assert!(node["endPort"].is_badvalue() && node["port"].as_str().is_none());
        let number = node["port"].as_i64().map(|number| u16::try_from(number).unwrap());
        (node["protocol"].as_str().unwrap_or("TCP").to_owned(), number)
    };
    let ports: Vec<(String, Option<u16>)> = items(&node["ports"]).iter().map(port).collect();
    Rule {
        peers: (!peers.is_empty()).then_some(peers),
        ports: (!ports.is_empty()).then_some(ports),
    }
}

fn peer(node: &Yaml) -> Peer {
    let block = &node["ipBlock"];
    if !block.is_badvalue() {
        let except = items(&block["except"]).iter().map(|range| text(range).to_owned());
        return Peer::Block(text(&block["cidr"]).to_owned(), except.collect());
    }
    let namespaces = &node["namespaceSelector"];
    let namespaces = (!namespaces.is_badvalue()).then(|| selector(namespaces));
    assert!(
        namespaces.is_some() || !node["podSelector"].is_badvalue(),
        "{node:?}"
    );
    Peer::Pods(namespaces, selector(&node["podSelector"]))
}

fn cidr(range: &str) -> (IpAddr, u32) {
    let (address, bits) = range.split_once('/').unwrap();
    (address.parse().unwrap(), bits.parse().unwrap())
}

/// Whether an address lies in a range.
fn holds(range: &str, address: IpAddr) -> bool {
    let (network, bits) = cidr(range);
    let begin = |address: IpAddr| match address {
        IpAddr::V4(address) => u128::from(u32::from(address)) << 96,
        IpAddr::V6(address) => u128::from(address),
    };
    network.is_ipv4() == address.is_ipv4()
        && (bits == 0 || (begin(network) ^ begin(address)) >> (128 - bits) == 0)
}

#[test]
fn ranges_hold_what_they_say() {
    let holds = |range: &str, address: &str| holds(range, address.parse().unwrap());
    assert!(holds("10.0.0.0/8", "10.255.0.1") && !holds("10.0.0.0/8", "11.0.0.1"));
    assert!(holds("169.254.20.10/32", "169.254.20.10") && !holds("169.254.20.10/32", "169.254.20.11"));
    assert!(holds("fc00::/7", "fd00::1") && !holds("fc00::/7", "fe80::1"));
    assert!(holds("::/0", "2001:db8::1") && !holds("::/0", "192.0.2.1") && !holds("0.0.0.0/0", "::1"));
}
