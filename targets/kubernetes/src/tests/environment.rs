//! Variables and arguments reach the container unchanged, by Kubernetes' own rule of expansion.

use super::sample::{self, Draft};
use super::{codes, documents, model, pod};
use crate::model::VariableValue;
use exoc_ir::{Id, Origin, Part, Product, Value};
use proptest::prelude::*;
use std::collections::BTreeMap;
use yaml_rust2::Yaml;

/// The documented rule: `$(NAME)` is an earlier variable, or stays if there is none; `$$` is `$`; nothing else is
/// special, and what was put in is not looked at again.
fn expand(text: &str, known: &BTreeMap<String, String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if let Some((name, after)) = rest.strip_prefix('(').and_then(|inner| inner.split_once(')')) {
            match known.get(name) {
                Some(value) => out.push_str(value),
                None => out.push_str(&format!("$({name})")),
            }
            rest = after;
        } else {
            out.push('$');
        }
    }
    out + rest
}

/// What a process sees: variables in the order of the list, each with those before it.
fn seen(container: &Yaml, secrets: &BTreeMap<&str, &str>) -> BTreeMap<String, String> {
    let mut known = BTreeMap::new();
    for variable in container["env"].as_vec().into_iter().flatten() {
        let name = variable["name"].as_str().expect("a name").to_owned();
        let value = match variable["value"].as_str() {
            Some(text) => expand(text, &known),
            // Neither is the empty text, as for the API server.
            None if variable["valueFrom"].is_badvalue() => String::new(),
            None => {
                let key = &variable["valueFrom"]["secretKeyRef"];
                assert_eq!(key["key"].as_str(), Some("value"));
                secrets[key["name"].as_str().expect("a Secret")].to_owned()
            }
        };
        assert_eq!(known.insert(name.clone(), value), None, "`{name}` is there twice");
    }
    known
}

/// Pieces that mean something to a shell, to YAML, to Kubernetes or to nobody.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("$"),
        Just("$$"),
        Just("("),
        Just(")"),
        Just("$("),
        Just("$(V0)"),
        Just("$(EXOC_KEY)"),
        Just("${V0}"),
        Just("\n"),
        Just("\t"),
        Just(" "),
        Just("  "),
        Just("\""),
        Just("'"),
        Just("\\"),
        Just("\r\n"),
        Just(": "),
        Just(" #"),
        Just("- "),
        Just("no"),
        Just("1e3"),
        Just("0x1"),
        Just("~"),
        Just("%{"),
        Just("`"),
        Just("{{"),
        Just("e\u{301}"),
        Just("\u{2028}"),
        Just("\u{feff}"),
        Just("\u{1f600}"),
        Just("\u{1}"),
        Just("x"),
        Just("---"),
        Just("|"),
        Just(">"),
        Just("&a"),
        Just("*a"),
        Just("!t"),
    ];
    prop::collection::vec(piece, 0..9).prop_map(|pieces| pieces.concat())
}

/// A part of a value: `Err` is one of two secrets.
fn part() -> impl Strategy<Value = Result<String, usize>> {
    prop_oneof![3 => hostile().prop_map(Ok), 1 => (0..2_usize).prop_map(Err)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn variables_and_arguments_are_what_the_manifest_says(
        variables in prop::collection::vec(prop::collection::vec(part(), 0..5), 1..6),
        arguments in prop::collection::vec(hostile(), 1..4),
        whole in any::<bool>(),
    ) {
        let contents = ["p$(V0)$$w", "$(EXOC_KEY)"];
        let mut draft = Draft::new();
        let image = draft.pinned("redis:7.4");
        let secrets = [draft.supplied("KEY"), draft.supplied("OTHER_KEY")];
        let mut workload = sample::workload(image, &[]);
        let mut expected = BTreeMap::new();
        for (index, parts) in variables.iter().enumerate() {
            let value = Value::new(parts.iter().map(|part| match part {
                Ok(text) => Part::Text(text.clone()),
                Err(secret) => Part::Secret(secrets[*secret]),
            }));
            let text: String = parts
                .iter()
                .map(|part| match part {
                    Ok(text) => text.as_str(),
                    Err(secret) => contents[*secret],
                })
                .collect();
            workload.environment.insert(format!("V{index}"), value);
            expected.insert(format!("V{index}"), text);
        }
        if whole {
            workload.environment.insert("ITSELF".into(), Value::new([Part::Secret(secrets[0])]));
            expected.insert("ITSELF".into(), contents[0].to_owned());
        }
        workload.command = Some(arguments.iter().map(Value::literal).collect());
        draft.service(sample::service("api", workload));
        let documents = documents(&draft.finish());
        let deployment = documents.iter().find(|it| it["kind"].as_str() == Some("Deployment")).expect("one");
        let container = &deployment["spec"]["template"]["spec"]["containers"][0];
        let secrets = [("secret-key", contents[0]), ("secret-other-key", contents[1])].into();
        let seen = seen(container, &secrets);
        let args: Vec<String> = container["args"]
            .as_vec()
            .into_iter()
            .flatten()
            .map(|word| expand(word.as_str().expect("a text"), &seen))
            .collect();
        prop_assert_eq!(args, arguments);
        let own: BTreeMap<String, String> =
            seen.into_iter().filter(|(name, _)| !name.starts_with("EXOC_")).collect();
        prop_assert_eq!(own, expected);
    }
}

#[test]
fn a_secret_in_a_text_takes_the_variable_that_is_that_secret_or_a_name_of_its_own() {
    let model = model(&sample::shop());
    let variables = &pod(&model, "api").container.variables;
    let names: Vec<&str> = variables.iter().map(|variable| variable.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "DB_PASSWORD",
            "EXOC_CACHE_PASSWORD",
            "EXOC_STRIPE_KEY",
            "CACHE_URL",
            "DB_URL",
            "DB_WHERE",
            "HEADER",
            "LOG_LEVEL",
            "NOTHING",
            "ON"
        ]
    );
    let value = |name: &str| variables.iter().find(|it| it.name == name).map(|it| &it.value);
    assert_eq!(
        value("DB_PASSWORD"),
        Some(&VariableValue::Secret("db-password".into()))
    );
    let url = "postgresql://shop:$(DB_PASSWORD)@db:5432/shop";
    assert_eq!(value("DB_URL"), Some(&VariableValue::Text(url.into())));
}

#[test]
fn a_check_by_command_is_not_expanded() {
    let mut draft = Draft::new();
    let image = draft.pinned("redis:7.4");
    let mut workload = sample::workload(image, &[]);
    let probe = exoc_ir::Probe::Command(vec![Value::literal("test"), Value::literal("$(A)$$")]);
    workload.health = Some(sample::health(probe, 10, 3, 3, 30));
    draft.service(sample::service("worker", workload));
    let model = model(&draft.finish());
    let probes = pod(&model, "worker").container.probes.clone().expect("probes");
    assert_eq!(
        probes.check,
        crate::model::Check::Exec(vec!["test".into(), "$(A)$$".into()])
    );
}

#[test]
fn no_object_holds_a_secret() {
    let mut draft = Draft::new();
    let password = draft.secret("DB_PASSWORD", Origin::PasswordOf(Id::new(0)));
    draft.backing("db", sample::managed(Product::Redis, "7", password, None));
    for document in documents(&draft.finish()) {
        assert_ne!(document["kind"].as_str(), Some("Secret"));
    }
}

#[test]
fn a_text_that_kustomize_would_not_keep_is_refused_wherever_it_stands() {
    let with = |change: &dyn Fn(&mut exoc_ir::Workload)| {
        let mut draft = Draft::new();
        let image = draft.pinned("redis:7.4");
        let mut workload = sample::workload(image, &[]);
        change(&mut workload);
        draft.service(sample::service("worker", workload));
        codes(&draft.finish())
    };
    let value = || Value::literal("a\u{7f}b");
    assert_eq!(
        with(&|it| drop(it.environment.insert("A".into(), value()))),
        ["EX0407"]
    );
    assert_eq!(with(&|it| it.command = Some(vec![value()])), ["EX0407"]);
    assert_eq!(with(&|it| it.entrypoint = Some(vec![value()])), ["EX0407"]);
    let probe = || exoc_ir::Probe::Command(vec![value()]);
    assert_eq!(
        with(&|it| it.health = Some(sample::health(probe(), 10, 3, 3, 30))),
        ["EX0407"]
    );
    for refused in ["\u{7f}", "\u{80}", "\u{85}", "\u{9f}", "\u{fffe}", "\u{ffff}"] {
        assert_eq!(
            with(&|it| drop(it.environment.insert("A".into(), Value::literal(refused)))),
            ["EX0407"]
        );
    }
    for kept in ["\u{1}", "\u{2028}", "\u{feff}", "\r", "\u{10ffff}"] {
        assert!(with(&|it| drop(it.environment.insert("A".into(), Value::literal(kept)))).is_empty());
    }
}
