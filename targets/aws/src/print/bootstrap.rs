//! `bootstrap/`: a module of its own that makes the bucket of the state, before there is a state.

use super::Only;
use super::common::{File, data, inline, resource, skip};
use crate::model::{Lines, Model, State};
use exoc_emit::hcl::{Body, Expression, Object, Template, block, jsonencode, list, reference};

/// All files, by their paths.
pub(super) const FILES: [Only; 4] = [
    ("bootstrap/versions.tf", |model| versions(&model.state.lines)),
    ("bootstrap/providers.tf", provider),
    ("bootstrap/main.tf", bucket),
    ("bootstrap/outputs.tf", |model| outputs(&model.state.lines)),
];

fn versions(lines: &Lines) -> File {
    let mut file = File::default();
    let aws = Object::new()
        .with("source", "hashicorp/aws")
        .with("version", super::settings::PROVIDER);
    file.add(
        "What makes the bucket of the state has its own state in this folder, which holds no secret.",
        lines,
        block("terraform", [])
            .attr("required_version", super::settings::TERRAFORM)
            .block("required_providers", |body| body.attr("aws", aws)),
    );
    file
}

fn provider(model: &Model) -> File {
    let mut file = File::default();
    let tags = Object::new()
        .with("Application", &model.application.name)
        .with("Environment", &model.application.environment)
        .with("ManagedBy", "exoc")
        .with_some("Owner", model.application.owner.as_ref());
    file.add(
        "The bucket stands where the option `state` says.",
        &model.state.lines,
        block("provider", ["aws"])
            .attr("region", &model.state.region)
            .attr("allowed_account_ids", vec![model.place.account.as_str()])
            .block("default_tags", |body| body.attr("tags", tags)),
    );
    file
}

fn outputs(lines: &Lines) -> File {
    let mut file = File::default();
    file.add(
        "For `init` of the module above this one.",
        lines,
        block("output", ["bucket"])
            .attr("description", "Name of the bucket of the state.")
            .attr("value", id()),
    );
    file
}

fn id() -> Expression {
    reference(["aws_s3_bucket", "state", "id"])
}

fn bucket(model: &Model) -> File {
    let mut file = File::default();
    let State {
        bucket,
        prefix,
        key: _,
        region: _,
        lines,
    } = &model.state;
    key(&mut file, model, lines);
    let block = resource("aws_s3_bucket", "state")
        .comment(skip(
            "CKV_AWS_18",
            "CloudTrail tells who read the state; a bucket of logs would be a second one to bootstrap",
        ))
        .comment(skip(
            "CKV_AWS_144",
            "versions bring a state back, and nothing reads it elsewhere",
        ))
        .blank();
    let block = match bucket {
        Some(name) => block.attr("bucket", name),
        None => block.attr("bucket_prefix", prefix),
    };
    file.add(
        "Keeps the state. It refuses to be destroyed, because the state is the only list of what there is.",
        lines,
        block.block("lifecycle", |body| body.attr("prevent_destroy", true)),
    );
    settings(&mut file, lines);
    policy(&mut file, lines);
    file
}

fn key(file: &mut File, model: &Model, lines: &Lines) {
    let partition = model.place.partition;
    let root = format!("arn:{partition}:iam::{}:root", model.place.account);
    let statement = Object::new()
        .with("Sid", "AccountAdministration")
        .with("Effect", "Allow")
        .with("Principal", inline([("AWS", root.into())]))
        .with("Action", "kms:*")
        .with("Resource", "*");
    let policy = Object::new()
        .with("Version", "2012-10-17")
        .with("Statement", list([Expression::from(statement)]));
    file.add(
        "Encrypts the state. Whoever may not use it cannot read a state, even with the bucket's permission.",
        lines,
        resource("aws_kms_key", "state")
            .attr("description", "State of Terraform")
            .attr("enable_key_rotation", true)
            .attr("deletion_window_in_days", 30)
            .attr("policy", jsonencode(policy)),
    );
}

fn settings(file: &mut File, lines: &Lines) {
    file.add(
        "No access control lists: policies say everything.",
        lines,
        resource("aws_s3_bucket_ownership_controls", "state")
            .attr("bucket", id())
            .block("rule", |body| {
                body.attr("object_ownership", "BucketOwnerEnforced")
            }),
    );
    file.add(
        "Nothing in the bucket can become public.",
        lines,
        resource("aws_s3_bucket_public_access_block", "state")
            .attr("bucket", id())
            .attr("block_public_acls", true)
            .attr("block_public_policy", true)
            .attr("ignore_public_acls", true)
            .attr("restrict_public_buckets", true),
    );
    file.add(
        "A state that was overwritten can be had back.",
        lines,
        resource("aws_s3_bucket_versioning", "state")
            .attr("bucket", id())
            .block("versioning_configuration", |body| body.attr("status", "Enabled")),
    );
    file.add(
        "Encrypts whatever is written, with the key above.",
        lines,
        resource("aws_s3_bucket_server_side_encryption_configuration", "state")
            .attr("bucket", id())
            .block("rule", |body| {
                body.attr("bucket_key_enabled", true).block(
                    "apply_server_side_encryption_by_default",
                    |body| {
                        body.attr("sse_algorithm", "aws:kms")
                            .attr("kms_master_key_id", reference(["aws_kms_key", "state", "arn"]))
                    },
                )
            }),
    );
    file.add(
        "Forgets old versions after a quarter of a year; locks make many.",
        lines,
        resource("aws_s3_bucket_lifecycle_configuration", "state")
            .attr("bucket", id())
            .block("rule", |body| {
                body.attr("id", "old-versions")
                    .attr("status", "Enabled")
                    .block("filter", |body| body)
                    .block("noncurrent_version_expiration", |body| {
                        body.attr("noncurrent_days", 90)
                    })
                    .block("abort_incomplete_multipart_upload", |body| {
                        body.attr("days_after_initiation", 7)
                    })
            })
            .attr(
                "depends_on",
                vec![reference(["aws_s3_bucket_versioning", "state"])],
            ),
    );
    file.add(
        "Tells EventBridge what happens in the bucket, for whoever watches over states.",
        lines,
        resource("aws_s3_bucket_notification", "state")
            .attr("bucket", id())
            .attr("eventbridge", true),
    );
}

fn policy(file: &mut File, lines: &Lines) {
    let arn = || reference(["aws_s3_bucket", "state", "arn"]);
    let anybody = |body: Body| body.attr("type", "*").attr("identifiers", vec!["*"]);
    file.add(
        "Nobody comes in without TLS.",
        lines,
        data("aws_iam_policy_document", "state").block("statement", |body| {
            body.attr("sid", "RefusePlainHttp")
                .attr("effect", "Deny")
                .attr("actions", vec!["s3:*"])
                .attr(
                    "resources",
                    vec![arn(), Template::new().value(arn()).text("/*").into()],
                )
                .block("principals", anybody)
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
        resource("aws_s3_bucket_policy", "state")
            .attr("bucket", id())
            .attr(
                "policy",
                reference(["data", "aws_iam_policy_document", "state", "json"]),
            )
            .attr(
                "depends_on",
                vec![reference(["aws_s3_bucket_public_access_block", "state"])],
            ),
    );
}
