//! What patches make of objects of Kubernetes, and that all of those fit its schemas without them.

use crate::{Faults, built, checked, data, fence, section, shows};
use exoc_snapshot_tests::{case, golden};
use jsonschema::Draft;
use serde_json::{Value, json};
use yaml_rust2::YamlLoader;

const FILE: &str = "web.yaml";

/// An application whose environment `demo` patches its objects.
fn manifest(patches: &str) -> String {
    format!(
        "name: shop\ndependencies:\n  cache: redis:7\nservices:\n  web:\n    image: example/web:1.0\n    security: {{ user: \
         101 }}\n    port: 3000\n    health: /up\n    uses: [cache]\nenvironments:\n  demo:\n    domain: example.com\n    \
         services: {{ web: {{ route: {{ path: / }} }} }}\n    targets:\n      kubernetes:\n        patches:\n{patches}"
    )
}

/// The lines that patches add to a file, without those that say where others come from.
fn added_to(path: &str, patches: &str) -> Vec<String> {
    let before = built(&manifest("          []\n"), path).unwrap();
    let after = built(&manifest(patches), path).unwrap_or_else(|told| panic!("{told}"));
    let new = after
        .lines()
        .filter(|line| !before.lines().any(|old| old == *line));
    let new = new.map(str::trim).filter(|line| !line.starts_with('#'));
    new.map(str::to_owned).collect()
}

fn added(patches: &str) -> Vec<String> {
    added_to(FILE, patches)
}

/// What is told of one patch.
fn told(patch: &str) -> String {
    let told = built(&manifest(&format!("          - {patch}\n")), FILE);
    told.err().unwrap_or_else(|| "nothing".to_owned())
}

#[test]
fn values_are_added_and_changed_where_their_paths_say() {
    let new = added(
        "          - at: Deployment/web\n            set: { spec.minReadySeconds: 5, 'metadata.annotations.\"example.com/team\"': a, \
         'spec.template.spec.containers[name=web].stdin': true, spec.template.spec.tolerations: [{ operator: Exists, key: a }] \
         }\n            replace: { spec.replicas: 3, 'spec.template.spec.containers[0].env[name=PORT].value': \"1\", \
         'spec.template.spec.containers[name=web].resources.limits.memory': 1Gi }\n",
    );
    assert_eq!(
        new,
        [
            "example.com/team: a",
            "replicas: 3",
            "value: \"1\"",
            "memory: \"1Gi\"",
            "stdin: true",
            "tolerations:",
            "- key: a",
            "operator: Exists",
            "minReadySeconds: 5",
        ]
    );
}

#[test]
fn objects_of_every_file_and_of_gateways_are_patched_as_well() {
    let new = added_to(
        "cache.yaml",
        "          - { at: StatefulSet/cache, set: { spec.minReadySeconds: 5 } }\n",
    );
    assert_eq!(new, ["minReadySeconds: 5"]);
    let new = added("          - { at: HTTPRoute/web, set: { 'spec.rules[0].name': front } }\n");
    assert_eq!(new, ["name: front"]);
    let new = added_to(
        "namespace.yaml",
        "          - { at: Namespace/shop-demo, set: { metadata.annotations.contact: a } }\n",
    );
    assert_eq!(new, ["annotations:", "contact: a"]);
}

#[test]
fn what_a_patch_made_says_which_line_it_comes_from() {
    let text =
        manifest("          - at: Deployment/web\n            set:\n              spec.minReadySeconds: 5\n");
    let file = built(&text, FILE).unwrap();
    let line = text.lines().position(|line| line.contains("minReady")).unwrap() + 1;
    let from = format!("  # From application.yml:{line}.\n  minReadySeconds: 5\n");
    assert!(file.contains(&from), "{from}{file}");
}

#[test]
fn later_patches_see_what_earlier_ones_made() {
    let new = added(
        "          - { at: Deployment/web, set: { metadata.annotations.a: b } }\n          - { at: Deployment/web, replace: { \
         metadata.annotations.a: c } }\n",
    );
    assert_eq!(new, ["a: c"]);
}

const FAULTS: Faults = &[
    (
        "{ at: Deployment/wep, set: { spec.minReadySeconds: 5 } }",
        "Deployment/wep",
        &["no object is `Deployment/wep`", "did you mean `Deployment/web`?"],
    ),
    (
        "{ at: cache, set: { spec.minReadySeconds: 5 } }",
        "cache",
        &[
            "no object is `cache`",
            "`StatefulSet/cache`",
            "by its kind and name",
        ],
    ),
    (
        "{ at: Deployment/web, set: { spec.minReadySecond: 5 } }",
        "minReadySecond",
        &[
            "Kubernetes 1.34 knows no key `minReadySecond` in `spec`",
            "did you mean `minReadySeconds`?",
        ],
    ),
    (
        "{ at: Deployment/web, set: { status.replicas: 5 } }",
        "status",
        &["knows no key `status`"],
    ),
    (
        "{ at: Deployment/web, set: { spec.replicas: 5 } }",
        "spec.replicas",
        &["has `spec.replicas` already", "under `replace`"],
    ),
    (
        "{ at: Deployment/web, replace: { spec.minReadySeconds: 5 } }",
        "minReadySeconds",
        &["`spec` of `Deployment/web` has no such key", "under `set`"],
    ),
    (
        "{ at: Deployment/web, set: { spec.minReadySeconds: \"5\" } }",
        "\"5\"",
        &[
            "cannot be a text: expected a whole number",
            "write it without quotes: `5`",
        ],
    ),
    (
        "{ at: Deployment/web, set: { metadata.annotations.a: true } }",
        "true",
        &["expected a text", "quote it: `\"true\"`"],
    ),
    (
        "{ at: Deployment/web, set: { spec.template.spec.tolerations: { key: a } } }",
        "{ key: a }",
        &["expected a list"],
    ),
    (
        "{ at: Deployment/web, set: { 'spec.template.spec.containers[1]': { image: a } } }",
        "{ image: a }",
        &["needs `name`"],
    ),
    (
        "{ at: Deployment/web, set: { 'spec.template.spec.containers[name=api].stdin': true } }",
        "[name=api]",
        &["no item of `spec.template.spec.containers`"],
    ),
    (
        "{ at: HTTPRoute/web, set: { 'spec.rules[0].nam': front } }",
        "nam",
        &["knows no key `nam`", "did you mean `name`?"],
    ),
    (
        "{ at: Deployment/web, replace: { metadata.name: a } }",
        "name",
        &["no patch changes `metadata.name`", "other objects rely on it"],
    ),
    (
        "{ at: Deployment/web, replace: { kind: StatefulSet } }",
        "kind",
        &["no patch changes `kind`"],
    ),
    (
        "{ at: Deployment/web, set: { spec.selector.matchLabels.a: b } }",
        "selector",
        &["no patch changes `spec.selector`"],
    ),
    (
        "{ at: Deployment/web, replace: { 'spec.template.metadata.labels.\"app.kubernetes.io/name\"': b } }",
        "\"app.kubernetes.io/name\"",
        &["no patch changes", "other objects rely on it"],
    ),
    (
        "{ at: Deployment/web, set: { spec/a: b } }",
        "/",
        &["segments are joined by `.`", "write for example"],
    ),
    (
        "{ at: Deployment/web, set: { spec.minReadySeconds: .inf } }",
        ".inf",
        &["no object of Kubernetes holds an infinite number"],
    ),
    (
        "{ at: Deployment/web, set: { metadata.annotations.API_TOKEN: hunter2hunter2 } }",
        "hunter2hunter2",
        &["looks like a credential, by its name"],
    ),
];

#[test]
fn what_does_not_fit_is_told_once_where_it_is_written() {
    checked(FAULTS, told);
}

/// A field that is new in 1.36, in each version and where none is written.
#[test]
fn a_patch_is_held_to_the_version_of_the_cluster() {
    let patch = "          - { at: Deployment/web, set: { spec.template.spec.schedulingGroup: { podGroupName: a } } }\n";
    let with = |version: &str| {
        let option = format!("kubernetes:\n        version: \"{version}\"\n");
        built(&manifest(patch).replace("kubernetes:\n", &option), FILE)
    };
    assert!(with("1.36").unwrap().contains("podGroupName: a"));
    let unwritten = built(&manifest(patch), FILE);
    for (version, of) in [
        ("1.34", with("1.34")),
        ("1.35", with("1.35")),
        ("1.34", unwritten),
    ] {
        let told = of.unwrap_err();
        let words = format!("EX0404 `schedulingGroup`: Kubernetes {version} knows no key `schedulingGroup`");
        assert!(told.starts_with(&words) && told.lines().count() == 1, "{told}");
    }
}

/// Else a patch would be told of what it did not do; and a cluster of that version would refuse the object.
#[test]
fn every_object_fits_every_version_before_it_is_patched() {
    let versions = [
        include_str!("../../../schemas/kubernetes-1.34.json"),
        include_str!("../../../schemas/kubernetes-1.35.json"),
        include_str!("../../../schemas/kubernetes-1.36.json"),
    ]
    .map(|text| {
        let schema: Value = serde_json::from_str(text).unwrap();
        let judge = jsonschema::options().with_draft(Draft::Draft7).build(&schema);
        (schema, judge.unwrap())
    });
    let (mut judged, mut report) = (0, String::new());
    for case in case::all().unwrap() {
        for (path, bytes) in golden::read(&case.goldens).unwrap() {
            if !path.contains("/kubernetes/")
                || !path.ends_with(".yaml")
                || path.ends_with("/kustomization.yaml")
            {
                continue;
            }
            let text = String::from_utf8(bytes).unwrap();
            for document in YamlLoader::load_from_str(&text).unwrap() {
                let object = data(&document);
                let kind = object["kind"].as_str().unwrap().to_owned();
                judged += 1;
                for (schema, judge) in &versions {
                    let version = &schema["version"];
                    if schema["properties"].get(&kind).is_none() {
                        report += &format!(
                            "add {kind} to schemas/kubernetes-kinds.txt, as schemas/kubernetes.md says\n"
                        );
                    }
                    let named = json!({ kind.as_str(): { "object": object } });
                    for fault in judge.iter_errors(&named) {
                        report += &format!("{} {path} {version}: {fault}\n", case.name);
                    }
                }
            }
        }
    }
    assert!(judged > 500, "only {judged} objects");
    assert!(report.is_empty(), "{report}");
}

#[test]
fn the_data_says_where_it_is_from() {
    let page = include_str!("../../../schemas/kubernetes.md");
    for (text, version) in [
        (include_str!("../../../schemas/kubernetes-1.34.json"), "1.34"),
        (include_str!("../../../schemas/kubernetes-1.35.json"), "1.35"),
        (include_str!("../../../schemas/kubernetes-1.36.json"), "1.36"),
    ] {
        let schema: Value = serde_json::from_str(text).unwrap();
        assert_eq!(schema["version"], version);
        assert!(page.contains(schema["date"].as_str().unwrap()));
        let package = schema["packages"][0].as_str().unwrap();
        assert!(page.contains(package.split_once("@v").unwrap().1), "{package}");
    }
}

#[test]
fn the_example_of_the_page_makes_what_the_page_shows() {
    let page = section(include_str!("../../../docs/targets/kubernetes.md"), "Patches");
    shows(page, "api.yaml", &fence(page, "yaml api.yaml"));
}

#[test]
fn a_patch_has_a_database_begin_with_its_backups_as_the_page_shows() {
    let page = section(include_str!("../../../docs/targets/kubernetes.md"), "Backups");
    shows(page, "db.yaml", &fence(page, "yaml db.yaml"));
}
