//! Doors and public addresses.

use crate::support::{faults, program};
use exoc_ir::Entrance;

fn doors(text: &str, environment: &str) -> Vec<String> {
    let program = program(&[("application.yml", text)], environment);
    program
        .doors()
        .iter()
        .map(|door| match &door.entrance {
            Entrance::Http {
                host,
                path,
                strip,
                timeout,
            } => format!("{host}{path} {strip} {timeout}"),
            Entrance::Plain { host, number, .. } => format!("{host}:{number}"),
        })
        .collect()
}

const TEXT: &str = "\
name: shop
services:
  a: { image: \"nginx:1.29\", port: 80, type: public, security: { user: 1 } }
  b:
    image: nginx:1.29
    ports: [{ name: main, port: 81 }, { name: side, port: 82 }]
    route: { path: [/b, /c/d], host: [\"b.${env.domain}\", other.example.com], port: side, strip: true, timeout: 2m }
    environment: { ME: \"${service.public-url} ${service.public-host}\" }
    security: { user: 1 }
  mqtt:
    image: nginx:1.29
    ports: [{ name: mqtt, port: 1883, protocol: tcp }]
    route: {}
    environment: { ME: \"${service.public-url} ${service.public-host}\" }
    security: { user: 1 }
environments:
  staging: { domain: Shop.Example.com }
  local: { domain: \"localhost:9000\" }
";

#[test]
fn every_host_and_path_is_a_door() {
    assert_eq!(
        doors(TEXT, "staging"),
        [
            "b.shop.example.com/c/d true 120s",
            "other.example.com/c/d true 120s",
            "b.shop.example.com/b true 120s",
            "other.example.com/b true 120s",
            "shop.example.com/ false 60s",
            "mqtt.shop.example.com:1883",
        ]
    );
}

#[test]
fn local_enters_at_a_port_of_its_own() {
    assert!(doors(TEXT, "local").contains(&"b.localhost/b true 120s".to_owned()));
    let addresses = |environment: &str, index: usize| {
        let program = program(&[("application.yml", TEXT)], environment);
        let (_, service) = program.services().iter().nth(index).unwrap();
        service.workload.environment["ME"].text().unwrap().to_owned()
    };
    assert_eq!(
        addresses("local", 1),
        "http://b.localhost:9000/b b.localhost:9000"
    );
    assert_eq!(
        addresses("staging", 1),
        "https://b.shop.example.com/b b.shop.example.com"
    );
    assert_eq!(
        addresses("local", 2),
        "tcp://mqtt.localhost:1883 mqtt.localhost:1883"
    );
    let program = program(&[("application.yml", TEXT)], "local");
    assert_eq!(
        (
            program.environment().domain.as_deref(),
            program.environment().http_port
        ),
        (Some("localhost"), Some(9000))
    );
}

#[test]
fn routes_lead_to_a_port_of_the_service() {
    let with = |rest: &str| {
        faults(&format!(
            "name: shop\nservices:\n  web: {{ image: \"nginx:1.29\", {rest} }}\n"
        ))
    };
    assert_eq!(with("route: /"), "EX0308 application.yml:3 /\n");
    assert_eq!(
        with("port: 80, route: { port: htp }"),
        "EX0308 application.yml:3 htp\n"
    );
    assert_eq!(
        with("port: 80, route: { host: A.example.com }"),
        "EX0308 application.yml:3 A.example.com\n"
    );
    let tcp = "ports: [{ name: x, port: 80, protocol: tcp }], ";
    assert_eq!(with(&format!("{tcp}route: /")), "EX0308 application.yml:3 /\n");
    assert_eq!(
        with(&format!("{tcp}route: {{ strip: true }}")),
        "EX0308 application.yml:3 true\n"
    );
    assert_eq!(with(&format!("{tcp}type: public")), "");
    assert_eq!(with("port: 80, type: public"), "");
    assert_eq!(
        with("port: 80, route: { strip: true }"),
        "EX0308 application.yml:3 true\n"
    );
}

#[test]
fn types_agree_with_the_other_keys() {
    let with = |rest: &str| {
        faults(&format!(
            "name: shop\nservices:\n  web: {{ image: \"nginx:1.29\", {rest} }}\n"
        ))
    };
    assert_eq!(
        with("type: worker, port: 80"),
        "EX0301 application.yml:3 worker\n"
    );
    assert_eq!(
        with("type: private, port: 80, route: /"),
        "EX0301 application.yml:3 private\n"
    );
    assert_eq!(with("type: private"), "EX0301 application.yml:3 private\n");
    assert_eq!(with("type: public"), "EX0301 application.yml:3 public\n");
    assert_eq!(with("type: worker"), "");
}

#[test]
fn two_doors_never_match_one_request() {
    let with = |one: &str, two: &str| {
        faults(&format!(
            "\
name: shop
services:
  a: {{ image: \"nginx:1.29\", {one} }}
  b: {{ image: \"nginx:1.29\", {two} }}
"
        ))
    };
    assert_eq!(
        with("port: 80, route: /x", "port: 80, route: /x"),
        "EX0307 application.yml:4 /x\n"
    );
    assert_eq!(with("port: 80, route: /x", "port: 80, route: /x/y"), "");
    assert_eq!(
        with(
            "port: 80, route: /x",
            "port: 80, route: { path: /x, host: b.localhost }"
        ),
        ""
    );
    assert_eq!(
        with("port: 80, route: { path: [/x, /x] }", "port: 1"),
        "EX0307 application.yml:3 /x\n"
    );
    let tcp = |number: u16, route: &str| {
        format!("ports: [{{ name: x, port: {number}, protocol: tcp }}], route: {route}")
    };
    assert_eq!(
        with(&tcp(5, "{}"), &tcp(5, "{}")),
        "EX0307 application.yml:4 {}\n"
    );
    assert_eq!(with(&tcp(5, "{}"), &tcp(6, "{}")), "");
    assert_eq!(
        with(&tcp(5, "{ host: localhost }"), "port: 80, route: /"),
        "EX0307 application.yml:4 /\n"
    );
}

#[test]
fn a_host_that_differs_between_environments_is_one_fault() {
    let text = "\
name: shop
services:
  web: { image: \"nginx:1.29\", port: 80, route: { host: \"${env.name}_.x\" }, security: { user: 1 } }
environments:
  staging: {}
";
    assert_eq!(faults(text), "EX0308 application.yml:3 \"${env.name}_.x\"\n");
}
