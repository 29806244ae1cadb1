//! A hosted zone that is made, in `dns.tf`: the zone, its signatures and the log of its questions.

use super::common::{File, data, inline, resource};
use crate::model::HostedZone;
use exoc_emit::hcl::{Block, Expression, Object, Template, jsonencode, list, local, object, reference};

/// The region in which Route 53 keeps what belongs to zones.
///
/// Source: Amazon Route 53 developer guide, "Working with customer managed keys for DNSSEC" and "Public DNS query
/// logging", read 2026-11.
const HOME: &str = "us-east-1";

/// The policy by which Route 53 may write the logs of all zones.
const WRITER: &str = "exoc_dns_log";

/// Adds what all zones share.
pub(super) fn add_shared(file: &mut File, prefix: &str, first: &HostedZone) {
    let lines = &first.lines;
    file.add(
        "Encrypts the logs of zones, which Route 53 keeps in one region for the whole world.",
        lines,
        key(WRITER, "Logs of DNS questions")
            .attr("enable_key_rotation", true)
            .attr("policy", log_key_policy()),
    );
    let arn = Template::new()
        .text("arn:")
        .value(local("partition"))
        .text(&format!(":logs:{HOME}:"))
        .value(local("account_id"))
        .text(":log-group:/aws/route53/*");
    file.add(
        "Route 53 may write the logs of zones of this account.",
        lines,
        data("aws_iam_policy_document", WRITER).block("statement", |body| {
            body.attr("sid", "WriteDnsLog")
                .attr("actions", vec!["logs:CreateLogStream", "logs:PutLogEvents"])
                .attr("resources", vec![Expression::from(arn)])
                .block("principals", |body| {
                    body.attr("type", "Service")
                        .attr("identifiers", vec!["route53.amazonaws.com"])
                })
                .block("condition", |body| {
                    body.attr("test", "StringEquals")
                        .attr("variable", "aws:SourceAccount")
                        .attr("values", vec![local("account_id")])
                })
        }),
    );
    file.add(
        "Gives Route 53 this permission.",
        lines,
        resource("aws_cloudwatch_log_resource_policy", WRITER)
            .attr("region", HOME)
            .attr("policy_name", format!("{prefix}-dns-log"))
            .attr(
                "policy_document",
                reference(["data", "aws_iam_policy_document", WRITER, "json"]),
            ),
    );
}

/// Adds one zone.
pub(super) fn add(file: &mut File, zone: &HostedZone) {
    let HostedZone {
        address,
        name,
        made: _,
        lines,
    } = zone;
    let id = || reference(["aws_route53_zone", address, "zone_id"]);
    file.add(
        format!("The zone of {name}. Its parent delegates to the name servers in the output `name_servers`."),
        lines,
        resource("aws_route53_zone", address)
            .attr("name", name)
            .attr("comment", format!("Public hosts below {name}")),
    );
    let log = format!("{address}_dns_log");
    file.add(
        format!("Keeps for a year which names below {name} were asked for."),
        lines,
        resource("aws_cloudwatch_log_group", &log)
            .attr("region", HOME)
            .attr("name", format!("/aws/route53/{name}"))
            .attr("kms_key_id", reference(["aws_kms_key", WRITER, "arn"]))
            .attr("retention_in_days", 365),
    );
    file.add(
        "Writes every question into that log.",
        lines,
        resource("aws_route53_query_log", address)
            .attr("zone_id", id())
            .attr(
                "cloudwatch_log_group_arn",
                reference(["aws_cloudwatch_log_group", &log, "arn"]),
            )
            .attr(
                "depends_on",
                vec![reference(["aws_cloudwatch_log_resource_policy", WRITER])],
            ),
    );
    let signing = format!("{address}_dnssec");
    file.add(
        format!("Signs the answers of {name}. Route 53 takes keys of this kind and region alone."),
        lines,
        key(&signing, &format!("DNSSEC of {name}"))
            .attr("customer_master_key_spec", "ECC_NIST_P256")
            .attr("key_usage", "SIGN_VERIFY")
            .attr("policy", signing_policy()),
    );
    file.add(
        "The name by which the zone knows the key; the parent gets its DS record from the output `name_servers`.",
        lines,
        resource("aws_route53_key_signing_key", address)
            .attr("hosted_zone_id", id())
            .attr(
                "key_management_service_arn",
                reference(["aws_kms_key", &signing, "arn"]),
            )
            .attr("name", "main"),
    );
    file.add(
        "Signs all answers of the zone.",
        lines,
        resource("aws_route53_hosted_zone_dnssec", address).attr(
            "hosted_zone_id",
            reference(["aws_route53_key_signing_key", address, "hosted_zone_id"]),
        ),
    );
}

fn key(address: &str, description: &str) -> Block {
    resource("aws_kms_key", address)
        .attr("region", HOME)
        .attr("description", description)
        .attr("deletion_window_in_days", 30)
}

fn account() -> Expression {
    let root = Template::new()
        .text("arn:")
        .value(local("partition"))
        .text(":iam::")
        .value(local("account_id"))
        .text(":root");
    Object::new()
        .with("Sid", "AccountAdministration")
        .with("Effect", "Allow")
        .with("Principal", inline([("AWS", root.into())]))
        .with("Action", "kms:*")
        .with("Resource", "*")
        .into()
}

fn policy(statements: impl IntoIterator<Item = Expression>) -> Expression {
    jsonencode(
        Object::new()
            .with("Version", "2012-10-17")
            .with("Statement", list(statements)),
    )
}

fn log_key_policy() -> Expression {
    let groups = Template::new()
        .text("arn:")
        .value(local("partition"))
        .text(&format!(":logs:{HOME}:"))
        .value(local("account_id"))
        .text(":log-group:/aws/route53/*");
    let service = format!("logs.{HOME}.amazonaws.com");
    let actions = super::keys::OF_LOGS;
    let logs = Object::new()
        .with("Sid", "LogGroups")
        .with("Effect", "Allow")
        .with("Principal", inline([("Service", service.into())]))
        .with("Action", list(actions))
        .with("Resource", "*")
        .with(
            "Condition",
            object([(
                "ArnLike",
                object([("kms:EncryptionContext:aws:logs:arn", groups)]),
            )]),
        );
    policy([account(), logs.into()])
}

fn signing_policy() -> Expression {
    let statement = |sid: &str, actions: &[&str]| {
        Object::new()
            .with("Sid", sid)
            .with("Effect", "Allow")
            .with(
                "Principal",
                inline([("Service", "dnssec-route53.amazonaws.com".into())]),
            )
            .with("Action", list(actions.iter().copied()))
            .with("Resource", "*")
    };
    let of_this_account = ("aws:SourceAccount", local("account_id"));
    let sign = statement("SignZone", &["kms:DescribeKey", "kms:GetPublicKey", "kms:Sign"])
        .with("Condition", object([("StringEquals", object([of_this_account]))]));
    let grant = statement("GrantForZone", &["kms:CreateGrant"]).with(
        "Condition",
        object([("Bool", object([("kms:GrantIsForAWSResource", "true")]))]),
    );
    policy([account(), sign.into(), grant.into()])
}
