//! Redis.

use crate::parts::{
    OF_CACHES, VERSIONS, cache_command, check, plain, scratch, secret, server, variables, versioned,
};
use crate::{Entry, Page, Run, Source, Subject, Version};
use exoc_ir::{Attribute, Product, Seconds};

/// Versions: endoflife-date/endoflife.date at a70eca3 (2026-08-22), docker-library/official-images at 37079fb
/// (2026-08-21). `7` is the last line under the old licence.
pub(crate) const ENTRY: Entry = Entry {
    product: Product::Redis,
    versions: &[
        Version {
            number: "7",
            tag: "7.4",
        },
        plain("8.2"),
        plain("8.4"),
        plain("8.6"),
        plain("8.8"),
        plain("8.10"),
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
        title: "Redis",
        image: "redis",
        why: "the official image, kept by the vendor",
        differs: "no TLS; every write is appended to a file, which a rented cache need not do",
        sources: &[
            VERSIONS,
            Source {
                facts: "user, folder",
                from: "redis/docker-library-redis",
                date: "2026-08",
            },
        ],
    },
    read: server,
    run,
};

/// Writes the password into a file in memory, so that no list of processes shows it.
const START_SCRIPT: &str = r#"umask 077
printf 'requirepass %s\n' "$REDISCLI_AUTH" >/tmp/redis.conf
exec redis-server /tmp/redis.conf --dir /data --appendonly yes"#;

/// User, folder: redis/docker-library-redis, 2026-08. `redis-cli` reads `REDISCLI_AUTH`; with `-e` it fails on an
/// error reply, such as while data is loading.
pub(crate) fn run(subject: &Subject<'_>) -> Run {
    let managed = subject.managed;
    Run {
        image: versioned(subject),
        user: 999,
        group: 999,
        root_writable: false,
        port: ("redis", ENTRY.port),
        command: Some(cache_command(subject, START_SCRIPT)),
        environment: variables([("REDISCLI_AUTH", secret(managed.password))]),
        files: [].into(),
        data: Some("/data"),
        scratch: scratch([("/tmp", 64)]),
        health: check(&["redis-cli", "-e", "ping"]),
        shutdown: Seconds(30),
    }
}
