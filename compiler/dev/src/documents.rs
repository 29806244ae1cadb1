//! `documents`: compact data of the documents of JSON that stand in attributes, from the model of a service's interface
//! that AWS publishes with botocore. Knows no target.

use crate::error::Error;
use exoc_snapshot_tests::case;
use serde_json::{Map, Value, json};
use std::path::Path;

/// Attributes, and the structure of a list's items in the model.
const DOCUMENTS: [(&str, &str); 1] = [(
    "aws_ecs_task_definition.container_definitions",
    "ContainerDefinition",
)];

/// What is written.
const OUT: &str = "schemas/aws-documents.json";

/// Writes the data of all documents.
pub(crate) fn run(model: &Path, package: &str, date: &str) -> Result<(), Error> {
    let text = std::fs::read_to_string(model).map_err(|error| Error::disk(model, &error))?;
    let refused = |what: String| Error::Refused(format!("{}: {what}", model.display()));
    let model: Value = serde_json::from_str(&text).map_err(|error| refused(error.to_string()))?;
    let shapes = Shapes(&model["shapes"]);
    let mut lines = Vec::new();
    for (attribute, structure) in DOCUMENTS {
        let known = shapes.structure(structure);
        let known = known.ok_or_else(|| refused(format!("no structure `{structure}`")))?;
        lines.push(format!("    {}: {known}", json!(attribute)));
    }
    let service = &model["metadata"];
    let text = format!(
        "{{\n  \"package\": {},\n  \"model\": {},\n  \"date\": {},\n  \"documents\": {{\n{}\n  }}\n}}\n",
        json!(package),
        json!(format!(
            "{} {}",
            service["serviceId"].as_str().unwrap_or_default(),
            service["apiVersion"].as_str().unwrap_or_default()
        )),
        json!(date),
        lines.join(",\n")
    );
    let path = case::root().join(OUT);
    std::fs::write(&path, text).map_err(|error| Error::disk(&path, &error))?;
    println!("{OUT}: {} documents", DOCUMENTS.len());
    Ok(())
}

/// The shapes of a model, by their names.
#[derive(Clone, Copy)]
struct Shapes<'m>(&'m Value);

impl Shapes<'_> {
    /// The members of a structure, as `schemas/aws.md` says how.
    fn structure(self, name: &str) -> Option<Value> {
        let shape = self.0.get(name)?;
        let required: Vec<&str> = shape["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let mut attributes = Map::new();
        for (member, of) in shape["members"].as_object()? {
            let mark = if required.contains(&member.as_str()) {
                "!"
            } else {
                ""
            };
            let of = of["shape"].as_str()?;
            attributes.insert(member.clone(), self.value(of, mark)?);
        }
        attributes.sort_keys();
        Some(json!({ "attributes": attributes }))
    }

    fn value(self, name: &str, mark: &str) -> Option<Value> {
        let shape = self.0.get(name)?;
        let inner = |of: &str| shape[of]["shape"].as_str();
        match shape["type"].as_str()? {
            "structure" => Some(json!({ "object": format!("{mark}struct"), "of": self.structure(name)? })),
            "list" => {
                let item = inner("member")?;
                match self.value(item, "")?.as_str() {
                    Some(word) => Some(json!(format!("{mark}list({word})"))),
                    None => Some(json!({ "object": format!("{mark}structs"), "of": self.structure(item)? })),
                }
            }
            "map" => {
                let word = self.value(inner("value")?, "")?;
                Some(json!(format!("{mark}map({})", word.as_str()?)))
            }
            scalar => Some(json!(format!("{mark}{}", word(scalar, &shape["enum"])))),
        }
    }
}

fn word(scalar: &str, words: &Value) -> String {
    let words: Vec<&str> = words
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    match scalar {
        "string" if !words.is_empty() => format!("word({})", words.join(",")),
        "string" => "string".to_owned(),
        "boolean" => "bool".to_owned(),
        "integer" | "long" | "float" | "double" => "number".to_owned(),
        _ => "any".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::Shapes;
    use serde_json::json;

    #[test]
    fn structures_lists_maps_and_words_are_read() {
        let model = json!({
            "Thing": { "type": "structure", "required": ["name"], "members": {
                "parts": { "shape": "Parts" }, "name": { "shape": "String" }, "labels": { "shape": "Labels" },
                "sizes": { "shape": "Sizes" }, "part": { "shape": "Part" },
            } },
            "Parts": { "type": "list", "member": { "shape": "Part" } },
            "Part": { "type": "structure", "members": { "kind": { "shape": "Kind" }, "on": { "shape": "Boolean" } } },
            "Kind": { "type": "string", "enum": ["a", "b"] },
            "Labels": { "type": "map", "key": { "shape": "String" }, "value": { "shape": "String" } },
            "Sizes": { "type": "list", "member": { "shape": "Integer" } },
            "String": { "type": "string" },
            "Boolean": { "type": "boolean" },
            "Integer": { "type": "integer" },
        });
        let part = json!({ "attributes": { "kind": "word(a,b)", "on": "bool" } });
        assert_eq!(
            Shapes(&model).structure("Thing"),
            Some(json!({ "attributes": {
                "labels": "map(string)",
                "name": "!string",
                "part": { "object": "struct", "of": part },
                "parts": { "object": "structs", "of": part },
                "sizes": "list(number)",
            } }))
        );
        assert_eq!(Shapes(&model).structure("Other"), None);
    }
}
