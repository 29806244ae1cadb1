//! Security groups: who can open connections to whom, and to the world.

use super::module::{Module, Term};
use super::secret::parts;
use crate::facts::{Edge, Leave, Transport};
use hcl::Body;
use std::collections::{BTreeMap, BTreeSet};

/// What a rule lets through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Traffic {
    All,
    Port(u16, Transport),
}

/// The other side of a rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Peer {
    Group(String),
    Anywhere,
}

/// What the security groups allow.
#[derive(Debug, Default)]
pub(super) struct Reach {
    pub(super) edges: BTreeSet<Edge>,
    pub(super) leaves: BTreeSet<(String, Leave)>,
    pub(super) entries: BTreeSet<(String, u16, Transport)>,
}

type Rules = BTreeSet<(String, Peer, Traffic)>;

/// Reads all rules. `owners` says who has a group; `ports` says where each component and product listens.
pub(super) fn reach(
    module: &Module,
    owners: &BTreeMap<String, String>,
    ports: &BTreeMap<String, BTreeSet<(u16, Transport)>>,
) -> Result<Reach, String> {
    let ingress = rules(module, "aws_vpc_security_group_ingress_rule")?;
    let egress = rules(module, "aws_vpc_security_group_egress_rule")?;
    for kind in ["aws_security_group_rule", "aws_network_acl_rule"] {
        if let Some((address, _)) = module.all(kind).next() {
            return Err(format!("{kind}.{address} is not understood"));
        }
    }
    let allows = |rules: &Rules, group: &str, peer: &str, port: (u16, Transport)| {
        rules.iter().any(|(own, other, traffic)| {
            let same = match other {
                Peer::Group(other) => other == peer,
                // Whoever may reach or be reached from anywhere has this peer among them.
                Peer::Anywhere => true,
            };
            own == group && same && (*traffic == Traffic::All || *traffic == Traffic::Port(port.0, port.1))
        })
    };
    let mut reach = Reach::default();
    let groups: BTreeSet<&str> = module
        .all("aws_security_group")
        .map(|(address, _)| address)
        .collect();
    for (to_group, to) in owners {
        for port in ports.get(to).into_iter().flatten().copied() {
            for from_group in &groups {
                // The egress of 443 to anywhere reaches nothing that does not let it in by name.
                let named = ingress.iter().any(|(own, peer, traffic)| {
                    let named = *peer == Peer::Group((*from_group).to_owned());
                    own == to_group && named && matches(*traffic, port)
                });
                if !named || !allows(&egress, from_group, to_group, port) {
                    continue;
                }
                match owners.get(*from_group) {
                    Some(from) => drop(reach.edges.insert(Edge {
                        from: from.clone(),
                        to: to.clone(),
                        number: port.0,
                        transport: port.1,
                    })),
                    None => drop(reach.entries.insert((to.clone(), port.0, port.1))),
                }
            }
            if ingress.iter().any(|(own, peer, traffic)| {
                own == to_group && *peer == Peer::Anywhere && matches(*traffic, port)
            }) {
                reach.entries.insert((to.clone(), port.0, port.1));
            }
        }
    }
    for (group, peer, traffic) in &ingress {
        let (Some(owner), Peer::Group(id), Traffic::Port(number, transport)) =
            (owners.get(group), peer, traffic)
        else {
            continue;
        };
        // What such a group lets out is not told here.
        if id.starts_with("sg-") {
            reach.entries.insert((owner.clone(), *number, *transport));
        }
    }
    add_dead_ends(&ingress, owners, ports, &mut reach);
    reach.leaves = leaves(module, owners)?;
    Ok(reach)
}

fn matches(traffic: Traffic, port: (u16, Transport)) -> bool {
    traffic == Traffic::All || traffic == Traffic::Port(port.0, port.1)
}

/// A door into a component where it does not listen is still a door.
fn add_dead_ends(
    ingress: &Rules,
    owners: &BTreeMap<String, String>,
    ports: &BTreeMap<String, BTreeSet<(u16, Transport)>>,
    reach: &mut Reach,
) {
    for (group, peer, traffic) in ingress {
        let Some(owner) = owners.get(group) else { continue };
        let from_outside = match peer {
            Peer::Group(other) => !owners.contains_key(other),
            Peer::Anywhere => true,
        };
        let listens = |port: &(u16, Transport)| ports.get(owner).is_some_and(|ports| ports.contains(port));
        match traffic {
            Traffic::Port(number, transport) if from_outside && !listens(&(*number, *transport)) => {
                reach.entries.insert((owner.clone(), *number, *transport));
            }
            Traffic::Port(..) | Traffic::All => {}
        }
    }
}

fn leaves(module: &Module, owners: &BTreeMap<String, String>) -> Result<BTreeSet<(String, Leave)>, String> {
    let mut leaves = BTreeSet::new();
    for (address, body) in module.all("aws_vpc_security_group_egress_rule") {
        let (group, peer, traffic) = rule(module, address, body)?;
        let Some(owner) = owners.get(&group) else { continue };
        if peer != Peer::Anywhere || address.ends_with("_platform_443") {
            continue;
        }
        leaves.insert(match traffic {
            Traffic::All => (owner.clone(), Leave::Any),
            Traffic::Port(number, _) => (owner.clone(), Leave::Number(number)),
        });
    }
    Ok(leaves)
}

fn rules(module: &Module, kind: &str) -> Result<Rules, String> {
    module
        .all(kind)
        .map(|(address, body)| rule(module, address, body))
        .collect()
}

fn rule(module: &Module, address: &str, body: &Body) -> Result<(String, Peer, Traffic), String> {
    let group = group_of(&module.required(body, "security_group_id", address)?)
        .ok_or_else(|| format!("the rule `{address}` has no group"))?;
    let other = module.attribute(body, "referenced_security_group_id")?;
    let peer = match other {
        Some(term) => {
            // A group that exists already is told by its id.
            let known = || term.plain().filter(|id| id.starts_with("sg-"));
            let group = group_of(&term).or_else(known);
            Peer::Group(group.ok_or_else(|| format!("the peer of `{address}`: {term:?}"))?)
        }
        None => anywhere(module, address, body)?,
    };
    let protocol = module.plain(body, "ip_protocol", address)?;
    let traffic = if protocol == "-1" {
        Traffic::All
    } else {
        let from = module.number(body, "from_port", address)?;
        if from != module.number(body, "to_port", address)? {
            return Err(format!("the rule `{address}` is a range"));
        }
        Traffic::Port(
            u16::try_from(from).map_err(|error| error.to_string())?,
            Transport::read(&protocol)?,
        )
    };
    Ok((group, peer, traffic))
}

fn anywhere(module: &Module, address: &str, body: &Body) -> Result<Peer, String> {
    for key in ["cidr_ipv4", "cidr_ipv6"] {
        if let Some(term) = module.attribute(body, key)? {
            return match term.plain().as_deref() {
                Some("0.0.0.0/0" | "::/0") => Ok(Peer::Anywhere),
                // The network's own addresses are no public ones; who is behind them is not told.
                _ => Ok(Peer::Group(format!("{term:?}"))),
            };
        }
    }
    // A prefix list of AWS' own, such as the one of S3.
    module
        .required(body, "prefix_list_id", address)
        .map(|term| Peer::Group(format!("{term:?}")))
}

/// The address of a group in `aws_security_group.x.id`.
pub(super) fn group_of(term: &Term) -> Option<String> {
    match parts(term.reference()?).as_slice() {
        ["aws_security_group", address, "id"] => Some((*address).to_owned()),
        _ => None,
    }
}

/// Groups by owner: services of ECS by the role of their task, jobs by theirs, products by their address.
pub(super) fn owners<'a>(
    module: &Module,
    tasks: &BTreeMap<String, String>,
    jobs: impl Iterator<Item = (&'a str, &'a Term)>,
) -> Result<BTreeMap<String, String>, String> {
    let mut owners = BTreeMap::new();
    let mut own = |groups: Term, owner: String| -> Result<(), String> {
        for group in groups
            .list()
            .ok_or_else(|| format!("the groups of {owner}: {groups:?}"))?
        {
            let address = group_of(group).ok_or_else(|| format!("a group of {owner}: {group:?}"))?;
            if let Some(other) = owners.insert(address.clone(), owner.clone()) {
                return Err(format!("`{owner}` and `{other}` share the group `{address}`"));
            }
        }
        Ok(())
    };
    for (role, groups) in jobs {
        own(groups.clone(), role.to_owned())?;
    }
    for (address, body) in module.all("aws_ecs_service") {
        let role = tasks
            .get(address)
            .ok_or_else(|| format!("the service `{address}` has no task"))?;
        let network = body
            .blocks()
            .find(|block| block.identifier() == "network_configuration")
            .ok_or_else(|| format!("the service `{address}` has no network"))?;
        own(
            module.required(network.body(), "security_groups", address)?,
            role.clone(),
        )?;
    }
    for (groups, role) in super::product::groups(module)? {
        own(groups, role)?;
    }
    Ok(owners)
}
