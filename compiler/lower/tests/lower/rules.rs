//! Rules of single components: images, users, ports, health, scale, folders, dependencies, credentials.

use crate::support::{faults, program, run};
use exoc_ir::{Capabilities, User};

fn service(rest: &str) -> String {
    faults(&format!(
        "name: shop\nservices:\n  web: {{ image: \"nginx:1.29\", {rest} }}\n"
    ))
}

#[test]
fn health_asks_what_can_be_asked() {
    let grpc = "ports: [{ name: rpc, port: 80, protocol: grpc }]";
    let udp = "ports: [{ name: dns, port: 53, protocol: udp }]";
    assert_eq!(service("health: /h"), "EX0311 application.yml:3 /h\n");
    assert_eq!(
        service("port: 80, health: { path: /h, port: x }"),
        "EX0311 application.yml:3 x\n"
    );
    assert_eq!(
        service("port: 80, health: { interval: 5s }"),
        "EX0311 application.yml:3 { interval: 5s }\n"
    );
    assert_eq!(
        service(&format!("{grpc}, health: /h")),
        "EX0311 application.yml:3 /h\n"
    );
    assert_eq!(service(&format!("{grpc}, health: {{ grpc: true }}")), "");
    assert_eq!(
        service("port: 80, health: { grpc: true }"),
        "EX0311 application.yml:3 true\n"
    );
    assert_eq!(
        service(&format!("{udp}, health: {{ tcp: true }}")),
        "EX0311 application.yml:3 true\n"
    );
    assert_eq!(
        service("health: { command: [a], port: x }"),
        "EX0311 application.yml:3 x\n"
    );
    assert_eq!(
        service("port: 80, health: { tcp: true, interval: 10s, timeout: 10s }"),
        "EX0311 application.yml:3 10s\n"
    );
    assert_eq!(
        service("port: 80, health: { tcp: true, timeout: 12s }"),
        "EX0311 application.yml:3 12s\n"
    );
}

#[test]
fn scales_do_not_contradict_themselves() {
    assert_eq!(
        service("scale: { min: 3, max: 2 }"),
        "EX0312 application.yml:3 2\n"
    );
    assert_eq!(
        service("scale: { min: 0, max: 2 }"),
        "EX0312 application.yml:3 0\n"
    );
    assert_eq!(
        service("scale: { min: 2, max: 2, cpu: 70% }"),
        "EX0312 application.yml:3 70%\n"
    );
    assert_eq!(
        service("port: 80, scale: { min: 1, max: 2, requests: 9 }"),
        "EX0312 application.yml:3 9\n"
    );
    assert_eq!(
        service("port: 80, route: /, scale: { min: 1, max: 2, requests: 9 }"),
        ""
    );
    assert_eq!(service("scale: 0"), "");
    let scale = |text: &str| {
        let text = format!("name: shop\nservices:\n  web: {{ image: \"nginx:1.29\", scale: {text} }}\n");
        let program = program(&[("application.yml", &text)], "local");
        let (_, web) = program.services().iter().next().unwrap();
        (web.scale.min, web.scale.max, web.scale.cpu)
    };
    assert_eq!(scale("{ min: 3 }"), (3, 3, None));
    assert_eq!(scale("{ max: 3 }"), (1, 3, Some(70)));
}

#[test]
fn numbers_and_names_of_ports_are_unique() {
    assert_eq!(
        service("ports: [{ name: a, port: 80 }, { name: b, port: 80, protocol: grpc }]"),
        "EX0306 application.yml:3 80\n"
    );
    assert_eq!(
        service("ports: [{ name: a, port: 80, protocol: tcp }, { name: b, port: 80, protocol: udp }]"),
        ""
    );
    assert_eq!(
        service("ports: [{ name: a, port: 80 }, { name: a, port: 81 }]"),
        "EX0203 application.yml:3 a\n"
    );
}

#[test]
fn folders_lie_where_they_can_and_leave_memory() {
    assert_eq!(
        service("writable: [/proc/x]"),
        "EX0316 application.yml:3 /proc/x\n"
    );
    assert_eq!(service("writable: [/]"), "EX0316 application.yml:3 /\n");
    assert_eq!(
        service("writable: { /x: 512Mi }"),
        "EX0319 application.yml:3 /x\n"
    );
    assert_eq!(
        service("memory: 1Gi, writable: { /x: 1Gi }"),
        "EX0319 application.yml:3 1Gi\n"
    );
    assert_eq!(service("memory: 64Mi"), "EX0319 application.yml:3 64Mi\n");
    assert_eq!(service("memory: 64Mi, writable: { /tmp: 16Mi }"), "");
}

#[test]
fn images_outside_local_have_a_version_and_a_user() {
    let staging = |image: &str, rest: &str| {
        faults(&format!(
            "name: shop\nservices:\n  web: {{ image: \"{image}\"{rest} }}\nenvironments: {{ staging: {{}} }}\n"
        ))
    };
    assert_eq!(
        staging("nginx", ", security: { user: 1 }"),
        "EX0304 application.yml:3 \"nginx\"\n"
    );
    assert_eq!(
        staging("nginx:latest", ", security: { user: 1 }"),
        "EX0304 application.yml:3 \"nginx:latest\"\n"
    );
    assert_eq!(
        staging("nginx:1.29", ""),
        "EX0305 application.yml:3 \"nginx:1.29\"\n"
    );
    assert_eq!(
        staging("nginx:1.29", ", security: { group: 1 }"),
        "EX0305 application.yml:3 1\n"
    );
    assert_eq!(staging("nginx:1.29", ", security: { user: root }"), "");
    assert_eq!(service("port: 80"), "", "in local the image's own user is fine");
}

#[test]
fn root_keeps_the_default_capabilities_unless_some_are_listed() {
    let security = |text: &str| {
        let text = format!("name: shop\nservices:\n  web: {{ image: \"nginx:1.29\", security: {text} }}\n");
        let program = program(&[("application.yml", &text)], "local");
        program
            .services()
            .iter()
            .next()
            .unwrap()
            .1
            .workload
            .security
            .clone()
    };
    assert_eq!(security("{ user: root }").capabilities, Capabilities::Default);
    let listed = security("{ user: root, capabilities: [CHOWN] }").capabilities;
    assert_eq!(listed, Capabilities::Only(["CHOWN".to_owned()].into()));
    assert_eq!(
        security("{ user: 5 }").capabilities,
        Capabilities::Only([].into())
    );
    assert_eq!(
        security("{ user: 5, group: 6 }").user,
        User::Ids { user: 5, group: 6 }
    );
    assert_eq!(security("{}").user, User::FromImage);
}

#[test]
fn a_dockerfile_with_a_named_user_is_shown() {
    let files = |rest: &'static str, user: &'static str| {
        run(&[
            ("application.yml", "name: shop\nservices: { web: ./web }\n"),
            ("web/service.yml", rest),
            ("web/Dockerfile", user),
        ])
        .found()
    };
    assert_eq!(
        files("port: 80", "FROM a\nUSER node\n"),
        "EX0317 web/Dockerfile:2 node\n"
    );
    assert_eq!(files("security: { user: 1000 }", "FROM a\nUSER node\n"), "");
    assert_eq!(
        files("port: 80", "FROM a\nUSER 1000:node\n"),
        "EX0317 web/Dockerfile:2 1000:node\n"
    );
    assert_eq!(files("port: 80", "FROM a\n"), "");
}

#[test]
fn uses_reach_something_else() {
    let with = |uses: &str| {
        faults(&format!(
            "name: shop\nservices:\n  job: {{ image: \"nginx:1.29\" }}\n  web: {{ image: \"nginx:1.29\", port: 80, uses: [{uses}] }}\n"
        ))
    };
    assert_eq!(with("web"), "EX0310 application.yml:4 web\n");
    assert_eq!(with("job"), "EX0320 application.yml:4 job\n");
    assert_eq!(with("internet, internet"), "EX0203 application.yml:4 internet\n");
    assert_eq!(with("interne"), "EX0204 application.yml:4 interne\n");
}

#[test]
fn dependencies_have_the_keys_of_their_type() {
    let with = |dependency: &str| {
        faults(&format!(
            "name: shop\ndependencies:\n  x: {dependency}\nservices:\n  web: {{ image: \"nginx:1.29\", uses: [x] }}\n"
        ))
    };
    assert_eq!(with("postgres"), "EX0103 application.yml:3 postgres\n");
    assert_eq!(with("postgres:9"), "EX0313 application.yml:3 9\n");
    assert_eq!(with("{ cpu: 1 }"), "EX0103 application.yml:3 x\n");
    assert_eq!(with("{ type: external }"), "EX0103 application.yml:3 external\n");
    assert_eq!(
        with("{ type: container, port: 80 }"),
        "EX0303 application.yml:3 x\n"
    );
    assert_eq!(
        with("{ type: redis, version: \"7\", port: 5 }"),
        "EX0302 application.yml:3 port\n"
    );
    assert_eq!(
        with("{ type: external, url: \"https://a\", environment: { A: b } }"),
        "EX0302 application.yml:3 A\n"
    );
}

#[test]
fn what_nothing_uses_is_a_warning_once() {
    let text = "\
name: shop
secrets: { A: {}, B: {} }
dependencies: { db: postgres:17, cache: redis:7 }
services:
  web: { image: \"nginx:1.29\", security: { user: 1 } }
environments:
  staging:
    services: { web: { uses: [cache], environment: { A: \"${secrets.A}\" } } }
  production: {}
";
    assert_eq!(
        faults(text),
        "EX0210 application.yml:2 B\nEX0209 application.yml:3 db\n"
    );
}

#[test]
fn a_credential_is_named_and_never_shown() {
    let token = format!("ghp_{}", "a1".repeat(18));
    let text = format!(
        "name: shop\nservices:\n  web: {{ image: \"nginx:1.29\", command: [x, {token}], environment: {{ DB_PASSWORD: hunter2hunter, SORT_KEY: created_at, TOKEN: \"${{service.name}}\" }} }}\n"
    );
    let run = run(&[("application.yml", &text)]);
    assert_eq!(
        run.found(),
        format!("EX0314 application.yml:3 {token}\nEX0314 application.yml:3 hunter2hunter\n")
    );
    for diagnostic in &run.diagnostics {
        let words = format!(
            "{} {:?} {:?}",
            diagnostic.message, diagnostic.help, diagnostic.primary
        );
        assert!(!words.contains(&token) && !words.contains("hunter2"), "{words}");
    }
}
