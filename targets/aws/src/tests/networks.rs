//! Networks: of our own in every form, and those that exist already.

use super::printed::{block, holds};
use super::{files_with, messages, reported};
use crate::support::{Choice, Sample, fixed, options, workload};
use exoc_diagnostics::Node;
use exoc_ir::{Artifacts, Program, Protocol};

/// A public service with an image of the account's own registry, and one of another.
fn two() -> Program {
    let mut sample = Sample::new("two", None, &[], &[], &[]);
    let (own, other) = (sample.built("site"), sample.pinned("ghcr.io/acme/admin:1.0"));
    sample.service("site", workload(own, &[("http", 80, Protocol::Http)]), fixed(1));
    sample.service(
        "admin",
        workload(other, &[("http", 90, Protocol::Http)]),
        fixed(1),
    );
    sample.door("site", 0, "shop.example.com", "/", false);
    sample.finish()
}

fn with(choices: &[(&str, &str)]) -> Node {
    let mut all = vec![
        ("region", Choice::Text("eu-central-1")),
        ("account", Choice::Text("123456789012")),
    ];
    all.extend(choices.iter().map(|(name, value)| (*name, Choice::Text(value))));
    options(&all)
}

/// The text of all files.
fn whole(artifacts: &Artifacts) -> String {
    let texts = artifacts
        .iter()
        .map(|(_, file)| String::from_utf8(file.contents.clone()).unwrap());
    texts.collect()
}

#[test]
fn endpoints_in_the_network_close_port_443_but_for_images_from_outside() {
    let options = with(&[("endpoints", "interface")]);
    let text = whole(&files_with(&two(), &options));
    assert!(!text.contains("\"site_platform_443\""));
    assert!(text.contains("\"admin_platform_443\""));
    for role in ["admin", "site"] {
        assert!(text.contains(&format!("\"{role}_platform_endpoints\"")));
    }
    let (planned, reported) = reported(&two(), &options);
    assert!(planned);
    let notes = messages(&reported, "EX0510");
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(
        notes[0].contains("`admin`") && !notes[0].contains("`site`"),
        "{notes:?}"
    );
}

#[test]
fn an_endpoint_stands_for_what_tasks_ask_and_for_nothing_else() {
    let files = files_with(&two(), &with(&[("endpoints", "interface")]));
    let endpoint = block(
        &files,
        "network.tf",
        "resource \"aws_vpc_endpoint\" \"interface\"",
    );
    assert!(
        endpoint.contains("toset([\"ecr.api\", \"ecr.dkr\", \"logs\", \"secretsmanager\"])"),
        "{endpoint}"
    );
    let without = files_with(&two(), &with(&[]));
    assert!(!whole(&without).contains("\"aws_vpc_endpoint\" \"interface\""));
}

#[test]
fn tasks_in_public_subnets_have_addresses_and_no_gateway() {
    let options = with(&[("tasks", "public")]);
    let files = files_with(&two(), &options);
    let service = block(&files, "service_site.tf", "resource \"aws_ecs_service\" \"site\"");
    holds(
        &service,
        &["subnets = local.subnets.public", "assign_public_ip = true"],
    );
    let text = whole(&files);
    for absent in [
        "aws_nat_gateway",
        "aws_subnet\" \"private\"",
        "local.subnets.private",
    ] {
        assert!(!text.contains(absent), "{absent}");
    }
    let (_, reported) = reported(&two(), &options);
    assert_eq!(messages(&reported, "EX0560").len(), 1);
}

#[test]
fn a_network_that_exists_is_only_referred_to() {
    let subnets = ["subnet-0a1b2c3d", "subnet-0a1b2c3e"];
    let vpc = Choice::Map(vec![
        ("id", Choice::Text("vpc-0a1b2c3d")),
        ("public", Choice::List(&subnets)),
        ("private", Choice::List(&subnets)),
    ]);
    let options = options(&[
        ("region", Choice::Text("eu-central-1")),
        ("account", Choice::Text("123456789012")),
        ("vpc", vpc),
        ("namespace", Choice::Text("ns-abcdefgh12345678")),
        ("cluster", Choice::Text("shared")),
    ]);
    let files = files_with(&two(), &options);
    let text = whole(&files);
    for made in [
        "resource \"aws_vpc\"",
        "resource \"aws_subnet\"",
        "resource \"aws_vpc_dhcp_options\"",
        "resource \"aws_service_discovery_private_dns_namespace\"",
        "resource \"aws_ecs_cluster\"",
        "local.zones",
    ] {
        assert!(!text.contains(made), "{made}");
    }
    let service = block(&files, "service_site.tf", "resource \"aws_ecs_service\" \"site\"");
    holds(&service, &["cluster = data.aws_ecs_cluster.main.id"]);
    let name = block(
        &files,
        "service_site.tf",
        "resource \"aws_service_discovery_service\" \"site\"",
    );
    holds(&name, &["namespace_id = \"ns-abcdefgh12345678\""]);
}

#[test]
fn a_given_certificate_is_shown_and_none_is_made() {
    let arn = "arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012";
    let files = files_with(&two(), &with(&[("certificate", arn)]));
    let listener = block(
        &files,
        "loadbalancer.tf",
        "resource \"aws_lb_listener\" \"https\"",
    );
    holds(&listener, &[&format!("certificate_arn = \"{arn}\"")]);
    assert!(!whole(&files).contains("aws_acm_certificate"));
}

#[test]
fn the_image_of_checks_may_stand_in_the_accounts_own_registry() {
    let mut sample = Sample::new("checked", None, &[], &[], &[]);
    let image = sample.built("site");
    let mut site = workload(image, &[("http", 80, Protocol::Http)]);
    site.health = Some(crate::support::check(exoc_ir::Probe::Tcp { port: 0 }));
    sample.service("site", site, fixed(1));
    let program = sample.finish();
    let nat = ("nat", "none");
    assert!(!reported(&program, &with(&[nat])).0);
    let image = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/busybox:1.37.0-musl";
    let files = files_with(&program, &with(&[nat, ("companion-image", image)]));
    let rights = block(
        &files,
        "service_site.tf",
        "data \"aws_iam_policy_document\" \"site_execution\"",
    );
    assert!(
        rights.contains("arn:aws:ecr:eu-central-1:123456789012:repository/busybox\""),
        "{rights}"
    );
    let elsewhere = "123456789012.dkr.ecr.us-east-1.amazonaws.com/busybox:1.37.0-musl";
    assert!(!reported(&program, &with(&[nat, ("companion-image", elsewhere)])).0);
}

#[test]
fn a_zone_that_is_made_is_signed_and_its_questions_are_kept() {
    let zone = Choice::Map(vec![("make", Choice::Text("example.com"))]);
    let options = options(&[
        ("region", Choice::Text("eu-central-1")),
        ("account", Choice::Text("123456789012")),
        ("zone", zone),
    ]);
    let files = files_with(&two(), &options);
    let text = whole(&files);
    for made in [
        "aws_route53_zone",
        "aws_route53_query_log",
        "aws_route53_hosted_zone_dnssec",
    ] {
        assert!(
            text.contains(&format!("resource \"{made}\" \"example_com\"")),
            "{made}"
        );
    }
    let record = block(
        &files,
        "dns.tf",
        "resource \"aws_route53_record\" \"shop_example_com\"",
    );
    holds(&record, &["zone_id = aws_route53_zone.example_com.zone_id"]);
}
