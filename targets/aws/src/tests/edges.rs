//! Edges and rules of security groups.

use super::model;
use crate::model::{Direction, Model, Peer, Rule, Traffic};
use crate::support::{Choice, Sample, fixed, options, shop, skeleton, workload};
use exoc_ir::{Callee, Component, Engine, Program, Protocol};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

fn rules(model: &Model) -> Vec<&Rule> {
    let tasks = model.tasks.iter().flat_map(|task| &task.rules);
    let data = model.products.iter().flat_map(|product| &product.rules);
    tasks.chain(data).collect()
}

/// From, to and number of every edge between components of ours.
fn edges(program: &Program) -> BTreeSet<(String, String, u16)> {
    let mut edges = BTreeSet::new();
    for edge in program.edges() {
        let Callee::Component(to) = edge.to else { continue };
        let external = match to {
            Component::Service(_) => false,
            Component::Backing(id) => {
                matches!(program.backings().get(id).unwrap().engine, Engine::External(_))
            }
        };
        if !external {
            for port in &edge.ports {
                edges.insert((
                    program.role(edge.from).into(),
                    program.role(to).into(),
                    port.number,
                ));
            }
        }
    }
    edges
}

fn pairs(model: &Model, direction: Direction) -> BTreeSet<(String, String, u16)> {
    let entry = "exoc_load_balancer";
    rules(model)
        .into_iter()
        .filter(|rule| rule.direction == direction)
        .filter_map(|rule| match (&rule.peer, rule.traffic) {
            (Peer::Group(peer), Traffic::Tcp(port) | Traffic::Udp(port)) if peer != entry => {
                Some(match direction {
                    Direction::Egress => (rule.group.clone(), peer.clone(), port),
                    Direction::Ingress => (peer.clone(), rule.group.clone(), port),
                })
            }
            _ => None,
        })
        .collect()
}

#[test]
fn every_edge_has_a_rule_on_both_sides_and_every_rule_an_edge() {
    let program = shop(None);
    let model = model(&program);
    let edges = edges(&program);
    assert_eq!(edges.len(), 10);
    assert_eq!(pairs(&model, Direction::Egress), edges);
    assert_eq!(pairs(&model, Direction::Ingress), edges);
}

#[test]
fn the_load_balancer_reaches_public_ports_and_no_others() {
    let model = model(&shop(None));
    let entry = model.entry.as_ref().unwrap();
    let out: BTreeSet<_> = entry
        .rules
        .iter()
        .filter(|rule| rule.direction == Direction::Egress)
        .map(|rule| (rule.peer.clone(), rule.traffic))
        .collect::<Vec<_>>()
        .into_iter()
        .map(|(peer, traffic)| format!("{peer:?} {traffic:?}"))
        .collect();
    let expected = ["Group(\"api\") Tcp(4000)", "Group(\"web\") Tcp(80)"];
    assert_eq!(out, expected.map(str::to_owned).into());
    let inside: Vec<_> = rules(&model)
        .into_iter()
        .filter(|rule| rule.peer == Peer::Group("exoc_load_balancer".into()))
        .map(|rule| (rule.group.as_str(), rule.traffic))
        .collect();
    assert_eq!(inside, [("api", Traffic::Tcp(4000)), ("web", Traffic::Tcp(80))]);
}

#[test]
fn only_who_may_leaves_and_443_is_opened_once() {
    let model = model(&shop(None));
    let world = |role: &str| -> Vec<&str> {
        let task = super::task(&model, role);
        let leaves =
            |rule: &&Rule| rule.direction == Direction::Egress && !matches!(rule.peer, Peer::Group(_));
        task.rules
            .iter()
            .filter(leaves)
            .map(|rule| rule.address.as_str())
            .collect()
    };
    assert_eq!(world("web"), ["web_platform_443"]);
    assert_eq!(world("mailer"), ["mailer_to_internet"]);
    // An external at 443 gives the rule its name, because AWS refuses a second one.
    assert_eq!(world("api"), ["api_to_payments_443"]);
}

#[test]
fn without_a_way_out_tasks_reach_the_endpoints_of_aws_alone() {
    let options = options(&[
        ("region", Choice::Text("eu-central-1")),
        ("account", Choice::Text("123456789012")),
        ("nat", Choice::Text("none")),
    ]);
    let files = super::files_with(&skeleton(), &options);
    let rule = |name: &str| {
        let first = format!("resource \"aws_vpc_security_group_egress_rule\" \"web_platform_{name}\"");
        super::printed::block(&files, "service_web.tf", &first)
    };
    super::printed::holds(
        &rule("endpoints"),
        &["referenced_security_group_id = aws_security_group.exoc_endpoints.id"],
    );
    super::printed::holds(
        &rule("s3"),
        &["prefix_list_id = aws_vpc_endpoint.s3.prefix_list_id"],
    );
    for (path, file) in files.iter() {
        let text = String::from_utf8(file.contents.clone()).unwrap();
        let open = |line: &&str| line.trim().starts_with("cidr_ipv4") && line.contains("0.0.0.0/0");
        assert_eq!(text.lines().find(open), None, "{path}");
    }
}

#[test]
fn no_two_rules_share_an_address() {
    let model = model(&shop(None));
    let all = rules(&model);
    let addresses: BTreeSet<_> = all.iter().map(|rule| (rule.direction, &rule.address)).collect();
    assert_eq!(addresses.len(), all.len());
}

#[test]
fn two_edges_with_one_address_are_refused() {
    let mut sample = Sample::new("clash", None, &[], &[], &[]);
    let image = sample.pinned("busybox:1.37.0");
    for role in ["a", "a-to-b", "b-to-c", "c"] {
        sample.service(role, workload(image, &[("http", 80, Protocol::Http)]), fixed(1));
    }
    sample.uses("a", "b-to-c", &[80]);
    sample.uses("a-to-b", "c", &[80]);
    let (planned, reported) = super::reported(&sample.finish(), &crate::support::least_options());
    assert!(!planned);
    assert_eq!(
        super::messages(&reported, "EX0405"),
        ["two edges give their rules the name `a_to_b_to_c_80`"]
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_graph_has_exactly_the_rules_of_its_edges(
        graph in proptest::collection::btree_set((0..6_usize, 0..6_usize, 0..2_usize), 0..20)
    ) {
        let roles = ["a", "b-c", "d", "e-f", "g", "h"];
        let numbers = [80, 5353];
        let mut sample = Sample::new("graph", None, &[], &[], &[]);
        let image = sample.pinned("busybox:1.37.0");
        for role in roles {
            let ports = [("http", numbers[0], Protocol::Http), ("other", numbers[1], Protocol::Tcp)];
            sample.service(role, workload(image, &ports), fixed(1));
        }
        let mut ports: BTreeMap<(usize, usize), Vec<u16>> = BTreeMap::new();
        for (from, to, port) in graph {
            if from != to {
                ports.entry((from, to)).or_default().push(numbers[port]);
            }
        }
        for ((from, to), ports) in &ports {
            sample.uses(roles[*from], roles[*to], ports);
        }
        let program = sample.finish();
        let model = model(&program);
        let underscored: BTreeSet<_> = edges(&program)
            .into_iter()
            .map(|(from, to, port)| (from.replace('-', "_"), to.replace('-', "_"), port))
            .collect();
        prop_assert_eq!(pairs(&model, Direction::Egress), underscored.clone());
        prop_assert_eq!(pairs(&model, Direction::Ingress), underscored);
    }
}
