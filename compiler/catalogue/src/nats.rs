//! NATS.

use crate::parts::{OF_BROKERS, VERSIONS, check, scratch, server, text, variables, versioned, words};
use crate::{Entry, Page, Run, Source, Subject, Version};
use exoc_ir::{Attribute, Part, Product, Seconds, Value};

pub(crate) const ENTRY: Entry = Entry {
    product: Product::Nats,
    versions: &[
        Version {
            number: "2.12",
            tag: "2.12-alpine",
        },
        Version {
            number: "2.14",
            tag: "2.14-alpine",
        },
    ],
    attributes: OF_BROKERS,
    optional: &[],
    port: 4222,
    scheme: "nats",
    storage: true,
    secret: Some(Attribute::Password),
    administrator: false,
    reserved_usernames: &[],
    reserved_databases: &[],
    parameters: true,
    own_parameters: &["authorization", "http", "jetstream", "port"],
    page: Page {
        title: "NATS",
        image: "nats",
        why: "the official image, of the flavour that has a shell and `wget` for the check; JetStream is on",
        differs: "no TLS and one node; no cloud rents it, so a target runs the same image",
        sources: &[
            VERSIONS,
            Source {
                facts: "folders, the flavour's tools",
                from: "nats-io/nats-docker 2.12.x/alpine3.22/Dockerfile",
                date: "2026-08",
            },
            Source {
                facts: "configuration, `/healthz`",
                from: "docs.nats.io, \"Configuration\" and \"Monitoring\"",
                date: "2026-11",
            },
        ],
    },
    read: server,
    run,
};

fn run(subject: &Subject<'_>) -> Run {
    let managed = subject.managed;
    // The server reads a variable as its configuration: without quotes a password such as `12k` would be a number.
    let password = std::iter::once(Part::Text("\"".to_owned()))
        .chain(managed.password.map(Part::Secret))
        .chain([Part::Text("\"".to_owned())]);
    let settings: String = managed
        .parameters
        .iter()
        .map(|(name, value)| format!("{name}: {value}\n"))
        .collect();
    let configuration = format!(
        "port: {}\nhttp: \"127.0.0.1:8222\"\nauthorization {{\n  user: $EXOC_USERNAME\n  password: \
         $EXOC_PASSWORD\n}}\njetstream {{\n  store_dir: \"/data\"\n  max_file_store: {}\n}}\n{settings}",
        ENTRY.port, managed.storage.0
    );
    Run {
        image: versioned(subject),
        // The image has no folder for the data, so a new volume belongs to root; without capabilities nobody else
        // could write there, and root can do little more.
        user: 0,
        group: 0,
        root_writable: false,
        port: ("nats", ENTRY.port),
        command: Some(words(&["nats-server", "--config", "/etc/nats/exoc.conf"])),
        environment: variables([
            ("EXOC_PASSWORD", Value::new(password)),
            ("EXOC_USERNAME", text(managed.username.as_ref())),
        ]),
        files: [("/etc/nats/exoc.conf".to_owned(), configuration)].into(),
        data: Some("/data"),
        scratch: scratch([("/tmp", 64)]),
        health: check(&["wget", "-q", "--spider", "http://127.0.0.1:8222/healthz"]),
        shutdown: Seconds(30),
    }
}
