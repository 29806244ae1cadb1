//! The schemas accept random documents if and only if the binder does.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]
#![expect(
    clippy::disallowed_methods,
    reason = "the schemas are files of this repository"
)]

mod common;
#[path = "common/judge.rs"]
mod judge;
#[path = "common/schemas.rs"]
mod schemas;

use exoc_manifest::keys::{ALL, Keys};
use judge::{Noun, Schemas, judge};
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

/// Asks both judges.
fn compare(document: &Value, noun: Noun, schemas: &Schemas<'_>) -> Result<(), TestCaseError> {
    let verdict = judge(document, noun, schemas);
    prop_assert!(verdict.agree(), "{document}\n{verdict:#?}");
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
    with_schemas(|application, service| {
        let schemas = Schemas { application, service };
        let documents = mapping(keys, tree().boxed())
            .prop_filter("an empty mapping is fine", |value| value != &json!({}));
        let judged = runner().run(&documents, |document| compare(&document, Noun::Service, &schemas));
        judged.map_err(|fault| fault.to_string()).unwrap();
    });
}

#[test]
fn schema_and_binder_agree_on_random_applications() {
    with_schemas(|application, service| {
        let schemas = Schemas { application, service };
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
            compare(&document, Noun::Application, &schemas)
        });
        judged.map_err(|fault| fault.to_string()).unwrap();
    });
}
