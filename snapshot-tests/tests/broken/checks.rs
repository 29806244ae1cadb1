//! The checks that the language promises, each with a broken manifest in every layer where the fault can stand.
//!
//! `checks.tsv` has the cells: check, layer, code, and the row that shows it. Where a fault cannot stand in a layer the
//! code is `-` and the reason stands in the row's place; what is legal has `fine` for a code. A new check is a line of
//! [`CHECKS`] and three lines there.

use crate::layers::Layer;
use crate::notes::{FINE, NOTES};
use crate::{Broken, broken, compile, sources};
use exoc_snapshot_tests::concise;
use std::collections::{BTreeMap, BTreeSet};

/// The checks, as the language's page lists them.
const CHECKS: &[&str] = &[
    "unknown key, with the nearest known one",
    "key of Compose",
    "key of Kubernetes",
    "key of Exosphere",
    "wrong type",
    "wrong unit",
    "form of a name",
    "length of a name",
    "clash of names",
    "clash of names that a target derives",
    "unknown role",
    "unknown attribute",
    "unknown secret",
    "secret that nobody uses",
    "dependency that nobody uses",
    "two public services on one host and path",
    "one number twice on one protocol",
    "before-deploy job that uses a service",
    "cycle of jobs",
    "service that uses itself",
    "cycle of services is legal",
    "more replicas than one with a volume",
    "literal that looks like a credential",
    "image without a tag",
    "image with latest",
    "cpu above 64",
    "pair that a target rounds up",
    "command as text with &&",
    "command as text with |",
    "command as text with ;",
    "command as text with >",
    "command as text with $",
    "route that does not begin with /",
    "schedule that a target cannot hold",
    "version that a target does not offer",
    "feature that a target cannot express",
    "duplicate key",
    "file outside the application's folder",
    "aliases that explode",
    "more than 16 MiB",
    "more than 64 levels",
];

/// What was not read has no text to point into: the line that leads to it is shown, if there is one.
const UNREAD: &[&str] = &[
    "service.yml: more than 16 MiB",
    "application.yml: more than 16 MiB",
];

/// What the help must say, where the check is about that as well.
const SAID: &[(&str, &str)] = &[
    ("unknown key, with the nearest known one", "did you mean `"),
    ("key of Compose", "write `"),
    ("key of Kubernetes", "write `"),
    ("key of Exosphere", "write `"),
];

/// Rows of one code that count towards [`ROWS`].
const OF_ONE_CODE: usize = 5;
const ROWS: usize = 120;
const CODES: usize = 60;

/// A line of the table.
struct Cell {
    check: &'static str,
    layer: &'static str,
    code: &'static str,
    /// The name of a row, or why there is none.
    row: &'static str,
}

fn cells() -> Vec<Cell> {
    let lines = include_str!("../checks.tsv").lines();
    let cell = |line: &'static str| match line.split('\t').collect::<Vec<_>>().as_slice() {
        [check, layer, code, row] => Cell {
            check,
            layer,
            code,
            row,
        },
        other => panic!("four columns are expected: {other:?}"),
    };
    lines.filter(|line| !line.starts_with('#')).map(cell).collect()
}

/// Why a row does not show what a cell says; nothing if it does.
fn fault(cell: &Cell, rows: &BTreeMap<&str, Broken>) -> Option<String> {
    match cell.code {
        "-" => cell.row.is_empty().then(|| "no reason".to_owned()),
        "fine" => {
            let known = FINE.iter().any(|(name, _)| *name == cell.row);
            (!known).then(|| format!("nothing fine is called `{}`", cell.row))
        }
        code => {
            let Some((_, sources, found, _)) = rows.get(cell.row) else {
                return Some(format!("there is no row `{}`", cell.row));
            };
            if *found != code {
                return Some(format!("`{}` shows {found}", cell.row));
            }
            if UNREAD.contains(&cell.row) {
                return None;
            }
            let (diagnostics, map) = compile(sources);
            let told = diagnostics.iter().find(|diagnostic| diagnostic.code.id == code);
            let layer = told
                .and_then(|told| told.primary.as_ref())
                .and_then(|label| Layer::of(label.span, &map));
            let said = SAID.iter().filter(|(check, _)| *check == cell.check);
            for (_, words) in said {
                if !told.is_some_and(|told| told.help.iter().any(|line| line.contains(words))) {
                    return Some(format!("the help does not say `{words}`"));
                }
            }
            let text = concise(&diagnostics, &map);
            (layer.map(Layer::word) != Some(cell.layer)).then(|| format!("is told in {layer:?}:\n{text}"))
        }
    }
}

#[test]
fn every_check_of_the_language_is_shown_in_every_layer_or_says_why_it_cannot_be() {
    let notes = NOTES
        .iter()
        .map(|(name, files, code, text)| (*name, sources(files), *code, *text));
    let rows: BTreeMap<&str, Broken> = broken().chain(notes).map(|row| (row.0, row)).collect();
    let cells = cells();
    let mut report: Vec<String> = Vec::new();
    for check in CHECKS {
        for layer in Layer::ALL {
            let is_here = |cell: &&Cell| cell.check == *check && cell.layer == layer.word();
            if !cells.iter().any(|cell| is_here(&cell)) {
                report.push(format!("{check}, {}: no cell", layer.word()));
            }
        }
        if cells.iter().all(|cell| cell.check != *check || cell.code == "-") {
            report.push(format!("{check}: nothing shows it"));
        }
    }
    for cell in &cells {
        let Cell { check, layer, .. } = cell;
        if !CHECKS.contains(check) || Layer::ALL.iter().all(|known| known.word() != *layer) {
            report.push(format!("{check}, {layer}: no such check and layer"));
        }
        report.extend(fault(cell, &rows).map(|fault| format!("{check}, {layer}: {fault}")));
    }
    assert!(report.is_empty(), "{}", report.join("\n"));
}

#[test]
fn a_hundred_and_twenty_broken_manifests_of_sixty_codes_count() {
    let mut counts: BTreeMap<&str, BTreeSet<_>> = BTreeMap::new();
    for (_, sources, code, _) in broken() {
        // Two rows of the same files are one broken manifest.
        let files = sources
            .iter()
            .map(|(path, bytes)| (path.to_string(), bytes.to_vec()));
        counts.entry(code).or_default().insert(files.collect::<Vec<_>>());
    }
    let counted: usize = counts.values().map(|files| OF_ONE_CODE.min(files.len())).sum();
    assert!(counts.len() >= CODES, "{} codes", counts.len());
    assert!(counted >= ROWS, "{counted} of {} rows", broken().count());
}
