//! The bucket that load balancers write their logs to, in `loadbalancer.tf`.

use super::common::{File, data, resource, skip};
use crate::model::{Lines, LogBucket};
use exoc_emit::hcl::{Body, Expression, Template, local, reference};

/// The folder of the load balancer by numbers.
pub(super) const CONNECTIONS: &str = "network";

/// Adds the bucket and everything that belongs to it.
pub(super) fn add(file: &mut File, bucket: &LogBucket) {
    let LogBucket {
        prefix,
        requests,
        connections,
        lines,
    } = bucket;
    file.add(
        "Keeps what load balancers log.",
        lines,
        resource("aws_s3_bucket", "exoc_logs")
            .comment(skip(
                "CKV_AWS_18",
                "a bucket of access logs does not log its own access",
            ))
            .comment(skip(
                "CKV_AWS_144",
                "access logs are not copied to another region",
            ))
            .comment(skip(
                "CKV_AWS_145",
                "load balancers write only to buckets with keys of S3",
            ))
            .blank()
            .attr("bucket_prefix", prefix),
    );
    settings(file, lines);
    policy(file, *requests, *connections, lines);
}

fn bucket() -> Expression {
    reference(["aws_s3_bucket", "exoc_logs", "id"])
}

fn settings(file: &mut File, lines: &Lines) {
    file.add(
        "No access control lists: the policy below says everything.",
        lines,
        resource("aws_s3_bucket_ownership_controls", "exoc_logs")
            .attr("bucket", bucket())
            .block("rule", |body| {
                body.attr("object_ownership", "BucketOwnerEnforced")
            }),
    );
    file.add(
        "Nothing in the bucket can become public.",
        lines,
        resource("aws_s3_bucket_public_access_block", "exoc_logs")
            .attr("bucket", bucket())
            .attr("block_public_acls", true)
            .attr("block_public_policy", true)
            .attr("ignore_public_acls", true)
            .attr("restrict_public_buckets", true),
    );
    file.add(
        "What is overwritten or deleted can be had back for a month.",
        lines,
        resource("aws_s3_bucket_versioning", "exoc_logs")
            .attr("bucket", bucket())
            .block("versioning_configuration", |body| body.attr("status", "Enabled")),
    );
    file.add(
        "Encrypts with keys of S3, the only ones that load balancers write with.",
        lines,
        resource("aws_s3_bucket_server_side_encryption_configuration", "exoc_logs")
            .attr("bucket", bucket())
            .block("rule", |body| {
                body.block("apply_server_side_encryption_by_default", |body| {
                    body.attr("sse_algorithm", "AES256")
                })
            }),
    );
    file.add(
        "Tells EventBridge what happens in the bucket, for whoever watches over logs.",
        lines,
        resource("aws_s3_bucket_notification", "exoc_logs")
            .attr("bucket", bucket())
            .attr("eventbridge", true),
    );
    file.add(
        "Deletes entries after a year.",
        lines,
        resource("aws_s3_bucket_lifecycle_configuration", "exoc_logs")
            .attr("bucket", bucket())
            .block("rule", |body| {
                body.attr("id", "expire")
                    .attr("status", "Enabled")
                    .block("filter", |body| body)
                    .block("expiration", |body| body.attr("days", 365))
                    .block("noncurrent_version_expiration", |body| {
                        body.attr("noncurrent_days", 30)
                    })
                    .block("abort_incomplete_multipart_upload", |body| {
                        body.attr("days_after_initiation", 7)
                    })
            })
            .attr(
                "depends_on",
                vec![reference(["aws_s3_bucket_versioning", "exoc_logs"])],
            ),
    );
}

fn policy(file: &mut File, requests: bool, connections: bool, lines: &Lines) {
    let arn = || reference(["aws_s3_bucket", "exoc_logs", "arn"]);
    let objects = |prefix: &str| -> Expression {
        Template::new()
            .value(arn())
            .text(&format!("{prefix}/AWSLogs/"))
            .value(local("account_id"))
            .text("/*")
            .into()
    };
    let principal = |kind: &'static str, who: &'static str| {
        move |body: Body| body.attr("type", kind).attr("identifiers", vec![who])
    };
    let mut document = data("aws_iam_policy_document", "exoc_logs");
    if requests {
        document = document.block("statement", |body| {
            body.attr("sid", "WriteAccessLog")
                .attr("actions", vec!["s3:PutObject"])
                .attr("resources", vec![objects("")])
                .block(
                    "principals",
                    principal("Service", "logdelivery.elasticloadbalancing.amazonaws.com"),
                )
        });
    }
    if connections {
        let here = |body: Body| {
            body.attr("test", "StringEquals")
                .attr("variable", "aws:SourceAccount")
                .attr("values", vec![local("account_id")])
        };
        document = document
            .block("statement", |body| {
                body.attr("sid", "WriteConnectionLog")
                    .attr("actions", vec!["s3:PutObject"])
                    .attr("resources", vec![objects(&format!("/{CONNECTIONS}"))])
                    .block("principals", principal("Service", "delivery.logs.amazonaws.com"))
                    .block("condition", here)
            })
            .block("statement", |body| {
                body.attr("sid", "ReadBucketForConnectionLog")
                    .attr("actions", vec!["s3:GetBucketAcl"])
                    .attr("resources", vec![arn()])
                    .block("principals", principal("Service", "delivery.logs.amazonaws.com"))
                    .block("condition", here)
            });
    }
    let document = document.block("statement", |body| {
        body.attr("sid", "RefusePlainHttp")
            .attr("effect", "Deny")
            .attr("actions", vec!["s3:*"])
            .attr(
                "resources",
                vec![arn(), Template::new().value(arn()).text("/*").into()],
            )
            .block("principals", principal("*", "*"))
            .block("condition", |body| {
                body.attr("test", "Bool")
                    .attr("variable", "aws:SecureTransport")
                    .attr("values", vec!["false"])
            })
    });
    file.add(
        "Load balancers may write, and nobody comes in without TLS.",
        lines,
        document,
    );
    file.add(
        "Gives the bucket its policy.",
        lines,
        resource("aws_s3_bucket_policy", "exoc_logs")
            .attr("bucket", bucket())
            .attr(
                "policy",
                reference(["data", "aws_iam_policy_document", "exoc_logs", "json"]),
            )
            .attr(
                "depends_on",
                vec![reference(["aws_s3_bucket_public_access_block", "exoc_logs"])],
            ),
    );
}
