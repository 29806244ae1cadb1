//! A target's options against its JSON Schema: every fault at the exact key or value.

use crate::environment::Settings;
use crate::words::{list, quoted};
use exoc_diagnostics::{Diagnostic, Kind, Map, Node, Scalar, Sink, Typed, codes, did_you_mean, nearest};
use exoc_ir::Target;
use jsonschema::error::ValidationErrorKind;
use jsonschema::paths::{Location, LocationSegment};
use jsonschema::{Draft, ValidationError};
use serde_json::{Number, Value};
use std::collections::BTreeMap;

/// Checks the options of one target.
pub(crate) fn check(target: &dyn Target, settings: &Settings, sink: &mut Sink) {
    let broken = |sink: &mut Sink, why: String| {
        sink.error(
            Diagnostic::new(
                codes::INTERNAL,
                format!("the schema of the target {}: {why}", quoted(target.id())),
            )
            .at(settings.at, "")
            .help("this is a fault of exoc; please report it"),
        );
    };
    let schema: Value = match serde_json::from_str(target.options_schema()) {
        Ok(schema) => schema,
        Err(error) => return broken(sink, error.to_string()),
    };
    let validator = match jsonschema::options()
        .with_draft(Draft::Draft202012)
        .build(&schema)
    {
        Ok(validator) => validator,
        Err(error) => return broken(sink, error.to_string()),
    };
    let json = to_json(&settings.options);
    let check = Check {
        target: target.id(),
        settings,
        schema: &schema,
    };
    let errors: Vec<ValidationError<'_>> = validator.iter_errors(&json).collect();
    let mut missing: BTreeMap<&str, Vec<&ValidationError<'_>>> = BTreeMap::new();
    for error in &errors {
        if check.meant(error, &errors) || inside_another(error, &errors) {
            continue;
        }
        if let ValidationErrorKind::Required { .. } = error.kind() {
            missing
                .entry(error.instance_path().as_str())
                .or_default()
                .push(error);
        } else {
            check.report(error, sink);
        }
    }
    for errors in missing.values() {
        check.missing(errors, sink);
    }
}

/// Whether a value is wrong only inside of one that is wrong itself: the outer fault says enough.
#[expect(clippy::wildcard_enum_match_arm, reason = "not our enum, and it grows")]
fn inside_another(error: &ValidationError<'_>, all: &[ValidationError<'_>]) -> bool {
    let inner = error.instance_path().as_str();
    all.iter().any(|other| match other.kind() {
        ValidationErrorKind::AdditionalProperties { .. }
        | ValidationErrorKind::UnevaluatedProperties { .. }
        | ValidationErrorKind::Required { .. } => false,
        _ => inner
            .strip_prefix(other.instance_path().as_str())
            .is_some_and(|rest| rest.starts_with('/')),
    })
}

/// What a user calls a value: the last key, with the place in a list behind it; `None` for the options as a whole.
fn name(path: &Location) -> Option<String> {
    path.iter().fold(None, |name, segment| match segment {
        LocationSegment::Property(key) => Some(key.to_string()),
        LocationSegment::Index(index) => Some(format!("{}[{index}]", name.unwrap_or_default())),
    })
}

struct Check<'a> {
    target: &'a str,
    settings: &'a Settings,
    schema: &'a Value,
}

impl Check<'_> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "not our enum, and it grows")]
    /// Whether an error is that an option is missing which another, unknown one was meant to be.
    fn meant(&self, error: &ValidationError<'_>, all: &[ValidationError<'_>]) -> bool {
        let ValidationErrorKind::Required { property } = error.kind() else {
            return false;
        };
        all.iter().any(|other| match other.kind() {
            ValidationErrorKind::AdditionalProperties { unexpected }
            | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
                let known = properties(parent(self.schema, other.schema_path()));
                let meant = |key: &String| nearest(key, known.iter().copied()) == property.as_str();
                other.instance_path() == error.instance_path() && unexpected.iter().any(meant)
            }
            _ => false,
        })
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "not our enum, and it grows")]
    fn report(&self, error: &ValidationError<'_>, sink: &mut Sink) {
        let node = find(&self.settings.options, error.instance_path());
        let parent = parent(self.schema, error.schema_path());
        let name = name(error.instance_path());
        match error.kind() {
            ValidationErrorKind::AdditionalProperties { unexpected }
            | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
                for key in unexpected {
                    self.unknown(key, node, parent, sink);
                }
            }
            kind => self.wrong(
                kind,
                name.as_deref().unwrap_or("options"),
                node,
                error.schema_path(),
                sink,
            ),
        }
    }

    fn unknown(&self, key: &str, node: &Node, parent: Option<&Value>, sink: &mut Sink) {
        let at = node
            .as_map()
            .and_then(|map| map.get(key))
            .map_or(node.span, |member| member.key.span);
        let known = properties(parent);
        let all = if known.is_empty() {
            "it has no options".to_owned()
        } else {
            format!("its options are {}", list(known.iter().copied()))
        };
        sink.error(
            Diagnostic::new(
                codes::BAD_OPTION,
                format!("the target {} has no option {}", quoted(self.target), quoted(key)),
            )
            .at(at, "unknown option")
            .help_if(did_you_mean(key, known.iter().copied()))
            .help(all),
        );
    }

    /// Options that one mapping lacks.
    fn missing(&self, errors: &[&ValidationError<'_>], sink: &mut Sink) {
        let Some(first) = errors.first() else { return };
        let parent = parent(self.schema, first.schema_path());
        let node = find(&self.settings.options, first.instance_path());
        let name = name(first.instance_path());
        // Options as a whole are long: their key stands for them.
        let at = if name.is_none() {
            self.settings.at
        } else {
            node.span
        };
        let keys: Vec<&str> = errors
            .iter()
            .filter_map(|error| {
                if let ValidationErrorKind::Required { property } = error.kind() {
                    property.as_str()
                } else {
                    None
                }
            })
            .collect();
        let path = |key: &&str| {
            name.as_ref()
                .map_or_else(|| (*key).to_owned(), |name| format!("{name}.{key}"))
        };
        let paths: Vec<String> = keys.iter().map(path).collect();
        let noun = if keys.len() == 1 { "option" } else { "options" };
        let property = |key: &str| parent.and_then(|parent| parent.get("properties")?.get(key));
        let mut diagnostic = Diagnostic::new(
            codes::BAD_OPTION,
            format!(
                "the target {} needs the {noun} {}",
                quoted(self.target),
                list(paths.iter().map(String::as_str))
            ),
        )
        .at(at, format!("no {} here", list(keys.iter().copied())));
        for key in &keys {
            let about = property(key).and_then(description);
            diagnostic = diagnostic.help_if(about.map(|about| format!("{}: {about}", quoted(key))));
        }
        let members: Option<Vec<String>> = keys
            .iter()
            .map(|key| Some(format!("{key}: {}", example(property(key)?)?)))
            .collect();
        let owner = name.as_deref().unwrap_or(self.target);
        let help = match members {
            Some(members) => format!("write for example `{owner}: {{ {} }}`", members.join(", ")),
            None => format!("write {}", list(keys.iter().copied())),
        };
        sink.error(diagnostic.help(help));
    }

    fn wrong(&self, kind: &ValidationErrorKind, name: &str, node: &Node, at: &Location, sink: &mut Sink) {
        let parent = parent(self.schema, at);
        let number = node
            .as_scalar()
            .filter(|scalar| matches!(scalar.typed, Typed::Int(_) | Typed::Float(_)));
        let (label, quote) = wanted(kind, node);
        let shown = node
            .as_scalar()
            .map_or_else(|| node.describe().to_owned(), |scalar| quoted(&scalar.text));
        let quote = number
            .filter(|number| quote && parent.is_some_and(|schema| accepts(schema, &number.text)))
            .map(|number| format!("quote it: `\"{}\"`", number.text));
        let about = describing(self.schema, at);
        let key = name.split('[').next().unwrap_or(name);
        let right = about
            .and_then(example)
            .map(|example| format!("write for example `{key}: {example}`"));
        let page = || format!("see the page of the target {}", self.target);
        let known = quote.or_else(|| one_of(kind, node));
        let (first, second) = match known {
            Some(known) => (known, None),
            None => {
                let about = about
                    .and_then(description)
                    .map(|about| format!("{}: {about}", quoted(key)));
                match (right, about) {
                    (Some(right), about) => (right, about),
                    (None, about) => (about.unwrap_or_else(page), None),
                }
            }
        };
        sink.error(
            Diagnostic::new(
                codes::BAD_OPTION,
                format!(
                    "the option {} of the target {} cannot be {shown}",
                    quoted(name),
                    quoted(self.target)
                ),
            )
            .at(node.span, label)
            .help(first)
            .help_if(second),
        );
    }
}

/// A word that was probably meant, or all of them, where there are only a few.
fn one_of(kind: &ValidationErrorKind, node: &Node) -> Option<String> {
    let ValidationErrorKind::Enum { options } = kind else {
        return None;
    };
    let words: Vec<&str> = options
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let near = node
        .as_text()
        .and_then(|text| did_you_mean(text, words.iter().copied()));
    Some(near.unwrap_or_else(|| format!("write one of {}", list(words.iter().copied()))))
}

/// Whether a part of a schema accepts this text.
fn accepts(schema: &Value, text: &str) -> bool {
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .build(schema)
        .is_ok_and(|validator| validator.is_valid(&Value::String(text.to_owned())))
}

/// What a schema says about a value, as a part of a line.
fn description(schema: &Value) -> Option<String> {
    let text = schema.get("description")?.as_str()?.trim_end_matches('.');
    let mut characters = text.chars();
    let first = characters.next()?;
    let rest = characters.as_str();
    // A name or an acronym stays as it is.
    let plain = rest.starts_with(|c: char| c.is_lowercase() || c == ' ');
    Some(if plain {
        format!("{}{rest}", first.to_lowercase())
    } else {
        text.to_owned()
    })
}

/// A value that a schema gives as an example, as it would be written.
fn example(schema: &Value) -> Option<String> {
    let value = schema.get("examples").and_then(|examples| examples.get(0));
    value.or_else(|| schema.get("default")).map(written)
}

/// A value as it would be written on one line.
fn written(value: &Value) -> String {
    match value {
        Value::String(text) if text.parse::<f64>().is_ok() => format!("\"{text}\""),
        Value::String(text) => text.clone(),
        Value::Array(items) => format!("[{}]", items.iter().map(written).collect::<Vec<_>>().join(", ")),
        Value::Object(members) => {
            let members = members
                .iter()
                .map(|(key, value)| format!("{key}: {}", written(value)));
            format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

/// The innermost part of the schema around the keyword at `path` that is described.
fn describing<'s>(schema: &'s Value, path: &Location) -> Option<&'s Value> {
    let mut path = path.as_str();
    while let Some((above, _)) = path.rsplit_once('/') {
        path = above;
        let found = schema
            .pointer(path)
            .filter(|part| part.get("description").is_some_and(Value::is_string));
        if found.is_some() {
            return found;
        }
    }
    None
}

/// What a value should be, and whether a text was wanted.
#[expect(clippy::wildcard_enum_match_arm, reason = "not our enum, and it grows")]
fn wanted(kind: &ValidationErrorKind, node: &Node) -> (String, bool) {
    match kind {
        ValidationErrorKind::Type { kind } => {
            let json = match kind {
                jsonschema::error::TypeKind::Single(one) => one.to_string(),
                jsonschema::error::TypeKind::Multiple(_) => "another type".to_owned(),
            };
            let words = match json.as_str() {
                "string" => "a text",
                "object" => "a mapping",
                "array" => "a list",
                "integer" => "a whole number",
                "boolean" => "`true` or `false`",
                other => other,
            };
            (
                format!("expected {words}, not {}", node.describe()),
                json == "string",
            )
        }
        ValidationErrorKind::Enum { .. } => ("not one of the known words".to_owned(), true),
        ValidationErrorKind::Pattern { .. } | ValidationErrorKind::Format { .. } => {
            ("not of the expected form".to_owned(), false)
        }
        ValidationErrorKind::Minimum { limit } | ValidationErrorKind::ExclusiveMinimum { limit } => {
            (format!("the least is {limit}"), false)
        }
        ValidationErrorKind::Maximum { limit } | ValidationErrorKind::ExclusiveMaximum { limit } => {
            (format!("the most is {limit}"), false)
        }
        ValidationErrorKind::MinItems { limit } => (format!("expected at least {limit} items"), false),
        ValidationErrorKind::MaxItems { limit } => (format!("expected at most {limit} items"), false),
        ValidationErrorKind::MinLength { limit } => (format!("expected at least {limit} characters"), false),
        ValidationErrorKind::MaxLength { limit } => (format!("expected at most {limit} characters"), false),
        ValidationErrorKind::UniqueItems => ("an item stands twice in it".to_owned(), false),
        _ => ("not what is expected here".to_owned(), true),
    }
}

/// The part of the schema that holds the keyword at `path`.
fn parent<'s>(schema: &'s Value, path: &Location) -> Option<&'s Value> {
    let (parent, _) = path.as_str().rsplit_once('/')?;
    schema.pointer(parent)
}

fn properties(parent: Option<&Value>) -> Vec<&str> {
    let object = parent
        .and_then(|parent| parent.get("properties"))
        .and_then(Value::as_object);
    object
        .into_iter()
        .flat_map(serde_json::Map::keys)
        .map(String::as_str)
        .collect()
}

/// The node at a path; the nearest one above it if there is none.
fn find<'n>(root: &'n Node, path: &Location) -> &'n Node {
    let mut node = root;
    for segment in path {
        let next = match (&segment, &node.kind) {
            (LocationSegment::Property(name), Kind::Map(_)) => node.get(name),
            (LocationSegment::Index(index), Kind::List(items)) => items.get(*index),
            (
                LocationSegment::Property(_) | LocationSegment::Index(_),
                Kind::Map(_) | Kind::List(_) | Kind::Scalar(_),
            ) => None,
        };
        match next {
            Some(next) => node = next,
            None => return node,
        }
    }
    node
}

fn to_json(node: &Node) -> Value {
    match &node.kind {
        Kind::Scalar(scalar) => scalar_to_json(scalar),
        Kind::List(items) => Value::Array(items.iter().map(to_json).collect()),
        Kind::Map(Map { members }) => Value::Object(
            members
                .iter()
                .map(|member| (member.key.name.to_string(), to_json(&member.value)))
                .collect(),
        ),
    }
}

fn scalar_to_json(scalar: &Scalar) -> Value {
    match scalar.typed {
        Typed::Null => Value::Null,
        Typed::Bool(value) => Value::Bool(value),
        Typed::Int(value) => Value::Number(value.into()),
        Typed::Float(value) => Number::from_f64(value).map_or(Value::Null, Value::Number),
        Typed::Text => Value::String(scalar.text.to_string()),
    }
}
