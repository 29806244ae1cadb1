//! Fixtures with one thing changed: a value of another type, a key that nobody knows, a key that is gone.

use crate::judge::Noun;
use serde_json::{Map, Number, Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use yaml_rust2::{Yaml, YamlLoader};

/// A file of a fixture.
pub(crate) struct Fixture {
    pub(crate) name: String,
    pub(crate) noun: Noun,
    pub(crate) document: Value,
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
            let member = |(key, value): (&Yaml, &Yaml)| (key.as_str().unwrap().to_owned(), json(value));
            Value::Object(members.iter().map(member).collect::<Map<_, _>>())
        }
        Yaml::Null => Value::Null,
        Yaml::Alias(_) | Yaml::BadValue => panic!("an alias that leads nowhere"),
    }
}

/// Every application.yml and service.yml of the fixtures, by path.
pub(crate) fn fixtures() -> Vec<Fixture> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let mut paths = Vec::new();
    collect(&root, &mut paths);
    paths.sort();
    let fixture = |path: PathBuf| {
        let noun = match path.file_name()?.to_str()? {
            "application.yml" => Noun::Application,
            "service.yml" => Noun::Service,
            _ => return None,
        };
        let text = std::fs::read_to_string(&path).unwrap();
        let documents = YamlLoader::load_from_str(&text).unwrap();
        Some(Fixture {
            name: path.strip_prefix(&root).unwrap().display().to_string(),
            noun,
            document: documents.first().map_or(Value::Null, json),
        })
    };
    paths.into_iter().filter_map(fixture).collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, paths);
        } else {
            paths.push(path);
        }
    }
}

/// Mutants with their names. What was changed at one place of the language in one fixture is not changed there in the
/// next.
pub(crate) fn of(fixtures: &[&Fixture]) -> Vec<(String, Value)> {
    let (mut seen, mut mutants) = (BTreeSet::new(), Vec::new());
    for fixture in fixtures {
        change(&fixture.document, &mut |document, place| {
            if seen.insert(place.clone()) {
                mutants.push((format!("{}: {place}", fixture.name), document));
            }
        });
    }
    mutants
}

/// Calls `made` with every document that differs from this one in one thing, and with what is different.
fn change(document: &Value, made: &mut impl FnMut(Value, String)) {
    let mut pointers = Vec::new();
    places(document, String::new(), String::new(), &mut pointers);
    for (pointer, place) in pointers {
        let at = |document: &mut Value, change: &dyn Fn(&mut Value)| {
            document.pointer_mut(&pointer).into_iter().for_each(change);
        };
        for other in others() {
            let mut mutant = document.clone();
            at(&mut mutant, &|value| *value = other.clone());
            made(mutant, format!("{place} is {other}"));
        }
        let mut mutant = document.clone();
        at(&mut mutant, &|value| {
            if let Some(members) = value.as_object_mut() {
                members.insert("zzz".to_owned(), json!(1));
            }
        });
        made(mutant, format!("{place} has zzz"));
        if let Some((above, key)) = pointer.rsplit_once('/') {
            let mut mutant = document.clone();
            if let Some(members) = mutant.pointer_mut(above).and_then(Value::as_object_mut) {
                members.shift_remove(&key.replace("~1", "/").replace("~0", "~"));
            }
            made(mutant, format!("{place} is gone"));
        }
    }
}

fn others() -> Vec<Value> {
    vec![
        Value::Null,
        json!(true),
        json!(7),
        json!(0.5),
        json!("word"),
        json!("/a"),
        json!([]),
        json!(["word"]),
        json!({}),
        json!({ "zzz": 1 }),
    ]
}

/// All places of a document, as pointers, and as the language calls them: without the names that a document chooses.
fn places(value: &Value, pointer: String, place: String, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                let escaped = key.replace('~', "~0").replace('/', "~1");
                places(
                    member,
                    format!("{pointer}/{escaped}"),
                    format!("{place}.{}", known(&place, key)),
                    found,
                );
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                places(item, format!("{pointer}/{index}"), format!("{place}[]"), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    let form = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "text",
        Value::Array(_) => "list",
        Value::Object(_) => "mapping",
    };
    found.push((pointer, format!("{place} ({form})")));
}

/// A key of the language as it is, a name that a document chose as `*`.
fn known<'k>(place: &str, key: &'k str) -> &'k str {
    let maps = [
        "environment",
        "secrets",
        "dependencies",
        "services",
        "environments",
        "volumes",
        "writable",
        "args",
        "parameters",
        "targets",
    ];
    if maps.iter().any(|map| place.ends_with(&format!(".{map}"))) {
        "*"
    } else {
        key
    }
}
