//! Redis.

use crate::{Entry, OF_CACHES, Page, Run, Version, check, image, plain, scratch, secret, variables, words};
use exoc_ir::{Managed, Product, Seconds};

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
    port: 6379,
    scheme: "redis",
    administrator: false,
    reserved_usernames: &[],
    reserved_databases: &[],
    page: Page {
        image: "redis",
        why: "the official image, kept by the vendor",
        differs: "no TLS; every write is appended to a file, which a rented cache need not do",
    },
    run,
};

/// Writes the password into a file in memory, so that no list of processes shows it.
const START_SCRIPT: &str = r#"umask 077
printf 'requirepass %s\n' "$REDISCLI_AUTH" >/tmp/redis.conf
exec redis-server /tmp/redis.conf --dir /data --appendonly yes"#;

/// User, folder: redis/docker-library-redis, 2026-08. `redis-cli` reads `REDISCLI_AUTH`; with `-e` it fails on an
/// error reply, such as while data is loading.
pub(crate) fn run(managed: &Managed) -> Run {
    Run {
        image: image(&ENTRY, &managed.version),
        user: 999,
        group: 999,
        port: ("redis", ENTRY.port),
        command: Some(words(&["sh", "-c", START_SCRIPT])),
        environment: variables([("REDISCLI_AUTH", secret(managed.password))]),
        files: [].into(),
        data: "/data",
        scratch: scratch([("/tmp", 64)]),
        health: check(&["redis-cli", "-e", "ping"]),
        shutdown: Seconds(30),
    }
}
