//! `openapi`: compact data of what a version of Kubernetes takes, from the description that its repository carries and
//! from definitions of further kinds. It is a JSON Schema of draft 7, in which every kind is a mapping of names to objects.
//! Knows no target.

use crate::error::Error;
use exoc_snapshot_tests::case;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use yaml_rust2::{Yaml, YamlLoader};

/// The kinds that are kept, one a line.
const KINDS: &str = "schemas/kubernetes-kinds.txt";

/// Members of every object that only the server writes.
const SERVERS: [&str; 8] = [
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "selfLink",
    "uid",
];

/// What is known of a value besides the structure of an object.
const KEPT: [&str; 6] = ["enum", "maximum", "minimum", "required", "type", "uniqueItems"];

/// Where the data is from.
pub(crate) struct Source<'a> {
    /// Such as `1.36`.
    pub(crate) version: &'a str,
    /// The modules that both were taken from.
    pub(crate) packages: &'a [String],
    /// The day on which it was read.
    pub(crate) date: &'a str,
}

/// Writes the data of one version.
pub(crate) fn run(swagger: &Path, crds: &Path, source: &Source<'_>) -> Result<(), Error> {
    let names = read(&case::root().join(KINDS))?;
    let kinds: BTreeSet<&str> = names.lines().filter(|line| !line.starts_with('#')).collect();
    let swagger: Value = serde_json::from_str(&read(swagger)?)
        .map_err(|error| Error::Refused(format!("{}: {error}", swagger.display())))?;
    let mut found = Found::default();
    let own = own_kinds(&swagger);
    let mut properties = Map::new();
    for kind in kinds {
        let short = kind.rsplit(' ').next().unwrap_or_default();
        if let Some(name) = own.get(kind) {
            found.keep(&swagger, name)?;
        } else {
            let of = custom(crds, kind)?;
            let metadata = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
            found.keep(&swagger, metadata)?;
            let mut of = found.converted(&swagger, &of)?;
            of["properties"]["metadata"] = json!({ "$ref": "#/definitions/ObjectMeta" });
            found.definitions.insert(short.to_owned(), of);
        }
        properties.insert(
            short.to_owned(),
            json!({ "additionalProperties": { "$ref": format!("#/definitions/{short}") } }),
        );
    }
    for short in properties.keys() {
        let reference = json!(format!("#/definitions/{short}")).to_string();
        // What is also a part of another object, as a template, has what the server adds to it there.
        let is_part = found
            .definitions
            .values()
            .any(|of| of.to_string().contains(&reference));
        let of = found.definitions.get_mut(short).filter(|_| !is_part);
        if let Some(members) = of.and_then(|of| of["properties"].as_object_mut()) {
            members.shift_remove("status");
        }
    }
    let lines = |members: Vec<(&String, &Value)>| {
        let line = |(name, of): (&String, &Value)| format!("    {}: {of}", json!(name));
        members.into_iter().map(line).collect::<Vec<_>>().join(",\n")
    };
    let used = used(&found.definitions, &properties);
    let definitions = found.definitions.iter().filter(|(name, _)| used.contains(*name));
    let text = format!(
        "{{\n  \"$schema\": \"https://json-schema.org/draft-07/schema\",\n  \"version\": {},\n  \"packages\": {},\n  \"date\": \
         {},\n  \"properties\": {{\n{}\n  }},\n  \"definitions\": {{\n{}\n  }}\n}}\n",
        json!(source.version),
        json!(source.packages),
        json!(source.date),
        lines(properties.iter().collect()),
        lines(definitions.collect())
    );
    let out = format!("schemas/kubernetes-{}.json", source.version);
    let path = case::root().join(&out);
    std::fs::write(&path, text).map_err(|error| Error::disk(&path, &error))?;
    println!("{out}: {} kinds, {} definitions", properties.len(), used.len());
    Ok(())
}

fn read(path: &Path) -> Result<String, Error> {
    std::fs::read_to_string(path).map_err(|error| Error::disk(path, &error))
}

/// The definitions of Kubernetes' own kinds, by version and kind.
fn own_kinds(swagger: &Value) -> BTreeMap<String, String> {
    let mut kinds = BTreeMap::new();
    for (name, of) in swagger["definitions"].as_object().into_iter().flatten() {
        for kind in of["x-kubernetes-group-version-kind"]
            .as_array()
            .into_iter()
            .flatten()
        {
            let word = |key: &str| kind[key].as_str().unwrap_or_default();
            let group = word("group");
            let slash = if group.is_empty() { "" } else { "/" };
            let key = format!("{group}{slash}{} {}", word("version"), word("kind"));
            kinds.insert(key, name.clone());
        }
    }
    kinds
}

/// The schema of a kind that is defined in a file of a folder.
fn custom(folder: &Path, kind: &str) -> Result<Value, Error> {
    let wanted = |text: &str| -> Option<Value> {
        let definition = json(YamlLoader::load_from_str(text).ok()?.first()?);
        let spec = &definition["spec"];
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let versions = spec["versions"].as_array()?;
        let version = versions.iter().find(|version| {
            let (group, name) = (word(&spec["group"]), word(&version["name"]));
            format!("{group}/{name} {}", word(&spec["names"]["kind"])) == kind
        })?;
        Some(version["schema"]["openAPIV3Schema"].clone())
    };
    let entries = std::fs::read_dir(folder).map_err(|error| Error::disk(folder, &error))?;
    for entry in entries {
        let path = entry.map_err(|error| Error::disk(folder, &error))?.path();
        if path.extension().is_some_and(|end| end == "yaml")
            && let Some(schema) = wanted(&read(&path)?)
        {
            return Ok(schema);
        }
    }
    Err(Error::Refused(format!("nothing defines `{kind}`")))
}

fn json(node: &Yaml) -> Value {
    match node {
        Yaml::Hash(map) => {
            let members = map.iter();
            let members = members.filter_map(|(key, value)| Some((key.as_str()?.to_owned(), json(value))));
            Value::Object(members.collect())
        }
        Yaml::Array(items) => Value::Array(items.iter().map(json).collect()),
        Yaml::String(text) => Value::String(text.clone()),
        Yaml::Integer(number) => Value::from(*number),
        Yaml::Boolean(value) => Value::from(*value),
        Yaml::Real(_) | Yaml::Null | Yaml::Alias(_) | Yaml::BadValue => Value::Null,
    }
}

/// What has been read, by short names.
#[derive(Debug, Default)]
struct Found {
    definitions: BTreeMap<String, Value>,
    /// The long names of those.
    long: BTreeMap<String, String>,
}

impl Found {
    /// Reads a definition, and those that it refers to; gives its short name.
    fn keep(&mut self, swagger: &Value, name: &str) -> Result<String, Error> {
        let short = name.rsplit('.').next().unwrap_or_default().to_owned();
        match self.long.get(&short) {
            Some(known) if known == name => return Ok(short),
            Some(known) => {
                return Err(Error::Refused(format!(
                    "`{known}` and `{name}` would be one definition"
                )));
            }
            None => self.long.insert(short.clone(), name.to_owned()),
        };
        let of = match short.as_str() {
            // The server reads both as texts and as numbers.
            "IntOrString" => json!({ "type": ["string", "integer"] }),
            "Quantity" => json!({ "type": ["string", "number"] }),
            _ => self.converted(swagger, &swagger["definitions"][name])?,
        };
        self.definitions.insert(short.clone(), of);
        Ok(short)
    }

    fn converted(&mut self, swagger: &Value, of: &Value) -> Result<Value, Error> {
        if let Some(reference) = of["$ref"].as_str() {
            let name = reference.rsplit('/').next().unwrap_or_default();
            let short = self.keep(swagger, name)?;
            return Ok(json!({ "$ref": format!("#/definitions/{short}") }));
        }
        if of["x-kubernetes-int-or-string"] == true {
            return Ok(json!({ "type": ["string", "integer"] }));
        }
        let mut made = Map::new();
        for key in KEPT {
            if let Some(value) = of.get(key) {
                made.insert(key.to_owned(), value.clone());
            }
        }
        if let Some(items) = of.get("items") {
            made.insert("items".to_owned(), self.converted(swagger, items)?);
        }
        if let Some(values) = of.get("additionalProperties").filter(|values| values.is_object()) {
            made.insert(
                "additionalProperties".to_owned(),
                self.converted(swagger, values)?,
            );
        }
        if let Some(members) = of["properties"].as_object() {
            let mut properties = Map::new();
            let members = members
                .iter()
                .filter(|(name, _)| !SERVERS.contains(&name.as_str()));
            for (name, of) in members {
                properties.insert(name.clone(), self.converted(swagger, of)?);
            }
            properties.sort_keys();
            made.insert("properties".to_owned(), properties.into());
            let open = of["x-kubernetes-preserve-unknown-fields"] == true;
            if !open {
                made.insert("additionalProperties".to_owned(), json!(false));
            }
        }
        Ok(made.into())
    }
}

/// The definitions that something refers to: what only a status has is left behind.
fn used(definitions: &BTreeMap<String, Value>, kinds: &Map<String, Value>) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    let mut open: Vec<String> = kinds.keys().cloned().collect();
    while let Some(name) = open.pop() {
        if let Some(of) = definitions.get(&name)
            && used.insert(name)
        {
            references(of, &mut open);
        }
    }
    used
}

fn references(of: &Value, found: &mut Vec<String>) {
    match of {
        Value::Object(members) => {
            for (key, value) in members {
                match (key.as_str(), value.as_str()) {
                    ("$ref", Some(reference)) => {
                        found.extend(reference.rsplit('/').next().map(str::to_owned));
                    }
                    _ => references(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::{Found, own_kinds, used};
    use serde_json::json;

    fn swagger() -> serde_json::Value {
        json!({ "definitions": {
            "io.api.v1.Thing": {
                "type": "object",
                "description": "A thing.",
                "required": ["size"],
                "properties": {
                    "uid": { "type": "string" },
                    "size": { "$ref": "#/definitions/io.api.Quantity", "description": "How large." },
                    "parts": { "type": "array", "items": { "$ref": "#/definitions/io.api.v1.Thing" } },
                    "labels": { "type": "object", "additionalProperties": { "type": "string" } },
                },
                "x-kubernetes-group-version-kind": [{ "group": "api.io", "kind": "Thing", "version": "v1" }],
            },
            "io.api.Quantity": { "type": "string" },
        } })
    }

    #[test]
    fn a_kind_is_closed_and_leads_to_what_it_refers_to() {
        let kinds = own_kinds(&swagger());
        let name = &kinds["api.io/v1 Thing"];
        let mut found = Found::default();
        assert_eq!(found.keep(&swagger(), name).unwrap(), "Thing");
        assert_eq!(
            found.definitions["Thing"],
            json!({
                "required": ["size"],
                "type": "object",
                "properties": {
                    "labels": { "type": "object", "additionalProperties": { "type": "string" } },
                    "parts": { "type": "array", "items": { "$ref": "#/definitions/Thing" } },
                    "size": { "$ref": "#/definitions/Quantity" },
                },
                "additionalProperties": false,
            })
        );
        let kinds = json!({ "Quantity": {} });
        let kept = used(&found.definitions, kinds.as_object().unwrap());
        assert_eq!(kept.into_iter().collect::<Vec<_>>(), ["Quantity"]);
    }

    #[test]
    fn two_definitions_with_one_short_name_are_refused() {
        let mut found = Found::default();
        found.keep(&swagger(), "io.api.v1.Thing").unwrap();
        assert!(found.keep(&swagger(), "io.other.v1.Thing").is_err());
    }
}
