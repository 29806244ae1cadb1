//! Rented products: their names, their numbers, and who may use them.

use super::{files, messages, model, reported};
use crate::model::{Product, Rental};
use crate::support::{Sample, fixed, least_options, workload};
use exoc_ir::{Availability, Bytes, Engine, Managed, MilliCpu, Product as Word, Resources};
use proptest::prelude::*;

/// A product with the language's numbers; nobody needs its secret here.
fn managed(product: Word, version: Option<&str>) -> Managed {
    let has_database = matches!(
        product,
        Word::Postgres | Word::Mysql | Word::Mariadb | Word::Mongodb
    );
    let has_user = has_database || product == Word::Rabbitmq;
    Managed {
        product,
        version: version.map(str::to_owned),
        resources: Resources {
            cpu: MilliCpu(250),
            memory: Bytes::mebi(512),
        },
        storage: Bytes::gibi(10),
        parameters: [].into(),
        image: None,
        availability: Availability::Single,
        backups: None,
        subscribes: [].into(),
        database: has_database.then(|| "items".to_owned()),
        username: has_user.then(|| "clerk".to_owned()),
        password: None,
        administrator: None,
    }
}

/// Every product that AWS rents, in a version that it has.
const ALL: [(Word, Option<&str>); 13] = [
    (Word::Postgres, Some("17")),
    (Word::Mysql, Some("8.4")),
    (Word::Mariadb, Some("11.8")),
    (Word::Mongodb, Some("8.0")),
    (Word::Redis, Some("7")),
    (Word::Valkey, Some("9.0")),
    (Word::Memcached, Some("1.6")),
    (Word::Rabbitmq, Some("4.2")),
    (Word::Kafka, Some("4.1")),
    (Word::Search, Some("3.5")),
    (Word::Bucket, None),
    (Word::Queue, None),
    (Word::Topic, None),
];

/// The product of a program that has no other, used by one service.
fn planned(managed: Managed) -> Product {
    let mut sample = Sample::new("shop", None, &[], &[], &["dep"]);
    sample.backing("dep", Engine::Managed(managed));
    model(&sample.finish()).products.remove(0)
}

/// All names that AWS gets to see of a product, with the limit of each.
fn names(product: &Product) -> Vec<(&str, usize)> {
    match &product.rental {
        Rental::Database(database) => vec![(&database.identifier, 63), (&database.monitoring_role, 64)],
        Rental::Documents(documents) => vec![(&documents.identifier, 61)],
        Rental::Cache(cache) => vec![(&cache.name, 40)],
        Rental::Memcached(memcached) => vec![(&memcached.name, 40)],
        Rental::Broker(broker) => vec![(&broker.name, 50)],
        Rental::Stream(stream) => vec![(&stream.name, 64)],
        Rental::Search(search) => vec![(&search.name, 28)],
        Rental::Bucket(bucket) => vec![(bucket.name_prefix.trim_end_matches('-'), 36)],
        Rental::Queue(queue) => vec![(&queue.name, 80), (&queue.dead_letter_name, 80)],
        Rental::Topic(topic) => vec![(&topic.name, 256)],
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn names_of_products_stay_within_their_limits(
        app in "[a-z][a-z0-9]{0,10}(-[a-z0-9]{1,9}){0,2}",
        role in "[a-z][a-z0-9]{0,20}(-[a-z0-9]{1,14}){0,2}",
    ) {
        let roles: Vec<String> = (0..ALL.len()).map(|index| format!("{role}{index:02}")).collect();
        let all: Vec<&str> = roles.iter().map(String::as_str).collect();
        let mut sample = Sample::new(&app, None, &[], &[], &all);
        for (role, (product, version)) in roles.iter().zip(ALL) {
            sample.backing(role, Engine::Managed(managed(product, version)));
        }
        let model = model(&sample.finish());
        prop_assert_eq!(model.products.len(), ALL.len());
        for (name, limit) in model.products.iter().flat_map(names) {
            prop_assert!(name.len() <= limit, "{} is longer than {}", name, limit);
            prop_assert!(!name.contains("--") && !name.ends_with('-'), "{}", name);
        }
    }
}

#[test]
fn high_availability_is_a_second_server_or_a_third() {
    let high = |product, version| {
        planned(Managed {
            availability: Availability::High,
            ..managed(product, version)
        })
        .rental
    };
    assert!(matches!(high(Word::Mysql, Some("8.4")), Rental::Database(d) if d.standby));
    assert!(matches!(high(Word::Mongodb, Some("8.0")), Rental::Documents(d) if d.instances == 2));
    assert!(matches!(high(Word::Valkey, Some("9.0")), Rental::Cache(c) if c.standby));
    let broker = high(Word::Rabbitmq, Some("4.2"));
    assert!(matches!(broker, Rental::Broker(b) if b.deployment_mode == "CLUSTER_MULTI_AZ"));
}

#[test]
fn a_standby_has_no_class_that_is_too_small_for_one() {
    let class = |availability| {
        let postgres = Managed {
            availability,
            ..managed(Word::Postgres, Some("17"))
        };
        let Rental::Database(database) = planned(postgres).rental else {
            panic!("no database")
        };
        database.class
    };
    assert_eq!(class(Availability::Single), "db.t4g.micro");
    assert_eq!(class(Availability::High), "db.t4g.medium");
}

#[test]
fn what_the_manifest_sets_takes_the_place_of_what_exoc_sets() {
    let postgres = Managed {
        parameters: [("log_statement".to_owned(), "all".to_owned())].into(),
        ..managed(Word::Postgres, Some("17"))
    };
    let Rental::Database(database) = planned(postgres).rental else {
        panic!("no database")
    };
    assert_eq!(
        database.parameters,
        [("log_statement".to_owned(), "all".to_owned())]
    );
    assert!(database.settings.iter().all(|(name, _)| name != "log_statement"));
    assert!(database.settings.iter().any(|(name, _)| name == "rds.force_ssl"));
}

#[test]
fn three_zones_are_asked_for_where_there_are_two() {
    let mut sample = Sample::new("shop", None, &[], &[], &["dep"]);
    let kafka = Managed {
        availability: Availability::High,
        ..managed(Word::Kafka, Some("4.1"))
    };
    sample.backing("dep", Engine::Managed(kafka));
    let (planned, told) = reported(&sample.finish(), &least_options());
    assert!(!planned);
    assert_eq!(
        messages(&told, "EX0406"),
        ["`dep` with `availability: high` needs 3 zones, and the network has 2"]
    );
}

#[test]
fn a_task_may_do_what_its_edges_need_and_nothing_else() {
    let mut sample = Sample::new("shop", None, &[], &[], &["assets", "mails", "news"]);
    for (role, product) in [
        ("assets", Word::Bucket),
        ("mails", Word::Queue),
        ("news", Word::Topic),
    ] {
        sample.backing(role, Engine::Managed(managed(product, None)));
    }
    let image = sample.pinned("example/web:1");
    sample.service("idle", workload(image, &[]), fixed(1));
    sample.service("web", workload(image, &[]), fixed(1));
    sample.uses("web", "assets", &[8333]);
    sample.uses("web", "news", &[4100]);
    let program = sample.finish();
    let of = |role: &str| {
        let tasks = model(&program).tasks;
        let task = tasks.into_iter().find(|task| task.role == role).unwrap();
        task.permissions
            .into_iter()
            .map(|one| one.sid)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        of("web"),
        ["ReadAndWriteObjects", "ListBuckets", "PublishMessages", "UseKey"]
    );
    assert!(of("idle").is_empty());
    for (path, file) in files(&program).iter() {
        let text = String::from_utf8(file.contents.clone()).unwrap();
        assert!(!text.contains("sqs:*") && !text.contains("sns:*"), "{path}");
    }
}
