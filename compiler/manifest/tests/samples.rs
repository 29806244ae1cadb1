//! The schemas accept a document if and only if the binder does, and have the same keys.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests fail by panicking"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "the samples and schemas are files of this repository"
)]

mod common;
#[path = "common/schemas.rs"]
mod schemas;

use common::{Loaded, application, service};
use exoc_diagnostics::Severity;
use schemas::{schema, with_schemas};
use serde_json::{Map, Number, Value};
use std::path::PathBuf;
use yaml_rust2::{Yaml, YamlLoader};

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
        Yaml::Alias(_) | Yaml::BadValue => panic!("samples have no aliases"),
    }
}

struct Sample {
    name: String,
    noun: &'static str,
    text: String,
    document: Value,
}

impl Sample {
    fn load(&self) -> Loaded {
        if self.noun == "service" {
            service(&self.text)
        } else {
            application(&self.text)
        }
    }
}

fn samples(kind: &str) -> Vec<Sample> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(schemas::folder().join("samples").join(kind))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    assert!(!paths.is_empty());
    let sample = |path: PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let noun = match name.split('.').collect::<Vec<_>>().as_slice() {
            [_, "application", "yml"] => "application",
            [_, "service", "yml"] => "service",
            _ => panic!("{name} is neither an application nor a service"),
        };
        let text = std::fs::read_to_string(&path).unwrap();
        let documents = YamlLoader::load_from_str(&text).unwrap();
        Sample {
            document: json(&documents[0]),
            name,
            noun,
            text,
        }
    };
    paths.into_iter().map(sample).collect()
}

#[test]
fn schema_and_binder_accept_the_valid_samples() {
    with_schemas(|applications, services| {
        for sample in samples("valid") {
            let validator = if sample.noun == "service" {
                services
            } else {
                applications
            };
            let faults: Vec<String> = validator
                .iter_errors(&sample.document)
                .map(|e| e.to_string())
                .collect();
            assert_eq!(faults, Vec::<String>::new(), "schema: {}", sample.name);
            assert_eq!(
                sample.load().lines(),
                Vec::<String>::new(),
                "binder: {}",
                sample.name
            );
        }
    });
}

#[test]
fn schema_and_binder_refuse_the_invalid_samples() {
    with_schemas(|applications, services| {
        for sample in samples("invalid") {
            let first = sample
                .text
                .lines()
                .next()
                .unwrap()
                .strip_prefix("# ")
                .expect("the code stands in the first line");
            let (code, reason) = first.split_once(": ").unwrap_or((first, ""));
            let loaded = sample.load();
            assert_eq!(
                loaded.codes(),
                [code],
                "binder: {}: {:?}",
                sample.name,
                loaded.lines()
            );
            assert_eq!(
                loaded.diagnostics[0].code.severity,
                Severity::Error,
                "{}",
                sample.name
            );
            let validator = if sample.noun == "service" {
                services
            } else {
                applications
            };
            let accepted = validator.is_valid(&sample.document);
            assert_eq!(
                accepted,
                !reason.is_empty(),
                "schema: {} (the reason says why it accepts)",
                sample.name
            );
        }
    });
}

#[test]
fn schema_and_binder_know_the_same_keys() {
    let (application, service) = (schema("application"), schema("service"));
    for (noun, keys) in exoc_manifest::keys::ALL {
        let definition = match *noun {
            "application" => &application,
            "service" => &service,
            other => {
                let here = &application["$defs"][other];
                if here.is_null() {
                    &service["$defs"][other]
                } else {
                    here
                }
            }
        };
        let properties = definition["properties"]
            .as_object()
            .unwrap_or_else(|| panic!("no schema of {noun}"));
        let mut in_schema: Vec<&str> = properties.keys().map(String::as_str).collect();
        let mut in_binder: Vec<&str> = keys.built.to_vec();
        in_schema.sort_unstable();
        in_binder.sort_unstable();
        assert_eq!(in_schema, in_binder, "{noun}");
        assert_eq!(definition["additionalProperties"], Value::Bool(false), "{noun}");
    }
}

#[test]
fn every_property_is_described() {
    let (application, service) = (schema("application"), schema("service"));
    let described = |schema: &Value, property: &Value| {
        let target = property["$ref"].as_str().map(|path| match path.split_once('#') {
            Some(("", pointer)) => schema.pointer(pointer).unwrap(),
            Some((_, pointer)) => service.pointer(pointer).unwrap(),
            None => panic!("{path} has no pointer"),
        });
        property["description"].is_string() || target.is_some_and(|target| target["description"].is_string())
    };
    fn walk(at: &str, value: &Value, described: &dyn Fn(&Value) -> bool) {
        if let Some(properties) = value.get("properties").and_then(Value::as_object)
            && value.get("description").is_some()
            && value
                .get("if")
                .is_none_or(|condition| condition.get("required").is_some())
        {
            for (name, property) in properties {
                assert!(described(property), "{at}/{name} has no description");
            }
        }
        for (name, part) in value.as_object().into_iter().flatten() {
            walk(&format!("{at}/{name}"), part, described);
        }
    }
    walk("application", &application, &|property| {
        described(&application, property)
    });
    walk("service", &service, &|property| described(&service, property));
}
