//! Nothing is dropped: every leaf of every fixture's manifest means something on every target.
//!
//! Each leaf is changed, and each is removed. Afterwards the bytes of every target's output differ, or there is a
//! diagnostic at that leaf, or the target's column of the feature table has a note for the feature that the leaf
//! asks for. Comments that name lines of the manifest do not count: they change with any line. What may do neither
//! stands in `leaves.tsv` with its reason, and every line there must be needed. Of a fixture with many leaves, which
//! says the same of many roles, one is taken of each kind.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use exoc_diagnostics::{Diagnostic, Kind, MemorySources, Node, Sink, SourceMap, Span, Typed};
use exoc_ir::{Expression, Support};
use exoc_lower::Selection;
use exoc_snapshot_tests::{Case, case, golden};
use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A fixture with more leaves is walked by kinds of leaves: every leaf costs two builds of the whole.
const MANY_LEAVES: usize = 250;

/// A scalar of a manifest, and how to take it away.
#[derive(Debug)]
struct Leaf {
    /// The file.
    file: String,
    /// Keys with dots; items of lists as `[]`.
    path: String,
    /// The value.
    value: Span,
    /// The key and the value, or the item.
    member: Span,
    /// What it means.
    typed: Typed,
    /// Whether quotes surround it.
    quoted: bool,
}

/// What the compiler makes of sources: files by target, and diagnostics.
struct Outcome {
    files: BTreeMap<&'static str, golden::Tree>,
    diagnostics: Vec<Diagnostic>,
    notes: Vec<(&'static str, Span)>,
}

#[test]
fn every_leaf_means_something_on_every_target() {
    let allowed = allowed();
    let cases: Vec<Walk> = case::all().unwrap().into_iter().map(Walk::new).collect();
    let work: Vec<(&Walk, &Leaf)> = cases
        .iter()
        .flat_map(|walk| walk.leaves.iter().map(move |leaf| (walk, leaf)))
        .collect();
    let walked = work.len();
    let (mut used, mut report) = (BTreeSet::new(), String::new());
    for line in silent_lines(&work) {
        match allowed.keys().find(|entry| matches(entry, &line)) {
            Some(entry) => drop(used.insert(entry.clone())),
            None => report += &format!("{}\n", line.join("\t")),
        }
    }
    assert!(walked > 100, "only {walked} leaves were walked");
    assert!(
        report.is_empty(),
        "these do nothing and are not in leaves.tsv:\n{report}"
    );
    let unneeded: Vec<_> = allowed.keys().filter(|entry| !used.contains(*entry)).collect();
    assert!(
        unneeded.is_empty(),
        "these lines of leaves.tsv are not needed: {unneeded:?}"
    );
}

/// A fixture, and what is made of it as it is.
struct Walk {
    case: Case,
    sources: MemorySources,
    before: Outcome,
    leaves: Vec<Leaf>,
}

impl Walk {
    fn new(case: Case) -> Self {
        let sources = everywhere(&case);
        Self {
            before: outcome(&case, &sources),
            leaves: leaves(&sources),
            case,
            sources,
        }
    }

    /// What a leaf does not do, in the cells of the committed list.
    fn silent(&self, leaf: &Leaf) -> Vec<[String; 4]> {
        let Self {
            case,
            sources,
            before,
            leaves: _,
        } = self;
        let acts = [
            ("change", changed(sources, leaf)),
            ("remove", removed(sources, leaf)),
        ];
        let lines = acts.into_iter().flat_map(|(act, after)| {
            let silent = silent_targets(before, &outcome(case, &after), leaf, act == "remove");
            let line = move |target: &str| [act, target, &leaf.path, &case.name].map(str::to_owned);
            silent.into_iter().map(line).collect::<Vec<_>>()
        });
        lines.collect()
    }
}

/// All of them, in order; every core takes the next leaf.
fn silent_lines(work: &[(&Walk, &Leaf)]) -> Vec<[String; 4]> {
    let next = AtomicUsize::new(0);
    let found = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, NonZeroUsize::get) {
            scope.spawn(|| {
                while let Some((walk, leaf)) = work.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let lines = walk.silent(leaf);
                    found
                        .lock()
                        .unwrap()
                        .insert((&walk.case.name, &leaf.path, leaf.value), lines);
                }
            });
        }
    });
    found.into_inner().unwrap().into_values().flatten().collect()
}

/// The committed list: act, target, path, case -> reason. A path may begin or end with `*`.
fn allowed() -> BTreeMap<[String; 4], String> {
    include_str!("leaves.tsv")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            let [act, target, path, case, reason] = cells.as_slice() else {
                panic!("five cells: {line}")
            };
            assert!(!reason.trim().is_empty(), "no reason: {line}");
            (
                [*act, *target, *path, *case].map(str::to_owned),
                (*reason).to_owned(),
            )
        })
        .collect()
}

fn matches(entry: &[String; 4], line: &[String; 4]) -> bool {
    entry.iter().zip(line).all(|(pattern, cell)| {
        match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
            (Some(end), _) => cell.ends_with(end),
            (None, Some(start)) => cell.starts_with(start),
            (None, None) => cell == pattern,
        }
    })
}

/// The fixture's files as they are: environments decide which targets are built.
fn everywhere(case: &Case) -> MemorySources {
    case.sources().unwrap()
}

fn outcome(case: &Case, sources: &MemorySources) -> Outcome {
    let (outputs, diagnostics, _) = case::try_compile(sources, &Selection::default());
    let mut files: BTreeMap<&'static str, golden::Tree> = BTreeMap::new();
    let mut notes = Vec::new();
    for output in outputs.into_iter().flatten() {
        // A nascent target need not express everything yet, and a case is built for the targets it names.
        let targets = case
            .registry()
            .into_iter()
            .filter(|target| target.support() != Support::Nascent);
        let Some(target) = targets.into_iter().find(|target| target.id() == output.target) else {
            continue;
        };
        let tree = files.entry(output.target).or_default();
        for (path, artifact) in output.artifacts.iter() {
            tree.insert(
                format!("{}/{path}", output.environment),
                golden::without_origins(&artifact.contents),
            );
        }
        for needed in output.program.features() {
            if let Expression::Noted { .. } = target.express(needed.feature) {
                notes.push((output.target, needed.span));
            }
        }
    }
    Outcome {
        files,
        diagnostics,
        notes,
    }
}

/// The targets that say the same after the change as before, and about which nothing is said at the leaf.
fn silent_targets(before: &Outcome, after: &Outcome, leaf: &Leaf, gone: bool) -> Vec<&'static str> {
    let known: Vec<_> = before
        .diagnostics
        .iter()
        .map(|d| (d.code.id, &d.message))
        .collect();
    let said = after.diagnostics.iter().any(|d| {
        let labels = d.primary.iter().chain(&d.secondary);
        let new = !known.contains(&(d.code.id, &d.message));
        new && (gone || labels.into_iter().any(|label| touches(label.span, leaf.member)))
    });
    if said {
        return Vec::new();
    }
    let concerned = |target: &str| {
        let own = leaf.path.split(".targets.").nth(1);
        own.is_none_or(|own| own.split('.').next() == Some(target))
    };
    let noted = |target: &str| {
        let mut notes = before.notes.iter().chain(&after.notes);
        notes.any(|(id, span)| *id == target && touches(*span, leaf.member))
    };
    before
        .files
        .iter()
        .filter(|(target, files)| {
            after.files.get(*target) == Some(files) && concerned(target) && !noted(target)
        })
        .filter(|(target, _)| applies(leaf, target, before))
        .map(|(target, _)| *target)
        .collect()
}

/// Whether any environment that this target is built for sees the leaf.
fn applies(leaf: &Leaf, target: &str, before: &Outcome) -> bool {
    let Some(rest) = leaf.path.strip_prefix("environments.") else {
        return true;
    };
    let environment = rest.split('.').next().unwrap_or_default();
    let prefix = format!("{environment}/");
    before
        .files
        .get(target)
        .is_some_and(|files| files.keys().any(|path| path.starts_with(&prefix)))
}

fn touches(a: Span, b: Span) -> bool {
    a.source == b.source && a.start < b.end && b.start < a.end
}

fn leaves(sources: &MemorySources) -> Vec<Leaf> {
    // Read in the compiler's own order, so that spans name the same texts in both.
    let (mut map, mut sink) = (SourceMap::default(), Sink::new());
    exoc_manifest::load(sources, &mut map, &mut sink).unwrap();
    let mut leaves = Vec::new();
    for (source, file) in map.ids().filter_map(|id| Some((id, map.file(id)?))) {
        if !file.path.as_str().ends_with(".yml") {
            continue;
        }
        let root = exoc_manifest::tree(source, &file.text, &mut sink).unwrap();
        walk(&root, file.path.as_str(), "", root.span, &mut leaves);
    }
    if leaves.len() > MANY_LEAVES {
        let mut seen = BTreeSet::new();
        leaves.retain(|leaf| seen.insert((leaf.file.clone(), kind(&leaf.path))));
    }
    leaves
}

/// A path without the names that a user gives: `services.*.volumes.*` of `services.web.volumes.data`.
fn kind(path: &str) -> String {
    let named = [
        "dependencies",
        "environment",
        "parameters",
        "secrets",
        "services",
        "volumes",
        "writable",
    ];
    let mut is_name = false;
    let words = path.split('.').map(|word| {
        let shown = if is_name { "*" } else { word };
        is_name = !is_name && named.contains(&word);
        shown
    });
    words.collect::<Vec<_>>().join(".")
}

fn walk(node: &Node, file: &str, path: &str, member: Span, leaves: &mut Vec<Leaf>) {
    match &node.kind {
        Kind::Scalar(scalar) => leaves.push(Leaf {
            file: file.to_owned(),
            path: path.to_owned(),
            value: node.span,
            member,
            typed: scalar.typed,
            quoted: scalar.style != exoc_diagnostics::Style::Plain,
        }),
        Kind::List(items) => items
            .iter()
            .for_each(|item| walk(item, file, &format!("{path}[]"), item.span, leaves)),
        Kind::Map(members) => {
            for member in &members.members {
                let name = &member.key.name;
                let path = if path.is_empty() {
                    name.to_string()
                } else {
                    format!("{path}.{name}")
                };
                walk(
                    &member.value,
                    file,
                    &path,
                    member.key.span.to(member.value.span),
                    leaves,
                );
            }
        }
    }
}

fn text(sources: &MemorySources, file: &str) -> String {
    let bytes = sources
        .iter()
        .find(|(path, _)| path.as_str() == file)
        .map(|(_, bytes)| bytes.to_vec());
    String::from_utf8(bytes.unwrap()).unwrap()
}

/// The sources with another value: the next number, the other boolean, a longer text.
fn changed(sources: &MemorySources, leaf: &Leaf) -> MemorySources {
    let mut text = text(sources, &leaf.file);
    let range = leaf.value.range();
    let old = text[range.clone()].to_owned();
    let new = match leaf.typed {
        Typed::Null => "\"1\"".to_owned(),
        Typed::Bool(value) => (!value).to_string(),
        Typed::Int(value) => (value + 1).to_string(),
        Typed::Float(value) => (value + 1.0).to_string(),
        Typed::Text => longer(&old, leaf.quoted),
    };
    text.replace_range(range, &new);
    let mut sources = sources.clone();
    sources.insert(&leaf.file, text);
    sources
}

/// Another text of the same kind: one more character, one more unit of a quantity.
fn longer(old: &str, quoted: bool) -> String {
    let digits = old.len() - old.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let unit = &old[digits..];
    if digits > 0 && ["s", "m", "h", "%", "Ki", "Mi", "Gi"].contains(&unit) {
        let number: u64 = old[..digits].parse().unwrap();
        return format!("{}{unit}", number + 1);
    }
    let quote = old.chars().next().filter(|c| *c == '"' || *c == '\'');
    match quote {
        Some(quote) if quoted => format!("{}x{quote}", &old[..old.len() - 1]),
        _ => format!("{}x", old.trim_end()),
    }
}

/// The sources without the member or item.
fn removed(sources: &MemorySources, leaf: &Leaf) -> MemorySources {
    let mut text = text(sources, &leaf.file);
    let (start, end) = (leaf.member.start as usize, leaf.member.end as usize);
    let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let before = text[line..start].trim_start();
    let line_end = text[end..].find('\n').map_or(text.len(), |at| end + at + 1);
    let after = text[end..line_end].trim();
    if (before.is_empty() || before == "- ") && (after.is_empty() || after.starts_with('#')) {
        text.replace_range(line..line_end, "");
    } else {
        // In a flow collection the comma goes too: the one behind, or the one in front of the last.
        let behind = text[end..].len() - text[end..].trim_start().len();
        let comma_behind = text[end + behind..].starts_with(',');
        let in_front = text[..start].trim_end();
        if comma_behind {
            text.replace_range(start..=end + behind, "");
        } else if in_front.ends_with(',') {
            text.replace_range(in_front.len() - 1..end, "");
        } else {
            text.replace_range(start..end, "");
        }
    }
    let mut sources = sources.clone();
    sources.insert(&leaf.file, text);
    sources
}
