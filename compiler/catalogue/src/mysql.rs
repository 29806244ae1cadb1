//! MySQL.

use crate::parts::{
    OF_DATABASES, VERSIONS, check, option, plain, scratch, secret, server, variables, versioned,
    with_settings,
};
use crate::{Entry, Page, Run, Source, Subject};
use exoc_ir::{Attribute, Product, Seconds, Value};

/// Versions: endoflife-date/endoflife.date at a70eca3 (2026-08-22), docker-library/official-images at 37079fb
/// (2026-08-21): the two lines with long-term support. Names: the reference manual of 8.4, "Reserved accounts" and
/// "The system schemas", read 2026-11.
pub(crate) const ENTRY: Entry = Entry {
    product: Product::Mysql,
    versions: &[plain("8.4"), plain("9.7")],
    attributes: OF_DATABASES,
    optional: &[],
    port: 3306,
    scheme: "mysql",
    storage: true,
    secret: Some(Attribute::Password),
    administrator: true,
    reserved_usernames: &["root", "mysql.infoschema", "mysql.session", "mysql.sys"],
    reserved_databases: &["information_schema", "mysql", "performance_schema", "sys"],
    parameters: true,
    own_parameters: &["datadir", "port", "socket"],
    page: Page {
        title: "MySQL",
        image: "mysql",
        why: "the official image, made from the vendor's packages",
        differs: "TLS is offered and not demanded; the user may do everything in its database and nothing beside it",
        sources: &[
            VERSIONS,
            Source {
                facts: "names that the server keeps",
                from: "the reference manual of 8.4, \"Reserved accounts\" and \"The system schemas\"",
                date: "2026-11",
            },
            Source {
                facts: "user, folders, variables",
                from: "docker-library/mysql 8.4/Dockerfile.oracle and 8.4/docker-entrypoint.sh",
                date: "2026-08",
            },
        ],
    },
    read: server,
    run,
};

/// User, folders, variables: docker-library/mysql 8.4/Dockerfile.oracle and 8.4/docker-entrypoint.sh, 2026-08. The
/// entry point makes the database and its user, and hands passwords to the client in a file of a descriptor.
pub(crate) fn run(subject: &Subject<'_>) -> Run {
    let managed = subject.managed;
    let mut environment = variables([
        ("MYSQL_ROOT_PASSWORD", secret(managed.administrator)),
        // The administrator is for whoever stands inside the container.
        ("MYSQL_ROOT_HOST", Value::literal("localhost")),
        ("MYSQL_PASSWORD", secret(managed.password)),
    ]);
    for (name, value) in [
        ("MYSQL_USER", &managed.username),
        ("MYSQL_DATABASE", &managed.database),
    ] {
        environment.extend(value.iter().map(|value| (name.to_owned(), Value::literal(value))));
    }
    Run {
        image: versioned(subject),
        user: 999,
        group: 999,
        root_writable: false,
        port: ("mysql", ENTRY.port),
        // A folder below the mount, because the root of a volume may hold `lost+found`.
        command: Some(with_settings(
            subject,
            &["mysqld", "--datadir=/var/lib/mysql/data"],
            option,
        )),
        environment,
        files: [].into(),
        data: Some("/var/lib/mysql"),
        scratch: scratch([("/tmp", 64), ("/var/run/mysqld", 16)]),
        // Over the network, which the server opens only when the entry point has made everything. It counts as an
        // answer that the server refuses the login: the check has no password.
        health: check(&["mysqladmin", "ping", "--silent", "--host=127.0.0.1"]),
        shutdown: Seconds(60),
    }
}
