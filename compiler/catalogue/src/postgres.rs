//! PostgreSQL.

use crate::parts::{OF_DATABASES, VERSIONS, check, plain, scratch, secret, server, versioned, with_settings};
use crate::{Entry, Page, Run, Source, Subject};
use exoc_ir::{Attribute, Product, Seconds, Value};
use std::collections::BTreeMap;

/// Versions: endoflife-date/endoflife.date at a70eca3 (2026-08-22), docker-library/official-images at 37079fb
/// (2026-08-21).
pub(crate) const ENTRY: Entry = Entry {
    product: Product::Postgres,
    versions: &[plain("15"), plain("16"), plain("17"), plain("18")],
    attributes: OF_DATABASES,
    optional: &[],
    port: 5432,
    scheme: "postgresql",
    storage: true,
    secret: Some(Attribute::Password),
    administrator: true,
    reserved_usernames: &["postgres"],
    reserved_databases: &["postgres", "template0", "template1"],
    parameters: true,
    own_parameters: &["data_directory", "listen_addresses", "port"],
    page: Page {
        title: "PostgreSQL",
        image: "postgres",
        why: "the official image, made from the packages of the project's own repository",
        differs: "no TLS; the user owns its database and no more, as everywhere",
        sources: &[
            VERSIONS,
            Source {
                facts: "user, folders",
                from: "docker-library/postgres 17/bookworm/Dockerfile and 18/trixie/Dockerfile",
                date: "2026-08",
            },
        ],
    },
    read: server,
    run,
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
pub(crate) fn run(subject: &Subject<'_>) -> Run {
    let managed = subject.managed;
    // From 18 on the image keeps each major version in a folder of its own below its volume.
    let own_folder = managed
        .version
        .as_deref()
        .is_some_and(|version| version.parse::<u32>().is_ok_and(|major| major >= 18));
    let mut environment = BTreeMap::new();
    let mut set = |name: &str, value: Value| environment.insert(name.to_owned(), value);
    set("POSTGRES_USER", Value::literal("postgres"));
    set("POSTGRES_PASSWORD", secret(managed.administrator));
    set("EXOC_OWNER_PASSWORD", secret(managed.password));
    let mut probe = vec!["pg_isready", "-q", "-h", "127.0.0.1"];
    if let (Some(database), Some(username)) = (&managed.database, &managed.username) {
        set("EXOC_OWNER", Value::literal(username));
        set("EXOC_DATABASE", Value::literal(database));
        probe.extend(["-U", username, "-d", database]);
    }
    if !own_folder {
        // A folder below the mount, because the root of a volume may hold `lost+found`.
        set("PGDATA", Value::literal("/var/lib/postgresql/data/pgdata"));
    }
    Run {
        image: versioned(subject),
        user: 999,
        group: 999,
        root_writable: false,
        port: ("postgres", ENTRY.port),
        command: (!managed.parameters.is_empty()).then(|| {
            with_settings(subject, &["postgres"], |name, value| {
                vec!["-c".to_owned(), format!("{name}={value}")]
            })
        }),
        health: check(&probe),
        environment,
        files: [(
            "/docker-entrypoint-initdb.d/10-owner.sh".to_owned(),
            OWNER_SCRIPT.to_owned(),
        )]
        .into(),
        data: Some(if own_folder {
            "/var/lib/postgresql"
        } else {
            "/var/lib/postgresql/data"
        }),
        scratch: scratch([("/tmp", 64), ("/var/run/postgresql", 16)]),
        shutdown: Seconds(60),
    }
}
