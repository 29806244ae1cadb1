//! Tests of the printer: what is printed comes back through parsers that are not ours.

mod escaping;
mod fields;
mod interface;
mod provenance;
mod routes;

use super::print;
use crate::plan::plan;
use crate::testing::{Sketch, http, port, sources};
use exoc_diagnostics::{Sink, VirtualPath};
use exoc_ir::{Artifacts, NodeId, Program, Protocol};
use yaml_rust2::{Yaml, YamlLoader};

/// The files of a program.
fn files(program: &Program) -> Artifacts {
    let mut sink = Sink::new();
    let sources = sources();
    let at = program.at(NodeId::App, "");
    let model = plan(program, "../../..", &mut sink);
    let files = model.and_then(|model| {
        let project = super::compose::project(&model, &sources);
        print(&model, &project, &sources, at, &mut sink)
    });
    files.unwrap_or_else(|_| panic!("{:?}", sink.into_sorted()))
}

fn text(files: &Artifacts, path: &str) -> String {
    let file = files.get(&VirtualPath::new(path).unwrap());
    String::from_utf8(file.unwrap_or_else(|| panic!("no {path}")).contents.clone()).unwrap()
}

fn project(files: &Artifacts) -> Yaml {
    let documents = YamlLoader::load_from_str(&text(files, "compose.yaml")).unwrap();
    documents.into_iter().next().unwrap()
}

#[test]
fn equal_programs_make_equal_bytes() {
    let make = || {
        let secrets = ["DB_ADMINISTRATOR", "DB_PASSWORD"];
        let mut sketch = Sketch::new(&["api", "web"], &["db"], &secrets);
        sketch.postgres("db");
        sketch.uses("web", "api");
        sketch.uses("api", "db");
        files(&sketch.finish())
    };
    assert_eq!(make(), make());
}

#[test]
fn ignores_the_file_of_secrets_where_there_are_secrets() {
    let path = VirtualPath::new(".gitignore").unwrap();
    assert!(
        files(&Sketch::new(&["api"], &[], &[]).finish())
            .get(&path)
            .is_none()
    );
    let mut sketch = Sketch::new(&["api"], &["db"], &["DB_ADMINISTRATOR", "DB_PASSWORD"]);
    sketch.postgres("db");
    let files = files(&sketch.finish());
    assert!(text(&files, ".gitignore").lines().any(|line| line == ".env"));
    assert!(text(&files, "README.md").contains("| `DB_PASSWORD` |"));
}

#[test]
fn a_service_without_a_network_is_not_put_into_the_default_one() {
    let mut sketch = Sketch::new(&["api", "lonely", "web"], &[], &[]);
    sketch.uses("web", "api");
    let project = project(&files(&sketch.finish()));
    let services = &project["services"];
    assert_eq!(services["lonely"]["network_mode"].as_str(), Some("none"));
    assert!(services["api"]["network_mode"].is_badvalue());
    assert_eq!(project["networks"]["api"]["internal"].as_bool(), Some(true));
}

#[test]
fn a_changed_file_changes_the_service_that_mounts_it() {
    let digest = |username: &str| {
        let mut sketch = Sketch::new(&["a", "b"], &[], &[]);
        for (role, path) in [("a", "/"), ("b", username)] {
            sketch.listen(role, &[crate::testing::port("http", 80, exoc_ir::Protocol::Http)]);
            sketch.door(role, 0, crate::testing::http("localhost", path));
        }
        let project = project(&files(&sketch.finish()));
        let label = &project["services"]["exoc_gateway"]["labels"]["exoc.files"];
        label.as_str().map(str::to_owned)
    };
    assert!(digest("/b").is_some());
    assert_ne!(digest("/b"), digest("/c"));
}

#[test]
fn a_description_is_a_comment_that_nothing_escapes_from() {
    let mut sketch = Sketch::new(&["api"], &[], &[]);
    sketch.app.description = Some("Sells things\nname: evil\r\u{85}name: worse\n".to_owned());
    let files = files(&sketch.finish());
    let printed = text(&files, "compose.yaml");
    assert!(printed.lines().any(|line| line == "# Sells things"), "{printed}");
    assert!(
        printed.lines().any(|line| line.starts_with("# name: evil")),
        "{printed}"
    );
    assert_eq!(project(&files)["name"].as_str(), Some("shop"));
}

#[test]
fn the_page_speaks_of_data_only_where_there_is_data() {
    let page = |secrets: &[&str], postgres: bool| {
        let backings: &[&str] = if postgres { &["db"] } else { &[] };
        let mut sketch = Sketch::new(&["api"], backings, secrets);
        if postgres {
            sketch.postgres("db");
        } else {
            let key = sketch.secret("KEY");
            let value = exoc_ir::Value::new([exoc_ir::Part::Secret(key)]);
            sketch
                .service("api")
                .workload
                .environment
                .insert("KEY".to_owned(), value);
        }
        text(&files(&sketch.finish()), "README.md")
    };
    let without = page(&["KEY"], false);
    assert!(
        !without.contains("database") && !without.contains("keeps the data"),
        "{without}"
    );
    let with = page(&["DB_ADMINISTRATOR", "DB_PASSWORD"], true);
    assert!(
        with.contains("when its volume is new") && with.contains("keeps the data"),
        "{with}"
    );
}

#[test]
fn the_page_says_what_must_lead_to_the_machine() {
    let page = |mut sketch: Sketch, host: &str| {
        sketch.listen("api", &[port("http", 4000, Protocol::Http)]);
        sketch.door("api", 0, http(host, "/"));
        text(&files(&sketch.finish()), "README.md")
    };
    let sketch = || Sketch::new(&["api"], &[], &[]);
    let there = page(sketch().elsewhere(), "shop.example.com");
    assert!(there.contains("\n127.0.0.1 shop.example.com\n"), "{there}");
    assert!(there.contains("say `https`"), "{there}");
    let other = page(sketch(), "shop.test");
    assert!(
        other.contains("\n127.0.0.1 shop.test\n") && !other.contains("https"),
        "{other}"
    );
    for host in ["localhost", "admin.localhost"] {
        let here = page(sketch(), host);
        assert!(!here.contains("hosts file"), "{here}");
    }
}
