//! The places of the schemas, and what may be tried in each.
//!
//! A place is a way through the schemas: keys, a name in a map, an item of a list. Each is listed once for each schema
//! that judges it; a schema that is met again below itself is not followed.

use crate::judge::Noun;
use crate::schemas::schema;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// A step of the way to a place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    /// A key that the schema names, or a name that a document chooses.
    Key(String),
    /// The only item of a list.
    Item,
}

/// A place, and the alternatives by which the schema judges what stands there.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    root: Value,
    steps: Vec<Step>,
    alternatives: Vec<Value>,
}

impl Place {
    /// For reports: `services.x.port`.
    pub(crate) fn name(&self) -> String {
        path(&self.steps)
    }

    /// The name of the mapping that has this place's key.
    pub(crate) fn parent(&self) -> Option<String> {
        match self.steps.split_last() {
            Some((Step::Key(_), above)) => Some(path(above)),
            Some((Step::Item, _)) | None => None,
        }
    }

    /// The least document with a value in this place.
    pub(crate) fn document(&self, value: Value) -> Value {
        self.within(self.root.clone(), value)
    }

    /// A document with a value in this place.
    pub(crate) fn within(&self, mut document: Value, value: Value) -> Value {
        let mut at = &mut document;
        let (mut farther, mut above) = ("", "");
        for step in &self.steps {
            at = match step {
                Step::Key(key) => {
                    if !at.is_object() {
                        *at = Value::Object(required(farther));
                    }
                    (farther, above) = (above, key);
                    at.as_object_mut()
                        .unwrap()
                        .entry(key.clone())
                        .or_insert(Value::Null)
                }
                Step::Item => {
                    if !at.is_array() {
                        *at = json!([least(above)]);
                    }
                    at.as_array_mut().unwrap().first_mut().unwrap()
                }
            };
        }
        *at = value;
        document
    }
}

/// What each mapping in a mapping of mappings must have.
fn required(mappings: &str) -> Map<String, Value> {
    let least = match mappings {
        "diagnostics" => json!({ "level": "note", "because": "x" }),
        _ => json!({}),
    };
    least.as_object().unwrap().clone()
}

/// The least item of a list.
fn least(list: &str) -> Value {
    match list {
        "ports" => json!({ "port": 80 }),
        "patches" => json!({ "at": "a", "set": { "b": 1 } }),
        _ => Value::Null,
    }
}

fn path(steps: &[Step]) -> String {
    let words = steps.iter().map(|step| match step {
        Step::Key(key) => key.as_str(),
        Step::Item => "[]",
    });
    words.collect::<Vec<_>>().join(".")
}

/// Both schemas.
pub(crate) struct Grammar {
    application: Value,
    service: Value,
}

/// A schema and the document that it stands in.
#[derive(Clone, Copy)]
struct At<'g> {
    noun: Noun,
    schema: &'g Value,
}

impl Grammar {
    pub(crate) fn read() -> Self {
        Self {
            application: schema("application"),
            service: schema("service"),
        }
    }

    fn whole(&self, noun: Noun) -> At<'_> {
        let schema = match noun {
            Noun::Application => &self.application,
            Noun::Service => &self.service,
        };
        At { noun, schema }
    }

    /// What a schema says after its reference is followed.
    fn followed<'g>(&'g self, mut at: At<'g>) -> At<'g> {
        while let Some(reference) = at.schema.get("$ref").and_then(Value::as_str) {
            let (file, pointer) = reference.split_once('#').unwrap();
            let noun = if file.is_empty() { at.noun } else { Noun::Service };
            let schema = self.whole(noun).schema.pointer(pointer);
            at = At {
                noun,
                schema: schema.unwrap_or_else(|| panic!("{reference} leads nowhere")),
            };
        }
        at
    }

    /// The alternatives of a schema; itself, if it has none.
    fn alternatives<'g>(&'g self, at: At<'g>) -> Vec<At<'g>> {
        let At { noun, schema } = self.followed(at);
        match (schema.get("anyOf"), schema.get("properties")) {
            (Some(Value::Array(alternatives)), None) => alternatives
                .iter()
                .flat_map(|schema| self.alternatives(At { noun, schema }))
                .collect(),
            (_, _) => vec![At { noun, schema }],
        }
    }

    /// Every place of a file's schema.
    pub(crate) fn places(&self, noun: Noun) -> Vec<Place> {
        let root = match noun {
            Noun::Application => json!({ "name": "shop" }),
            Noun::Service => json!({}),
        };
        let mut places = Vec::new();
        self.below(
            self.whole(noun),
            &mut Vec::new(),
            &mut Vec::new(),
            &mut |steps, alternatives| {
                places.push(Place {
                    root: root.clone(),
                    steps: steps.to_vec(),
                    alternatives,
                });
            },
        );
        places
    }

    fn below<'g>(
        &'g self,
        at: At<'g>,
        steps: &mut Vec<Step>,
        above: &mut Vec<*const Value>,
        found: &mut impl FnMut(&[Step], Vec<Value>),
    ) {
        for one in self.alternatives(at) {
            let here: *const Value = one.schema;
            if above.contains(&here) {
                continue;
            }
            above.push(here);
            let noun = one.noun;
            let mut go = |step: Step, schema: &'g Value, steps: &mut Vec<Step>, above: &mut Vec<_>| {
                steps.push(step);
                let below = At { noun, schema };
                let alternatives = self.alternatives(below);
                let whole = self.followed(below);
                let judges = std::iter::once(&whole).chain(&alternatives);
                found(steps, judges.map(|one| one.schema.clone()).collect());
                self.below(below, steps, above, found);
                steps.pop();
            };
            for (key, schema) in one
                .schema
                .get("properties")
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
            {
                go(Step::Key(key.clone()), schema, steps, above);
            }
            if let Some(schema) = one
                .schema
                .get("additionalProperties")
                .filter(|schema| schema.is_object())
            {
                go(Step::Key(chosen(one.schema)), schema, steps, above);
            }
            if let Some(schema) = one.schema.get("items") {
                go(Step::Item, schema, steps, above);
            }
            above.pop();
        }
    }

    /// What to try in a place: values of each type, texts of each form, and what its schema names.
    ///
    /// Below `development` and an environment stand the same schemas again, so the texts of no schema are left out there.
    pub(crate) fn probes(&self, place: &Place) -> Vec<Value> {
        let again =
            |step: &Step| matches!(step, Step::Key(key) if key == "development" || key == "environments");
        let mut probes = others();
        if !place
            .steps
            .split_last()
            .is_some_and(|(_, above)| above.iter().any(again))
        {
            probes.extend(texts());
        }
        for schema in &place.alternatives {
            let words = schema.get("enum").and_then(Value::as_array).into_iter().flatten();
            let examples = schema
                .get("examples")
                .and_then(Value::as_array)
                .into_iter()
                .flatten();
            probes.extend(words.chain(examples).chain(schema.get("const")).cloned());
            for bound in ["minimum", "maximum"] {
                let bound = schema.get(bound).and_then(Value::as_f64);
                for beside in bound
                    .into_iter()
                    .flat_map(|bound| [bound - 1.0, bound, bound + 1.0])
                {
                    probes.push(number(beside));
                }
            }
            for bound in ["minLength", "maxLength"] {
                let bound = schema.get(bound).and_then(Value::as_u64);
                for length in bound
                    .into_iter()
                    .flat_map(|bound| [bound.saturating_sub(1), bound, bound + 1])
                {
                    let length = usize::try_from(length).unwrap();
                    probes.push(Value::from("a".repeat(length)));
                    probes.push(Value::from(format!("/{}", "a".repeat(length.saturating_sub(1)))));
                }
            }
            probes.extend(mappings(schema));
        }
        let mut seen = BTreeSet::new();
        probes.retain(|probe| seen.insert(probe.to_string()));
        probes
    }
}

/// A name for a map whose keys the document chooses.
fn chosen(schema: &Value) -> String {
    if let Some(first) = schema.pointer("/propertyNames/enum/0").and_then(Value::as_str) {
        return first.to_owned();
    }
    let folders = schema
        .pointer("/propertyNames/$ref")
        .and_then(Value::as_str)
        .is_some_and(|name| name.ends_with("/folder"));
    if folders { "/x" } else { "x" }.to_owned()
}

fn number(value: f64) -> Value {
    #[expect(clippy::cast_possible_truncation, reason = "bounds of schemas are small")]
    if value.fract() == 0.0 {
        Value::from(value as i64)
    } else {
        Value::from(value)
    }
}

/// Mappings that lack what a schema requires, or have what it does not know.
fn mappings(schema: &Value) -> Vec<Value> {
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
        return Vec::new();
    };
    let known = properties.keys().next().map(|key| json!({ key.as_str(): null }));
    let unknown = json!({ "zzz": 1 });
    known
        .into_iter()
        .chain([unknown, json!({ "x-zzz": {} })])
        .collect()
}

/// Texts of every form that the language has, or nearly has.
fn texts() -> impl Iterator<Item = Value> {
    [
        "",
        " ",
        "a",
        "A",
        "a-b",
        "a b",
        "a_b",
        "1",
        "true",
        "null",
        "~",
        "no",
        "ä",
        "a\nb",
        "a\0b",
        "/",
        "//",
        "/a",
        "/a/",
        "/a/b",
        "/a//b",
        "/..",
        "/a:b",
        "a:/b",
        "a\\b",
        "/ä",
        "a/b",
        "./a",
        "http",
        "https://a.example.com",
        "a.example.com",
        "*.example.com",
        "a.example.com:8080",
        "localhost:5000/a",
        "ghcr.io/acme",
        "ghcr.io/acme/api:1.4.2",
        "a/b@sha256:0",
        "nginx:1.29",
        "0s",
        "1s",
        "10s",
        "30s",
        "500ms",
        "1000ms",
        "1.5s",
        "2m",
        "1h",
        "25h",
        "7d",
        "36d",
        "10",
        "10Mi",
        "0Mi",
        "1Gi",
        "1.5Gi",
        "10MB",
        "0%",
        "70%",
        "101%",
        "70",
        "root",
        "postgres",
        "postgres:17",
        "postgres:",
        "container",
        "bucket",
        "0 3 * * *",
        "before-deploy",
        "8080:80",
        "${",
        "${a.b}",
        "${a..b}",
        "x${a}y",
        "$${x}",
        "$x",
        "${a:-b}",
    ]
    .into_iter()
    .map(Value::from)
}

/// Values of each type.
fn others() -> Vec<Value> {
    let numbers = [
        json!(-1),
        json!(0),
        json!(1),
        json!(2),
        json!(20),
        json!(70_000),
        json!(0.25),
        json!(2.5),
    ];
    let others = [
        Value::Null,
        json!(true),
        json!(false),
        json!([]),
        json!(["a"]),
        json!(["/a"]),
        json!(["a", "a"]),
        json!([1]),
        json!([null]),
        json!([["a"]]),
        json!([{ "port": 80 }]),
        json!([{ "port": 80 }, { "port": 81 }]),
        json!({}),
        json!({ "a": null }),
        json!({ "a": "b" }),
        json!({ "a": 1 }),
        json!({ "a": ["b"] }),
        json!({ "a": {} }),
        json!({ "/a": "1Mi" }),
        json!({ "${a.b}": "c" }),
        json!({ "port": 80 }),
        json!({ "at": "a", "set": { "b": 1 } }),
    ];
    let texts = ["", "a", "/a", "1", "${a.b}"].map(Value::from);
    others.into_iter().chain(numbers).chain(texts).collect()
}
