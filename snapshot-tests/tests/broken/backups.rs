//! Faults of backups, with the words that they must be answered with: see [`crate::habits`].

use crate::habits::Habit;

/// A cluster with CloudNativePG and a database that has backups, with some of the option `backups`.
macro_rules! backed_up {
    ($option:literal) => {
        app!(
            "services:\n  web: { image: \"example/web:1.0\", security: { user: 101 }, uses: [db] }\n\
             dependencies:\n  db: { type: postgres, version: \"17\", backups: 7d }\n\
             environments:\n  production:\n    targets: { kubernetes: { operators: { cloudnative-pg: cnpg-system }",
            $option,
            " } }\n"
        )
    };
}

/// A fault each.
pub(crate) const BACKUPS: &[Habit] = &[
    (
        "backups that go nowhere",
        backed_up!(""),
        "EX0401",
        "7d",
        "`targets: { kubernetes: { backups: { destination: \"s3://acme-backups/postgres\", secret: backups } } }`",
    ),
    (
        "backups of a database that no operator runs",
        production!(
            "",
            "    dependencies: { db: { type: postgres, version: \"17\", backups: 7d } }\n    services: { web: { uses: [db] } }\n    targets: { kubernetes: {} }\n"
        ),
        "EX0401",
        "7d",
        "operators: { cloudnative-pg: cnpg-system }, backups: {",
    ),
    (
        "backups of another type of database in a cluster",
        production!(
            "",
            "    dependencies: { db: { type: mysql, version: \"8.4\", backups: 7d } }\n    services: { web: { uses: [db] } }\n    targets: { kubernetes: {} }\n"
        ),
        "EX0401",
        "7d",
        "or write `existing`",
    ),
    (
        "backups of a shared volume in a cluster",
        production!(
            "",
            "    dependencies: { media: { type: volume, backups: 7d } }\n    services: { web: { volumes: { media: /media } } }\n    targets: { kubernetes: { shared-storage-class: nfs } }\n"
        ),
        "EX0401",
        "7d",
        "or write `existing`",
    ),
    (
        "a place for backups that nobody makes",
        production!(
            "",
            "    dependencies: { db: \"postgres:17\" }\n    services: { web: { uses: [db] } }\n    targets: { kubernetes: { operators: { \
             cloudnative-pg: cnpg-system }, backups: { destination: \"s3://acme\", secret: opener } } }\n"
        ),
        "EX0402",
        "backups",
        "write `backups: 7d` at a `postgres`",
    ),
    (
        "a place for backups that nothing opens",
        backed_up!(", backups: { destination: \"s3://acme\" }"),
        "EX0402",
        "backups",
        "write `secret: backups`",
    ),
    (
        "a place for backups that two things open",
        backed_up!(
            ", backups: { destination: \"s3://acme\", secret: opener, role: \"arn:aws:iam::123456789012:role/backups\" }"
        ),
        "EX0402",
        "backups",
        "on EKS `role:",
    ),
    (
        "a place for backups without a place",
        backed_up!(", backups: { secret: opener }"),
        "EX0402",
        "{ secret: opener }",
        "`destination`",
    ),
    (
        "a place for backups that is no bucket",
        backed_up!(", backups: { destination: /var/backups, secret: opener }"),
        "EX0402",
        "/var/backups",
        "s3://acme-backups/postgres",
    ),
    (
        "a store of backups that is no address",
        backed_up!(", backups: { destination: \"s3://acme\", secret: opener, endpoint: minio }"),
        "EX0402",
        "minio",
        "https://s3.example.com",
    ),
    (
        "a store of backups with a password in its address",
        backed_up!(
            ", backups: { destination: \"s3://acme\", secret: opener, endpoint: \"https://a:b@s3.example.com\" }"
        ),
        "EX0402",
        "\"https://a:b@s3.example.com\"",
        "https://s3.example.com",
    ),
    (
        "backups in plain text on the way out",
        backed_up!(
            ", backups: { destination: \"s3://acme\", secret: opener, endpoint: \"http://s3.example.com\" }"
        ),
        "EX0402",
        "\"http://s3.example.com\"",
        "`http://minio.storage.svc:9000`",
    ),
    (
        "a role that is none of AWS",
        backed_up!(", backups: { destination: \"s3://acme\", role: backups }"),
        "EX0402",
        "backups",
        "arn:aws:iam::123456789012:role/backups",
    ),
    (
        "a Secret that two things would be",
        backed_up!(", backups: { destination: \"s3://acme\", secret: db-app }"),
        "EX0405",
        "backups",
        "another name",
    ),
];
