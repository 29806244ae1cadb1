//! What a change does to the things that a target's files describe. Knows no target: what forces a replacement is asked of it.

use exoc_ir::{Replacement, Resource};
use std::collections::{BTreeMap, BTreeSet};

/// What becomes of a thing, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// It is removed, and another one made.
    Replaced,
    /// It may be.
    MayBeReplaced,
    /// It is removed.
    Removed,
    /// It has another address, and stays.
    Moved,
    /// It gets another revision.
    Revised,
    /// It is changed where it stands.
    Changed,
    /// It is made.
    Added,
}

impl Effect {
    /// All effects, worst first.
    pub const ALL: &[Self] = &[
        Self::Replaced,
        Self::MayBeReplaced,
        Self::Removed,
        Self::Moved,
        Self::Revised,
        Self::Changed,
        Self::Added,
    ];

    /// A few words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Replaced => "replaced",
            Self::MayBeReplaced => "may be replaced",
            Self::Removed => "removed",
            Self::Moved => "moved",
            Self::Revised => "revised",
            Self::Changed => "changed in place",
            Self::Added => "added",
        }
    }

    /// One word, for programs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Replaced => "replaced",
            Self::MayBeReplaced => "may-be-replaced",
            Self::Removed => "removed",
            Self::Moved => "moved",
            Self::Revised => "revised",
            Self::Changed => "changed",
            Self::Added => "added",
        }
    }
}

/// What becomes of one thing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Consequence {
    /// What.
    pub effect: Effect,
    /// Its address; of one that was removed, the one that it had.
    pub address: String,
    /// The attributes that are why, sorted; of one that is replaced only those that force it.
    pub because: Vec<String>,
    /// The address that it had, if it has moved.
    pub was: Option<String>,
}

/// What becomes of the things of one side on the way to the other, worst first. What stays as it is is left out.
#[must_use]
pub fn consequences(
    before: &[Resource],
    after: &[Resource],
    replacement: &dyn Fn(&str, &str) -> Replacement,
) -> Vec<Consequence> {
    let moves = moves(before, after);
    let before: Vec<Resource> = before.iter().map(|resource| carried(resource, &moves)).collect();
    let mut old: BTreeMap<&str, &Resource> = by_address(&before);
    let mut all = Vec::new();
    let mut stays: Vec<(&Resource, usize)> = Vec::new();
    for resource in after {
        let moved = resource
            .was
            .as_deref()
            .filter(|was| !old.contains_key(resource.address.as_str()) && old.contains_key(*was));
        let was = match moved {
            Some(was) => old.remove(was),
            None => old.remove(resource.address.as_str()),
        };
        match was {
            None => all.push(one(Effect::Added, &resource.address, Vec::new())),
            Some(was) => {
                stays.push((resource, all.len()));
                let mut consequence = changed(was, resource, replacement);
                if moved.is_some() {
                    consequence.was = Some(was.address.clone());
                    if consequence.because.is_empty() {
                        consequence.effect = Effect::Moved;
                    }
                }
                all.push(consequence);
            }
        }
    }
    follow(&stays, &mut all, replacement);
    all.retain(|one| one.effect != Effect::Changed || !one.because.is_empty());
    all.extend(
        old.keys()
            .map(|address| one(Effect::Removed, address, Vec::new())),
    );
    all.sort();
    all
}

/// The addresses that have moved: from where, and to where.
fn moves(before: &[Resource], after: &[Resource]) -> Vec<(String, String)> {
    let old = by_address(before);
    let moved = after
        .iter()
        .filter(|resource| !old.contains_key(resource.address.as_str()));
    let pair = |resource: &Resource| Some((resource.was.clone()?, resource.address.clone()));
    moved.filter_map(pair).collect()
}

/// A thing as it would be said where others have their new addresses.
fn carried(resource: &Resource, moves: &[(String, String)]) -> Resource {
    let mut resource = resource.clone();
    for text in resource.attributes.values_mut() {
        for (old, new) in moves {
            if mentions(text, old) {
                *text = crate::words::replace_name(text, old, new);
            }
        }
    }
    resource
}

fn by_address(resources: &[Resource]) -> BTreeMap<&str, &Resource> {
    let pairs = resources
        .iter()
        .map(|resource| (resource.address.as_str(), resource));
    pairs.collect()
}

fn one(effect: Effect, address: &str, because: Vec<String>) -> Consequence {
    Consequence {
        effect,
        address: address.to_owned(),
        because,
        was: None,
    }
}

/// A thing that is on both sides.
fn changed(was: &Resource, is: &Resource, replacement: &dyn Fn(&str, &str) -> Replacement) -> Consequence {
    let paths: BTreeSet<&String> = was.attributes.keys().chain(is.attributes.keys()).collect();
    let differ = paths
        .into_iter()
        .filter(|path| was.attributes.get(*path) != is.attributes.get(*path));
    let mut worst = Replacement::Never;
    let mut because: BTreeMap<Replacement, BTreeSet<String>> = BTreeMap::new();
    for path in differ {
        let path = plain(path);
        let force = replacement(&is.kind, &path);
        worst = worst.max(force);
        because.entry(force).or_default().insert(path);
    }
    let effect = match worst {
        Replacement::Always => Effect::Replaced,
        Replacement::Maybe => Effect::MayBeReplaced,
        Replacement::Revision => Effect::Revised,
        Replacement::Never => Effect::Changed,
    };
    let because = because.remove(&worst).unwrap_or_default();
    one(effect, &is.address, because.into_iter().collect())
}

/// A path without the numbers of items.
fn plain(path: &str) -> String {
    let is_number = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
    path.split('.')
        .filter(|part| !is_number(part))
        .collect::<Vec<_>>()
        .join(".")
}

/// What names a thing that is replaced in a place that forces a replacement may be replaced with it, and what does so in
/// one that asks for another revision gets one.
fn follow(
    stays: &[(&Resource, usize)],
    all: &mut [Consequence],
    replacement: &dyn Fn(&str, &str) -> Replacement,
) {
    let gone = |all: &[Consequence]| -> BTreeSet<String> {
        let replaced = all.iter().filter(|one| one.effect <= Effect::MayBeReplaced);
        replaced.map(|one| one.address.clone()).collect()
    };
    let mut known = BTreeSet::new();
    loop {
        let replaced = gone(all);
        let fresh: Vec<String> = replaced.difference(&known).cloned().collect();
        if fresh.is_empty() {
            return;
        }
        for (resource, index) in stays {
            let Some(consequence) = all
                .get_mut(*index)
                .filter(|one| one.effect > Effect::MayBeReplaced)
            else {
                continue;
            };
            let names = |text: &str| fresh.iter().any(|address| mentions(text, address));
            let naming = resource.attributes.iter().filter(|(_, text)| names(text));
            let forces = naming.map(|(path, _)| {
                let path = plain(path);
                (replacement(&resource.kind, &path), path)
            });
            let effect = match forces.max_by_key(|(force, _)| *force) {
                None | Some((Replacement::Never, _)) => continue,
                Some((Replacement::Revision, _)) if consequence.effect == Effect::Revised => continue,
                Some((Replacement::Revision, path)) => (Effect::Revised, path),
                Some((Replacement::Maybe | Replacement::Always, path)) => (Effect::MayBeReplaced, path),
            };
            (consequence.effect, consequence.because) = (effect.0, vec![effect.1]);
        }
        known = replaced;
    }
}

/// Whether a text names an address as a whole.
fn mentions(text: &str, address: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    text.match_indices(address).any(|(at, found)| {
        let before = text.get(..at).unwrap_or_default();
        let behind = text.get(at + found.len()..).unwrap_or_default();
        !before.ends_with(is_part) && !before.ends_with('.') && !behind.starts_with(is_part)
    })
}

#[cfg(test)]
mod tests {
    use super::{Consequence, Effect, consequences};
    use exoc_ir::{Replacement, Resource};

    fn resource(address: &str, attributes: &[(&str, &str)]) -> Resource {
        Resource {
            address: address.to_owned(),
            kind: address.split('.').next().unwrap().to_owned(),
            attributes: attributes
                .iter()
                .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
                .collect(),
            was: None,
        }
    }

    /// Names force a replacement, sizes may.
    fn force(_: &str, attribute: &str) -> Replacement {
        match attribute {
            "name" | "list.name" | "of" => Replacement::Always,
            "size" => Replacement::Maybe,
            "text" => Replacement::Revision,
            _ => Replacement::Never,
        }
    }

    fn shown(before: &[Resource], after: &[Resource]) -> Vec<String> {
        let show =
            |one: Consequence| format!("{} {} {}", one.effect.word(), one.address, one.because.join(","));
        consequences(before, after, &force)
            .into_iter()
            .map(show)
            .collect()
    }

    #[test]
    fn the_worst_attribute_decides() {
        let before = [
            resource("a.x", &[("name", "1"), ("tags", "1")]),
            resource("a.y", &[("size", "1"), ("tags", "1")]),
            resource("a.z", &[("tags", "1")]),
        ];
        let after = [
            resource("a.x", &[("name", "2"), ("tags", "2")]),
            resource("a.y", &[("size", "2"), ("tags", "2")]),
            resource("a.z", &[("tags", "2")]),
        ];
        assert_eq!(
            shown(&before, &after),
            [
                "replaced a.x name",
                "may-be-replaced a.y size",
                "changed a.z tags"
            ]
        );
        assert_eq!(shown(&before, &before), Vec::<String>::new());
        let revisions = ["1", "2"].map(|text| [resource("a.r", &[("tags", text), ("text", text)])]);
        assert_eq!(shown(&revisions[0], &revisions[1]), ["revised a.r text"]);
        assert_eq!(shown(&[], &before[..1]), ["added a.x "]);
        assert_eq!(shown(&before[..1], &[]), ["removed a.x "]);
    }

    #[test]
    fn items_of_lists_have_no_numbers() {
        let (before, after) = (
            [resource("a.x", &[("list.0.name", "1")])],
            [resource("a.x", &[("list.0.name", "2")])],
        );
        assert_eq!(shown(&before, &after), ["replaced a.x list.name"]);
    }

    #[test]
    fn what_has_moved_is_neither_removed_nor_added() {
        let mut after = resource("a.new", &[("size", "1")]);
        after.was = Some("a.old".to_owned());
        let all = consequences(&[resource("a.old", &[("size", "1")])], &[after], &force);
        assert_eq!(
            (all[0].effect, all[0].was.as_deref()),
            (Effect::Moved, Some("a.old"))
        );
        assert_eq!(all.len(), 1);
    }

    #[test]
    fn what_names_a_moved_thing_does_not_change() {
        let mut moved = resource("a.new", &[("size", "1")]);
        moved.was = Some("a.old".to_owned());
        let before = [
            resource("a.old", &[("size", "1")]),
            resource("b.user", &[("of", "a.old.id")]),
        ];
        let after = [moved, resource("b.user", &[("of", "a.new.id")])];
        assert_eq!(shown(&before, &after), ["moved a.new "]);
    }

    #[test]
    fn what_hangs_on_a_replaced_thing_may_be_replaced() {
        let user = resource("b.user", &[("of", "a.x.id")]);
        let other = resource("b.other", &[("of", "a.x_y.id"), ("tags", "a.x.id")]);
        let before = [resource("a.x", &[("name", "1")]), user.clone(), other.clone()];
        let after = [resource("a.x", &[("name", "2")]), user, other];
        assert_eq!(
            shown(&before, &after),
            ["replaced a.x name", "may-be-replaced b.user of"]
        );
    }
}
