//! `RabbitMQ`: Amazon MQ.

use super::{Context, Subject, attribute, check, note, reserved, settings};
use crate::model::{Broker, Spread};
use crate::names::limit;
use crate::sizes::{MQ, MQ_CLUSTER};
use exoc_diagnostics::Sink;
use exoc_ir::Managed;

/// Versions of `RabbitMQ` that Amazon MQ offers.
///
/// Source: Amazon MQ developer guide, "Amazon MQ for RabbitMQ engine versions", read 2026-11.
const VERSIONS: &[(&str, &str)] = &[("3.13", "3.13"), ("4.2", "4.2")];

/// The settings that Amazon MQ takes.
///
/// Source: Amazon MQ developer guide, "Configurable values", read 2026-11.
const SETTINGS: &[&str] = &[
    "consumer_timeout",
    "heartbeat",
    "management.restrictions.operator_policy_changes.disabled",
    "quorum_queue.property_equivalence.relaxed_checks_on_redeclaration",
    "secure.management.http.headers.enabled",
];

/// The setting that is written where the manifest has none, for a configuration cannot be empty: the default.
const LEAST: (&str, &str) = ("consumer_timeout", "1800000");

/// Plans a broker.
pub(super) fn plan(context: &Context<'_>, subject: &Subject<'_>, sink: &mut Sink) -> Option<Broker> {
    let Managed {
        product: _,
        version: _,      // read by `check::version`
        resources: _,    // read by `check::class`
        storage: _,      // its size comes with the type
        parameters: _,   // read by `settings`
        image: _,        // read by `note::no_image`
        availability: _, // read by `check::is_high`
        backups: _,      // refused by `check::no_backups`
        database: _,     // it has none
        username,
        password: _,      // `product` makes it
        administrator: _, // it has no other than its user
        subscribes: _,    // only a queue has any
    } = subject.managed;
    note::no_image(context, subject, sink);
    let instead = "leave `backups` out: `availability: high` keeps each message on three servers";
    check::no_backups(context, subject, instead, sink);
    let high = check::is_high(subject);
    let version = check::version(context, subject, VERSIONS, sink);
    let class = check::class(context, subject, if high { MQ_CLUSTER } else { MQ }, sink);
    let listed = |name: &str, value: &str| settings::listed("Amazon MQ", SETTINGS, name, value);
    let mut parameters = settings::read(context, subject, listed, sink);
    if parameters.is_empty() {
        let (name, value) = LEAST;
        parameters.push((name.to_owned(), value.to_owned()));
    }
    let username = username.as_ref()?;
    let names = check::Names {
        product: "Amazon MQ",
        kept: reserved::RABBITMQ,
        database: 0,
        username: 100,
    };
    check::name(
        context,
        subject,
        names,
        names.username,
        (&["username"], username),
        sink,
    );
    let (class, version) = (class?, version?);
    note::state_password(
        context,
        subject,
        "; it is that of the broker's administrator, the only user that Amazon MQ makes",
        sink,
    );
    Some(Broker {
        name: subject.name(context, limit::BROKER, sink),
        engine_version: version.to_owned(),
        instance_type: class.name,
        picked: note::picked(context, subject, class, "", sink),
        deployment_mode: if high {
            "CLUSTER_MULTI_AZ"
        } else {
            "SINGLE_INSTANCE"
        },
        spread: if high { Spread::All } else { Spread::First(1) },
        username: username.clone(),
        parameters,
        host: attribute::host_local(context, subject.id),
    })
}
