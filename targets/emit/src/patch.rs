//! What patches of all targets share: paths, changes of a document between planning and printing, what does not fit it,
//! and how that is told. Whatever a change does, its document is one of a target, and the schema that types it too.

mod change;
pub mod path;
mod schema;
pub mod yaml;

pub use change::{Change, Words};
pub use schema::Schema;

use exoc_diagnostics::{Map, Member, Sink};
use std::collections::BTreeSet;

/// What a patch does at the end of its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Adds a value; there must be none.
    Set,
    /// Changes a value; there must be one.
    Replace,
}

/// Why a value cannot be put at a place; `step` counts the steps of the path from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is a value already.
    Present,
    /// There is nothing under a key.
    NoKey {
        /// Which step.
        step: usize,
        /// The keys that there are.
        known: Vec<String>,
    },
    /// A list has fewer items.
    NoIndex {
        /// Which step.
        step: usize,
        /// How many it has.
        length: usize,
    },
    /// No item, or more than one, has the text.
    NoItem {
        /// Which step.
        step: usize,
        /// How many have it.
        found: usize,
    },
    /// There is no list to step into.
    NoList {
        /// Which step.
        step: usize,
    },
    /// What a step leads into is computed by an expression.
    Computed {
        /// Which step.
        step: usize,
    },
    /// What a step leads into has neither keys nor items of that kind.
    WrongShape {
        /// Which step.
        step: usize,
        /// What it is, with an article.
        is: &'static str,
    },
}

/// What does not fit, at the end of keys and places below the changed thing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Misfit {
    /// A mapping has a key that the schema does not know there.
    Unknown {
        /// Where the mapping is.
        at: Vec<String>,
        /// The key.
        key: String,
        /// The keys that it knows.
        known: Vec<String>,
    },
    /// A value of another type than one of these.
    Type {
        /// Where the value is.
        at: Vec<String>,
        /// The types, with their articles.
        wanted: BTreeSet<&'static str>,
    },
    /// A text that is none of these words.
    Word {
        /// Where the text is.
        at: Vec<String>,
        /// The words.
        words: Vec<String>,
    },
    /// A mapping without a key that it must have.
    Lacks {
        /// Where the mapping is.
        at: Vec<String>,
        /// The key.
        key: String,
    },
    /// What no patch changes.
    Kept {
        /// Where it is.
        at: Vec<String>,
        /// The reason, in words.
        why: String,
    },
    /// A value that breaks another rule.
    Rule {
        /// Where the value is.
        at: Vec<String>,
        /// The rule, in words.
        rule: String,
    },
}

/// What was seen while patches were applied to a file.
#[derive(Debug, Default)]
pub struct Patched {
    /// Every address in it.
    pub known: BTreeSet<String>,
    /// What does not fit.
    pub sink: Sink,
}

impl Patched {
    /// Hands over what was reported of several files; gives the addresses of all.
    #[must_use]
    pub fn gathered(files: Vec<Self>, sink: &mut Sink) -> BTreeSet<String> {
        let mut all = BTreeSet::new();
        for Self { known, sink: told } in files {
            all.extend(known);
            sink.absorb(told);
        }
        all
    }
}

/// The members of a mapping by the letters of their keys, so that their order in a manifest means nothing.
#[must_use]
pub fn sorted(map: &Map) -> Vec<&Member> {
    let mut members: Vec<&Member> = map.members.iter().collect();
    members.sort_by_key(|member| &member.key.name);
    members
}
