//! A domain of `OpenSearch` Service and what belongs to it.

use super::super::common::{File, arn, data, inline, log_groups, resource, skip};
use super::{group, group_ids, key, password, sized, spread_over};
use crate::model::{Product, Search};
use exoc_emit::hcl::{Block, Body, Expression, Object, Template, jsonencode, list, local, reference};

/// The logs that it sends to CloudWatch, and what each is called there.
const LOGS: [(&str, &str); 4] = [
    ("AUDIT_LOGS", "audit"),
    ("ES_APPLICATION_LOGS", "application"),
    ("INDEX_SLOW_LOGS", "slow-index"),
    ("SEARCH_SLOW_LOGS", "slow-search"),
];

/// What speaks HTTP to a domain.
///
/// Source: Service authorization reference, "Actions, resources, and condition keys for Amazon OpenSearch Service",
/// read 2026-11.
const REQUESTS: [&str; 6] = [
    "es:ESHttpDelete",
    "es:ESHttpGet",
    "es:ESHttpHead",
    "es:ESHttpPatch",
    "es:ESHttpPost",
    "es:ESHttpPut",
];

/// One domain.
pub(super) fn add(file: &mut File, product: &Product, search: &Search, prefix: &str) {
    let role = &product.role;
    group(file, product, "OpenSearch domain", prefix);
    password(
        file,
        product,
        "OpenSearch Service has no argument that is only written",
    );
    logs(file, product, search);
    file.add(
        sized(&format!("The domain of {role}."), &search.picked),
        &product.server_lines,
        domain(product, search),
    );
}

fn logs(file: &mut File, product: &Product, search: &Search) {
    let (address, role) = (&product.address, &product.role);
    let names = LOGS.map(|(_, name)| name);
    file.add(
        format!("Keeps the logs of {role}."),
        &product.lines,
        log_groups(address, &search.log_group, names),
    );
    let streams = LOGS.map(|(_, name)| {
        let group = reference(["aws_cloudwatch_log_group", address])
            .index(name)
            .get("arn");
        Expression::from(Template::new().value(group).text(":*"))
    });
    file.add(
        format!("What OpenSearch Service may do with the logs of {role}: write."),
        &product.lines,
        data("aws_iam_policy_document", &format!("{address}_logs")).block("statement", |body| {
            body.attr("sid", "WriteLogs")
                .attr("actions", vec!["logs:CreateLogStream", "logs:PutLogEvents"])
                .attr("resources", list(streams))
                .block("principals", |body| {
                    body.attr("type", "Service")
                        .attr("identifiers", vec!["es.amazonaws.com"])
                })
                .block("condition", |body| {
                    body.attr("test", "StringEquals")
                        .attr("variable", "aws:SourceAccount")
                        .attr("values", vec![local("account_id")])
                })
        }),
    );
    file.add(
        "Lets OpenSearch Service write them.",
        &product.lines,
        resource("aws_cloudwatch_log_resource_policy", address)
            .attr("policy_name", search.name.as_str())
            .attr(
                "policy_document",
                reference([
                    "data",
                    "aws_iam_policy_document",
                    &format!("{address}_logs"),
                    "json",
                ]),
            ),
    );
}

fn domain(product: &Product, search: &Search) -> Block {
    let address = &product.address;
    let block = resource("aws_opensearch_domain", address);
    let block = match search.managers {
        Some(_) => block,
        None => block
            .comment(skip("CKV_AWS_318", "one node is what the manifest asks for"))
            .comment(skip("CKV2_AWS_59", "one node is what the manifest asks for"))
            .blank(),
    };
    let block = block
        .attr("domain_name", search.name.as_str())
        .attr("engine_version", search.engine_version.as_str())
        .attr("access_policies", access(search));
    let block = if search.options.is_empty() {
        block
    } else {
        let add = |object: Object, (name, value): &(String, String)| object.with(name, value);
        block.attr("advanced_options", search.options.iter().fold(Object::new(), add))
    };
    let block = block
        .block("advanced_security_options", |body| {
            body.attr("enabled", true)
                .attr("internal_user_database_enabled", true)
                .block("master_user_options", |body| {
                    body.attr("master_user_name", search.username.as_str()).attr(
                        "master_user_password",
                        reference(["random_password", address, "result"]),
                    )
                })
        })
        .block("cluster_config", |body| nodes(body, search))
        .block("domain_endpoint_options", |body| {
            body.attr("enforce_https", true)
                .attr("tls_security_policy", "Policy-Min-TLS-1-2-PFS-2023-10")
        })
        .block("ebs_options", |body| {
            body.attr("ebs_enabled", true)
                .attr("volume_type", "gp3")
                .attr("volume_size", search.storage_gib)
        })
        .block("encrypt_at_rest", |body| {
            body.attr("enabled", true).attr("kms_key_id", key())
        });
    LOGS.iter()
        .fold(block, |block, (kind, name)| {
            block.block("log_publishing_options", |body| {
                body.attr("enabled", true).attr("log_type", *kind).attr(
                    "cloudwatch_log_group_arn",
                    reference(["aws_cloudwatch_log_group", address])
                        .index(*name)
                        .get("arn"),
                )
            })
        })
        .block("node_to_node_encryption", |body| body.attr("enabled", true))
        .block("software_update_options", |body| {
            body.attr("auto_software_update_enabled", true)
        })
        .block("vpc_options", |body| {
            body.attr("subnet_ids", spread_over(search.spread))
                .attr("security_group_ids", group_ids(product))
        })
        .block("lifecycle", |body| body.attr("prevent_destroy", true))
        .attr(
            "depends_on",
            vec![reference(["aws_cloudwatch_log_resource_policy", address])],
        )
}

/// Whoever is let in by the security group may ask; the domain then asks for user and password.
fn access(search: &Search) -> Expression {
    let resource = arn("es").text(&format!("domain/{}/*", search.name));
    let statement = Object::new()
        .with("Effect", "Allow")
        .with("Principal", inline([("AWS", "*".into())]))
        .with("Action", list(REQUESTS))
        .with("Resource", resource);
    jsonencode(
        Object::new()
            .with("Version", "2012-10-17")
            .with("Statement", list([Expression::from(statement)])),
    )
}

fn nodes(body: Body, search: &Search) -> Body {
    let body = body
        .attr("instance_type", search.instance_type)
        .attr("instance_count", search.nodes);
    let Some((count, kind)) = search.managers else {
        return body.attr("zone_awareness_enabled", false);
    };
    body.attr("dedicated_master_enabled", true)
        .attr("dedicated_master_count", count)
        .attr("dedicated_master_type", kind)
        .attr("zone_awareness_enabled", true)
        .block("zone_awareness_config", |body| {
            body.attr("availability_zone_count", search.nodes)
        })
}
