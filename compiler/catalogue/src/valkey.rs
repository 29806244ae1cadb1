//! Valkey.

use crate::parts::{
    OF_CACHES, VERSIONS, cache_command, check, plain, scratch, secret, server, variables, versioned,
};
use crate::{Entry, Page, Run, Source, Subject};
use exoc_ir::{Attribute, Product, Seconds};

/// Versions: endoflife-date/endoflife.date at a70eca3 (2026-08-22), the tags of valkey/valkey of the same week. A URL
/// says `redis`: clients of either know that scheme.
pub(crate) const ENTRY: Entry = Entry {
    product: Product::Valkey,
    versions: &[
        plain("7.2"),
        plain("8.0"),
        plain("8.1"),
        plain("9.0"),
        plain("9.1"),
    ],
    attributes: OF_CACHES,
    optional: &[],
    port: 6379,
    scheme: "redis",
    storage: true,
    secret: Some(Attribute::Password),
    administrator: false,
    reserved_usernames: &[],
    reserved_databases: &[],
    parameters: true,
    own_parameters: &["appendonly", "dir", "port", "requirepass"],
    page: Page {
        title: "Valkey",
        image: "valkey/valkey",
        why: "the project's own image; the licence is BSD, as that of Redis once was",
        differs: "no TLS; every write is appended to a file, which a rented cache need not do",
        sources: &[
            VERSIONS,
            Source {
                facts: "user, folder",
                from: "valkey-io/valkey-container 8.0/debian/Dockerfile",
                date: "2026-08",
            },
        ],
    },
    read: server,
    run,
};

/// Writes the password into a file in memory, so that no list of processes shows it.
const START_SCRIPT: &str = r#"umask 077
printf 'requirepass %s\n' "$REDISCLI_AUTH" >/tmp/valkey.conf
exec valkey-server /tmp/valkey.conf --dir /data --appendonly yes"#;

/// User, folder: valkey-io/valkey-container 8.0/debian/Dockerfile, 2026-08. `valkey-cli` of the older
/// versions reads the variable of `redis-cli` only; with `-e` it fails on an error reply, such as while data is
/// loading.
pub(crate) fn run(subject: &Subject<'_>) -> Run {
    let managed = subject.managed;
    Run {
        image: versioned(subject),
        user: 999,
        group: 999,
        root_writable: false,
        port: ("valkey", ENTRY.port),
        command: Some(cache_command(subject, START_SCRIPT)),
        environment: variables(
            ["REDISCLI_AUTH", "VALKEYCLI_AUTH"].map(|name| (name, secret(managed.password))),
        ),
        files: [].into(),
        data: Some("/data"),
        scratch: scratch([("/tmp", 64)]),
        health: check(&["valkey-cli", "-e", "ping"]),
        shutdown: Seconds(30),
    }
}
