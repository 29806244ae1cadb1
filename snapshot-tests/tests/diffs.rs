//! What `exoc diff` says of every case equals its goldens, and every kind of change has a case.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "goldens and pages are on the disk")]

use exoc_diff::{Kind, Weight};
use exoc_snapshot_tests::diffs;
use std::collections::BTreeSet;

#[test]
fn every_case_equals_its_goldens() {
    let mut report = String::new();
    let mut wanted = BTreeSet::new();
    for case in diffs::CASES {
        for (end, text) in diffs::goldens(&diffs::told(case).unwrap()) {
            let name = format!("{}.{end}", case.name);
            let golden = std::fs::read_to_string(diffs::folder().join(&name)).unwrap_or_default();
            if golden != text {
                let diff = similar::TextDiff::from_lines(&golden, &text);
                report += &format!("== {name}\n{}", diff.unified_diff());
            }
            wanted.insert(name);
        }
    }
    assert!(
        report.is_empty(),
        "{report}\nif the change is meant: cargo dev bless, and read the diff"
    );
    let found: BTreeSet<String> = diffs::names().unwrap().into_iter().collect();
    assert_eq!(found, wanted, "orphans");
}

/// Kinds that no case shows, with the reason.
const UNSHOWN: &[(Kind, &str)] = &[
    (
        Kind::IdentityChanged,
        "no case takes a `was` away from a component that stays",
    ),
    (Kind::DependencyRemoved, "as data-removed, of what holds none"),
    (Kind::BuildChanged, "as image-changed"),
    (Kind::PlatformsChanged, "as image-changed"),
    (Kind::KindChanged, "as schedule-changed"),
    (Kind::JobLimitsChanged, "as schedule-changed"),
    (Kind::ShutdownChanged, "as cpu-changed"),
    (Kind::WritableChanged, "as cpu-changed"),
    (Kind::MountChanged, "as volume-added"),
    (Kind::StorageRaised, "as storage-lowered"),
    (Kind::ParametersChanged, "as variable-changed"),
    (Kind::RegistryChanged, "as owner-changed"),
    (Kind::DevelopmentChanged, "only on a developer's machine"),
    (Kind::PortAdded, "as port-changed"),
    (Kind::PortRemoved, "as port-changed"),
    (Kind::FileAdded, "as file-changed"),
    (Kind::FileRemoved, "as file-changed"),
    (Kind::ServiceAdded, "as job-added"),
    (Kind::RouteAdded, "said with what is opened"),
    (Kind::DescriptionChanged, "as owner-changed"),
];

#[test]
fn every_kind_of_change_has_a_case_or_a_reason() {
    let shown: BTreeSet<Kind> = diffs::CASES
        .iter()
        .flat_map(|case| diffs::told(case).unwrap().entries)
        .map(|entry| entry.change.kind)
        .collect();
    for kind in Kind::ALL {
        let reason = UNSHOWN.iter().any(|(unshown, _)| unshown == kind);
        assert!(shown.contains(kind) || reason, "no case shows `{}`", kind.word());
    }
}

#[test]
fn worst_comes_first_and_words_are_unique() {
    let words: BTreeSet<&str> = Kind::ALL.iter().map(|kind| kind.word()).collect();
    assert_eq!(words.len(), Kind::ALL.len());
    for case in diffs::CASES {
        let weights: Vec<Weight> = diffs::told(case)
            .unwrap()
            .entries
            .iter()
            .map(|entry| entry.change.kind.weight())
            .collect();
        assert!(weights.is_sorted(), "{}: {weights:?}", case.name);
    }
}

#[test]
fn a_side_and_itself_do_not_differ() {
    for case in diffs::CASES.iter().filter(|case| case.before.is_empty()) {
        let same = diffs::Case { after: &[], ..*case };
        assert_eq!(diffs::told(&same).unwrap().entries, [], "{}", case.name);
    }
}

#[test]
fn no_golden_shows_a_credential() {
    for name in diffs::names().unwrap() {
        let text = std::fs::read_to_string(diffs::folder().join(&name)).unwrap();
        for secret in ["hunter2", "k3yk3y"] {
            assert!(!text.contains(secret), "{name} shows `{secret}`");
        }
    }
}

#[test]
fn the_page_names_every_kind() {
    let page = std::fs::read_to_string(exoc_snapshot_tests::case::root().join("docs/diff.md")).unwrap();
    let rows = page
        .lines()
        .filter(|line| line.starts_with("| `") && line.matches('|').count() == 4);
    let rows: BTreeSet<&str> = rows.collect();
    for kind in Kind::ALL {
        let row = format!(
            "| `{}` | {} | {} |",
            kind.word(),
            kind.weight().word(),
            kind.meaning()
        );
        assert!(rows.contains(row.as_str()), "docs/diff.md lacks: {row}");
    }
    let golden = std::fs::read_to_string(diffs::folder().join("shop-release.txt")).unwrap();
    assert!(
        page.contains(&golden),
        "docs/diff.md shows another shop-release.txt"
    );
}
