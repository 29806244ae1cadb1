//! Products in the cluster: what runs them, whom they run as, what they keep.

use super::sample::{self, Draft};
use super::{codes, model, objects, planned, workload};
use crate::feature;
use crate::model::{Controller, Model, Object, Strategy, VariableValue, Workload};
use exoc_ir::{
    Attribute, Component, Engine, Expression, Feature, Id, Managed, Origin, Part, Product, Program, Value,
};

/// A program with a service `web` and a product `store`, which was called `shed`; the service has a variable `SAID` of a value.
fn with(product: Product, said: impl FnOnce(Id<exoc_ir::Backing>) -> Value) -> Program {
    let mut draft = Draft::new();
    let entry = exoc_catalogue::entry(product);
    let store = Id::new(0);
    let administrator = entry
        .administrator
        .then(|| draft.secret("STORE_ADMINISTRATOR_PASSWORD", Origin::AdministratorOf(store)));
    let password = entry
        .secret
        .map(|_| draft.secret("STORE_PASSWORD", Origin::PasswordOf(store)));
    let version = entry.versions.last().map(|version| version.number.to_owned());
    let line = draft.line();
    let Engine::Managed(managed) = sample::managed(product, "", Id::new(0), None) else {
        panic!("it is no product")
    };
    let backing = exoc_ir::Backing {
        role: "store".into(),
        identity: "shed".into(),
        engine: Engine::Managed(Managed {
            version,
            password,
            administrator,
            database: entry.always_has(Attribute::Database).then(|| "shop".into()),
            username: entry.always_has(Attribute::Username).then(|| "clerk".into()),
            ..managed
        }),
    };
    let store = draft.builder.backing(backing, line);
    let image = draft.pinned("redis:7.4");
    let mut web = sample::workload(image, &[]);
    web.environment.insert("SAID".into(), said(store));
    let web = draft.service(sample::service("web", web));
    draft.uses(web, Component::Backing(store), &[entry.port]);
    draft.finish()
}

fn of(product: Product) -> Model {
    model(&with(product, |_| Value::literal("nothing")))
}

/// Products that the column of the feature table does not refuse.
fn run_here() -> impl Iterator<Item = Product> {
    let refused = |product: &Product| {
        matches!(
            feature::express(Feature::Product(*product)),
            Expression::Refused { .. }
        )
    };
    Product::ALL
        .iter()
        .copied()
        .filter(move |product| !refused(product))
}

#[test]
fn only_queues_and_topics_do_not_run_in_a_cluster() {
    let run: Vec<Product> = run_here().collect();
    let others: Vec<Product> = Product::ALL
        .iter()
        .copied()
        .filter(|product| !run.contains(product))
        .collect();
    assert_eq!(others, [Product::Queue, Product::Topic]);
}

#[test]
fn every_product_is_hardened_whoever_its_image_runs_as() {
    for product in run_here() {
        let model = of(product);
        let pod = &running(&model).pod;
        assert!(pod.security.non_root && pod.security.user != 0, "{product:?}");
        let container = &pod.container;
        assert!(container.security.read_only_root, "{product:?}");
        assert_eq!(
            container.security.capabilities,
            crate::model::Kept::Only(Vec::new()),
            "{product:?}"
        );
        assert!(container.probes.is_some(), "{product:?}");
    }
}

fn running(model: &Model) -> &Workload {
    let mut found = objects(model).filter_map(|object| {
        if let Object::Workload(workload) = object {
            Some(workload.as_ref())
        } else {
            None
        }
    });
    found
        .find(|workload| workload.pod.container.name == "store")
        .expect("it runs")
}

#[test]
fn what_keeps_data_has_a_claim_that_its_group_may_write() {
    for product in run_here().filter(|product| *product != Product::Memcached) {
        let model = of(product);
        let store = running(&model);
        assert_eq!(store.meta.name, "shed", "{product:?}");
        let Controller::StatefulSet {
            service_name,
            replicas: 1,
            claims,
        } = &store.controller
        else {
            panic!("{product:?} is no StatefulSet of one pod")
        };
        let [claim] = claims.as_slice() else {
            panic!("{} claims", claims.len())
        };
        assert_eq!(
            (service_name.as_str(), claim.storage.as_str()),
            ("shed", "10Gi"),
            "{product:?}"
        );
        assert_eq!(
            store.pod.security.claim_group,
            Some(store.pod.security.group),
            "{product:?}"
        );
    }
}

#[test]
fn memcached_keeps_nothing_and_is_one_pod_of_a_deployment() {
    let model = of(Product::Memcached);
    let store = running(&model);
    assert_eq!(store.meta.name, "store");
    let Controller::Deployment {
        replicas, strategy, ..
    } = &store.controller
    else {
        panic!("it has a claim")
    };
    assert_eq!((*replicas, *strategy), (Some(1), Strategy::Recreate));
    assert_eq!(store.pod.security.claim_group, None);
}

#[test]
fn a_variable_of_an_absent_attribute_is_left_out() {
    let said = |store| Value::new([Part::Attribute(store, Attribute::Username)]);
    let (kafka, rabbitmq) = (with(Product::Kafka, said), with(Product::Rabbitmq, said));
    let texts = |program: &Program| -> Vec<VariableValue> {
        let model = model(program);
        let variables = &workload(&model, "web").pod.container.variables;
        variables.iter().map(|variable| variable.value.clone()).collect()
    };
    assert_eq!(texts(&kafka), []);
    assert_eq!(texts(&rabbitmq), [VariableValue::Text("clerk".into())]);
}

#[test]
fn a_text_with_an_absent_attribute_is_refused_where_it_stands() {
    let said = |store| Value::new([sample::text("user "), Part::Attribute(store, Attribute::Username)]);
    let program = with(Product::Search, said);
    let (model, said) = planned(&program);
    assert!(model.is_none());
    assert_eq!(said.iter().filter(|it| it.code.id == "EX0409").count(), 1);
    assert!(
        !codes(&with(Product::Rabbitmq, |store| {
            Value::new([sample::text("user "), Part::Attribute(store, Attribute::Username)])
        }))
        .contains(&"EX0409")
    );
}

#[test]
fn the_secret_of_a_bucket_is_called_after_what_it_is() {
    let model = of(Product::Bucket);
    let secrets: Vec<&str> = model
        .readme
        .secrets
        .iter()
        .map(|secret| secret.object.as_str())
        .collect();
    assert_eq!(secrets, ["shed-secret-key"]);
}

#[test]
fn a_bucket_that_is_renamed_keeps_its_name() {
    let said = |store| Value::new([Part::Attribute(store, Attribute::Name)]);
    let model = model(&with(Product::Bucket, said));
    let variables = &workload(&model, "web").pod.container.variables;
    let values: Vec<&VariableValue> = variables.iter().map(|variable| &variable.value).collect();
    assert_eq!(values, [&VariableValue::Text("shed".into())]);
}
