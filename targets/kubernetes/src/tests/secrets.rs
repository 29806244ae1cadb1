//! Secrets that people supply, that a store has, that are drawn: who makes them.

use super::sample::{self, Draft};
use super::{printed, printed_by, set, texts};
use exoc_diagnostics::Node;
use exoc_ir::{NodeId, Origin, Part, Program, Value};
use std::collections::BTreeMap;
use yaml_rust2::{Yaml, YamlLoader};

/// A service with a secret of each origin.
fn program() -> Program {
    let mut draft = Draft::new();
    let supplied = |store: Option<&str>| Origin::Supplied {
        description: Some("Opens the mail".into()),
        store: store.map(str::to_owned),
    };
    let key = draft.secret(
        "CSRF_KEY",
        Origin::Generated {
            length: 50,
            description: None,
        },
    );
    let mail = draft.secret("MAIL", supplied(None));
    let token = draft.secret("TOKEN", supplied(Some("teams/token")));
    let image = draft.pinned("redis:7.4");
    let mut web = sample::workload(image, &[]);
    for (name, secret) in [("A", key), ("B", mail), ("C", token)] {
        web.environment
            .insert(name.into(), Value::new([Part::Secret(secret)]));
    }
    draft.service(sample::service("web", web));
    draft.finish()
}

fn operator(program: &Program) -> Node {
    let at = program.at(NodeId::App, "");
    let mut options = texts(at, &[("secrets", "external-secrets")]);
    set(&mut options, "secret-store", texts(at, &[("name", "vault")]));
    options
}

fn by_operator() -> BTreeMap<String, String> {
    let program = program();
    printed_by(&program, &operator(&program))
}

fn objects(files: &BTreeMap<String, String>) -> Vec<Yaml> {
    YamlLoader::load_from_str(&files["secrets.yaml"]).expect("YAML")
}

fn named<'a>(objects: &'a [Yaml], name: &str) -> &'a Yaml {
    let found = objects
        .iter()
        .find(|it| it["metadata"]["name"].as_str() == Some(name));
    found.unwrap_or_else(|| panic!("no `{name}`"))
}

#[test]
fn people_draw_what_is_drawn_and_are_told_what_the_store_has() {
    let files = printed(&program());
    assert!(!files.contains_key("secrets.yaml"));
    let page = &files["README.md"];
    assert!(page.contains(
        "head -c 50 |\n  kubectl --namespace shop-production create secret generic secret-csrf-key"
    ));
    assert!(page.contains("It is there already, as `teams/token`."));
    assert!(page.contains("printf %s \"$MAIL\" |"));
}

#[test]
fn an_operator_looks_up_what_is_supplied_under_the_key_of_the_application() {
    let objects = objects(&by_operator());
    for (name, key) in [
        ("secret-mail", "shop/production/MAIL"),
        ("secret-token", "teams/token"),
    ] {
        let spec = &named(&objects, name)["spec"];
        assert_eq!(
            spec["secretStoreRef"]["kind"].as_str(),
            Some("ClusterSecretStore")
        );
        assert_eq!(spec["secretStoreRef"]["name"].as_str(), Some("vault"));
        assert_eq!(spec["target"]["creationPolicy"].as_str(), Some("Owner"));
        let item = &spec["data"][0];
        assert_eq!(item["secretKey"].as_str(), Some("value"));
        assert_eq!(item["remoteRef"]["key"].as_str(), Some(key));
    }
}

#[test]
fn an_operator_draws_once_and_what_it_drew_outlives_its_order() {
    let objects = objects(&by_operator());
    let spec = &named(&objects, "secret-csrf-key")["spec"];
    assert_eq!(spec["refreshPolicy"].as_str(), Some("CreatedOnce"));
    assert_eq!(spec["target"]["creationPolicy"].as_str(), Some("Orphan"));
    let generator = spec["dataFrom"][0]["sourceRef"]["generatorRef"]["name"].as_str();
    let drawn = &named(&objects, generator.expect("a generator"))["spec"];
    assert_eq!(
        (drawn["length"].as_i64(), drawn["symbols"].as_i64()),
        (Some(50), Some(0))
    );
}

#[test]
fn pods_read_the_same_secrets_whoever_makes_them() {
    assert_eq!(printed(&program())["web.yaml"], by_operator()["web.yaml"]);
}

#[test]
fn the_page_says_what_the_store_must_have_and_no_command_that_makes_a_secret() {
    let page = &by_operator()["README.md"];
    assert!(page.contains("| `MAIL`, Secret `secret-mail` | the store's `shop/production/MAIL` |"));
    assert!(!page.contains("create secret generic"));
}
