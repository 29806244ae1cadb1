//! Spare capacity, private registries, the firewall and alarms.

use super::printed::{block, holds};
use super::{files_with, messages, model, reported};
use crate::model::{Comparison, Kind};
use crate::support::{Choice, Sample, fixed, options, shop, skeleton, workload};
use exoc_diagnostics::Node;
use exoc_ir::{Program, Protocol};
use std::collections::BTreeSet;

fn with(choices: &[(&str, Choice<'_>)]) -> Node {
    let mut all = vec![
        ("region", Choice::Text("eu-central-1")),
        ("account", Choice::Text("123456789012")),
    ];
    all.extend(choices.iter().cloned());
    options(&all)
}

/// A public service and a worker, of images of two registries.
fn two() -> Program {
    let mut sample = Sample::new("two", None, &[], &[], &[]);
    let (site, worker) = (
        sample.pinned("ghcr.io/acme/site:1.0"),
        sample.pinned("acme/worker:1.0"),
    );
    sample.service("site", workload(site, &[("http", 80, Protocol::Http)]), fixed(2));
    sample.service("worker", workload(worker, &[]), fixed(3));
    sample.door("site", 0, "shop.example.com", "/", false);
    sample.finish()
}

const SECRET: &str = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:ghcr-AbCdEf";

#[test]
fn spare_capacity_is_for_services_that_are_named_and_never_for_the_first_task() {
    let files = files_with(&two(), &with(&[("spot", Choice::List(&["worker"]))]));
    let service = |role: &str| {
        let first = format!("resource \"aws_ecs_service\" \"{role}\"");
        block(&files, &format!("service_{role}.tf"), &first)
    };
    holds(
        &service("worker"),
        &["base = 1", "capacity_provider = \"FARGATE_SPOT\""],
    );
    assert!(!service("site").contains("FARGATE_SPOT"));
    let providers = block(
        &files,
        "cluster.tf",
        "resource \"aws_ecs_cluster_capacity_providers\" \"main\"",
    );
    holds(
        &providers,
        &["capacity_providers = [\"FARGATE\", \"FARGATE_SPOT\"]"],
    );
}

#[test]
fn a_role_that_no_service_has_gets_no_spare_capacity() {
    let (planned, reports) = reported(&two(), &with(&[("spot", Choice::List(&["wroker"]))]));
    assert!(!planned);
    assert_eq!(
        messages(&reports, "EX0402"),
        ["`spot` names `wroker`, and no service has this role"]
    );
}

#[test]
fn a_login_is_read_by_who_starts_the_tasks_of_that_registry_alone() {
    let registries = Choice::Map(vec![("ghcr.io", Choice::Text(SECRET))]);
    let files = files_with(&two(), &with(&[("registries", registries)]));
    let of = |role: &str, kind: &str, name: &str| {
        let first = format!("{kind} \"{name}\"");
        block(&files, &format!("service_{role}.tf"), &first)
    };
    let rights = of("site", "data \"aws_iam_policy_document\"", "site_execution");
    holds(&rights, &[&format!("resources = [\"{SECRET}\"]")]);
    let definition = of("site", "resource \"aws_ecs_task_definition\"", "site");
    assert!(
        definition.contains(&format!("credentialsParameter = \"{SECRET}\"")),
        "{definition}"
    );
    let others = of("worker", "data \"aws_iam_policy_document\"", "worker_execution");
    assert!(!others.contains("secretsmanager"), "{others}");
}

#[test]
fn dockers_own_registry_has_a_name_too_and_an_unused_one_is_an_error() {
    let of = |host: &'static str| {
        let registries = Choice::Map(vec![(host, Choice::Text(SECRET))]);
        reported(&two(), &with(&[("registries", registries)]))
    };
    assert!(of("docker.io").0);
    let (planned, reports) = of("quay.io");
    assert!(!planned);
    assert_eq!(
        messages(&reports, "EX0402"),
        ["no image comes from the registry `quay.io`"]
    );
}

#[test]
fn a_firewall_stands_before_the_load_balancer_and_logs_with_our_key() {
    let firewall = Choice::Map(vec![("requests", Choice::Text("5000"))]);
    let files = files_with(&two(), &with(&[("firewall", firewall)]));
    let acl = block(
        &files,
        "loadbalancer.tf",
        "resource \"aws_wafv2_web_acl\" \"main\"",
    );
    holds(
        &acl,
        &["limit = 5000", "name = \"AWSManagedRulesKnownBadInputsRuleSet\""],
    );
    let balancer = block(&files, "loadbalancer.tf", "resource \"aws_lb\" \"main\"");
    assert!(!balancer.contains("checkov:skip=CKV2_AWS_28"), "{balancer}");
    let key = block(&files, "kms.tf", "resource \"aws_kms_key\" \"main\"");
    assert!(key.contains("log-group:aws-waf-logs-two-production"), "{key}");
}

#[test]
fn a_firewall_needs_requests() {
    let firewall = || Choice::Map(vec![("requests", Choice::Text("5000"))]);
    let (planned, reports) = reported(&skeleton(), &with(&[("firewall", firewall())]));
    assert!(!planned);
    assert_eq!(messages(&reports, "EX0402").len(), 1);
}

#[test]
fn everything_that_runs_or_is_rented_is_watched() {
    let model = model(&shop(None));
    let watched: BTreeSet<&str> = model
        .alarms
        .alarms
        .iter()
        .map(|alarm| alarm.address.as_str())
        .collect();
    for task in &model.tasks {
        if task.kind == Kind::Job {
            assert!(watched.contains(format!("{}_failed", task.address).as_str()));
            continue;
        }
        let counted = |(_, address): &(String, String)| *address == task.address;
        let running = model.alarms.running.as_ref().unwrap();
        assert!(running.services.iter().any(counted), "{}", task.role);
        for group in &task.target_groups {
            for what in ["failures", "latency", "unhealthy"] {
                let address = format!("{}_{}_{what}", task.address, group.port);
                assert!(watched.contains(address.as_str()), "{address}");
            }
        }
    }
    for address in ["cache_memory_1", "db_cpu", "db_storage"] {
        assert!(watched.contains(address), "{address}");
    }
    assert_eq!(watched.len(), model.alarms.alarms.len());
}

#[test]
fn storage_rings_below_a_tenth_of_what_was_asked_for() {
    let model = model(&skeleton());
    let mut alarms = model.alarms.alarms.iter();
    let storage = alarms.find(|alarm| alarm.address == "db_storage").unwrap();
    assert_eq!(storage.comparison, Comparison::Below);
    // A tenth of 20 GiB.
    assert_eq!(storage.threshold, 2_147_483_640);
    assert_eq!(storage.metered.metric, "FreeStorageSpace");
}

#[test]
fn alarms_go_to_an_encrypted_topic_and_to_who_wants_to_know() {
    let emails = Choice::List(&["a@example.com", "b@example.com"]);
    let files = files_with(&two(), &with(&[("alarm-emails", emails)]));
    let topic = block(&files, "alarms.tf", "resource \"aws_sns_topic\" \"exoc_alarms\"");
    holds(&topic, &["kms_master_key_id = aws_kms_key.main.arn"]);
    let second = block(
        &files,
        "alarms.tf",
        "resource \"aws_sns_topic_subscription\" \"exoc_alarms_2\"",
    );
    holds(&second, &["endpoint = \"b@example.com\""]);
    let key = block(&files, "kms.tf", "resource \"aws_kms_key\" \"main\"");
    assert!(key.contains("cloudwatch.amazonaws.com"), "{key}");
}
