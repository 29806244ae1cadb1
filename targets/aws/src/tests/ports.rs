//! The load balancer by numbers of ports.

use super::{files, messages, model, reported, task};
use crate::model::{Direction, Peer, Question, Rule, Traffic, Version};
use crate::support::{Sample, check, fixed, least_options, workload};
use exoc_ir::{Entrance, Probe, Program, Protocol, Transport};

fn plain(number: u16, transport: Transport) -> Entrance {
    Entrance::Plain {
        host: "gate.shop.example.com".into(),
        number,
        transport,
    }
}

/// A service with ports, of which some are public by their numbers.
fn gate(ports: &[(&str, u16, Protocol)], public: &[usize], probe: Option<Probe>) -> Program {
    let mut sample = Sample::new("ports", None, &[], &[], &[]);
    let image = sample.pinned("acme/gate:1.0");
    let mut gate = workload(image, ports);
    gate.health = probe.map(check);
    sample.service("gate", gate, fixed(1));
    for index in public {
        let (_, number, protocol) = ports[*index];
        sample.entrance("gate", *index, plain(number, protocol.transport()));
    }
    sample.finish()
}

/// What the world may send to the load balancer.
fn open(rules: &[Rule]) -> Vec<Traffic> {
    let world = |rule: &&Rule| rule.direction == Direction::Ingress && rule.peer == Peer::AnyIpv4;
    rules.iter().filter(world).map(|rule| rule.traffic).collect()
}

#[test]
fn one_number_over_both_protocols_is_one_listener() {
    let program = gate(
        &[("a", 5300, Protocol::Udp), ("b", 5300, Protocol::Tcp)],
        &[0, 1],
        None,
    );
    let model = model(&program);
    let entry = model.network_entry.as_ref().unwrap();
    let listeners: Vec<_> = entry.listeners.iter().map(|l| (l.number, l.version)).collect();
    assert_eq!(listeners, [(5300, Version::TcpUdp)]);
    assert_eq!(open(&entry.rules), [Traffic::Tcp(5300), Traffic::Udp(5300)]);
    assert!(model.entry.is_none());
    let text = super::printed::block(
        &files(&program),
        "service_gate.tf",
        "resource \"aws_lb_target_group\" \"gate_5300\"",
    );
    super::printed::holds(&text, &["protocol = \"TCP_UDP\"", "protocol = \"TCP\""]);
}

#[test]
fn a_public_port_of_udp_is_asked_over_tcp_and_only_the_balancer_may_ask() {
    let program = gate(
        &[("game", 7777, Protocol::Udp), ("web", 8081, Protocol::Http)],
        &[0],
        Some(Probe::Http {
            port: 1,
            path: "/healthz".into(),
        }),
    );
    let model = model(&program);
    let entry = model.network_entry.as_ref().unwrap();
    assert_eq!(open(&entry.rules), [Traffic::Udp(7777)]);
    let gate = task(&model, "gate");
    let group = &gate.target_groups[0];
    assert_eq!(group.check.port, Some(8081));
    assert!(matches!(&group.check.question, Question::Path { path, .. } if path == "/healthz"));
    let from = |rule: &&Rule| rule.peer == Peer::Group("exoc_network_load_balancer".into());
    let let_in: Vec<_> = gate.rules.iter().filter(from).map(|rule| rule.traffic).collect();
    assert_eq!(let_in.len(), 2);
    assert!(let_in.contains(&Traffic::Udp(7777)) && let_in.contains(&Traffic::Tcp(8081)));
}

#[test]
fn a_public_port_of_udp_needs_one_of_tcp() {
    let (planned, reports) = reported(
        &gate(&[("game", 7777, Protocol::Udp)], &[0], None),
        &least_options(),
    );
    assert!(!planned);
    assert_eq!(
        messages(&reports, "EX0401"),
        ["a load balancer asks over TCP whether a service is healthy, and `gate` has no port of TCP"]
    );
}

#[test]
fn two_services_on_one_number_are_refused() {
    let mut sample = Sample::new("ports", None, &[], &[], &[]);
    let image = sample.pinned("acme/gate:1.0");
    sample.service("a", workload(image, &[("x", 53, Protocol::Tcp)]), fixed(1));
    sample.service(
        "b",
        workload(image, &[("x", 53, Protocol::Udp), ("y", 80, Protocol::Tcp)]),
        fixed(1),
    );
    sample.entrance("a", 0, plain(53, Transport::Tcp));
    sample.entrance("b", 0, plain(53, Transport::Udp));
    let (planned, reports) = reported(&sample.finish(), &least_options());
    assert!(!planned);
    assert_eq!(messages(&reports, "EX0401").len(), 1);
}

#[test]
fn a_name_leads_to_the_balancer_that_has_its_port() {
    let mut sample = Sample::new("ports", None, &[], &[], &[]);
    let image = sample.pinned("acme/gate:1.0");
    sample.service("gate", workload(image, &[("x", 25, Protocol::Tcp)]), fixed(1));
    sample.service("site", workload(image, &[("x", 80, Protocol::Http)]), fixed(1));
    sample.entrance("gate", 0, plain(25, Transport::Tcp));
    sample.door("site", 0, "shop.example.com", "/", false);
    let files = files(&sample.finish());
    let record = |address: &str| {
        let first = format!("resource \"aws_route53_record\" \"{address}\"");
        super::printed::block(&files, "dns.tf", &first)
    };
    super::printed::holds(
        &record("gate_shop_example_com"),
        &["name = aws_lb.network.dns_name"],
    );
    super::printed::holds(&record("shop_example_com"), &["name = aws_lb.main.dns_name"]);
    let all: String = files
        .iter()
        .map(|(_, file)| String::from_utf8(file.contents.clone()).unwrap())
        .collect();
    assert!(!all.contains("\"aws_acm_certificate\" \"gate_shop_example_com\""));
}
