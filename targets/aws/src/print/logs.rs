//! The bucket that the load balancer writes its log to, in `loadbalancer.tf`.

use super::common::{File, data, resource, skip};
use crate::model::Lines;
use exoc_emit::hcl::{Body, Expression, Template, local, reference};

/// Adds the bucket and everything that belongs to it.
pub(super) fn add(file: &mut File, bucket_prefix: &str, lines: &Lines) {
    file.add(
        "Keeps the load balancer's access log.",
        lines,
        resource("aws_s3_bucket", "logs")
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
            .comment(skip("CKV2_AWS_62", "nothing waits for events of this bucket"))
            .blank()
            .attr("bucket_prefix", bucket_prefix),
    );
    settings(file, lines);
    policy(file, lines);
}

fn bucket() -> Expression {
    reference(["aws_s3_bucket", "logs", "id"])
}

fn settings(file: &mut File, lines: &Lines) {
    file.add(
        "No access control lists: the policy below says everything.",
        lines,
        resource("aws_s3_bucket_ownership_controls", "logs")
            .attr("bucket", bucket())
            .block("rule", |body| {
                body.attr("object_ownership", "BucketOwnerEnforced")
            }),
    );
    file.add(
        "Nothing in the bucket can become public.",
        lines,
        resource("aws_s3_bucket_public_access_block", "logs")
            .attr("bucket", bucket())
            .attr("block_public_acls", true)
            .attr("block_public_policy", true)
            .attr("ignore_public_acls", true)
            .attr("restrict_public_buckets", true),
    );
    file.add(
        "What is overwritten or deleted can be had back for a month.",
        lines,
        resource("aws_s3_bucket_versioning", "logs")
            .attr("bucket", bucket())
            .block("versioning_configuration", |body| body.attr("status", "Enabled")),
    );
    file.add(
        "Encrypts with keys of S3, the only ones that load balancers write with.",
        lines,
        resource("aws_s3_bucket_server_side_encryption_configuration", "logs")
            .attr("bucket", bucket())
            .block("rule", |body| {
                body.block("apply_server_side_encryption_by_default", |body| {
                    body.attr("sse_algorithm", "AES256")
                })
            }),
    );
    file.add(
        "Deletes entries after a year.",
        lines,
        resource("aws_s3_bucket_lifecycle_configuration", "logs")
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
                vec![reference(["aws_s3_bucket_versioning", "logs"])],
            ),
    );
}

fn policy(file: &mut File, lines: &Lines) {
    let arn = || reference(["aws_s3_bucket", "logs", "arn"]);
    let objects = Template::new()
        .value(arn())
        .text("/AWSLogs/")
        .value(local("account_id"))
        .text("/*");
    let principal = |kind: &'static str, who: &'static str| {
        move |body: Body| body.attr("type", kind).attr("identifiers", vec![who])
    };
    file.add(
        "The load balancer may write, and nobody comes in without TLS.",
        lines,
        data("aws_iam_policy_document", "logs")
            .block("statement", |body| {
                body.attr("sid", "WriteAccessLog")
                    .attr("actions", vec!["s3:PutObject"])
                    .attr("resources", vec![Expression::from(objects)])
                    .block(
                        "principals",
                        principal("Service", "logdelivery.elasticloadbalancing.amazonaws.com"),
                    )
            })
            .block("statement", |body| {
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
            }),
    );
    file.add(
        "Gives the bucket its policy.",
        lines,
        resource("aws_s3_bucket_policy", "logs")
            .attr("bucket", bucket())
            .attr(
                "policy",
                reference(["data", "aws_iam_policy_document", "logs", "json"]),
            )
            .attr(
                "depends_on",
                vec![reference(["aws_s3_bucket_public_access_block", "logs"])],
            ),
    );
}
