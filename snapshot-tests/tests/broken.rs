//! Broken manifests: each fault is told once, by its code, at exactly the text that is wrong, with help.
//!
//! Knows only what a user sees: codes, places, lines of help. What each code means is on its page.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests may fail a test"
)]

#[macro_use]
#[path = "broken/rows.rs"]
mod rows;
#[macro_use]
#[path = "broken/layers.rs"]
mod layers;
#[path = "broken/application_files.rs"]
mod application_files;
#[path = "broken/aws.rs"]
mod aws;
#[path = "broken/backups.rs"]
mod backups;
#[path = "broken/checks.rs"]
mod checks;
#[path = "broken/clusters.rs"]
mod clusters;
#[path = "broken/dependencies.rs"]
mod dependencies;
#[path = "broken/development.rs"]
mod development;
#[path = "broken/exceptions.rs"]
mod exceptions;
#[path = "broken/foreign.rs"]
mod foreign;
#[path = "broken/habits.rs"]
mod habits;
#[path = "broken/jobs.rs"]
mod jobs;
#[path = "broken/made.rs"]
mod made;
#[path = "broken/notes.rs"]
mod notes;
#[path = "broken/overlays.rs"]
mod overlays;
#[path = "broken/patches.rs"]
mod patches;
#[path = "broken/placed.rs"]
mod placed;
#[path = "broken/rented.rs"]
mod rented;
#[path = "broken/schemas.rs"]
mod schemas;
#[path = "broken/service_files.rs"]
mod service_files;
#[path = "broken/services.rs"]
mod services;
#[path = "broken/stores.rs"]
mod stores;
#[path = "broken/volumes.rs"]
mod volumes;

use application_files::APPLICATION_FILES;
use aws::AWS;
use backups::BACKUPS;
use clusters::CLUSTERS;
use dependencies::DEPENDENCIES;
use development::DEVELOPMENT;
use exceptions::EXCEPTIONS;
use exoc_diagnostics::{CODES, Code, Diagnostic, MemorySources, Severity, SourceMap, find_code};
use exoc_snapshot_tests::{Selection, case, concise};
use foreign::FOREIGN;
use habits::{HABITS, Habit};
use jobs::JOBS;
use made::MADE;
use overlays::OVERLAYS;
use patches::PATCHES;
use placed::PLACED;
use rented::RENTED;
use rows::{FIVE, FIVE_FAULTS, ROWS, Row};
use service_files::SERVICE_FILES;
use services::SERVICES;
use std::collections::BTreeSet;
use stores::STORES;
use volumes::VOLUMES;

fn sources(files: &[(&str, &str)]) -> MemorySources {
    let mut sources = MemorySources::default();
    for (path, text) in files {
        sources.insert(path, *text);
    }
    sources
}

fn compiled(files: &[(&str, &str)]) -> (Vec<Diagnostic>, SourceMap) {
    compile(&sources(files))
}

fn compile(sources: &MemorySources) -> (Vec<Diagnostic>, SourceMap) {
    let (outputs, diagnostics, map) = case::try_compile(sources, &Selection::default());
    let failed = diagnostics.iter().any(|d| d.code.severity == Severity::Error);
    assert_eq!(outputs.is_none(), failed, "{}", concise(&diagnostics, &map));
    (diagnostics, map)
}

/// What is said above a note: code, file, text under the primary span.
fn said<'m>(diagnostics: &[Diagnostic], map: &'m SourceMap) -> Vec<(&'static str, &'m str, &'m str)> {
    let said = diagnostics.iter().filter(|d| d.code.severity > Severity::Note);
    said.map(|diagnostic| {
        let span = diagnostic.primary.as_ref().map(|label| label.span);
        let file = span.and_then(|span| map.file(span.source));
        let path = file.map_or("", |file| file.path.as_str());
        (diagnostic.code.id, path, span.map_or("", |span| map.slice(span)))
    })
    .collect()
}

#[test]
fn five_faults_of_five_families_in_three_files_come_out_in_one_run() {
    let (diagnostics, map) = compiled(FIVE);
    assert_eq!(
        said(&diagnostics, &map),
        FIVE_FAULTS,
        "{}",
        concise(&diagnostics, &map)
    );
    let files: BTreeSet<&str> = FIVE_FAULTS.iter().map(|(_, file, _)| *file).collect();
    assert_eq!(files.len(), 3);
    let families: BTreeSet<&str> = FIVE_FAULTS.iter().map(|(code, ..)| &code[..4]).collect();
    assert_eq!(families.len(), 5, "{families:?}");
    for diagnostic in diagnostics.iter().filter(|d| d.code.severity > Severity::Note) {
        assert!(
            diagnostic.help.iter().any(|line| !line.trim().is_empty()),
            "{}",
            diagnostic.message
        );
        assert!(
            diagnostic.code.page.contains("\n## Fix\n"),
            "{}",
            diagnostic.code.id
        );
    }
}

#[test]
fn a_clash_of_two_files_shows_both() {
    let (diagnostics, map) = compiled(FIVE);
    let clash = diagnostics.iter().find(|d| d.code.id == "EX0307").unwrap();
    let others: Vec<_> = clash
        .secondary
        .iter()
        .map(|label| {
            (
                map.file(label.span.source).unwrap().path.as_str(),
                map.slice(label.span),
            )
        })
        .collect();
    assert_eq!(others, [("api/service.yml", "/shop")]);
}

#[test]
fn every_broken_manifest_is_told_once_where_it_is_broken() {
    let mut report = Vec::new();
    for (name, sources, code, text) in plain() {
        let (diagnostics, map) = compile(&sources);
        let said = said(&diagnostics, &map);
        let told: Vec<_> = said.iter().map(|(code, _, text)| (*code, *text)).collect();
        if told != [(code, text)] {
            let wanted = (code, text);
            report.push(format!(
                "{name}: wanted {wanted:?}, told {told:?}\n{}",
                concise(&diagnostics, &map)
            ));
        }
        let silent = |d: &&Diagnostic| d.help.iter().all(|line| line.trim().is_empty());
        report.extend(
            diagnostics
                .iter()
                .filter(silent)
                .map(|d| format!("{name}: no help in `{}`", d.message)),
        );
    }
    assert!(
        report.is_empty(),
        "{}\n{} of {} rows",
        report.join("\n"),
        report.len(),
        plain().count()
    );
}

fn rows() -> impl Iterator<Item = &'static Row> {
    ROWS.iter()
        .chain(APPLICATION_FILES)
        .chain(SERVICE_FILES)
        .chain(OVERLAYS)
        .chain(AWS)
}

/// Name, files, code, and the text that is underlined.
type Broken = (&'static str, MemorySources, &'static str, &'static str);

/// The rows without words of their own.
fn plain() -> impl Iterator<Item = Broken> {
    let made = MADE
        .iter()
        .map(|made| (made.name, (made.sources)(), made.code, made.text));
    let rows = rows().map(|(name, files, code, text)| (*name, sources(files), *code, *text));
    rows.chain(made)
}

/// Every broken manifest.
fn broken() -> impl Iterator<Item = Broken> {
    let habits = habits().map(|(name, files, code, text, _)| (*name, sources(files), *code, *text));
    plain().chain(habits)
}

fn habits() -> impl Iterator<Item = &'static Habit> {
    HABITS
        .iter()
        .chain(EXCEPTIONS)
        .chain(FOREIGN)
        .chain(DEPENDENCIES)
        .chain(RENTED)
        .chain(JOBS)
        .chain(STORES)
        .chain(BACKUPS)
        .chain(CLUSTERS)
        .chain(VOLUMES)
        .chain(DEVELOPMENT)
        .chain(PATCHES)
        .chain(SERVICES)
        .chain(PLACED)
}

#[test]
fn every_habit_is_answered_once_with_what_to_write_instead() {
    let mut report = Vec::new();
    for (name, files, code, text, words) in habits() {
        let (diagnostics, map) = compiled(files);
        let said = said(&diagnostics, &map);
        let told: Vec<_> = said.iter().map(|(code, _, text)| (*code, *text)).collect();
        let all: String = diagnostics.iter().map(every_word).collect();
        if told != [(*code, *text)] || !all.contains(words) {
            let wanted = (code, text, words);
            let text = concise(&diagnostics, &map);
            report.push(format!("{name}: wanted {wanted:?}, told {told:?}\n{text}{all}"));
        }
    }
    let all = habits().count();
    let names: BTreeSet<&str> = habits().map(|(name, ..)| *name).collect();
    assert_eq!(names.len(), all, "two rows have one name");
    assert!(
        report.is_empty(),
        "{}\n{} of {} rows",
        report.join("\n"),
        report.len(),
        all
    );
}

#[test]
fn every_picture_fits_its_width_and_is_plain_without_colours() {
    let rows = rows().map(|(name, files, ..)| (name, files));
    let mut report = Vec::new();
    for (name, files) in rows.chain(habits().map(|(name, files, ..)| (name, files))) {
        let (diagnostics, map) = compiled(files);
        let diagnostics: Vec<&Diagnostic> = diagnostics.iter().collect();
        for width in [80, 60, 40] {
            let text = human(&diagnostics, &map, width);
            // A note is a line of its own, however long, so that a search finds it.
            let long = text
                .lines()
                .filter(|line| !line.starts_with("note[") && line.chars().count() > width);
            report.extend(long.map(|line| format!("{name}, {width} columns: {line}")));
            assert!(!text.contains('\u{1b}'), "{name}: {text}");
        }
    }
    assert!(report.is_empty(), "{}", report.join("\n"));
}

fn human(diagnostics: &[&Diagnostic], map: &SourceMap, width: usize) -> String {
    let report = exoc::render::Report {
        diagnostics,
        sources: map,
        redacted: &[],
        prefix: "",
        root: "",
        fault: None,
        warnings: exoc::error::Warnings::Allowed,
    };
    let colour = exoc::render::Colour::Plain;
    exoc::render::human::report(&report, exoc::render::Style { colour, width })
}

/// Message, labels and help, one on each line.
fn every_word(diagnostic: &Diagnostic) -> String {
    let Diagnostic {
        code: _,
        severity: _,
        message,
        primary,
        secondary,
        help,
    } = diagnostic;
    let labels = primary.iter().chain(secondary).map(|label| &label.message);
    let lines = std::iter::once(message).chain(labels).chain(help);
    lines.map(|line| format!("  {line}\n")).collect()
}

/// What no manifest can show: the page of each names the test that does.
const UNSEEN: &[&str] = &[
    "EX0105", // all of the language is built
    "EX0601", // of what stands in the tree, which the manifest does not know
    "EX0901", // a fault of the compiler
];

/// What a note says is no fault: its rows are in [`notes`].
#[test]
fn every_code_has_a_row() {
    let rows: BTreeSet<&str> = broken().map(|(_, _, code, _)| code).collect();
    let of = |code: &Code| code.severity > Severity::Note;
    let all = CODES.iter().copied().flatten().copied().filter(|code| of(code));
    let all: BTreeSet<&str> = all.map(|code| code.id).collect();
    let missing: Vec<_> = all.difference(&rows).filter(|id| !UNSEEN.contains(id)).collect();
    assert_eq!(missing, Vec::<&&str>::new());
    assert!(
        rows.iter()
            .all(|id| find_code(id).is_some() && !UNSEEN.contains(id))
    );
    let names: BTreeSet<&str> = broken().map(|(name, ..)| name).collect();
    assert_eq!(names.len(), broken().count(), "two rows have one name");
}
