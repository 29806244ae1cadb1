//! RabbitMQ.

use crate::parts::{
    OF_BROKERS, VERSIONS, connects, patient, plain, scratch, secret, server, text, variables, versioned,
};
use crate::{Entry, Page, Run, Source, Subject};
use exoc_ir::{Attribute, Product, Seconds, Value};

pub(crate) const ENTRY: Entry = Entry {
    product: Product::Rabbitmq,
    versions: &[plain("4.2"), plain("4.3")],
    attributes: OF_BROKERS,
    optional: &[],
    port: 5672,
    scheme: "amqp",
    storage: true,
    secret: Some(Attribute::Password),
    administrator: false,
    reserved_usernames: &["guest"],
    reserved_databases: &[],
    parameters: true,
    own_parameters: &["default_pass", "default_user"],
    page: Page {
        title: "RabbitMQ",
        image: "rabbitmq",
        why: "the official image, made from the project's own packages",
        differs: "no TLS and one node; community support of 4.2 ended in July 2026, and clouds offer nothing newer",
        sources: &[
            VERSIONS,
            Source {
                facts: "user, folder",
                from: "docker-library/rabbitmq 4.2/ubuntu/Dockerfile",
                date: "2026-08",
            },
            Source {
                facts: "variables, `default_user_tags`",
                from: "rabbitmq.com, \"Configuration\" and \"Access control\"",
                date: "2026-11",
            },
        ],
    },
    read: server,
    run,
};

/// The first user is no administrator: it may look and do everything in the one virtual host, and make no users.
const TAGS: &str = "default_user_tags.management = true\n";

fn run(subject: &Subject<'_>) -> Run {
    let managed = subject.managed;
    let settings = managed.parameters.iter();
    let configuration = std::iter::once(TAGS.to_owned())
        .chain(settings.map(|(name, value)| format!("{name} = {value}\n")))
        .collect();
    Run {
        image: versioned(subject),
        user: 999,
        group: 999,
        root_writable: false,
        port: ("amqp", ENTRY.port),
        command: None,
        environment: variables([
            ("RABBITMQ_DEFAULT_PASS", secret(managed.password)),
            ("RABBITMQ_DEFAULT_USER", text(managed.username.as_ref())),
            // To the console, and nowhere else.
            ("RABBITMQ_LOGS", Value::literal("-")),
            // The data lies in a folder of the node's name, which must not be that of a container.
            ("RABBITMQ_NODENAME", Value::literal("rabbit@localhost")),
        ]),
        files: [("/etc/rabbitmq/conf.d/20-exoc.conf".to_owned(), configuration)].into(),
        data: Some("/var/lib/rabbitmq"),
        scratch: scratch([("/tmp", 64)]),
        // The port is opened when everything else has started.
        health: patient(connects("127.0.0.1", ENTRY.port)),
        shutdown: Seconds(60),
    }
}
