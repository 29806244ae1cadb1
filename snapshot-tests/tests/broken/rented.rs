//! Faults of dependencies that AWS rents, with the words that they must be answered with: see [`crate::habits`].

use crate::habits::Habit;

macro_rules! rented {
    ($dependency:literal) => {
        rented!("shop", $dependency)
    };
    ($name:literal, $dependency:literal) => {
        &[(
            "application.yml",
            concat!(
                "name: ",
                $name,
                "\nservices:\n  web:\n    image: example/web:1.0\n    security: { user: 101 }\n    uses: [dep]\n\
                 dependencies:\n  dep: ",
                $dependency,
                "\nenvironments:\n  p: { targets: { aws: { region: eu-central-1, account: \"123456789012\" } } }\n"
            ),
        )]
    };
}

/// A fault each.
pub(crate) const RENTED: &[Habit] = &[
    (
        "a version of MySQL that RDS does not offer",
        rented!("mysql:9.7"),
        "EX0403",
        "9.7",
        "the nearest version offered is `mysql:8.4`",
    ),
    (
        "a version of MongoDB that AWS has never had",
        rented!("mongodb:7.0"),
        "EX0403",
        "7.0",
        "the nearest version offered is `mongodb:8.0`",
    ),
    (
        "a Redis that AWS does not rent any more",
        rented!("redis:8.2"),
        "EX0403",
        "8.2",
        "Valkey, which speaks the same protocol: `valkey:9.0`",
    ),
    (
        "a Kafka that is too new",
        rented!("kafka:4.3"),
        "EX0403",
        "4.3",
        "the nearest version offered is `kafka:4.2`",
    ),
    (
        "a RabbitMQ that is too new",
        rented!("rabbitmq:4.3"),
        "EX0403",
        "4.3",
        "the nearest version offered is `rabbitmq:4.2`",
    ),
    (
        "more memory than the largest database has",
        rented!("{ type: mariadb, version: \"11.8\", cpu: 8, memory: 600Gi }"),
        "EX0406",
        "8",
        "the largest has 64 cores and 512Gi",
    ),
    (
        "more cores than the largest broker has",
        rented!("{ type: rabbitmq, version: \"4.2\", cpu: 17 }"),
        "EX0406",
        "17",
        "the largest has 16 cores and 64Gi",
    ),
    (
        "more storage than a database holds",
        rented!("{ type: postgres, version: \"17\", storage: 65Ti }"),
        "EX0406",
        "65Ti",
        "the largest has 65536Gi of storage",
    ),
    (
        "more storage than a small node of search holds",
        rented!("{ type: search, version: \"3.5\", storage: 500Gi }"),
        "EX0406",
        "500Gi",
        "the largest has 100Gi of storage",
    ),
    (
        "a cache that is to be backed up",
        rented!("{ type: valkey, version: \"9.0\", backups: 7d }"),
        "EX0401",
        "7d",
        "leave `backups` out",
    ),
    (
        "a broker that is to be backed up",
        rented!("{ type: kafka, version: \"4.1\", backups: 7d }"),
        "EX0401",
        "7d",
        "leave `backups` out",
    ),
    (
        "snapshots that are kept for another time",
        rented!("{ type: search, version: \"3.5\", backups: 3d }"),
        "EX0406",
        "3d",
        "write `backups: 14d`",
    ),
    (
        "a cache that cannot replicate",
        rented!("{ type: memcached, version: \"1.6\", availability: high }"),
        "EX0401",
        "high",
        "use `valkey`",
    ),
    (
        "a server of NATS that another one is to stand by",
        rented!("{ type: nats, version: \"2.14\", availability: high }"),
        "EX0401",
        "high",
        "use `rabbitmq` or `kafka`",
    ),
    (
        "a file system of NATS that is to be backed up otherwise",
        rented!("{ type: nats, version: \"2.14\", backups: 7d }"),
        "EX0401",
        "7d",
        "leave `backups` out",
    ),
    (
        "three zones where there are two",
        rented!("{ type: kafka, version: \"4.1\", availability: high }"),
        "EX0406",
        "high",
        "zones: [eu-central-1a, eu-central-1b, eu-central-1c]",
    ),
    (
        "a database that PostgreSQL cannot call so",
        rented!("{ type: postgres, version: \"17\", database: order }"),
        "EX0406",
        "order",
        "write another `database`",
    ),
    (
        "a user of an application whose name is a word of SQL",
        rented!("groups", "mysql:8.4"),
        "EX0406",
        "dep",
        "write another `database` and another `username`",
    ),
    (
        "a user whose name is too long for MySQL",
        rented!("{ type: mysql, version: \"8.4\", username: a_user_with_many_letters }"),
        "EX0406",
        "a_user_with_many_letters",
        "write another `username`",
    ),
    (
        "a setting in a unit that RDS does not read",
        rented!("{ type: postgres, version: \"17\", parameters: { jit: true, shared_buffers: 128MB } }"),
        "EX0340",
        "shared_buffers",
        "RDS takes a number",
    ),
    (
        "a setting that keeps connections safe",
        rented!("{ type: mysql, version: \"8.4\", parameters: { require-secure-transport: OFF } }"),
        "EX0340",
        "require-secure-transport",
        "exoc sets `require_secure_transport` itself",
    ),
    (
        "a setting that Amazon MQ does not have",
        rented!("{ type: rabbitmq, version: \"4.2\", parameters: { channel_max: 64 } }"),
        "EX0340",
        "channel_max",
        "Amazon MQ has these settings: consumer_timeout",
    ),
];
