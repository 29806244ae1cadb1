//! Memcached.

use crate::parts::{VERSIONS, connects, option, plain, scratch, server, versioned, with_settings};
use crate::{Entry, Page, Run, Source, Subject};
use exoc_ir::{Attribute, Product, Seconds};

pub(crate) const ENTRY: Entry = Entry {
    product: Product::Memcached,
    versions: &[plain("1.6")],
    attributes: &[
        Attribute::Url,
        Attribute::Host,
        Attribute::Port,
        Attribute::Address,
        Attribute::Tls,
    ],
    optional: &[],
    port: 11211,
    scheme: "memcached",
    storage: false,
    secret: None,
    administrator: false,
    reserved_usernames: &[],
    reserved_databases: &[],
    parameters: true,
    own_parameters: &["memory-limit", "port"],
    page: Page {
        title: "Memcached",
        image: "memcached",
        why: "the official image",
        differs: "nothing: neither side has a password or TLS, and both forget everything on a restart",
        sources: &[
            VERSIONS,
            Source {
                facts: "user",
                from: "docker-library/memcached 1/debian/Dockerfile",
                date: "2026-08",
            },
        ],
    },
    read: server,
    run,
};

fn run(subject: &Subject<'_>) -> Run {
    // An item beyond this pushes another out; the rest is for connections and the hash table.
    let items = subject.managed.resources.memory.as_mebi() * 3 / 4;
    Run {
        image: versioned(subject),
        user: 11211,
        group: 11211,
        root_writable: false,
        port: ("memcached", ENTRY.port),
        command: Some(with_settings(
            subject,
            &["memcached", &format!("--memory-limit={}", items.max(8))],
            option,
        )),
        environment: [].into(),
        files: [].into(),
        data: None,
        scratch: scratch([("/tmp", 64)]),
        health: connects("127.0.0.1", ENTRY.port),
        shutdown: Seconds(10),
    }
}
