//! What entries are made of: lists of attributes, checks, variables, and attributes of a server under its role.

use crate::{Entry, Source, Subject, Version, entry};
use exoc_ir::{Attribute, Bytes, Health, Id, Part, Probe, Reference, Seconds, Secret, Value};
use std::collections::BTreeMap;

/// The attributes of a server with users and databases.
pub(crate) const OF_DATABASES: &[Attribute] = &[
    Attribute::Url,
    Attribute::Host,
    Attribute::Port,
    Attribute::Address,
    Attribute::Username,
    Attribute::Password,
    Attribute::Database,
    Attribute::Tls,
];

/// The attributes of a server with users.
pub(crate) const OF_BROKERS: &[Attribute] = &[
    Attribute::Url,
    Attribute::Host,
    Attribute::Port,
    Attribute::Address,
    Attribute::Username,
    Attribute::Password,
    Attribute::Tls,
];

/// The attributes of a store that asks for nothing but a password.
pub(crate) const OF_CACHES: &[Attribute] = &[
    Attribute::Url,
    Attribute::Host,
    Attribute::Port,
    Attribute::Address,
    Attribute::Password,
    Attribute::Tls,
];

/// Where the versions of most products are from.
pub(crate) const VERSIONS: Source = Source {
    facts: "versions",
    from: "endoflife-date/endoflife.date at a70eca3, docker-library/official-images at 37079fb",
    date: "2026-08-22",
};

/// A version whose image has the tag of its own number.
pub(crate) const fn plain(number: &'static str) -> Version {
    Version { number, tag: number }
}

/// A product's image under the tag of the version that is wanted; the version itself where it is not known.
pub(crate) fn versioned(subject: &Subject<'_>) -> Reference {
    let entry = entry(subject.managed.product);
    let tag = subject
        .managed
        .version
        .as_deref()
        .map(|version| entry.version(version).map_or(version, |version| version.tag));
    image(subject, tag.unwrap_or_default())
}

/// A product's image under a tag, unless the manifest names another.
pub(crate) fn image(subject: &Subject<'_>, tag: &str) -> Reference {
    if let Some(own) = &subject.managed.image {
        return own.clone();
    }
    Reference {
        name: entry(subject.managed.product).page.image.to_owned(),
        tag: Some(tag.to_owned()),
        digest: None,
    }
}

/// A check by a command, with the numbers that suit a server on one machine.
pub(crate) fn check(command: &[&str]) -> Health {
    Health {
        probe: Probe::Command(command.iter().map(|word| Value::literal(*word)).collect()),
        interval: Seconds(5),
        timeout: Seconds(3),
        retries: 5,
        start: Seconds(60),
    }
}

/// The same for a server that needs minutes to start.
pub(crate) fn patient(health: Health) -> Health {
    Health {
        start: Seconds(240),
        ..health
    }
}

/// Opens a connection and nothing more: for images that have bash, and programs whose own check starts a virtual
/// machine each time.
pub(crate) fn connects(host: &str, port: u16) -> Health {
    check(&["bash", "-c", &format!("exec 3<>/dev/tcp/{host}/{port}")])
}

/// Folders in memory, sizes in MiB.
pub(crate) fn scratch<const N: usize>(folders: [(&str, u64); N]) -> BTreeMap<String, Bytes> {
    folders
        .into_iter()
        .map(|(folder, size)| (folder.to_owned(), Bytes::mebi(size)))
        .collect()
}

/// Variables by name.
pub(crate) fn variables<const N: usize>(variables: [(&str, Value); N]) -> BTreeMap<String, Value> {
    variables
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// A value that is a literal, or empty where the product has none.
pub(crate) fn text(text: Option<&String>) -> Value {
    text.map_or_else(Value::default, Value::literal)
}

/// A value that is a secret, or empty where the product has none.
pub(crate) fn secret(secret: Option<Id<Secret>>) -> Value {
    Value::new(secret.map(Part::Secret))
}

/// A server's command with its settings behind it, the words of each made by `word`.
pub(crate) fn with_settings(
    subject: &Subject<'_>,
    command: &[&str],
    word: impl Fn(&str, &str) -> Vec<String>,
) -> Vec<String> {
    let settings = subject.managed.parameters.iter();
    words(command)
        .into_iter()
        .chain(settings.flat_map(|(name, value)| word(name, value)))
        .collect()
}

/// The command of a cache that a script starts, with its settings behind the script's last line.
pub(crate) fn cache_command(subject: &Subject<'_>, script: &str) -> Vec<String> {
    if subject.managed.parameters.is_empty() {
        return words(&["sh", "-c", script]);
    }
    let script = format!("{script} \"$@\"");
    with_settings(subject, &["sh", "-c", &script, "sh"], |name, value| {
        vec![format!("--{name}"), value.to_owned()]
    })
}

/// A setting as a long option.
pub(crate) fn option(name: &str, value: &str) -> Vec<String> {
    vec![format!("--{name}={value}")]
}

/// A command's words.
pub(crate) fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// The part of the memory that a virtual machine's heap may take, in MiB: half, for the rest is the file cache's.
pub(crate) fn heap(subject: &Subject<'_>) -> u64 {
    (subject.managed.resources.memory.as_mebi() / 2).max(64)
}

/// An attribute of a server that listens under its role, without TLS.
pub(crate) fn server(subject: &Subject<'_>, attribute: Attribute) -> Option<Value> {
    let Subject {
        role,
        identity: _, // of its data, and no address
        managed,
        hub: _,
    } = subject;
    let entry = entry(managed.product);
    let address = || format!("{role}:{}", entry.port);
    match attribute {
        Attribute::Url => Some(url(entry, subject)),
        Attribute::Host => Some(Value::literal(*role)),
        Attribute::Port => Some(Value::literal(entry.port.to_string())),
        Attribute::Address | Attribute::Brokers => Some(Value::literal(address())),
        Attribute::Username => managed.username.as_ref().map(Value::literal),
        Attribute::Password => managed.password.map(|password| secret(Some(password))),
        Attribute::Database => managed.database.as_ref().map(Value::literal),
        Attribute::Tls => Some(Value::literal("false")),
        Attribute::Name
        | Attribute::Region
        | Attribute::Endpoint
        | Attribute::AccessKey
        | Attribute::SecretKey => None,
    }
}

fn url(entry: &Entry, subject: &Subject<'_>) -> Value {
    let Subject {
        role,
        identity: _, // of its data, and no address
        managed,
        hub: _,
    } = subject;
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
