//! Queues of SQS with their dead letters, topics of SNS, and what joins the two.

use super::super::common::{File, data, resource};
use super::key;
use crate::model::{Product, Queue, Subscription, Topic};
use exoc_emit::hcl::{Block, Body, Expression, Object, jsonencode, list, reference};

/// What can be done with messages of a queue.
const OF_QUEUES: [&str; 6] = [
    "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:GetQueueUrl",
    "sqs:ReceiveMessage",
    "sqs:SendMessage",
];

/// Seconds that messages are kept: four days, and two weeks for dead letters.
const KEPT: (u32, u32) = (345_600, 1_209_600);

/// One queue.
pub(super) fn add(file: &mut File, product: &Product, queue: &Queue) {
    let (address, role) = (&product.address, &product.role);
    // No role begins so.
    let dead = format!("exoc_dead_letter_{address}");
    let (days, weeks) = KEPT;
    file.add(
        format!(
            "Keeps for two weeks what was received from {role} {} times and never deleted.",
            queue.receives
        ),
        &product.lines,
        one(&dead, &queue.dead_letter_name).attr("message_retention_seconds", weeks),
    );
    file.add(
        "Takes messages from that queue alone.",
        &product.lines,
        resource("aws_sqs_queue_redrive_allow_policy", address)
            .attr("queue_url", reference(["aws_sqs_queue", &dead, "url"]))
            .attr(
                "redrive_allow_policy",
                jsonencode(Object::new().with("redrivePermission", "byQueue").with(
                    "sourceQueueArns",
                    list([reference(["aws_sqs_queue", address, "arn"])]),
                )),
            ),
    );
    file.add(
        format!("The queue {role}."),
        &product.server_lines,
        one(address, &queue.name)
            .attr("message_retention_seconds", days)
            .attr("receive_wait_time_seconds", 20)
            .attr("visibility_timeout_seconds", 30)
            .attr(
                "redrive_policy",
                jsonencode(
                    Object::new()
                        .with("deadLetterTargetArn", reference(["aws_sqs_queue", &dead, "arn"]))
                        .with("maxReceiveCount", queue.receives),
                ),
            ),
    );
    policy(file, product, address, &queue.subscriptions);
    policy(file, product, &dead, &[]);
    for subscription in &queue.subscriptions {
        subscribe(file, product, subscription);
    }
}

/// A queue that is encrypted with the environment's key.
fn one(address: &str, name: &str) -> Block {
    resource("aws_sqs_queue", address)
        .attr("name", name)
        .attr("kms_master_key_id", key())
        .attr("kms_data_key_reuse_period_seconds", 300)
}

fn policy(file: &mut File, product: &Product, address: &str, subscriptions: &[Subscription]) {
    let arn = || vec![reference(["aws_sqs_queue", address, "arn"])];
    let mut document =
        data("aws_iam_policy_document", &format!("{address}_queue")).block("statement", |body| {
            let body = body
                .attr("sid", "RefusePlainHttp")
                .attr("effect", "Deny")
                .attr("actions", list(OF_QUEUES))
                .attr("resources", arn());
            over_plain_http(body)
        });
    if !subscriptions.is_empty() {
        let topics: Vec<Expression> = subscriptions
            .iter()
            .map(|one| reference(["aws_sns_topic", &one.topic_address, "arn"]))
            .collect();
        document = document.block("statement", |body| {
            body.attr("sid", "DeliverTopics")
                .attr("actions", vec!["sqs:SendMessage"])
                .attr("resources", arn())
                .block("principals", |body| {
                    body.attr("type", "Service")
                        .attr("identifiers", vec!["sns.amazonaws.com"])
                })
                .block("condition", |body| {
                    body.attr("test", "ArnEquals")
                        .attr("variable", "aws:SourceArn")
                        .attr("values", topics)
                })
        });
    }
    let words = if subscriptions.is_empty() {
        "Nobody comes in without TLS."
    } else {
        "Nobody comes in without TLS, and the topics that it subscribes to deliver into it."
    };
    file.add(words, &product.server_lines, document);
    file.add(
        "Gives the queue its policy.",
        &product.lines,
        resource("aws_sqs_queue_policy", address)
            .attr("queue_url", reference(["aws_sqs_queue", address, "url"]))
            .attr(
                "policy",
                reference([
                    "data",
                    "aws_iam_policy_document",
                    &format!("{address}_queue"),
                    "json",
                ]),
            ),
    );
}

fn over_plain_http(body: Body) -> Body {
    body.block("principals", |body| {
        body.attr("type", "*").attr("identifiers", vec!["*"])
    })
    .block("condition", |body| {
        body.attr("test", "Bool")
            .attr("variable", "aws:SecureTransport")
            .attr("values", vec!["false"])
    })
}

fn subscribe(file: &mut File, product: &Product, subscription: &Subscription) {
    let Subscription {
        address,
        topic,
        topic_address,
    } = subscription;
    file.add(
        format!("Delivers what is published to {topic} into {}.", product.role),
        &product.server_lines,
        resource("aws_sns_topic_subscription", address)
            .attr("topic_arn", reference(["aws_sns_topic", topic_address, "arn"]))
            .attr("protocol", "sqs")
            .attr("endpoint", reference(["aws_sqs_queue", &product.address, "arn"]))
            .attr(
                "depends_on",
                vec![reference(["aws_sqs_queue_policy", &product.address])],
            ),
    );
}

/// One topic.
pub(super) fn add_topic(file: &mut File, product: &Product, topic: &Topic) {
    let (address, role) = (&product.address, &product.role);
    let reach = if topic.is_subscribed {
        "The files of the queues that subscribe say who gets its messages."
    } else {
        "No queue subscribes, so that its messages reach nobody."
    };
    file.add(
        format!("The topic {role}.\n{reach}"),
        &product.server_lines,
        resource("aws_sns_topic", address)
            .attr("name", &topic.name)
            .attr("kms_master_key_id", reference(["aws_kms_key", "main", "key_id"])),
    );
    let document = format!("{address}_topic");
    file.add(
        "Nobody publishes without TLS.",
        &product.lines,
        data("aws_iam_policy_document", &document).block("statement", |body| {
            let body = body
                .attr("sid", "RefusePlainHttp")
                .attr("effect", "Deny")
                .attr("actions", vec!["sns:Publish"])
                .attr("resources", vec![reference(["aws_sns_topic", address, "arn"])]);
            over_plain_http(body)
        }),
    );
    file.add(
        "Gives the topic its policy.",
        &product.lines,
        resource("aws_sns_topic_policy", address)
            .attr("arn", reference(["aws_sns_topic", address, "arn"]))
            .attr(
                "policy",
                reference(["data", "aws_iam_policy_document", &document, "json"]),
            ),
    );
}
