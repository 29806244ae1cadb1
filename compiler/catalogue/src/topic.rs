//! A topic of the SNS protocol.

use crate::bucket::REGION;
use crate::parts::{check, image, scratch, words};
use crate::queue::{ACCOUNT, DEAD_LETTERS, RECEIVES};
use crate::{Entry, Hub, Page, Run, Source, Subject, queue};
use exoc_ir::{Attribute, Product, Seconds, Value};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The tag of the image: a topic itself has no versions.
const RELEASE: &str = "v0.5.4";

/// Where its configuration lies.
const CONFIGURATION: &str = "/etc/goaws/goaws.yaml";

pub(crate) const ENTRY: Entry = Entry {
    product: Product::Topic,
    versions: &[],
    attributes: &[Attribute::Url, Attribute::Name, Attribute::Region],
    optional: &[],
    port: 4100,
    scheme: "http",
    storage: false,
    secret: None,
    administrator: false,
    reserved_usernames: &[],
    reserved_databases: &[],
    parameters: false,
    own_parameters: &[],
    page: Page {
        title: "a topic of the SNS protocol",
        image: "admiralpiett/goaws",
        why: "goaws, a server under the MIT licence that speaks SNS and SQS and reads topics, queues and subscriptions from \
              a file: ElasticMQ has no topics, and LocalStack's images need a licence since March 2026",
        differs: "no TLS, and requests are not checked: a client may sign them with any key; everything is in memory, so a \
                  restart forgets the messages; the queues that subscribe are in the same server (see \
                  [the decision](../decisions/0008-one-server-for-topics-and-their-queues.md)), with five receipts before a \
                  message goes to `<name>-dead-letter`, as on AWS. `name` is the ARN, which is what a client publishes to, and \
                  `url` is where SNS is asked",
        sources: &[
            Source {
                facts: "tag, licence, entry point, no user of its own",
                from: "Admiral-Piett/goaws at 0c047b3 (v0.5.4, of 2025-12-19): .goreleaser.yml, goreleaser.dockerfile, LICENSE.md",
                date: "2026-11",
            },
            Source {
                facts: "configuration, ports, addresses of queues, queues of dead letters",
                from: "Admiral-Piett/goaws at 0c047b3: app/cmd/goaws.go, app/conf/config.go, app/gosqs/gosqs.go",
                date: "2026-11",
            },
            Source {
                facts: "readiness",
                from: "Admiral-Piett/goaws at 0c047b3: app/router/router.go",
                date: "2026-11",
            },
        ],
    },
    read,
    run,
};

/// What SNS calls a topic.
fn arn(role: &str) -> String {
    format!("arn:aws:sns:{REGION}:{ACCOUNT}:{role}")
}

fn read(subject: &Subject<'_>, attribute: Attribute) -> Option<Value> {
    let role = subject.role;
    match attribute {
        Attribute::Url => Some(Value::literal(format!("http://{role}:{}", ENTRY.port))),
        Attribute::Name => Some(Value::literal(arn(role))),
        Attribute::Region => Some(Value::literal(REGION)),
        Attribute::Host
        | Attribute::Port
        | Attribute::Address
        | Attribute::Username
        | Attribute::Password
        | Attribute::Database
        | Attribute::Tls
        | Attribute::Brokers
        | Attribute::Endpoint
        | Attribute::AccessKey
        | Attribute::SecretKey => None,
    }
}

fn run(subject: &Subject<'_>) -> Run {
    let alone = || Hub {
        host: subject.role.to_owned(),
        topics: BTreeMap::from([(subject.role.to_owned(), [].into())]),
    };
    let configuration = configuration(&subject.hub.cloned().unwrap_or_else(alone));
    Run {
        image: image(subject, RELEASE),
        user: 10001,
        group: 10001,
        root_writable: false,
        port: ("sns", ENTRY.port),
        command: Some(words(&["-config", CONFIGURATION])),
        environment: [].into(),
        files: [(CONFIGURATION.to_owned(), configuration)].into(),
        data: None,
        scratch: scratch([("/tmp", 64)]),
        health: check(&["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:4100/health"]),
        shutdown: Seconds(10),
    }
}

/// The server's file. Every name is quoted, for a role may be a word that YAML reads as something else.
fn configuration(hub: &Hub) -> String {
    let (sns, sqs) = (ENTRY.port, queue::ENTRY.port);
    let queues = hub.queues();
    let ports = if queues.is_empty() {
        format!("  Port: \"{sns}\"\n")
    } else {
        // With two ports the first is the one in the addresses of queues; both answer both protocols.
        format!("  SqsPort: \"{sqs}\"\n  SnsPort: \"{sns}\"\n")
    };
    let mut out = format!(
        "Local:\n  Host: \"{}\"\n{ports}  Region: \"{REGION}\"\n  AccountId: \"{ACCOUNT}\"\n",
        hub.host
    );
    if !queues.is_empty() {
        out.push_str("  Queues:\n");
    }
    for queue in queues {
        let dead = format!("{queue}{DEAD_LETTERS}");
        let _ = write!(
            out,
            "    - Name: \"{queue}\"\n      RedrivePolicy: '{{\"maxReceiveCount\": {RECEIVES}, \"deadLetterTargetArn\": \
             \"arn:aws:sqs:{REGION}:{ACCOUNT}:{dead}\"}}'\n    - Name: \"{dead}\"\n"
        );
    }
    out.push_str("  Topics:\n");
    for (topic, queues) in &hub.topics {
        let _ = writeln!(out, "    - Name: \"{topic}\"");
        if !queues.is_empty() {
            out.push_str("      Subscriptions:\n");
        }
        for queue in queues {
            let _ = write!(out, "        - QueueName: \"{queue}\"\n          Raw: false\n");
        }
    }
    out
}
