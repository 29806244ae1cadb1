//! A bucket of S3 and what belongs to it.

use super::super::common::{File, data, resource, skip};
use super::key;
use crate::model::{Bucket, Product};
use exoc_emit::hcl::{Expression, Template, reference};

/// One bucket.
pub(super) fn add(file: &mut File, product: &Product, bucket: &Bucket) {
    let (address, role) = (&product.address, &product.role);
    file.add(
        format!("The bucket {role}. It is not destroyed while something is in it."),
        &product.server_lines,
        resource("aws_s3_bucket", address)
            .comment(skip("CKV_AWS_18", "who asks for objects is not recorded"))
            .comment(skip("CKV_AWS_144", "objects are not copied to another region"))
            .blank()
            .attr("bucket_prefix", &bucket.name_prefix)
            .attr("force_destroy", false),
    );
    settings(file, product, bucket);
    policy(file, product);
}

fn settings(file: &mut File, product: &Product, bucket: &Bucket) {
    let (address, lines) = (&product.address, &product.lines);
    let id = || reference(["aws_s3_bucket", address, "id"]);
    file.add(
        "No access control lists: policies say everything.",
        lines,
        resource("aws_s3_bucket_ownership_controls", address)
            .attr("bucket", id())
            .block("rule", |body| {
                body.attr("object_ownership", "BucketOwnerEnforced")
            }),
    );
    file.add(
        "Nothing in the bucket can become public.",
        lines,
        resource("aws_s3_bucket_public_access_block", address)
            .attr("bucket", id())
            .attr("block_public_acls", true)
            .attr("block_public_policy", true)
            .attr("ignore_public_acls", true)
            .attr("restrict_public_buckets", true),
    );
    file.add(
        format!(
            "What is overwritten or deleted can be had back for {} days.",
            bucket.kept_days
        ),
        &product.server_lines,
        resource("aws_s3_bucket_versioning", address)
            .attr("bucket", id())
            .block("versioning_configuration", |body| body.attr("status", "Enabled")),
    );
    file.add(
        "Encrypts with the environment's key.",
        lines,
        resource("aws_s3_bucket_server_side_encryption_configuration", address)
            .attr("bucket", id())
            .block("rule", |body| {
                body.attr("bucket_key_enabled", true).block(
                    "apply_server_side_encryption_by_default",
                    |body| {
                        body.attr("sse_algorithm", "aws:kms")
                            .attr("kms_master_key_id", key())
                    },
                )
            }),
    );
    file.add(
        "Tells EventBridge what happens in the bucket, for whoever watches over data.",
        lines,
        resource("aws_s3_bucket_notification", address)
            .attr("bucket", id())
            .attr("eventbridge", true),
    );
    file.add(
        "Forgets what was overwritten or deleted long ago, and what was never sent to the end.",
        &product.server_lines,
        resource("aws_s3_bucket_lifecycle_configuration", address)
            .attr("bucket", id())
            .block("rule", |body| {
                body.attr("id", "expire")
                    .attr("status", "Enabled")
                    .block("filter", |body| body)
                    .block("noncurrent_version_expiration", |body| {
                        body.attr("noncurrent_days", bucket.kept_days)
                    })
                    .block("abort_incomplete_multipart_upload", |body| {
                        body.attr("days_after_initiation", 7)
                    })
            })
            .attr(
                "depends_on",
                vec![reference(["aws_s3_bucket_versioning", address])],
            ),
    );
}

fn policy(file: &mut File, product: &Product) {
    let (address, lines) = (&product.address, &product.lines);
    let arn = || reference(["aws_s3_bucket", address, "arn"]);
    let document = format!("{address}_bucket");
    file.add(
        "Nobody comes in without TLS.",
        lines,
        data("aws_iam_policy_document", &document).block("statement", |body| {
            body.attr("sid", "RefusePlainHttp")
                .attr("effect", "Deny")
                .attr("actions", vec!["s3:*"])
                .attr(
                    "resources",
                    vec![arn(), Expression::from(Template::new().value(arn()).text("/*"))],
                )
                .block("principals", |body| {
                    body.attr("type", "*").attr("identifiers", vec!["*"])
                })
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
        resource("aws_s3_bucket_policy", address)
            .attr("bucket", reference(["aws_s3_bucket", address, "id"]))
            .attr(
                "policy",
                reference(["data", "aws_iam_policy_document", &document, "json"]),
            )
            .attr(
                "depends_on",
                vec![reference(["aws_s3_bucket_public_access_block", address])],
            ),
    );
}
