//! Facts about the products that the language offers as dependencies: versions, attributes, ports, and how one
//! runs in a container. One file per product; every table says where its facts come from and of which day.
//!
//! Used by the middle, which checks versions and attributes, and by every target that runs a product itself. What
//! a target rents instead (instance classes, parameter groups) is the target's own business.

mod postgres;
mod redis;

use exoc_ir::{
    Attribute, Backing, Bytes, Health, Id, Managed, Part, Product, Program, Reference, Seconds, Value,
};
use std::collections::BTreeMap;

/// The image of the small containers that ask a service from outside: busybox with `wget` and `nc`.
///
/// Source: docker-library/official-images library/busybox, 2026-11.
pub const PROBE_IMAGE: &str = "busybox:1.37.0-musl";

/// The image of a gateway in front of several public services of one machine.
///
/// Source: docker-library/official-images library/haproxy, 2026-11.
pub const GATEWAY_IMAGE: &str = "haproxy:3.4-alpine";

/// What is known of a product.
#[derive(Debug)]
pub struct Entry {
    /// Which.
    pub product: Product,
    /// The word of the language.
    pub word: &'static str,
    /// The versions for which there is a maintained image.
    pub versions: &'static [Version],
    /// What can be asked of it.
    pub attributes: &'static [Attribute],
    /// Where its image listens.
    pub port: u16,
    /// The scheme of its URL without TLS.
    pub scheme: &'static str,
}

/// A version that the language offers.
#[derive(Debug)]
pub struct Version {
    /// As the manifest writes it.
    pub number: &'static str,
    /// The tag of its image.
    pub tag: &'static str,
}

/// A product in a container of a target's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The image.
    pub image: Reference,
    /// Whom it runs as.
    pub user: u32,
    /// The group.
    pub group: u32,
    /// Where it listens, and under which name.
    pub port: (&'static str, u16),
    /// What replaces the image's command.
    pub command: Option<Vec<String>>,
    /// Its variables.
    pub environment: BTreeMap<String, Value>,
    /// Files to lay beside the image's, by absolute path.
    pub files: BTreeMap<String, String>,
    /// The folder that holds its data and must survive.
    pub data: &'static str,
    /// Writable folders in memory.
    pub scratch: BTreeMap<String, Bytes>,
    /// How it is asked; always by a command.
    pub health: Health,
    /// How long it may take to stop.
    pub shutdown: Seconds,
}

/// All products.
pub const ENTRIES: &[&Entry] = &[&postgres::ENTRY, &redis::ENTRY];

/// What is known of a product.
#[must_use]
pub const fn entry(product: Product) -> &'static Entry {
    match product {
        Product::Postgres => &postgres::ENTRY,
        Product::Redis => &redis::ENTRY,
    }
}

impl Entry {
    /// The version that a manifest names.
    #[must_use]
    pub fn version(&self, number: &str) -> Option<&'static Version> {
        self.versions.iter().find(|version| version.number == number)
    }
}

/// How a product runs in a container under its backing's role; `None` if the backing is not managed.
#[must_use]
pub fn run(program: &Program, backing: Id<Backing>) -> Option<Run> {
    let managed = program.managed(backing)?;
    Some(match managed.product {
        Product::Postgres => postgres::run(managed),
        Product::Redis => redis::run(managed),
    })
}

/// An attribute of a product that runs in a container under its backing's role, without TLS.
///
/// `None` if the backing is not managed or has no such attribute.
#[must_use]
pub fn attribute(program: &Program, backing: Id<Backing>, attribute: Attribute) -> Option<Value> {
    let managed = program.managed(backing)?;
    let role = &program.backings().get(backing)?.role;
    let entry = entry(managed.product);
    if !entry.attributes.contains(&attribute) {
        return None;
    }
    let database = managed.database.as_ref();
    Some(match attribute {
        Attribute::Url => url(entry, managed, role),
        Attribute::Host => Value::literal(role),
        Attribute::Port => Value::literal(entry.port.to_string()),
        Attribute::Address => Value::literal(format!("{role}:{}", entry.port)),
        Attribute::Username => Value::literal(database?.username.clone()),
        Attribute::Password => Value::new([Part::Secret(managed.password)]),
        Attribute::Database => Value::literal(database?.name.clone()),
        Attribute::Tls => Value::literal("false"),
    })
}

fn url(entry: &Entry, managed: &Managed, role: &str) -> Value {
    let (user, path) = match &managed.database {
        Some(database) => (database.username.as_str(), format!("/{}", database.name)),
        None => ("", String::new()),
    };
    Value::new([
        Part::Text(format!("{}://{user}:", entry.scheme)),
        Part::Secret(managed.password),
        Part::Text(format!("@{role}:{}{path}", entry.port)),
    ])
}

/// A product's image under the tag of a version; the version itself where the catalogue does not know it.
fn image(entry: &Entry, name: &str, version: &str) -> Reference {
    let tag = entry.version(version).map_or(version, |version| version.tag);
    Reference {
        name: name.to_owned(),
        tag: Some(tag.to_owned()),
        digest: None,
    }
}

/// A check by a command, with the numbers that suit a database on one machine.
fn check(command: &[&str]) -> Health {
    Health {
        probe: exoc_ir::Probe::Command(command.iter().map(|word| Value::literal(*word)).collect()),
        interval: Seconds(5),
        timeout: Seconds(3),
        retries: 5,
        start: Seconds(60),
    }
}
