//! Faults of what is stored, with the words that they must be answered with: see [`crate::habits`].

use crate::habits::Habit;

/// A fault each.
pub(crate) const STORES: &[Habit] = &[
    (
        "an operator without a store of secrets",
        production!("", "    targets: { kubernetes: { secrets: external-secrets } }\n"),
        "EX0402",
        "kubernetes",
        "`secret-store`",
    ),
    (
        "a store of secrets without a name",
        production!(
            "",
            "    targets: { kubernetes: { secrets: external-secrets, secret-store: { kind: SecretStore } } }\n"
        ),
        "EX0402",
        "{ kind: SecretStore }",
        "`name`",
    ),
    (
        "a store of secrets that nobody reads",
        production!(
            "",
            "    targets: { kubernetes: { secret-store: { name: vault } } }\n"
        ),
        "EX0402",
        "{ name: vault }",
        "",
    ),
    (
        "an operator that has nothing to run",
        production!(
            "",
            "    targets: { kubernetes: { operators: { cloudnative-pg: cnpg-system } } }\n"
        ),
        "EX0402",
        "kubernetes",
        "give the environment a `postgres`",
    ),
    (
        "a second server that nobody keeps",
        production!(
            "",
            "    targets: { kubernetes: {} }\n    dependencies: { db: { type: postgres, version: \"17\", availability: high } }\n    services: { web: { uses: [db] } }\n"
        ),
        "EX0401",
        "high",
        "let CloudNativePG run it",
    ),
    (
        "an operator of brokers that has nothing to run",
        production!(
            "",
            "    targets: { kubernetes: { operators: { rabbitmq: rabbitmq-system } } }\n"
        ),
        "EX0402",
        "kubernetes",
        "give the environment a `rabbitmq`",
    ),
    (
        "a second broker that nobody keeps",
        production!(
            "",
            "    targets: { kubernetes: { operators: { cloudnative-pg: cnpg-system } } }\n    dependencies: { db: \"postgres:17\", mq: { \
             type: rabbitmq, version: \"4.2\", availability: high } }\n    services: { web: { uses: [db, mq] } }\n"
        ),
        "EX0401",
        "high",
        "let the RabbitMQ Cluster Operator run it",
    ),
    (
        "a broker whose name is too long for its operator",
        production!(
            "",
            "    targets: { kubernetes: { operators: { rabbitmq: rabbitmq-system } } }\n    dependencies: { \
             a-broker-whose-name-is-of-more-than-45-letters: \"rabbitmq:4.2\" }\n    services: { web: { uses: \
             [a-broker-whose-name-is-of-more-than-45-letters] } }\n"
        ),
        "EX0406",
        "a-broker-whose-name-is-of-more-than-45-letters",
        "a shorter role",
    ),
    (
        "somebody who makes no secrets",
        production!("", "    targets: { kubernetes: { secrets: vault } }\n"),
        "EX0402",
        "vault",
        "external-secrets",
    ),
    (
        "a volume with two replicas",
        web!("    scale: 2\n    volumes: { data: /data }\n"),
        "EX0331",
        "2",
        "keep one replica",
    ),
    (
        "a volume with a range of replicas",
        web!("    scale: { min: 1, max: 3 }\n    volumes: { data: /data }\n"),
        "EX0331",
        "3",
        "up to 3 replicas",
    ),
    (
        "a volume with replicas that overlap",
        web!("    scale: { overlap: true }\n    volumes: { data: /data }\n"),
        "EX0331",
        "true",
        "remove `overlap`",
    ),
    (
        "replicas of an overlay beside a volume",
        production!(
            "    volumes: { data: /data }\n",
            "    services: { web: { scale: 4 } }\n"
        ),
        "EX0331",
        "4",
        "the volume has room for one",
    ),
    (
        "a volume around a writable folder",
        web!("    writable: [/data/cache]\n    volumes: { data: /data }\n"),
        "EX0330",
        "/data",
        "choose folders of which none lies in another",
    ),
    (
        "a volume below /tmp",
        web!("    volumes: { data: /tmp/data }\n"),
        "EX0330",
        "/tmp/data",
        "`/tmp` always is a writable folder",
    ),
    (
        "two volumes in one folder",
        web!("    volumes: { a: /data, b: /data }\n"),
        "EX0330",
        "/data",
        "two things lie at `/data`",
    ),
    (
        "a volume of the system",
        web!("    volumes: { data: /proc/data }\n"),
        "EX0316",
        "/proc/data",
        "choose a folder of the program's own",
    ),
    (
        "a volume instead of the image",
        web!("    volumes: { data: / }\n"),
        "EX0316",
        "/",
        "the whole file system",
    ),
    (
        "a volume without a path",
        web!("    volumes: { data: { size: 1Gi } }\n"),
        "EX0103",
        "data",
        "path: /data",
    ),
    (
        "a list of volumes as in Compose",
        web!("    volumes: [\"./data:/var/data\"]\n"),
        "EX0102",
        "[\"./data:/var/data\"]",
        "volumes: { data: /var/data }",
    ),
    (
        "a volume with a name of capitals",
        web!("    volumes: { Data: /data }\n"),
        "EX0201",
        "Data",
        "did you mean `data`?",
    ),
    (
        "a volume that is called as by Kubernetes",
        web!("    volumes: { data: { mountPath: /data } }\n"),
        "EX0104",
        "mountPath",
        "write `path`",
    ),
    (
        "a volume of an external",
        web!(
            "    uses: [crm]\ndependencies: { crm: { type: external, url: \"https://crm.example.com\", volumes: { a: /a } } }\n"
        ),
        "EX0302",
        "a",
        "a dependency of type `external` has no `volumes`",
    ),
    (
        "an earlier name of what has no data",
        web!(
            "    uses: [crm]\ndependencies: { crm: { type: external, url: \"https://crm.example.com\", was: old } }\n"
        ),
        "EX0302",
        "old",
        "a dependency of type `external` has no `was`",
    ),
    (
        "an earlier name that is another's role",
        web!("    was: api\n  api: { image: \"example/api:1.0\", security: { user: 101 } }\n"),
        "EX0203",
        "api",
        "go by one name",
    ),
    (
        "one earlier name of two",
        web!("    was: old\n  api: { image: \"example/api:1.0\", security: { user: 101 }, was: old }\n"),
        "EX0203",
        "old",
        "the data of both would be one",
    ),
    (
        "an earlier name that no role can have",
        web!("    was: Old_Name\n"),
        "EX0201",
        "Old_Name",
        "did you mean `old-name`?",
    ),
    (
        "a secret that is made and is there",
        web!("    environment: { A: \"${secrets.S}\" }\nsecrets: { S: { generate: 50, name: a/b } }\n"),
        "EX0109",
        "a/b",
        "remove one of them",
    ),
    (
        "a secret that is too short",
        web!("    environment: { A: \"${secrets.S}\" }\nsecrets: { S: { generate: 8 } }\n"),
        "EX0107",
        "8",
        "16 to 128",
    ),
];
