//! References: what they may name, where, and what they become.

use crate::support::{faults, program, run};
use exoc_ir::{Attribute, Part, Value};

const HEAD: &str = "\
name: shop
secrets: { KEY: {} }
dependencies:
  db: postgres:17
  mq: { type: external, url: \"amqp://u:${secrets.KEY}@mq.example.com/jobs\" }
services:
  api: { image: \"nginx:1.29\", port: 80, route: /api, environment: { K: \"${secrets.KEY}\" } }
  web:
    image: nginx:1.29
    port: 81
    uses: [db, mq]
";

fn in_variable(reference: &str) -> String {
    faults(&format!("{HEAD}    environment: {{ A: \"{reference}\" }}\n"))
}

#[test]
fn the_wrong_word_of_a_reference_is_underlined() {
    let cases = [
        ("${servcies.api.url}", "EX0207 application.yml:12 servcies\n"),
        ("${services.ap.url}", "EX0204 application.yml:12 ap\n"),
        ("${services.db.url}", "EX0204 application.yml:12 db\n"),
        ("${services.api.uri}", "EX0205 application.yml:12 uri\n"),
        (
            "${services.api.ports.http.uri}",
            "EX0205 application.yml:12 uri\n",
        ),
        (
            "${services.api.ports.htpp.url}",
            "EX0207 application.yml:12 htpp\n",
        ),
        ("${services.api}", "EX0207 application.yml:12 ${services.api}\n"),
        ("${dependencies.db.ports.x.url}", "EX0207 application.yml:12 x\n"),
        (
            "${dependencies.db.username.x}",
            "EX0207 application.yml:12 ${dependencies.db.username.x}\n",
        ),
        ("${dependencies.mq.tls}", "EX0205 application.yml:12 tls\n"),
        ("${secrets.KEI}", "EX0206 application.yml:12 KEI\n"),
        (
            "${secrets.DB_PASSWORD}",
            "EX0206 application.yml:12 DB_PASSWORD\n",
        ),
        ("${app.owner}", "EX0207 application.yml:12 owner\n"),
        ("${env.nam}", "EX0207 application.yml:12 nam\n"),
        ("${service.public-url}", "EX0205 application.yml:12 public-url\n"),
        (
            "a ${app.x} b ${env.y} c",
            "EX0207 application.yml:12 x\nEX0207 application.yml:12 y\n",
        ),
    ];
    for (reference, expected) in cases {
        assert_eq!(in_variable(reference), expected, "{reference}");
    }
}

#[test]
fn what_can_be_named_becomes_its_value() {
    let text = format!(
        "{HEAD}    environment:
      TEXT: ${{app.name}}-${{env.name}} at ${{env.domain}}
      API: ${{services.api.url}} ${{services.api.ports.http.address}} ${{services.api.public-url}} ${{services.api.public-host}}
      SELF: ${{service.name}}:${{service.port}}
      DB: ${{dependencies.db.host}}/${{dependencies.db.database}}
      MQ: ${{dependencies.mq.username}} ${{dependencies.mq.address}} ${{dependencies.mq.database}}
      KEY: x${{secrets.KEY}}
"
    );
    let program = program(&[("application.yml", &text)], "local");
    let (_, web) = program.services().iter().nth(1).unwrap();
    let value = |name: &str| &web.workload.environment[name];
    assert_eq!(value("TEXT").text(), Some("shop-local at localhost:8080"));
    assert_eq!(
        value("API").text(),
        Some("http://api:80 api:80 http://localhost:8080/api localhost:8080")
    );
    assert_eq!(value("SELF").text(), Some("web:81"));
    assert_eq!(value("MQ").text(), Some("u mq.example.com:5672 jobs"));
    let (db, _) = program.backings().iter().next().unwrap();
    let expected = [
        Part::Attribute(db, Attribute::Host),
        Part::Text("/".into()),
        Part::Attribute(db, Attribute::Database),
    ];
    assert_eq!(value("DB"), &Value::new(expected));
    assert!(value("KEY").sensitive());
    assert!(value("MQ_URL").sensitive());
}

#[test]
fn each_place_takes_what_is_known_there() {
    let forbidden = |yaml: &str| faults(&format!("{HEAD}{yaml}"));
    assert_eq!(
        forbidden("    command: [a, \"${secrets.KEY}\"]\n"),
        "EX0211 application.yml:12 ${secrets.KEY}\n"
    );
    assert_eq!(
        forbidden("    entrypoint: [\"${dependencies.db.url}\"]\n"),
        "EX0211 application.yml:12 ${dependencies.db.url}\n"
    );
    assert_eq!(
        forbidden("    health: { command: [\"${dependencies.mq.password}\"] }\n"),
        "EX0211 application.yml:12 ${dependencies.mq.password}\n"
    );
    assert_eq!(forbidden("    command: [\"${dependencies.db.host}\"]\n"), "");
    assert_eq!(
        forbidden("    route: { host: \"${services.api.host}.x\" }\n"),
        "EX0212 application.yml:12 ${services.api.host}\n"
    );
    assert_eq!(
        forbidden("environment: { A: \"${dependencies.db.host}\" }\n"),
        "EX0212 application.yml:12 ${dependencies.db.host}\n"
    );
    assert_eq!(
        forbidden("environment: { A: \"${services.api.url}\" }\n"),
        "EX0212 application.yml:12 ${services.api.url}\n"
    );
    assert_eq!(
        forbidden("environment: { A: \"${services.api.public-url}\" }\n"),
        ""
    );
}

#[test]
fn arguments_of_a_build_see_names_and_public_addresses() {
    let files = |argument: &str| {
        let text = format!(
            "name: shop\nservices:\n  web: {{ location: ./web, build: {{ args: {{ A: \"{argument}\" }} }} }}\n  \
             api: {{ image: \"nginx:1.29\", port: 80, route: / }}\n"
        );
        run(&[("application.yml", &text), ("web/Dockerfile", "FROM scratch\n")]).found()
    };
    assert_eq!(files("${app.name} ${env.name} ${services.api.public-url}"), "");
    assert_eq!(
        files("${services.api.url}"),
        "EX0212 application.yml:3 ${services.api.url}\n"
    );
    assert_eq!(files("${secrets.X}"), "EX0211 application.yml:3 ${secrets.X}\n");
}

#[test]
fn a_reference_is_an_edge_unless_it_is_public_or_its_own() {
    let text = "\
name: shop
services:
  a: { image: \"nginx:1.29\", port: 80, route: / }
  b: { image: \"nginx:1.29\", port: 80, environment: { A: \"${services.a.public-url} ${services.b.url}\" } }
  c: { image: \"nginx:1.29\", environment: { B: \"${services.b.host}\" } }
";
    let program = program(&[("application.yml", text)], "local");
    let edges: Vec<_> = program
        .edges()
        .iter()
        .map(|edge| program.role(edge.from))
        .collect();
    assert_eq!(edges, ["c"]);
}

#[test]
fn an_environment_without_a_domain_is_reported_once() {
    let text = "\
name: shop
services:
  a: { image: \"nginx:1.29\", port: 80, route: /, security: { user: 1 } }
  b: { image: \"nginx:1.29\", environment: { D: \"${env.domain}\" }, security: { user: 1 } }
environments:
  staging: {}
";
    let run = run(&[("application.yml", text)]);
    assert_eq!(
        run.found(),
        "EX0309 application.yml:6 staging\n",
        "{}",
        run.text()
    );
}

#[test]
fn external_urls_say_host_and_port() {
    let with = |url: &str| {
        faults(&format!(
            "name: shop\nsecrets: {{ S: {{}} }}\ndependencies: {{ x: {{ type: external, url: \"{url}\" }} }}\n\
             services: {{ web: {{ image: \"nginx:1.29\", uses: [x], environment: {{ S: \"${{secrets.S}}\" }} }} }}\n"
        ))
    };
    assert_eq!(with("https://a.example.com/x?y"), "");
    assert_eq!(with("https://u:${secrets.S}@a.example.com"), "");
    for bad in [
        "a.example.com",
        "tcp://a.example.com",
        "https://${secrets.S}",
        "https://",
        "https://a:0",
        "://a",
    ] {
        assert_eq!(
            with(bad),
            format!("EX0318 application.yml:3 \"{bad}\"\n"),
            "{bad}"
        );
    }
}
