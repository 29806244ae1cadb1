//! The page of an environment, and the module that makes the bucket of its state.

use super::jobs::deployment;
use super::printed::{block, holds};
use super::{files, files_with};
use crate::support::{Choice, options, shop, skeleton};
use exoc_diagnostics::VirtualPath;
use exoc_ir::Artifacts;

fn page(artifacts: &Artifacts) -> String {
    let path = VirtualPath::new("README.md").unwrap();
    String::from_utf8(artifacts.get(&path).unwrap().contents.clone()).unwrap()
}

/// The place of a text, which must be there.
#[track_caller]
fn place(page: &str, text: &str) -> usize {
    page.find(text)
        .unwrap_or_else(|| panic!("no `{text}` in\n{page}"))
}

#[test]
fn the_page_has_its_steps_in_the_order_in_which_they_work() {
    let page = page(&files(&shop(None)));
    let steps = [
        "tofu -chdir=bootstrap apply",
        "tofu init -backend-config=bucket=\"$(tofu -chdir=bootstrap output -raw bucket)\"",
        "cat > images.auto.tfvars.json",
        "-target=aws_ecr_repository.api",
        "docker login",
        "docker buildx build --push",
        "IFS= read -rs PAYMENTS_KEY",
        "tofu plan -out=release.plan",
        "tofu apply release.plan",
        "tofu destroy",
    ];
    let places: Vec<usize> = steps.iter().map(|step| place(&page, step)).collect();
    assert!(places.is_sorted(), "{places:?}\n{page}");
}

#[test]
fn the_page_names_every_repository_image_and_secret_and_no_value() {
    let page = page(&files(&shop(None)));
    for built in ["api", "catalog", "web"] {
        place(&page, &format!("-target=aws_ecr_repository.{built}"));
        place(
            &page,
            &format!("123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop-production/{built}:$TAG"),
        );
    }
    for secret in ["PAYMENTS_KEY", "SMTP_PASSWORD"] {
        place(&page, &format!("{secret}: env.{secret}"));
    }
}

#[test]
fn a_job_after_a_deployment_is_waited_for_before_the_next_begins() {
    let page = page(&files(&deployment()));
    let after = place(&page, "tofu output -json after_deploy");
    let rest = &page[after..];
    for step in [
        "describe-execution",
        "= RUNNING ]; do sleep",
        "[ \"$status\" = SUCCEEDED ] || break",
    ] {
        place(rest, step);
    }
    place(&page[..page.find("## ").unwrap()], "`jq`");
}

#[test]
fn what_is_not_there_is_not_spoken_of() {
    let page = page(&files(&skeleton()));
    for absent in ["## Secrets", "## Names", "before_deploy"] {
        assert!(!page.contains(absent), "{absent} in\n{page}");
    }
}

#[test]
fn a_zone_that_is_made_is_delegated_before_certificates_wait_for_it() {
    let zone = Choice::Map(vec![("make", Choice::Text("example.com"))]);
    let options = options(&[
        ("region", Choice::Text("eu-central-1")),
        ("account", Choice::Text("123456789012")),
        ("zone", zone),
    ]);
    let page = page(&files_with(&shop(None), &options));
    let delegated = place(&page, "tofu output -json name_servers");
    assert!(delegated < place(&page, "tofu plan -out=release.plan"));
    place(&page, "-target=aws_route53_hosted_zone_dnssec.example_com");
}

#[test]
fn the_bucket_of_the_state_is_encrypted_versioned_private_and_stays() {
    let files = files(&skeleton());
    let of = |kind: &str| {
        let first = format!("resource \"{kind}\" \"state\"");
        block(&files, "bootstrap/main.tf", &first)
    };
    holds(&of("aws_s3_bucket"), &["prevent_destroy = true"]);
    holds(&of("aws_s3_bucket_versioning"), &["status = \"Enabled\""]);
    holds(
        &of("aws_s3_bucket_server_side_encryption_configuration"),
        &[
            "sse_algorithm = \"aws:kms\"",
            "kms_master_key_id = aws_kms_key.state.arn",
        ],
    );
    holds(
        &of("aws_s3_bucket_public_access_block"),
        &["block_public_policy = true", "restrict_public_buckets = true"],
    );
}

#[test]
fn a_bucket_with_a_name_is_made_and_used_by_it() {
    let state = Choice::Map(vec![("bucket", Choice::Text("acme-state"))]);
    let options = options(&[
        ("region", Choice::Text("eu-central-1")),
        ("account", Choice::Text("123456789012")),
        ("state", state),
    ]);
    let files = files_with(&skeleton(), &options);
    let bucket = block(
        &files,
        "bootstrap/main.tf",
        "resource \"aws_s3_bucket\" \"state\"",
    );
    holds(&bucket, &["bucket = \"acme-state\""]);
    assert!(!page(&files).contains("-backend-config"));
}
