//! MongoDB.

use crate::parts::{
    OF_DATABASES, VERSIONS, connects, plain, scratch, secret, server, text, variables, versioned,
    with_settings,
};
use crate::{Entry, Page, Run, Source, Subject};
use exoc_ir::{Attribute, Product, Seconds, Value};

pub(crate) const ENTRY: Entry = Entry {
    product: Product::Mongodb,
    versions: &[plain("7.0"), plain("8.0")],
    attributes: OF_DATABASES,
    optional: &[],
    port: 27017,
    scheme: "mongodb",
    storage: true,
    secret: Some(Attribute::Password),
    administrator: true,
    reserved_usernames: &["root"],
    reserved_databases: &["admin", "config", "local"],
    parameters: true,
    own_parameters: &[],
    page: Page {
        title: "MongoDB",
        image: "mongo",
        why: "the official image, made from the vendor's packages; the licence is the SSPL",
        differs: "no TLS, and all of MongoDB, where DocumentDB of AWS has a part of it",
        sources: &[
            VERSIONS,
            Source {
                facts: "user, folders, variables",
                from: "docker-library/mongo 8.0/Dockerfile and 8.0/docker-entrypoint.sh",
                date: "2026-08",
            },
            Source {
                facts: "databases that the server keeps, the role `dbOwner`",
                from: "the manual of 8.0, \"Built-in roles\" and \"The local, admin and config databases\"",
                date: "2026-11",
            },
        ],
    },
    read: server,
    run,
};

/// Makes the owner of the database, in the database itself, so that a URL needs no `authSource`.
const OWNER_SCRIPT: &str = r#"// Run once by the image's entry point, when the data folder is new.
const { EXOC_DATABASE, EXOC_OWNER, EXOC_OWNER_PASSWORD } = process.env;
db.getSiblingDB(EXOC_DATABASE).createUser({
  user: EXOC_OWNER,
  pwd: EXOC_OWNER_PASSWORD,
  roles: [{ role: "dbOwner", db: EXOC_DATABASE }],
});
"#;

fn run(subject: &Subject<'_>) -> Run {
    let managed = subject.managed;
    Run {
        image: versioned(subject),
        user: 999,
        group: 999,
        root_writable: false,
        port: ("mongodb", ENTRY.port),
        command: (!managed.parameters.is_empty()).then(|| {
            with_settings(subject, &["mongod"], |name, value| {
                vec!["--setParameter".to_owned(), format!("{name}={value}")]
            })
        }),
        environment: variables([
            ("MONGO_INITDB_ROOT_USERNAME", Value::literal("root")),
            ("MONGO_INITDB_ROOT_PASSWORD", secret(managed.administrator)),
            ("EXOC_DATABASE", text(managed.database.as_ref())),
            ("EXOC_OWNER", text(managed.username.as_ref())),
            ("EXOC_OWNER_PASSWORD", secret(managed.password)),
        ]),
        files: [(
            "/docker-entrypoint-initdb.d/10-owner.js".to_owned(),
            OWNER_SCRIPT.to_owned(),
        )]
        .into(),
        data: Some("/data/db"),
        // The image declares a volume for the second, which would otherwise be a folder of root's.
        scratch: scratch([("/tmp", 64), ("/data/configdb", 16)]),
        // By the container's own name, for the entry point's first server listens on the loopback address only.
        health: connects("$HOSTNAME", ENTRY.port),
        shutdown: Seconds(60),
    }
}
