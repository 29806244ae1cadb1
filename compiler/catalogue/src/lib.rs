//! Facts about the products that the language offers as dependencies: versions, attributes, ports, and how one
//! runs in a container. One file per product; every table says where its facts come from and of which day.
//!
//! Used by the middle, which checks versions and attributes, and by every target that runs a product itself. What
//! a target rents instead (instance classes, parameter groups) is the target's own business.

mod mariadb;
mod mysql;
mod names;
mod postgres;
mod redis;
mod valkey;

use exoc_ir::{
    Attribute, Backing, Bytes, Health, Id, Managed, Part, Product, Program, Reference, Seconds, Secret, Value,
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
    /// The versions for which there is a maintained image.
    pub versions: &'static [Version],
    /// What can be asked of it.
    pub attributes: &'static [Attribute],
    /// Where its image listens.
    pub port: u16,
    /// The scheme of its URL without TLS.
    pub scheme: &'static str,
    /// Whether its administrator is someone else than its user where a target runs it.
    pub administrator: bool,
    /// Users that it has by itself.
    pub reserved_usernames: &'static [&'static str],
    /// Databases that it has by itself.
    pub reserved_databases: &'static [&'static str],
    /// What the documentation says of its image.
    pub page: Page,
    /// How it runs in a container.
    pub run: fn(&Managed) -> Run,
}

/// What the documentation says of a product's image, in sentences for people.
#[derive(Debug)]
pub struct Page {
    /// The image's repository.
    pub image: &'static str,
    /// Why this one.
    pub why: &'static str,
    /// What differs from the product that a cloud rents.
    pub differs: &'static str,
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
pub const ENTRIES: &[&Entry] = &[
    &postgres::ENTRY,
    &mysql::ENTRY,
    &mariadb::ENTRY,
    &redis::ENTRY,
    &valkey::ENTRY,
];

/// What is known of a product.
#[must_use]
pub const fn entry(product: Product) -> &'static Entry {
    match product {
        Product::Postgres => &postgres::ENTRY,
        Product::Mysql => &mysql::ENTRY,
        Product::Mariadb => &mariadb::ENTRY,
        Product::Redis => &redis::ENTRY,
        Product::Valkey => &valkey::ENTRY,
    }
}

/// What is known of the product that the language calls so.
#[must_use]
pub fn named(word: &str) -> Option<&'static Entry> {
    ENTRIES.iter().copied().find(|entry| entry.word() == word)
}

impl Entry {
    /// The word of the language.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        self.product.word()
    }

    /// Whether it can be asked for an attribute.
    #[must_use]
    pub fn has(&self, attribute: Attribute) -> bool {
        self.attributes.contains(&attribute)
    }

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
    Some((entry(managed.product).run)(managed))
}

/// An attribute of a product that runs in a container under its backing's role, without TLS.
///
/// `None` if the backing is not managed or has no such attribute.
#[must_use]
pub fn attribute(program: &Program, backing: Id<Backing>, attribute: Attribute) -> Option<Value> {
    let managed = program.managed(backing)?;
    let role = &program.backings().get(backing)?.role;
    let entry = entry(managed.product);
    if !entry.has(attribute) {
        return None;
    }
    Some(match attribute {
        Attribute::Url => url(entry, managed, role),
        Attribute::Host => Value::literal(role),
        Attribute::Port => Value::literal(entry.port.to_string()),
        Attribute::Address => Value::literal(format!("{role}:{}", entry.port)),
        Attribute::Username => Value::literal(managed.username.clone()?),
        Attribute::Password => secret(managed.password),
        Attribute::Database => Value::literal(managed.database.clone()?),
        Attribute::Tls => Value::literal("false"),
    })
}

fn url(entry: &Entry, managed: &Managed, role: &str) -> Value {
    let user = managed.username.as_deref().unwrap_or_default();
    let mut url = Value::literal(format!("{}://", entry.scheme));
    if let Some(password) = managed.password {
        url.push(Part::Text(format!("{user}:")));
        url.push(Part::Secret(password));
        url.push(Part::Text("@".to_owned()));
    }
    url.push(Part::Text(format!("{role}:{}", entry.port)));
    if let Some(database) = &managed.database {
        url.push(Part::Text(format!("/{database}")));
    }
    url
}

/// A value that is a secret, or empty where the product has none.
fn secret(secret: Option<Id<Secret>>) -> Value {
    Value::new(secret.map(Part::Secret))
}

/// A product's image under the tag of a version; the version itself where the catalogue does not know it.
fn image(entry: &Entry, version: &str) -> Reference {
    let tag = entry.version(version).map_or(version, |version| version.tag);
    Reference {
        name: entry.page.image.to_owned(),
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

/// A version whose image has the tag of its own number.
const fn plain(number: &'static str) -> Version {
    Version { number, tag: number }
}

/// The attributes of a server with users and databases.
const OF_DATABASES: &[Attribute] = &[
    Attribute::Url,
    Attribute::Host,
    Attribute::Port,
    Attribute::Address,
    Attribute::Username,
    Attribute::Password,
    Attribute::Database,
    Attribute::Tls,
];

/// The attributes of a store that asks for nothing but a password.
const OF_CACHES: &[Attribute] = &[
    Attribute::Url,
    Attribute::Host,
    Attribute::Port,
    Attribute::Address,
    Attribute::Password,
    Attribute::Tls,
];

/// Folders in memory, sizes in MiB.
fn scratch<const N: usize>(folders: [(&str, u64); N]) -> BTreeMap<String, Bytes> {
    folders
        .into_iter()
        .map(|(folder, size)| (folder.to_owned(), Bytes::mebi(size)))
        .collect()
}

/// Variables by name.
fn variables<const N: usize>(variables: [(&str, Value); N]) -> BTreeMap<String, Value> {
    variables
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// A command's words.
fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}
