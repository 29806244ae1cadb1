//! `registry.tf`: a repository for each image that is built, where no registry is named.

use super::common::{File, inline, resource};
use crate::model::{ImageHome, Images};
use exoc_emit::hcl::{Expression, Object, jsonencode, list, object, reference};

/// The repositories.
pub(super) fn file(images: &Images) -> File {
    let mut file = File::default();
    for image in &images.built {
        let (address, name) = match &image.home {
            ImageHome::Repository { address, name } => (address, name),
            ImageHome::Elsewhere(_) => continue,
        };
        let key = reference(["aws_kms_key", "main", "arn"]);
        file.add(
            format!(
                "Keeps the image {}; a tag is given once and never to another image.",
                image.key
            ),
            &image.lines,
            resource("aws_ecr_repository", address)
                .attr("name", name)
                .attr("image_tag_mutability", "IMMUTABLE")
                .block("image_scanning_configuration", |body| {
                    body.attr("scan_on_push", true)
                })
                .block("encryption_configuration", |body| {
                    body.attr("encryption_type", "KMS").attr("kms_key", key)
                }),
        );
        file.add(
            "Forgets what has no tag after two weeks, and all but the newest thirty of what has one.",
            &image.lines,
            resource("aws_ecr_lifecycle_policy", address)
                .attr("repository", reference(["aws_ecr_repository", address, "name"]))
                .attr(
                    "policy",
                    jsonencode(object([("rules", list([untagged(), old()]))])),
                ),
        );
    }
    file
}

fn rule(priority: u32, description: &str, selection: Object) -> Expression {
    Object::new()
        .with("rulePriority", priority)
        .with("description", description)
        .with("selection", selection)
        .with("action", inline([("type", "expire".into())]))
        .into()
}

fn untagged() -> Expression {
    let selection = Object::new()
        .with("tagStatus", "untagged")
        .with("countType", "sinceImagePushed")
        .with("countUnit", "days")
        .with("countNumber", 14);
    rule(1, "Images without a tag", selection)
}

fn old() -> Expression {
    let selection = Object::new()
        // An image of several platforms has untagged parts, which would count as images.
        .with("tagStatus", "tagged")
        .with("tagPatternList", vec!["*"])
        .with("countType", "imageCountMoreThan")
        .with("countNumber", 30);
    rule(2, "All but the newest releases", selection)
}
