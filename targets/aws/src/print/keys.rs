//! `kms.tf`: the key that encrypts what is stored.

use super::common::{File, inline, resource};
use crate::model::{Model, Product, Rental};
use exoc_emit::hcl::{Expression, Object, Template, jsonencode, list, local, object, reference};

/// What CloudWatch Logs does with a key.
///
/// Source: Amazon CloudWatch Logs user guide, "Encrypt log data in CloudWatch Logs using AWS KMS", read 2026-11; its
/// patterns are written out as far as pairs of keys are not concerned.
pub(super) const OF_LOGS: [&str; 7] = [
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
];

/// The key and who may use it.
pub(super) fn file(model: &Model) -> File {
    let mut file = File::default();
    let prefix = &model.application.prefix;
    file.add(
        "Encrypts logs, secrets, images, databases, caches and their snapshots.\n\
         Thirty days after it is destroyed, nobody can read them any more.",
        &model.lines,
        resource("aws_kms_key", "main")
            .attr("description", format!("Data of {prefix}"))
            .attr("enable_key_rotation", true)
            .attr("deletion_window_in_days", 30)
            .attr("policy", policy(model)),
    );
    file.add(
        "A name for the key, which has none of its own.",
        &model.lines,
        resource("aws_kms_alias", "main")
            .attr("name", format!("alias/{prefix}"))
            .attr("target_key_id", reference(["aws_kms_key", "main", "key_id"])),
    );
    file
}

/// The account may administer the key, CloudWatch may use it for log groups of some names and for
/// alarms, and topics for what they deliver into queues.
fn policy(model: &Model) -> Expression {
    let groups = &model.log_groups;
    let root = Template::new()
        .text("arn:")
        .value(local("partition"))
        .text(":iam::")
        .value(local("account_id"))
        .text(":root");
    let logs = Template::new()
        .text("logs.")
        .value(local("region"))
        .text(".amazonaws.com");
    let groups = groups
        .iter()
        .map(|name| Expression::from(super::common::arn("logs").text(&format!("log-group:{name}"))));
    let account = Object::new()
        .with("Sid", "AccountAdministration")
        .with("Effect", "Allow")
        .with("Principal", inline([("AWS", root.into())]))
        .with("Action", "kms:*")
        .with("Resource", "*");
    let actions = OF_LOGS;
    let log_groups = Object::new()
        .with("Sid", "LogGroups")
        .with("Effect", "Allow")
        .with("Principal", inline([("Service", logs.into())]))
        .with("Action", list(actions))
        .with("Resource", "*")
        .with(
            "Condition",
            object([(
                "ArnLike",
                object([("kms:EncryptionContext:aws:logs:arn", list(groups))]),
            )]),
        );
    let statements = [Expression::from(account), log_groups.into(), alarms()]
        .into_iter()
        .chain(deliveries(model));
    jsonencode(
        Object::new()
            .with("Version", "2012-10-17")
            .with("Statement", list(statements)),
    )
}

/// CloudWatch encrypts what it tells the topic of alarms.
fn alarms() -> Expression {
    let of_this_account = object([("aws:SourceAccount", local("account_id"))]);
    Object::new()
        .with("Sid", "Alarms")
        .with("Effect", "Allow")
        .with(
            "Principal",
            inline([("Service", "cloudwatch.amazonaws.com".into())]),
        )
        .with("Action", list(["kms:Decrypt", "kms:GenerateDataKey"]))
        .with("Resource", "*")
        .with("Condition", object([("StringEquals", of_this_account)]))
        .into()
}

/// SNS encrypts what it delivers with the key of the queue.
fn deliveries(model: &Model) -> Option<Expression> {
    let subscribed = |product: &Product| match &product.rental {
        Rental::Topic(topic) if topic.is_subscribed => {
            Some(Expression::from(super::common::arn("sns").text(&topic.name)))
        }
        Rental::Topic(_)
        | Rental::Queue(_)
        | Rental::Bucket(_)
        | Rental::Database(_)
        | Rental::Documents(_)
        | Rental::Cache(_)
        | Rental::Memcached(_)
        | Rental::Broker(_)
        | Rental::Stream(_)
        | Rental::Search(_) => None,
    };
    let topics: Vec<Expression> = model.products.iter().filter_map(subscribed).collect();
    (!topics.is_empty()).then(|| {
        Object::new()
            .with("Sid", "TopicDeliveries")
            .with("Effect", "Allow")
            .with("Principal", inline([("Service", "sns.amazonaws.com".into())]))
            .with("Action", list(["kms:Decrypt", "kms:GenerateDataKey"]))
            .with("Resource", "*")
            .with(
                "Condition",
                object([("ArnEquals", object([("aws:SourceArn", list(topics))]))]),
            )
            .into()
    })
}
