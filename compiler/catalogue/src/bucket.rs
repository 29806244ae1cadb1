//! A bucket of the S3 protocol.

use crate::parts::{check, image, patient, scratch, secret, variables, words};
use crate::{Entry, Page, Run, Source, Subject};
use exoc_ir::{Attribute, Product, Seconds, Value};

/// The place that a signature names where there is only one.
pub const REGION: &str = "us-east-1";

/// The tag of the image: a bucket itself has no versions.
const RELEASE: &str = "4.48";

pub(crate) const ENTRY: Entry = Entry {
    product: Product::Bucket,
    versions: &[],
    attributes: &[
        Attribute::Name,
        Attribute::Region,
        Attribute::Endpoint,
        Attribute::AccessKey,
        Attribute::SecretKey,
    ],
    optional: &[Attribute::AccessKey, Attribute::SecretKey],
    port: 8333,
    scheme: "http",
    storage: true,
    secret: Some(Attribute::SecretKey),
    administrator: false,
    reserved_usernames: &[],
    reserved_databases: &[],
    parameters: false,
    own_parameters: &[],
    page: Page {
        title: "a bucket of the S3 protocol",
        image: "chrislusf/seaweedfs",
        why: "SeaweedFS, an object store under the Apache licence that is still developed: MinIO's repository was archived \
              in 2026 and its images are gone, and LocalStack's images need a licence since March 2026",
        differs: "no TLS; requests are signed with `access-key` and `secret-key`, which are absent on AWS, where the \
                  service's role stands for them; a client needs the `endpoint` and addresses by path",
        sources: &[
            Source {
                facts: "tag",
                from: "the tags of chrislusf/seaweedfs",
                date: "2026-11",
            },
            Source {
                facts: "user, folder",
                from: "seaweedfs/seaweedfs docker/Dockerfile.go_build",
                date: "2026-08",
            },
            Source {
                facts: "ports, options, variables",
                from: "seaweedfs/seaweedfs weed/command/mini.go at 0040864",
                date: "2026-11",
            },
        ],
    },
    read,
    run,
};

/// A bucket's name has at least three characters. It is of the data, so a bucket that is renamed keeps it.
fn name(identity: &str) -> String {
    if identity.len() < 3 {
        format!("{identity}-bucket")
    } else {
        identity.to_owned()
    }
}

fn read(subject: &Subject<'_>, attribute: Attribute) -> Option<Value> {
    let Subject {
        role,
        identity,
        managed,
        hub: _,
    } = subject;
    match attribute {
        Attribute::Name | Attribute::AccessKey => Some(Value::literal(name(identity))),
        Attribute::Region => Some(Value::literal(REGION)),
        Attribute::Endpoint => Some(Value::literal(format!("http://{role}:{}", ENTRY.port))),
        Attribute::SecretKey => Some(secret(managed.password)),
        Attribute::Url
        | Attribute::Host
        | Attribute::Port
        | Attribute::Address
        | Attribute::Username
        | Attribute::Password
        | Attribute::Database
        | Attribute::Tls
        | Attribute::Brokers => None,
    }
}

fn run(subject: &Subject<'_>) -> Run {
    let name = name(subject.identity);
    Run {
        image: image(subject, RELEASE),
        user: 1000,
        group: 1000,
        root_writable: false,
        port: ("s3", ENTRY.port),
        // The parts find each other at this address, which outlives the container's own.
        command: Some(words(&[
            "mini",
            "-dir=/data",
            "-ip=127.0.0.1",
            "-ip.bind=0.0.0.0",
            "-webdav=false",
            "-admin.ui=false",
        ])),
        environment: variables([
            ("AWS_ACCESS_KEY_ID", Value::literal(&name)),
            ("AWS_SECRET_ACCESS_KEY", secret(subject.managed.password)),
            ("S3_BUCKET", Value::literal(&name)),
        ]),
        files: [].into(),
        data: Some("/data"),
        scratch: scratch([("/tmp", 64)]),
        health: patient(check(&[
            "wget",
            "-q",
            "--spider",
            "http://127.0.0.1:8333/healthz",
        ])),
        shutdown: Seconds(30),
    }
}
