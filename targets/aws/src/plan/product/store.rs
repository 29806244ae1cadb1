//! Buckets, queues and topics: S3, SQS and SNS.

use super::{Context, Subject, check, note};
use crate::model::{Bucket, Queue, Subscription, Topic};
use crate::names::{address, limit};
use exoc_diagnostics::Sink;
use exoc_ir::{Backing, Component, Id, Managed};

/// Days that overwritten and deleted objects are kept unless the manifest says otherwise.
const KEPT_DAYS: u32 = 30;

/// Receipts after which a message goes to the queue of dead letters, as where the catalogue runs one.
const RECEIVES: u32 = 5;

/// What the name of a queue of dead letters has behind the queue's own.
const DEAD_LETTER: &str = "dead-letter";

/// Plans a bucket.
pub(super) fn bucket(context: &Context<'_>, subject: &Subject<'_>, sink: &mut Sink) -> Bucket {
    let Managed {
        product: _,
        version: _,
        resources: _,    // read by `note::sizeless`
        storage: _,      // likewise
        parameters: _,   // the catalogue knows none
        image: _,        // read by `note::no_image`
        availability: _, // always high
        backups,
        database: _,
        username: _,
        // The service's role stands for both keys.
        password: _,
        administrator: _,
        subscribes: _,
    } = subject.managed;
    note::no_image(context, subject, sink);
    note::sizeless(context, subject, "a bucket of S3", sink);
    let name = subject.name(context, limit::BUCKET_PREFIX, sink);
    Bucket {
        name_prefix: format!("{name}-"),
        kept_days: backups.unwrap_or(KEPT_DAYS),
    }
}

/// Plans a queue.
pub(super) fn queue(context: &Context<'_>, subject: &Subject<'_>, sink: &mut Sink) -> Queue {
    let Managed {
        product: _,
        version: _,
        resources: _,
        storage: _,
        parameters: _,
        image: _,        // read by `note::no_image`
        availability: _, // always high
        backups: _,      // refused by `check::no_backups`
        database: _,
        username: _,
        password: _,
        administrator: _,
        subscribes,
    } = subject.managed;
    note::no_image(context, subject, sink);
    check::no_backups(
        context,
        subject,
        "leave `backups` out: a queue keeps messages for four days",
        sink,
    );
    note::sizeless(context, subject, "a queue of SQS", sink);
    let subscription = |topic: &Id<Backing>| {
        let role = context.program.role(Component::Backing(*topic));
        Subscription {
            address: format!("{}_to_{}", address(role), address(subject.role)),
            topic: role.to_owned(),
            topic_address: address(role),
        }
    };
    Queue {
        name: subject.name(context, limit::QUEUE, sink),
        dead_letter_name: subject.name_with(context, &[DEAD_LETTER], limit::QUEUE, sink),
        receives: RECEIVES,
        subscriptions: subscribes.iter().map(subscription).collect(),
    }
}

/// Plans a topic.
pub(super) fn topic(context: &Context<'_>, subject: &Subject<'_>, sink: &mut Sink) -> Topic {
    let Managed {
        product: _,
        version: _,
        resources: _,
        storage: _,
        parameters: _,
        image: _,        // read by `note::no_image`
        availability: _, // always high
        backups: _,      // refused by `check::no_backups`
        database: _,
        username: _,
        password: _,
        administrator: _,
        subscribes: _,
    } = subject.managed;
    note::no_image(context, subject, sink);
    check::no_backups(
        context,
        subject,
        "leave `backups` out: a topic keeps nothing",
        sink,
    );
    note::sizeless(context, subject, "a topic of SNS", sink);
    let backings = context.program.backings().iter();
    let mut queues = backings.filter_map(|(id, _)| context.program.managed(id));
    Topic {
        name: subject.name(context, limit::TOPIC, sink),
        is_subscribed: queues.any(|queue| queue.subscribes.contains(&subject.id)),
    }
}
