//! Priorities of the listener's rules: the longer path first, and no rule moves because another appears.

use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// The most rules of a load balancer besides its defaults.
///
/// Source: Elastic Load Balancing, "Quotas for your Application Load Balancers", read 2026-11.
pub(super) const MOST_RULES: usize = 100;

/// Places for rules whose paths are equally long.
const SLOTS: u32 = 100;

/// What a rule's priority depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key<'a> {
    pub(super) path: &'a str,
    pub(super) host: &'a str,
    /// Not the role: a rule would lose its place with it.
    pub(super) identity: &'a str,
}

impl Key<'_> {
    /// The first place of its length: 100 for each character that the path is shorter than 255.
    fn base(&self) -> u32 {
        let length = u32::try_from(self.path.len()).unwrap_or(u32::MAX).min(254);
        SLOTS * (255 - length)
    }

    fn slot(&self) -> u32 {
        let text = [self.host, self.path, self.identity].join("\n");
        let hash = Sha256::digest(text.as_bytes());
        hash.iter()
            .fold(0, |rest, byte| (rest * 256 + u32::from(*byte)) % SLOTS)
    }
}

/// A priority for each key, in their order. A taken place sends the later name to the next free one; keys beyond
/// the places of one length share the last, which [`MOST_RULES`] forbids before.
pub(super) fn assign<'a>(keys: impl Iterator<Item = Key<'a>>) -> Vec<u32> {
    let keys: Vec<Key<'a>> = keys.collect();
    let mut order: Vec<usize> = (0..keys.len()).collect();
    order.sort_by_key(|index| keys.get(*index));
    let mut taken = BTreeSet::new();
    let mut priorities = vec![0; keys.len()];
    for index in order {
        let Some(key) = keys.get(index) else { continue };
        let place = (0..SLOTS)
            .map(|step| key.base() + (key.slot() + step) % SLOTS)
            .find(|place| !taken.contains(place))
            .unwrap_or_else(|| key.base() + SLOTS - 1);
        taken.insert(place);
        if let Some(priority) = priorities.get_mut(index) {
            *priority = place;
        }
    }
    priorities
}

#[cfg(test)]
mod tests {
    use super::{Key, assign};

    fn key<'a>(path: &'a str, role: &'a str) -> Key<'a> {
        Key {
            path,
            host: "shop.example.com",
            identity: role,
        }
    }

    #[test]
    fn longer_paths_come_first() {
        let priorities = assign([key("/", "web"), key("/api", "api"), key("/api/v2", "next")].into_iter());
        assert!(priorities[2] < priorities[1] && priorities[1] < priorities[0]);
        assert!(
            priorities
                .iter()
                .all(|priority| (100..=25_499).contains(priority))
        );
    }

    #[test]
    fn a_rule_moves_only_for_a_place_of_its_own() {
        let paths: Vec<String> = (0..40).map(|n| format!("/p{n:02}")).collect();
        let all: Vec<Key<'_>> = paths.iter().map(|path| key(path, "web")).collect();
        let whole = assign(all.iter().copied());
        let mut moved = 0;
        for without in 0..all.len() {
            let others = || (0..all.len()).filter(|index| *index != without);
            let places = assign(others().map(|index| all[index]));
            for (index, place) in others().zip(places) {
                if whole[index] != place {
                    moved += 1;
                    // Who moves because another came stood, or stands, beside the place of its own name.
                    let own = all[index].base() + all[index].slot();
                    assert_ne!(whole[index], own, "{}", all[index].path);
                }
            }
        }
        assert!(moved > 0, "forty paths of one length hold collisions");
    }

    #[test]
    fn no_two_rules_share_a_priority() {
        let paths: Vec<String> = (0..100).map(|n| format!("/p{n:02}")).collect();
        let mut priorities = assign(paths.iter().map(|path| key(path, "web")));
        priorities.sort_unstable();
        priorities.dedup();
        assert_eq!(priorities.len(), 100);
    }
}
