//! Broken manifests before the schemas: a fault of the shape is one that a schema refuses, and a fault of the meaning
//! is one that it cannot know.

use crate::broken;
use exoc_diagnostics::{Diagnostic, MemorySources, Severity, Sink, SourceMap};
use exoc_snapshot_tests::case;
use jsonschema::{Registry, Validator};
use serde_json::{Map, Number, Value};
use std::collections::BTreeSet;
use yaml_rust2::{Yaml, YamlLoader};

/// Faults that the front end finds and no schema sees: the code, and why. Faults of EX00 are faults of the text that
/// a document is read from, or of files, and a schema judges neither.
const UNSEEN: &[(&str, &str)] = &[
    ("EX0115", "a schema does not split commands"),
    ("EX0360", "a schema does not read the files that are named"),
    ("EX0703", "a schema does not read comments"),
    ("EX0705", "a schema does not read comments"),
];

/// The same, where a schema sees others of the code: the row's name, and why.
const UNSEEN_ROWS: &[(&str, &str)] = &[
    (
        "a Dockerfile without a base",
        "a schema does not read Dockerfiles",
    ),
    (
        "a stage that the Dockerfile does not have",
        "a schema does not read Dockerfiles",
    ),
    (
        "a source that is the whole application",
        "a schema does not follow paths",
    ),
    (
        "a key without a space",
        "what is meant as keys is one text, and a folder may be called so",
    ),
    (
        "items without a space",
        "what is meant as items is one text, and a command may be one",
    ),
    (
        "an exception of a code that there is not",
        "a schema does not read comments",
    ),
    (
        "an exception of a code by its name",
        "a schema does not read comments",
    ),
    ("an exception of an error", "a schema does not read comments"),
    (
        "an exception until a day that there is not",
        "a schema does not read comments",
    ),
];

fn schema(noun: &str) -> Value {
    let path = case::root().join(format!("schemas/{noun}.schema.json"));
    #[expect(
        clippy::disallowed_methods,
        reason = "the schemas are files of this repository"
    )]
    let text = std::fs::read_to_string(path).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn validators() -> [(&'static str, Validator); 2] {
    let registry = Registry::new()
        .add("exoc:/service.schema.json", schema("service"))
        .unwrap()
        .prepare()
        .unwrap();
    ["application", "service"].map(|noun| {
        let validator = jsonschema::options()
            .with_base_uri(format!("exoc:/{noun}.schema.json"))
            .with_registry(&registry)
            .build(&schema(noun))
            .unwrap();
        (noun, validator)
    })
}

/// A document as a reader of YAML that is not ours sees it.
fn json(yaml: &Yaml) -> Value {
    match yaml {
        Yaml::Real(text) => Number::from_f64(text.parse().unwrap()).map_or(Value::Null, Value::Number),
        Yaml::Integer(number) => Value::from(*number),
        Yaml::String(text) => Value::from(text.as_str()),
        Yaml::Boolean(value) => Value::from(*value),
        Yaml::Array(items) => items.iter().map(json).collect(),
        Yaml::Hash(members) => {
            let key = |key: &Yaml| key.as_str().map_or_else(|| format!("{key:?}"), str::to_owned);
            let members = members.iter().map(|(name, value)| (key(name), json(value)));
            Value::Object(members.collect::<Map<_, _>>())
        }
        Yaml::Null | Yaml::Alias(_) | Yaml::BadValue => Value::Null,
    }
}

/// What the schemas have against the files of a manifest; nothing if a file is no YAML.
fn refusals(sources: &MemorySources, validators: &[(&str, Validator)]) -> Vec<String> {
    let mut refusals = Vec::new();
    for (path, bytes) in sources.iter() {
        let noun = path.name().strip_suffix(".yml").unwrap_or_default();
        let Some((_, validator)) = validators.iter().find(|(known, _)| *known == noun) else {
            continue;
        };
        let documents = YamlLoader::load_from_str(&String::from_utf8_lossy(bytes)).unwrap_or_default();
        if let Some(document) = documents.first().map(json) {
            let faults = validator.iter_errors(&document);
            refusals.extend(faults.map(|fault| format!("{path}{}: {fault}", fault.instance_path())));
        }
    }
    refusals
}

/// The errors of the front end, which knows one file at a time.
fn of_shape(sources: &MemorySources) -> Vec<Diagnostic> {
    let (mut map, mut sink) = (SourceMap::default(), Sink::new());
    let _ = exoc_manifest::load(sources, &mut map, &mut sink);
    let reported = sink.into_sorted().into_iter();
    reported
        .filter(|told| told.code.severity == Severity::Error)
        .collect()
}

#[test]
fn the_schemas_refuse_a_broken_manifest_exactly_if_its_shape_is_wrong() {
    let validators = validators();
    let mut report = Vec::new();
    let (mut shape, mut meaning) = (0, 0);
    let mut excused = BTreeSet::new();
    for (name, sources, code, _) in broken() {
        let told = of_shape(&sources);
        let refusals = refusals(&sources, &validators);
        if told.is_empty() {
            meaning += 1;
            if !refusals.is_empty() {
                report.push(format!(
                    "{name}, {code}: a fault of the meaning, and refused: {refusals:?}"
                ));
            }
        } else if told.iter().all(|told| !told.code.id.starts_with("EX00")) {
            shape += 1;
            let reason = UNSEEN
                .iter()
                .chain(UNSEEN_ROWS)
                .find(|(known, _)| [code, name].contains(known));
            match reason {
                None if refusals.is_empty() => report.push(format!("{name}, {code}: no schema refuses it")),
                Some((known, _)) if refusals.is_empty() => {
                    excused.insert(*known);
                }
                Some(_) | None => {}
            }
        }
    }
    for (known, reason) in UNSEEN.iter().chain(UNSEEN_ROWS) {
        if !excused.contains(known) {
            report.push(format!("{known}, `{reason}`: nothing needs this excuse"));
        }
    }
    assert!(report.is_empty(), "{}", report.join("\n"));
    assert!(
        shape > 100 && meaning > 100,
        "{shape} of shape, {meaning} of meaning"
    );
}
