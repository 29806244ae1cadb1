//! How many networks an application has, and which are joined when they would be more.
//!
//! Knows members, not why they are members. Networks are joined only with their like, so that nobody gets a way out or
//! in by it.

use super::bits::Bits;
use super::prices::Prices;
use super::{Loss, Members, Networks};
use crate::model::Reach;
use crate::names;
use std::collections::{BTreeMap, BTreeSet};

/// The most networks of one application. The default address pools of an engine end after 30 networks of all projects
/// (counted with `docker network create` on Docker 20.10.24, 2026-11; docs/decisions/0009): three projects of this
/// size, as two applications and the tests of one, leave six to others.
pub(super) const MOST_NETWORKS: usize = 8;

/// More networks of one kind than this become one at once: the time to compare them in pairs grows with the square of
/// their number, and eight networks hardly tell sixty components apart.
const MOST_COMPARED: usize = 60;

/// The networks that are made of those that are drawn.
pub(super) fn bounded(drawn: BTreeMap<String, Members>) -> Networks {
    let drawn = same(drawn);
    if drawn.len() <= MOST_NETWORKS {
        return Networks {
            networks: drawn,
            loss: None,
        };
    }
    let (before, pairs_before) = (drawn.len(), pairs(&drawn));
    let networks = few(drawn);
    let mut joined = networks.values().filter(|members| members.is_joined);
    let pairs = pairs(&networks).saturating_sub(pairs_before);
    let loss = Loss {
        drawn: before,
        made: networks.len(),
        components: sharing(&networks),
        pairs,
        at: joined.find_map(|members| members.from.places().next()),
    };
    Networks {
        networks,
        loss: (pairs > 0).then_some(loss),
    }
}

/// Makes one of networks that have the same members. It keeps the first name.
fn same(drawn: BTreeMap<String, Members>) -> BTreeMap<String, Members> {
    let mut made: BTreeMap<String, Members> = BTreeMap::new();
    let mut known: BTreeMap<(BTreeSet<String>, bool), String> = BTreeMap::new();
    for (name, members) in drawn {
        let is_inner = members.reach == Reach::Members;
        let first = known
            .entry((members.names.clone(), is_inner))
            .or_insert_with(|| name.clone());
        match made.get_mut(first) {
            Some(same) if is_inner => same.absorb(members),
            Some(_) | None => drop(made.insert(name, members)),
        }
    }
    made
}

/// Joins networks until there are few enough.
fn few(drawn: BTreeMap<String, Members>) -> BTreeMap<String, Members> {
    let drawn = at_once(at_once(drawn, Reach::Members), Reach::Entry);
    let known = numbers(&drawn);
    let rows = drawn.values().map(|members| bits(members, &known)).collect();
    let mut prices = Prices::new(rows, known.len());
    let all = drawn.into_iter().enumerate();
    let mut networks: Vec<Candidate> = all
        .map(|(number, (name, members))| Candidate {
            number,
            name,
            members,
        })
        .collect();
    while networks.len() > MOST_NETWORKS {
        let Some((first, second)) = cheapest(&networks, &prices) else {
            break;
        };
        let other = networks.remove(second);
        if let Some(one) = networks.get_mut(first) {
            prices.join(one.number, other.number);
            one.members.absorb(other.members);
            one.members.is_joined = true;
        }
    }
    named(networks)
}

/// All networks of one kind as one, if they are very many.
fn at_once(drawn: BTreeMap<String, Members>, reach: Reach) -> BTreeMap<String, Members> {
    let is_like = |members: &Members| members.reach == reach;
    if drawn.values().filter(|members| is_like(members)).count() <= MOST_COMPARED {
        return drawn;
    }
    let (like, mut others): (BTreeMap<_, _>, BTreeMap<_, _>) =
        drawn.into_iter().partition(|(_, members)| is_like(members));
    let all = like.into_iter().reduce(|(name, mut all), (_, members)| {
        all.absorb(members);
        all.is_joined = true;
        (name, all)
    });
    others.extend(all);
    others
}

/// A network that may be joined with another.
struct Candidate {
    /// What it has a price by.
    number: usize,
    /// The name of the first that is in it.
    name: String,
    members: Members,
}

/// The two of one kind whose joining lets the fewest pairs of components reach each other that do not yet; of equals the
/// first by name. They are in the order of their names.
fn cheapest(networks: &[Candidate], prices: &Prices) -> Option<(usize, usize)> {
    let mut cheapest: Option<(u64, usize, usize)> = None;
    for (first, one) in networks.iter().enumerate() {
        let others = networks.iter().enumerate().skip(first + 1);
        for (second, other) in others.filter(|(_, other)| one.members.reach == other.members.reach) {
            let price = prices.of(one.number, other.number);
            if cheapest.is_none_or(|(least, _, _)| price < least) {
                cheapest = Some((price, first, second));
            }
        }
    }
    cheapest.map(|(_, first, second)| (first, second))
}

/// Joined networks have names of their own, in the order of the first that is in each.
fn named(networks: Vec<Candidate>) -> BTreeMap<String, Members> {
    let is_inner = |network: &&Candidate| network.members.reach == Reach::Members;
    let holds_all = networks.iter().filter(is_inner).count() == 1;
    let (mut inner, mut entries) = (0, 0);
    let mut named = BTreeMap::new();
    for Candidate {
        number: _, // nothing is joined any more
        name,
        members,
    } in networks
    {
        let name = match members.reach {
            Reach::Members if members.is_joined && holds_all => names::COMPONENTS_NETWORK.to_owned(),
            Reach::Members if members.is_joined => {
                inner += 1;
                names::shared(inner)
            }
            Reach::Entry if members.is_joined => {
                entries += 1;
                names::shared_entry(entries)
            }
            Reach::Members | Reach::Entry | Reach::World => name,
        };
        named.insert(name, members);
    }
    named
}

/// The members of a network that the program knows. Companions and the gateway do nothing but what their configuration
/// says, so they do not count.
fn components(members: &Members) -> impl Iterator<Item = &str> {
    let names = members.names.iter().map(String::as_str);
    names.filter(|name| !name.contains('_'))
}

/// The number of each component.
fn numbers(networks: &BTreeMap<String, Members>) -> BTreeMap<String, usize> {
    let all: BTreeSet<&str> = networks.values().flat_map(components).collect();
    all.into_iter().map(str::to_owned).zip(0..).collect()
}

fn bits(members: &Members, known: &BTreeMap<String, usize>) -> Bits {
    let mut bits = Bits::new(known.len());
    for number in components(members).filter_map(|name| known.get(name)) {
        bits.insert(*number);
    }
    bits
}

/// How many components are in a joined network.
fn sharing(networks: &BTreeMap<String, Members>) -> usize {
    let joined = networks.values().filter(|members| members.is_joined);
    joined.flat_map(components).collect::<BTreeSet<&str>>().len()
}

/// How many pairs of components share a network.
fn pairs(networks: &BTreeMap<String, Members>) -> u64 {
    let known = numbers(networks);
    let mut met: BTreeMap<&str, Bits> = BTreeMap::new();
    for members in networks.values() {
        let bits = bits(members, &known);
        for name in components(members) {
            let met = met.entry(name).or_insert_with(|| Bits::new(known.len()));
            met.absorb(&bits);
        }
    }
    // Everybody meets itself, and every pair is counted from both sides.
    met.values().map(|met| met.count().saturating_sub(1)).sum::<u64>() / 2
}
