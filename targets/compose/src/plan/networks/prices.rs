//! What joining any two networks would cost: how many pairs of components reach each other only then.
//!
//! Knows networks and components by number. All prices are counted once; joining two networks changes them by what
//! becomes reachable, for counting them again after each joining would take minutes for thousands of components.

use super::bits::Bits;
use std::collections::BTreeSet;

/// The prices of all pairs of networks.
pub(super) struct Prices {
    /// The members of each network; none of one that was joined to another.
    networks: Vec<Bits>,
    /// The networks of each component.
    within: Vec<BTreeSet<usize>>,
    /// Whom each component reaches, itself among them.
    met: Vec<Bits>,
    /// By first and second network, both ways.
    prices: Vec<Vec<u64>>,
}

impl Prices {
    /// `networks`: the members of each, below `components`.
    pub(super) fn new(networks: Vec<Bits>, components: usize) -> Self {
        let mut within = vec![BTreeSet::new(); components];
        let mut met = vec![Bits::new(components); components];
        for (number, members) in networks.iter().enumerate() {
            for component in members.all() {
                if let Some(within) = within.get_mut(component) {
                    within.insert(number);
                }
                if let Some(met) = met.get_mut(component) {
                    met.absorb(members);
                }
            }
        }
        let mut prices = Self {
            prices: Vec::new(),
            networks,
            within,
            met,
        };
        let all = prices.networks.iter();
        prices.prices = all
            .map(|one| {
                let others = prices.networks.iter();
                others.map(|other| prices.strangers(&one.all(), other)).collect()
            })
            .collect();
        prices
    }

    /// What joining two networks costs.
    pub(super) fn of(&self, one: usize, other: usize) -> u64 {
        let price = self.prices.get(one).and_then(|row| row.get(other));
        price.copied().unwrap_or(u64::MAX)
    }

    /// Joins the second network to the first; from then on the second has no price that means anything.
    pub(super) fn join(&mut self, one: usize, other: usize) {
        let (Some(members), Some(joining)) = (self.networks.get(one), self.networks.get(other)) else {
            return;
        };
        let (members, joining) = (members.clone(), joining.clone());
        // Whoever is in both would be counted twice.
        let both = members.common(&joining);
        for third in (0..self.networks.len()).filter(|third| ![one, other].contains(third)) {
            let twice = self
                .networks
                .get(third)
                .map_or(0, |third| self.strangers(&both, third));
            let sum = self.of(one, third).saturating_add(self.of(other, third));
            self.set(one, third, sum.saturating_sub(twice));
        }
        for component in joining.all() {
            if let Some(within) = self.within.get_mut(component) {
                within.remove(&other);
                within.insert(one);
            }
        }
        for component in members.all() {
            let met = self.met.get(component);
            for stranger in met.map(|met| joining.outside(met)).unwrap_or_default() {
                self.meet(component, stranger);
            }
        }
        if let Some(members) = self.networks.get_mut(one) {
            members.absorb(&joining);
        }
    }

    /// How many pairs there are of one of `components` and a member of a network that it does not reach.
    fn strangers(&self, components: &[usize], network: &Bits) -> u64 {
        let met = components.iter().filter_map(|component| self.met.get(*component));
        met.map(|met| network.count_outside(met)).sum()
    }

    /// Lets two components reach each other, which nothing has to pay for any more.
    fn meet(&mut self, one: usize, other: usize) {
        for (from, to) in [(one, other), (other, one)] {
            if let Some(met) = self.met.get_mut(from) {
                met.insert(to);
            }
        }
        let networks = |component: usize| -> Vec<usize> {
            let within = self.within.get(component);
            within.map(|of| of.iter().copied().collect()).unwrap_or_default()
        };
        let (ones, others) = (networks(one), networks(other));
        for first in &ones {
            for second in others.iter().filter(|second| *second != first) {
                self.set(*first, *second, self.of(*first, *second).saturating_sub(1));
            }
        }
    }

    fn set(&mut self, one: usize, other: usize, price: u64) {
        for (from, to) in [(one, other), (other, one)] {
            if let Some(known) = self.prices.get_mut(from).and_then(|row| row.get_mut(to)) {
                *known = price;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Bits, Prices};

    fn prices(networks: &[Vec<usize>], components: usize) -> Prices {
        let bits = |members: &Vec<usize>| {
            let mut bits = Bits::new(components);
            members.iter().for_each(|component| bits.insert(*component));
            bits
        };
        Prices::new(networks.iter().map(bits).collect(), components)
    }

    #[test]
    fn a_price_counts_pairs_that_no_network_holds_yet() {
        // 0 and 2 meet in the third already.
        let prices = prices(&[vec![0, 1], vec![2, 3], vec![0, 2]], 5);
        assert_eq!((prices.of(0, 1), prices.of(0, 2), prices.of(1, 2)), (3, 1, 1));
        assert_eq!((prices.of(1, 0), prices.of(2, 0), prices.of(2, 1)), (3, 1, 1));
    }

    #[test]
    fn prices_after_joining_are_those_of_the_joined_networks() {
        // Numbers without a pattern, the same in every run.
        let mut state = 7_u64;
        let mut next = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            usize::try_from((state >> 33) % below).unwrap()
        };
        for _ in 0..30 {
            let mut networks: Vec<Vec<usize>> =
                (0..9).map(|_| (0..next(8)).map(|_| next(70)).collect()).collect();
            let mut joined = prices(&networks, 70);
            let mut alive: Vec<usize> = (0..9).collect();
            while alive.len() > 2 {
                let one = alive[0];
                let other = alive.remove(1 + next(alive.len() as u64 - 1));
                joined.join(one, other);
                let more = std::mem::take(&mut networks[other]);
                networks[one].extend(more);
                let anew = prices(&networks, 70);
                for (first, second) in alive.iter().flat_map(|a| alive.iter().map(move |b| (*a, *b))) {
                    if first != second {
                        assert_eq!(joined.of(first, second), anew.of(first, second), "{networks:?}");
                    }
                }
                alive.rotate_left(1);
            }
        }
    }
}
