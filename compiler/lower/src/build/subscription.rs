//! `subscribes` of a queue: the topics whose messages reach it.

use super::Lowering;
use crate::absent::unknown_role;
use crate::field::Look;
use crate::scope::{Noun, Offer};
use crate::words::quoted;
use exoc_catalogue::Entry;
use exoc_diagnostics::{Diagnostic, Spanned, codes};
use exoc_ir::{Backing, Id, Product};
use exoc_manifest::ast::Dependency;
use std::collections::{BTreeMap, BTreeSet};

impl Lowering<'_> {
    /// The topics that a queue names, without what is none.
    pub(super) fn subscriptions(&mut self, entry: &Entry, dependency: &Dependency) -> BTreeSet<Id<Backing>> {
        let mut topics = BTreeSet::new();
        // Anywhere else the key was reported.
        let names = dependency
            .subscribes
            .set()
            .filter(|_| entry.product == Product::Queue);
        let mut seen: BTreeMap<&str, &Spanned<String>> = BTreeMap::new();
        for name in names.iter().flat_map(|names| &names.value) {
            if let Some(first) = seen.insert(&name.value, name) {
                self.sink.error(
                    Diagnostic::new(
                        codes::NAME_CLASH,
                        format!("{} stands twice in `subscribes`", quoted(&name.value)),
                    )
                    .at(name.span, "listed again")
                    .also(first.span, "first listed here")
                    .help("remove one of the two"),
                );
                continue;
            }
            topics.extend(self.topic(name));
        }
        topics
    }

    fn topic(&mut self, name: &Spanned<String>) -> Option<Id<Backing>> {
        let role = quoted(&name.value);
        let is_topic = |offer: &Offer| match offer {
            Offer::Managed(entry, id) if entry.product == Product::Topic => Some(*id),
            Offer::Managed(..)
            | Offer::Existing(_)
            | Offer::Unknown(_)
            | Offer::Listens { .. }
            | Offer::External(_)
            | Offer::Volume(_) => None,
        };
        let Some(found) = self.scope.roles.get(&name.value) else {
            let what = format!("no topic is called {role}");
            let roles = self.scope.roles.iter();
            let topics = roles.filter(|(_, found)| is_topic(&found.offer).is_some());
            let topics = topics.map(|(role, _)| role.as_str());
            unknown_role(self.scope, &what, name, name.span, topics, self.sink);
            return None;
        };
        if let Offer::Unknown(_) | Offer::Existing(Err(_)) = found.offer {
            return None;
        }
        if let Offer::Existing(Ok(kept)) = &found.offer
            && kept.entry.product == Product::Topic
        {
            let message = format!("the topic {role} exists already, and nothing is made for it");
            self.sink.error(
                Diagnostic::new(codes::BAD_SUBSCRIPTION, message)
                    .at(name.span, "no subscription can be made")
                    .also(found.key, "declared here")
                    .help("write `existing` for the queue as well, and subscribe it where both are made"),
            );
            return None;
        }
        let topic = is_topic(&found.offer);
        if topic.is_none() {
            let declare = match found.noun {
                Noun::Service => "a service that uses the queue sends to it".to_owned(),
                Noun::Dependency => format!("declare a topic, as in `{}-events: topic`", name.value),
            };
            self.sink.error(
                Diagnostic::new(codes::BAD_SUBSCRIPTION, format!("{role} is no topic"))
                    .at(name.span, "a queue subscribes to topics")
                    .also(found.key, "declared here")
                    .help(declare),
            );
        }
        topic
    }
}
