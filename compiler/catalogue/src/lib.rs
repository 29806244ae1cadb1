//! Facts about the products that the language offers as dependencies: versions, attributes, ports, and how one
//! runs in a container. One file per product; every table says where its facts come from and of which day.
//!
//! Used by the middle, which checks versions and attributes, and by every target that runs a product itself. What
//! a target rents instead (instance classes, parameter groups) is the target's own business.

mod bucket;
mod entry;
mod hub;
mod kafka;
mod mariadb;
mod memcached;
mod mongodb;
mod mysql;
mod names;
mod nats;
mod page;
mod parts;
mod postgres;
mod queue;
mod rabbitmq;
mod redis;
mod search;
mod topic;
mod valkey;
mod volume;

pub use bucket::REGION;
pub use entry::{Entry, Page, Run, Source, Subject, Version};
pub use hub::Hub;
pub use page::{index, page, volume};
pub use volume::{SHARED, Shared, VOLUME};

use exoc_ir::{Attribute, Backing, Id, Product, Program, Value};

/// The image of the small containers that ask a service from outside: busybox with `wget` and `nc`.
///
/// Source: docker-library/official-images library/busybox, 2026-11.
pub const PROBE_IMAGE: &str = "busybox:1.37.0-musl";

/// The image of a gateway in front of several public services of one machine.
///
/// Source: docker-library/official-images library/haproxy, 2026-11.
pub const GATEWAY_IMAGE: &str = "haproxy:3.4-alpine";

/// All products, in the order of [`Product::ALL`].
pub const ENTRIES: &[&Entry] = &[
    &postgres::ENTRY,
    &mysql::ENTRY,
    &mariadb::ENTRY,
    &mongodb::ENTRY,
    &redis::ENTRY,
    &valkey::ENTRY,
    &memcached::ENTRY,
    &rabbitmq::ENTRY,
    &nats::ENTRY,
    &kafka::ENTRY,
    &search::ENTRY,
    &bucket::ENTRY,
    &queue::ENTRY,
    &topic::ENTRY,
];

/// What is known of a product.
#[must_use]
pub const fn entry(product: Product) -> &'static Entry {
    match product {
        Product::Postgres => &postgres::ENTRY,
        Product::Mysql => &mysql::ENTRY,
        Product::Mariadb => &mariadb::ENTRY,
        Product::Mongodb => &mongodb::ENTRY,
        Product::Redis => &redis::ENTRY,
        Product::Valkey => &valkey::ENTRY,
        Product::Memcached => &memcached::ENTRY,
        Product::Rabbitmq => &rabbitmq::ENTRY,
        Product::Nats => &nats::ENTRY,
        Product::Kafka => &kafka::ENTRY,
        Product::Search => &search::ENTRY,
        Product::Bucket => &bucket::ENTRY,
        Product::Queue => &queue::ENTRY,
        Product::Topic => &topic::ENTRY,
    }
}

/// What is known of the product that the language calls so.
#[must_use]
pub fn named(word: &str) -> Option<&'static Entry> {
    ENTRIES.iter().copied().find(|entry| entry.word() == word)
}

/// How a product runs in a container under its backing's role; `None` if the backing is not managed, or another
/// one's container holds it: [`Hub::of`] says whose.
#[must_use]
pub fn run(program: &Program, backing: Id<Backing>) -> Option<Run> {
    let hub = Hub::of(program, backing);
    let subject = subject(program, backing, hub.as_ref())?;
    if hub.as_ref().is_some_and(|hub| hub.host != subject.role) {
        return None;
    }
    Some((entry(subject.managed.product).run)(&subject))
}

/// An attribute of a product that runs in a container under its backing's role, without TLS.
///
/// `None` if the backing is not managed or has no such attribute there.
#[must_use]
pub fn attribute(program: &Program, backing: Id<Backing>, attribute: Attribute) -> Option<Value> {
    let subject = subject(program, backing, None)?;
    let entry = entry(subject.managed.product);
    entry.has(attribute).then_some(())?;
    (entry.read)(&subject, attribute)
}

fn subject<'a>(program: &'a Program, backing: Id<Backing>, hub: Option<&'a Hub>) -> Option<Subject<'a>> {
    let Backing {
        role,
        identity,
        engine: _, // `managed`, if it is
    } = program.backings().get(backing)?;
    Some(Subject {
        hub,
        role,
        identity,
        managed: program.managed(backing)?,
    })
}
