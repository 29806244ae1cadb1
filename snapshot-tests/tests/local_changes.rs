//! What a change of one service changes in the objects for Kubernetes: a variable the pod template of that service, and
//! nothing else. Comments that name lines are left out; they follow the lines.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod cluster;
mod random;

use cluster::Cluster;
use exoc_lower::Selection;
use exoc_snapshot_tests::facts::Files;
use exoc_snapshot_tests::{case, golden};
use proptest::prelude::*;
use proptest::sample::Index;
use std::collections::{BTreeMap, BTreeSet};
use yaml_rust2::Yaml;

/// The objects of a manifest, by kind and name, and the other files.
fn objects(manifest: &str) -> (BTreeMap<String, Yaml>, Files) {
    let selection = Selection {
        targets: vec!["kubernetes".to_owned()],
        ..Selection::default()
    };
    let built = case::compile(&random::sources(manifest), &selection).unwrap_or_else(|told| panic!("{told}"));
    let artifacts = built.outputs.first().unwrap().artifacts.iter();
    let mut files: Files = artifacts
        .map(|(path, artifact)| (path.to_string(), golden::without_origins(&artifact.contents)))
        .collect();
    let cluster = Cluster::read(&files);
    let objects = cluster
        .objects
        .iter()
        .map(|object| (object.address(), object.body.clone()));
    let objects = objects.collect();
    let named: BTreeSet<String> = cluster.objects.iter().map(|object| object.file.clone()).collect();
    files.retain(|path, _| !named.contains(path));
    (objects, files)
}

/// An object without what its pods are made of.
fn without_template(object: &Yaml) -> Yaml {
    let mut object = object.clone();
    if let Yaml::Hash(members) = &mut object
        && let Some(Yaml::Hash(spec)) = members.get_mut(&Yaml::String("spec".to_owned()))
    {
        spec.remove(&Yaml::String("template".to_owned()));
    }
    object
}

/// The roles of a random manifest's services.
fn roles(manifest: &str) -> Vec<String> {
    let (_, services) = manifest.split_once("\nservices:\n").unwrap();
    let (services, _) = services.split_once("environments:\n").unwrap();
    let lines = services
        .lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    lines
        .filter_map(|line| Some(line.trim().strip_suffix(':')?.to_owned()))
        .collect()
}

/// What stands in the pod template of one service alone after a change, and what is said wrong of anything else. Objects and
/// files in `free` belong to the change itself: the ConfigMap of its files.
fn only_the_template(role: &str, before: &str, after: &str, free: &[&str]) -> Result<(), TestCaseError> {
    let (mut before, beside) = objects(before);
    let (mut after, beside_after) = objects(after);
    let is_free = |address: &str| free.iter().any(|start| address.starts_with(start));
    before.retain(|address, _| !is_free(address));
    after.retain(|address, _| !is_free(address));
    prop_assert_eq!(
        beside.get("kustomization.yaml"),
        beside_after.get("kustomization.yaml")
    );
    prop_assert_eq!(
        before.keys().collect::<Vec<_>>(),
        after.keys().collect::<Vec<_>>()
    );
    let changed: Vec<&String> = before
        .keys()
        .filter(|address| before[*address] != after[*address])
        .collect();
    let deployment = format!("Deployment/{role}");
    prop_assert_eq!(changed, vec![&deployment]);
    prop_assert_eq!(
        without_template(&before[&deployment]),
        without_template(&after[&deployment])
    );
    Ok(())
}

/// A random manifest in which a service has further keys.
fn with(manifest: &str, role: &str, keys: &str) -> String {
    format!("{manifest}    services: {{ {role}: {{ {keys} }} }}\n")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_variable_changes_the_pod_template_of_its_service_alone(manifest in random::manifest(), of: Index) {
        prop_assume!(manifest.contains("kubernetes: {}"));
        let roles = roles(&manifest);
        let role = of.get(&roles);
        let (before, beside) = objects(&manifest);
        let (after, beside_after) = objects(&format!(
            "{manifest}    services: {{ {role}: {{ environment: {{ ADDED: \"$x\" }} }} }}\n"
        ));
        prop_assert_eq!(beside, beside_after);
        prop_assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
        let changed: Vec<&String> = before.keys().filter(|key| before[*key] != after[*key]).collect();
        let deployment = format!("Deployment/{role}");
        prop_assert_eq!(changed, vec![&deployment]);
        prop_assert_eq!(without_template(&before[&deployment]), without_template(&after[&deployment]));
    }

    #[test]
    fn a_file_changes_its_config_map_and_the_pod_template_of_its_service_alone(
        manifest in random::manifest(),
        of: Index
    ) {
        prop_assume!(manifest.contains("kubernetes: {}"));
        let roles = roles(&manifest);
        let role = of.get(&roles);
        let file = |content: &str| {
            let keys = format!("files: {{ /opt/added/a.txt: {{ content: {content} }} }}");
            with(&manifest, role, &keys)
        };
        let map = format!("ConfigMap/{role}-files-");
        only_the_template(role, &file("one"), &file("two"), &[&map])?;
    }

    #[test]
    fn another_secret_changes_the_pod_template_of_its_service_alone(
        manifest in random::manifest(),
        of: Index
    ) {
        prop_assume!(manifest.contains("kubernetes: {}"));
        let roles = roles(&manifest);
        let role = of.get(&roles);
        let reads = |name: &str| {
            let keys = format!("environment: {{ ADDED: \"${{secrets.{name}}}\" }}");
            let secrets = format!("\nsecrets: {{ {name}: {{}}, ");
            with(&manifest, role, &keys).replacen("\nsecrets: { ", &secrets, 1)
        };
        only_the_template(role, &reads("ADDED_ONE"), &reads("ADDED_TWO"), &[])?;
    }
}
