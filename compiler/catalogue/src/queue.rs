//! A queue of the SQS protocol.

use crate::bucket::REGION;
use crate::parts::{check, image, scratch};
use crate::{Entry, Page, Run, Source, Subject};
use exoc_ir::{Attribute, Product, Seconds, Value};

/// The tag of the image: a queue itself has no versions.
const RELEASE: &str = "1.7.1";

/// The account that a queue's URL names where there are none.
pub(crate) const ACCOUNT: &str = "000000000000";

/// How often a message is received before it goes to the queue of dead letters.
pub(crate) const RECEIVES: u32 = 5;

/// What its name has behind the name of the queue whose dead letters it holds.
pub(crate) const DEAD_LETTERS: &str = "-dead-letter";

pub(crate) const ENTRY: Entry = Entry {
    product: Product::Queue,
    versions: &[],
    attributes: &[Attribute::Url, Attribute::Name, Attribute::Region],
    optional: &[],
    port: 9324,
    scheme: "http",
    storage: false,
    secret: None,
    administrator: false,
    reserved_usernames: &[],
    reserved_databases: &[],
    parameters: false,
    own_parameters: &[],
    page: Page {
        title: "a queue of the SQS protocol",
        image: "softwaremill/elasticmq-native",
        why: "ElasticMQ, a queue under the Apache licence that keeps its messages over a restart; LocalStack's images need \
              a licence since March 2026",
        differs: "no TLS, and requests are not checked: a client may sign them with any key; messages that were received \
                  five times go to a queue of dead letters, `<name>-dead-letter`, as on AWS; a queue that subscribes to a \
                  [topic](topic.md) is in the topic's server instead",
        sources: &[
            Source {
                facts: "tag",
                from: "the tags of softwaremill/elasticmq-native",
                date: "2026-11",
            },
            Source {
                facts: "folders, configuration",
                from: "softwaremill/elasticmq README.md, \"Installation\" and \"Automatically creating queues\"",
                date: "2026-11",
            },
        ],
    },
    read,
    run,
};

fn read(subject: &Subject<'_>, attribute: Attribute) -> Option<Value> {
    let role = subject.role;
    match attribute {
        Attribute::Url => Some(Value::literal(format!(
            "http://{role}:{}/{ACCOUNT}/{role}",
            ENTRY.port
        ))),
        Attribute::Name => Some(Value::literal(role)),
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
    Run {
        image: image(subject, RELEASE),
        // The image has no folder for the data, so a new volume belongs to root; without capabilities nobody else
        // could write there, and root can do little more.
        user: 0,
        group: 0,
        root_writable: false,
        port: ("sqs", ENTRY.port),
        command: None,
        environment: [].into(),
        files: [("/opt/elasticmq.conf".to_owned(), configuration(subject.role))].into(),
        data: Some("/data"),
        scratch: scratch([("/tmp", 64)]),
        health: check(&[
            "wget",
            "-q",
            "-O",
            "/dev/null",
            "http://127.0.0.1:9324/?Action=ListQueues&Version=2012-11-05",
        ]),
        shutdown: Seconds(30),
    }
}

fn configuration(role: &str) -> String {
    let port = ENTRY.port;
    let dead = format!("{role}{DEAD_LETTERS}");
    format!(
        "include classpath(\"application.conf\")\n\nnode-address {{\n  protocol = http\n  host = \"{role}\"\n  port = \
         {port}\n  context-path = \"\"\n}}\n\nrest-sqs {{\n  bind-hostname = \"0.0.0.0\"\n  bind-port = {port}\n}}\n\nrest-stats \
         {{\n  enabled = false\n}}\n\naws {{\n  region = \"{REGION}\"\n  accountId = \"{ACCOUNT}\"\n}}\n\nqueues-storage {{\n  \
         enabled = true\n  path = \"/data/queues.conf\"\n}}\n\nmessages-storage {{\n  enabled = true\n  uri = \
         \"jdbc:h2:/data/elasticmq\"\n}}\n\nqueues {{\n  \"{role}\" {{\n    deadLettersQueue {{\n      name = \
         \"{dead}\"\n      maxReceiveCount = {RECEIVES}\n    }}\n  }}\n  \"{dead}\" {{ }}\n}}\n"
    )
}
