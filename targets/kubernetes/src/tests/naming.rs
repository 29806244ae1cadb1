//! Names: limits, clashes, what stays when a component is renamed.

use super::sample::{self, Draft};
use super::{codes, documents, model, objects, planned, workload};
use crate::model::{Meta, Object};
use crate::names;
use exoc_ir::{Engine, Id, Image, Origin, Product, Protocol, Value};
use std::collections::{BTreeMap, BTreeSet};

/// A role as long as the language allows.
fn longest_role() -> String {
    format!("a{}", "-longer".repeat(7)) + "-x"
}

/// The kind and metadata of an object.
pub(super) fn meta(object: &Object) -> (&'static str, &Meta) {
    match object {
        Object::Namespace(meta) => ("Namespace", meta),
        Object::ServiceAccount(meta, _) => ("ServiceAccount", meta),
        Object::ConfigMap(meta, _) => ("ConfigMap", meta),
        Object::Workload(it) => match it.controller {
            crate::model::Controller::Deployment { .. } => ("Deployment", &it.meta),
            crate::model::Controller::StatefulSet { .. } => ("StatefulSet", &it.meta),
        },
        Object::Claim(meta, _, _) => ("PersistentVolumeClaim", meta),
        Object::Job(it) => ("Job", &it.meta),
        Object::CronJob(it) => ("CronJob", &it.meta),
        Object::Service(it) => ("Service", &it.meta),
        Object::Gateway(it) => ("Gateway", &it.meta),
        Object::Ingress(it) => ("Ingress", &it.meta),
        Object::Route(it) => match it.kind {
            crate::model::RouteKind::Http => ("HTTPRoute", &it.meta),
            crate::model::RouteKind::Grpc => ("GRPCRoute", &it.meta),
        },
        Object::Autoscaler(it) => ("HorizontalPodAutoscaler", &it.meta),
        Object::DisruptionBudget(meta, _) => ("PodDisruptionBudget", meta),
        Object::NetworkPolicy(it) => ("NetworkPolicy", &it.meta),
        Object::PostgresCluster(it) => ("Cluster", &it.meta),
        Object::RabbitmqCluster(it) => ("RabbitmqCluster", &it.meta),
        Object::ExternalSecret(it) => ("ExternalSecret", &it.meta),
        Object::PasswordGenerator(meta, _) => ("Password", meta),
        Object::BackupStore(it) => ("ObjectStore", &it.meta),
        Object::ScheduledBackup(meta) => ("ScheduledBackup", meta),
    }
}

#[test]
fn long_names_are_held_to_their_limits_stay_different_and_are_noted() {
    let role = longest_role();
    assert_eq!(role.len(), 52);
    let mut draft = Draft::of("an-application-of-32-characters-", Some("team"));
    let image = draft.pinned("redis:7.4");
    let password = draft.secret("A", Origin::PasswordOf(Id::new(0)));
    let administrator = draft.secret("B", Origin::AdministratorOf(Id::new(0)));
    let other = role.replace("-x", "-y");
    let service = draft.service(sample::service(
        &other,
        sample::workload(image, &[("tcp", 1234, Protocol::Tcp)]),
    ));
    let db = draft.backing(
        &role,
        sample::managed(Product::Postgres, "17", password, Some(administrator)),
    );
    draft.uses(service, db, &[5432]);
    let host = "raw.example.com".into();
    let transport = exoc_ir::Transport::Tcp;
    draft.door(
        service,
        0,
        exoc_ir::Entrance::Plain {
            host,
            number: 1234,
            transport,
        },
    );
    let program = draft.finish();
    let model = model(&program);
    let mut names = BTreeSet::new();
    for object in objects(&model) {
        let (kind, meta) = meta(object);
        let limit = if kind == "StatefulSet" { 52 } else { 63 };
        assert!(meta.name.len() <= limit, "{kind} {}", meta.name);
        assert!(
            names.insert((kind, meta.name.clone())),
            "{kind} {} is there twice",
            meta.name
        );
        assert!(
            meta.labels.iter().all(|(_, value)| value.len() <= 63),
            "{:?}",
            meta.labels
        );
    }
    assert_ne!(
        workload(&model, &role).selector,
        workload(&model, &other).selector
    );
    let notes = codes(&program)
        .into_iter()
        .filter(|code| *code == "EX0517")
        .count();
    assert!(notes >= 1, "shortened names are not noted");
}

#[test]
fn two_secrets_of_one_name_are_reported() {
    let mut draft = Draft::new();
    let image = draft.pinned("redis:7.4");
    let supplied = draft.supplied("PASSWORD");
    let password = draft.secret("SECRET_PASSWORD", Origin::PasswordOf(Id::new(0)));
    let mut workload = sample::workload(image, &[]);
    workload
        .environment
        .insert("X".into(), Value::new([exoc_ir::Part::Secret(supplied)]));
    draft.service(sample::service("api", workload));
    draft.backing("secret", sample::managed(Product::Redis, "7", password, None));
    let program = draft.finish();
    assert_eq!(planned(&program).0, None);
    assert_eq!(codes(&program), ["EX0405"]);
}

#[test]
fn a_component_may_be_called_like_a_file_of_ours_or_an_object_of_ours() {
    let mut draft = Draft::new();
    let image = draft.pinned("redis:7.4");
    for role in ["gateway", "kustomization", "namespace", "network", "shop"] {
        let workload = sample::workload(image, &[("http", 8080, Protocol::Http)]);
        let service = draft.service(sample::service(role, workload));
        draft.http(service, 0, "shop.example.com", &format!("/{role}"), false, 60);
    }
    let program = draft.finish();
    let mut seen = BTreeSet::new();
    for document in documents(&program) {
        let key = (
            document["kind"].as_str().map(str::to_owned),
            document["metadata"]["name"].as_str().map(str::to_owned),
        );
        assert!(seen.insert(key.clone()), "{key:?} is there twice");
    }
    assert_eq!(names::file("gateway"), "gateway.component.yaml");
    assert_eq!(names::file("api"), "api.yaml");
}

#[test]
fn a_rename_moves_addresses_and_files_and_keeps_data_and_selectors() {
    let with = |role: &str| {
        let mut draft = Draft::new();
        let image = draft.pinned("redis:7.4");
        let password = draft.secret("DB_PASSWORD", Origin::PasswordOf(Id::new(0)));
        let mut service = sample::service(role, sample::workload(image, &[("http", 8080, Protocol::Http)]));
        service.identity = "old".into();
        draft.service(service);
        let backing = exoc_ir::Backing {
            role: format!("{role}-db"),
            identity: "old-db".into(),
            engine: sample::managed(Product::Redis, "7", password, None),
        };
        draft.builder.backing(backing, draft.span);
        model(&draft.finish())
    };
    let (before, after) = (with("old"), with("new"));
    assert_eq!(
        workload(&before, "old").selector,
        workload(&after, "new").selector
    );
    let (db, renamed) = (workload(&before, "old-db"), workload(&after, "old-db"));
    assert_eq!(
        (&db.selector, &db.controller),
        (&renamed.selector, &renamed.controller)
    );
    let variables = |workload: &crate::model::Workload| workload.pod.container.variables.clone();
    assert_eq!(
        variables(db),
        variables(renamed),
        "the password's Secret is as old as the data"
    );
    let services: Vec<_> = objects(&after)
        .filter_map(|object| {
            if let Object::Service(it) = object {
                Some(it.meta.name.as_str())
            } else {
                None
            }
        })
        .collect();
    assert_eq!(services, ["new-db", "new"]);
}

#[test]
fn an_owner_that_is_no_label_is_refused() {
    let with = |owner: &str| {
        let mut draft = Draft::of("shop", Some(owner));
        let image = draft.pinned("redis:7.4");
        draft.service(sample::service("worker", sample::workload(image, &[])));
        codes(&draft.finish())
    };
    assert!(with("team-shop").is_empty());
    assert_eq!(with("Team Shop"), ["EX0406"]);
    assert_eq!(with(""), ["EX0406"]);
}

#[test]
fn built_images_are_replaced_by_name_and_nothing_else_is() {
    let mut draft = Draft::new();
    let built = draft.built("redis", Some("ghcr.io/acme/shop-redis:2"));
    let pinned = draft.pinned("redis:7.4");
    draft.service(sample::service("proxy", sample::workload(built, &[])));
    draft.backing("store", Engine::Container(sample::workload(pinned, &[])));
    let model = model(&draft.finish());
    assert_eq!(super::pod(&model, "proxy").container.image, "redis");
    assert_eq!(
        super::pod(&model, "store").container.image,
        "docker.io/library/redis:7.4"
    );
    let images: BTreeMap<_, _> = model
        .images
        .iter()
        .map(|it| (it.name.as_str(), it.reference.to_string()))
        .collect();
    assert_eq!(images, [("redis", "ghcr.io/acme/shop-redis:2".to_owned())].into());
}

#[test]
fn a_built_image_without_a_version_is_named_after_registry_application_and_itself() {
    let model = model(&sample::shop());
    let web = model.images.iter().find(|it| it.name == "web").expect("an image");
    assert_eq!(web.reference.to_string(), "ghcr.io/acme/shop-web");
    let to_build: Vec<_> = model
        .readme
        .images
        .iter()
        .map(|it| (it.reference.to_string(), it.context.as_str()))
        .collect();
    assert_eq!(
        to_build,
        [
            ("ghcr.io/acme/shop-api:1.2.3".to_owned(), "../../../api"),
            ("ghcr.io/acme/shop-web".to_owned(), "../../../web"),
        ]
    );
    assert!(matches!(
        sample::shop().images().get(Id::new(0)),
        Some(Image::Built(_))
    ));
}

#[test]
fn files_of_one_name_have_keys_of_their_own() {
    let mut taken = BTreeMap::from([("a.sh".to_owned(), String::new())]);
    assert_eq!(names::file_key("/etc/b c.sh", &taken), "b_c.sh");
    assert_eq!(names::file_key("/etc/a.sh", &taken), "a.sh.2");
    taken.insert("a.sh.2".to_owned(), String::new());
    assert_eq!(names::file_key("/lib/a.sh", &taken), "a.sh.3");
    assert_eq!(names::file_key("/lib/..a", &taken), "_.a");
    let long = |last: &str| names::file_key(&format!("/{}{last}", "f".repeat(254)), &taken);
    assert!(long("a").len() <= 253 - ".1000".len() && long("a") != long("b"));
}
