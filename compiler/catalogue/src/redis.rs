//! Redis.

use crate::{Entry, Run, Version, check, image};
use exoc_ir::{Attribute, Bytes, Managed, Part, Product, Seconds, Value};

/// Versions: endoflife-date/endoflife.date at a70eca3 (2026-08-22), docker-library/official-images at 37079fb
/// (2026-08-21). `7` is the last line under the old licence.
pub(crate) const ENTRY: Entry = Entry {
    product: Product::Redis,
    word: "redis",
    versions: &[
        Version {
            number: "7",
            tag: "7.4",
        },
        Version {
            number: "8.2",
            tag: "8.2",
        },
        Version {
            number: "8.4",
            tag: "8.4",
        },
        Version {
            number: "8.6",
            tag: "8.6",
        },
        Version {
            number: "8.8",
            tag: "8.8",
        },
        Version {
            number: "8.10",
            tag: "8.10",
        },
    ],
    attributes: &[
        Attribute::Url,
        Attribute::Host,
        Attribute::Port,
        Attribute::Address,
        Attribute::Password,
        Attribute::Tls,
    ],
    port: 6379,
    scheme: "redis",
};

/// Writes the password into a file in memory, so that no list of processes shows it.
const START_SCRIPT: &str = r#"umask 077
printf 'requirepass %s\n' "$REDISCLI_AUTH" >/tmp/redis.conf
exec redis-server /tmp/redis.conf --dir /data --appendonly yes"#;

/// User, folder: redis/docker-library-redis, 2026-08. `redis-cli` reads `REDISCLI_AUTH`; with `-e` it fails on an
/// error reply, such as while data is loading.
pub(crate) fn run(managed: &Managed) -> Run {
    Run {
        image: image(&ENTRY, "redis", &managed.version),
        user: 999,
        group: 999,
        port: ("redis", ENTRY.port),
        command: Some(["sh", "-c", START_SCRIPT].map(str::to_owned).into()),
        environment: [(
            "REDISCLI_AUTH".to_owned(),
            Value::new([Part::Secret(managed.password)]),
        )]
        .into(),
        files: [].into(),
        data: "/data",
        scratch: [("/tmp".to_owned(), Bytes::mebi(64))].into(),
        health: check(&["redis-cli", "-e", "ping"]),
        shutdown: Seconds(30),
    }
}
