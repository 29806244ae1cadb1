//! MariaDB.

use crate::parts::{
    OF_DATABASES, VERSIONS, check, option, plain, scratch, secret, server, variables, versioned,
    with_settings,
};
use crate::{Entry, Page, Run, Source, Subject};
use exoc_ir::{Attribute, Product, Seconds, Value};

/// Versions: endoflife-date/endoflife.date at a70eca3 (2026-08-22), docker-library/official-images at 37079fb
/// (2026-08-21): the lines with long-term support. Names: the server's own accounts and schemas, and the one that the
/// entry point makes for its check, MariaDB/mariadb-docker 11.8/docker-entrypoint.sh, 2026-08.
pub(crate) const ENTRY: Entry = Entry {
    product: Product::Mariadb,
    versions: &[plain("10.11"), plain("11.4"), plain("11.8"), plain("12.3")],
    attributes: OF_DATABASES,
    optional: &[],
    port: 3306,
    scheme: "mysql",
    storage: true,
    secret: Some(Attribute::Password),
    administrator: true,
    reserved_usernames: &["healthcheck", "mariadb.sys", "mysql", "public", "root"],
    reserved_databases: &["information_schema", "mysql", "performance_schema", "sys"],
    parameters: true,
    own_parameters: &["datadir", "port", "socket"],
    page: Page {
        title: "MariaDB",
        image: "mariadb",
        why: "the official image, kept by the project",
        differs: "TLS is offered and not demanded; the user may do everything in its database and nothing beside it",
        sources: &[
            VERSIONS,
            Source {
                facts: "user, folders, variables, names that the server keeps",
                from: "MariaDB/mariadb-docker 11.8/Dockerfile, docker-entrypoint.sh and healthcheck.sh",
                date: "2026-08",
            },
        ],
    },
    read: server,
    run,
};

/// User, folders, variables: MariaDB/mariadb-docker 11.8/Dockerfile, docker-entrypoint.sh and healthcheck.sh,
/// 2026-08. The entry point makes the database and its user, and an account that can only log in for the check.
pub(crate) fn run(subject: &Subject<'_>) -> Run {
    let managed = subject.managed;
    let mut environment = variables([
        ("MARIADB_ROOT_PASSWORD", secret(managed.administrator)),
        // The administrator is for whoever stands inside the container.
        ("MARIADB_ROOT_HOST", Value::literal("localhost")),
        ("MARIADB_PASSWORD", secret(managed.password)),
    ]);
    for (name, value) in [
        ("MARIADB_USER", &managed.username),
        ("MARIADB_DATABASE", &managed.database),
    ] {
        environment.extend(value.iter().map(|value| (name.to_owned(), Value::literal(value))));
    }
    Run {
        image: versioned(subject),
        user: 999,
        group: 999,
        root_writable: false,
        port: ("mariadb", ENTRY.port),
        // A folder below the mount, because the root of a volume may hold `lost+found`.
        command: Some(with_settings(
            subject,
            &["mariadbd", "--datadir=/var/lib/mysql/data"],
            option,
        )),
        environment,
        files: [].into(),
        data: Some("/var/lib/mysql"),
        scratch: scratch([("/tmp", 64), ("/run/mysqld", 16)]),
        health: check(&[
            "healthcheck.sh",
            "--defaults-extra-file=/var/lib/mysql/data/.my-healthcheck.cnf",
            "--connect",
            "--innodb_initialized",
        ]),
        shutdown: Seconds(60),
    }
}
