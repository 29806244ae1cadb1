//! How many networks an application has, and which are joined when they would be more.
//!
//! Knows members, not why they are members. Networks are joined only with their like, so that nobody gets a way out or
//! in by it.

use super::{Loss, Members, Networks};
use crate::model::Reach;
use crate::names;
use std::collections::{BTreeMap, BTreeSet};

/// The most networks of one application. The default address pools of an engine end after 30 networks of all projects
/// (counted with `docker network create` on Docker 20.10.24, 2026-11; docs/decisions/0009): three projects of this
/// size, as two applications and the tests of one, leave six to others.
pub(super) const MOST_NETWORKS: usize = 8;

/// More networks of one kind than this become one at once: comparing them in pairs would cost more time than a network
/// in eight parts is worth. Twice as many and the one to the world have a bit each in `u128`.
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
    let mut candidates = Candidates::new(at_once(at_once(drawn, Reach::Members), Reach::Entry));
    while candidates.networks.len() > MOST_NETWORKS {
        let Some((first, second)) = candidates.cheapest() else {
            break;
        };
        candidates.join(first, second);
    }
    named(candidates.networks)
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
    /// The name of the first that is in it.
    name: String,
    members: Members,
    /// What stands for it among the networks of a component.
    bit: u128,
}

/// Networks in the order of their names.
struct Candidates {
    networks: Vec<Candidate>,
    /// How many components are in exactly these networks. Companions and the gateway do nothing but what their
    /// configuration says, so they do not count.
    components: BTreeMap<u128, u64>,
}

impl Candidates {
    fn new(drawn: BTreeMap<String, Members>) -> Self {
        let bits = std::iter::successors(Some(1_u128), |bit| Some(bit.wrapping_shl(1)));
        let networks: Vec<Candidate> = drawn
            .into_iter()
            .zip(bits)
            .map(|((name, members), bit)| Candidate { name, members, bit })
            .collect();
        let mut of: BTreeMap<&str, u128> = BTreeMap::new();
        for network in &networks {
            for component in components(&network.members) {
                *of.entry(component).or_default() |= network.bit;
            }
        }
        let mut components = BTreeMap::new();
        for bits in of.into_values() {
            *components.entry(bits).or_default() += 1;
        }
        Self { networks, components }
    }

    /// The two of one kind whose joining lets the fewest pairs of components reach each other that do not yet; of
    /// equals the first by name.
    fn cheapest(&self) -> Option<(usize, usize)> {
        let within = |network: &Candidate| -> Vec<(u128, u64)> {
            let all = self.components.iter().map(|(bits, count)| (*bits, *count));
            all.filter(|(bits, _)| bits & network.bit != 0).collect()
        };
        let within: Vec<Vec<(u128, u64)>> = self.networks.iter().map(within).collect();
        let all = || self.networks.iter().zip(&within).enumerate();
        let (mut cheapest, mut least) = (None, u64::MAX);
        for (first, (one, in_one)) in all() {
            let others = all().skip(first + 1);
            for (second, (other, in_other)) in others.filter(|(_, (other, _))| one.is_like(other)) {
                let price = price((one.bit, in_one), (other.bit, in_other), least);
                if price < least {
                    (cheapest, least) = (Some((first, second)), price);
                }
            }
        }
        cheapest
    }

    fn join(&mut self, first: usize, second: usize) {
        let other = self.networks.remove(second);
        let Some(one) = self.networks.get_mut(first) else {
            return;
        };
        one.members.absorb(other.members);
        one.members.is_joined = true;
        let mut components = BTreeMap::new();
        for (bits, count) in std::mem::take(&mut self.components) {
            let moved = if bits & other.bit == 0 {
                bits
            } else {
                bits & !other.bit | one.bit
            };
            *components.entry(moved).or_default() += count;
        }
        self.components = components;
    }
}

impl Candidate {
    fn is_like(&self, other: &Self) -> bool {
        self.members.reach == other.members.reach
    }
}

/// How many pairs reach each other only when two networks are joined. Counts no further than `enough`.
fn price(one: (u128, &[(u128, u64)]), other: (u128, &[(u128, u64)]), enough: u64) -> u64 {
    let mut price = 0;
    for (bits, count) in one.1.iter().filter(|(bits, _)| bits & other.0 == 0) {
        let strangers = other
            .1
            .iter()
            .filter(|(others, _)| others & one.0 == 0 && others & bits == 0);
        let strangers: u64 = strangers.map(|(_, count)| count).sum();
        price += count * strangers;
        if price >= enough {
            break;
        }
    }
    price
}

/// Joined networks have names of their own, in the order of the first that is in each.
fn named(networks: Vec<Candidate>) -> BTreeMap<String, Members> {
    let is_inner = |network: &&Candidate| network.members.reach == Reach::Members;
    let holds_all = networks.iter().filter(is_inner).count() == 1;
    let (mut inner, mut entries) = (0, 0);
    let mut named = BTreeMap::new();
    for Candidate {
        name,
        members,
        bit: _,
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

/// The members of a network that the program knows.
fn components(members: &Members) -> impl Iterator<Item = &str> {
    let names = members.names.iter().map(String::as_str);
    names.filter(|name| !name.contains('_'))
}

/// How many components are in a joined network.
fn sharing(networks: &BTreeMap<String, Members>) -> usize {
    let joined = networks.values().filter(|members| members.is_joined);
    joined.flat_map(components).collect::<BTreeSet<&str>>().len()
}

/// How many pairs of components share a network.
fn pairs(networks: &BTreeMap<String, Members>) -> u64 {
    let all: BTreeSet<&str> = networks.values().flat_map(components).collect();
    let numbers: BTreeMap<&str, usize> = all.into_iter().zip(0..).collect();
    let words = numbers.len().div_ceil(64);
    let mut met: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
    for members in networks.values() {
        let mut bits = vec![0_u64; words];
        for number in components(members).filter_map(|name| numbers.get(name)) {
            if let Some(word) = bits.get_mut(number / 64) {
                *word |= 1 << (number % 64);
            }
        }
        for name in components(members) {
            let row = met.entry(name).or_insert_with(|| vec![0; words]);
            row.iter_mut().zip(&bits).for_each(|(word, bits)| *word |= bits);
        }
    }
    let ones = |row: &Vec<u64>| row.iter().map(|word| u64::from(word.count_ones())).sum::<u64>();
    // Everybody meets itself, and every pair is counted from both sides.
    met.values().map(|row| ones(row).saturating_sub(1)).sum::<u64>() / 2
}
