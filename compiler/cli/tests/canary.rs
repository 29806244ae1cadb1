//! Secrets reach neither a file nor a message: canaries put where credentials end up, and looked for everywhere.

use crate::support::{App, program};
use std::process::Output;

/// Each in a form that the check of literals knows: a token, a value under a telling name, a password in a URL. Put
/// together here, so that no scanner takes this file for a leak.
fn token() -> String {
    format!("sk_live_{}", "CanaryYellow7".repeat(2))
}
const PASSWORD: &str = "canary-Yellow-77";

/// What must be found nowhere.
const TRACES: [&str; 2] = ["CanaryYellow", "canary-Yellow"];

/// An application with a service, and room for more of its keys below.
const SERVICE: &str =
    "name: shop\nservices:\n  web:\n    image: nginx:1.29\n    security: { user: 5 }\n    port: 80\n";

/// Places where a credential was pasted, most of them wrong; `<token>`, `<password>` and `<url>` stand for it.
const PLACES: &[&str] = &[
    "    environment: { KEY: <token> }\n",
    "    environment: { KEY: <token>, KEY: again }\n",
    "    environment: { KEY: [<token>] }\n",
    "    environment: [KEY=<token>]\n",
    "    environment:\n      - API_TOKEN=<password>\n",
    "    environment: KEY=<token>\n",
    "    environment: { DB_PASSWORD: <password> }\n    foo: 1\n",
    "    environment:\n      DB_PASSWORD: <password>\n    ports: [\n",
    "    environment:\n      DB_PASSWORD:\n        <password>\n    ports: [\n",
    "    environment:\n      DB_PASSWORD: >-\n        <password>\n    ports: [\n",
    "    environment: { KEY: \"Bearer <token> ${nope}\" }\n",
    "    environment: { KEY: \"${secrets.<token>}\" }\n",
    "    environment: { DATABASE: \"<url>\" }\n    enviroment: { DATABASE: \"<url>\" }\n",
    "    enviroment: { KEY: <token> }\n",
    "    env_file: <token>\n",
    "    command: serve --key <token>\n    foo: 1\n",
    "    command: [serve, --password=<password>, \"${nope}\"]\n",
    "    entrypoint: [<token>, 1]\n",
    "    build: { args: { KEY: <token> } }\n",
    "    memory: <token>\n",
    "    cpu: <token>\n",
    "    type: <token>\n",
    "    health: <token>\n",
    "    health: { path: <token>, interval: <token> }\n",
    "    route: { host: [\"a:<token>\"] }\n",
    "    uses: [<token>]\n",
    "    scale: <token>\n",
    "    writable: [<token>]\n",
    "    security: { user: <token> }\n",
    "    <token>: 1\n",
    "secrets:\n  KEY: <token>\n",
    "secrets: { KEY: { value: <token> } }\n",
    "secrets: { KEY: { description: \"<token>\" } }\n",
    "secrets: { DB_PASSWORD: <password> }\n",
    "owner: <token>\nowner: <token>\n",
    "registry: \"https://u:<password>@example.com\"\n",
    "dependencies: { db: { type: postgres, version: <token> } }\n",
    "dependencies: { db: { type: postgres, version: \"17\", password: <password> } }\n",
    "dependencies: { db: { type: <token> } }\n",
    "dependencies: { db: { type: external, url: \"<url>\" } }\n",
    "dependencies: { db: { type: external, url: \"<url>:x\" } }\n",
    "environments:\n  p: { targets: { aws: { access_key: <token> } } }\n",
    "environments:\n  p: { targets: { aws: { region: <token> } } }\n",
    "environments:\n  p: { targets: { <token>: {} } }\n",
    "environments:\n  p: { targets: { compose: { patches: [{ at: <token>, set: { init: true } }] } } }\n",
    "environments:\n  p: { targets: { compose: { patches: [{ at: web, set: { <token>: true } }] } } }\n",
    "environments:\n  p: { targets: { compose: { patches: [{ at: web, set: { labels.key: <token> } }] } } }\n",
    "environments:\n  p: { targets: { compose: { patches: [{ at: web, set: { labels: { API_TOKEN: <password> } } }] } } }\n",
    "environments:\n  p: { targets: { compose: { patches: [{ at: web, set: { labels: { a: [\"<url>\"] } } }] } } }\n",
    "environments:\n  p: { targets: { aws: { patches: [{ at: web, set: { labels.key: <token> } }] } } }\n",
    "environments:\n  p: { targets: { aws: { region: eu-central-1, account: \"123456789012\", patches: [{ at: <token>, set: { tags.a: b } }] } } }\n",
    "environments:\n  p: { targets: { aws: { region: eu-central-1, account: \"123456789012\", patches: [{ at: aws_ecs_service.web, set: { <token>: b } }] } } }\n",
    "environments:\n  p: { targets: { aws: { region: eu-central-1, account: \"123456789012\", patches: [{ at: aws_ecs_service.web, set: { tags: { a: [\"<url>\"] } } }] } } }\n",
    "environments:\n  <token>: {}\n",
    "environments:\n  p: { domain: <token>.example.com }\n",
    "<token>\n",
    "\tKEY: <token>\n",
    "a: &x <token>\nb: *y\n",
    "a: !!binary <token>\n",
    "--- <token>\n",
];

fn traces(output: &Output) -> Vec<String> {
    let all = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let lines = all.iter().flat_map(|text| text.lines());
    let seen = lines.filter(|line| TRACES.iter().any(|trace| line.contains(trace)));
    seen.map(str::to_owned).collect()
}

#[test]
fn a_literal_that_looks_like_a_credential_is_shown_by_no_diagnostic_of_any_format() {
    let token = token();
    let mut report = Vec::new();
    for place in PLACES {
        let keys = place
            .replace("<token>", &token)
            .replace("<password>", PASSWORD)
            .replace("<url>", &format!("postgres://shop:{PASSWORD}@db:5432/shop"));
        assert!(TRACES.iter().any(|trace| keys.contains(trace)), "{place}");
        let app = App::with(&[("application.yml", &format!("{SERVICE}{keys}"))]);
        for format in ["human", "concise", "json", "sarif", "github", "gitlab", "junit"] {
            let commands: &[&str] = match format {
                "human" | "concise" | "json" => &["check", "build", "secrets"],
                // Two commands have them, and one way to print.
                _ => &["check"],
            };
            for command in commands {
                let output = program(&app.path(""), &[command, "--format", format])
                    .output()
                    .unwrap();
                let seen = traces(&output);
                report.extend(seen.iter().map(|line| format!("{place:?} {format}: {line}")));
            }
        }
    }
    assert!(report.is_empty(), "{}", report.join("\n"));
}

#[test]
fn the_environment_and_files_of_variables_are_not_read() {
    let app = App::with(&[
        (
            "application.yml",
            "name: shop\nsecrets: { CANARY: {} }\nservices: { web: ./web }\nenvironments:\n  production:\n    domain: \
             shop.example.com\n    registry: ghcr.io/acme\n    targets: { kubernetes: {}, aws: { region: eu-central-1, \
             account: \"123456789012\" } }\n",
        ),
        (
            "web/service.yml",
            "port: 8080\nroute: /\nenvironment: { KEY: \"${secrets.CANARY}\", OTHER: \"$CANARY $$CANARY $(CANARY)\" }\n",
        ),
    ]);
    let variables = format!("CANARY={PASSWORD}\nKEY={PASSWORD}\n");
    let beside = [".env", "web/.env", "infra/local/compose/.env", "infra/.env"];
    beside.iter().for_each(|path| app.write(path, &variables));
    let commands: [&[&str]; 10] = [
        &["secrets"],
        &["secrets", "--env", "production", "--format", "json"],
        &["check"],
        &["build"],
        &["build", "--format", "json"],
        &["build", "--check", "--diff"],
        &["dump", "ast"],
        &["dump", "ir"],
        &["targets"],
        &["build", "--target", "nothing"],
    ];
    for arguments in commands {
        let mut command = program(&app.path(""), arguments);
        for name in [
            "CANARY",
            "KEY",
            "SERVICE_NAME",
            "AWS_SECRET_ACCESS_KEY",
            "TF_VAR_canary",
            "EXOC_CANARY",
        ] {
            command.env(name, PASSWORD);
        }
        assert_eq!(
            traces(&command.output().unwrap()),
            Vec::<String>::new(),
            "{arguments:?}"
        );
    }
    let files = app.files();
    let written = files
        .iter()
        .filter(|(path, _)| path.starts_with("infra/") && !path.ends_with('/'));
    assert!(written.clone().count() > 20, "the build wrote its files");
    let holds = |(_, text): &&(String, String)| TRACES.iter().any(|trace| text.contains(trace));
    let leaks: Vec<&str> = files
        .iter()
        .filter(holds)
        .map(|(path, _)| path.as_str())
        .collect();
    let mut own = beside.to_vec();
    own.sort_unstable();
    let mut found = leaks;
    found.sort_unstable();
    assert_eq!(
        found, own,
        "the canary stands where the test put it, and nowhere else"
    );
}
