//! Forms of names, reserved ones, and clashes.

use crate::support::{faults, run};

const WEB: &str = "{ image: \"nginx:1.29\", port: 80, security: { user: 1 } }";

#[test]
fn names_have_one_form_each() {
    let long = "x".repeat(53);
    let cases = [
        (
            format!("name: Shop\nservices: {{ web: {WEB} }}"),
            "EX0201 application.yml:1 Shop\n",
        ),
        (
            format!("name: shop\nservices: {{ 9web: {WEB} }}"),
            "EX0201 application.yml:2 9web\n",
        ),
        (
            format!("name: shop\nservices: {{ a--b: {WEB} }}"),
            "EX0201 application.yml:2 a--b\n",
        ),
        (
            format!("name: shop\nservices: {{ internet: {WEB} }}"),
            "EX0202 application.yml:2 internet\n",
        ),
        (
            format!("name: shop\nservices: {{ web: {WEB} }}\nenvironments: {{ A: {{}} }}"),
            "EX0201 application.yml:3 A\n",
        ),
        (
            "name: shop\nservices: { web: { image: \"nginx:1.29\", environment: { A-B: x } } }".into(),
            "EX0201 application.yml:2 A-B\n",
        ),
        (
            "name: shop\nservices: { web: { image: \"nginx:1.29\", environment: { EXOC_A: x } } }".into(),
            "EX0202 application.yml:2 EXOC_A\n",
        ),
        (
            "name: shop\nservices: { web: { image: \"nginx:1.29\", ports: [{ name: 80-x--y, port: 1 }] } }"
                .into(),
            "EX0201 application.yml:2 80-x--y\n",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(faults(&text), expected, "{text}");
    }
    let text = format!("name: shop\nservices: {{ {long}: {WEB} }}");
    assert_eq!(faults(&text), format!("EX0201 application.yml:2 {long}\n"));
}

#[test]
fn a_name_in_another_style_is_guessed() {
    let run = run(&[(
        "application.yml",
        "name: shop\nservices: { WebSite_v2: { image: \"nginx:1.29\" } }",
    )]);
    let help = &run.diagnostics.first().unwrap().help;
    assert_eq!(help.first().unwrap(), "did you mean `web-site-v2`?");
}

#[test]
fn a_clash_shows_both_places() {
    let text = "\
name: shop
dependencies:
  api: { type: external, url: \"https://a.example.com\" }
services:
  api: { image: \"nginx:1.29\", port: 80 }
  web:
    image: nginx:1.29
    uses: [api]
    environment: { A: \"${dependencies.api.url} ${services.api.url}\" }
";
    let run = run(&[("application.yml", text)]);
    assert_eq!(run.found(), "EX0203 application.yml:5 api\n", "{}", run.text());
    let other = run.diagnostics.first().unwrap().secondary.first().unwrap();
    assert_eq!(run.map.start(other.span).unwrap().line, 3);
}

#[test]
fn an_overlay_that_clashes_is_the_culprit() {
    let text = "\
name: shop
services:
  zoo: { image: \"nginx:1.29\", port: 80, security: { user: 1 } }
environments:
  staging:
    services: {}
    dependencies:
      zoo: { type: external, url: \"https://a.example.com\" }
";
    assert_eq!(faults(text), "EX0203 application.yml:8 zoo\n");
}

#[test]
fn secrets_of_managed_dependencies_have_names_too() {
    let declared = "\
name: shop
secrets: { DB_PASSWORD: {} }
dependencies: { db: postgres:17 }
services:
  web: { image: \"nginx:1.29\", uses: [db], environment: { A: \"${secrets.DB_PASSWORD}\" } }
";
    assert_eq!(faults(declared), "EX0203 application.yml:2 DB_PASSWORD\n");
    let two = "\
name: shop
dependencies: { db: postgres:17, db-administrator: redis:7 }
services:
  web: { image: \"nginx:1.29\", uses: [db, db-administrator] }
";
    assert_eq!(faults(two), "EX0203 application.yml:2 db-administrator\n");
}
