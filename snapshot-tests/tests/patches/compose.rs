//! What patches make of the project's file of compose.

use crate::{Faults, built, checked, data, fence, section, shows};
use exoc_diagnostics::VirtualPath;
use exoc_snapshot_tests::case;
use jsonschema::Draft;
use serde_json::Value;
use yaml_rust2::YamlLoader;

/// An application whose environment `demo` patches its project.
fn manifest(patches: &str) -> String {
    format!(
        "name: shop\nservices:\n  web:\n    image: example/web:1.0\n    security: {{ user: 101 }}\n    port: 3000\n    \
         health: /up\n    volumes: {{ data: /data }}\n    environment: {{ MODE: a }}\n  api:\n    image: \
         example/api:1.0\n    security: {{ user: 101 }}\n    uses: [web]\nenvironments:\n  demo:\n    targets:\n      \
         compose:\n        patches:\n{patches}"
    )
}

/// The project's file of `demo`, or what is told.
fn project(text: &str) -> Result<String, String> {
    built(text, "compose.yaml")
}

/// The lines that patches add to the file.
fn added(patches: &str) -> Vec<String> {
    let before = project(&manifest("          []\n")).unwrap();
    let after = project(&manifest(patches)).unwrap_or_else(|told| panic!("{told}"));
    let new = after
        .lines()
        .filter(|line| !before.lines().any(|old| old == *line));
    let new = new.map(str::trim).filter(|line| !line.starts_with('#'));
    new.map(str::to_owned).collect()
}

/// What is told of one patch.
fn told(patch: &str) -> String {
    let told = project(&manifest(&format!("          - {patch}\n")));
    told.err().unwrap_or_else(|| "nothing".to_owned())
}

#[test]
fn values_are_added_and_changed_where_their_paths_say() {
    let new = added(
        "          - at: web\n            set: { 'sysctls.\"net.core.somaxconn\"': 1024, cpus: 0.5, dns: [1.1.1.1, 8.8.8.8], \
         'volumes[target=/data].volume': { nocopy: true } }\n            replace: { stop_grace_period: 90s }\n",
    );
    assert_eq!(
        new,
        [
            "volume:",
            "nocopy: true",
            "stop_grace_period: \"90s\"",
            "cpus: 0.5",
            "dns: [\"1.1.1.1\", \"8.8.8.8\"]",
            "sysctls:",
            "net.core.somaxconn: 1024"
        ]
    );
}

#[test]
fn companions_networks_and_volumes_are_patched_as_well() {
    let new = added(
        "          - { at: web_health, replace: { healthcheck.interval: 1m } }\n          - { at: networks.web, set: { \
         enable_ipv6: true } }\n          - { at: volumes.web-data, set: { driver: local } }\n",
    );
    assert_eq!(
        new,
        [
            "interval: \"1m\"",
            "enable_ipv6: true",
            "web-data:",
            "driver: \"local\""
        ]
    );
}

#[test]
fn later_patches_see_what_earlier_ones_made() {
    let new = added(
        "          - { at: web, set: { logging.driver: local } }\n          - { at: web, set: { logging.options.max-size: 10m \
         }, replace: { logging.driver: journald } }\n",
    );
    assert_eq!(
        new,
        [
            "logging:",
            "driver: \"journald\"",
            "options:",
            "max-size: \"10m\""
        ]
    );
}

#[test]
fn what_a_patch_made_says_which_line_it_comes_from() {
    let text = manifest(
        "          - at: api\n            set:\n              init: true\n            replace:\n              read_only: false\n",
    );
    let file = project(&text).unwrap();
    let line = |key: &str| text.lines().position(|line| line.contains(key)).unwrap() + 1;
    for (key, value) in [("init", "true"), ("read_only", "false")] {
        let from = format!("    # From application.yml:{}.\n    {key}: {value}\n", line(key));
        assert!(file.contains(&from), "{from}{file}");
    }
}

#[test]
fn a_dollar_in_a_patch_is_a_dollar() {
    let new = added("          - { at: web, set: { labels.price: \"$API_KEY and $$5\" } }\n");
    assert_eq!(new, ["price: \"$$API_KEY and $$$$5\""]);
}

#[test]
fn keys_in_another_order_make_the_same_file() {
    let one = "          - { at: web, set: { dns: 1.1.1.1, ulimits: { nofile: 5, core: 0 } }, replace: { restart: always } }\n";
    let other = "          - { replace: { restart: always }, set: { ulimits: { core: 0, nofile: 5 }, dns: 1.1.1.1 }, at: web }\n";
    assert_eq!(project(&manifest(one)), project(&manifest(other)));
}

const FAULTS: Faults = &[
    (
        "{ at: wep, set: { init: true } }",
        "wep",
        &["has no `wep`", "did you mean `web`?"],
    ),
    (
        "{ at: services.web, set: { init: true } }",
        "services.web",
        &["write `web`"],
    ),
    (
        "{ at: networks.wep, set: { internal: true } }",
        "networks.wep",
        &["did you mean `networks.web`?"],
    ),
    (
        "{ at: configs.a, set: { file: a } }",
        "configs.a",
        &["has no `configs.a`"],
    ),
    (
        "{ at: web, set: { stop_grace_period: 90s } }",
        "stop_grace_period",
        &["`web` has `stop_grace_period` already", "under `replace`"],
    ),
    (
        "{ at: web, replace: { healthcheck: { interval: 5s } } }",
        "healthcheck",
        &["there is no `healthcheck` to replace", "under `set`"],
    ),
    (
        "{ at: web, replace: { deploy.resorces.limits.cpus: '1' } }",
        "resorces",
        &["`deploy` of `web` has no such key", "did you mean `resources`?"],
    ),
    (
        "{ at: web, set: { stop_signl: SIGINT } }",
        "stop_signl",
        &["no key `stop_signl` in `web`", "did you mean `stop_signal`?"],
    ),
    (
        "{ at: web, set: { deploy.mod: global } }",
        "mod",
        &["no key `mod` in `deploy` of `web`", "did you mean `mode`?"],
    ),
    (
        "{ at: web, set: { logging: { drivr: local } } }",
        "drivr",
        &["no key `drivr` in `logging` of `web`", "did you mean `driver`?"],
    ),
    (
        "{ at: web, set: { build: { contxt: . } } }",
        "contxt",
        &["no key `contxt` in `build` of `web`", "did you mean `context`?"],
    ),
    (
        "{ at: web, replace: { stop_grace_period: 90 } }",
        "90",
        &[
            "`stop_grace_period` of `web` cannot be a number: expected a text",
            "quote it: `\"90\"`",
        ],
    ),
    (
        "{ at: web, set: { init: [true] } }",
        "[true]",
        &["cannot be a list: expected `true` or `false` or a text"],
    ),
    (
        "{ at: web, set: { dns: { a: b } } }",
        "{ a: b }",
        &["cannot be a mapping: expected a list or a text"],
    ),
    (
        "{ at: web, set: { cpu_percent: 101 } }",
        "101",
        &["the most is 100"],
    ),
    (
        "{ at: web, set: { cap_add: [A, A] } }",
        "[A, A]",
        &["an item stands twice"],
    ),
    (
        "{ at: web, set: { cgroup: hots } }",
        "hots",
        &["not one of the known words", "did you mean `host`?"],
    ),
    (
        "{ at: web, set: { pull_policy: sometimes } }",
        "sometimes",
        &["not of the expected form"],
    ),
    ("{ at: web, set: { cpus: .inf } }", ".inf", &["infinite number"]),
    (
        "{ at: web, replace: { image: null } }",
        "null",
        &["cannot be null: expected a text"],
    ),
    (
        "{ at: web, set: { depends_on.api: {} } }",
        "{}",
        &["`depends_on.api` of `web` needs `condition`"],
    ),
    (
        "{ at: web, set: { 'cap_drop[2]': ALL } }",
        "[2]",
        &["`cap_drop` of `web` has 1 item"],
    ),
    (
        "{ at: web, set: { 'cap_drop[1].a': ALL } }",
        "[1]",
        &["has 1 item"],
    ),
    (
        "{ at: web, replace: { 'cap_drop[1]': ALL } }",
        "[1]",
        &["has 1 item"],
    ),
    (
        "{ at: web, set: { 'volumes[target=/other].volume': {} } }",
        "[target=/other]",
        &["no item of `volumes` of `web` is like this"],
    ),
    (
        "{ at: web, set: { 'dns[0]': 1.1.1.1 } }",
        "[0]",
        &["`dns` of `web` is not there", "`dns: [ … ]`"],
    ),
    (
        "{ at: web, set: { image.name: a } }",
        "name",
        &["`image` of `web` is a text"],
    ),
    (
        "{ at: web, set: { 'sysctls.net/a': 1 } }",
        "/",
        &["segments are joined by `.`"],
    ),
    (
        "{ at: web, set: { 'sysctls.\"a': 1 } }",
        "\"a",
        &["the quote is not closed"],
    ),
    (
        "{ at: web, set: { \"sysctls.\\\"a\": 1 } }",
        "\"sysctls.\\\"a\"",
        &["the quote is not closed"],
    ),
    (
        "{ at: web, set: { sysctls.: 1 } }",
        "",
        &["a segment is missing here"],
    ),
    (
        "{ at: web, set: { 'dns[x]': 1 } }",
        "x",
        &["`[0]`", "`[name=api]`"],
    ),
    (
        "{ at: web, set: { labels.API_TOKEN: hunter2hunter2 } }",
        "hunter2hunter2",
        &["looks like a credential, by its name", "under `secrets`"],
    ),
    (
        "{ at: web, set: { labels.a: \"postgres://shop:hunter22@db/x\" } }",
        "\"postgres://shop:hunter22@db/x\"",
        &["looks like a URL with a password"],
    ),
];

#[test]
fn what_does_not_fit_is_told_once_where_it_is_written() {
    checked(FAULTS, told);
}

#[test]
fn every_fault_of_every_patch_is_told_and_none_twice() {
    let patches = "          - { at: web, set: { a: 1, b: 2, init: true } }\n          - { at: web, set: { init: false } }\n";
    let told = project(&manifest(patches)).unwrap_err();
    let codes: Vec<_> = told.lines().map(|line| line.split(':').next().unwrap()).collect();
    assert_eq!(codes, ["EX0404 `a`", "EX0404 `b`", "EX0404 `init`"], "{told}");
}

#[test]
fn no_reference_stands_in_a_patch() {
    let told = told("{ at: web, set: { labels.key: \"${secrets.KEY}\" } }");
    assert!(told.starts_with("EX0112 `${secrets.KEY}`"), "{told}");
}

/// Else a patch would be told of what it did not do.
#[test]
fn every_project_fits_the_specification_before_it_is_patched() {
    let schema: Value = serde_json::from_str(include_str!("../../../schemas/compose-spec.json")).unwrap();
    let judge = jsonschema::options()
        .with_draft(Draft::Draft7)
        .build(&schema)
        .unwrap();
    let (mut judged, mut report) = (0, String::new());
    for case in case::all().unwrap() {
        for output in case.build().unwrap().outputs {
            let Some(file) = output.artifacts.get(&VirtualPath::new("compose.yaml").unwrap()) else {
                continue;
            };
            let text = String::from_utf8(file.contents.clone()).unwrap();
            let project = data(YamlLoader::load_from_str(&text).unwrap().first().unwrap());
            judged += 1;
            for fault in judge.iter_errors(&project) {
                report += &format!("{} {}: {fault}\n", case.name, output.environment);
            }
        }
    }
    assert!(judged > 40, "only {judged} projects");
    assert!(report.is_empty(), "{report}");
}

#[test]
fn the_example_of_the_page_makes_what_the_page_shows() {
    let page = section(include_str!("../../../docs/targets/compose.md"), "Patches");
    shows(page, "compose.yaml", &fence(page, "yaml compose.yaml"));
}
