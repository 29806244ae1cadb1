//! Faults of dependencies, with the words that they must be answered with: see [`crate::habits`].

use crate::habits::Habit;

/// A fault each.
pub(crate) const DEPENDENCIES: &[Habit] = &[
    (
        "a version of a product that nobody offers",
        web!("    uses: [db]\ndependencies: { db: \"mysql:5.7\" }\n"),
        "EX0313",
        "5.7",
        "the versions of mysql are `8.4` and `9.7`",
    ),
    (
        "a product without its version",
        web!("    uses: [cache]\ndependencies: { cache: valkey }\n"),
        "EX0103",
        "valkey",
        "cache: valkey:9.1",
    ),
    (
        "an attribute that a cache does not have",
        web!(
            "    environment: { A: \"${dependencies.cache.database}\" }\ndependencies: { cache: \"valkey:9.0\" }\n"
        ),
        "EX0205",
        "database",
        "password",
    ),
    (
        "a user that the server keeps to itself",
        web!("    uses: [db]\ndependencies: { db: { type: mariadb, version: \"11.8\", username: root } }\n"),
        "EX0202",
        "root",
        "username: root_app",
    ),
    (
        "a database that the server keeps to itself, by default",
        &[(
            "application.yml",
            "name: mysql\nservices:\n  web:\n    image: example/web:1.0\n    security: { user: 101 }\n    uses: \
             [db]\ndependencies: { db: { type: mysql, version: \"8.4\", username: clerk } }\n",
        )],
        "EX0202",
        "mysql",
        "the default of `database` is the application's name",
    ),
    (
        "a database with a hyphen",
        web!(
            "    uses: [db]\ndependencies: { db: { type: postgres, version: \"17\", database: my-shop } }\n"
        ),
        "EX0201",
        "my-shop",
        "letters, digits and `_`",
    ),
    (
        "a database of a cache",
        web!("    uses: [cache]\ndependencies: { cache: { type: redis, version: \"7\", database: shop } }\n"),
        "EX0302",
        "shop",
        "a dependency of type `redis` has no `database`",
    ),
    (
        "a user of a broker that has none everywhere",
        web!("    uses: [log]\ndependencies: { log: { type: kafka, version: \"4.1\", username: clerk } }\n"),
        "EX0302",
        "clerk",
        "a dependency of type `kafka` has no `username`",
    ),
    (
        "storage of a store that forgets",
        web!(
            "    uses: [cache]\ndependencies: { cache: { type: memcached, version: \"1.6\", storage: 1Gi } }\n"
        ),
        "EX0302",
        "1Gi",
        "a dependency of type `memcached` has no `storage`",
    ),
    (
        "a user that the broker keeps to itself",
        web!("    uses: [mq]\ndependencies: { mq: { type: rabbitmq, version: \"4.2\", username: guest } }\n"),
        "EX0202",
        "guest",
        "username: guest_app",
    ),
    (
        "a version of a bucket",
        web!("    uses: [assets]\ndependencies: { assets: \"bucket:2\" }\n"),
        "EX0302",
        "2",
        "a dependency of type `bucket` has no `version`",
    ),
    (
        "storage of a queue",
        web!("    uses: [orders]\ndependencies: { orders: { type: queue, storage: 1Gi } }\n"),
        "EX0302",
        "1Gi",
        "a dependency of type `queue` has no `storage`",
    ),
    (
        "a host of a bucket",
        web!("    environment: { A: \"${dependencies.assets.host}\" }\ndependencies: { assets: bucket }\n"),
        "EX0205",
        "host",
        "endpoint",
    ),
    (
        "a subscription to a topic that is not there",
        web!(
            "    uses: [orders, events]\ndependencies: { events: topic, orders: { type: queue, subscribes: [event] } }\n"
        ),
        "EX0204",
        "event",
        "did you mean `events`?",
    ),
    (
        "a subscription to a queue",
        web!(
            "    uses: [orders, mail]\ndependencies: { mail: queue, orders: { type: queue, subscribes: [mail] } }\n"
        ),
        "EX0341",
        "mail",
        "declare a topic",
    ),
    (
        "a subscription to a service",
        web!("    uses: [orders]\ndependencies: { orders: { type: queue, subscribes: [web] } }\n"),
        "EX0341",
        "web",
        "a service that uses the queue sends to it",
    ),
    (
        "a subscription twice",
        web!(
            "    uses: [orders, events]\ndependencies: { events: topic, orders: { type: queue, subscribes: [events, events] } }\n"
        ),
        "EX0203",
        "events",
        "stands twice in `subscribes`",
    ),
    (
        "a topic that subscribes",
        web!("    uses: [a, b]\ndependencies: { a: topic, b: { type: topic, subscribes: [a] } }\n"),
        "EX0302",
        "[a]",
        "a dependency of type `topic` has no `subscribes`",
    ),
    (
        "an image of a queue that a topic's server holds",
        web!(
            "    uses: [events, orders]\ndependencies: { events: topic, orders: { type: queue, image: \"a/b:1\", subscribes: [events] } }\n"
        ),
        "EX0406",
        "\"a/b:1\"",
        "whose image is that of `events`",
    ),
    (
        "a topic that an environment removes",
        web!(
            "    uses: [orders]\ndependencies: { events: topic, orders: { type: queue, subscribes: [events] } }\nenvironments: { production: { domain: a.example, targets: { compose: {} }, dependencies: { events: null } } }\n"
        ),
        "EX0204",
        "null",
        "overlay what names it",
    ),
    (
        "something that exists and says too little",
        web!(
            "    uses: [cache]\ndependencies: { cache: { type: valkey, existing: { host: c.example.com, port: 6379 } } }\n"
        ),
        "EX0103",
        "{ host: c.example.com, port: 6379 }",
        "write what its users need to know",
    ),
    (
        "an attribute that the type of what exists has not",
        web!(
            "    uses: [assets]\ndependencies: { assets: { type: bucket, existing: { name: a, region: b, endpont: \"https://s3.example.com\" } } }\n"
        ),
        "EX0205",
        "endpont",
        "did you mean `endpoint`?",
    ),
    (
        "memory of something that exists",
        web!(
            "    uses: [k]\ndependencies: { k: { type: kafka, memory: 1Gi, existing: { brokers: \"k.example.com:9092\", tls: false } } }\n"
        ),
        "EX0302",
        "1Gi",
        "`existing` keeps the type `kafka`",
    ),
    (
        "a container that exists",
        web!(
            "    uses: [c]\ndependencies: { c: { type: container, image: \"a/b:1\", port: 80, existing: { url: a } } }\n"
        ),
        "EX0302",
        "{ url: a }",
        "a dependency of type `container` has no `existing`",
    ),
    (
        "brokers without ports",
        web!(
            "    uses: [k]\ndependencies: { k: { type: kafka, existing: { brokers: k.example.com, tls: \"true\" } } }\n"
        ),
        "EX0318",
        "k.example.com",
        "write addresses with commas",
    ),
    (
        "a port that is no number",
        web!(
            "    uses: [cache]\ndependencies: { cache: { type: memcached, existing: { url: \"memcached://m.example.com\", host: m.example.com, port: many, address: \"m.example.com:11211\", tls: \"false\" } } }\n"
        ),
        "EX0318",
        "many",
        "write a number from 1 to 65535",
    ),
    (
        "what exists at an address of another dependency",
        web!(
            "    uses: [k, db]\ndependencies: { db: \"postgres:17\", k: { type: kafka, existing: { brokers: \"${dependencies.db.address}\", tls: \"false\" } } }\n"
        ),
        "EX0212",
        "${dependencies.db.address}",
        "may name `app`, `env` and `secrets`",
    ),
    (
        "an encryption that is neither here nor there",
        web!(
            "    uses: [k]\ndependencies: { k: { type: kafka, existing: { brokers: \"k.example.com:9092\", tls: on } } }\n"
        ),
        "EX0318",
        "on",
        "`tls` says whether",
    ),
    (
        "a subscription to a topic that exists",
        web!(
            "    uses: [t, q]\ndependencies: { t: { type: topic, existing: { url: \"https://sns.example.com\", name: a, region: b } }, q: { type: queue, subscribes: [t] } }\n"
        ),
        "EX0341",
        "t",
        "write `existing` for the queue as well",
    ),
    (
        "a queue that exists and subscribes",
        web!(
            "    uses: [t, q]\ndependencies: { t: topic, q: { type: queue, subscribes: [t], existing: { url: \"https://sqs.example.com/1/q\", name: q, region: b } } }\n"
        ),
        "EX0302",
        "[t]",
        "nothing is made that could have it",
    ),
    (
        "platforms of an image that is not there",
        &[
            (
                "application.yml",
                "name: shop\nservices: { web: { build: ./web, platforms: [linux/amd64] } }\n",
            ),
            ("web/Dockerfile", "FROM scratch\nUSER 1000\n"),
        ],
        "EX0302",
        "[linux/amd64]",
        "`build: { platforms: [linux/amd64] }`",
    ),
    (
        "a platform of an image that nobody has",
        web!("    platforms: [linux/x86_64]\n"),
        "EX0106",
        "linux/x86_64",
        "did you mean `linux/amd64`?",
    ),
    (
        "platforms of a product",
        web!(
            "    uses: [db]\ndependencies: { db: { type: postgres, version: \"17\", platforms: [linux/arm64] } }\n"
        ),
        "EX0302",
        "platforms",
        "only a container has this",
    ),
    (
        "a setting that is no name",
        web!(
            "    uses: [db]\ndependencies: { db: { type: postgres, version: \"17\", parameters: { \"a b\": 1 } } }\n"
        ),
        "EX0340",
        "\"a b\"",
        "a name begins with a letter",
    ),
    (
        "a setting of two lines",
        web!(
            "    uses: [bus]\ndependencies: { bus: { type: nats, version: \"2.12\", parameters: { a: \"b\\nc\" } } }\n"
        ),
        "EX0340",
        "\"b\\nc\"",
        "write its value on one line",
    ),
    (
        "settings of a bucket",
        web!("    uses: [assets]\ndependencies: { assets: { type: bucket, parameters: { a: b } } }\n"),
        "EX0302",
        "a",
        "a dependency of type `bucket` has no `parameters`",
    ),
    (
        "backups of a store that forgets",
        web!(
            "    uses: [cache]\ndependencies: { cache: { type: memcached, version: \"1.6\", backups: 7d } }\n"
        ),
        "EX0302",
        "7d",
        "a dependency of type `memcached` has no `backups`",
    ),
    (
        "availability of a container",
        web!(
            "    uses: [c]\ndependencies: { c: { type: container, image: \"a/b:1\", port: 80, availability: high } }\n"
        ),
        "EX0302",
        "high",
        "a dependency of type `container` has no `availability`",
    ),
    (
        "backups without a unit",
        web!("    uses: [db]\ndependencies: { db: { type: postgres, version: \"17\", backups: 7 } }\n"),
        "EX0108",
        "7",
        "write `7d`",
    ),
    (
        "a database that nobody replicates where the target cannot",
        production!(
            "    uses: [db]\ndependencies: { db: { type: postgres, version: \"17\", availability: high } }\n",
            "    targets: { kubernetes: {} }\n"
        ),
        "EX0401",
        "high",
        "high availability",
    ),
];
