//! NetworkPolicies, evaluated: who can open connections to whom. A pod that no policy of a direction selects may do
//! anything in it; else it may do what one of them allows.

use super::pod::Pod;
use super::{Objects, labels, name, selects};
use crate::facts::{Edge, Leave, Transport, yaml};
use std::collections::{BTreeMap, BTreeSet};
use yaml_rust2::Yaml;

/// What the policies allow.
#[derive(Debug, Default)]
pub(super) struct Reach {
    pub(super) edges: BTreeSet<Edge>,
    pub(super) leaves: BTreeSet<(String, Leave)>,
    pub(super) entries: BTreeSet<(String, u16, Transport)>,
}

/// A policy, its selectors read.
struct Policy {
    pods: BTreeMap<String, String>,
    ingress: Option<Vec<Rule>>,
    egress: Option<Vec<Rule>>,
}

struct Rule {
    /// `None`: anybody.
    peers: Option<Vec<Peer>>,
    /// `None`: any port.
    ports: Option<Vec<PortRule>>,
}

/// A port by number, or by the name that it has at the receiving pod; `None`: any of its transport.
struct PortRule {
    transport: Transport,
    port: Option<Result<u16, String>>,
}

enum Peer {
    /// Pods of the same namespace.
    Pods(BTreeMap<String, String>),
    /// Pods of other namespaces, or a machine of the cluster.
    Foreign,
    /// Addresses outside the cluster.
    World,
    /// Addresses that are no one's in particular: they hold the cluster's own.
    Everywhere,
}

/// Evaluates all policies for all pods.
pub(super) fn reach(objects: &Objects, pods: &[Pod]) -> Result<Reach, String> {
    let own = own_namespace(objects)?;
    let policies: Vec<Policy> = objects
        .all("NetworkPolicy")
        .map(|object| policy(object, &own))
        .collect::<Result<_, _>>()?;
    let mut reach = Reach::default();
    for to in pods {
        let ingress = allowed(&policies, to, |policy| policy.ingress.as_ref());
        for (port_name, number, transport) in &to.ports {
            let port = (port_name.as_str(), *number, *transport);
            for from in pods.iter().filter(|from| from.role != to.role) {
                let egress = allowed(&policies, from, |policy| policy.egress.as_ref());
                let admitted = ingress
                    .as_ref()
                    .is_none_or(|rules| rules.iter().any(|rule| rule.admits(from, port)));
                let let_out = egress.is_none_or(|rules| rules.iter().any(|rule| rule.admits(to, port)));
                if admitted && let_out {
                    reach.edges.insert(Edge {
                        from: from.role.clone(),
                        to: to.role.clone(),
                        number: *number,
                        transport: *transport,
                    });
                }
            }
            if ingress
                .as_ref()
                .is_none_or(|rules| rules.iter().any(|rule| rule.admits_outsiders(port)))
            {
                reach.entries.insert((to.role.clone(), *number, *transport));
            }
        }
        add_leaves(&policies, to, &mut reach.leaves);
        add_dead_ends(to, ingress.as_deref(), &mut reach.entries);
    }
    Ok(reach)
}

/// The rules of a direction for a pod; `None` if no policy governs it.
fn allowed<'a>(
    policies: &'a [Policy],
    pod: &Pod,
    direction: impl Fn(&'a Policy) -> Option<&'a Vec<Rule>>,
) -> Option<Vec<&'a Rule>> {
    let governing: Vec<&Vec<Rule>> = policies
        .iter()
        .filter(|policy| selects(&policy.pods, &pod.labels))
        .filter_map(direction)
        .collect();
    (!governing.is_empty()).then(|| governing.into_iter().flatten().collect())
}

fn add_leaves(policies: &[Policy], pod: &Pod, leaves: &mut BTreeSet<(String, Leave)>) {
    let Some(rules) = allowed(policies, pod, |policy| policy.egress.as_ref()) else {
        leaves.insert((pod.role.clone(), Leave::Any));
        return;
    };
    for rule in rules {
        let to_world = rule.peers.as_ref().is_none_or(|peers| {
            peers.iter().any(|peer| match peer {
                Peer::World | Peer::Everywhere => true,
                Peer::Pods(_) | Peer::Foreign => false,
            })
        });
        if !to_world {
            continue;
        }
        match &rule.ports {
            None => drop(leaves.insert((pod.role.clone(), Leave::Any))),
            Some(ports) => {
                for port in ports {
                    let leave = match &port.port {
                        Some(Ok(number)) => Leave::Number(*number),
                        Some(Err(_)) | None => Leave::Any,
                    };
                    leaves.insert((pod.role.clone(), leave));
                }
            }
        }
    }
}

/// A rule that lets outsiders to a port where nothing listens is still a door.
fn add_dead_ends(pod: &Pod, ingress: Option<&[&Rule]>, entries: &mut BTreeSet<(String, u16, Transport)>) {
    for rule in ingress.unwrap_or_default() {
        for port in rule.ports.iter().flatten() {
            if let Some(Ok(number)) = port.port {
                let listens = pod
                    .ports
                    .iter()
                    .any(|(_, known, transport)| *known == number && *transport == port.transport);
                if !listens && rule.admits_outsiders(("", number, port.transport)) {
                    entries.insert((pod.role.clone(), number, port.transport));
                }
            }
        }
    }
}

impl Rule {
    fn admits(&self, other: &Pod, port: (&str, u16, Transport)) -> bool {
        self.has(port)
            && self.peers.as_ref().is_none_or(|peers| {
                peers.iter().any(|peer| match peer {
                    Peer::Pods(selector) => selects(selector, &other.labels),
                    Peer::Everywhere => true,
                    Peer::Foreign | Peer::World => false,
                })
            })
    }

    fn admits_outsiders(&self, port: (&str, u16, Transport)) -> bool {
        self.has(port)
            && self.peers.as_ref().is_none_or(|peers| {
                peers.iter().any(|peer| match peer {
                    Peer::Pods(_) => false,
                    Peer::Foreign | Peer::World | Peer::Everywhere => true,
                })
            })
    }

    fn has(&self, (name, number, transport): (&str, u16, Transport)) -> bool {
        self.ports.as_ref().is_none_or(|ports| {
            ports.iter().any(|port| {
                port.transport == transport
                    && match &port.port {
                        None => true,
                        Some(Ok(own)) => *own == number,
                        Some(Err(own)) => own == name,
                    }
            })
        })
    }
}

/// The labels of the namespace that everything lives in.
fn own_namespace(objects: &Objects) -> Result<BTreeMap<String, String>, String> {
    let namespaces: Vec<&Yaml> = objects.all("Namespace").collect();
    let [namespace] = namespaces.as_slice() else {
        return Err("there is not one namespace".to_owned());
    };
    let mut own = labels(&namespace["metadata"]["labels"], "labels")?;
    own.insert(
        "kubernetes.io/metadata.name".to_owned(),
        name(namespace)?.to_owned(),
    );
    for object in objects
        .documents
        .iter()
        .filter(|object| object["kind"].as_str() != Some("Namespace"))
    {
        if object["metadata"]["namespace"].as_str() != Some(name(namespace)?) {
            return Err(format!("`{}` lives elsewhere", name(object)?));
        }
    }
    Ok(own)
}

fn policy(object: &Yaml, own: &BTreeMap<String, String>) -> Result<Policy, String> {
    let what = name(object)?;
    let spec = &object["spec"];
    let types = yaml::strings(&spec["policyTypes"], what)?;
    let governs = |word: &str| types.contains(word);
    let rules = |key: &str, side: &str| -> Result<Vec<Rule>, String> {
        yaml::list(&spec[key], what)?
            .iter()
            .map(|node| rule(node, side, own, what))
            .collect()
    };
    if types.is_empty() {
        return Err(format!("the policy `{what}` names no direction"));
    }
    Ok(Policy {
        pods: selector(&spec["podSelector"], what)?,
        ingress: governs("Ingress").then(|| rules("ingress", "from")).transpose()?,
        egress: governs("Egress").then(|| rules("egress", "to")).transpose()?,
    })
}

fn rule(node: &Yaml, side: &str, own: &BTreeMap<String, String>, what: &str) -> Result<Rule, String> {
    let peers = yaml::list(&node[side], what)?;
    let ports = yaml::list(&node["ports"], what)?;
    let peers: Vec<Peer> = peers
        .iter()
        .map(|node| peer(node, own, what))
        .collect::<Result<_, _>>()?;
    let ports: Vec<PortRule> = ports
        .iter()
        .map(|node| port(node, what))
        .collect::<Result<_, _>>()?;
    // An empty list is the same as none.
    Ok(Rule {
        peers: (!peers.is_empty()).then_some(peers),
        ports: (!ports.is_empty()).then_some(ports),
    })
}

fn port(node: &Yaml, what: &str) -> Result<PortRule, String> {
    if yaml::present(&node["endPort"]) {
        return Err(format!("the policy `{what}` has a range of ports"));
    }
    let port = &node["port"];
    let port = match port.as_str() {
        Some(name) => Some(Err(name.to_owned())),
        None if yaml::present(port) => Some(Ok(yaml::port(port, what)?)),
        None => None,
    };
    Ok(PortRule {
        transport: Transport::read(node["protocol"].as_str().unwrap_or("TCP"))?,
        port,
    })
}

fn peer(node: &Yaml, own: &BTreeMap<String, String>, what: &str) -> Result<Peer, String> {
    let (pods, namespaces, block) = (&node["podSelector"], &node["namespaceSelector"], &node["ipBlock"]);
    if yaml::present(block) {
        let range = yaml::string(&block["cidr"], what)?;
        let except = yaml::strings(&block["except"], what)?;
        return match range {
            // Without the private ranges it holds no pod.
            "0.0.0.0/0" if except.contains("10.0.0.0/8") => Ok(Peer::World),
            "::/0" if except.contains("fc00::/7") => Ok(Peer::World),
            // A machine's own addresses, which no pod has.
            _ if range.starts_with("169.254.") => Ok(Peer::Foreign),
            _ => Ok(Peer::Everywhere),
        };
    }
    if yaml::present(namespaces) {
        let wanted = selector(namespaces, what)?;
        // An own namespace that is wanted has its pods among the peers.
        return if selects(&wanted, own) {
            Ok(Peer::Everywhere)
        } else {
            Ok(Peer::Foreign)
        };
    }
    if yaml::present(pods) {
        Ok(Peer::Pods(selector(pods, what)?))
    } else {
        Err(format!("a peer of `{what}`"))
    }
}

fn selector(node: &Yaml, what: &str) -> Result<BTreeMap<String, String>, String> {
    for (key, _) in yaml::entries(node, what)? {
        if key != "matchLabels" {
            return Err(format!("the policy `{what}` selects by {key}"));
        }
    }
    labels(&node["matchLabels"], what)
}
