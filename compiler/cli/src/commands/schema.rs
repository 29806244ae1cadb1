//! `exoc schema`: the JSON Schemas of the manifest, each in one piece. Owns how one is made part of the other; what is in
//! them is in `schemas/`.

use crate::args::{Schema, SchemaFile};
use crate::error::{CommandError, Exit};
use crate::terminal::Console;
use serde_json::{Map, Value};

const APPLICATION: &str = include_str!("../../../../schemas/application.schema.json");
const SERVICE: &str = include_str!("../../../../schemas/service.schema.json");

/// How the schema of application.yml names that of service.yml, and where that stands in the whole.
const OTHER_FILE: &str = "service.schema.json#";
const PLACE: &str = "service";

/// Runs the command.
///
/// # Errors
///
/// If the schema cannot be printed.
pub fn run(schema: Schema, console: &Console) -> Result<Exit, CommandError> {
    let text = match schema.file {
        SchemaFile::Application => application().unwrap_or_default(),
        SchemaFile::Service => SERVICE.to_owned(),
    };
    console.result(&text)?;
    Ok(Exit::Fine)
}

/// The schema of application.yml with that of service.yml among its definitions: editors do not all follow a reference
/// from one file to another.
fn application() -> serde_json::Result<String> {
    let mut whole: Value = serde_json::from_str(APPLICATION)?;
    let mut part: Value = serde_json::from_str(SERVICE)?;
    let inner = format!("#/$defs/{PLACE}");
    redirect(&mut whole, &|reference| {
        let rest = reference.strip_prefix(OTHER_FILE)?;
        Some(format!("{inner}{rest}"))
    });
    redirect(&mut part, &|reference| {
        let rest = reference.strip_prefix('#')?;
        Some(format!("{inner}{rest}"))
    });
    if let Some(members) = part.as_object_mut() {
        // What a part is written in is said by the whole.
        members.shift_remove("$schema");
    }
    if let Some(definitions) = whole.get_mut("$defs").and_then(Value::as_object_mut) {
        definitions.insert(PLACE.to_owned(), part);
    }
    serde_json::to_string_pretty(&whole).map(|text| text + "\n")
}

/// Changes every reference that `to` has something else for.
fn redirect(schema: &mut Value, to: &dyn Fn(&str) -> Option<String>) {
    let below: Vec<&mut Value> = match schema {
        Value::Object(members) => {
            follow(members, to);
            members.values_mut().collect()
        }
        Value::Array(items) => items.iter_mut().collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    below.into_iter().for_each(|value| redirect(value, to));
}

fn follow(members: &mut Map<String, Value>, to: &dyn Fn(&str) -> Option<String>) {
    if let Some(Value::String(reference)) = members.get_mut("$ref")
        && let Some(other) = to(reference)
    {
        *reference = other;
    }
}

#[cfg(test)]
mod tests {
    use super::{PLACE, SERVICE, application};
    use serde_json::Value;

    fn references(schema: &Value, found: &mut Vec<String>) {
        match schema {
            Value::Object(members) => {
                found.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
                members.values().for_each(|value| references(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| references(value, found)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    #[test]
    fn every_reference_leads_to_a_place_in_the_same_document() {
        for text in [application().unwrap(), SERVICE.to_owned()] {
            let schema: Value = serde_json::from_str(&text).unwrap();
            let mut found = Vec::new();
            references(&schema, &mut found);
            assert!(found.len() > 20, "{found:?}");
            for reference in found {
                let pointer = reference.strip_prefix('#').expect(&reference);
                assert!(schema.pointer(pointer).is_some(), "{reference}");
            }
        }
    }

    #[test]
    fn nothing_of_either_file_is_lost() {
        let whole: Value = serde_json::from_str(&application().unwrap()).unwrap();
        let part: Value = serde_json::from_str(SERVICE).unwrap();
        let inside = &whole["$defs"][PLACE];
        for key in ["properties", "$defs"] {
            let names = |schema: &Value| -> Vec<String> {
                let members = schema[key].as_object().unwrap();
                members.keys().cloned().collect()
            };
            assert_eq!(names(inside), names(&part));
        }
        assert!(whole["properties"]["services"].is_object());
    }
}
