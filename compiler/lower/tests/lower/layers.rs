//! Layers of services and dependencies, one over the other.

use crate::support::{faults, program, run};
use exoc_ir::{Engine, Probe, Seconds};

const FILES: [(&str, &str); 2] = [
    (
        "application.yml",
        "\
name: shop
environment: { LEVEL: app, GONE: app }
dependencies:
  db: { type: postgres, version: \"16\", storage: 20Gi, cpu: 1 }
  cache: redis:7
services:
  web:
    location: ./web
    environment: { BESIDE: beside, BOTH: beside }
    memory: 1Gi
environments:
  staging:
    domain: staging.example.com
    environment: { LEVEL: staging, GONE: null }
    dependencies:
      db: { version: \"17\" }
      cache: { type: container, image: \"redis:7.4\", port: 6379, security: { user: 999 } }
    services:
      web:
        environment: { BOTH: overlay, FILE: null }
        health: { tcp: true }
        route: null
        scale: 1
      extra: { image: \"nginx:1.29\", security: { user: 1 } }
",
    ),
    (
        "web/service.yml",
        "\
image: nginx:1.29
port: 80
route: { path: /a, timeout: 5s }
health: { path: /h, interval: 20s }
environment: { FILE: file, BOTH: file, BESIDE: file }
memory: 2Gi
cpu: 2
scale: { min: 2, max: 4, cpu: 50% }
uses: [db, cache]
security: { user: 7 }
",
    ),
];

#[test]
fn the_stronger_layer_wins_key_by_key() {
    let program = program(&FILES, "staging");
    let (_, web) = program.services().iter().nth(1).unwrap();
    let text = |name: &str| web.workload.environment.get(name).and_then(|value| value.text());
    assert_eq!(text("BESIDE"), Some("beside"));
    assert_eq!(text("BOTH"), Some("overlay"));
    assert_eq!(text("FILE"), None);
    assert_eq!(text("LEVEL"), Some("staging"));
    assert_eq!(text("GONE"), None);
    assert_eq!(web.workload.resources.memory.to_string(), "1Gi");
    assert_eq!(web.workload.resources.cpu.0, 2000);
    assert!(program.doors().is_empty());
    // A number alone drops the goal, which would have nothing to decide.
    assert_eq!((web.scale.fixed(), web.scale.cpu), (Some(1), None));
    assert_eq!(program.services().len(), 2);
}

#[test]
fn naming_one_question_drops_the_other_and_keeps_the_numbers() {
    let program = program(&FILES, "staging");
    let (_, web) = program.services().iter().nth(1).unwrap();
    let health = web.workload.health.as_ref().unwrap();
    assert_eq!(
        (&health.probe, health.interval),
        (&Probe::Tcp { port: 0 }, Seconds(20))
    );
}

#[test]
fn a_dependency_merges_unless_its_type_changes() {
    let program = program(&FILES, "staging");
    let engine = |role: &str| {
        program
            .backings()
            .iter()
            .find(|(_, b)| b.role == role)
            .unwrap()
            .1
            .engine
            .clone()
    };
    match engine("db") {
        Engine::Managed(db) => {
            assert_eq!(
                (
                    db.version.as_deref().unwrap(),
                    db.storage.to_string(),
                    db.resources.cpu.0
                ),
                ("17", "20Gi".into(), 1000)
            );
        }
        Engine::Container(_) | Engine::External(_) | Engine::Existing(_) => panic!("db is managed"),
    }
    match engine("cache") {
        Engine::Container(cache) => assert_eq!(cache.ports.first().unwrap().number, 6379),
        Engine::Managed(_) | Engine::External(_) | Engine::Existing(_) => panic!("cache is a container"),
    }
}

#[test]
fn without_an_overlay_nothing_changes() {
    let program = program(&FILES, "local");
    let (_, web) = program.services().iter().next().unwrap();
    assert_eq!((web.scale.min, web.scale.max, web.scale.cpu), (2, 4, Some(50)));
    assert_eq!(program.doors().len(), 1);
    assert_eq!(program.services().len(), 1);
}

#[test]
fn a_fault_of_an_overlay_is_shown_in_the_overlay() {
    let overlaid = |overlay: &str| {
        faults(&format!(
            "\
name: shop
services:
  api: {{ image: \"nginx:1.29\", port: 80, security: {{ user: 1 }} }}
  web: {{ image: \"nginx:1.29\", port: 80, uses: [api], scale: {{ min: 3, max: 5 }}, health: {{ path: /, interval: 30s, timeout: 20s }}, security: {{ user: 1 }} }}
environments:
  staging:
    services:
      {overlay}
"
        ))
    };
    assert_eq!(overlaid("api: null"), "EX0204 application.yml:8 null\n");
    assert_eq!(
        overlaid("web: { scale: { max: 2 } }"),
        "EX0312 application.yml:8 2\n"
    );
    assert_eq!(
        overlaid(
            "web: { environment: { A: \"${services.api.url}\" }, uses: null }\n      api: { port: null }"
        ),
        "EX0320 application.yml:9 null\n"
    );
    assert_eq!(overlaid("apii: { scale: 2 }"), "EX0204 application.yml:8 apii\n");
    assert_eq!(
        overlaid("{}\n    dependencies: { bd: { cpu: 2 } }"),
        "EX0204 application.yml:9 bd\n"
    );
    assert_eq!(overlaid("web: { uses: [apo] }"), "EX0204 application.yml:8 apo\n");
    assert_eq!(
        overlaid("web: { security: { user: null } }"),
        "EX0305 application.yml:8 null\n"
    );
    assert_eq!(
        overlaid("web: { image: nginx }"),
        "EX0304 application.yml:8 nginx\n"
    );
    assert_eq!(overlaid("api: { port: null }"), "EX0320 application.yml:8 null\n");
}

#[test]
fn a_fault_that_all_environments_share_is_reported_once() {
    let text = "\
name: shop
services:
  web: { image: \"nginx:1.29\", port: 80, uses: [nobody], security: { user: 1 } }
environments:
  one: { targets: { compose: {} } }
  two: { targets: { compose: {} } }
";
    assert_eq!(faults(text), "EX0204 application.yml:3 nobody\n");
}

#[test]
fn services_of_one_build_share_one_image() {
    let files = [
        (
            "application.yml",
            "\
name: shop
services:
  web: { location: ./app }
  admin: { location: ./app, build: { context: ./app } }
  other: { location: ./app, build: { context: ./app, stage: test } }
",
        ),
        ("app/Dockerfile", "FROM a AS test\nUSER 5:6\nFROM b\nUSER 7\n"),
    ];
    let program = program(&files, "local");
    let images: Vec<String> = program
        .images()
        .iter()
        .map(|(_, image)| match image {
            exoc_ir::Image::Built(built) => built.name.clone(),
            exoc_ir::Image::Pinned(reference) => reference.to_string(),
        })
        .collect();
    assert_eq!(images, ["admin", "other"]);
    let users: Vec<_> = program
        .services()
        .iter()
        .map(|(_, service)| service.workload.security.user)
        .collect();
    let ids = |user, group| exoc_ir::User::Ids { user, group };
    assert_eq!(users, [ids(7, 7), ids(5, 6), ids(7, 7)]);
    assert_eq!(run(&files).found(), "");
}

const DEVELOPED: &str = "\
image: example/a:1
security: { user: 1 }
cpu: 1
memory: 1Gi
shutdown: 9s
development: { cpu: 2, memory: 2Gi, shutdown: 5s, run: serve --watch }
";

/// Cores, GiB, seconds to stop and whether there is a command, of the one service.
fn developed(beside: &str, environment: &str) -> (u32, u64, u32, bool) {
    let application = format!(
        "name: shop\nservices: {{ web: {{ location: web, {beside} }} }}\nenvironments:\n  local: {{ services: {{ web: \
         {{ shutdown: 3s }} }} }}\n  staging: {{}}\n"
    );
    let files = [
        ("application.yml", application.as_str()),
        ("web/service.yml", DEVELOPED),
    ];
    let program = program(&files, environment);
    let (_, web) = program.services().iter().next().unwrap();
    let workload = &web.workload;
    (
        workload.resources.cpu.0 / 1000,
        workload.resources.memory.0 >> 30,
        workload.shutdown.0,
        workload.command.is_some(),
    )
}

#[test]
fn development_lies_above_its_own_file_and_below_the_next_layer() {
    let beside = "cpu: 3, development: { memory: 4Gi }";
    assert_eq!(developed(beside, "local"), (3, 4, 3, true));
}

#[test]
fn development_is_seen_in_local_only() {
    let beside = "cpu: 3, development: { memory: 4Gi }";
    assert_eq!(developed(beside, "staging"), (3, 1, 9, false));
}

#[test]
fn an_entry_that_removes_development_removes_that_of_the_file() {
    assert_eq!(developed("development: null", "local"), (1, 1, 3, false));
}
