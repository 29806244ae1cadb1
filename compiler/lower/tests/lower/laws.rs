//! The laws of layers, for every key in its short and long forms.
//!
//! The oracle joins JSON values and knows nothing of the compiler: layers that it made into one file must give the
//! same program as the layers themselves, or the same codes.

use exoc_diagnostics::{MemorySources, Severity, Sink, SourceMap};
use exoc_lower::lower;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

type Layer = Map<String, Value>;

/// Every key of a service that a layer may have, with its forms, as JSON.
///
/// Paths of the manifest's files stand in `build` and `files` only, and are left out: they mean another place in
/// another file.
const FORMS: &[(&str, &[&str])] = &[
    (
        "build",
        &[
            r#"{"stage": "run"}"#,
            r#"{"args": {"A": "1", "B": "x"}}"#,
            r#"{"args": {"A": null, "C": "2"}, "stage": null}"#,
            r#"{"args": null}"#,
        ],
    ),
    ("image", &[r#""example/web:1.0""#, r#""example/web:2.0""#]),
    (
        "platforms",
        &[r#"["linux/arm64"]"#, r#"["linux/amd64", "linux/arm64"]"#],
    ),
    ("entrypoint", &[r#"["tini", "--"]"#, r#""tini -s --""#]),
    ("command", &[r#"["serve", "-v"]"#, r#""serve --port 80""#]),
    ("port", &["8080", "3000"]),
    (
        "ports",
        &[
            r#"[{"port": 8080}]"#,
            r#"[{"name": "http", "port": 3000, "protocol": "http"}, {"name": "admin", "port": 9000, "protocol": "tcp"}]"#,
        ],
    ),
    (
        "route",
        &[
            r#""/""#,
            r#"{"path": ["/a", "/b"]}"#,
            r#"{"path": "/c", "strip": true}"#,
            r#"{"timeout": "9s", "host": ["w.example.com"]}"#,
            r#"{"path": null, "strip": false}"#,
        ],
    ),
    (
        "health",
        &[
            r#""/healthz""#,
            r#"{"path": "/h", "interval": "20s"}"#,
            r#"{"tcp": true, "retries": 5}"#,
            r#"{"command": ["ok"], "timeout": "3s"}"#,
            r#"{"interval": null, "start": "60s"}"#,
            r#"{"grpc": true}"#,
        ],
    ),
    ("uses", &[r#"["db"]"#, r#"["cache", "internet"]"#, "[]"]),
    (
        "environment",
        &[
            r#"{"A": "1", "B": "two"}"#,
            r#"{"A": "${service.name}", "C": true}"#,
            r#"{"A": null, "DB_URL": null}"#,
            r#"{"B": 1.5, "PORT": "x"}"#,
        ],
    ),
    ("cpu", &["0.5", "2"]),
    ("memory", &[r#""1Gi""#, r#""256Mi""#]),
    (
        "scale",
        &[
            "1",
            "3",
            r#"{"min": 2, "max": 5}"#,
            r#"{"cpu": "60%"}"#,
            r#"{"max": 7, "memory": "80%"}"#,
            r#"{"min": 1, "max": 4, "cpu": null}"#,
        ],
    ),
    (
        "writable",
        &[
            r#"["/x", "/y"]"#,
            r#"{"/x": "10Mi"}"#,
            r#"{"/x": null, "/z": "128Mi"}"#,
        ],
    ),
    (
        "security",
        &[
            r#"{"user": 7}"#,
            r#"{"user": 8, "group": 9}"#,
            r#"{"group": null, "capabilities": ["CHOWN"]}"#,
            r#"{"user": "root", "writable-filesystem": true}"#,
        ],
    ),
    ("was", &[r#""old""#, r#""older""#, "null"]),
    ("shutdown", &[r#""9s""#, r#""1m""#]),
    (
        "volumes",
        &[
            r#"{"a": "/a"}"#,
            r#"{"a": {"size": "5Gi"}, "b": {"path": "/b"}}"#,
            r#"{"a": null, "b": {"path": "/c", "size": null}}"#,
            r#"{"a": {"path": "/a", "read-only": true}}"#,
            r#"{"a": {"read-only": false}, "b": {"read-only": null}}"#,
        ],
    ),
    (
        "files",
        &[
            r#"{"/f": {"content": "a"}}"#,
            r#"{"/f": {"content": "${service.name}", "executable": true}, "/g/h": {"content": "${dependencies.db.url}"}}"#,
            r#"{"/f": {"executable": false}, "/g/h": null}"#,
            r#"{"/f": {"content": null}, "/g/h": {"source": null, "content": "b"}}"#,
        ],
    ),
    ("schedule", &[r#""0 3 * * *""#, r#""*/5 * * * MON""#]),
    ("when", &[r#""before-deploy""#, r#""on-demand""#]),
    ("timeout", &[r#""5m""#, r#""2h""#]),
    ("retries", &["0", "3"]),
];

/// Members of which a stronger layer's one drops a weaker layer's others.
const CHOICES: &[(&str, &[&str])] = &[
    ("health", &["path", "tcp", "grpc", "command"]),
    ("/f", &["source", "content"]),
    ("", &["schedule", "when"]),
];

/// A layer: each key with a form, with `null`, or not at all.
fn layer() -> impl Strategy<Value = Layer> {
    let members: Vec<_> = FORMS
        .iter()
        .map(|(key, forms)| {
            let mut forms: Vec<Value> = forms
                .iter()
                .map(|form| serde_json::from_str(form).unwrap())
                .collect();
            forms.push(Value::Null);
            (
                Just((*key).to_owned()),
                prop::option::weighted(0.35, select(forms)),
            )
        })
        .collect();
    members.prop_map(|members| {
        let mut layer: Layer = members
            .into_iter()
            .filter_map(|(key, form)| Some((key, form?)))
            .collect();
        // Two words for one key in one layer are a fault of that layer alone.
        if layer.contains_key("port") {
            layer.remove("ports");
        }
        if layer.contains_key("schedule") {
            layer.remove("when");
        }
        layer
    })
}

/// A layer in long forms. Ports keep theirs, under one key.
fn long(layer: &Layer) -> Layer {
    let of_one = |name: &str, value: &Value| json!({ name: value });
    let expand = |(key, value): (&String, &Value)| {
        let value = match (key.as_str(), value) {
            ("route" | "health", Value::String(_)) => of_one("path", value),
            ("scale", Value::Number(_)) => json!({ "min": value, "max": value }),
            ("writable", Value::Array(folders)) => folders
                .iter()
                .map(|folder| (folder.as_str().unwrap().to_owned(), json!("64Mi")))
                .collect::<Map<_, _>>()
                .into(),
            ("volumes", Value::Object(volumes)) => volumes
                .iter()
                .map(|(name, volume)| match volume {
                    Value::String(_) => (name.to_owned(), of_one("path", volume)),
                    Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                        (name.to_owned(), volume.clone())
                    }
                })
                .collect::<Map<_, _>>()
                .into(),
            _ => value.clone(),
        };
        let key = if key == "port" { "ports" } else { key };
        (key.to_owned(), value)
    };
    layer.iter().map(expand).collect()
}

/// The stronger layer over the weaker one. `null` stays, because a variable that is withheld is more than one that
/// nobody names.
fn over(weaker: &Layer, stronger: &Layer, within: &str) -> Layer {
    let mut joined = weaker.clone();
    if within == "scale" && stronger.contains_key("min") && stronger.get("min") == stronger.get("max") {
        // A number leaves goals nothing to decide.
        joined.retain(|key, _| !["cpu", "memory", "requests"].contains(&key.as_str()));
    }
    let starts = |layer: &Layer| {
        ["schedule", "when"]
            .iter()
            .any(|key| layer.get(*key).is_some_and(|it| !it.is_null()))
    };
    if within.is_empty() && starts(stronger) && !starts(weaker) {
        // A job has none of them, and what was there spoke of a server.
        joined.retain(|key, _| !["port", "ports", "route", "health", "scale"].contains(&key.as_str()));
    }
    for (_, choice) in CHOICES.iter().filter(|(key, _)| *key == within) {
        let named = |key: &str| stronger.get(key).is_some_and(|value| !value.is_null());
        if choice.iter().any(|key| named(key)) {
            joined.retain(|key, _| !choice.contains(&key.as_str()));
        }
    }
    for (key, value) in stronger {
        let both = match (joined.get(key), value) {
            (Some(Value::Object(below)), Value::Object(above)) => over(below, above, key).into(),
            _ => value.clone(),
        };
        joined.insert(key.clone(), both);
    }
    joined
}

/// As a file has it: one number is a `port`.
fn written(layer: &Layer) -> Layer {
    let name = |(key, value): (&String, &Value)| {
        let key = if key == "ports" && value.is_number() {
            "port"
        } else {
            key
        };
        (key.to_owned(), value.clone())
    };
    layer.iter().map(name).collect()
}

/// The program, or the codes of all that is wrong.
fn program(file: &Layer, beside: &Layer, overlay: &Layer) -> Result<Value, BTreeSet<&'static str>> {
    let mut web = beside.clone();
    web.insert("location".into(), json!("./web"));
    let application = json!({
        "name": "shop",
        "registry": "example.com/shop",
        "dependencies": { "db": "postgres:17", "cache": "redis:7" },
        "services": { "web": web },
        "environments": { "production": { "domain": "example.com", "services": { "web": overlay } } },
    });
    let mut sources = MemorySources::from([
        ("application.yml", application.to_string()),
        ("web/service.yml", Value::from(file.clone()).to_string()),
    ]);
    sources.insert("web/Dockerfile", "FROM a AS run\nUSER 5\n");
    let (mut map, mut sink) = (SourceMap::default(), Sink::new());
    let manifest = exoc_manifest::load(&sources, &mut map, &mut sink);
    let program =
        manifest.and_then(|manifest| lower(&manifest, "production", &mut sink).finish(&mut sink).ok());
    let faults = sink
        .into_sorted()
        .into_iter()
        .filter(|it| it.code.severity == Severity::Error);
    match program {
        Some(program) => Ok(serde_json::to_value(program).unwrap()),
        None => Err(faults.map(|it| it.code.id).collect()),
    }
}

#[test]
fn the_table_of_forms_has_every_key_of_a_layer() {
    let schema = include_str!("../../../../schemas/service.schema.json");
    let schema: Value = serde_json::from_str(schema).unwrap();
    let keys: BTreeSet<&str> = schema["properties"]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let known: BTreeSet<&str> = FORMS.iter().map(|(key, _)| *key).collect();
    // A type must agree with the other keys, so that any two layers would differ in faults only; `development` is a
    // layer of its own.
    let apart = ["type", "development"];
    let missing: Vec<_> = keys
        .difference(&known)
        .filter(|key| !apart.contains(key))
        .collect();
    assert_eq!(missing, Vec::<&&str>::new());
    assert!(known.is_subset(&keys));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn layers_mean_what_one_layer_of_their_keys_means(file in layer(), beside in layer(), overlay in layer()) {
        let one = over(&over(&long(&file), &long(&beside), ""), &long(&overlay), "");
        let alone = program(&written(&one), &Layer::new(), &Layer::new());
        prop_assert_eq!(program(&file, &beside, &overlay), alone, "{}", Value::from(one));
    }

    #[test]
    fn a_layer_over_itself_changes_nothing(file in layer()) {
        let alone = program(&file, &Layer::new(), &Layer::new());
        prop_assert_eq!(&program(&file, &file, &Layer::new()), &alone);
        prop_assert_eq!(&program(&file, &Layer::new(), &file), &alone);
    }

    #[test]
    fn an_empty_layer_changes_nothing(file in layer(), overlay in layer()) {
        let without = program(&file, &Layer::new(), &overlay);
        prop_assert_eq!(program(&Layer::new(), &file, &overlay), without);
    }
}
