//! The schemas accept random documents if and only if the binder does.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]
#![expect(
    clippy::disallowed_methods,
    reason = "the schemas are files of this repository"
)]

mod common;
#[path = "common/schemas.rs"]
mod schemas;

use common::{Loaded, application, service};
use exoc_diagnostics::Severity;
use exoc_manifest::keys::{ALL, Keys};
use jsonschema::Validator;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestRunner;
use schemas::with_schemas;
use serde_json::{Value, json};

/// Values that are right or wrong somewhere. Bounds of durations, shells, paths and fine fractions are left to
/// the samples: a schema cannot say them.
fn leaf() -> impl Strategy<Value = Value> {
    let texts = [
        "",
        "/",
        "/a",
        "/a/",
        "a/",
        "a",
        "A B",
        "10s",
        "1.5s",
        "10Mi",
        "0Mi",
        "10",
        "70%",
        "root",
        "http",
        "grpc",
        "postgres",
        "postgres:17",
        "redis",
        "container",
        "external",
        "${a.b}",
        "${",
        "$${x}",
        "x${a}y",
        "nginx:1.29",
        "localhost:5000/a",
        "ghcr.io/acme",
        "https://a",
        "worker",
        "job",
        "8080:80",
        "shop.example.com",
        "CHOWN",
        "linux/amd64",
        "a:b",
    ];
    prop_oneof![
        2 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        2 => select(vec![-1i64, 0, 1, 2, 10, 11, 80, 65_535, 65_536, 1 << 31, i64::MAX]).prop_map(Value::from),
        1 => select(vec![0.0005, 0.25, 0.5, 2.5, 64.5]).prop_map(Value::from),
        5 => select(texts.to_vec()).prop_map(Value::from),
    ]
}

fn tree() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(4, 16, 3, |inner| {
        let mappings: Vec<BoxedStrategy<Value>> =
            ALL.iter().map(|(_, keys)| mapping(keys, inner.clone().boxed())).collect();
        prop_oneof![
            2 => prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            1 => (select(vec!["A", "db", "/a", "web"]), inner).prop_map(|(name, value)| json!({ name: value })),
            4 => proptest::strategy::Union::new(mappings),
        ]
    })
}

/// A mapping with up to three keys of one noun.
fn mapping(keys: &Keys, value: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    let names: Vec<&'static str> = keys
        .built
        .iter()
        .chain(keys.later.iter().take(1))
        .copied()
        .collect();
    prop::collection::vec((select(names), value), 0..4)
        .prop_map(|members| Value::Object(members.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()))
        .boxed()
}

/// Compares both judges; documents whose only fault no schema can see are passed over.
fn compare(document: &Value, loaded: &Loaded, validator: &Validator) -> Result<(), TestCaseError> {
    let beyond = ["EX0002", "EX0003", "EX0009", "EX0115"];
    prop_assume!(!loaded.codes().iter().any(|code| beyond.contains(code)));
    // What is between two keys, in a Dockerfile, or a target's own.
    let between = [
        "two locations",
        "stands beside",
        "has no stage",
        "an option of the target",
        "a value of a patch",
        "a dependency of type",
    ];
    let is_beyond = |line: &String| between.iter().any(|words| line.contains(words));
    prop_assume!(!loaded.lines().iter().any(is_beyond));
    let accepted = loaded
        .diagnostics
        .iter()
        .all(|diagnostic| diagnostic.code.severity < Severity::Error);
    let faults: Vec<String> = validator
        .iter_errors(document)
        .map(|fault| format!("{}: {fault}", fault.instance_path()))
        .collect();
    prop_assert_eq!(
        faults.is_empty(),
        accepted,
        "{}\nschema: {:#?}\nbinder: {:#?}",
        document,
        faults,
        loaded.lines()
    );
    Ok(())
}

fn runner() -> TestRunner {
    let config = ProptestConfig {
        cases: 800,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    TestRunner::new(ProptestConfig {
        max_global_rejects: 100_000,
        ..config
    })
}

#[test]
fn schema_and_binder_agree_on_random_services() {
    let (_, keys) = ALL.iter().find(|(noun, _)| *noun == "service").unwrap();
    with_schemas(|_, services| {
        let documents = mapping(keys, tree().boxed())
            .prop_filter("an empty mapping is fine", |value| value != &json!({}));
        let judged = runner().run(&documents, |document| {
            compare(&document, &service(&document.to_string()), services)
        });
        judged.map_err(|fault| fault.to_string()).unwrap();
    });
}

#[test]
fn schema_and_binder_agree_on_random_applications() {
    with_schemas(|applications, _| {
        let noun = |name: &str| {
            ALL.iter()
                .find(|(noun, _)| *noun == name)
                .map(|(_, keys)| *keys)
                .unwrap()
        };
        let part = |name: &str| mapping(noun(name), tree().boxed());
        let documents = prop_oneof![
            part("application"),
            part("environment").prop_map(|part| json!({ "name": "shop", "environments": { "p": part } })),
            part("dependency").prop_map(|part| json!({ "name": "shop", "dependencies": { "db": part } })),
            part("dependency")
                .prop_map(|part| json!({ "name": "shop", "environments": { "p": { "dependencies": { "db": part } } } })),
            part("service-entry").prop_map(|part| json!({ "name": "shop", "services": { "web": part } })),
            part("service-entry")
                .prop_map(|part| json!({ "name": "shop", "environments": { "p": { "services": { "web": part } } } })),
            part("patch").prop_map(
                |part| json!({ "name": "shop", "environments": { "p": { "targets": { "aws": { "patches": [part] } } } } })
            ),
        ];
        let judged = runner().run(&documents, |document| {
            compare(&document, &application(&document.to_string()), applications)
        });
        judged.map_err(|fault| fault.to_string()).unwrap();
    });
}
