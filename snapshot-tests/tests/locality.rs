//! What a change of a manifest changes in the files for AWS: one service's variable its file, an edge the files of its two
//! ends, an image's own source none. Comments that name lines are left out; they follow the lines.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod random;

use exoc_diagnostics::MemorySources;
use exoc_lower::Selection;
use exoc_snapshot_tests::facts::Files;
use exoc_snapshot_tests::{case, golden};
use proptest::prelude::*;
use proptest::sample::Index;
use std::collections::BTreeSet;

/// Dependencies of random manifests that listen in the network: an edge is a rule of theirs as well.
const LISTENING: [&str; 3] = ["db", "cache", "echo"];

/// Those that nothing is printed of.
const NOTHING: [&str; 2] = ["partner", "internet"];

fn files(sources: &MemorySources) -> Files {
    let selection = Selection {
        targets: vec!["aws".to_owned()],
        ..Selection::default()
    };
    let built = case::compile(sources, &selection).unwrap_or_else(|told| panic!("{told}"));
    let all = built.outputs.iter().flat_map(|output| {
        let files = output.artifacts.iter();
        files.map(|(path, artifact)| {
            let contents = golden::without_origins(&artifact.contents);
            (format!("{}/{path}", output.environment), contents)
        })
    });
    all.collect()
}

/// The files that are not the same on both sides.
fn changed(before: &Files, after: &Files) -> BTreeSet<String> {
    let paths: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let unlike = paths
        .into_iter()
        .filter(|path| before.get(*path) != after.get(*path));
    unlike.cloned().collect()
}

/// A random manifest's service.
#[derive(Clone, Debug)]
struct Service {
    role: String,
    /// What it uses by name; references are edges as well.
    uses: Vec<String>,
    text: String,
    listens: bool,
}

impl Service {
    fn has_edge_to(&self, role: &str) -> bool {
        let refers = self.text.contains(&format!("dependencies.{role}."));
        refers || self.uses.iter().any(|used| used == role)
    }
}

fn services(manifest: &str) -> Vec<Service> {
    let (_, services) = manifest.split_once("\nservices:\n").unwrap();
    let (services, _) = services.split_once("environments:\n").unwrap();
    let blocks = services.split("    # ").skip(1);
    blocks
        .map(|block| {
            let role = block.lines().nth(1).unwrap().trim().trim_end_matches(':');
            let line = |key: &str| block.lines().find_map(|line| line.trim().strip_prefix(key));
            let uses = line("uses: [").unwrap().trim_end_matches(']');
            let uses = uses.split(", ").filter(|name| !name.is_empty());
            Service {
                role: role.to_owned(),
                uses: uses.map(str::to_owned).collect(),
                text: block.to_owned(),
                listens: line("ports: [").is_some(),
            }
        })
        .collect()
}

/// The manifest with further keys of one service in `production`, which stands last.
fn with(manifest: &str, role: &str, keys: &str) -> MemorySources {
    random::sources(&format!("{manifest}    services: {{ {role}: {{ {keys} }} }}\n"))
}

fn file(kind: &str, role: &str) -> String {
    format!("production/{kind}_{}.tf", role.replace('-', "_"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_variable_changes_the_file_of_its_service_alone(manifest in random::manifest(), of: Index) {
        let services = services(&manifest);
        let Service { role, .. } = of.get(&services);
        let before = files(&random::sources(&manifest));
        // A secret that nobody had yet is stored and supplied as well.
        let is_stored = manifest.contains("${secrets.KEY}");
        let values = ["x", "${service.name}", "${secrets.KEY}", "a ${secrets.KEY}"];
        for value in values.into_iter().filter(|value| is_stored || !value.contains("secrets")) {
            let after = files(&with(&manifest, role, &format!("environment: {{ ADDED: \"{value}\" }}")));
            let mut changed = changed(&before, &after);
            // The first text that a secret is part of has it read back where it is kept.
            if value.starts_with("a ") {
                changed.remove("production/secrets.tf");
            }
            prop_assert_eq!(changed, BTreeSet::from([file("service", role)]), "{}: {}", role, value);
        }
    }

    #[test]
    fn a_further_use_changes_the_files_of_both_ends_alone(manifest in random::manifest(), from: Index, to: Index) {
        let all = services(&manifest);
        let caller = from.get(&all);
        let Service { role, uses, .. } = caller;
        let others = all.iter().filter(|other| other.listens && other.role != *role);
        let others = others.map(|other| (other.role.as_str(), "service"));
        let rented = manifest.contains("  assets: bucket");
        let products = ["orders", "ledger", "docs", "sessions", "pages", "broker", "events", "texts", "assets", "mails", "news"];
        let free: Vec<(&str, &str)> = others
            .chain(LISTENING.into_iter().chain(NOTHING).map(|name| (name, "dependency")))
            .chain(products.into_iter().filter(|_| rented).map(|name| (name, "dependency")))
            .filter(|(name, _)| !caller.has_edge_to(name))
            .collect();
        prop_assume!(!free.is_empty());
        let (callee, kind) = to.get(&free);
        let list = uses.iter().map(String::as_str).chain([*callee]).collect::<Vec<_>>().join(", ");
        let before = files(&random::sources(&manifest));
        let changed = changed(&before, &files(&with(&manifest, role, &format!("uses: [{list}]"))));
        let (caller, called) = (file("service", role), file(kind, callee));
        prop_assert!(changed.contains(&caller), "{} uses {}: {:?}", role, callee, changed);
        prop_assert!(changed.iter().all(|path| *path == caller || *path == called), "{} uses {}: {:?}", role, callee, changed);
        if *kind == "service" || LISTENING.contains(callee) {
            prop_assert!(changed.contains(&called), "{} uses {}: {:?}", role, callee, changed);
        }
        if NOTHING.contains(callee) {
            prop_assert!(!changed.contains(&called));
        }
    }
}

#[test]
fn the_source_of_an_image_changes_no_file() {
    let mut built = 0;
    for case in case::all().unwrap() {
        if !case.registry().iter().any(|target| target.id() == "aws") {
            continue;
        }
        let before = case.sources().unwrap();
        let mut after = before.clone();
        for (path, bytes) in before.iter() {
            if path.as_str().ends_with("Dockerfile") {
                built += 1;
                let text = std::str::from_utf8(bytes).unwrap();
                after.insert(path.as_str(), format!("{text}\nLABEL changed=yes\n"));
            }
        }
        let changed = changed(&files(&before), &files(&after));
        assert!(changed.is_empty(), "{}: {changed:?}", case.name);
    }
    assert!(built > 10, "{built}");
}
