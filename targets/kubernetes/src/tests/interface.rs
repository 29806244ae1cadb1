//! What neighbours rely on: `docs/targets/kubernetes.md`, "An interface for neighbours". A change here is a change of
//! that page and of the changelog.

use super::sample::{self, Draft};
use super::{documents, printed};
use exoc_ir::{Id, Origin, Part, Product, Program, Protocol, Value};
use yaml_rust2::{Yaml, YamlLoader};

/// A service that was called `site`, its database that was called `store`, and a worker.
fn small() -> Program {
    let mut draft = Draft::new();
    let image = draft.built("web", None);
    let redis = draft.pinned("redis:7.4");
    let administrator = draft.secret("DB_ADMINISTRATOR_PASSWORD", Origin::AdministratorOf(Id::new(0)));
    let password = draft.secret("DB_PASSWORD", Origin::PasswordOf(Id::new(0)));
    let key = draft.supplied("STRIPE_KEY");
    let mut web = sample::workload(image, &[("http", 8080, Protocol::Http)]);
    web.environment
        .insert("KEY".into(), Value::new([Part::Secret(key)]));
    let mut web = sample::service("web", web);
    web.identity = "site".into();
    web.scale = exoc_ir::Scale {
        max: 4,
        cpu: Some(70),
        ..sample::fixed(2)
    };
    let web = draft.service(web);
    draft.service(sample::service("worker", sample::workload(redis, &[])));
    let db = exoc_ir::Backing {
        role: "db".into(),
        identity: "store".into(),
        engine: sample::managed(Product::Postgres, "17", password, Some(administrator)),
    };
    let line = draft.line();
    let db = exoc_ir::Component::Backing(draft.builder.backing(db, line));
    draft.uses(web, db, &[5432]);
    draft.http(web, 0, "shop.example.com", "/", false, 60);
    draft.finish()
}

fn text<'a>(node: &'a Yaml, path: &str) -> &'a str {
    let found = path
        .split('/')
        .fold(node, |node, key| match key.parse::<usize>() {
            Ok(index) => &node[index],
            Err(_) => &node[key],
        });
    found.as_str().unwrap_or("-")
}

fn label<'a>(labels: &'a Yaml, name: &str) -> &'a str {
    labels[name].as_str().unwrap_or("-")
}

#[test]
fn objects_are_called_as_the_page_says() {
    let mut found: Vec<String> = documents(&small())
        .iter()
        .map(|it| format!("{} {}", text(it, "kind"), text(it, "metadata/name")))
        // Its name ends with a hash of its contents, which is no interface.
        .filter(|it| !it.starts_with("ConfigMap "))
        .collect();
    found.sort();
    assert_eq!(
        found,
        [
            "Deployment web",
            "Deployment worker",
            "Gateway shop",
            "HTTPRoute exoc-redirect",
            "HTTPRoute web",
            "HorizontalPodAutoscaler web",
            "Namespace shop-production",
            "NetworkPolicy db",
            "NetworkPolicy exoc-allow-dns",
            "NetworkPolicy exoc-default-deny",
            "NetworkPolicy web",
            "PodDisruptionBudget web",
            "Service db",
            "Service web",
            "ServiceAccount db",
            "ServiceAccount web",
            "ServiceAccount worker",
            "StatefulSet store",
        ]
    );
}

#[test]
fn labels_and_selectors_are_as_the_page_says() {
    let documents = documents(&small());
    for (kind, name, identity, component) in [
        ("Deployment", "web", "site", "server"),
        ("Deployment", "worker", "worker", "worker"),
        ("StatefulSet", "store", "store", "dependency"),
    ] {
        let object = documents
            .iter()
            .find(|it| text(it, "kind") == kind && text(it, "metadata/name") == name)
            .expect("the object");
        let selector = &object["spec"]["selector"]["matchLabels"];
        let keys = selector.as_hash().expect("a selector").len();
        assert_eq!(keys, 2, "{kind} {name}");
        let instance = format!("shop-{identity}");
        for labels in [
            selector,
            &object["spec"]["template"]["metadata"]["labels"],
            &object["metadata"]["labels"],
        ] {
            assert_eq!(label(labels, "app.kubernetes.io/name"), identity);
            assert_eq!(label(labels, "app.kubernetes.io/instance"), instance);
        }
        let labels = &object["metadata"]["labels"];
        assert_eq!(label(labels, "app.kubernetes.io/component"), component);
    }
    for object in &documents {
        let labels = &object["metadata"]["labels"];
        assert_eq!(label(labels, "app.kubernetes.io/part-of"), "shop");
        assert_eq!(label(labels, "app.kubernetes.io/managed-by"), "exoc");
        assert_eq!(label(labels, "owner"), "team-shop");
    }
}

#[test]
fn parts_of_objects_are_called_as_the_page_says() {
    let documents = documents(&small());
    let find = |kind: &str, name: &str| {
        let found = documents
            .iter()
            .find(|it| text(it, "kind") == kind && text(it, "metadata/name") == name);
        found.expect("the object")
    };
    let pod = "spec/template/spec";
    let web = find("Deployment", "web");
    assert_eq!(text(web, &format!("{pod}/containers/0/name")), "web");
    assert_eq!(text(web, &format!("{pod}/serviceAccountName")), "web");
    assert_eq!(text(web, &format!("{pod}/containers/0/ports/0/name")), "http");
    let secret = format!("{pod}/containers/0/env/0/valueFrom/secretKeyRef");
    assert_eq!(text(web, &format!("{secret}/name")), "secret-stripe-key");
    assert_eq!(text(web, &format!("{secret}/key")), "value");
    let store = find("StatefulSet", "store");
    assert_eq!(text(store, &format!("{pod}/containers/0/name")), "db");
    assert_eq!(text(store, "spec/volumeClaimTemplates/0/metadata/name"), "data");
    let password = format!("{pod}/containers/0/env/0/valueFrom/secretKeyRef/name");
    assert_eq!(text(store, &password), "store-password");
    let administrator = format!("{pod}/containers/0/env/1/valueFrom/secretKeyRef/name");
    assert_eq!(text(store, &administrator), "store-administrator-password");
    assert_eq!(text(find("Service", "web"), "spec/ports/0/name"), "http");
    let gateway = find("Gateway", "shop");
    assert_eq!(text(gateway, "spec/listeners/0/name"), "http");
    assert_eq!(text(gateway, "spec/listeners/1/name"), "https-shop.example.com");
    let certificate = "spec/listeners/1/tls/certificateRefs/0/name";
    assert_eq!(text(gateway, certificate), "shop.example.com-tls");
    let kustomization = &printed(&small())["kustomization.yaml"];
    let kustomization = YamlLoader::load_from_str(kustomization).expect("YAML");
    assert_eq!(
        text(&kustomization[0], "images/0/newName"),
        "ghcr.io/acme/shop-web"
    );
}
