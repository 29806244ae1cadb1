//! What AWS cannot hold, and what is noted.

use super::{messages, reported};
use crate::support::{Choice, Sample, fixed, least_options, managed, options, shop, skeleton, workload};
use exoc_diagnostics::{Node, Severity};
use exoc_ir::{Bytes, Capabilities, Engine, Feature, MilliCpu, Product, Protocol, Resources, Target, Value};

fn with(choices: &[(&str, Choice<'_>)]) -> Node {
    let mut all = vec![
        ("region", Choice::Text("eu-central-1")),
        ("account", Choice::Text("123456789012")),
    ];
    all.extend(choices.iter().cloned());
    options(&all)
}

fn one_backing(
    product: Product,
    version: &str,
    change: impl FnOnce(&mut exoc_ir::Managed),
) -> exoc_ir::Program {
    let mut sample = Sample::new("one", None, &[], &["db"], &["db"]);
    let mut engine = managed(product, version, sample.secret("DB_PASSWORD"));
    if let Engine::Managed(managed) = &mut engine {
        change(managed);
    }
    sample.backing("db", engine);
    sample.finish()
}

#[test]
fn a_version_that_is_not_offered_names_the_nearest() {
    let (planned, reports) = reported(&one_backing(Product::Redis, "8.2", |_| {}), &least_options());
    assert!(!planned);
    assert_eq!(messages(&reports, "EX0403"), ["aws does not offer redis 8.2"]);
    let help = &reports.iter().find(|d| d.code.id == "EX0403").unwrap().help;
    assert!(
        help[0].contains("`redis:7`") && help[1].contains("Valkey"),
        "{help:?}"
    );
    let (planned, reports) = reported(&one_backing(Product::Postgres, "14", |_| {}), &least_options());
    assert!(!planned);
    assert!(
        reports
            .iter()
            .any(|d| d.help.iter().any(|line| line.contains("`postgres:15`")))
    );
}

#[test]
fn a_product_larger_than_any_class_is_refused() {
    let huge = Resources {
        cpu: MilliCpu(65_000),
        memory: Bytes::gibi(1),
    };
    for product in [(Product::Postgres, "17"), (Product::Redis, "7")] {
        let program = one_backing(product.0, product.1, |managed| managed.resources = huge);
        let (planned, reports) = reported(&program, &least_options());
        assert!(!planned);
        assert_eq!(messages(&reports, "EX0406").len(), 1);
    }
    let program = one_backing(Product::Postgres, "17", |managed| {
        managed.storage = Bytes::gibi(70_000)
    });
    assert!(!reported(&program, &least_options()).0);
}

#[test]
fn names_that_rds_keeps_are_refused() {
    let program = one_backing(Product::Postgres, "17", |managed| {
        managed.username = Some("postgres".into());
    });
    let (planned, reports) = reported(&program, &least_options());
    assert!(!planned);
    assert_eq!(messages(&reports, "EX0406").len(), 1);
}

#[test]
fn the_picked_product_is_noted_with_its_numbers() {
    let program = one_backing(Product::Postgres, "17", |managed| {
        managed.resources = Resources {
            cpu: MilliCpu(2000),
            memory: Bytes::gibi(8),
        };
        managed.storage = Bytes::gibi(100);
    });
    let (planned, reports) = reported(&program, &least_options());
    assert!(planned);
    assert_eq!(
        messages(&reports, "EX0508"),
        ["`db` becomes db.m7g.large (2 cores, 8Gi) with 100Gi"]
    );
}

#[test]
fn notes_are_given_once_and_only_with_a_reason() {
    let (planned, reports) = reported(&shop(None), &least_options());
    assert!(planned);
    assert!(
        reports
            .iter()
            .all(|d| d.code.severity == Severity::Note && !d.help.is_empty() && d.primary.is_some())
    );
    for code in ["EX0507", "EX0509", "EX0510", "EX0514", "EX0516"] {
        assert_eq!(messages(&reports, code).len(), 1, "{code}");
    }
    let (_, reports) = reported(&skeleton(), &least_options());
    assert_eq!(
        messages(&reports, "EX0516").len() + messages(&reports, "EX0507").len(),
        0
    );
}

#[test]
fn one_note_names_all_that_nothing_waits_for_and_where() {
    let (_, reports) = reported(&shop(None), &least_options());
    assert_eq!(
        messages(&reports, "EX0516"),
        ["nothing waits for `api`, `catalog` and `search` at start-up on aws"]
    );
    let note = reports.iter().find(|d| d.code.id == "EX0516").unwrap();
    assert_eq!(note.secondary.len(), 2);
}

#[test]
fn the_note_of_port_443_is_there_where_the_port_is_open() {
    let of = |nat: &str| {
        let (_, reports) = reported(&skeleton(), &with(&[("nat", Choice::Text(nat))]));
        messages(&reports, "EX0510").concat()
    };
    assert!(of("single").contains("of any address") && of("per-zone").contains("of any address"));
    assert_eq!(of("none"), "");
}

#[test]
fn missing_options_are_all_named() {
    let (planned, reports) = reported(&skeleton(), &options(&[]));
    assert!(!planned);
    assert_eq!(
        messages(&reports, "EX0402"),
        [
            "the target `aws` needs the option `account`",
            "the target `aws` needs the option `region`"
        ]
    );
}

#[test]
fn a_zone_of_another_region_is_refused() {
    let (planned, reports) = reported(
        &skeleton(),
        &with(&[("zones", Choice::List(&["eu-central-1a", "eu-west-1b"]))]),
    );
    assert!(!planned);
    assert_eq!(
        messages(&reports, "EX0402"),
        ["`eu-west-1b` is no availability zone of the region `eu-central-1`"]
    );
}

#[test]
fn a_host_outside_the_named_zones_is_refused() {
    let (planned, reports) = reported(&shop(None), &with(&[("zone", Choice::Text("shop.example.com"))]));
    assert!(!planned);
    assert_eq!(
        messages(&reports, "EX0402"),
        ["no hosted zone of the option `zone` holds the host `www.example.com`"]
    );
}

#[test]
fn without_a_way_out_nothing_may_need_one() {
    let (planned, reports) = reported(&shop(None), &with(&[("nat", Choice::Text("none"))]));
    assert!(!planned);
    let found = messages(&reports, "EX0402");
    let of = |role: &str| found.iter().any(|message| message.contains(&format!("`{role}`")));
    assert!(
        of("api") && of("mailer") && of("search") && of("catalog") && !of("web"),
        "{found:?}"
    );
    assert!(reported(&skeleton(), &with(&[("nat", Choice::Text("none"))])).0);
}

#[test]
fn capabilities_that_fargate_has_not_are_refused_by_name() {
    let mut sample = Sample::new("caps", None, &[], &[], &[]);
    let image = sample.pinned("busybox:1.37.0");
    let mut worker = workload(image, &[]);
    worker.security.capabilities =
        Capabilities::Only(["NET_ADMIN".into(), "SYS_PTRACE".into(), "KILL".into()].into());
    sample.service("worker", worker, fixed(1));
    let (planned, reports) = reported(&sample.finish(), &least_options());
    assert!(!planned);
    assert_eq!(
        messages(&reports, "EX0401"),
        ["aws cannot give `worker` the capability `NET_ADMIN`"]
    );
}

#[test]
fn an_empty_command_cannot_replace_the_one_of_the_image() {
    let report = |entrypoint: Option<Vec<Value>>, command: Option<Vec<Value>>| {
        let mut sample = Sample::new("empty", None, &[], &[], &[]);
        let image = sample.pinned("busybox:1.37.0");
        let mut worker = workload(image, &[]);
        (worker.entrypoint, worker.command) = (entrypoint, command);
        sample.service("worker", worker, fixed(1));
        messages(&reported(&sample.finish(), &least_options()).1, "EX0406").len()
    };
    assert_eq!(report(None, Some(Vec::new())), 1);
    assert_eq!(report(Some(Vec::new()), None), 1);
    assert_eq!(report(Some(vec![Value::literal("sh")]), Some(Vec::new())), 0);
    assert_eq!(report(None, None), 0);
}

#[test]
fn an_owner_that_is_no_tag_is_refused() {
    let mut sample = Sample::owned("owner", "team, checkout");
    let image = sample.pinned("busybox:1.37.0");
    sample.service("worker", workload(image, &[]), fixed(1));
    let (planned, reports) = reported(&sample.finish(), &least_options());
    assert!(!planned);
    assert_eq!(messages(&reports, "EX0406"), ["the owner cannot be a tag of aws"]);
}

#[test]
fn limits_of_a_task_and_of_a_group_are_errors() {
    let mut sample = Sample::new("limits", None, &[], &[], &[]);
    let image = sample.pinned("busybox:1.37.0");
    let mut large = workload(image, &[("http", 80, Protocol::Http)]);
    large
        .environment
        .insert("LARGE".into(), Value::literal("x".repeat(50_000)));
    sample.service("large", large, fixed(1));
    for number in 0..61 {
        let role = format!("user-{number:02}");
        sample.service(&role, workload(image, &[]), fixed(1));
        sample.uses(&role, "large", &[80]);
    }
    let (planned, reports) = reported(&sample.finish(), &least_options());
    assert!(!planned);
    let found = messages(&reports, "EX0406");
    assert_eq!(found.len(), 2, "{found:?}");
}

#[test]
fn every_feature_has_a_word_about_it() {
    for feature in Feature::ALL {
        match crate::Aws.express(*feature) {
            exoc_ir::Expression::Refused { instead } => assert!(!instead.is_empty(), "{feature:?}"),
            exoc_ir::Expression::Expressed | exoc_ir::Expression::Noted { .. } => {}
        }
    }
}
