//! Kafka: MSK.

use super::{Context, Subject, attribute, check, note, password_address, settings};
use crate::model::{Composed, Content, Piece, SecretName, Spread, StoredSecret, Stream, Text};
use crate::names::limit;
use crate::sizes::{MSK, MSK_STORAGE};
use exoc_diagnostics::{Sink, codes};
use exoc_ir::{Component, Managed};

/// Versions of Kafka without a `ZooKeeper`, as the manifest and as MSK writes them.
///
/// Source: Amazon MSK developer guide, "Supported Apache Kafka versions", read 2026-11.
const VERSIONS: &[(&str, &str)] = &[
    ("3.9", "3.9.x.kraft"),
    ("4.0", "4.0.x.kraft"),
    ("4.1", "4.1.x.kraft"),
    ("4.2", "4.2.x.kraft"),
];

/// Plans a cluster.
pub(super) fn plan(context: &Context<'_>, subject: &Subject<'_>, sink: &mut Sink) -> Option<Stream> {
    let Managed {
        product: _,
        version: _,       // read by `check::version`
        resources: _,     // read by `check::class`
        storage: _,       // read by `check::storage`
        parameters: _,    // read by `settings`
        image: _,         // read by `note::no_image`
        availability: _,  // read by `check::is_high`
        backups: _,       // refused by `check::no_backups`
        database: _,      // it has none
        username: _,      // where it runs in a container nobody logs in
        password: _,      // likewise; `product` makes one
        administrator: _, // it has none
        subscribes: _,    // only a queue has any
    } = subject.managed;
    note::no_image(context, subject, sink);
    let instead = "leave `backups` out: `availability: high` keeps each message on three servers";
    check::no_backups(context, subject, instead, sink);
    let high = check::is_high(subject);
    check::zones(context, subject, 3, sink);
    let version = check::version(context, subject, VERSIONS, sink);
    let class = check::class(context, subject, MSK, sink);
    let storage_gib = check::storage(context, subject, MSK_STORAGE, sink);
    let written = settings::read(
        context,
        subject,
        |name, value| settings::plain(&[], name, value),
        sink,
    );
    let (class, version) = (class?, version?);
    let brokers = if high { 3 } else { 2 };
    if !high {
        let message = format!(
            "MSK has no cluster below two brokers, so `{}` has two",
            subject.role
        );
        let help = "`availability: high` has three, each in a zone of its own";
        note::say(context, subject, codes::SINGLE_ZONE_BROKER, &message, help, sink);
    }
    Some(Stream {
        name: subject.name(context, limit::STREAM, sink),
        log_group: format!("/{}", context.names.path(&[subject.identity])),
        version,
        instance_type: class.name,
        picked: note::picked(
            context,
            subject,
            class,
            &format!(", {brokers} times, with {storage_gib}Gi each"),
            sink,
        ),
        brokers,
        spread: Spread::First(if high { 3 } else { 2 }),
        storage_gib,
        properties: properties(high, written),
        login: login(context, subject),
    })
}

/// Properties of the servers, with what the manifest says over what exoc does. As where it runs in a container, a
/// topic is made when it is first used.
fn properties(high: bool, written: Vec<(String, String)>) -> Vec<(String, String)> {
    let (replicas, in_sync) = if high { ("3", "2") } else { ("2", "1") };
    let own = [
        ("auto.create.topics.enable", "true"),
        ("default.replication.factor", replicas),
        ("min.insync.replicas", in_sync),
    ];
    let is_written = |name: &str| written.iter().any(|(known, _)| known == name);
    let mut all: Vec<(String, String)> = own
        .into_iter()
        .filter(|(name, _)| !is_written(name))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    all.extend(written);
    all.sort();
    all
}

/// MSK takes a user only from a secret of this form, whose name begins with `AmazonMSK_`.
fn login(context: &Context<'_>, subject: &Subject<'_>) -> StoredSecret {
    let own = format!("{}_login", crate::names::address(subject.role));
    let password = Text {
        pieces: vec![Piece::Secret(password_address(context, subject.id))],
    };
    let username = Text::literal(attribute::default_username(context));
    StoredSecret {
        address: own.clone(),
        name: SecretName::Prefix(format!(
            "AmazonMSK_{}-",
            context.names.path(&[subject.identity, "login"])
        )),
        description: format!("User and password of {}, as MSK reads them", subject.role),
        content: Content::Composed {
            local: own,
            composed: Composed::Members(vec![
                ("password".to_owned(), password),
                ("username".to_owned(), username),
            ]),
        },
        lines: context.lines_of(Component::Backing(subject.id), &[]),
    }
}
