//! Every key of the language, in every form that its schema has, stands in a fixture.
//!
//! `tests/forms.tsv` names for each key and form the first fixture that has it; it is made again from the schemas and
//! the fixtures. That `null` removes each key is what the laws of layers test.

use crate::case::{self, Problem};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use yaml_rust2::{Yaml, YamlLoader};

/// Keys whose words are all passed on alike, so that one stands for all.
const PASSED_ON: [&str; 3] = [
    "build.platforms.-",
    "service.platforms.-",
    "security.capabilities.-",
];
/// The form of those.
const ONE_OF_MANY: &str = "a word";

/// A key as the schemas know it, such as `health.interval`, and a form of its value.
type Form = (String, String);

/// The schemas by file name.
struct Schemas(BTreeMap<&'static str, Value>);

/// A place in a schema: the file, and the steps to it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    file: &'static str,
    steps: Vec<String>,
}

impl Place {
    fn root(file: &'static str) -> Self {
        Self {
            file,
            steps: Vec::new(),
        }
    }

    fn step(&self, name: impl ToString) -> Self {
        let mut place = self.clone();
        place.steps.push(name.to_string());
        place
    }

    /// `service.schema.json`, `$defs`, `health`, `properties`, `interval` is called `health.interval`.
    fn name(&self) -> String {
        let noun = self.file.split('.').next().unwrap_or_default();
        let mut names = vec![noun];
        for step in &self.steps {
            match step.as_str() {
                "$defs" => names.clear(),
                "additionalProperties" => names.push("*"),
                "items" => names.push("-"),
                "properties" | "anyOf" | "allOf" => {}
                step if step.bytes().all(|byte| byte.is_ascii_digit()) => {}
                step => names.push(step),
            }
        }
        names.join(".")
    }
}

impl Schemas {
    fn load() -> Self {
        let files = [
            (
                "application.schema.json",
                include_str!("../../schemas/application.schema.json"),
            ),
            (
                "service.schema.json",
                include_str!("../../schemas/service.schema.json"),
            ),
        ];
        // What is no JSON has no forms, and the samples' tests say so.
        let load = |(file, text)| (file, serde_json::from_str(text).unwrap_or_default());
        Self(files.map(load).into())
    }

    fn at(&self, place: &Place) -> &Value {
        let root = self.0.get(place.file).unwrap_or(&Value::Null);
        place
            .steps
            .iter()
            .fold(root, |value, step| match step.parse::<usize>() {
                Ok(index) if value.is_array() => value.get(index).unwrap_or(&Value::Null),
                Ok(_) | Err(_) => value.get(step).unwrap_or(&Value::Null),
            })
    }

    /// Follows references that stand alone.
    fn resolved(&self, place: &Place) -> Place {
        match self.at(place).get("$ref").and_then(Value::as_str) {
            None => place.clone(),
            Some(reference) => {
                let (file, steps) = reference.split_once('#').unwrap_or((reference, ""));
                let file = self
                    .0
                    .keys()
                    .find(|name| **name == file)
                    .copied()
                    .unwrap_or(place.file);
                let steps = steps.split('/').skip(1).map(str::to_owned).collect();
                self.resolved(&Place { file, steps })
            }
        }
    }

    /// The schemas that one value may be judged by, each without alternatives of its own.
    fn branches(&self, place: &Place) -> Vec<Place> {
        let place = self.resolved(place);
        let schema = self.at(&place);
        for word in ["anyOf", "allOf"] {
            if let Some(Value::Array(branches)) =
                schema.get(word).filter(|_| schema.get("properties").is_none())
            {
                let branch = |index| self.branches(&place.step(word).step(index));
                return (0..branches.len()).flat_map(branch).collect();
            }
        }
        vec![place]
    }

    /// What a value may look like, with the branch that says so.
    fn forms(&self, place: &Place) -> BTreeMap<String, Place> {
        let mut forms = BTreeMap::new();
        for branch in self.branches(place) {
            let schema = self.at(&branch);
            let words: Vec<String> = match (schema.get("enum"), schema.get("const"), schema.get("type")) {
                (Some(Value::Array(_)), _, _) if PASSED_ON.contains(&branch.name().as_str()) => {
                    vec![ONE_OF_MANY.to_owned()]
                }
                (Some(Value::Array(words)), _, _) => words.iter().filter_map(word).collect(),
                (_, Some(value), _) => word(value).into_iter().collect(),
                (_, _, Some(Value::Array(kinds))) => {
                    kinds.iter().filter_map(Value::as_str).filter_map(kind).collect()
                }
                (_, _, Some(Value::String(name))) => kind(name).into_iter().collect(),
                _ => Vec::new(),
            };
            forms.extend(words.into_iter().map(|word| (word, branch.clone())));
        }
        forms
    }

    /// The places that a mapping or list of this schema leads to: for a key, or for anything.
    fn inner(&self, place: &Place) -> BTreeMap<Option<String>, Place> {
        let schema = self.at(place);
        let mut inner = BTreeMap::new();
        if let Some(Value::Object(properties)) = schema.get("properties") {
            let step = |name: &String| (Some(name.clone()), place.step("properties").step(name));
            inner.extend(properties.keys().map(step));
        }
        for word in ["additionalProperties", "items"] {
            if schema.get(word).is_some_and(Value::is_object) {
                inner.insert(None, place.step(word));
            }
        }
        inner
    }

    /// Every key with every form that it may have.
    fn all(&self) -> BTreeSet<Form> {
        let mut all = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut left: Vec<Place> = self.0.keys().map(|file| Place::root(file)).collect();
        while let Some(place) = left.pop() {
            for (form, branch) in self.forms(&place) {
                all.insert((self.resolved(&place).name(), form));
                if seen.insert(branch.clone()) {
                    left.extend(self.inner(&branch).into_values());
                }
            }
        }
        all
    }

    /// The keys and forms of a document.
    fn of(&self, place: &Place, value: &Value, found: &mut BTreeSet<Form>) {
        let forms = self.forms(place);
        let by_word = word(value).filter(|word| forms.contains_key(word));
        let one_of_many = || Some(ONE_OF_MANY.to_owned()).filter(|form| forms.contains_key(form));
        let Some(form) = by_word.or_else(one_of_many).or_else(|| kind_of(value)) else {
            return;
        };
        let Some(branch) = forms.get(&form) else {
            // Left out of the schemas' own list, which the caller sees.
            found.insert((place.name(), form));
            return;
        };
        found.insert((self.resolved(place).name(), form));
        let inner = self.inner(branch);
        let mut go = |key: Option<&str>, value: &Value| {
            let place = inner.get(&key.map(str::to_owned)).or_else(|| inner.get(&None));
            if let Some(place) = place {
                self.of(place, value, found);
            }
        };
        match value {
            Value::Object(members) => members.iter().for_each(|(key, value)| go(Some(key), value)),
            Value::Array(items) => items.iter().for_each(|value| go(None, value)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(word) => Some(format!("`{word}`")),
        Value::Bool(_) | Value::Number(_) => Some(format!("`{value}`")),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn kind(name: &str) -> Option<String> {
    let word = match name {
        "string" => "text",
        "integer" | "number" => "number",
        "boolean" => "yes or no",
        "array" => "list",
        "object" => "mapping",
        _ => return None,
    };
    Some(word.to_owned())
}

fn kind_of(value: &Value) -> Option<String> {
    kind(match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    })
}

/// YAML through a parser that is not ours.
fn json(yaml: &Yaml) -> Value {
    match yaml {
        Yaml::Real(text) => serde_json::from_str(text).unwrap_or(Value::String(text.clone())),
        Yaml::Integer(number) => (*number).into(),
        Yaml::String(text) => text.clone().into(),
        Yaml::Boolean(value) => (*value).into(),
        Yaml::Array(items) => items.iter().map(json).collect(),
        Yaml::Hash(members) => {
            let name = |key: &Yaml| key.as_str().map_or_else(|| json(key).to_string(), str::to_owned);
            let member = |(key, value): (&Yaml, &Yaml)| (name(key), json(value));
            members.iter().map(member).collect::<Map<_, _>>().into()
        }
        Yaml::Null | Yaml::Alias(_) | Yaml::BadValue => Value::Null,
    }
}

/// The first fixture by name that has each form.
fn found(schemas: &Schemas) -> Result<BTreeMap<Form, String>, Problem> {
    let mut first = BTreeMap::new();
    for case in case::all()? {
        let mut found = BTreeSet::new();
        for (path, bytes) in case.sources()?.iter() {
            let file = match path.name() {
                "application.yml" => "application.schema.json",
                "service.yml" => "service.schema.json",
                _ => continue,
            };
            let text = String::from_utf8_lossy(bytes);
            let documents = YamlLoader::load_from_str(&text).unwrap_or_default();
            let value = documents.first().map_or(Value::Null, json);
            schemas.of(&Place::root(file), &value, &mut found);
        }
        for form in found {
            first.entry(form).or_insert_with(|| case.name.clone());
        }
    }
    Ok(first)
}

/// Where the committed table stands.
#[must_use]
pub fn path() -> PathBuf {
    case::root().join("snapshot-tests/tests/forms.tsv")
}

/// The table as it is to be, and what it lacks: forms that no fixture has, and forms that no schema has.
///
/// # Errors
///
/// If a fixture cannot be read.
pub fn table() -> Result<(String, Vec<String>), Problem> {
    let schemas = Schemas::load();
    let (found, all) = (found(&schemas)?, schemas.all());
    let line = |(key, form): &Form| format!("{key}\t{form}");
    let missing = all.iter().filter(|form| !found.contains_key(form));
    let unknown = found.keys().filter(|form| !all.contains(form));
    let faults = missing
        .map(|form| format!("no fixture has {}", line(form)))
        .chain(unknown.map(|form| format!("no schema has {}", line(form))))
        .collect();
    let rows = found
        .iter()
        .map(|(form, case)| format!("{}\t{case}\n", line(form)));
    let table = std::iter::once("key\tform\tfixture\n".to_owned()).chain(rows);
    Ok((table.collect(), faults))
}
