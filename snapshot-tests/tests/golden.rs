//! Every fixture, built for every target that it names, equals its goldens; nothing is orphaned.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use exoc_snapshot_tests::{case, golden};

#[test]
fn every_fixture_equals_its_goldens() {
    let mut report = String::new();
    for case in case::all().unwrap() {
        match case.build() {
            Ok(built) => {
                assert!(!built.outputs.is_empty(), "{} builds nothing", case.name);
                let wanted = golden::read(&case.goldens).unwrap();
                let differences = golden::differences(&wanted, &golden::tree(&built));
                if !differences.is_empty() {
                    report += &format!("== {}\n{differences}", case.name);
                }
            }
            Err(problem) => report += &format!("{problem}\n"),
        }
    }
    assert!(
        report.is_empty(),
        "{report}\nif the change is meant: cargo dev bless, and read the diff"
    );
}

#[test]
fn no_golden_is_an_orphan() {
    let orphans = golden::orphans(&case::all().unwrap()).unwrap();
    assert!(orphans.is_empty(), "no case makes {orphans:?}; remove it");
}

#[test]
fn a_difference_is_seen() {
    let tree = |files: &[(&str, &str)]| -> golden::Tree {
        files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()))
            .collect()
    };
    let old = tree(&[("a", "1\n"), ("b", "2\n")]);
    assert_eq!(golden::differences(&old, &old), "");
    assert!(golden::differences(&old, &tree(&[("a", "1\n"), ("b", "3\n")])).contains("-2\n+3"));
    assert!(golden::differences(&old, &tree(&[("a", "1\n")])).contains("b: the golden exists"));
    assert!(golden::differences(&tree(&[]), &old).contains("a: the build makes it"));
}
