//! Derived variables and their precedence.

use crate::support::{faults, program};
use exoc_ir::Program;

fn names(program: &Program, role: &str) -> Vec<String> {
    let found = program
        .workloads()
        .find(|(component, _)| program.role(*component) == role);
    found.unwrap().1.environment.keys().cloned().collect()
}

#[test]
fn a_use_gives_every_attribute_and_further_ports() {
    let text = "\
name: shop
dependencies: { my-db: postgres:17, cache: redis:7 }
services:
  api:
    image: nginx:1.29
    ports: [{ name: http, port: 80 }, { name: admin, port: 81 }]
  web: { image: \"nginx:1.29\", port: 90, uses: [my-db, api, internet] }
  tool: { image: \"nginx:1.29\", uses: [cache], environment: { CACHE_URL: null } }
";
    let program = program(&[("application.yml", text)], "local");
    assert_eq!(
        names(&program, "web"),
        [
            "API_ADDRESS",
            "API_ADMIN_ADDRESS",
            "API_ADMIN_PORT",
            "API_ADMIN_URL",
            "API_HOST",
            "API_PORT",
            "API_URL",
            "MY_DB_ADDRESS",
            "MY_DB_DATABASE",
            "MY_DB_HOST",
            "MY_DB_PASSWORD",
            "MY_DB_PORT",
            "MY_DB_TLS",
            "MY_DB_URL",
            "MY_DB_USERNAME",
            "PORT",
            "SERVICE_NAME",
        ]
    );
    assert_eq!(
        names(&program, "tool"),
        [
            "CACHE_ADDRESS",
            "CACHE_HOST",
            "CACHE_PASSWORD",
            "CACHE_PORT",
            "CACHE_TLS",
            "SERVICE_NAME",
        ]
    );
}

#[test]
fn the_strongest_wins() {
    let text = "\
name: shop
environment: { API_URL: app, API_HOST: app, PORT: app, SERVICE_NAME: null }
services:
  api: { image: \"nginx:1.29\", port: 80 }
  web:
    image: nginx:1.29
    port: 90
    uses: [api]
    environment: { API_URL: own, API_PORT: null }
";
    let program = program(&[("application.yml", text)], "local");
    let (_, web) = program.services().iter().nth(1).unwrap();
    let all: Vec<String> = web
        .workload
        .environment
        .iter()
        .map(|(name, value)| format!("{name}={}", value.text().unwrap()))
        .collect();
    assert_eq!(
        all,
        ["API_ADDRESS=api:80", "API_HOST=app", "API_URL=own", "PORT=app"]
    );
}

#[test]
fn a_container_gets_neither_the_applications_variables_nor_those_of_services() {
    let text = "\
name: shop
environment: { LEVEL: info }
dependencies:
  box: { type: container, image: \"nginx:1.29\", port: 80, environment: { A: b } }
services:
  web: { image: \"nginx:1.29\", uses: [box] }
";
    let program = program(&[("application.yml", text)], "local");
    assert_eq!(names(&program, "box"), ["A"]);
}

#[test]
fn two_givers_of_one_name_are_a_fault_unless_it_is_settled() {
    let with = |rest: &str| {
        faults(&format!(
            "\
name: shop
services:
  a: {{ image: \"nginx:1.29\", ports: [{{ name: x, port: 80 }}, {{ name: b, port: 81 }}] }}
  a-b: {{ image: \"nginx:1.29\", port: 82 }}
  web: {{ image: \"nginx:1.29\", uses: [a, a-b], environment: {{ A_B_URL: null, A_B_PORT: x{rest} }} }}
"
        ))
    };
    assert_eq!(with(""), "EX0208 application.yml:5 a-b\n");
    assert_eq!(with(", A_B_ADDRESS: null"), "");
}

#[test]
fn only_consumed_secrets_are_in_the_program() {
    let text = "\
name: shop
secrets: { USED: { description: For the test }, OTHER: {} }
dependencies: { db: postgres:17, cache: redis:7 }
services:
  web: { image: \"nginx:1.29\", uses: [db, cache], environment: { USED: \"${secrets.USED}\" } }
environments:
  staging:
    services: { web: { environment: { OTHER: \"${secrets.OTHER}\" }, security: { user: 1 } } }
";
    let secrets = |environment: &str| {
        let program = program(&[("application.yml", text)], environment);
        program
            .secrets()
            .iter()
            .map(|(_, secret)| secret.name.clone())
            .collect::<Vec<_>>()
    };
    let made = ["CACHE_PASSWORD", "DB_ADMINISTRATOR_PASSWORD", "DB_PASSWORD"];
    assert_eq!(secrets("local"), [&made[..], &["USED"]].concat());
    assert_eq!(secrets("staging"), [&made[..], &["OTHER", "USED"]].concat());
    assert_eq!(faults(text), "");
}
