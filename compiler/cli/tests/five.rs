//! Five faults of five families in three files: the same in one run as text, as data, and on their pages.

use super::support::App;
use std::fs;

const APPLICATION: &str = "\
name: shop
services:
  web: ./web
  api: ./api
  agent:
    image: example/agent:1.0
    security: { user: root, privileged: true }
environments:
  production:
    domain: shop.example.com
    targets:
      aws: { region: eu-central-1, account: \"123456789012\" }
";

const API: &str = "\
image: example/api:1.0
security: { user: 1000 }
port: 4000
route: /shop
memory: [512Mi]
environment:
  DATABASE: ${dependencies.db.url}
";

const WEB: &str = "\
image: example/web:1.0
security: { user: 1000 }
port: 8080
route: /shop
cpu: 1
cpu: 2
";

/// Code, name, file, line, column, and the text that is underlined.
const FAULTS: &[(&str, &str, &str, u64, u64, &str)] = &[
    ("EX0401", "refused-feature", "application.yml", 7, 41, "true"),
    ("EX0102", "wrong-type", "api/service.yml", 5, 9, "[512Mi]"),
    ("EX0204", "unknown-role", "api/service.yml", 7, 28, "db"),
    ("EX0307", "route-clash", "web/service.yml", 4, 8, "/shop"),
    ("EX0006", "duplicate-key", "web/service.yml", 6, 1, "cpu"),
];

fn app() -> App {
    App::with(&[
        ("application.yml", APPLICATION),
        ("api/service.yml", API),
        ("web/service.yml", WEB),
    ])
}

#[test]
fn five_faults_are_told_as_data() {
    let app = app();
    let before = app.files();
    for command in ["check", "build"] {
        let run = app.run(&[command, "--format", "json"]);
        run.ended(1);
        assert_eq!(run.err, "");
        let document = run.json();
        let diagnostics = document["diagnostics"].as_array().unwrap();
        let told: Vec<_> = diagnostics
            .iter()
            .filter(|told| told["severity"] != "note")
            .collect();
        assert_eq!(told.len(), FAULTS.len(), "{}", run.out);
        for (told, (code, name, file, line, column, text)) in told.iter().zip(FAULTS) {
            assert_eq!((&told["code"], &told["name"]), (&(*code).into(), &(*name).into()));
            assert_eq!(
                (&told["severity"], &told["file"]),
                (&"error".into(), &(*file).into())
            );
            let span = &told["span"];
            assert_eq!(
                (span["line"].as_u64(), span["column"].as_u64()),
                (Some(*line), Some(*column))
            );
            let offset = |key: &str| usize::try_from(span[key].as_u64().unwrap()).unwrap();
            let source = fs::read_to_string(app.path(file)).unwrap();
            assert_eq!(&source[offset("start")..offset("end")], *text);
            assert!(!told["help"][0].as_str().unwrap().is_empty(), "{told}");
        }
    }
    assert_eq!(app.files(), before);
}

#[test]
fn five_faults_are_told_to_people_in_the_same_order() {
    let app = app();
    let run = app.run(&["check", "--format", "concise", "--quiet"]);
    run.ended(1).without_result();
    let lines: Vec<&str> = run.err.lines().collect();
    assert_eq!(lines.len(), FAULTS.len(), "{lines:?}");
    for (told, (code, _, file, line, column, _)) in lines.iter().zip(FAULTS) {
        assert!(
            told.starts_with(&format!("{file}:{line}:{column}: error[{code}]: ")),
            "{told}"
        );
    }
    app.run(&["check"]).ended(1).told("5 errors");
}

#[test]
fn five_faults_have_a_page_each() {
    let app = app();
    for (code, name, ..) in FAULTS {
        let run = app.run(&["explain", code]);
        run.ended(0);
        assert!(run.out.starts_with(&format!("# {code} {name}\n")), "{}", run.out);
        assert!(
            run.out.contains("\n## Why\n") && run.out.contains("\n## Fix\n"),
            "{}",
            run.out
        );
    }
}
