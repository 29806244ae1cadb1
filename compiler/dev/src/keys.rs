//! `docs/manifest/*.md`: a page per file of the language, made from its JSON Schema. Knows JSON Schema as far as the
//! project's own schemas use it; what it does not know is left out of a cell, never guessed.

use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// The schema of application.yml.
const APPLICATION: &str = include_str!("../../../schemas/application.schema.json");
/// The schema of service.yml.
const SERVICE: &str = include_str!("../../../schemas/service.schema.json");
/// The name under which the other schema refers to [`SERVICE`].
const SERVICE_FILE: &str = "service.schema.json";

/// The page of application.yml.
pub(crate) fn application() -> String {
    page("application.yml", APPLICATION)
}

/// The page of service.yml.
pub(crate) fn service() -> String {
    page("service.yml", SERVICE)
}

fn page(title: &str, schema: &str) -> String {
    let schemas = Schemas::read(schema);
    let root = &schemas.own;
    let mut out = format!("# `{title}`\n\n{}\n", text(root, "description"));
    out.push_str("\nThis page is made from the JSON Schema of the file by `cargo dev generate`.\n\n");
    let mut sections = vec![String::new()];
    out.push_str(&schemas.table(root, &mut sections));
    let mut seen = BTreeSet::new();
    let mut next = 1;
    while let Some(name) = sections.get(next).cloned() {
        next += 1;
        if !seen.insert(name.clone()) {
            continue;
        }
        let Some(definition) = schemas.definition(&name).cloned() else {
            continue;
        };
        let _ = write!(
            out,
            "\n## {}\n\n{}",
            heading(&name),
            text(&definition, "description")
        );
        if is_mapping(&definition) {
            let table = schemas.table(&definition, &mut sections);
            let _ = write!(out, "\n\n{table}");
        } else {
            let mut kinds = Vec::new();
            schemas.kinds(&definition, &mut kinds, &mut sections);
            kinds.dedup();
            let _ = write!(out, " Written as {}.", kinds.join(", or "));
            if let Some(values) = examples(&definition) {
                let _ = write!(out, " For example {values}.");
            }
            out.push('\n');
        }
    }
    out
}

/// A schema and the one that it refers to.
struct Schemas {
    own: Value,
    service: Value,
}

impl Schemas {
    fn read(schema: &str) -> Self {
        let read = |text| serde_json::from_str(text).unwrap_or(Value::Null);
        Self {
            own: read(schema),
            service: read(SERVICE),
        }
    }

    /// What a `$ref` leads to.
    fn follow(&self, reference: &str) -> Option<&Value> {
        let (file, pointer) = reference.split_once('#')?;
        let schema = if file == SERVICE_FILE {
            &self.service
        } else {
            &self.own
        };
        schema.pointer(pointer)
    }

    fn definition(&self, name: &str) -> Option<&Value> {
        let pointer = format!("/$defs/{name}");
        self.own
            .pointer(&pointer)
            .or_else(|| self.service.pointer(&pointer))
    }

    /// The keys of a mapping, a row each. Definitions that a cell names are added to `sections`.
    fn table(&self, mapping: &Value, sections: &mut Vec<String>) -> String {
        let none = Map::new();
        let properties = mapping.get("properties").and_then(Value::as_object);
        let required = names(mapping, "required");
        let mut out = String::from("| key | value | meaning |\n|---|---|---|\n");
        for (key, property) in properties.unwrap_or(&none) {
            let mut kinds = Vec::new();
            self.kinds(property, &mut kinds, sections);
            kinds.dedup();
            let mut meaning = self.description(property);
            if required.contains(key) {
                meaning.push_str(" Required.");
            }
            if let Some(values) = self.examples(property) {
                let _ = write!(meaning, " For example {values}.");
            }
            let meaning = meaning.trim().replace('|', "\\|");
            let _ = writeln!(out, "| `{key}` | {} | {meaning} |", kinds.join(", or "));
        }
        out
    }

    /// What may stand there, in words. `null` is left out: it removes a key everywhere.
    fn kinds(&self, schema: &Value, kinds: &mut Vec<String>, sections: &mut Vec<String>) {
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            self.kinds_behind(reference, kinds, sections);
            return;
        }
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            let words = values.iter().filter(|value| !value.is_null());
            kinds.push(
                words
                    .map(|value| format!("`{}`", plain(value)))
                    .collect::<Vec<_>>()
                    .join(", "),
            );
            return;
        }
        for choice in ["anyOf", "oneOf", "allOf"] {
            for inner in schema.get(choice).and_then(Value::as_array).into_iter().flatten() {
                self.kinds(inner, kinds, sections);
            }
        }
        for kind in types(schema) {
            kinds.push(match kind {
                "string" => "text".to_owned(),
                "integer" => range(schema, "whole number"),
                "number" => range(schema, "number"),
                "boolean" => "`true` or `false`".to_owned(),
                "array" => self.of(schema, "items", "list", sections),
                "object" => self.of(schema, "additionalProperties", "map", sections),
                _ => continue,
            });
        }
    }

    fn kinds_behind(&self, reference: &str, kinds: &mut Vec<String>, sections: &mut Vec<String>) {
        let Some(target) = self.follow(reference) else {
            return;
        };
        if reference.starts_with("#/properties/") {
            kinds.push("as above".to_owned());
            return;
        }
        let name = reference.rsplit('/').next().unwrap_or(reference);
        let elsewhere = reference.starts_with(SERVICE_FILE);
        if elsewhere && reference.contains("/$defs/") {
            kinds.push(format!("[{}](service.md#{name})", heading(name)));
            return;
        }
        if elsewhere {
            kinds.push("as in [`service.yml`](service.md)".to_owned());
            return;
        }
        // A definition is a section of its own; a key of the other page is what it is there.
        if reference.contains("/$defs/") && target.get("description").is_some() {
            sections.push(name.to_owned());
            kinds.push(format!("[{}](#{})", heading(name), name));
        } else {
            self.kinds(target, kinds, sections);
        }
    }

    /// `list of …` or `map to …`.
    fn of(&self, schema: &Value, member: &str, word: &str, sections: &mut Vec<String>) -> String {
        let mut kinds = Vec::new();
        if let Some(inner) = schema.get(member).filter(|inner| inner.is_object()) {
            self.kinds(inner, &mut kinds, sections);
        }
        kinds.dedup();
        let joint = if word == "map" { "to" } else { "of" };
        if kinds.is_empty() {
            word.to_owned()
        } else {
            format!("{word} {joint} {}", kinds.join(" or "))
        }
    }

    fn description(&self, schema: &Value) -> String {
        let own = text(schema, "description");
        match schema.get("$ref").and_then(Value::as_str) {
            Some(reference) if own.is_empty() => self
                .follow(reference)
                .map(|target| self.description(target))
                .unwrap_or_default(),
            Some(_) | None => own,
        }
    }

    fn examples(&self, schema: &Value) -> Option<String> {
        let behind = || self.examples(self.follow(schema.get("$ref")?.as_str()?)?);
        examples(schema).or_else(behind)
    }
}

fn is_mapping(schema: &Value) -> bool {
    schema.get("properties").is_some()
}

fn heading(name: &str) -> String {
    name.replace('-', " ")
}

fn text(schema: &Value, member: &str) -> String {
    schema
        .get(member)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

fn names(schema: &Value, member: &str) -> Vec<String> {
    let list = schema.get(member).and_then(Value::as_array);
    list.into_iter().flatten().map(plain).collect()
}

fn types(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(kind)) => vec![kind.as_str()],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        Some(_) | None => Vec::new(),
    }
}

fn range(schema: &Value, word: &str) -> String {
    let bound = |member| schema.get(member).map(plain);
    match (bound("minimum"), bound("maximum")) {
        (Some(least), Some(most)) => format!("{word} from {least} to {most}"),
        (Some(least), None) => format!("{word} from {least}"),
        (None, Some(most)) => format!("{word} to {most}"),
        (None, None) => word.to_owned(),
    }
}

/// The examples as YAML on one line each.
fn examples(schema: &Value) -> Option<String> {
    let list = schema.get("examples").and_then(Value::as_array)?;
    let shown: Vec<String> = list.iter().map(|value| format!("`{}`", yaml(value))).collect();
    Some(shown.join(" or "))
}

/// A value in YAML's flow form, with quotes only where they are needed.
fn yaml(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members = members
                .iter()
                .map(|(key, value)| format!("{key}: {}", yaml(value)));
            let members = members.collect::<Vec<_>>();
            if members.is_empty() {
                "{}".to_owned()
            } else {
                format!("{{ {} }}", members.join(", "))
            }
        }
        Value::Array(items) => format!("[{}]", items.iter().map(yaml).collect::<Vec<_>>().join(", ")),
        Value::String(text) if needs_quotes(text) => format!("\"{text}\""),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => plain(value),
    }
}

fn needs_quotes(text: &str) -> bool {
    text.is_empty()
        || text.parse::<f64>().is_ok()
        || text.contains([':', '#', '{', '[', ',', '"', '*', '&'])
        || text.starts_with(['-', ' ', '!', '%', '@', '`'])
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::{application, service, yaml};
    use serde_json::json;

    #[test]
    fn every_key_of_a_schema_has_a_row_and_every_link_a_section() {
        for (page, schema) in [(application(), super::APPLICATION), (service(), super::SERVICE)] {
            let schema: serde_json::Value = serde_json::from_str(schema).unwrap();
            for key in schema["properties"].as_object().unwrap().keys() {
                assert!(page.contains(&format!("\n| `{key}` | ")), "{key}:\n{page}");
            }
            let links = page
                .split("](#")
                .skip(1)
                .filter_map(|rest| rest.split(')').next());
            for link in links {
                let heading = format!("\n## {}\n", super::heading(link));
                assert!(page.contains(&heading), "no section for {link}:\n{page}");
            }
            for empty in ["|  |", "Written as ."] {
                assert!(!page.contains(empty), "nothing is said:\n{page}");
            }
        }
    }

    #[test]
    fn examples_are_yaml() {
        assert_eq!(
            yaml(&json!({ "min": 2, "cpu": "70%", "path": "/a", "version": "17", "args": ["a b", "c: d"] })),
            "{ min: 2, cpu: 70%, path: /a, version: \"17\", args: [a b, \"c: d\"] }"
        );
    }
}
