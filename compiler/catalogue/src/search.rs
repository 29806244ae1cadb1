//! OpenSearch.

use crate::parts::{VERSIONS, check, heap, patient, scratch, server, variables, versioned};
use crate::{Entry, Page, Run, Source, Subject, Version};
use exoc_ir::{Attribute, Product, Seconds, Value};

pub(crate) const ENTRY: Entry = Entry {
    product: Product::Search,
    versions: VERSIONS_OF_SEARCH,
    attributes: &[
        Attribute::Url,
        Attribute::Host,
        Attribute::Port,
        Attribute::Address,
        Attribute::Username,
        Attribute::Password,
        Attribute::Tls,
    ],
    optional: &[Attribute::Username, Attribute::Password],
    port: 9200,
    scheme: "http",
    storage: true,
    secret: None,
    administrator: false,
    reserved_usernames: &[],
    reserved_databases: &[],
    parameters: true,
    own_parameters: &["discovery.type"],
    page: Page {
        title: "OpenSearch",
        image: "opensearchproject/opensearch",
        why: "the project's own image, as one node",
        differs: "neither a login nor TLS, for the security plug-in is off: `username` and `password` are absent",
        sources: &[
            VERSIONS,
            Source {
                facts: "tags",
                from: "the tags of opensearchproject/opensearch",
                date: "2026-08",
            },
            Source {
                facts: "user, folders",
                from: "opensearch-project/opensearch-build docker/release/dockerfiles/opensearch.al2023.dockerfile",
                date: "2026-08",
            },
            Source {
                facts: "variables",
                from: "docs.opensearch.org, \"Docker\"",
                date: "2026-11",
            },
        ],
    },
    read: server,
    run,
};

fn run(subject: &Subject<'_>) -> Run {
    let heap = heap(subject);
    let mut environment = variables([
        ("DISABLE_INSTALL_DEMO_CONFIG", Value::literal("true")),
        ("DISABLE_SECURITY_PLUGIN", Value::literal("true")),
        (
            "OPENSEARCH_JAVA_OPTS",
            Value::literal(format!("-Xms{heap}m -Xmx{heap}m")),
        ),
        ("discovery.type", Value::literal("single-node")),
    ]);
    let settings = subject.managed.parameters.iter();
    environment.extend(settings.map(|(name, value)| (name.clone(), Value::literal(value))));
    Run {
        image: versioned(subject),
        user: 1000,
        group: 1000,
        // The image's start makes a keystore beside its configuration.
        root_writable: true,
        port: ("http", ENTRY.port),
        command: None,
        environment,
        files: [].into(),
        data: Some("/usr/share/opensearch/data"),
        scratch: scratch([("/tmp", 64)]),
        health: patient(check(&[
            "curl",
            "--silent",
            "--fail",
            "--output",
            "/dev/null",
            "http://127.0.0.1:9200/_cluster/health?wait_for_status=yellow&timeout=1s",
        ])),
        shutdown: Seconds(60),
    }
}

/// The tags have three numbers; each is a late one of its line.
const VERSIONS_OF_SEARCH: &[Version] = &[
    Version {
        number: "2.19",
        tag: "2.19.4",
    },
    Version {
        number: "3.1",
        tag: "3.1.0",
    },
    Version {
        number: "3.3",
        tag: "3.3.2",
    },
    Version {
        number: "3.5",
        tag: "3.5.0",
    },
];
