//! Walking into a document of YAML and changing what is there. Knows neither schemas nor spans.

use super::path::{Step, To};
use super::{Act, Change, Fault, Misfit, sorted};
use crate::yaml::{Mapping, Scalar, Yaml};
use exoc_diagnostics::{Kind, Node, Sink, Typed};
use std::collections::BTreeSet;

/// Makes one change of a thing, or reports why it does not fit; then nothing is changed. `text` writes a text, and
/// `misfits` are those of the whole thing after the change.
pub fn apply(
    change: &Change<'_>,
    thing: &mut Yaml,
    comment: Option<&str>,
    text: fn(&str) -> Yaml,
    misfits: &dyn Fn(&Yaml) -> BTreeSet<Misfit>,
    sink: &mut Sink,
) {
    let Some(steps) = change.steps(sink) else {
        return;
    };
    let mut changed = thing.clone();
    let value = value(change.value, text);
    let pointer = match put(&mut changed, &steps, change.act, value, comment) {
        Ok(pointer) => pointer,
        Err(fault) => return change.misplaced(&steps, fault, sink),
    };
    let misfits = misfits(&changed);
    if misfits.is_empty() {
        *thing = changed;
    }
    for misfit in misfits {
        change.misfit(&steps, &pointer, misfit, sink);
    }
}

/// Puts a value at the end of a path. `comment` is put above the innermost entry that changes; mappings that are
/// missing on the way to an added value are made. Gives the keys and places that the path leads through.
///
/// # Errors
///
/// If the path leads nowhere, or the act does not suit what is there. The root may be changed then.
fn put(
    root: &mut Yaml,
    steps: &[Step],
    act: Act,
    value: Yaml,
    comment: Option<&str>,
) -> Result<Vec<String>, Fault> {
    let mut walk = Walk {
        steps,
        act,
        comment,
        pointer: Vec::new(),
    };
    walk.enter(root, 0, value)?;
    Ok(walk.pointer)
}

struct Walk<'a> {
    steps: &'a [Step],
    act: Act,
    comment: Option<&'a str>,
    pointer: Vec<String>,
}

impl Walk<'_> {
    fn enter(&mut self, node: &mut Yaml, step: usize, value: Yaml) -> Result<(), Fault> {
        let steps = self.steps;
        let Some(Step { to, at: _ }) = steps.get(step) else {
            *node = value;
            return Ok(());
        };
        match to {
            To::Key(key) => {
                let is = describe(node);
                let map = node.as_map_mut().ok_or(Fault::WrongShape { step, is })?;
                self.key(map, key, step, value)
            }
            To::Index(index) => self.index(node, *index, step, value),
            To::Item { key, text } => {
                let is = describe(node);
                let Yaml::List(items) = node else {
                    return Err(Fault::WrongShape { step, is });
                };
                let mut found = items.iter().enumerate().filter(|(_, item)| has(item, key, text));
                let (index, more) = match (found.next(), found.count()) {
                    (Some((index, _)), 0) => (index, 0),
                    (first, more) => (0, more + usize::from(first.is_some())),
                };
                match items
                    .get_mut(index)
                    .filter(|item| more == 0 && has(item, key, text))
                {
                    Some(item) => self.present(item, index.to_string(), step, value),
                    None => Err(Fault::NoItem { step, found: more }),
                }
            }
        }
    }

    /// Goes on at a value that is there.
    fn present(&mut self, node: &mut Yaml, name: String, step: usize, value: Yaml) -> Result<(), Fault> {
        if step + 1 == self.steps.len() && self.act == Act::Set {
            return Err(Fault::Present);
        }
        self.pointer.push(name);
        self.enter(node, step + 1, value)
    }

    fn key(&mut self, map: &mut Mapping, key: &str, step: usize, value: Yaml) -> Result<(), Fault> {
        if let Some(node) = map.get_mut(key) {
            self.present(node, key.to_owned(), step, value)?;
            // Below this key nothing could hold the comment, else it stands there.
            let inner = self.steps.get(step + 1..).unwrap_or_default();
            let keyed = inner.iter().any(|step| matches!(step.to, To::Key(_)));
            if let Some(comment) = self.comment.filter(|_| !keyed) {
                map.comment_on(key, comment);
            }
            return Ok(());
        }
        match self.act {
            Act::Replace => Err(Fault::NoKey {
                step,
                known: map.entries().map(|(key, _)| key.to_owned()).collect(),
            }),
            Act::Set => {
                let inner = self.steps.get(step + 1..).unwrap_or_default();
                let mut made = value;
                for (behind, Step { to, at: _ }) in inner.iter().enumerate().rev() {
                    let To::Key(key) = to else {
                        return Err(Fault::NoList {
                            step: step + 1 + behind,
                        });
                    };
                    made = Mapping::new().with(key.to_owned(), made).into();
                }
                if let Some(comment) = self.comment {
                    *map = std::mem::take(map).comment(comment);
                }
                map.insert(key.to_owned(), made);
                self.pointer.push(key.to_owned());
                let names = inner.iter().filter_map(|step| match &step.to {
                    To::Key(key) => Some(key.clone()),
                    To::Index(_) | To::Item { .. } => None,
                });
                self.pointer.extend(names);
                Ok(())
            }
        }
    }

    fn index(&mut self, node: &mut Yaml, index: usize, step: usize, value: Yaml) -> Result<(), Fault> {
        let is = describe(node);
        if let Yaml::FlowList(items) = node {
            let items = std::mem::take(items);
            *node = Yaml::List(items.into_iter().map(Yaml::Scalar).collect());
            self.index(node, index, step, value)?;
            *node = on_one_line(std::mem::replace(node, Yaml::List(Vec::new())));
            return Ok(());
        }
        let Yaml::List(items) = node else {
            return Err(Fault::WrongShape { step, is });
        };
        let length = items.len();
        if let Some(item) = items.get_mut(index) {
            return self.present(item, index.to_string(), step, value);
        }
        let last = step + 1 == self.steps.len();
        if self.act == Act::Replace || index > length || !last {
            return Err(Fault::NoIndex { step, length });
        }
        items.push(value);
        self.pointer.push(index.to_string());
        Ok(())
    }
}

/// A value of a patch as it is printed: keys in the order of their letters, texts as the target writes them.
fn value(node: &Node, text: fn(&str) -> Yaml) -> Yaml {
    match &node.kind {
        Kind::Scalar(scalar) => match scalar.typed {
            Typed::Null => Yaml::Scalar(Scalar::Null),
            Typed::Bool(value) => value.into(),
            Typed::Int(value) => value.into(),
            // What is endless was refused.
            Typed::Float(value) => Yaml::Scalar(Scalar::decimal(value).unwrap_or(Scalar::Null)),
            Typed::Text => text(&scalar.text),
        },
        Kind::List(items) => on_one_line(Yaml::List(items.iter().map(|item| value(item, text)).collect())),
        Kind::Map(map) => {
            let members = sorted(map).into_iter();
            let members = members.map(|member| (member.key.name.to_string(), value(&member.value, text)));
            members.collect::<Mapping>().into()
        }
    }
}

/// A list as the other lists of scalars are laid out.
fn on_one_line(list: Yaml) -> Yaml {
    let Yaml::List(items) = &list else {
        return list;
    };
    let scalars: Option<Vec<Scalar>> = items
        .iter()
        .map(|item| match item {
            Yaml::Scalar(scalar) => Some(scalar.clone()),
            Yaml::List(_) | Yaml::FlowList(_) | Yaml::Map(_) => None,
        })
        .collect();
    scalars.map_or(list, Yaml::FlowList)
}

/// Whether an item is a mapping with this text under this key.
fn has(item: &Yaml, key: &str, text: &str) -> bool {
    let value = item.as_map().and_then(|map| map.get(key));
    matches!(value, Some(Yaml::Scalar(Scalar::Quoted(found) | Scalar::Text(found))) if found == text)
}

/// What kind of thing a value is, with an article.
const fn describe(node: &Yaml) -> &'static str {
    match node {
        Yaml::Map(_) => "a mapping",
        Yaml::List(_) | Yaml::FlowList(_) => "a list",
        Yaml::Scalar(scalar) => match scalar {
            Scalar::Null => "null",
            Scalar::Bool(_) => "a boolean",
            Scalar::Int(_) | Scalar::Decimal(_) => "a number",
            Scalar::Text(_) | Scalar::Quoted(_) => "a text",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{Act, Fault, put};
    use crate::patch::path::parse;
    use crate::yaml::{Mapping, Yaml, print, quoted, quoted_flow_list};

    fn document() -> Yaml {
        let mount = |target: &str| {
            Mapping::new()
                .with("type", quoted("volume"))
                .with("target", quoted(target))
        };
        Mapping::new()
            .with("image", quoted("a"))
            .with("cap_drop", quoted_flow_list(["ALL"]))
            .with("volumes", vec![mount("/a"), mount("/b")])
            .with("deploy", Mapping::new().with("replicas", 1u8))
            .into()
    }

    /// What the document is after a change, without what did not change.
    fn after(act: Act, path: &str, value: &str) -> Result<String, Fault> {
        let mut root = document();
        put(&mut root, &parse(path).unwrap(), act, quoted(value), Some("why"))?;
        let text = |root: &Yaml| print(root.as_map().unwrap());
        let (before, now) = (text(&document()), text(&root));
        let new = now.lines().filter(|line| !before.lines().any(|old| old == *line));
        Ok(new.map(str::trim).collect::<Vec<_>>().join("; "))
    }

    #[test]
    fn a_set_value_is_added_with_the_mappings_on_its_way() {
        let set = |path: &str| after(Act::Set, path, "x").unwrap();
        assert_eq!(set("init"), "# why; init: \"x\"");
        assert_eq!(set("deploy.mode"), "# why; mode: \"x\"");
        assert_eq!(
            set("logging.options.\"max-size\""),
            "# why; logging:; options:; max-size: \"x\""
        );
        assert_eq!(set("cap_drop[1]"), "# why; cap_drop: [\"ALL\", \"x\"]");
        assert_eq!(set("volumes[1].read_only"), "# why; read_only: \"x\"");
        assert_eq!(set("volumes[target=/a].source"), "# why; source: \"x\"");
    }

    #[test]
    fn a_replaced_value_keeps_its_place() {
        let replace = |path: &str| after(Act::Replace, path, "x").unwrap();
        assert_eq!(replace("image"), "# why; image: \"x\"");
        assert_eq!(replace("deploy.replicas"), "# why; replicas: \"x\"");
        assert_eq!(replace("cap_drop[0]"), "# why; cap_drop: [\"x\"]");
        assert_eq!(replace("volumes[target=/b].type"), "# why; - type: \"x\"");
        assert_eq!(replace("volumes"), "# why; volumes: \"x\"");
    }

    #[test]
    fn a_path_that_leads_nowhere_says_at_which_step() {
        let set = |path: &str| after(Act::Set, path, "x").unwrap_err();
        assert_eq!(set("image"), Fault::Present);
        assert_eq!(set("volumes[target=/a].type"), Fault::Present);
        assert_eq!(set("cap_drop[0]"), Fault::Present);
        assert_eq!(set("cap_drop[2]"), Fault::NoIndex { step: 1, length: 1 });
        assert_eq!(set("dns[0]"), Fault::NoList { step: 1 });
        assert_eq!(set("volumes[2].source"), Fault::NoIndex { step: 1, length: 2 });
        assert_eq!(
            set("volumes[target=/c].source"),
            Fault::NoItem { step: 1, found: 0 }
        );
        assert_eq!(
            set("volumes[type=volume].source"),
            Fault::NoItem { step: 1, found: 2 }
        );
        let is = "a text";
        assert_eq!(set("image.name"), Fault::WrongShape { step: 1, is });
        let is = "a list";
        assert_eq!(set("volumes.a"), Fault::WrongShape { step: 1, is });
        let is = "a mapping";
        assert_eq!(set("deploy[0]"), Fault::WrongShape { step: 1, is });
        let replace = |path: &str| after(Act::Replace, path, "x").unwrap_err();
        let known = vec!["replicas".to_owned()];
        assert_eq!(replace("deploy.mode"), Fault::NoKey { step: 1, known });
    }
}
