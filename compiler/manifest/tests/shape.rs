//! Tree -> AST: short forms become long forms, `null` removes, and one fault is one diagnostic.
#![expect(clippy::panic, reason = "helpers of tests fail by panicking")]

mod common;

use common::{Loaded, application, service};
use exoc_manifest::ast::{
    Dependency, DependencyType, Environment, Field, Protocol, Question, ServiceEntry, ServiceLayer,
    ServiceType, Text, TextPart,
};
use std::fmt::Debug;

#[track_caller]
fn set<T: Debug>(field: &Field<T>) -> &T {
    let Field::Set(value) = field else {
        panic!("not set: {field:?}")
    };
    value
}

fn layer(loaded: &Loaded) -> &ServiceLayer {
    let found = loaded
        .manifest
        .as_ref()
        .map(|manifest| &manifest.service_files["web"]);
    &set(found.unwrap_or(&Field::Absent)).layer
}

fn dependency<'a>(loaded: &'a Loaded, role: &str) -> &'a Dependency {
    let table = &loaded.clean().application.shared.dependencies;
    let found = table
        .iter()
        .find(|(key, _)| key.value == role)
        .map(|(_, field)| field);
    set(found.unwrap_or(&Field::Absent))
}

fn entry<'a>(loaded: &'a Loaded, role: &str) -> &'a ServiceEntry {
    let found = loaded
        .clean()
        .application
        .shared
        .services
        .iter()
        .find(|(key, _)| key.value == role);
    set(found.map_or(&Field::Absent, |(_, field)| field))
}

/// A text with its references in brackets.
fn show(text: &Text) -> String {
    let part = |part: &TextPart| match part {
        TextPart::Literal(literal) => literal.clone(),
        TextPart::Reference(reference) => {
            let names: Vec<&str> = reference.path.iter().map(|name| name.value.as_str()).collect();
            format!("<{}>", names.join(" "))
        }
    };
    text.parts.iter().map(part).collect()
}

#[track_caller]
fn command(text: &str) -> Vec<String> {
    let loaded = service(&format!("command: {text}\n"));
    loaded.clean();
    set(&layer(&loaded).command).items.iter().map(show).collect()
}

#[test]
fn short_forms_of_a_service_are_long_forms() {
    let loaded = service("build: .\nport: 3000\nroute: /\nhealth: /healthz\nscale: 2\nwritable: [/cache]\n");
    loaded.clean();
    let layer = layer(&loaded);
    assert_eq!(set(&set(&layer.build).context).value.as_str(), "web");
    let port = &set(&layer.ports).value[0];
    assert_eq!(
        (port.number.value, port.protocol.value, port.name.is_none()),
        (3000, Protocol::Http, true)
    );
    let route = set(&layer.route);
    assert_eq!(set(&route.path).value[0].value, "/");
    assert!(matches!(route.strip, Field::Absent));
    let health = set(&layer.health);
    assert!(matches!(set(&health.question), Question::Path(path) if path.value == "/healthz"));
    let scale = set(&layer.scale);
    assert_eq!((set(&scale.min).value, set(&scale.max).value), (2, 2));
    let (folder, size) = layer.writable.first().unwrap();
    assert_eq!((folder.value.as_str(), set(size).value), ("/cache", 64 << 20));
}

#[test]
fn quantities_have_one_unit() {
    let loaded = service(
        "cpu: 0.25\nmemory: 2Gi\nshutdown: 1m\nhealth: { tcp: true, interval: 30000ms, start: 0s }\nroute: { timeout: 1h }\nscale: { cpu: 70% }\n",
    );
    loaded.clean();
    let layer = layer(&loaded);
    assert_eq!(set(&layer.cpu).value, 250);
    assert_eq!(set(&layer.memory).value, 2 << 30);
    assert_eq!(set(&layer.shutdown).value, 60);
    let health = set(&layer.health);
    assert_eq!((set(&health.interval).value, set(&health.start).value), (30, 0));
    assert_eq!(set(&set(&layer.route).timeout).value, 3600);
    assert_eq!(set(&set(&layer.scale).cpu).value, 70);
    let cores = |text: &str| {
        set(&service(&format!("cpu: {text}\n"))
            .manifest
            .map(|m| m.service_files["web"].clone())
            .unwrap_or_default())
        .layer
        .cpu
        .clone()
    };
    for (text, expected) in [
        ("1", 1000),
        ("64", 64_000),
        ("0.001", 1),
        ("0.333", 333),
        ("1e-1", 100),
        ("2.0", 2000),
    ] {
        assert_eq!(set(&cores(text)).value, expected, "{text}");
    }
}

#[test]
fn types_of_services_and_users_are_words_or_numbers() {
    let loaded = service(
        "type: worker\nsecurity: { user: root, group: 5, capabilities: [CHOWN], privileged: true }\n",
    );
    loaded.clean();
    assert_eq!(set(&layer(&loaded).kind).value, ServiceType::Worker);
    let security = set(&layer(&loaded).security);
    assert_eq!((set(&security.user).value, set(&security.group).value), (0, 5));
    assert!(set(&security.privileged).value);
}

#[test]
fn short_forms_of_dependencies_and_services_are_long_forms() {
    let loaded = application(
        "name: shop\ndependencies: { db: postgres:17, cache: \"redis:7\", bare: redis }\nservices: { web: ./web }\n",
    );
    let db = dependency(&loaded, "db");
    assert_eq!(set(&db.kind).value, DependencyType::Managed("postgres"));
    assert_eq!(loaded.map.slice(set(&db.kind).span), "postgres");
    assert_eq!(
        (
            set(&db.version).value.as_str(),
            loaded.map.slice(set(&db.version).span)
        ),
        ("17", "17")
    );
    let cache = dependency(&loaded, "cache");
    assert_eq!(loaded.map.slice(set(&cache.kind).span), "redis");
    assert_eq!(loaded.map.slice(set(&cache.version).span), "7");
    assert!(matches!(dependency(&loaded, "bare").version, Field::Absent));
    assert_eq!(set(&entry(&loaded, "web").location).value, "./web");
}

#[test]
fn a_variable_is_the_scalar_as_written() {
    let loaded = application(
        "name: shop\nenvironment: { A: 1.10, B: no, C: 0777, D: 'x', E: true, F: \"a\\tb\", G: null, H: '' }\n",
    );
    let variables = &loaded.clean().application.shared.environment;
    let value = |at: usize| show(set(&variables[at]));
    assert_eq!(
        [value(0), value(1), value(2), value(3), value(4), value(5)],
        ["1.10", "no", "0777", "x", "true", "a\tb"]
    );
    assert!(matches!(variables[6], Field::Removed(_)));
    assert!(set(&variables[7]).parts.is_empty());
}

#[test]
fn null_removes_a_key_in_every_layer() {
    let loaded = service("port: null\nroute: ~\nhealth: { path: null }\nimage:\nscale: { max: null }\n");
    loaded.clean();
    let layer = layer(&loaded);
    assert!(matches!(layer.ports, Field::Removed(_)));
    assert!(matches!(layer.route, Field::Removed(_)));
    assert!(matches!(set(&layer.health).question, Field::Removed(_)));
    assert!(matches!(set(&layer.scale).max, Field::Removed(_)));
    let Field::Removed(span) = layer.image else {
        panic!("not removed")
    };
    assert_eq!(
        loaded.map.slice(span),
        "image",
        "nothing is written there, so the key stands for it"
    );
}

#[test]
fn options_of_targets_are_kept_and_patches_are_apart() {
    let loaded = application(
        "name: shop\nenvironments:\n  p:\n    targets:\n      aws: { region: eu, patches: [{ at: a.b, set: { x.y: 1 }, replace: { z: [2] } }] }\n",
    );
    let environment: &Environment = set(&loaded.clean().application.environments[0]);
    let target = set(&environment.targets[0]);
    assert_eq!(target.options.as_map().map(|map| map.members.len()), Some(1));
    assert_eq!(
        target.options.get("region").and_then(|node| node.as_text()),
        Some("eu")
    );
    let patch = &target.patches[0];
    assert_eq!(
        (
            patch.at.value.as_str(),
            patch.set[0].0.value.as_str(),
            patch.replace.len()
        ),
        ("a.b", "x.y", 1)
    );
}

#[test]
fn a_command_as_text_is_split_as_a_shell_would() {
    assert_eq!(command("node server.js"), ["node", "server.js"]);
    assert_eq!(command("'  a  b  '"), ["a", "b"]);
    assert_eq!(
        command(r#"sh -c 'a && b' "c d" e\ f "g\"h" 'i"j' k''l """#),
        ["sh", "-c", "a && b", "c d", "e f", "g\"h", "i\"j", "kl", ""]
    );
    assert_eq!(command(r#""a\\b \n""#), ["ab"]);
    assert_eq!(
        command("say ${app.name}-${env.name} '${env.domain} x' $${HOME}"),
        ["say", "<app name>-<env name>", "<env domain> x", "${HOME}"]
    );
    assert_eq!(command("|\n  node \\\n    server.js\n"), ["node", "server.js"]);
    assert_eq!(command("|\n  node\n    server.js\n"), ["node", "server.js"]);
    assert_eq!(
        command("[\"a b\", \"&&\", \"${app.name}\"]"),
        ["a b", "&&", "<app name>"]
    );
}

#[test]
fn a_command_that_wants_a_shell_is_shown_at_the_operator() {
    for (text, words) in [
        ("a && b", "&&"),
        ("a || b", "||"),
        ("a | b", "|"),
        ("a; b", ";"),
        ("a >b", ">"),
        ("a >> b", ">>"),
        ("a <b", "<"),
        ("a `b`", "`"),
        ("a $HOME", "$"),
        ("a \"$HOME\"", "$"),
        ("a $(b)", "$"),
        ("a &", "&"),
    ] {
        let loaded = service(&format!("command: {text}\n"));
        assert_eq!(loaded.codes(), ["EX0115"], "{text}");
        let label = loaded.diagnostics[0].primary.as_ref().unwrap();
        assert_eq!(loaded.map.slice(label.span), words, "{text}");
    }
}

#[test]
fn references_have_exact_places_in_every_style() {
    let text = "environment:\n  PLAIN: a ${app.name} ${services.api.url}\n  QUOTED: \"\\t${app.name}\"\n  SINGLE: 'it''s ${env.name}'\n  TWICE: \"é${a.b}\\n${a.b}\"\n  BLOCK: |\n    x ${app.name}\n      y $${z} ${dependencies.db.ports.http.url}\n  FOLDED: >-\n    a\n    ${env.domain}\n  LINES: one\n    ${app.name}\n";
    let loaded = service(text);
    loaded.clean();
    let mut seen = Vec::new();
    for (_, value) in &layer(&loaded).environment {
        for part in &set(value).parts {
            let TextPart::Reference(reference) = part else {
                continue;
            };
            let names: Vec<&str> = reference.path.iter().map(|name| name.value.as_str()).collect();
            assert_eq!(
                loaded.map.slice(reference.span),
                format!("${{{}}}", names.join("."))
            );
            for name in &reference.path {
                assert_eq!(loaded.map.slice(name.span), name.value);
            }
            seen.push(
                loaded
                    .map
                    .start(reference.span)
                    .map(|at| (at.line, at.column))
                    .unwrap_or_default(),
            );
        }
    }
    assert_eq!(
        seen,
        [
            (2, 12),
            (2, 24),
            (3, 14),
            (4, 18),
            (5, 12),
            (5, 20),
            (7, 7),
            (8, 15),
            (11, 5),
            (13, 5)
        ]
    );
}

#[test]
fn a_reference_behind_an_alias_is_shown_at_the_alias() {
    let loaded = service("environment: { A: &a \"x ${app.name}\", B: *a }\n");
    loaded.clean();
    let TextPart::Reference(reference) = &set(&layer(&loaded).environment[1]).parts[1] else {
        panic!("no reference")
    };
    assert_eq!(loaded.map.slice(reference.span), "*a");
    assert_eq!(loaded.map.slice(reference.path[0].span), "*a");
}

#[test]
fn a_value_of_a_secret_is_never_shown() {
    for text in ["hunter2", "12345", "[hunter2]", "\"\"", "true"] {
        let loaded = application(&format!("name: shop\nsecrets: {{ KEY: {text} }}\n"));
        assert_eq!(loaded.codes(), ["EX0102"], "{text}");
        assert_eq!(loaded.redacted, [text]);
        let diagnostic = &loaded.diagnostics[0];
        let words = format!(
            "{} {:?} {:?}",
            diagnostic.message, diagnostic.help, diagnostic.primary
        );
        assert!(!words.contains("hunter2") && !words.contains("12345"));
    }
}

#[test]
fn one_fault_is_one_diagnostic() {
    for text in [
        "nam: shop\n",
        "name: [shop\n",
        "name: *x\n",
        "name: shop\nservices: { web: { port: 80, prots: [a] } }\n",
        "name: shop\nservices: { web: { port: \"80\", health: { tcp: yes } } }\n",
        "name: shop\nenvironments: { p: { targets: { aws: { patches: [{ att: x, set: { a: 1 } }] } } } }\n",
        "name: shop\nservices: { web: { ports: [{ nmae: x, port: 1 }] } }\n",
        "name: shop\nservices: { web: { ports: [{ prot: 1 }] } }\n",
    ] {
        let faults = if text.contains("yes") { 2 } else { 1 };
        let loaded = application(text);
        assert_eq!(loaded.diagnostics.len(), faults, "{text}: {:?}", loaded.lines());
    }
}

#[test]
fn a_key_that_is_nearly_right_breaks_the_one_that_was_meant() {
    let loaded = service("prot: 3000\nruote: /\n");
    assert_eq!(loaded.codes(), ["EX0101", "EX0101"]);
    assert!(matches!(layer(&loaded).ports, Field::Broken(_)));
    assert!(matches!(layer(&loaded).route, Field::Broken(_)));
    assert!(matches!(layer(&loaded).health, Field::Absent));
}

#[test]
fn a_foreign_key_breaks_the_one_that_it_stands_for() {
    let loaded = service("user: 1000\nreplicas: 3\ndepends_on: [db]\n");
    assert_eq!(loaded.codes(), ["EX0104", "EX0104", "EX0104"]);
    assert!(matches!(layer(&loaded).security, Field::Broken(_)));
    assert!(matches!(layer(&loaded).scale, Field::Broken(_)));
    assert!(matches!(layer(&loaded).uses, Field::Broken(_)));
    assert!(matches!(layer(&loaded).memory, Field::Absent));
}

#[test]
fn a_merge_key_breaks_whatever_it_may_have_given() {
    let loaded = service("<<: { image: a }\nport: 1\n");
    assert_eq!(loaded.codes(), ["EX0012"]);
    assert!(matches!(layer(&loaded).image, Field::Broken(_)));
    assert!(matches!(layer(&loaded).ports, Field::Set(_)));
}

#[test]
fn a_text_with_very_many_references_is_read_at_once() {
    let references = "${app.name}\n    ".repeat(100_000);
    let loaded = service(&format!("environment:\n  A: |\n    {references}\n"));
    loaded.clean();
    assert_eq!(set(&layer(&loaded).environment[0]).parts.len(), 200_000);
}

#[test]
fn bounds_are_those_of_the_language() {
    for (key, below, least, most, above) in [
        ("port", "0", "1", "65535", "65536"),
        ("cpu", "0.0009", "0.001", "64", "64.001"),
        ("memory", "0Ki", "1Ki", "512Ti", "99999999999Ti"),
        ("shutdown", "1s", "2s", "120s", "121s"),
        ("scale", "-1", "0", "10000", "10001"),
        ("health: { path: /, interval", "4s", "5s", "300s", "301s"),
        ("health: { path: /, timeout", "1s", "2s", "60s", "61s"),
        ("health: { path: /, retries", "1", "2", "10", "11"),
        ("health: { path: /, start", "-1s", "0s", "300s", "301s"),
        ("route: { timeout", "0s", "1s", "1h", "3601s"),
        ("scale: { min: 1, cpu", "0%", "1%", "100%", "101%"),
        ("scale: { min: 1, memory", "0%", "1%", "100%", "101%"),
        ("scale: { min: 1, requests", "0", "1", "1000000", "1000001"),
        ("security: { user", "-1", "0", "2147483647", "2147483648"),
        ("security: { group", "-1", "0", "2147483647", "2147483648"),
    ] {
        let close = if key.contains('{') { " }" } else { "" };
        let codes = |value: &str| service(&format!("{key}: {value}{close}\n")).codes();
        for fine in [least, most] {
            assert_eq!(codes(fine), [""; 0], "{key}: {fine}");
        }
        let unit = if below == "-1s" { "EX0108" } else { "EX0107" };
        assert_eq!(codes(below), [unit], "{key}: {below}");
        assert_eq!(codes(above), ["EX0107"], "{key}: {above}");
    }
}

#[test]
fn every_diagnostic_keeps_to_the_house_style() {
    let mut count = 0;
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../schemas/samples/invalid");
    for entry in walk(folder) {
        let loaded = if entry.0.contains(".service.") {
            service(&entry.1)
        } else {
            application(&entry.1)
        };
        for diagnostic in &loaded.diagnostics {
            let message = &diagnostic.message;
            count += 1;
            assert!(!diagnostic.help.is_empty(), "{message}");
            assert!(diagnostic.primary.is_some(), "{message}");
            assert!(!message.ends_with('.') && !message.contains(" you "), "{message}");
            assert!(
                !message.starts_with(|c: char| c.is_uppercase()) || message.starts_with("Linux"),
                "{message}"
            );
            assert_eq!(message.matches('`').count() % 2, 0, "{message}");
        }
    }
    assert!(count > 100);
}

#[expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "the samples are files of this repository"
)]
fn walk(folder: &str) -> Vec<(String, String)> {
    let paths = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    paths
        .map(|path| {
            (
                path.to_str().unwrap().to_owned(),
                std::fs::read_to_string(&path).unwrap(),
            )
        })
        .collect()
}

#[test]
fn a_bare_number_lacks_a_unit_and_half_a_second_is_not_whole() {
    for (line, message) in [
        ("memory: 512", "`memory` is `512`, without a unit"),
        ("shutdown: 30", "`shutdown` is `30`, without a unit"),
        ("shutdown: 1.5s", "`shutdown` is `1.5s`, not a whole number"),
        (
            "memory: 512MB",
            "`memory` is `512MB`, which has no unit that is known",
        ),
    ] {
        let loaded = service(&format!("{line}\n"));
        let messages: Vec<_> = loaded.diagnostics.iter().map(|it| it.message.as_str()).collect();
        assert_eq!(messages, [message]);
    }
}

#[test]
fn what_may_be_a_secret_under_an_unknown_key_is_not_shown() {
    let text = "name: shop\nsecrets: { KEY: { value: hunter2 } }\ndependencies:\n  db: { type: postgres, version: \"17\", password: hunter3 }\n";
    let loaded = application(text);
    assert_eq!(loaded.codes(), ["EX0101", "EX0101"]);
    assert_eq!(loaded.redacted, ["hunter2", "hunter3"]);
    let text = "name: shop\nservices:\n  web:\n    image: a/b:1\n    env: [{ name: API_TOKEN, value: hunter2 }, { name: A, value: b }]\n    environment: [DB_PASSWORD=hunter3, A=b]\ndependencies:\n  db: { type: postgres, version: \"17\", environment: { POSTGRES_PASSWORD: hunter4, POSTGRES_DB: b } }\n";
    let mut redacted = application(text).redacted;
    redacted.sort();
    assert_eq!(redacted, ["DB_PASSWORD=hunter3", "hunter2", "hunter4"]);
}

#[test]
fn a_default_of_a_shell_is_repeated_unless_it_may_be_a_secret() {
    let loaded =
        service("image: a/b:1\nenvironment: { A: \"x ${LEVEL:-info}\", B: \"y${DB_PASSWORD:-hunter2}\" }\n");
    assert_eq!(loaded.codes(), ["EX0111", "EX0111"]);
    assert!(loaded.diagnostics[0].help[0].starts_with("write `info` in its place"));
    assert!(
        loaded.diagnostics[1]
            .help
            .iter()
            .all(|line| !line.contains("hunter2"))
    );
    assert_eq!(loaded.redacted, ["hunter2"]);
}
