//! A JSON Schema of draft 7, and what of a changed thing of YAML does not fit it. Knows no spans: a misfit is told by the
//! keys and places that lead to it.

use super::Misfit;
use crate::yaml::{Mapping, Scalar, Yaml};
use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::paths::{Location, LocationSegment};
use jsonschema::types::JsonType;
use jsonschema::{Draft, ValidationError, Validator};
use serde_json::{Number, Value};
use std::collections::BTreeSet;

/// A schema, ready to judge.
#[derive(Debug)]
pub struct Schema {
    document: Value,
    validator: Validator,
}

impl Schema {
    /// The schema that a text says.
    ///
    /// # Errors
    ///
    /// With the reason, if the text is no schema.
    pub fn load(text: &str) -> Result<Self, String> {
        let document: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let validator = jsonschema::options()
            .with_draft(Draft::Draft7)
            .build(&document)
            .map_err(|error| error.to_string())?;
        Ok(Self { document, validator })
    }

    /// What of a thing does not fit that stands under a name in a section, each misfit once, in a fixed order.
    #[must_use]
    pub fn misfits(&self, section: &str, name: &str, thing: &Yaml) -> BTreeSet<Misfit> {
        let things = Value::Object([(name.to_owned(), json(thing))].into_iter().collect());
        let project = Value::Object([(section.to_owned(), things)].into_iter().collect());
        let errors = self.validator.iter_errors(&project);
        errors.flat_map(|error| self.misfit(narrowed(&error))).collect()
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "not our enum, and it grows")]
    fn misfit(&self, error: &ValidationError<'_>) -> Vec<Misfit> {
        let mut segments = error.instance_path().iter().map(|segment| match segment {
            LocationSegment::Property(key) => key.to_string(),
            LocationSegment::Index(index) => index.to_string(),
        });
        // The section and the thing.
        let at: Vec<String> = segments.by_ref().skip(2).collect();
        let rule = |rule: String| vec![Misfit::Rule { at: at.clone(), rule }];
        match error.kind() {
            ValidationErrorKind::AdditionalProperties { unexpected } => {
                let known = self.properties(error.schema_path());
                let unknown = |key: &String| Misfit::Unknown {
                    at: at.clone(),
                    key: key.clone(),
                    known: known.clone(),
                };
                unexpected.iter().map(unknown).collect()
            }
            ValidationErrorKind::Type { kind } => vec![Misfit::Type {
                at,
                wanted: types(kind),
            }],
            kind @ (ValidationErrorKind::AnyOf { context }
            | ValidationErrorKind::OneOfNotValid { context }) => {
                let here = context.iter().flatten().filter(|inner| is_of(inner, error));
                let wanted: BTreeSet<&'static str> = here
                    .filter_map(|inner| match inner.kind() {
                        ValidationErrorKind::Type { kind } => Some(types(kind)),
                        _ => None,
                    })
                    .flatten()
                    .collect();
                if wanted.is_empty() {
                    rule(format!("it breaks the rule `{}`", kind.keyword()))
                } else {
                    vec![Misfit::Type { at, wanted }]
                }
            }
            ValidationErrorKind::Enum { options } => {
                let words = options.as_array().into_iter().flatten();
                let words = words.filter_map(Value::as_str).map(str::to_owned).collect();
                vec![Misfit::Word { at, words }]
            }
            ValidationErrorKind::Required { property } => {
                let key = property.as_str().unwrap_or_default().to_owned();
                vec![Misfit::Lacks { at, key }]
            }
            ValidationErrorKind::Minimum { limit } => rule(format!("the least is {limit}")),
            ValidationErrorKind::Maximum { limit } => rule(format!("the most is {limit}")),
            ValidationErrorKind::UniqueItems => rule("an item stands twice in it".to_owned()),
            ValidationErrorKind::Pattern { .. } => rule("not of the expected form".to_owned()),
            kind => rule(format!("it breaks the rule `{}`", kind.keyword())),
        }
    }

    /// The keys that are known beside the keyword at `path`.
    fn properties(&self, path: &Location) -> Vec<String> {
        let object = path
            .as_str()
            .rsplit_once('/')
            .and_then(|(parent, _)| self.document.pointer(parent)?.get("properties")?.as_object());
        object
            .into_iter()
            .flat_map(serde_json::Map::keys)
            .cloned()
            .collect()
    }
}

/// Whether an error is about the very value that another is about.
fn is_of(inner: &ValidationError<'_>, outer: &ValidationError<'_>) -> bool {
    inner.instance_path() == outer.instance_path()
}

/// The fault of the one alternative that was meant: the one whose type the value has.
fn narrowed<'e>(error: &'e ValidationError<'e>) -> &'e ValidationError<'e> {
    let (ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context }) =
        error.kind()
    else {
        return error;
    };
    let of_another_type = |inner: &ValidationError<'_>| {
        is_of(inner, error) && matches!(inner.kind(), ValidationErrorKind::Type { .. })
    };
    let meant = context
        .iter()
        .filter(|alternative| !alternative.iter().any(of_another_type))
        .min_by_key(|alternative| alternative.len());
    match meant.and_then(|alternative| alternative.first()) {
        Some(inner) => narrowed(inner),
        None => error,
    }
}

fn types(kind: &TypeKind) -> BTreeSet<&'static str> {
    match kind {
        TypeKind::Single(one) => [words(*one)].into(),
        TypeKind::Multiple(several) => several.into_iter().map(words).collect(),
    }
}

const fn words(kind: JsonType) -> &'static str {
    match kind {
        JsonType::Array => "a list",
        JsonType::Boolean => "`true` or `false`",
        JsonType::Integer => "a whole number",
        JsonType::Null => "null",
        JsonType::Number => "a number",
        JsonType::Object => "a mapping",
        JsonType::String => "a text",
    }
}

fn json(node: &Yaml) -> Value {
    match node {
        Yaml::Scalar(scalar) => scalar_json(scalar),
        Yaml::List(items) => Value::Array(items.iter().map(json).collect()),
        Yaml::FlowList(items) => Value::Array(items.iter().map(scalar_json).collect()),
        Yaml::Map(map) => mapping_json(map),
    }
}

fn mapping_json(map: &Mapping) -> Value {
    let members = map.entries().map(|(key, value)| (key.to_owned(), json(value)));
    Value::Object(members.collect())
}

fn scalar_json(scalar: &Scalar) -> Value {
    match scalar {
        Scalar::Null => Value::Null,
        Scalar::Bool(value) => Value::Bool(*value),
        Scalar::Int(value) => i64::try_from(*value).map_or(Value::Null, Value::from),
        Scalar::Decimal(text) => {
            let number = text.parse().ok().and_then(Number::from_f64);
            number.map_or(Value::Null, Value::Number)
        }
        Scalar::Text(text) | Scalar::Quoted(text) => Value::String(text.clone()),
    }
}
