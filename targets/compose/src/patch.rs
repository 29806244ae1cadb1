//! Patches: changes of the document between planning and printing, each held to the Compose Specification's schema.
//!
//! `at` is a service or companion by its name, or `networks.x`, `volumes.x`, `configs.x`. A change that does not fit is
//! reported at its path or value and undone, so that the others are judged without it. Decides nothing of the plan.

mod path;
mod place;
mod schema;

use crate::print;
use exoc_diagnostics::{
    Diagnostic, Failed, Kind, Node, Scalar as Read, Sink, SourceMap, Span, Spanned, Typed, codes,
    did_you_mean,
};
use exoc_emit::origin::origin;
use exoc_emit::yaml::{Mapping, Scalar, Yaml};
use exoc_ir::Patch;
use path::Step;
use place::{Act, Fault};
use schema::{Misfit, Schema};
use std::collections::BTreeSet;

/// Where the things of a project stand, each in its section; services need no word before their names.
const SERVICES: &str = "services";
const OTHERS: [&str; 3] = ["networks", "volumes", "configs"];

/// Applies patches to a document, in their order; the changes of one by their paths, what is added first.
///
/// # Errors
///
/// If one does not fit; every reason is reported to `sink`.
pub(crate) fn apply(
    document: &mut Mapping,
    patches: &[Patch],
    sources: &SourceMap,
    sink: &mut Sink,
) -> Result<(), Failed> {
    let Some(first) = patches.first() else {
        return Ok(());
    };
    let schema = Schema::load().map_err(|why| {
        sink.error(
            Diagnostic::new(
                codes::INTERNAL,
                format!("the Compose Specification's schema: {why}"),
            )
            .at(first.at.span, "")
            .help("this is a fault of exoc; please report it"),
        )
    })?;
    for patch in patches {
        let Patch { at, set, replace } = patch;
        let Some((section, name, thing)) = find(document, at, sink) else {
            continue;
        };
        let thing_name = Thing {
            section,
            name,
            written: &at.value,
        };
        for (act, changes) in [(Act::Set, set), (Act::Replace, replace)] {
            // By their paths, whatever the order of the manifest's keys.
            let mut changes: Vec<&(Spanned<String>, Node)> = changes.iter().collect();
            changes.sort_by_key(|(path, _)| path.clone());
            for (path, value) in changes {
                let change = Change {
                    thing: &thing_name,
                    act,
                    path,
                    value,
                };
                change.apply(thing, &schema, sources, sink);
            }
        }
    }
    sink.checkpoint()
}

/// What a patch changes.
struct Thing<'a> {
    section: &'static str,
    name: &'a str,
    /// `at`, as messages call it.
    written: &'a str,
}

/// The thing that a patch names: its section, its name there, and itself.
fn find<'d, 'p>(
    document: &'d mut Mapping,
    at: &'p Spanned<String>,
    sink: &mut Sink,
) -> Option<(&'static str, &'p str, &'d mut Yaml)> {
    let text = at.value.as_str();
    let section = |text: &'p str| {
        let (before, name) = text.split_once('.')?;
        let section = OTHERS.iter().find(|section| **section == before)?;
        Some((*section, name))
    };
    let (section, name) = section(text).unwrap_or((SERVICES, text));
    let names = |section| {
        let things = document.get(section).and_then(Yaml::as_map).into_iter();
        things.flat_map(Mapping::entries).map(|(name, _)| name.to_owned())
    };
    let prefixed = |section: &'static str| names(section).map(move |name| format!("{section}.{name}"));
    let known: Vec<String> = names(SERVICES)
        .chain(OTHERS.into_iter().flat_map(prefixed))
        .collect();
    if !known.iter().any(|known| known == text) {
        let long = text.strip_prefix("services.");
        let meant = long
            .filter(|name| known.iter().any(|known| known == name))
            .map(|name| format!("write `{name}`: a service is named alone"));
        let meant = meant.or_else(|| did_you_mean(text, known.iter().map(String::as_str)));
        sink.error(
            Diagnostic::new(codes::BAD_PATCH, format!("the project has no `{text}`"))
                .at(at.span, "matches nothing")
                .help_if(meant)
                .help("name a service, a companion, or as in `networks.api` what compose.yaml has under `networks`, `volumes` or `configs`"),
        );
        return None;
    }
    let thing = document.get_mut(section)?.as_map_mut()?.get_mut(name)?;
    Some((section, name, thing))
}

/// One value of a patch.
struct Change<'a> {
    thing: &'a Thing<'a>,
    act: Act,
    path: &'a Spanned<String>,
    value: &'a Node,
}

impl Change<'_> {
    fn apply(&self, thing: &mut Yaml, schema: &Schema, sources: &SourceMap, sink: &mut Sink) {
        let steps = match path::parse(&self.path.value) {
            Ok(steps) => steps,
            Err(path::Malformed { at, why }) => {
                sink.error(
                    self.fault(format!("`{}` is no path", self.path.value))
                        .at(self.part(at.start, at.end), why)
                        .help("write for example `deploy.resources`, `sysctls.\"net.core.somaxconn\"` or `volumes[0].read_only`"),
                );
                return;
            }
        };
        if let Some(span) = endless(self.value) {
            sink.error(
                self.fault("no file of compose holds an infinite number".to_owned())
                    .at(span, "no digits say this")
                    .help("write a number with digits, or a text in quotes"),
            );
            return;
        }
        let comment = origin(sources, [self.path.span]);
        let mut changed = thing.clone();
        let put = place::put(
            &mut changed,
            &steps,
            self.act,
            yaml(self.value),
            comment.as_deref(),
        );
        let pointer = match put {
            Ok(pointer) => pointer,
            Err(fault) => return self.misplaced(&steps, fault, sink),
        };
        let misfits = schema.misfits(self.thing.section, self.thing.name, &changed);
        if misfits.is_empty() {
            *thing = changed;
        }
        for misfit in misfits {
            self.misfit(&steps, &pointer, misfit, sink);
        }
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
        let at = self.thing.written;
        if before.is_empty() {
            format!("`{at}`")
        } else {
            format!("`{before}` of `{at}`")
        }
    }

    fn misplaced(&self, steps: &[Step], fault: Fault, sink: &mut Sink) {
        let whole = &self.path.value;
        let at = self.thing.written;
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
    fn misfit(&self, steps: &[Step], pointer: &[String], misfit: Misfit, sink: &mut Sink) {
        let whole = &self.path.value;
        let page = "the Compose Specification says what stands where";
        let diagnostic = match misfit {
            Misfit::Unknown { at, key, known } => {
                let span = self.key_span(steps, pointer, &at, &key);
                self.fault(format!("compose knows no key `{key}` in {}", self.dotted(&at)))
                    .at(span, "unknown key")
                    .help_if(did_you_mean(&key, known.iter().map(String::as_str)))
                    .help(page)
            }
            Misfit::Type { at, wanted } => {
                let node = self.node(pointer, &at);
                let is = node.map_or("this", Node::describe);
                let number = node.and_then(Node::as_scalar).filter(|scalar| {
                    let number = matches!(scalar.typed, Typed::Int(_) | Typed::Float(_) | Typed::Bool(_));
                    number && wanted.contains("a text")
                });
                self.fault(format!("{} cannot be {is}", self.dotted(&at)))
                    .at(self.span(pointer, &at), format!("expected {}", either(&wanted)))
                    .help_if(number.map(|scalar| format!("quote it: `\"{}\"`", scalar.text)))
                    .help_if(number.is_none().then(|| page.to_owned()))
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
            Misfit::Rule { at, rule } => self
                .fault(format!("{} cannot be this", self.dotted(&at)))
                .at(self.span(pointer, &at), rule)
                .help(page),
        };
        sink.error(diagnostic);
    }

    /// What messages call a place below the thing.
    fn dotted(&self, at: &[String]) -> String {
        let thing = self.thing.written;
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

/// A value of a patch as it is printed: texts reach the container as they are, keys in the order of their letters.
fn yaml(node: &Node) -> Yaml {
    match &node.kind {
        Kind::Scalar(scalar) => self::scalar(scalar),
        Kind::List(items) => place::on_one_line(Yaml::List(items.iter().map(yaml).collect())),
        Kind::Map(map) => {
            let mut members: Vec<(&str, &Node)> = map
                .members
                .iter()
                .map(|member| (&*member.key.name, &member.value))
                .collect();
            members.sort_by_key(|(key, _)| *key);
            let members = members.into_iter().map(|(key, value)| (key, yaml(value)));
            members.collect::<Mapping>().into()
        }
    }
}

fn scalar(
    Read {
        text,
        style: _,
        typed,
    }: &Read,
) -> Yaml {
    match typed {
        Typed::Null => Yaml::Scalar(Scalar::Null),
        Typed::Bool(value) => (*value).into(),
        Typed::Int(value) => (*value).into(),
        // What is endless was refused.
        Typed::Float(value) => Yaml::Scalar(Scalar::decimal(*value).unwrap_or(Scalar::Null)),
        Typed::Text => print::raw(text),
    }
}
