//! What is told of one value of a patch: at its path, a part of it, or inside the value. Knows the forms of paths and
//! faults, and no document.

use super::path::{self, Step};
use super::{Act, Fault, Misfit};
use exoc_diagnostics::{Diagnostic, Kind, Node, Sink, Span, Spanned, Typed, codes, did_you_mean};
use std::collections::BTreeSet;

/// How a target speaks of what it patches.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// Who knows the keys, as in `compose knows no key`.
    pub owner: &'static str,
    /// What holds no infinite number, as in `file of compose`.
    pub document: &'static str,
    /// Some paths, in backquotes.
    pub paths: &'static str,
    /// Where it is said what stands where.
    pub page: &'static str,
}

/// One value of a patch.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// What is changed, as the patch calls it.
    pub thing: &'a str,
    /// Whether the value is added.
    pub act: Act,
    /// Where it is put.
    pub path: &'a Spanned<String>,
    /// What is put there.
    pub value: &'a Node,
    /// How the target speaks.
    pub words: &'a Words,
}

impl<'a> Change<'a> {
    /// The changes of one patch, in the order in which they are made: what is added first, by its path.
    #[must_use]
    pub fn all(
        thing: &'a str,
        set: &'a [(Spanned<String>, Node)],
        replace: &'a [(Spanned<String>, Node)],
        words: &'a Words,
    ) -> Vec<Self> {
        let sides = [(Act::Set, set), (Act::Replace, replace)].into_iter();
        let all = sides.flat_map(|(act, changes)| {
            // By their paths, whatever the order of the manifest's keys.
            let mut changes: Vec<&(Spanned<String>, Node)> = changes.iter().collect();
            changes.sort_by_key(|(path, _)| path.clone());
            changes.into_iter().map(move |(path, value)| Self {
                thing,
                act,
                path,
                value,
                words,
            })
        });
        all.collect()
    }

    /// The steps of its path; none if that is no path, or the value one that no document holds, which is reported.
    pub fn steps(&self, sink: &mut Sink) -> Option<Vec<Step>> {
        let Words {
            owner: _,
            document,
            paths,
            page: _,
        } = self.words;
        let steps = match path::parse(&self.path.value) {
            Ok(steps) => steps,
            Err(path::Malformed { at, why }) => {
                sink.error(
                    self.fault(format!("`{}` is no path", self.path.value))
                        .at(self.part(at.start, at.end), why)
                        .help(format!("write for example {paths}")),
                );
                return None;
            }
        };
        if let Some(span) = endless(self.value) {
            sink.error(
                self.fault(format!("no {document} holds an infinite number"))
                    .at(span, "no digits say this")
                    .help("write a number with digits, or a text in quotes"),
            );
            return None;
        }
        Some(steps)
    }

    fn fault(&self, message: String) -> Diagnostic {
        Diagnostic::new(codes::BAD_PATCH, message)
    }

    /// A part of the path, where the manifest has it letter by letter; else the whole.
    fn part(&self, start: usize, end: usize) -> Span {
        let span = self.path.span;
        match span.range().len().checked_sub(self.path.value.len()) {
            Some(0) => span.part(start, end),
            // In quotes, and nothing in them is escaped.
            Some(2) => span.part(start + 1, end + 1),
            Some(_) | None => span,
        }
    }

    /// The part of the path that a step stands for, and the path up to it.
    fn step(&self, steps: &[Step], step: usize) -> (Span, &str) {
        match steps.get(step) {
            Some(Step { to: _, at }) => {
                let before = self.path.value.get(..at.start).unwrap_or_default();
                (self.part(at.start, at.end), before.trim_end_matches('.'))
            }
            None => (self.path.span, &self.path.value),
        }
    }

    /// What messages call the place before a step.
    fn place(&self, before: &str) -> String {
        let at = self.thing;
        if before.is_empty() {
            format!("`{at}`")
        } else {
            format!("`{before}` of `{at}`")
        }
    }

    /// Reports why the value cannot be put where its path leads.
    pub fn misplaced(&self, steps: &[Step], fault: Fault, sink: &mut Sink) {
        let whole = &self.path.value;
        let at = self.thing;
        let diagnostic = match fault {
            Fault::Present => self
                .fault(format!("`{at}` has `{whole}` already"))
                .at(self.path.span, "there is a value here")
                .help("write it under `replace` to change that value"),
            Fault::NoKey { step, known } => {
                let (span, before) = self.step(steps, step);
                let written = self
                    .path
                    .value
                    .get(steps.get(step).map_or(0..0, |step| step.at.clone()));
                let near = did_you_mean(
                    written.unwrap_or_default().trim_matches('"'),
                    known.iter().map(String::as_str),
                );
                self.fault(format!("there is no `{whole}` to replace in `{at}`"))
                    .at(span, format!("{} has no such key", self.place(before)))
                    .help_if(near)
                    .help("write it under `set` to add it")
            }
            Fault::NoIndex { step, length } => {
                let (span, before) = self.step(steps, step);
                let items = if length == 1 { "item" } else { "items" };
                self.fault(format!("there is no `{whole}` in `{at}`"))
                    .at(span, format!("{} has {length} {items}", self.place(before)))
                    .help("items are counted from 0; `set` adds one behind the last")
            }
            Fault::NoItem { step, found } => {
                let (span, before) = self.step(steps, step);
                let label = if found == 0 {
                    format!("no item of {} is like this", self.place(before))
                } else {
                    format!("{found} items of {} are like this", self.place(before))
                };
                self.fault(format!("`{whole}` names no one item in `{at}`"))
                    .at(span, label)
                    .help("name the item by its place, as `[0]`, or by a text that it alone holds")
            }
            Fault::NoList { step } => {
                let (span, before) = self.step(steps, step);
                self.fault(format!("there is no `{whole}` in `{at}`"))
                    .at(span, format!("{} is not there", self.place(before)))
                    .help(format!("set the whole list, as in `{before}: [ … ]`"))
            }
            Fault::Computed { step } => {
                let (span, before) = self.step(steps, step);
                self.fault(format!("there is no `{whole}` in `{at}`"))
                    .at(span, format!("{} is an expression", self.place(before)))
                    .help(format!("replace `{before}` as a whole"))
            }
            Fault::WrongShape { step, is } => {
                let (span, before) = self.step(steps, step);
                self.fault(format!("there is no `{whole}` in `{at}`"))
                    .at(span, format!("{} is {is}", self.place(before)))
                    .help("keys lead into mappings, and `[0]` or `[name=api]` into lists")
            }
        };
        sink.error(diagnostic);
    }

    /// Reports what the schema does not take: at the key or value of the patch that brought it in.
    pub fn misfit(&self, steps: &[Step], pointer: &[String], misfit: Misfit, sink: &mut Sink) {
        let whole = &self.path.value;
        let Words {
            owner,
            document: _,
            paths: _,
            page,
        } = self.words;
        let diagnostic = match misfit {
            Misfit::Unknown { at, key, known } => {
                let span = self.key_span(steps, pointer, &at, &key);
                self.fault(format!("{owner} knows no key `{key}` in {}", self.dotted(&at)))
                    .at(span, "unknown key")
                    .help_if(did_you_mean(&key, known.iter().map(String::as_str)))
                    .help(*page)
            }
            Misfit::Type { at, wanted } => {
                let node = self.node(pointer, &at);
                let is = node.map_or("this", Node::describe);
                let number = node.and_then(Node::as_scalar).filter(|scalar| {
                    let number = matches!(scalar.typed, Typed::Int(_) | Typed::Float(_) | Typed::Bool(_));
                    number && wanted.contains("a text")
                });
                let bare = node.and_then(Node::as_text).filter(|text| {
                    let is_number = text.parse::<i64>().is_ok()
                        && ["a number", "a whole number"]
                            .iter()
                            .any(|word| wanted.contains(word));
                    let is_switch = ["true", "false"].contains(text) && wanted.contains("`true` or `false`");
                    is_number || is_switch
                });
                self.fault(format!("{} cannot be {is}", self.dotted(&at)))
                    .at(self.span(pointer, &at), format!("expected {}", either(&wanted)))
                    .help_if(number.map(|scalar| format!("quote it: `\"{}\"`", scalar.text)))
                    .help_if(bare.map(|text| format!("write it without quotes: `{text}`")))
                    .help_if((number.is_none() && bare.is_none()).then(|| (*page).to_owned()))
            }
            Misfit::Word { at, words } => {
                let node = self.node(pointer, &at);
                let near = node
                    .and_then(Node::as_text)
                    .and_then(|text| did_you_mean(text, words.iter().map(String::as_str)));
                let all = || format!("write one of `{}`", words.join("`, `"));
                self.fault(format!("{} cannot be this", self.dotted(&at)))
                    .at(self.span(pointer, &at), "not one of the known words")
                    .help(near.unwrap_or_else(all))
            }
            Misfit::Lacks { at, key } => self
                .fault(format!("{} needs `{key}`", self.dotted(&at)))
                .at(self.span(pointer, &at), format!("no `{key}` here"))
                .help(format!("write `{key}` as well, in one value with `{whole}`")),
            Misfit::Kept { at, why } => {
                let span = at.split_last().map_or(self.path.span, |(key, above)| {
                    self.key_span(steps, pointer, above, key)
                });
                self.fault(format!("no patch changes {}", self.dotted(&at)))
                    .at(span, why)
                    .help("leave it out of the patch")
            }
            Misfit::Rule { at, rule } => self
                .fault(format!("{} cannot be this", self.dotted(&at)))
                .at(self.span(pointer, &at), rule)
                .help(*page),
        };
        sink.error(diagnostic);
    }

    /// What messages call a place below the thing.
    fn dotted(&self, at: &[String]) -> String {
        let thing = self.thing;
        if at.is_empty() {
            format!("`{thing}`")
        } else {
            format!("`{}` of `{thing}`", at.join("."))
        }
    }

    /// What the patch holds at a place, if that is inside its value.
    fn node(&self, pointer: &[String], at: &[String]) -> Option<&Node> {
        at.strip_prefix(pointer)?
            .iter()
            .try_fold(self.value, |node, name| match &node.kind {
                Kind::Map(_) => node.get(name),
                Kind::List(items) => items.get(name.parse::<usize>().ok()?),
                Kind::Scalar(_) => None,
            })
    }

    fn span(&self, pointer: &[String], at: &[String]) -> Span {
        self.node(pointer, at).map_or(self.path.span, |node| node.span)
    }

    /// Where a key of a mapping stands: in the value, or as a step of the path.
    fn key_span(&self, steps: &[Step], pointer: &[String], at: &[String], key: &str) -> Span {
        match self.node(pointer, at).and_then(Node::as_map) {
            Some(map) => map.get(key).map_or(self.value.span, |member| member.key.span),
            None => self.step(steps, at.len()).0,
        }
    }
}

/// `a text`, `a text or a number`.
fn either(words: &BTreeSet<&'static str>) -> String {
    let words: Vec<&str> = words.iter().copied().collect();
    words.join(" or ")
}

/// Where a value holds a number that is infinite or none.
fn endless(node: &Node) -> Option<Span> {
    match &node.kind {
        Kind::Scalar(scalar) => match scalar.typed {
            Typed::Float(value) if !value.is_finite() => Some(node.span),
            Typed::Null | Typed::Bool(_) | Typed::Int(_) | Typed::Float(_) | Typed::Text => None,
        },
        Kind::List(items) => items.iter().find_map(endless),
        Kind::Map(map) => map.members.iter().find_map(|member| endless(&member.value)),
    }
}
