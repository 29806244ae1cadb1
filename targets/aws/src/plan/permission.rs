//! What a task may do itself: exactly what its edges to products of AWS need.

use super::Context;
use crate::model::{Permission, Piece, Reference, Text};
use crate::names::address;
use crate::rented::{Rented, rented};
use exoc_ir::{Callee, Component};
use std::collections::BTreeSet;

/// What reads and writes the objects of a bucket.
///
/// Source: Service authorization reference, "Actions, resources, and condition keys for Amazon S3", read 2026-11.
const OBJECTS: &[&str] = &[
    "s3:AbortMultipartUpload",
    "s3:DeleteObject",
    "s3:GetObject",
    "s3:PutObject",
];

/// What finds the objects of a bucket.
///
/// Source: as above.
const LISTS: &[&str] = &["s3:ListBucket"];

/// What sends and receives messages of a queue.
///
/// Source: Service authorization reference, "Actions, resources, and condition keys for Amazon SQS", read 2026-11.
const MESSAGES: &[&str] = &[
    "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:GetQueueUrl",
    "sqs:ReceiveMessage",
    "sqs:SendMessage",
];

/// What sends messages to a topic.
///
/// Source: Service authorization reference, "Actions, resources, and condition keys for Amazon SNS", read 2026-11.
const PUBLISH: &[&str] = &["sns:Publish"];

/// What reads and writes what a key encrypts.
///
/// Source: AWS KMS developer guide, "AWS KMS permissions", read 2026-11.
const KEY: &[&str] = &["kms:Decrypt", "kms:GenerateDataKey"];

/// What a component may do itself, by its edges.
pub(super) fn plan(context: &Context<'_>, component: Component) -> Vec<Permission> {
    let (mut objects, mut buckets, mut queues, mut topics) = (vec![], vec![], vec![], vec![]);
    let mut services = BTreeSet::new();
    for edge in context.program.edges_from(component) {
        let Callee::Component(callee @ Component::Backing(id)) = edge.to else {
            continue;
        };
        let kind = context
            .program
            .managed(id)
            .and_then(|managed| rented(managed.product));
        let own = address(context.program.role(callee));
        let arn = |resource| Piece::Attribute(Reference::text(resource, &own, "arn"));
        let text = |pieces| Text { pieces };
        match kind {
            Some(Rented::Bucket) => {
                let all = Piece::Literal("/*".to_owned());
                objects.push(text(vec![arn("aws_s3_bucket"), all]));
                buckets.push(text(vec![arn("aws_s3_bucket")]));
                services.insert("s3");
            }
            Some(Rented::Queue) => {
                queues.push(text(vec![arn("aws_sqs_queue")]));
                services.insert("sqs");
            }
            Some(Rented::Topic) => {
                topics.push(text(vec![arn("aws_sns_topic")]));
                services.insert("sns");
            }
            Some(
                Rented::Database
                | Rented::Documents
                | Rented::Cache
                | Rented::Memcached
                | Rented::Broker
                | Rented::Stream
                | Rented::Search,
            )
            | None => {}
        }
    }
    let all = [
        ("ReadAndWriteObjects", OBJECTS, objects),
        ("ListBuckets", LISTS, buckets),
        ("SendAndReceiveMessages", MESSAGES, queues),
        ("PublishMessages", PUBLISH, topics),
    ];
    let mut permissions: Vec<Permission> = all
        .into_iter()
        .filter(|(_, _, resources)| !resources.is_empty())
        .map(|(sid, actions, resources)| Permission {
            sid: sid.to_owned(),
            actions,
            resources,
            conditions: Vec::new(),
        })
        .collect();
    permissions.extend((!services.is_empty()).then(|| key(context, &services)));
    permissions
}

/// The environment's key, and only through the services that encrypt with it.
fn key(context: &Context<'_>, services: &BTreeSet<&str>) -> Permission {
    let region = &context.options.region;
    let through = |service: &&str| Text::literal(format!("{service}.{region}.amazonaws.com"));
    Permission {
        sid: "UseKey".to_owned(),
        actions: KEY,
        resources: vec![Text {
            pieces: vec![Piece::Attribute(Reference::text("aws_kms_key", "main", "arn"))],
        }],
        conditions: vec![("kms:ViaService", services.iter().map(through).collect())],
    }
}
