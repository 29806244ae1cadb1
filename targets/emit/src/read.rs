//! Printed files read back, for comparisons: what they say, without comments and layout. Whatever is no text that a printer
//! of this crate makes gives nothing, rather than a part.

use granit_parser::{Event, Parser, ScalarStyle, StrInput};
use serde_json::Map;
pub use serde_json::Value;
use std::collections::BTreeMap;

/// Paths with dots, items of lists by their numbers, and texts.
pub type Attributes = BTreeMap<String, String>;

/// The documents of a YAML file; none if it cannot be read.
#[must_use]
pub fn yaml(text: &str) -> Vec<Value> {
    let options = granit_parser::options! { emit_comments: false };
    let mut parser = Parser::new_from_str_with_options(text, options);
    let mut documents = Vec::new();
    while let Some(event) = parser.next_event() {
        match event {
            Ok((Event::StreamEnd, _)) => break,
            Ok((event @ (Event::Scalar(..) | Event::SequenceStart(..) | Event::MappingStart(..)), _)) => {
                match node(&mut parser, event) {
                    Some(document) => documents.push(document),
                    None => return Vec::new(),
                }
            }
            Ok(_) => {}
            Err(_) => return Vec::new(),
        }
    }
    documents
}

fn next<'t>(parser: &mut Parser<'t, StrInput<'t>>) -> Option<Event<'t>> {
    parser.next_event()?.ok().map(|(event, _)| event)
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the parser's enum is open, and what is printed has no aliases"
)]
fn node<'t>(parser: &mut Parser<'t, StrInput<'t>>, event: Event<'t>) -> Option<Value> {
    match event {
        Event::Scalar(text, ScalarStyle::Plain, ..) if matches!(&*text, "" | "~" | "null") => {
            Some(Value::Null)
        }
        Event::Scalar(text, ..) => Some(Value::String(text.into_owned())),
        Event::SequenceStart(..) => {
            let mut items = Vec::new();
            loop {
                match next(parser)? {
                    Event::SequenceEnd => return Some(Value::Array(items)),
                    event => items.push(node(parser, event)?),
                }
            }
        }
        Event::MappingStart(..) => {
            let mut members = Map::new();
            loop {
                match next(parser)? {
                    Event::MappingEnd => return Some(Value::Object(members)),
                    Event::Scalar(key, ..) => {
                        let event = next(parser)?;
                        members.insert(key.into_owned(), node(parser, event)?);
                    }
                    _ => return None,
                }
            }
        }
        _ => None,
    }
}

/// Whether the path of an attribute is `path` itself or something below it.
#[must_use]
pub fn is_within(attribute: &str, path: &str) -> bool {
    let rest = attribute.strip_prefix(path);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// A tree as paths and texts. An empty list or mapping is `[]` or `{}`.
#[must_use]
pub fn flat(value: &Value) -> Attributes {
    let mut attributes = Attributes::new();
    flatten(value, "", &mut attributes);
    attributes
}

fn flatten(value: &Value, at: &str, attributes: &mut Attributes) {
    let inner = |key: &str| match at {
        "" => key.to_owned(),
        at => format!("{at}.{key}"),
    };
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (key, value) in members {
                flatten(value, &inner(key), attributes);
            }
        }
        Value::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) => {
            for (index, item) in items.iter().enumerate() {
                flatten(item, &inner(&index.to_string()), attributes);
            }
        }
        Value::String(text) => {
            attributes.insert(at.to_owned(), text.clone());
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            attributes.insert(at.to_owned(), value.to_string());
        }
    }
}

/// A block of HCL: its labels behind its word, and what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HclBlock {
    /// The word and the labels.
    pub labels: Vec<String>,
    /// What is in it, with expressions as HCL.
    pub attributes: Attributes,
}

/// The blocks of an HCL file; none if it cannot be read.
#[must_use]
pub fn hcl(text: &str) -> Vec<HclBlock> {
    let Ok(body) = hcl::parse(text) else {
        return Vec::new();
    };
    let block = |block: &hcl::Block| {
        let mut attributes = Attributes::new();
        members(&block.body, "", &mut attributes);
        let labels = block.labels.iter().map(|label| label.as_str().to_owned());
        HclBlock {
            labels: std::iter::once(block.identifier.to_string())
                .chain(labels)
                .collect(),
            attributes,
        }
    };
    body.blocks().map(block).collect()
}

fn members(body: &hcl::Body, at: &str, attributes: &mut Attributes) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for structure in body {
        match structure {
            hcl::Structure::Attribute(attribute) => {
                let path = format!("{at}{}", attribute.key);
                expression(&attribute.expr, &path, attributes);
            }
            hcl::Structure::Block(block) => {
                let name = block.identifier.to_string();
                let count = counts.entry(name.clone()).or_default();
                let labels: String = block
                    .labels
                    .iter()
                    .map(|label| format!("{}.", label.as_str()))
                    .collect();
                members(&block.body, &format!("{at}{name}.{labels}{count}."), attributes);
                *count += 1;
            }
        }
    }
}

fn expression(value: &hcl::Expression, at: &str, attributes: &mut Attributes) {
    if let hcl::Expression::Object(members) = value
        && !members.is_empty()
    {
        for (key, value) in members {
            expression(value, &format!("{at}.{key}"), attributes);
        }
    } else if let hcl::Expression::String(text) = value {
        attributes.insert(at.to_owned(), text.clone());
    } else {
        let text = hcl::format::to_string(value).unwrap_or_default();
        attributes.insert(at.to_owned(), text);
    }
}

#[cfg(test)]
mod tests {
    use super::{flat, hcl, yaml};

    #[test]
    fn yaml_is_read_as_texts() {
        let documents = yaml("# a\na: 1 # b\nb: [x, y]\nc:\n  # d\n  - d: \"2\"\n---\ne: |\n  f\n");
        let shown: Vec<String> = documents
            .iter()
            .map(|document| format!("{:?}", flat(document)))
            .collect();
        assert_eq!(
            shown,
            [
                r#"{"a": "1", "b": "[\"x\",\"y\"]", "c.0.d": "2"}"#,
                r#"{"e": "f\n"}"#
            ]
        );
        assert!(yaml("a: [").is_empty());
    }

    #[test]
    fn hcl_is_read_as_blocks() {
        let blocks =
            hcl("resource \"a\" \"b\" {\n  # c\n  d = var.e\n  f { g = \"h\" }\n  tags = { I = \"j\" }\n}\n");
        assert_eq!(blocks[0].labels, ["resource", "a", "b"]);
        let shown = format!("{:?}", blocks[0].attributes);
        assert_eq!(shown, r#"{"d": "var.e", "f.0.g": "h", "tags.I": "j"}"#);
        assert!(hcl("resource {").is_empty());
    }
}
