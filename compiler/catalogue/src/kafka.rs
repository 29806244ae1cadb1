//! Apache Kafka.

use crate::parts::{VERSIONS, check, heap, patient, scratch, server, variables, versioned};
use crate::{Entry, Page, Run, Source, Subject, Version};
use exoc_ir::{Attribute, Product, Seconds, Value};

/// The tags have three numbers; each is a late one of its line.
const fn release(number: &'static str, tag: &'static str) -> Version {
    Version { number, tag }
}

pub(crate) const ENTRY: Entry = Entry {
    product: Product::Kafka,
    versions: VERSIONS_OF_KAFKA,
    attributes: &[
        Attribute::Brokers,
        Attribute::Username,
        Attribute::Password,
        Attribute::Tls,
    ],
    optional: &[Attribute::Username, Attribute::Password],
    port: 9092,
    scheme: "kafka",
    storage: true,
    secret: None,
    administrator: false,
    reserved_usernames: &[],
    reserved_databases: &[],
    parameters: true,
    own_parameters: &[
        "advertised.listeners",
        "listeners",
        "log.dirs",
        "node.id",
        "process.roles",
    ],
    page: Page {
        title: "Apache Kafka",
        image: "apache/kafka",
        why: "the project's own image, of one process that is broker and controller",
        differs: "one broker, neither a login nor TLS: `username` and `password` are absent; topics have one replica",
        sources: &[
            VERSIONS,
            Source {
                facts: "tags",
                from: "the tags of apache/kafka",
                date: "2026-08",
            },
            Source {
                facts: "user, folders, variables",
                from: "apache/kafka docker/jvm/Dockerfile, docker/examples/README.md, KafkaDockerWrapper.scala, bin/kafka-server-start.sh, bin/kafka-run-class.sh",
                date: "2026-08",
            },
        ],
    },
    read: server,
    run,
};

fn run(subject: &Subject<'_>) -> Run {
    let literal = |text: &str| Value::literal(text);
    let heap = heap(subject);
    let mut environment = variables([
        // Without `-loggc`, which would write ten files of 100 MB about the virtual machine's memory. What the script
        // takes from this variable, and these files: apache/kafka at 1eb7644, bin/kafka-server-start.sh and
        // bin/kafka-run-class.sh; 4.1.0 does the same, 2026-11.
        ("EXTRA_ARGS", literal("-name kafkaServer")),
        (
            "KAFKA_ADVERTISED_LISTENERS",
            Value::literal(format!("PLAINTEXT://{}:{}", subject.role, ENTRY.port)),
        ),
        ("KAFKA_CONTROLLER_LISTENER_NAMES", literal("CONTROLLER")),
        ("KAFKA_CONTROLLER_QUORUM_VOTERS", literal("1@localhost:9093")),
        (
            "KAFKA_HEAP_OPTS",
            Value::literal(format!("-Xms{heap}m -Xmx{heap}m")),
        ),
        (
            "KAFKA_LISTENERS",
            literal("PLAINTEXT://:9092,CONTROLLER://localhost:9093"),
        ),
        (
            "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP",
            literal("CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT"),
        ),
        ("KAFKA_LOG_DIRS", literal("/var/lib/kafka/data/logs")),
        ("KAFKA_NODE_ID", literal("1")),
        ("KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", literal("1")),
        ("KAFKA_PROCESS_ROLES", literal("broker,controller")),
        ("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR", literal("1")),
        (
            "KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR",
            literal("1"),
        ),
        ("KAFKA_TRANSACTION_STATE_LOG_MIN_ISR", literal("1")),
        ("KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", literal("1")),
    ]);
    let settings = subject.managed.parameters.iter();
    environment.extend(settings.map(|(name, value)| (variable(name), Value::literal(value))));
    Run {
        image: versioned(subject),
        user: 1000,
        group: 1000,
        root_writable: false,
        port: ("kafka", ENTRY.port),
        command: None,
        environment,
        files: [].into(),
        data: Some("/var/lib/kafka/data"),
        // The image's start writes the server's configuration beside the program.
        scratch: scratch([("/tmp", 64), ("/opt/kafka/config", 4), ("/opt/kafka/logs", 16)]),
        // The program's own check starts a virtual machine each time; the port is opened when the broker is ready.
        health: patient(check(&["nc", "-z", "127.0.0.1", "9092"])),
        shutdown: Seconds(60),
    }
}

const VERSIONS_OF_KAFKA: &[Version] = &[
    release("3.9", "3.9.2"),
    release("4.0", "4.0.1"),
    release("4.1", "4.1.1"),
    release("4.2", "4.2.1"),
    release("4.3", "4.3.1"),
];

/// The variable of a setting: `log.retention.hours` is `KAFKA_LOG_RETENTION_HOURS`.
fn variable(setting: &str) -> String {
    let upper = setting.to_ascii_uppercase();
    let name = upper.replace('_', "__").replace('-', "___").replace('.', "_");
    format!("KAFKA_{name}")
}
