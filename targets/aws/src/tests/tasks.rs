//! Tasks: sizes, containers, scale.

use super::{model, task};
use crate::model::{Architecture, Kept, Kind, Metric, Pull, RunningImage};
use crate::sizes::FargatePair;
use crate::support::{Sample, fixed, shop, workload};
use exoc_ir::{Built, Image, Protocol, Reference, Scale};
use std::collections::BTreeMap;

#[test]
fn scale_becomes_numbers_and_goals() {
    let model = model(&shop(None));
    let scale = &task(&model, "api").scale;
    let auto = scale.auto.as_ref().unwrap();
    assert_eq!((scale.desired, auto.min, auto.max), (3, 3, 30));
    let goals: Vec<_> = auto
        .goals
        .iter()
        .map(|goal| (goal.name, goal.metric.clone(), goal.target))
        .collect();
    assert_eq!(
        goals,
        [
            ("cpu", Metric::Cpu, 70),
            ("memory", Metric::Memory, 80),
            // 100 a second are 6000 a minute.
            ("requests", Metric::Requests("api_4000".into()), 6000),
        ]
    );
    assert_eq!((scale.minimum_healthy, scale.maximum), (100, 200));
    assert!(task(&model, "web").scale.auto.is_none());
    assert_eq!(task(&model, "web").scale.desired, 2);
}

#[test]
fn replicas_that_do_not_overlap_stop_first() {
    let model = model(&shop(None));
    let scale = &task(&model, "catalog").scale;
    assert_eq!((scale.minimum_healthy, scale.maximum), (0, 100));
}

#[test]
fn a_service_that_is_switched_off_has_no_tasks() {
    let mut sample = Sample::new("off", None, &[], &[], &[]);
    let image = sample.pinned("busybox:1.37.0");
    sample.service("worker", workload(image, &[]), fixed(0));
    let model = model(&sample.finish());
    assert_eq!(task(&model, "worker").scale.desired, 0);
}

#[test]
fn a_range_that_nothing_measures_has_no_goals() {
    let mut sample = Sample::new("range", None, &[], &[], &[]);
    let image = sample.pinned("busybox:1.37.0");
    sample.service("worker", workload(image, &[]), Scale { max: 4, ..fixed(1) });
    let model = model(&sample.finish());
    let auto = task(&model, "worker").scale.auto.clone().unwrap();
    assert_eq!((auto.min, auto.max, auto.goals.len()), (1, 4, 0));
}

#[test]
fn private_ports_are_asked_by_a_second_container_and_commands_run_inside() {
    let model = model(&shop(None));
    let words = |texts: &[crate::model::Text]| -> Vec<String> {
        texts.iter().map(|text| format!("{:?}", text.pieces)).collect()
    };
    let probe = task(&model, "catalog").probe.as_ref().unwrap();
    assert!(words(&probe.check.command).contains(&"[Literal(\"nc\")]".to_owned()));
    let probe = task(&model, "search").probe.as_ref().unwrap();
    let url = "[Literal(\"http://127.0.0.1:9200/_cluster/health?local=true\")]".to_owned();
    assert!(words(&probe.check.command).contains(&url));
    assert!(task(&model, "api").probe.is_none());
    assert!(task(&model, "mailer").probe.is_none());
    let check = task(&model, "mailer").container.check.as_ref().unwrap();
    assert_eq!(
        words(&check.command),
        [
            "[Literal(\"CMD\")]",
            "[Literal(\"mailer\")]",
            "[Literal(\"ping\")]"
        ]
    );
}

#[test]
fn security_is_kept() {
    let model = model(&shop(None));
    let container = |role: &str| &task(&model, role).container;
    assert_eq!(container("api").capabilities, Kept::Nothing);
    assert_eq!(container("web").capabilities, Kept::Default);
    assert_eq!(
        (container("web").user.as_str(), container("web").low_port),
        ("0:0", true)
    );
    assert!(!container("catalog").read_only_root && container("api").read_only_root);
    let Kept::Adjusted { drop, add } = &container("catalog").capabilities else {
        panic!("something is kept")
    };
    assert_eq!((drop.len(), add.len()), (13, 0));
    assert!(!drop.contains(&"NET_BIND_SERVICE"));
}

#[test]
fn containers_among_the_dependencies_are_services_of_their_own() {
    let model = model(&shop(None));
    let search = task(&model, "search");
    assert_eq!((search.kind, search.registered), (Kind::Dependency, true));
    assert_eq!(
        search.pair,
        FargatePair {
            cpu: 512,
            memory: 1024
        }
    );
    assert_eq!(
        search.container.scratch,
        [("/tmp".into(), 64), ("/usr/share/opensearch/data".into(), 128)]
    );
    assert!(!task(&model, "mailer").registered);
}

#[test]
fn images_say_what_runs_where_and_who_may_pull() {
    let ecr = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/acme";
    let (own, named) = (model(&shop(None)), model(&shop(Some(ecr))));
    assert_eq!(
        task(&own, "api").container.image,
        RunningImage::Input("api".into())
    );
    assert_eq!(task(&own, "api").pull, Pull::Repository("api".into()));
    assert_eq!(task(&own, "api").architecture, Architecture::Arm64);
    let arn = "arn:aws:ecr:eu-central-1:123456789012:repository/acme/shop-api";
    assert_eq!(task(&named, "api").pull, Pull::Arn(arn.into()));
    assert_eq!(
        task(&own, "mailer").container.image,
        RunningImage::Pinned("ghcr.io/acme/mailer:2.1.0".into())
    );
    assert_eq!(
        (&task(&own, "mailer").pull, task(&own, "mailer").architecture),
        (&Pull::Public, Architecture::X86_64)
    );
}

#[test]
fn a_build_for_one_platform_decides_the_processor_and_a_pin_what_runs() {
    let mut sample = Sample::new("pins", None, &[], &[], &[]);
    let built = Built {
        name: "a".into(),
        context: exoc_diagnostics::VirtualPath::root(),
        file: None,
        stage: None,
        args: BTreeMap::new(),
        platforms: vec!["linux/amd64".into()],
        pinned: Reference::parse("ghcr.io/acme/a:1.4.2"),
    };
    let image = sample.image("a", Image::Built(built));
    sample.service("a", workload(image, &[]), fixed(1));
    let model = model(&sample.finish());
    assert_eq!(task(&model, "a").architecture, Architecture::X86_64);
    assert_eq!(
        task(&model, "a").container.image,
        RunningImage::Pinned("ghcr.io/acme/a:1.4.2".into())
    );
    assert!(model.images.built[0].pinned);
}

#[test]
fn names_of_history_carry_the_identity_and_addresses_the_role() {
    let mut sample = Sample::new("renamed", None, &[], &[], &[]);
    let image = sample.pinned("busybox:1.37.0");
    sample.renamed(
        "new-name",
        "old-name",
        workload(image, &[("http", 80, Protocol::Http)]),
    );
    let model = model(&sample.finish());
    let task = task(&model, "new-name");
    assert_eq!(
        (task.family.as_str(), task.service_name.as_str()),
        ("renamed-production-old-name", "old-name")
    );
    assert_eq!(task.execution_role, "renamed-production-old-name-exec");
    assert_eq!(
        (task.address.as_str(), task.container.name.as_str()),
        ("new_name", "new-name")
    );
    assert_eq!(task.log_group, "/renamed/production/old-name");
}
