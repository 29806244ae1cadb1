//! What the libraries of a program say about what it uses. Tables only: nothing is guessed from names of one's own.

use super::walk::Place;
use std::collections::BTreeSet;

/// A type of dependency as it is proposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Kind {
    /// The word of the language.
    pub(super) word: &'static str,
    /// The newest version that every target has; empty for what has none.
    pub(super) version: &'static str,
    /// What it is called if nobody says otherwise.
    pub(super) role: &'static str,
}

impl Kind {
    /// As the language writes it.
    pub(super) fn written(self) -> String {
        match self.version {
            "" => self.word.to_owned(),
            version => format!("{}:{version}", self.word),
        }
    }
}

/// All types that can be told from libraries or images. Versions: what `docs/dependencies` and the tables of AWS have in
/// common (2026-11).
pub(super) const KINDS: &[Kind] = &[
    kind("postgres", "17", "db"),
    kind("mysql", "8.4", "db"),
    kind("mariadb", "11.8", "db"),
    kind("mongodb", "8.0", "mongo"),
    kind("redis", "7", "cache"),
    kind("valkey", "8.1", "cache"),
    kind("memcached", "1.6", "memcached"),
    kind("rabbitmq", "4.2", "broker"),
    kind("nats", "2.12", "nats"),
    kind("kafka", "4.1", "kafka"),
    kind("search", "3.3", "search"),
    kind("bucket", "", "files"),
];

const fn kind(word: &'static str, version: &'static str, role: &'static str) -> Kind {
    Kind { word, version, role }
}

/// The type with this word.
pub(super) fn named(word: &str) -> Option<Kind> {
    KINDS.iter().copied().find(|kind| kind.word == word)
}

/// Where a list of libraries comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Registry {
    Npm,
    Crates,
    Go,
    Pypi,
    Gems,
}

/// Clients by their registries.
type Clients = &'static [(Registry, &'static [&'static str])];

/// Clients of one product and of no other. Names as their registries have them, read 2026-11.
const CLIENTS: &[(&str, Clients)] = &[
    (
        "postgres",
        &[
            (Registry::Npm, &["pg", "pg-promise", "postgres"]),
            (Registry::Crates, &["postgres", "tokio-postgres"]),
            (Registry::Go, &["github.com/jackc/pgx", "github.com/lib/pq"]),
            (
                Registry::Pypi,
                &["asyncpg", "psycopg", "psycopg2", "psycopg2-binary"],
            ),
            (Registry::Gems, &["pg"]),
        ],
    ),
    (
        "mysql",
        &[
            (Registry::Npm, &["mysql", "mysql2"]),
            (Registry::Crates, &["mysql", "mysql_async"]),
            (Registry::Go, &["github.com/go-sql-driver/mysql"]),
            (
                Registry::Pypi,
                &["mysqlclient", "mysql-connector-python", "pymysql"],
            ),
            (Registry::Gems, &["mysql2"]),
        ],
    ),
    (
        "mongodb",
        &[
            (Registry::Npm, &["mongodb", "mongoose"]),
            (Registry::Crates, &["mongodb"]),
            (Registry::Go, &["go.mongodb.org/mongo-driver"]),
            (Registry::Pypi, &["mongoengine", "motor", "pymongo"]),
            (Registry::Gems, &["mongo", "mongoid"]),
        ],
    ),
    (
        "redis",
        &[
            (Registry::Npm, &["bull", "bullmq", "ioredis", "redis"]),
            (Registry::Crates, &["fred", "redis"]),
            (
                Registry::Go,
                &["github.com/go-redis/redis", "github.com/redis/go-redis"],
            ),
            (Registry::Pypi, &["redis"]),
            (Registry::Gems, &["redis", "sidekiq"]),
        ],
    ),
    (
        "memcached",
        &[
            (Registry::Npm, &["memcached", "memjs"]),
            (Registry::Go, &["github.com/bradfitz/gomemcache"]),
            (Registry::Pypi, &["pylibmc", "pymemcache", "python-memcached"]),
            (Registry::Gems, &["dalli"]),
        ],
    ),
    (
        "rabbitmq",
        &[
            (Registry::Npm, &["amqp-connection-manager", "amqplib"]),
            (Registry::Crates, &["lapin"]),
            (
                Registry::Go,
                &["github.com/rabbitmq/amqp091-go", "github.com/streadway/amqp"],
            ),
            (Registry::Pypi, &["aio-pika", "pika"]),
            (Registry::Gems, &["bunny"]),
        ],
    ),
    (
        "nats",
        &[
            (Registry::Npm, &["nats"]),
            (Registry::Crates, &["async-nats"]),
            (Registry::Go, &["github.com/nats-io/nats.go"]),
            (Registry::Pypi, &["nats-py"]),
        ],
    ),
    (
        "kafka",
        &[
            (Registry::Npm, &["kafkajs", "node-rdkafka"]),
            (Registry::Crates, &["rdkafka"]),
            (
                Registry::Go,
                &[
                    "github.com/IBM/sarama",
                    "github.com/confluentinc/confluent-kafka-go",
                    "github.com/segmentio/kafka-go",
                ],
            ),
            (Registry::Pypi, &["aiokafka", "confluent-kafka", "kafka-python"]),
            (Registry::Gems, &["ruby-kafka"]),
        ],
    ),
    (
        "search",
        &[
            (Registry::Npm, &["@opensearch-project/opensearch"]),
            (Registry::Crates, &["opensearch"]),
            (Registry::Go, &["github.com/opensearch-project/opensearch-go"]),
            (Registry::Pypi, &["opensearch-py"]),
            (Registry::Gems, &["opensearch-ruby"]),
        ],
    ),
    (
        "bucket",
        &[
            (Registry::Npm, &["@aws-sdk/client-s3", "minio"]),
            (Registry::Crates, &["aws-sdk-s3"]),
            (
                Registry::Go,
                &[
                    "github.com/aws/aws-sdk-go-v2/service/s3",
                    "github.com/minio/minio-go",
                ],
            ),
            (Registry::Pypi, &["minio"]),
            (Registry::Gems, &["aws-sdk-s3"]),
        ],
    ),
];

/// The types of dependencies that the libraries of a folder speak to.
pub(super) fn products(place: &Place) -> BTreeSet<Kind> {
    let names = names(place);
    let uses = |clients: Clients| {
        clients.iter().any(|(registry, libraries)| {
            let named = |library: &&str| {
                names
                    .iter()
                    .any(|(from, name)| from == registry && is(name, library, *registry))
            };
            libraries.iter().any(named)
        })
    };
    let used = CLIENTS.iter().filter(|(_, clients)| uses(clients));
    used.filter_map(|(word, _)| named(word)).collect()
}

/// Whether a library is meant; a module of Go has its major version behind its name.
fn is(name: &str, library: &str, registry: Registry) -> bool {
    match registry {
        Registry::Go => name
            .strip_prefix(library)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with("/v")),
        Registry::Npm | Registry::Crates | Registry::Pypi | Registry::Gems => name == library,
    }
}

/// Whether the folder has a program of its own, whatever it uses.
pub(super) fn is_program(place: &Place) -> bool {
    let starts = |text: &String| {
        let package: Option<serde_json::Value> = serde_json::from_str(text).ok();
        package.is_some_and(|package| package.pointer("/scripts/start").is_some())
    };
    place.files.get("package.json").is_some_and(starts)
        || place.files.contains_key("Procfile")
        || place.files.contains_key("go.mod")
        || place.files.contains_key("requirements.txt")
}

/// The libraries that a folder's lists name for running, without those that only its tests or tools need.
fn names(place: &Place) -> BTreeSet<(Registry, String)> {
    let mut names = BTreeSet::new();
    for (file, text) in &place.files {
        let (registry, found) = match file.as_str() {
            "package.json" => (Registry::Npm, npm(text)),
            "Cargo.toml" => (Registry::Crates, cargo(text)),
            "go.mod" => (Registry::Go, go(text)),
            "requirements.txt" | "pyproject.toml" => (Registry::Pypi, python(text)),
            "Gemfile" => (Registry::Gems, gems(text)),
            _ => continue,
        };
        names.extend(found.into_iter().map(|name| (registry, name)));
    }
    names
}

fn npm(text: &str) -> Vec<String> {
    let package: Option<serde_json::Value> = serde_json::from_str(text).ok();
    let dependencies = package
        .as_ref()
        .and_then(|package| package.get("dependencies")?.as_object());
    dependencies
        .into_iter()
        .flat_map(|members| members.keys().cloned())
        .collect()
}

/// Keys of a table of dependencies; its name may have a target before it.
fn cargo(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut inside = false;
    for line in text.lines().map(str::trim) {
        if let Some(table) = line.strip_prefix('[') {
            let table = table.trim_end_matches(']');
            inside = table == "dependencies" || table.ends_with(".dependencies");
            let single = table.strip_prefix("dependencies.");
            names.extend(single.map(str::to_owned));
            continue;
        }
        let name = line.split(['=', '.', ' ']).next().unwrap_or_default();
        if inside && !name.is_empty() && !name.starts_with('#') {
            names.push(name.to_owned());
        }
    }
    names
}

/// What is required directly.
fn go(text: &str) -> Vec<String> {
    let lines = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.ends_with("// indirect"));
    let module = |line: &str| {
        let line = line.strip_prefix("require ").unwrap_or(line);
        line.split_whitespace().next().map(str::to_owned)
    };
    lines.filter_map(module).collect()
}

/// Names of packages, one a line or each in quotes, with a version or extras behind.
fn python(text: &str) -> Vec<String> {
    let lines = text
        .lines()
        .map(|line| line.trim().trim_start_matches(['"', '\'']));
    let name = |line: &str| {
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let end = line.find(|c| !is_part(c)).unwrap_or(line.len());
        line.get(..end)
            .unwrap_or_default()
            .to_lowercase()
            .replace('_', "-")
    };
    lines.map(name).filter(|name| !name.is_empty()).collect()
}

fn gems(text: &str) -> Vec<String> {
    let lines = text.lines().filter_map(|line| line.trim().strip_prefix("gem "));
    let name = |rest: &str| {
        rest.trim()
            .trim_start_matches(['"', '\''])
            .split(['"', '\''])
            .next()
            .map(str::to_owned)
    };
    lines.filter_map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::{CLIENTS, KINDS, named, products};
    use crate::propose::walk::Place;
    use exoc_diagnostics::VirtualPath;

    fn words(file: &str, text: &str) -> Vec<&'static str> {
        let place = Place {
            path: VirtualPath::root(),
            files: [(file.to_owned(), text.to_owned())].into(),
        };
        products(&place).into_iter().map(|kind| kind.word).collect()
    }

    #[test]
    fn every_language_has_its_list() {
        assert_eq!(
            words(
                "package.json",
                r#"{ "dependencies": { "pg": "8", "ioredis": "5" }, "devDependencies": { "mongodb": "6" } }"#
            ),
            ["postgres", "redis"]
        );
        assert_eq!(
            words(
                "Cargo.toml",
                "[package]\nname = \"redis\"\n[dependencies]\nlapin = \"2\"\nredis.workspace = true\n[dev-dependencies]\nmongodb = \"3\"\n"
            ),
            ["rabbitmq", "redis"]
        );
        assert_eq!(
            words(
                "go.mod",
                "module example.com/shop\nrequire (\n\tgithub.com/jackc/pgx/v5 v5.7.0\n\tgithub.com/nats-io/nats.go v1.0 // indirect\n)\n"
            ),
            ["postgres"]
        );
        assert_eq!(
            words(
                "requirements.txt",
                "Flask==3.0\npsycopg2_binary>=2.9 # db\nredis[hiredis]\n"
            ),
            ["postgres", "redis"]
        );
        assert_eq!(
            words(
                "pyproject.toml",
                "[project]\ndependencies = [\n  \"pymongo>=4\",\n]\n"
            ),
            ["mongodb"]
        );
        assert_eq!(
            words("Gemfile", "source 'x'\ngem 'pg', '~> 1.5'\ngem \"sidekiq\"\n"),
            ["postgres", "redis"]
        );
        assert_eq!(words("package.json", "no JSON"), Vec::<&str>::new());
    }

    #[test]
    fn clients_are_of_types_that_the_language_has_in_this_version() {
        for (word, _) in CLIENTS {
            assert!(named(word).is_some(), "{word}");
        }
        for kind in KINDS {
            let entry = exoc_catalogue::named(kind.word).expect(kind.word);
            let mut versions = entry.versions.iter().map(|version| version.number);
            let fits = versions.any(|number| number == kind.version);
            assert_eq!(fits, !kind.version.is_empty(), "{}", kind.word);
        }
    }
}
