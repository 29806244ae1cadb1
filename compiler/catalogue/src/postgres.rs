//! PostgreSQL.

use crate::{Entry, Run, Version, check, image};
use exoc_ir::{Attribute, Bytes, Managed, Part, Product, Seconds, Value};
use std::collections::BTreeMap;

/// Versions: endoflife-date/endoflife.date at a70eca3 (2026-08-22), docker-library/official-images at 37079fb
/// (2026-08-21).
pub(crate) const ENTRY: Entry = Entry {
    product: Product::Postgres,
    word: "postgres",
    versions: &[
        Version {
            number: "15",
            tag: "15",
        },
        Version {
            number: "16",
            tag: "16",
        },
        Version {
            number: "17",
            tag: "17",
        },
        Version {
            number: "18",
            tag: "18",
        },
    ],
    attributes: &[
        Attribute::Url,
        Attribute::Host,
        Attribute::Port,
        Attribute::Address,
        Attribute::Username,
        Attribute::Password,
        Attribute::Database,
        Attribute::Tls,
    ],
    port: 5432,
    scheme: "postgresql",
};

/// Makes the database and its owner, who is no superuser. `\getenv` is of psql 15 and later.
const OWNER_SCRIPT: &str = r#"# Sourced once by the image's entry point, when the data folder is new.
psql -v ON_ERROR_STOP=1 --no-psqlrc --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\getenv owner EXOC_OWNER
\getenv password EXOC_OWNER_PASSWORD
\getenv database EXOC_DATABASE
CREATE ROLE :"owner" LOGIN PASSWORD :'password';
CREATE DATABASE :"database" OWNER :"owner";
SQL
"#;

/// User, folders: docker-library/postgres 17/bookworm/Dockerfile and 18/trixie/Dockerfile, 2026-08.
pub(crate) fn run(managed: &Managed) -> Run {
    // From 18 on the image keeps each major version in a folder of its own below its volume.
    let own_folder = managed.version.parse::<u32>().is_ok_and(|major| major >= 18);
    let mut environment = BTreeMap::new();
    let mut set = |name: &str, value: Value| environment.insert(name.to_owned(), value);
    set("POSTGRES_USER", Value::literal("postgres"));
    if let Some(administrator) = managed.administrator {
        set("POSTGRES_PASSWORD", Value::new([Part::Secret(administrator)]));
    }
    set(
        "EXOC_OWNER_PASSWORD",
        Value::new([Part::Secret(managed.password)]),
    );
    let mut probe = vec!["pg_isready", "-q", "-h", "127.0.0.1"];
    if let Some(database) = &managed.database {
        set("EXOC_OWNER", Value::literal(&database.username));
        set("EXOC_DATABASE", Value::literal(&database.name));
        probe.extend(["-U", &database.username, "-d", &database.name]);
    }
    if !own_folder {
        // A folder below the mount, because the root of a volume may hold `lost+found`.
        set("PGDATA", Value::literal("/var/lib/postgresql/data/pgdata"));
    }
    Run {
        image: image(&ENTRY, "postgres", &managed.version),
        user: 999,
        group: 999,
        port: ("postgres", ENTRY.port),
        command: None,
        health: check(&probe),
        environment,
        files: [(
            "/docker-entrypoint-initdb.d/10-owner.sh".to_owned(),
            OWNER_SCRIPT.to_owned(),
        )]
        .into(),
        data: if own_folder {
            "/var/lib/postgresql"
        } else {
            "/var/lib/postgresql/data"
        },
        scratch: [
            ("/tmp".to_owned(), Bytes::mebi(64)),
            ("/var/run/postgresql".to_owned(), Bytes::mebi(16)),
        ]
        .into(),
        shutdown: Seconds(60),
    }
}
