//! Any bytes: nothing panics, and every place that a diagnostic names lies in its file.
//!
//! The bytes are random, or those of fixtures with pieces cut, doubled, swapped or replaced. The generator has a
//! fixed seed, so that a failure comes back.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests may fail a test"
)]

use exoc_diagnostics::{Diagnostic, MemorySources, Severity, SourceMap};
use exoc_snapshot_tests::{Selection, case};
use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestRunner};
use std::cell::Cell;

const CASES: u32 = 300;

/// Pieces that mean something to YAML or to the language.
const PIECES: &[&[u8]] = &[
    b"\0",
    b"\xff",
    b"\xc3",
    b"\xef\xbb\xbf",
    b"\r",
    b"\r\n",
    b"\t",
    b"\n\t",
    b"---\n",
    b"...\n",
    b"${",
    b"${x}",
    b"$${",
    b"}",
    b"{",
    b"[",
    b"]",
    b"&a ",
    b"*a",
    b"<<: ",
    b"!!str ",
    b"? ",
    b": ",
    b"- ",
    b"#",
    b"|\n",
    b">-\n",
    b"\"",
    b"'",
    b"\\",
    b"\"\\ud800\"",
    b"\"\\UFFFFFFFF\"",
    b"%YAML 1.1\n",
    b"null",
    b"99999999999999999999",
    b"-1",
    b"1e999",
    b".nan",
    "\u{2028}é🐘e\u{301}".as_bytes(),
    b"local:",
    b"services:",
    b"uses: [web]",
    b"${dependencies.db.url}",
    b"0x",
];

/// A change of some bytes: what it does, where (in thousandths of the length), how long, with which piece.
type Change = (u8, usize, usize, usize);

fn changed(bytes: &[u8], (what, at, length, piece): Change) -> Vec<u8> {
    let at = bytes.len() * at / 1000;
    let end = (at + length).min(bytes.len());
    let (before, middle, after) = (&bytes[..at], &bytes[at..end], &bytes[end..]);
    let piece = PIECES[piece % PIECES.len()];
    match what {
        0 => before.to_vec(),
        1 => [before, after].concat(),
        2 => [before, middle, middle, after].concat(),
        3 => [before, after, middle].concat(),
        4 => [before, piece, after].concat(),
        5 => [before, piece, middle, after].concat(),
        _ => middle.to_vec(),
    }
}

fn change() -> impl Strategy<Value = Change> {
    (0..=6_u8, 0..=1000_usize, 0..40_usize, 0..PIECES.len())
}

/// The fixture's files with one of those that the compiler reads changed.
fn damaged(sources: &MemorySources, file: usize, changes: &[Change]) -> MemorySources {
    let read: Vec<(String, Vec<u8>)> = sources
        .iter()
        .filter(|(path, _)| path.as_str().ends_with(".yml") || path.as_str().ends_with("Dockerfile"))
        .map(|(path, bytes)| (path.to_string(), bytes.to_vec()))
        .collect();
    let (path, bytes) = &read[file % read.len()];
    let mut damaged = sources.clone();
    damaged.insert(
        path,
        changes
            .iter()
            .fold(bytes.clone(), |bytes, change| changed(&bytes, *change)),
    );
    damaged
}

/// Faults of diagnostics themselves: places that are in no file or cut a character, and texts that say nothing.
fn faults(diagnostics: &[Diagnostic], map: &SourceMap) -> Vec<String> {
    let mut faults = Vec::new();
    for diagnostic in diagnostics {
        let id = diagnostic.code.id;
        for label in diagnostic.primary.iter().chain(&diagnostic.secondary) {
            let text = map.file(label.span.source).map(|file| file.text.as_str());
            if text.is_none_or(|text| text.get(label.span.range()).is_none()) {
                faults.push(format!("{id}: {:?} is in no text", label.span));
            }
        }
        if diagnostic.message.is_empty() || diagnostic.help.iter().all(String::is_empty) {
            faults.push(format!("{id}: no message or no help"));
        }
        if id == "EX0901" {
            faults.push(format!("{id}: {}", diagnostic.message));
        }
    }
    faults
}

/// Whether it compiles; every diagnostic is looked at.
fn compiles(sources: &MemorySources) -> Result<bool, TestCaseError> {
    let (outputs, diagnostics, map) = case::try_compile(sources, &Selection::default());
    prop_assert_eq!(faults(&diagnostics, &map), Vec::<String>::new());
    let failed = diagnostics.iter().any(|d| d.code.severity == Severity::Error);
    prop_assert_eq!(
        outputs.is_none(),
        failed,
        "files are made if and only if there is no error"
    );
    Ok(!failed)
}

fn runner() -> TestRunner {
    TestRunner::new(ProptestConfig {
        cases: CASES,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(42),
        ..ProptestConfig::default()
    })
}

#[test]
fn damaged_fixtures_never_panic_and_are_told_inside_their_files() {
    let fixtures: Vec<MemorySources> = case::all()
        .unwrap()
        .iter()
        .map(|case| case.sources().unwrap())
        .collect();
    let (good, bad) = (Cell::new(0), Cell::new(0));
    let input = (
        0..1000_usize,
        0..1000_usize,
        prop::collection::vec(change(), 1..4),
    );
    let result = runner().run(&input, |(fixture, file, changes)| {
        let sources = damaged(&fixtures[fixture % fixtures.len()], file, &changes);
        let count = if compiles(&sources)? { &good } else { &bad };
        count.set(count.get() + 1);
        Ok(())
    });
    assert!(result.is_ok(), "{}", result.unwrap_err());
    println!(
        "{} of the damaged still compile, {} do not",
        good.get(),
        bad.get()
    );
    assert!(bad.get() > CASES / 2 && good.get() > 5);
}

#[test]
fn random_bytes_never_panic_and_are_told_inside_their_files() {
    let pieces = prop_oneof![
        3 => prop::sample::select(PIECES).prop_map(<[u8]>::to_vec),
        2 => "[ -~\n]{0,8}".prop_map(String::into_bytes),
        1 => prop::collection::vec(any::<u8>(), 0..8),
    ];
    let bytes = || prop::collection::vec(pieces.clone(), 0..40).prop_map(|pieces| pieces.concat());
    let result = runner().run(&(bytes(), bytes()), |(one, other)| {
        compiles(&MemorySources::from([("application.yml", one.clone())]))?;
        let whole = b"name: a\nservices: { web: ./web }\n".to_vec();
        compiles(&MemorySources::from([
            ("application.yml", whole),
            ("web/service.yml", one),
            ("web/Dockerfile", other),
        ]))?;
        Ok(())
    });
    assert!(result.is_ok(), "{}", result.unwrap_err());
}

#[test]
fn every_beginning_of_a_fixture_is_read_without_a_panic() {
    let shop = case::all()
        .unwrap()
        .into_iter()
        .find(|case| case.name == "shop")
        .unwrap();
    let sources = shop.sources().unwrap();
    for (path, bytes) in sources.iter().filter(|(path, _)| path.as_str().ends_with(".yml")) {
        // Every length would take minutes; seven is coprime to the widths of indentation.
        for length in (0..bytes.len()).step_by(7) {
            let mut cut = sources.clone();
            cut.insert(path.as_str(), &bytes[..length]);
            compiles(&cut).unwrap_or_else(|error| panic!("{path} up to {length}: {error}"));
        }
    }
}
