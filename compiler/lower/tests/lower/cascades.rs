//! One fault, one diagnostic: what depends on something broken is silent, and everything else is still checked.

use crate::support::{COMPOSE, Toy, faults, run, run_for};

/// Files in which everything depends on `api`, whose service.yml is the given text.
fn with_service(text: &str) -> String {
    run(&[
        (
            "application.yml",
            "\
name: shop
secrets: { KEY: {} }
services:
  api: ./api
  web:
    image: nginx:1.29
    uses: [api]
    environment:
      A: ${services.api.url} ${services.api.ports.http.url} ${services.api.public-url}
environments:
  staging:
    domain: staging.example.com
    services: { api: { security: { user: 1 }, environment: { K: \"${secrets.KEY}\" } }, web: { security: { user: 1 } } }
",
        ),
        ("api/service.yml", text),
        ("api/Dockerfile", "FROM scratch\n"),
    ])
    .found()
}

#[test]
fn a_broken_port_is_one_fault() {
    for port in ["port: abc", "port: 0", "ports: []", "prot: 80"] {
        let text =
            format!("{port}\nroute: /\nhealth: /h\ntype: public\nscale: {{ min: 1, max: 2, requests: 3 }}\n");
        assert_eq!(
            with_service(&text).lines().count(),
            1,
            "{port}: {}",
            with_service(&text)
        );
    }
}

#[test]
fn a_broken_route_is_one_fault() {
    let text = "port: 80\nroute: api\nscale: { min: 1, max: 2, requests: 3 }\n";
    assert_eq!(with_service(text), "EX0110 api/service.yml:2 api\n");
}

#[test]
fn a_broken_file_is_one_fault() {
    for text in ["port: [", "- a\n", "\tport: 80\n"] {
        assert_eq!(
            with_service(text).lines().count(),
            1,
            "{text}: {}",
            with_service(text)
        );
    }
}

#[test]
fn an_unreadable_location_is_one_fault() {
    let text = "\
name: shop
services:
  api: ./nowhere
  web: { image: \"nginx:1.29\", uses: [api], environment: { A: \"${services.api.url}\" } }
";
    assert_eq!(faults(text), "EX0002 application.yml:3 ./nowhere\n");
}

#[test]
fn broken_declarations_are_one_fault() {
    let rest = "services: { web: { image: \"nginx:1.29\", uses: [db], environment: { A: \"${secrets.A}\", B: \"${dependencies.db.url}\" } } }\n";
    let cases = [
        (
            "secrets: [A]\ndependencies: { db: postgres:17 }\n",
            "EX0102 application.yml:2 [A]\n",
        ),
        (
            "secrets: { A: {} }\ndependencies: [db]\n",
            "EX0102 application.yml:3 [db]\n",
        ),
        (
            "secrets: { A: {} }\ndependencies: { db: { type: postgrse, version: \"1\" } }\n",
            "EX0106 application.yml:3 postgrse\n",
        ),
        (
            "secrets: { A: 5 }\ndependencies: { db: postgres:17 }\n",
            "EX0102 application.yml:2 5\n",
        ),
        (
            "secrets: { A: {} }\ndependencies: { db: { version: \"17\" } }\n",
            "EX0103 application.yml:3 db\n",
        ),
        (
            "secrets: { A: {} }\ndependencies: { db: { type: postgres, version: 17 } }\n",
            "EX0102 application.yml:3 17\n",
        ),
    ];
    for (declarations, expected) in cases {
        assert_eq!(faults(&format!("name: shop\n{declarations}{rest}")), expected);
    }
}

#[test]
fn a_broken_name_or_domain_is_one_fault() {
    let text = "\
name: My Shop
dependencies: { db: postgres:17 }
services:
  web: { image: \"nginx:1.29\", port: 80, route: /, uses: [db], environment: { A: \"${app.name} ${env.domain}\" } }
environments:
  local: { domain: \"a b\" }
";
    assert_eq!(
        faults(text),
        "EX0201 application.yml:1 My Shop\nEX0110 application.yml:6 \"a b\"\n"
    );
}

#[test]
fn five_faults_of_five_families_come_out_together() {
    let files = [
        (
            "application.yml",
            "\
name: shop
dependencies:
  db: postgres:17
  db: postgres:16
services:
  api: ./api
  web: ./web
environments:
  production:
    domain: shop.example.com
    services:
      api: { security: { privileged: true } }
    targets:
      strict: { region: here }
",
        ),
        (
            "api/service.yml",
            "\
image: nginx:1.29
port: 80
route: /
uses: [db]
memory: [plenty]
security: { user: 1 }
environment: { WEB: \"${services.wbe.url}\" }
",
        ),
        (
            "web/service.yml",
            "image: nginx:1.29\nport: 80\nroute: /\nsecurity: { user: 1 }\n",
        ),
    ];
    let run = run(&files);
    assert_eq!(
        run.found(),
        "\
EX0006 application.yml:4 db
EX0401 application.yml:12 true
EX0102 api/service.yml:5 [plenty]
EX0204 api/service.yml:7 wbe
EX0307 web/service.yml:3 /
",
        "{}",
        run.text()
    );
}

#[test]
fn a_misspelt_name_is_not_unused_as_well() {
    let text = "\
name: shop
secrets: { KEY: {} }
dependencies: { db: postgres:17 }
services:
  web: { image: \"nginx:1.29\", uses: [bd], environment: { A: \"${secrets.KEI}\" } }
";
    assert_eq!(
        faults(text),
        "EX0204 application.yml:5 bd\nEX0206 application.yml:5 KEI\n"
    );
}

#[test]
fn a_fault_elsewhere_hides_no_unknown_role() {
    let text = "\
name: shop
services:
  web: { image: \"nginx:1.29\", memory: lots, uses: [bd], environment: { A: \"${secrets.KEY}\" } }
";
    assert_eq!(
        faults(text),
        "EX0108 application.yml:3 lots\nEX0204 application.yml:3 bd\nEX0206 application.yml:3 KEY\n"
    );
}

#[test]
fn a_broken_environment_is_one_fault() {
    let text = |environment: &str| {
        faults(&format!(
            "\
name: shop
services:
  web: {{ image: nginx, port: 80, route: /, uses: [api] }}
  api: {{ image: nginx, port: 80 }}
environments:
  production: {environment}
"
        ))
    };
    assert_eq!(text("text"), "EX0102 application.yml:6 text\n");
    let overlay = "{ domain: a.example.com, services: [web] }";
    assert_eq!(text(overlay), "EX0102 application.yml:6 [web]\n");
    let near = "{ domain: a.example.com, servces: { web: { image: \"nginx:1.29\" } } }";
    assert_eq!(text(near), "EX0101 application.yml:6 servces\n");
}

#[test]
fn a_missing_port_is_one_fault() {
    let text = |service: &str| {
        faults(&format!(
            "\
name: shop
services:
  api: {{ image: \"nginx:1.29\", {service} }}
  web: {{ image: \"nginx:1.29\", uses: [api], environment: {{ A: \"${{services.api.url}}\" }} }}
"
        ))
    };
    assert_eq!(text("route: /, health: /h"), "EX0308 application.yml:3 /\n");
    assert_eq!(text("health: /h"), "EX0311 application.yml:3 /h\n");
    assert_eq!(
        text("type: private, health: /h"),
        "EX0301 application.yml:3 private\n"
    );
}

#[test]
fn a_broken_registry_is_not_missing_as_well() {
    let text = |registry: &str| format!("name: shop\n{registry}\nservices: {{ web: ./web }}\n");
    let compile = |registry: &str| {
        let text = text(registry);
        let files = [("application.yml", text.as_str()), ("web/Dockerfile", "FROM a\n")];
        let toy = Toy {
            refused: Some(exoc_ir::Feature::BuiltWithoutRegistry),
            ..COMPOSE
        };
        run_for(&files, &exoc_lower::Selection::default(), &[&toy]).found()
    };
    assert_eq!(compile("description: x"), "EX0401 application.yml:3 ./web\n");
    assert_eq!(compile("registry: [x]"), "EX0102 application.yml:2 [x]\n");
}
