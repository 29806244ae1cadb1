//! No input panics the front end, every span lies in its file, and the order of keys means nothing.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests fail by panicking"
)]

mod common;
#[path = "common/debug.rs"]
mod debug;

use common::{Loaded, Memory};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::Value;

const APPLICATION: &str = r#"name: shop   # größe
description: "Sells \u00e9 things"
owner: team
environment: { LOG_LEVEL: info, ON: no, MULTI: "a
  b ${app.name} c" }
secrets: { KEY: { description: Key }, OTHER: {} }
dependencies:
  db: postgres:17
  cache: { type: redis, version: "7", memory: 1Gi }
  crm: { type: external, url: "https://${secrets.KEY}@crm.example.com" }
  proxy: { type: container, image: "nginx:1.29", ports: [{ name: http, port: 80 }, { name: b, port: 81, protocol: tcp }] }
services:
  web: ./web
  api: { location: ./web, command: "sh -c 'a && b' ${app.name}", scale: { min: 1, max: 3, cpu: 70% } }
  mailer:
    image: ghcr.io/acme/mailer:2.1.0
    command: [mailer, "--sender=${app.name}@${env.domain}"]
    environment:
      TEXT: |
        first ${app.name}
        second $${x} ${env.name}
    health: { command: [ping], interval: 30s }
    writable: { /var/spool/mailer: 128Mi }
    security: { user: 2000, group: 2000, capabilities: [CHOWN] }
environments:
  production:
    domain: shop.example.com
    services: { web: { scale: 2, route: { host: ["a.${env.domain}", b.example.com] } } }
    targets: { aws: { region: eu, list: [1, { a: b }] }, kubernetes: {} }
"#;

const SERVICE: &str = "build: .\nport: 3000\nroute: { path: /api, strip: true, timeout: 60s }\nhealth: /healthz\nuses: [db, cache]\nenvironment: { URL: \"${dependencies.db.url}\", GONE: null }\ncpu: 0.25\nmemory: 512Mi\nwritable: [/cache]\nshutdown: 30s\n";

fn load(application: &[u8], service: &[u8]) -> Loaded {
    Memory::generous(&[])
        .with("application.yml", application)
        .with("web/service.yml", service)
        .load()
}

/// Every place that the front end speaks of is made of whole characters of its file.
fn check_spans(loaded: &Loaded) {
    for diagnostic in &loaded.diagnostics {
        assert!(!diagnostic.help.is_empty(), "{} has no help", diagnostic.message);
        for words in std::iter::once(&diagnostic.message).chain(&diagnostic.help) {
            assert!(!words.contains(char::is_control), "{words:?}");
        }
        for label in diagnostic.primary.iter().chain(&diagnostic.secondary) {
            let file = loaded.map.file(label.span.source).unwrap();
            assert!(
                file.text.get(label.span.range()).is_some(),
                "{}: {:?}",
                diagnostic.message,
                label.span
            );
        }
    }
    let Some(manifest) = &loaded.manifest else { return };
    let first = loaded.map.file(manifest.application.span.source).unwrap();
    for (source, start, end) in debug::spans(&format!("{manifest:?}")) {
        if source == 0 {
            assert!(
                first.text.get(start..end).is_some(),
                "{start}..{end} of application.yml"
            );
        } else {
            assert!(start <= end);
        }
    }
}

/// Text that is likely to mean something.
fn snippet() -> impl Strategy<Value = String> {
    let words = [
        "${",
        "}",
        "${a.b}",
        "$${",
        "\"",
        "'",
        "[",
        "]",
        "{",
        "}",
        ":",
        ": ",
        "- ",
        "\n",
        "\n  ",
        "\t",
        "#",
        " # ",
        "&a ",
        "*a",
        "<<: ",
        "!x ",
        "---\n",
        "...\n",
        "|\n",
        ">\n",
        "?",
        "~",
        "null",
        "true",
        "no",
        "0777",
        "1.5",
        "99999999999999999999",
        "-1",
        "5s",
        "10Mi",
        "70%",
        "\u{feff}",
        "\0",
        "\r\n",
        "é",
        "e\u{301}",
        "🦀",
        "\\",
        "\\u0000",
        "\\x",
        "name",
        "services",
        "port",
        "ports",
        "health",
        "route",
        "uses",
        "command",
        "environment",
        "postgres:",
        "postgres:17",
        "&&",
        "|",
        "`",
        "@",
        "%",
        ",",
        "=",
        "/",
        "..",
        "./web",
        "../x",
    ];
    prop_oneof![
        select(words.to_vec()).prop_map(str::to_owned),
        any::<char>().prop_map(String::from)
    ]
}

/// A deletion, an insertion or a repetition somewhere.
fn mutate(text: &str, edits: &[(Index, Index, u8, String)]) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for (from, length, kind, snippet) in edits {
        let at = from.index(characters.len() + 1);
        let end = (at + length.index(12)).min(characters.len());
        let part: Vec<char> = characters[at..end].to_vec();
        match kind % 3 {
            0 => drop(characters.splice(at..end, [])),
            1 => drop(characters.splice(at..at, snippet.chars())),
            _ => drop(characters.splice(at..at, part)),
        }
    }
    characters.into_iter().collect()
}

fn edits() -> impl Strategy<Value = Vec<(Index, Index, u8, String)>> {
    prop::collection::vec((any::<Index>(), any::<Index>(), any::<u8>(), snippet()), 1..6)
}

/// A tree with keys of the language and values of any kind.
fn tree() -> impl Strategy<Value = Value> {
    let keys: Vec<&str> = exoc_manifest::keys::ALL
        .iter()
        .flat_map(|(_, keys)| keys.built.iter().chain(keys.later))
        .copied()
        .collect();
    let texts = [
        "",
        "/",
        "/a",
        "a/",
        "10s",
        "1.5s",
        "10Mi",
        "10",
        "70%",
        "root",
        "http",
        "postgres",
        "postgres:17",
        "redis",
        "container",
        "${a.b}",
        "${",
        "$${x}",
        "a && b",
        "'",
        "\"",
        "./web",
        "../x",
        "nginx:1.29",
        "A B",
        "\u{0}",
        "e\u{301}",
        "worker",
        "job",
        "8080:80",
        "no",
        "12",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-5i64..70_000).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        select(texts.to_vec()).prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 48, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((select(keys.clone()), inner), 0..6).prop_map(|members| Value::Object(
                members.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()
            )),
        ]
    })
}

/// The same data with the members of every mapping in another order.
fn shuffled(value: &Value, seed: u64) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| shuffled(item, seed)).collect(),
        Value::Object(members) => {
            let mut sorted: Vec<(u64, &String, &Value)> = members
                .iter()
                .map(|(key, value)| {
                    (
                        key.bytes().fold(seed, |hash, b| {
                            (hash ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)
                        }),
                        key,
                        value,
                    )
                })
                .collect();
            sorted.sort_by_key(|(hash, ..)| *hash);
            Value::Object(
                sorted
                    .into_iter()
                    .map(|(_, k, v)| (k.clone(), shuffled(v, seed)))
                    .collect(),
            )
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 512,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_bytes_are_read_or_refused(application in prop::collection::vec(any::<u8>(), 0..200)) {
        check_spans(&load(&application, b"port: 1\n"));
        check_spans(&load(APPLICATION.as_bytes(), &application));
    }

    #[test]
    fn any_words_are_read_or_refused(words in prop::collection::vec(snippet(), 0..40)) {
        let text = words.concat();
        check_spans(&load(text.as_bytes(), text.as_bytes()));
        check_spans(&load(APPLICATION.as_bytes(), text.as_bytes()));
    }

    #[test]
    fn damaged_manifests_are_read_or_refused(application in edits(), service in edits()) {
        let application = mutate(APPLICATION, &application);
        check_spans(&load(application.as_bytes(), mutate(SERVICE, &service).as_bytes()));
    }

    #[test]
    fn any_tree_is_read_or_refused(application in tree(), service in tree()) {
        check_spans(&load(application.to_string().as_bytes(), service.to_string().as_bytes()));
    }

    #[test]
    fn any_tree_under_a_right_key_is_read_or_refused(part in tree(), more in tree()) {
        let application = serde_json::json!({
            "name": "shop",
            "services": { "web": "./web", "api": part },
            "dependencies": { "db": more },
            "environments": { "p": more, "q": { "services": { "api": part }, "targets": { "aws": more } } },
        });
        check_spans(&load(application.to_string().as_bytes(), part.to_string().as_bytes()));
    }

    #[test]
    fn the_order_of_keys_means_nothing(seed in any::<u64>(), service in tree(), part in tree()) {
        let application = serde_json::json!({
            "name": "shop",
            "environment": { "A": "${app.name}", "B": "b" },
            "services": { "web": "./web", "api": { "location": "./web", "port": 1, "uses": ["web"] }, "c": part },
            "environments": { "p": { "domain": "a.b", "targets": { "aws": { "x": 1, "y": [2, { "c": 3, "d": 4 }] } } }, "q": part },
        });
        let ordered = load(application.to_string().as_bytes(), service.to_string().as_bytes());
        let other = load(
            shuffled(&application, seed).to_string().as_bytes(),
            shuffled(&service, seed).to_string().as_bytes(),
        );
        let tree = |loaded: &Loaded| debug::canonical(&format!("{:?}", loaded.manifest));
        prop_assert_eq!(tree(&ordered), tree(&other));
        let codes = |loaded: &Loaded| {
            let mut codes = loaded.codes();
            codes.sort_unstable();
            codes
        };
        prop_assert_eq!(codes(&ordered), codes(&other));
    }
}

#[test]
fn the_seeds_of_these_tests_are_right() {
    load(APPLICATION.as_bytes(), SERVICE.as_bytes()).clean();
}
