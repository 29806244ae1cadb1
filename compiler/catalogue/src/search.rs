//! OpenSearch.

use crate::parts::{VERSIONS, check, heap, patient, scratch, server, variables, versioned, with_settings};
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
    own_parameters: &["discovery.type", "network.host", "plugins.security.disabled"],
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
                facts: "options, variables",
                from: "opensearch-project/opensearch-build docker/release/config/opensearch/opensearch-docker-entrypoint.sh",
                date: "2026-11",
            },
        ],
    },
    read: server,
    run,
};

/// Starts the server with a copy of the image's configuration in memory, for it makes a keystore beside it.
const START_SCRIPT: &str = r#"mkdir -p /tmp/config
cp -R /usr/share/opensearch/config/. /tmp/config/
export OPENSEARCH_PATH_CONF=/tmp/config
exec opensearch "$@""#;

fn run(subject: &Subject<'_>) -> Run {
    let heap = heap(subject);
    let command = [
        "bash",
        "-c",
        START_SCRIPT,
        "opensearch",
        "-Ediscovery.type=single-node",
        "-Enetwork.host=0.0.0.0",
        "-Eplugins.security.disabled=true",
    ];
    Run {
        image: versioned(subject),
        user: 1000,
        group: 1000,
        root_writable: false,
        port: ("http", ENTRY.port),
        command: Some(with_settings(subject, &command, |name, value| {
            vec![format!("-E{name}={value}")]
        })),
        environment: variables([(
            "OPENSEARCH_JAVA_OPTS",
            // Without the virtual machine's own log, of up to 2 GB.
            Value::literal(format!(
                "-Xms{heap}m -Xmx{heap}m -Xlog:disable -Xlog:all=warning:stderr:utctime,level,tags"
            )),
        )]),
        files: [].into(),
        data: Some("/usr/share/opensearch/data"),
        scratch: scratch([("/tmp", 128), ("/usr/share/opensearch/logs", 16)]),
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
