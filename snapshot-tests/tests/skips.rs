//! Checks of checkov that the target `aws` skips inline: few, and each with its reason in the documentation.
//!
//! The language's own fixtures skip what needs no option. What only an option of the target brings is listed with it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use exoc_diagnostics::MemorySources;
use exoc_lower::Selection;
use exoc_snapshot_tests::{case, golden};
use std::collections::BTreeSet;

/// The most distinct checks that the goldens of all fixtures together may skip.
const MOST: usize = 12;

/// What begins such a comment; the check stands behind.
const MARK: &str = "# checkov:skip=";

/// The checks that a text skips.
fn skipped(text: &str) -> impl Iterator<Item = String> {
    let comments = text.lines().filter_map(|line| line.trim().strip_prefix(MARK));
    comments.map(|rest| {
        let (check, reason) = rest.split_once(':').unwrap_or_default();
        assert!(!reason.trim().is_empty(), "{rest}: no reason");
        check.to_owned()
    })
}

/// The rows of the table: a check, why it is skipped, and the option without which it never is.
fn table() -> Vec<[String; 3]> {
    let page = include_str!("../../docs/targets/aws.md");
    let rows = page.lines().filter(|line| line.starts_with("| CKV"));
    rows.map(|row| {
        let cells: Vec<String> = row.split('|').map(|cell| cell.trim().to_owned()).collect();
        let [_, check, reason, option, _] = cells.try_into().unwrap();
        [check, reason, option]
    })
    .collect()
}

fn listed(is_optional: bool) -> BTreeSet<String> {
    let rows = table()
        .into_iter()
        .filter(|[_, _, option]| option.is_empty() != is_optional);
    rows.map(|[check, _, _]| check).collect()
}

/// What goldens skip: those of the language's fixtures, or those of the fixtures for options of a target.
fn in_goldens(is_optional: bool) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let fixtures = case::root().join("fixtures");
    let cases = case::all().unwrap().into_iter();
    for case in cases.filter(|case| case.folder.starts_with(&fixtures) != is_optional) {
        for (path, bytes) in golden::read(&case.goldens).unwrap() {
            if path.ends_with(".tf") {
                found.extend(skipped(std::str::from_utf8(&bytes).unwrap()));
            }
        }
    }
    found
}

/// What a small public service skips with options of the target.
fn with_options(options: &str) -> BTreeSet<String> {
    let manifest = format!(
        "name: site\nservices:\n  web: {{ image: nginx:1.27, port: 8080, security: {{ user: 1000 }}, route: / }}\n\
         environments:\n  production:\n    domain: example.com\n    targets:\n      aws:\n        \
         region: eu-central-1\n        account: \"123456789012\"\n{options}"
    );
    let mut sources = MemorySources::default();
    sources.insert("application.yml", manifest);
    let selection = Selection {
        environments: vec!["production".to_owned()],
        ..Selection::default()
    };
    let built = case::compile(&sources, &selection).unwrap_or_else(|text| panic!("{text}"));
    let files = golden::tree(&built);
    let modules = files.iter().filter(|(path, _)| path.ends_with(".tf"));
    modules
        .flat_map(|(_, bytes)| skipped(std::str::from_utf8(bytes).unwrap()).collect::<Vec<_>>())
        .collect()
}

#[test]
fn the_goldens_of_all_fixtures_together_skip_few_checks() {
    let found = in_goldens(false);
    assert!(!found.is_empty());
    assert!(found.len() <= MOST, "{} checks: {found:#?}", found.len());
}

#[test]
fn what_goldens_skip_is_what_the_table_lists_without_an_option() {
    assert_eq!(in_goldens(false), listed(false));
}

#[test]
fn what_goldens_of_options_skip_is_listed() {
    let all: BTreeSet<String> = listed(false).union(&listed(true)).cloned().collect();
    let found = in_goldens(true);
    assert!(!found.is_empty());
    assert!(found.is_subset(&all), "{found:#?}");
}

#[test]
fn what_the_table_lists_with_an_option_is_skipped_with_it_and_not_without() {
    let options = "        tasks: public\n        \
         vpc: { id: vpc-0a1b2c3d, public: [subnet-0a1b2c31, subnet-0a1b2c32], private: [subnet-0a1b2c33, subnet-0a1b2c34] }\n        \
         namespace: ns-abcdefgh12345678\n        load-balancer:\n          listener: arn:aws:elasticloadbalancing:eu-central-1:\
         123456789012:listener/app/main/50dc6c495c0c9188/f2f7dc8efc522ab2\n          security-group: sg-0a1b2c3d\n";
    let plain = with_options("");
    let found: BTreeSet<String> = with_options(options).difference(&plain).cloned().collect();
    assert_eq!(found, listed(true));
}

#[test]
fn the_table_names_each_check_once_and_gives_each_a_reason() {
    let rows = table();
    let checks: BTreeSet<&String> = rows.iter().map(|[check, _, _]| check).collect();
    assert_eq!(checks.len(), rows.len());
    for [check, reason, _] in &rows {
        assert!(reason.len() > 20, "{check}: {reason}");
    }
}
