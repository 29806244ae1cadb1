//! How many networks a project makes: an engine's default address pools end after some thirty, those of all projects.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail a test")]

use exoc_diagnostics::VirtualPath;
use exoc_snapshot_tests::case;
use std::collections::BTreeMap;
use yaml_rust2::YamlLoader;

/// So many may an application make.
const MOST: usize = 8;

#[test]
fn no_project_makes_more_networks_than_an_application_may() {
    let mut most: BTreeMap<String, usize> = BTreeMap::new();
    for case in case::all().unwrap() {
        let built = case.build().unwrap();
        for output in built.outputs.iter().filter(|output| output.target == "compose") {
            for file in ["compose.yaml", "compose.test.yaml"] {
                let Some(artifact) = output.artifacts.get(&VirtualPath::new(file).unwrap()) else {
                    continue;
                };
                let text = std::str::from_utf8(&artifact.contents).unwrap();
                let documents = YamlLoader::load_from_str(text).unwrap();
                let made = documents[0]["networks"]
                    .as_hash()
                    .map_or(0, |networks| networks.len());
                let known = most.entry(case.name.clone()).or_default();
                *known = made.max(*known);
            }
        }
    }
    let beyond: Vec<_> = most.iter().filter(|(_, made)| **made > MOST).collect();
    assert!(beyond.is_empty(), "{beyond:?}");
    // These would make 17 and 12.
    assert_eq!((most["sentry"], most["online-boutique"]), (MOST, MOST));
    assert_eq!(most["mastodon"], 6);
}
