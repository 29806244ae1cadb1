//! The files as a whole: determinism, the page for people, options.

use super::{documents, planned, printed, printed_by, sample, set, text, texts};
use crate::options::{Access, Backups, Dns, Endpoint, Entry, Options, SCHEMA, SecretStore, Version, Way};
use exoc_diagnostics::{Kind, Node, Sink, Span};
use exoc_ir::{Expression, Feature, NodeId};
use std::collections::BTreeSet;

#[test]
fn equal_programs_give_equal_bytes() {
    assert_eq!(printed(&sample::shop()), printed(&sample::shop()));
}

#[test]
fn the_kustomization_lists_every_file_of_objects() {
    let files = printed(&sample::shop());
    let kustomization = yaml_rust2::YamlLoader::load_from_str(&files["kustomization.yaml"]).expect("YAML");
    let listed: BTreeSet<&str> = kustomization[0]["resources"]
        .as_vec()
        .expect("a list")
        .iter()
        .filter_map(|file| file.as_str())
        .collect();
    let written: BTreeSet<&str> = files
        .keys()
        .map(String::as_str)
        .filter(|name| name.ends_with(".yaml") && *name != "kustomization.yaml")
        .collect();
    assert_eq!(listed, written);
}

#[test]
fn the_page_has_a_command_for_every_secret_that_is_referred_to() {
    let program = sample::shop();
    let files = printed(&program);
    let page = &files["README.md"];
    let mut names = BTreeSet::new();
    for (name, text) in &files {
        if name.ends_with(".yaml") {
            let lines: Vec<&str> = text.lines().map(str::trim).collect();
            for pair in lines.windows(2).filter(|pair| pair[0] == "secretKeyRef:") {
                names.insert(pair[1].trim_start_matches("name: ").to_owned());
            }
        }
    }
    let expected = [
        "cache-password",
        "db-administrator-password",
        "db-password",
        "secret-stripe-key",
    ];
    assert_eq!(names.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    for name in names {
        assert!(
            page.contains(&format!(
                "create secret generic {name} --from-file=value=/dev/stdin"
            )),
            "{name}"
        );
    }
    assert!(page.contains("printf %s \"$STRIPE_KEY\" |"));
    assert!(page.contains("`DB_PASSWORD`: Password of db. Read by `api`, `db`."));
    assert!(page.contains("create secret tls shop.example.com-tls "));
}

#[test]
fn everything_but_the_namespace_says_its_namespace() {
    for document in documents(&sample::shop()) {
        let namespace = document["metadata"]["namespace"].as_str();
        let expected = (document["kind"].as_str() != Some("Namespace")).then_some("shop-production");
        assert_eq!(namespace, expected);
    }
}

#[test]
fn one_note_says_that_nothing_waits() {
    let (_, diagnostics) = planned(&sample::shop());
    let notes: Vec<_> = diagnostics
        .iter()
        .map(|it| (it.code.id, it.message.as_str()))
        .collect();
    assert_eq!(
        notes,
        [(
            "EX0516",
            "nothing waits for `api`, `cache`, `db` and `queue` at start-up on kubernetes"
        )]
    );
}

const OPERATORS: [(&str, &str); 2] = [
    ("cloudnative-pg", "my-namespace-of-operators"),
    ("rabbitmq", "my-brokers"),
];

const BACKUPS: [(&str, &str); 4] = [
    ("destination", "s3://my-bucket/my-folder/"),
    ("endpoint", "https://my-store.example.com:9000/"),
    ("region", "my-region"),
    ("secret", "my-secret"),
];

/// What these say.
fn backups(at: Span) -> Backups {
    Backups {
        destination: "s3://my-bucket/my-folder".into(),
        endpoint: Some(Endpoint {
            url: "https://my-store.example.com:9000".into(),
            host: "my-store.example.com".into(),
            port: 9000,
        }),
        region: Some("my-region".into()),
        access: Access::Secret("my-secret".into()),
        at,
    }
}

/// Options that are no text of any kind.
const OF_OTHER_FORM: [&str; 12] = [
    "backups",
    "dns",
    "entry",
    "gateway",
    "ingress-class",
    "ingress-namespace",
    "metrics",
    "operators",
    "pull-secrets",
    "secrets",
    "secret-store",
    "version",
];

#[test]
fn every_option_of_the_schema_is_read() {
    let program = sample::shop();
    let span = program.at(NodeId::App, "");
    let schema: serde_json::Value = serde_json::from_str(SCHEMA).expect("JSON");
    let names: Vec<&String> = schema["properties"]
        .as_object()
        .expect("properties")
        .keys()
        .collect();
    let values: Vec<String> = names.iter().map(|name| format!("my-{name}")).collect();
    let options: Vec<(&str, &str)> = names
        .iter()
        .zip(&values)
        .filter(|(name, _)| !OF_OTHER_FORM.contains(&name.as_str()))
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let mut node = texts(span, &options);
    set(&mut node, "dns", foreign_dns(span));
    operator(&mut node);
    let operators = texts(span, &OPERATORS);
    set(&mut node, "operators", operators);
    set(&mut node, "backups", texts(span, &BACKUPS));
    set(&mut node, "metrics", texts(span, &[("requests", "my-requests")]));
    set(&mut node, "version", text(span, "1.35"));
    set(&mut node, "entry", text(span, "gateway"));
    let secrets = Kind::List(vec![text(span, "one"), text(span, "two")]);
    set(&mut node, "pull-secrets", Node { span, kind: secrets });
    let read = Options::read(&node, &program, &mut Sink::new()).expect("sound options");
    assert_eq!(
        read,
        Options {
            namespace: "my-namespace".into(),
            version: Version::V35,
            entry: Entry {
                way: Way::Gateway {
                    class: "my-gateway-class".into(),
                },
                pods: "my-gateway-namespace".into(),
            },
            priority_class: Some("my-priority-class".into()),
            pull_secrets: vec!["one".into(), "two".into()],
            cluster_issuer: Some("my-cluster-issuer".into()),
            storage_class: Some("my-storage-class".into()),
            secret_store: Some(SecretStore {
                kind: "SecretStore".into(),
                name: "vault".into(),
            }),
            cloudnative_pg: Some("my-namespace-of-operators".into()),
            rabbitmq: Some("my-brokers".into()),
            backups: Some(backups(span)),
            shared_storage_class: Some("my-shared-storage-class".into()),
            requests_metric: Some("my-requests".into()),
            dns: Dns {
                namespace: "openshift-dns".into(),
                label: ("example.com/dns".into(), "default".into()),
                port: 5353,
                address: "10.96.0.10".into(),
            },
        }
    );
    let known = schema["properties"]["dns"]["properties"]
        .as_object()
        .expect("properties");
    assert_eq!(
        known.keys().collect::<Vec<_>>(),
        ["namespace", "label", "port", "address"]
    );
}

/// Adds the options that have an operator make Secrets.
fn operator(options: &mut Node) {
    let span = options.span;
    let both = texts(span, &[("secrets", "external-secrets")]);
    let secrets = both.get("secrets").expect("it is there").clone();
    set(options, "secrets", secrets);
    let store = texts(span, &[("kind", "SecretStore"), ("name", "vault")]);
    set(options, "secret-store", store);
}

/// Servers of names that are nowhere where they are by default.
fn foreign_dns(span: Span) -> Node {
    texts(
        span,
        &[
            ("namespace", "openshift-dns"),
            ("label", "example.com/dns=default"),
            ("port", "5353"),
            ("address", "10.96.0.10"),
        ],
    )
}

#[test]
fn names_are_asked_where_the_option_says() {
    let program = sample::shop();
    let span = program.at(NodeId::App, "");
    let mut options = texts(span, &[]);
    set(&mut options, "dns", foreign_dns(span));
    let files = printed_by(&program, &options);
    let network = &files["network.yaml"];
    for line in [
        "kubernetes.io/metadata.name: openshift-dns",
        "example.com/dns: default",
        "port: 5353",
        "cidr: \"10.96.0.10/32\"",
    ] {
        assert!(network.contains(line), "{line}");
    }
    assert!(!network.contains("kube-dns") && !network.contains("169.254.20.10"));
    let page = &files["README.md"];
    assert!(
        page.contains("the pods `example.com/dns=default` of the namespace `openshift-dns` on port 5353, ")
    );
    assert!(page.contains("at 10.96.0.10."));
}

#[test]
fn the_page_says_how_to_see_success_and_how_to_delete_what_is_gone() {
    let page = &printed(&sample::shop())["README.md"];
    let (_, after) = page.split_once("kubectl apply -k .\n").expect("a command");
    assert!(after.contains("kubectl --namespace shop-production rollout status deployments,statefulsets"));
    let (_, prune) = page.split_once("--prune --selector=").expect("a command");
    assert!(
        prune.starts_with("app.kubernetes.io/managed-by=exoc,app.kubernetes.io/part-of=shop \\\n"),
        "{prune}"
    );
    let objects = documents(&sample::shop());
    for object in &objects {
        let (group, version) = object["apiVersion"]
            .as_str()
            .and_then(|version| version.split_once('/'))
            .unwrap_or(("core", "v1"));
        let kind = object["kind"].as_str().expect("a kind");
        let allowed = prune.contains(&format!("--prune-allowlist={group}/{version}/{kind}"));
        // It holds the data, and that of another environment has the same labels.
        assert_eq!(allowed, kind != "Namespace", "{kind}");
    }
    assert!(!prune.contains("PersistentVolumeClaim") && !prune.contains("Secret\n"));
}

#[test]
fn pages_without_a_gateway_ask_for_none_of_its_kinds() {
    let page = &printed(&sample::root())["README.md"];
    assert!(page.contains("--prune-allowlist=apps/v1/Deployment"));
    assert!(!page.contains("gateway.networking.k8s.io"));
}

#[test]
fn refusals_say_what_to_write() {
    for feature in Feature::ALL {
        match crate::feature::express(*feature) {
            Expression::Refused { instead } => assert!(!instead.is_empty(), "{feature:?}"),
            Expression::Noted { .. } | Expression::Expressed => {}
        }
    }
}

#[test]
fn the_page_applies_the_folder_that_gives_the_images() {
    let files = printed(&sample::shop());
    let (before, _) = files["README.md"]
        .split_once("kubectl apply -k .")
        .expect("a command");
    assert!(
        before.ends_with(
            "In the folder of the kustomization that gives the tags:\n\n```sh\nkubectl diff -k .\n"
        )
    );
}

#[test]
fn an_image_that_a_digest_pins_is_not_built_again() {
    let mut draft = super::sample::Draft::new();
    let digest = format!("ghcr.io/acme/api@sha256:{}", "0".repeat(64));
    let image = draft.built("api", Some(&digest));
    draft.service(sample::service("api", sample::workload(image, &[])));
    let page = &printed(&draft.finish())["README.md"];
    assert!(
        !page.contains("## Images") && !page.contains("In the folder of"),
        "{page}"
    );
}

#[test]
fn the_page_builds_what_the_manifest_builds() {
    let page = &printed(&sample::shop())["README.md"];
    assert!(page.contains("docker buildx build --push --tag ghcr.io/acme/shop-api:1.2.3 ../../../api\n"));
    assert!(page.contains("docker buildx build --push --tag ghcr.io/acme/shop-web:\"$TAG\" ../../../web\n"));
}

#[test]
fn the_page_tells_each_note_of_the_build_once() {
    let page = &printed(&sample::shop())["README.md"];
    let (_, section) = page
        .split_once("## What differs from the manifest\n")
        .expect("a section");
    let (section, _) = section.split_once("\n## ").expect("the next section");
    let lines: Vec<&str> = section.lines().filter(|line| line.starts_with("- ")).collect();
    assert_eq!(
        lines,
        [
            // The table's own, which the plan does not report, …
            "- EX0513: a gateway on kubernetes limits the whole request, also while bytes flow",
            // … and one that the plan does.
            "- EX0516: nothing waits for `api`, `cache`, `db` and `queue` at start-up on kubernetes",
        ]
    );
    let root = &printed(&sample::root())["README.md"];
    assert!(root.contains("- EX0515: the namespace enforces `baseline` because of `keeper`\n"));
    let mut draft = super::sample::Draft::new();
    let image = draft.pinned("redis:7.4");
    draft.service(sample::service("quiet", sample::workload(image, &[])));
    assert!(!printed(&draft.finish())["README.md"].contains("differs"));
}

#[test]
fn a_grace_period_says_what_it_is_made_of() {
    let files = printed(&sample::shop());
    let above = |name: &str, seconds: u32| {
        let line = format!("terminationGracePeriodSeconds: {seconds}\n");
        let (before, _) = files[name].split_once(&line).expect("a grace period");
        before.lines().rev().nth(1).map(|line| line.trim().to_owned())
    };
    let drained = "# 5 s until traffic has moved away, and 30 s from the signal.";
    assert_eq!(above("api.yaml", 35).as_deref(), Some(drained));
    assert!(!files["worker.yaml"].contains("until traffic has moved away"));
}
