//! Checks of checkov that the target `kubernetes` skips in annotations: few, each on the objects that need it, and each
//! with its reason in the documentation. `cargo dev validate kubernetes` counts what checkov itself skips.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod cluster;

use cluster::{Cluster, labels};
use std::collections::{BTreeMap, BTreeSet};

/// The most distinct checks that the goldens of all fixtures skip but for what a manifest loosens under `security`.
const MOST: usize = 8;

/// The rows of the page's table: each check, and what must be written for it to be skipped.
fn table() -> BTreeMap<String, String> {
    let page = include_str!("../../docs/targets/kubernetes.md");
    let mut table = BTreeMap::new();
    for row in page.lines().filter(|line| line.starts_with("| CKV")) {
        let cells: Vec<String> = row.split('|').map(|cell| cell.trim().to_owned()).collect();
        let [_, checks, reason, only, _] = cells.try_into().unwrap();
        assert!(reason.len() > 10, "{row}");
        for check in checks.split(", ") {
            assert!(table.insert(check.to_owned(), only.clone()).is_none(), "{check}");
        }
    }
    table
}

/// What goldens skip, and the objects that do.
fn skipped() -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (golden, files) in cluster::goldens() {
        for object in &Cluster::read(&files).objects {
            for (key, value) in labels(&object.body["metadata"]["annotations"]) {
                if key.starts_with("checkov.io/skip") {
                    let (check, reason) = value.split_once('=').unwrap();
                    assert!(
                        !reason.trim().is_empty() && object.template().is_some(),
                        "{value}"
                    );
                    let of_check = found.entry(check.to_owned()).or_default();
                    of_check.insert(format!("{golden} {}", object.address()));
                }
            }
        }
    }
    found
}

#[test]
fn the_goldens_of_all_fixtures_together_skip_few_checks() {
    let table = table();
    let found = skipped();
    let plain: BTreeSet<&String> = found.keys().filter(|check| table[*check].is_empty()).collect();
    assert!(!plain.is_empty() && plain.len() <= MOST, "{plain:?}");
}

#[test]
fn what_goldens_skip_is_what_the_page_lists() {
    let found: BTreeSet<String> = skipped().into_keys().collect();
    let listed: BTreeSet<String> = table().into_keys().collect();
    assert!(found.is_subset(&listed), "{found:?}");
    // Nothing of the goldens is privileged.
    let missing: Vec<&String> = listed.difference(&found).collect();
    assert_eq!(missing, ["CKV_K8S_16", "CKV_K8S_20"]);
}

#[test]
fn a_check_that_a_service_passes_is_not_skipped_there() {
    let found = skipped();
    let web = "shop/staging Deployment/web";
    for check in [
        "CKV_K8S_8",
        "CKV_K8S_9",
        "CKV_K8S_22",
        "CKV_K8S_23",
        "CKV_K8S_25",
        "CKV_K8S_35",
    ] {
        assert!(!found[check].contains(web), "{check}");
    }
    assert!(found["CKV_K8S_11"].contains(web) && found["CKV_K8S_40"].contains(web));
}
