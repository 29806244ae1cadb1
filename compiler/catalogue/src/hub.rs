//! Topics and the queues that subscribe to them, as far as they hang together. Must not know how they run.

use exoc_ir::{Backing, Id, Product, Program};
use std::collections::{BTreeMap, BTreeSet};

/// Topics, and the queues that their messages reach. Where a target runs them itself, one server holds them all:
/// none of those that speak both protocols hands a message to another server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hub {
    /// The role under which the server runs: the first of its topics.
    pub host: String,
    /// Of each topic, by role, the roles of the queues that its messages reach.
    pub topics: BTreeMap<String, BTreeSet<String>>,
}

impl Hub {
    /// The hub of one backing; `None` if it is neither a topic nor subscribes to one.
    #[must_use]
    pub fn of(program: &Program, backing: Id<Backing>) -> Option<Self> {
        let mut members = BTreeSet::from([backing]);
        loop {
            let before = members.len();
            for (queue, topics) in subscriptions(program) {
                if members.contains(&queue) || !members.is_disjoint(topics) {
                    members.insert(queue);
                    members.extend(topics);
                }
            }
            if members.len() == before {
                break;
            }
        }
        let role = |id: &Id<Backing>| Some(program.backings().get(*id)?.role.clone());
        let is_topic = |id: &Id<Backing>| {
            let managed = program.managed(*id);
            managed.is_some_and(|managed| managed.product == Product::Topic)
        };
        let mut topics: BTreeMap<String, BTreeSet<String>> = members
            .iter()
            .filter(|id| is_topic(id))
            .filter_map(|id| Some((role(id)?, BTreeSet::new())))
            .collect();
        for (queue, of) in subscriptions(program).filter(|(queue, _)| members.contains(queue)) {
            for topic in of.iter().filter_map(role) {
                topics.entry(topic).or_default().extend(role(&queue));
            }
        }
        let host = topics.keys().next()?.clone();
        Some(Self { host, topics })
    }

    /// The queues, by role.
    #[must_use]
    pub fn queues(&self) -> BTreeSet<&str> {
        self.topics.values().flatten().map(String::as_str).collect()
    }

    /// The roles of all that the server holds.
    pub fn roles(&self) -> impl Iterator<Item = &str> {
        let topics = self.topics.keys().map(String::as_str);
        topics.chain(self.queues())
    }
}

/// Every queue that subscribes, with its topics.
fn subscriptions(program: &Program) -> impl Iterator<Item = (Id<Backing>, &BTreeSet<Id<Backing>>)> {
    let backings = program.backings().iter();
    backings
        .filter_map(|(id, _)| Some((id, &program.managed(id)?.subscribes)))
        .filter(|(_, topics)| !topics.is_empty())
}
