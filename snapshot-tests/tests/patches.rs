//! Patches: what they make of a target's files, and what is told of those that do not fit.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests may fail a test"
)]

#[path = "patches/aws.rs"]
mod aws;
#[path = "patches/compose.rs"]
mod compose;
#[path = "patches/kubernetes.rs"]
mod kubernetes;

use exoc_diagnostics::{MemorySources, Severity, VirtualPath};
use exoc_snapshot_tests::{Selection, case, concise};
use serde_json::Value;
use yaml_rust2::Yaml;

/// A patch, the text that is underlined, and words of what is told.
type Faults = &'static [(&'static str, &'static str, &'static [&'static str])];

/// A file of the environment `demo`, or what is told, one diagnostic a line with the text under it and its help.
fn built(text: &str, path: &str) -> Result<String, String> {
    let sources = MemorySources::from([("application.yml", text.to_owned())]);
    let (outputs, diagnostics, map) = case::try_compile(&sources, &Selection::default());
    let faults: Vec<_> = diagnostics
        .iter()
        .filter(|d| d.code.severity > Severity::Note)
        .map(|d| {
            let primary = d.primary.as_ref().unwrap();
            let (at, label) = (map.slice(primary.span), &primary.message);
            format!(
                "{} `{at}`: {}: {label}; {}",
                d.code.id,
                d.message,
                d.help.join("; ")
            )
        })
        .collect();
    if !faults.is_empty() {
        return Err(faults.join("\n"));
    }
    let outputs = outputs.unwrap_or_else(|| panic!("{}", concise(&diagnostics, &map)));
    let output = outputs
        .iter()
        .find(|output| output.environment == "demo")
        .unwrap();
    let file = output.artifacts.get(&VirtualPath::new(path).unwrap()).unwrap();
    Ok(String::from_utf8(file.contents.clone()).unwrap())
}

/// Each fault is told once, where it is written, with its words and a help line.
fn checked(faults: Faults, told: fn(&str) -> String) {
    let mut report = Vec::new();
    for (patch, at, words) in faults {
        let told = told(patch);
        let start = format!("EX0404 `{at}`:");
        if told.lines().count() != 1
            || !told.starts_with(&start)
            || !words.iter().all(|words| told.contains(words))
            || told.ends_with("; ")
        {
            report.push(format!("{patch}: wanted `{at}` {words:?}\n  {told}"));
        }
    }
    assert!(report.is_empty(), "{}", report.join("\n"));
}

/// A section of a page.
fn section<'p>(page: &'p str, title: &str) -> &'p str {
    let (_, part) = page.split_once(&format!("\n## {title}\n")).unwrap();
    part.split("\n## ").next().unwrap()
}

/// The fence that begins with this line in a section.
fn fence(part: &str, info: &str) -> String {
    let (_, body) = part.split_once(&format!("```{info}\n")).unwrap();
    body.split("```").next().unwrap().to_owned()
}

/// The page's example makes a file with these lines.
fn shows(part: &str, path: &str, shown: &str) {
    let sources = MemorySources::from([("application.yml", fence(part, "yaml application.yml"))]);
    let built = case::compile(&sources, &Selection::default()).unwrap_or_else(|told| panic!("{told}"));
    let mut outputs = built.outputs.iter();
    let output = outputs.find(|output| output.environment == "production").unwrap();
    let file = output.artifacts.get(&VirtualPath::new(path).unwrap()).unwrap();
    let text = String::from_utf8(file.contents.clone()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(shown.lines().count() > 5);
    for line in shown.lines().filter(|line| line.trim() != "…") {
        assert!(lines.contains(&line), "{line}\n{text}");
    }
}

/// A document as the schema's checker reads it.
fn data(yaml: &Yaml) -> Value {
    match yaml {
        Yaml::Hash(map) => Value::Object(
            map.iter()
                .map(|(key, value)| (key.as_str().unwrap().to_owned(), data(value)))
                .collect(),
        ),
        Yaml::Array(items) => Value::Array(items.iter().map(data).collect()),
        Yaml::String(text) => Value::String(text.clone()),
        Yaml::Integer(number) => Value::from(*number),
        Yaml::Boolean(value) => Value::from(*value),
        Yaml::Real(text) => Value::from(text.parse::<f64>().unwrap()),
        Yaml::Null => Value::Null,
        Yaml::Alias(_) | Yaml::BadValue => panic!("no value of ours: {yaml:?}"),
    }
}
