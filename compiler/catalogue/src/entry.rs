//! What the catalogue says of a product: the form of its files. Must not know any product.

use crate::Hub;
use exoc_ir::{Attribute, Bytes, Health, Managed, Product, Reference, Seconds, Value};
use std::collections::BTreeMap;

/// What is known of a product.
#[derive(Debug)]
pub struct Entry {
    /// Which.
    pub product: Product,
    /// The versions for which there is a maintained image, from the oldest; empty if it has none.
    pub versions: &'static [Version],
    /// What can be asked of it.
    pub attributes: &'static [Attribute],
    /// Those among them that a target may not have.
    pub optional: &'static [Attribute],
    /// Where its image listens.
    pub port: u16,
    /// The scheme of its URL without TLS.
    pub scheme: &'static str,
    /// Whether it keeps data that has a size.
    pub storage: bool,
    /// The attribute that is a secret of its user where a target runs it; `None` if it asks for none.
    pub secret: Option<Attribute>,
    /// Whether its administrator is someone else than its user where a target runs it.
    pub administrator: bool,
    /// Users that it has by itself.
    pub reserved_usernames: &'static [&'static str],
    /// Databases that it has by itself.
    pub reserved_databases: &'static [&'static str],
    /// Whether it takes settings of its own.
    pub parameters: bool,
    /// Settings that exoc makes itself, because other parts of an output depend on them.
    pub own_parameters: &'static [&'static str],
    /// What the documentation says of its image.
    pub page: Page,
    /// An attribute where it runs in a container; `None` for an optional one that is absent there.
    pub read: fn(&Subject<'_>, Attribute) -> Option<Value>,
    /// How it runs in a container.
    pub run: fn(&Subject<'_>) -> Run,
}

/// What the documentation says of a product's image, in phrases for people.
#[derive(Debug)]
pub struct Page {
    /// What it is called.
    pub title: &'static str,
    /// The image's repository.
    pub image: &'static str,
    /// Why this one.
    pub why: &'static str,
    /// What differs from the product that a cloud rents.
    pub differs: &'static str,
    /// Where the facts are from.
    pub sources: &'static [Source],
}

/// Where facts are from.
#[derive(Debug)]
pub struct Source {
    /// Which facts.
    pub facts: &'static str,
    /// A repository and its file, or a page.
    pub from: &'static str,
    /// When it was so: a day or a month.
    pub date: &'static str,
}

/// A version that the language offers.
#[derive(Debug)]
pub struct Version {
    /// As the manifest writes it.
    pub number: &'static str,
    /// The tag of its image.
    pub tag: &'static str,
}

/// One product of a program.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The role under which it runs, which is its host name.
    pub role: &'a str,
    /// What its data is named after.
    pub identity: &'a str,
    /// What is wanted of it.
    pub managed: &'a Managed,
    /// What its container holds besides it, where it runs and may hold more.
    pub hub: Option<&'a Hub>,
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
    /// Whether it writes beside its data and its scratch folders.
    pub root_writable: bool,
    /// Where it listens, and under which name.
    pub port: (&'static str, u16),
    /// What replaces the image's command.
    pub command: Option<Vec<String>>,
    /// Its variables.
    pub environment: BTreeMap<String, Value>,
    /// Files to lay beside the image's, by absolute path.
    pub files: BTreeMap<String, String>,
    /// The folder that holds its data and must survive, if anything must.
    pub data: Option<&'static str>,
    /// Writable folders in memory.
    pub scratch: BTreeMap<String, Bytes>,
    /// How it is asked; always by a command.
    pub health: Health,
    /// How long it may take to stop.
    pub shutdown: Seconds,
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

    /// Whether every target has this attribute of it.
    #[must_use]
    pub fn always_has(&self, attribute: Attribute) -> bool {
        self.has(attribute) && !self.optional.contains(&attribute)
    }

    /// The version that a manifest names.
    #[must_use]
    pub fn version(&self, number: &str) -> Option<&'static Version> {
        self.versions.iter().find(|version| version.number == number)
    }
}
