//! What is printed, as far as no other tool must judge it.

use super::{files, model, task};
use crate::model::Balancer;
use crate::model::Rental;
use crate::support::{Sample, fixed, managed, shop, skeleton, workload};
use exoc_ir::{Artifacts, Product, Protocol};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn texts(artifacts: &Artifacts) -> Vec<(String, String)> {
    artifacts
        .iter()
        .map(|(path, file)| {
            (
                path.to_string(),
                String::from_utf8(file.contents.clone()).unwrap(),
            )
        })
        .collect()
}

#[test]
fn the_same_program_gives_the_same_bytes() {
    assert_eq!(files(&shop(None)), files(&shop(None)));
}

#[test]
fn every_component_has_a_file_of_its_own() {
    let names: BTreeSet<String> = texts(&files(&shop(None)))
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    for name in [
        "service_api.tf",
        "service_catalog.tf",
        "service_mailer.tf",
        "service_web.tf",
        "dependency_cache.tf",
        "dependency_db.tf",
        "dependency_search.tf",
        "dns.tf",
        "loadbalancer.tf",
        "registry.tf",
        "secrets.tf",
    ] {
        assert!(names.contains(name), "{name}");
    }
    assert!(!names.contains("dependency_payments.tf"));
}

#[test]
fn every_block_says_what_it_is_for() {
    for (name, text) in texts(&files(&shop(None))) {
        let mut before = "";
        for line in text.lines() {
            let opens = line.ends_with('{') && line.starts_with(|first: char| first.is_ascii_lowercase());
            assert!(!opens || before.starts_with("# "), "{name}: {line}");
            before = line;
        }
    }
}

#[test]
fn a_change_of_one_service_changes_its_file_alone() {
    let build = |cpu: u32| {
        let mut sample = Sample::new("alone", None, &[], &[], &[]);
        let image = sample.pinned("busybox:1.37.0");
        for role in ["a", "b"] {
            let mut service = workload(image, &[("http", 80, Protocol::Http)]);
            service.resources.cpu = exoc_ir::MilliCpu(if role == "a" { cpu } else { 250 });
            sample.service(role, service, fixed(1));
        }
        sample.uses("a", "b", &[80]);
        texts(&files(&sample.finish()))
    };
    let changed: Vec<String> = build(250)
        .into_iter()
        .zip(build(1000))
        .filter(|(a, b)| a != b)
        .map(|(a, _)| a.0)
        .collect();
    assert_eq!(changed, ["service_a.tf"]);
}

#[test]
fn files_are_ascii_names_and_end_with_one_line_end() {
    for (name, text) in texts(&files(&shop(None)))
        .into_iter()
        .chain(texts(&files(&skeleton())))
    {
        // A page for people.
        if name == "README.md" {
            continue;
        }
        assert!(
            (name.ends_with(".tf") || name == "release.json")
                && name
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b"_./".contains(&b)),
            "{name}"
        );
        assert!(text.ends_with("}\n") && !text.contains("\n\n\n"), "{name}");
    }
}

#[test]
fn the_schema_of_the_options_is_json_and_describes_each() {
    let schema: serde_json::Value = serde_json::from_str(crate::options::SCHEMA).unwrap();
    let properties = schema["properties"].as_object().unwrap();
    let names: Vec<&str> = properties.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "region",
            "account",
            "zones",
            "nat",
            "endpoints",
            "tasks",
            "vpc",
            "namespace",
            "cluster",
            "load-balancer",
            "certificate",
            "zone",
            "cidr",
            "companion-image",
            "spot",
            "registries",
            "firewall",
            "alarm-emails",
            "state"
        ]
    );
    assert!(
        properties
            .values()
            .all(|property| property["description"].is_string())
    );
}

/// A word that a role or an application may have.
fn word(most: usize) -> impl Strategy<Value = String> {
    "[a-z][a-z0-9]{0,6}(-[a-z0-9]{1,6}){0,8}".prop_map(move |word| {
        word.chars()
            .take(most)
            .collect::<String>()
            .trim_end_matches('-')
            .to_owned()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn names_stay_within_the_limits_of_aws(app in word(32), role in word(52), other in word(52)) {
        prop_assume!(role != other);
        let mut sample = Sample::new(&app, None, &[], &["cache-x", "db-x"], &["cache-x", "db-x"]);
        let image = sample.built(&role);
        sample.service(&role, workload(image, &[("http", 80, Protocol::Http)]), fixed(1));
        sample.door(&role, 0, "shop.example.com", "/", false);
        let (cache, db) = (sample.secret("CACHE_X_PASSWORD"), sample.secret("DB_X_PASSWORD"));
        sample.backing("cache-x", managed(Product::Redis, "7", cache));
        sample.backing("db-x", managed(Product::Postgres, "17", db));
        let model = model(&sample.finish());
        let task = task(&model, &role);
        let fits = |name: &str, limit: usize| name.len() <= limit && !name.contains("--") && !name.ends_with('-');
        prop_assert!(fits(&task.execution_role, 64) && fits(&task.task_role, 64));
        prop_assert!(task.execution_role != task.task_role);
        match &model.entry.as_ref().unwrap().balancer {
            Balancer::Own { name } => prop_assert!(fits(name, 32)),
            Balancer::Given { .. } => prop_assert!(false, "the load balancer is ours"),
        }
        prop_assert!(model.log_bucket.as_ref().unwrap().prefix.len() <= 37);
        prop_assert!(task.target_groups[0].name_prefix.len() <= 6);
        prop_assert_eq!(model.products.len(), 2);
        for product in &model.products {
            match &product.rental {
                Rental::Database(database) => {
                    prop_assert!(fits(&database.identifier, 63) && fits(&database.monitoring_role, 64));
                }
                Rental::Cache(cache) => prop_assert!(fits(&cache.name, 40)),
                Rental::Documents(_)
                | Rental::Memcached(_)
                | Rental::Broker(_)
                | Rental::Stream(_)
                | Rental::Search(_)
                | Rental::Bucket(_)
                | Rental::Queue(_)
                | Rental::Topic(_) => prop_assert!(false, "nobody asks for {}", product.role),
            }
        }
        prop_assert!(task.group_prefix.len() <= 229 && task.family.len() <= 255);
    }
}
