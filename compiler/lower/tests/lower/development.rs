//! What only `development` says: its layers, and what it becomes.

use crate::support::{program, run};
use exoc_ir::{Development, Program, Renewal, Transport};

/// Each key with forms of its value; those of a mapping with what the second is over the first one.
const FORMS: &[(&str, &[&str])] = &[
    ("test", &["check", "[check, \"--all\"]", "null"]),
    ("watch", &["[src]", "[src, assets/logo.svg]", "[]", "null"]),
    ("publish", &["[9229]", "[80, 53]", "[]", "null"]),
    (
        "mount",
        &[
            "/app",
            "{ /app: src }",
            "{ /assets: ./assets }",
            "{ /app: null }",
            "null",
        ],
    ),
    (
        "build",
        &["{ stage: tools }", "{ args: { LEVEL: debug } }", "null"],
    ),
];

/// The program of a service in the application's own folder, with these layers of `development`.
fn layered(file: &str, beside: &str, environment: &str) -> Program {
    let application = format!(
        "name: shop\nservices:\n  web:\n    location: .\n    development: {{ {beside} }}\nenvironments:\n  staging: \
         {{ registry: ghcr.io/acme }}\n"
    );
    let mounted = if file.contains("mount") || beside.contains("mount") {
        ""
    } else {
        "mount: { /srv: src }, "
    };
    let own = format!(
        "build: .\nimage: example/a:1\nports: [{{ name: dns, port: 53, protocol: udp }}]\ndevelopment: {{ {mounted}{file} }}\n"
    );
    let files = [
        ("application.yml", application.as_str()),
        ("service.yml", &own),
        ("Dockerfile", "FROM a AS tools\nUSER 5\nFROM a\nUSER 6\n"),
        ("src/main.js", ""),
        ("assets/logo.svg", ""),
    ];
    program(&files, environment)
}

fn web(program: &Program) -> &Development {
    &program.services().iter().next().unwrap().1.development
}

fn json(program: &Program) -> serde_json::Value {
    serde_json::to_value(program).unwrap()
}

/// What the second form of a key is over the first one, as one layer says it.
fn over(key: &str, weaker: &str, stronger: &str) -> String {
    let members = |form: &str| match form {
        "/app" => "/app: .".to_owned(),
        mapping => {
            let inner = mapping
                .strip_prefix("{ ")
                .and_then(|rest| rest.strip_suffix(" }"));
            inner.unwrap().to_owned()
        }
    };
    match (key, weaker, stronger) {
        ("mount" | "build", weaker, stronger) if weaker != "null" && stronger != "null" => {
            let (below, above) = (members(weaker), members(stronger));
            let name = |member: &str| member.split(':').next().unwrap().to_owned();
            if name(&below) == name(&above) {
                format!("{{ {above} }}")
            } else {
                format!("{{ {below}, {above} }}")
            }
        }
        (_, _, stronger) => stronger.to_owned(),
    }
}

#[test]
fn two_layers_mean_what_one_layer_of_their_keys_means() {
    for (key, forms) in FORMS {
        for weaker in *forms {
            for stronger in *forms {
                let both = layered(
                    &format!("{key}: {weaker}"),
                    &format!("{key}: {stronger}"),
                    "local",
                );
                let one = over(key, weaker, stronger);
                let one = layered(&format!("{key}: {one}"), "", "local");
                assert_eq!(json(&both), json(&one), "{key}: {weaker}, then {stronger}");
            }
        }
    }
}

#[test]
fn a_layer_over_itself_and_an_empty_one_change_nothing() {
    for (key, forms) in FORMS {
        for form in *forms {
            let layer = format!("{key}: {form}");
            let alone = json(&layered(&layer, "", "local"));
            assert_eq!(json(&layered(&layer, &layer, "local")), alone, "{layer}");
            assert_eq!(json(&layered("", &layer, "local")), alone, "{layer}");
        }
    }
}

#[test]
fn another_environment_sees_nothing_of_it() {
    let without = json(&layered("", "", "staging"));
    for (key, forms) in FORMS {
        for form in *forms {
            let layer = format!("{key}: {form}");
            let program = layered(&layer, "", "staging");
            assert!(web(&program).is_empty(), "{layer}");
            assert_eq!(json(&program), without, "{layer}");
        }
    }
}

#[test]
fn a_mounted_file_restarts_the_service_and_one_of_the_build_rebuilds_it() {
    let program = layered("watch: [src/main.js, assets, Dockerfile]", "", "local");
    let renewals: Vec<_> = web(&program)
        .watched
        .iter()
        .map(|(path, renewal)| (path.as_str(), *renewal))
        .collect();
    assert_eq!(
        renewals,
        [
            ("Dockerfile", Renewal::Rebuild),
            ("assets", Renewal::Rebuild),
            ("src/main.js", Renewal::Restart)
        ]
    );
}

#[test]
fn a_published_port_is_carried_as_the_service_says() {
    let program = layered("publish: [53, 9229]", "", "local");
    let published: Vec<_> = web(&program).published.iter().copied().collect();
    assert_eq!(published, [(53, Transport::Udp), (9229, Transport::Tcp)]);
}

#[test]
fn mounted_sources_make_the_file_system_writable_unless_it_is_said() {
    let writable = |beside: &str| {
        let program = layered("", beside, "local");
        let service = program.services().iter().next().unwrap().1;
        service.workload.security.root_writable
    };
    assert!(writable(""));
    assert!(!writable("security: { writable-filesystem: false }"));
    assert!(!writable("mount: null"));
    assert!(!writable("mount: { /srv: null }"));
}

#[test]
fn the_stage_of_development_says_the_user_in_local_only() {
    let user = |environment: &str| {
        let program = layered("build: { stage: tools }", "", environment);
        program.services().iter().next().unwrap().1.workload.security.user
    };
    let ids = |user| exoc_ir::User::Ids { user, group: user };
    assert_eq!((user("local"), user("staging")), (ids(5), ids(6)));
}

#[test]
fn a_folder_and_a_file_that_are_missing_are_told_once() {
    let files = [(
        "application.yml",
        "name: shop\nservices:\n  web:\n    image: example/a:1\n    development: { mount: { /app: gone }, watch: [lost] }\n",
    )];
    let found = run(&files).found();
    assert_eq!(found.matches("EX0002").count(), 2, "{found}");
    assert_eq!(found.lines().count(), 2, "{found}");
}
