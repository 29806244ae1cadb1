//! The same input gives the same bytes: twice, and with the keys of every mapping in another order.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use exoc_diagnostics::MemorySources;
use exoc_lower::Selection;
use exoc_snapshot_tests::{Built, case, golden};
use yaml_rust2::yaml::Hash;
use yaml_rust2::{Yaml, YamlLoader};

#[test]
fn two_builds_give_the_same_bytes() {
    for case in case::all().unwrap() {
        let (first, second) = (case.build().unwrap(), case.build().unwrap());
        assert_eq!(golden::tree(&first), golden::tree(&second), "{}", case.name);
    }
}

#[test]
fn the_order_of_keys_changes_nothing() {
    for case in case::all().unwrap() {
        let sources = case.sources().unwrap();
        // Rewriting loses how a scalar was written, so both sides are rewritten; only the order differs.
        let straight = build(&case.name, &rewritten(&sources, |members| members));
        let reversed = build(
            &case.name,
            &rewritten(&sources, |members| members.into_iter().rev().collect()),
        );
        assert_eq!(golden::tree(&straight), golden::tree(&reversed), "{}", case.name);
    }
}

fn build(name: &str, sources: &MemorySources) -> Built {
    case::compile(sources, &Selection::default()).unwrap_or_else(|text| panic!("{name}:\n{text}"))
}

/// Puts the members of a mapping into another order.
type Order = fn(Vec<(Yaml, Yaml)>) -> Vec<(Yaml, Yaml)>;

fn rewritten(sources: &MemorySources, order: Order) -> MemorySources {
    let mut result = MemorySources::default();
    for (path, bytes) in sources.iter() {
        // Other files are copied as they are.
        let name = path.as_str().rsplit('/').next();
        let is_manifest = matches!(name, Some("application.yml" | "service.yml"));
        let bytes = if is_manifest {
            rewrite(bytes, order)
        } else {
            bytes.to_vec()
        };
        result.insert(path.as_str(), bytes);
    }
    result
}

fn rewrite(bytes: &[u8], order: Order) -> Vec<u8> {
    let text = std::str::from_utf8(bytes).unwrap();
    let documents = YamlLoader::load_from_str(text).unwrap();
    let document = documents.first().cloned().unwrap_or(Yaml::Hash(Hash::new()));
    let mut out = String::new();
    write(&reorder(document, order), &mut out);
    out.into_bytes()
}

/// Writes a value as JSON, which is YAML: no emitter that may get a hostile text wrong stands in between.
fn write(yaml: &Yaml, out: &mut String) {
    match yaml {
        Yaml::String(text) => *out += &serde_json::Value::from(text.as_str()).to_string(),
        Yaml::Integer(number) => *out += &number.to_string(),
        Yaml::Real(text) => *out += text,
        Yaml::Boolean(value) => *out += &value.to_string(),
        Yaml::Null => *out += "null",
        Yaml::Array(items) => {
            *out += "[";
            for (index, item) in items.iter().enumerate() {
                *out += if index == 0 { "" } else { ", " };
                write(item, out);
            }
            *out += "]";
        }
        Yaml::Hash(members) => {
            *out += "{";
            for (index, (key, value)) in members.iter().enumerate() {
                *out += if index == 0 { "" } else { ", " };
                write(key, out);
                *out += ": ";
                write(value, out);
            }
            *out += "}";
        }
        Yaml::Alias(_) | Yaml::BadValue => panic!("{yaml:?}"),
    }
}

fn reorder(yaml: Yaml, order: Order) -> Yaml {
    match yaml {
        Yaml::Hash(members) => {
            let members = members
                .into_iter()
                .map(|(key, value)| (key, reorder(value, order)))
                .collect();
            Yaml::Hash(order(members).into_iter().collect())
        }
        Yaml::Array(items) => Yaml::Array(items.into_iter().map(|item| reorder(item, order)).collect()),
        Yaml::Real(_)
        | Yaml::Integer(_)
        | Yaml::String(_)
        | Yaml::Boolean(_)
        | Yaml::Alias(_)
        | Yaml::Null
        | Yaml::BadValue => yaml,
    }
}
