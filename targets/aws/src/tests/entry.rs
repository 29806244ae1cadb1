//! The load balancer.

use super::{model, task};
use crate::model::{ListenerRule, Model, Question, TargetCheck, Version};
use crate::support::{Choice, Sample, check, fixed, options, shop, workload};
use exoc_ir::{Probe, Program, Protocol};
use std::collections::BTreeMap;

fn many_routes(paths: &[&str], hosts: &[&str]) -> Program {
    let mut sample = Sample::new("routes", None, &[], &[], &[]);
    let image = sample.pinned("traefik/whoami:v1.11.0");
    sample.service(
        "site",
        workload(image, &[("http", 8080, Protocol::Http)]),
        fixed(1),
    );
    for path in paths {
        for host in hosts {
            sample.door("site", 0, host, path, false);
        }
    }
    sample.finish()
}

fn rules(model: &Model) -> Vec<&ListenerRule> {
    model.tasks.iter().flat_map(|task| &task.listener_rules).collect()
}

#[test]
fn adding_a_route_moves_no_other_rule() {
    let priorities = |paths: &[&str]| -> BTreeMap<String, u32> {
        let model = model(&many_routes(paths, &["a.example.com"]));
        rules(&model)
            .into_iter()
            .map(|rule| (rule.path.clone(), rule.priority))
            .collect()
    };
    let before = priorities(&["/", "/api", "/v1", "/graphql"]);
    let after = priorities(&["/", "/api", "/v1", "/v2", "/graphql", "/api/admin"]);
    assert_eq!(before.len(), 4);
    assert_eq!(after.len(), 6);
    for (path, priority) in before {
        assert_eq!(after[&path], priority, "{path}");
    }
    assert!(after["/api/admin"] < after["/api"] && after["/api"] < after["/"]);
}

#[test]
fn no_rule_has_more_than_five_values() {
    let hosts = [
        "a.example.com",
        "b.example.com",
        "c.example.com",
        "d.example.com",
        "e.example.com",
        "f.example.com",
    ];
    let model = model(&many_routes(&["/", "/api"], &hosts));
    let rules = rules(&model);
    for rule in &rules {
        let of_path = if rule.path == "/" { 0 } else { 2 };
        assert!(rule.hosts.len() + of_path <= 5, "{rule:?}");
    }
    let count = |path: &str| {
        rules
            .iter()
            .filter(|rule| rule.path == path)
            .map(|rule| rule.hosts.len())
            .sum::<usize>()
    };
    assert_eq!((count("/"), count("/api")), (6, 6));
}

#[test]
fn more_than_a_hundred_rules_are_refused() {
    let paths: Vec<String> = (0..101).map(|n| format!("/p{n:03}")).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let (planned, reported) = super::reported(
        &many_routes(&paths, &["a.example.com"]),
        &crate::support::least_options(),
    );
    assert!(!planned);
    assert_eq!(super::messages(&reported, "EX0406").len(), 1);
}

#[test]
fn a_removed_path_stays_with_its_rule() {
    let model = model(&shop(None));
    let rules: Vec<_> = task(&model, "api")
        .listener_rules
        .iter()
        .map(|r| (r.path.as_str(), r.strip))
        .collect();
    assert_eq!(rules, [("/api", true), ("/v1.0", false)]);
}

#[test]
fn targets_are_asked_what_the_manifest_says_or_what_costs_nothing() {
    let model = model(&shop(None));
    let target = |role: &str| task(&model, role).target_groups[0].check.clone();
    let numbers = |path: &str, matcher| TargetCheck {
        question: Question::Path {
            path: path.into(),
            matcher,
        },
        port: None,
        interval: 10,
        timeout: 3,
        retries: 3,
    };
    assert_eq!(target("api"), numbers("/healthz", "200-399"));
    assert_eq!(target("web"), numbers("/", "200-499"));
    assert_eq!(task(&model, "api").grace, Some(60));
    assert_eq!(task(&model, "catalog").grace, None);
}

#[test]
fn grpc_and_http2_doors_have_target_groups_of_their_protocol() {
    let mut sample = Sample::new("grpc", None, &[], &[], &[]);
    let image = sample.pinned("grpc/server:1.0");
    let ports = [("grpc", 5000, Protocol::Grpc), ("web", 8080, Protocol::Http2)];
    let mut server = workload(image, &ports);
    server.health = Some(check(Probe::Grpc {
        port: 0,
        service: Some("shop.Cart".into()),
    }));
    sample.service("server", server, fixed(1));
    sample.door("server", 0, "grpc.example.com", "/shop.Cart", false);
    sample.door("server", 1, "www.example.com", "/", false);
    let program = sample.finish();
    let model = model(&program);
    let task = task(&model, "server");
    let groups: Vec<_> = task
        .target_groups
        .iter()
        .map(|g| (g.port, g.version, g.check.question.clone()))
        .collect();
    let asked = |path: &str, matcher| Question::Path {
        path: path.into(),
        matcher,
    };
    assert_eq!(
        groups,
        [
            (5000, Version::Grpc, asked("/grpc.health.v1.Health/Check", "0")),
            (8080, Version::Http2, asked("/", "200-499"))
        ]
    );
    assert!(task.probe.is_none());
    let (_, reported) = super::reported(&program, &crate::support::least_options());
    assert_eq!(
        super::messages(&reported, "EX0512"),
        ["the load balancer asks `server` as a whole, not for `shop.Cart`"]
    );
}

#[test]
fn hosts_are_registered_in_the_longest_zone_that_holds_them() {
    let program = many_routes(&["/"], &["a.shop.example.com", "b.example.com"]);
    let zones = |choice: Option<Choice<'_>>| -> Vec<(String, String)> {
        let mut choices = vec![
            ("region", Choice::Text("eu-central-1")),
            ("account", Choice::Text("123456789012")),
        ];
        choices.extend(choice.map(|choice| ("zone", choice)));
        let options = options(&choices);
        let mut sink = exoc_diagnostics::Sink::new();
        let model = crate::plan::plan(&super::input(&program, &options), &mut sink).unwrap();
        model
            .entry
            .unwrap()
            .hosts
            .into_iter()
            .map(|host| (host.name, host.zone))
            .collect()
    };
    let host = |name: &str, zone: &str| (name.to_owned(), zone.to_owned());
    assert_eq!(
        zones(None),
        [
            host("a.shop.example.com", "example_com"),
            host("b.example.com", "example_com")
        ]
    );
    assert_eq!(
        zones(Some(Choice::List(&["example.com", "shop.example.com"]))),
        [
            host("a.shop.example.com", "shop_example_com"),
            host("b.example.com", "example_com")
        ]
    );
}

#[test]
fn nothing_public_needs_no_load_balancer() {
    let program = crate::support::skeleton();
    assert!(model(&program).entry.is_none());
    let files = super::files(&program);
    assert!(
        files
            .iter()
            .all(|(path, _)| path.as_str() != "loadbalancer.tf" && path.as_str() != "dns.tf")
    );
}
