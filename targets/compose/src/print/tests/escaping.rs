//! Hostile texts come back unchanged wherever the manifest can put one.

use super::{files, project};
use crate::testing::Sketch;
use exoc_diagnostics::VirtualPath;
use exoc_ir::{Built, Bytes, Health, Image, Part, Probe, Seconds, Value};
use proptest::prelude::*;
use yaml_rust2::Yaml;

/// What compose makes of a scalar without variables: `$$` is a dollar, and a single one would be a variable.
fn undouble(printed: &Yaml) -> String {
    let printed = printed.as_str().unwrap_or_else(|| panic!("no text: {printed:?}"));
    let mut out = String::new();
    let mut rest = printed.chars();
    while let Some(character) = rest.next() {
        if character == '$' {
            assert_eq!(rest.next(), Some('$'), "compose would interpolate {printed:?}");
        }
        out.push(character);
    }
    out
}

/// A project with one text in every place that takes one.
fn everywhere(text: &str) -> Sketch {
    let mut sketch = Sketch::new(&["api"], &[], &[]);
    sketch.app.owner = Some(text.to_owned());
    sketch.app.description = Some(text.to_owned());
    sketch.images = vec![Image::Built(Built {
        name: "api".to_owned(),
        context: VirtualPath::new("api").unwrap(),
        file: Some(text.to_owned()),
        stage: Some(text.to_owned()),
        args: [
            ("ARG".to_owned(), text.to_owned()),
            (text.to_owned(), "x".to_owned()),
        ]
        .into(),
        platforms: Vec::new(),
        pinned: None,
    })];
    let value = || Value::literal(text);
    let workload = &mut sketch.service("api").workload;
    workload.entrypoint = Some(vec![value(), value()]);
    workload.command = Some(vec![Value::literal("x"), value()]);
    workload.environment = [("TEXT".to_owned(), value())].into();
    workload.health = Some(Health {
        probe: Probe::Command(vec![value()]),
        interval: Seconds(10),
        timeout: Seconds(3),
        retries: 3,
        start: Seconds(30),
    });
    if !text.contains(':') {
        workload.scratch.insert(format!("/{text}"), Bytes::mebi(1));
    }
    sketch
}

fn survives(text: &str) {
    let project = project(&files(&everywhere(text).finish()));
    let api = &project["services"]["api"];
    for place in [
        &api["environment"]["TEXT"],
        &api["entrypoint"][0],
        &api["entrypoint"][1],
        &api["command"][1],
        &api["healthcheck"]["test"][1],
        &api["labels"]["owner"],
        &api["build"]["dockerfile"],
        &api["build"]["target"],
        &api["build"]["args"]["ARG"],
    ] {
        assert_eq!(undouble(place), text);
    }
    let args = api["build"]["args"].as_hash().unwrap();
    // Compose interpolates no keys.
    assert!(args.contains_key(&Yaml::String(text.to_owned())));
    if !text.contains(':') {
        let folders = api["tmpfs"].as_vec().unwrap();
        let folder = format!("/{text}:exec,mode=1777,size=1m");
        assert!(folders.iter().any(|printed| undouble(printed) == folder));
    }
}

#[test]
fn well_known_traps_come_back() {
    for text in [
        "",
        " ",
        "$",
        "$$",
        "${X}",
        "${X:?no}",
        "$X",
        "a$",
        "no",
        "0777",
        "1:30",
        "~",
        "#x",
        "a: b",
        "- a",
        "\n",
        "a\n\nb\n",
        "\ta",
        "a\r\n",
        "\u{85}\u{2028}\u{feff}",
        "\u{1}\u{7f}",
        "é 🐘",
        "'\"\\",
        "{{x}}",
        "%{x}",
        "&a *b",
    ] {
        survives(text);
    }
}

proptest! {
    #[test]
    fn any_text_comes_back(text in "[^\u{0}]*") {
        survives(&text);
    }

    #[test]
    fn texts_of_indicators_come_back(text in "[$ {}:#\\-\"'\\\\\n\t&*!|>%@?X]{0,24}") {
        survives(&text);
    }

    #[test]
    fn a_secret_stays_a_variable_between_any_texts(before in "[$a{}]{0,6}", after in "[$a{}?]{0,6}") {
        let mut sketch = Sketch::new(&["api"], &[], &["KEY"]);
        let key = sketch.secret("KEY");
        let parts = [Part::Text(before.clone()), Part::Secret(key), Part::Text(after.clone())];
        sketch.service("api").workload.environment = [("TEXT".to_owned(), Value::new(parts))].into();
        let project = project(&files(&sketch.finish()));
        let printed = project["services"]["api"]["environment"]["TEXT"].as_str().unwrap().to_owned();
        let doubled = |text: &str| text.replace('$', "$$");
        let expected = format!("{}${{KEY:?set KEY in .env}}{}", doubled(&before), doubled(&after));
        prop_assert_eq!(printed, expected);
    }
}
