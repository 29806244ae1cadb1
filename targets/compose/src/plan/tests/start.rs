//! Checks and what waits for them.

use super::{names, planned, planned_with_notes, service};
use crate::model::Condition::{self, Healthy, Started};
use crate::model::{Model, Text};
use crate::testing::{Sketch, http, port, workload};
use exoc_ir::{Engine, Health, Job, Kind, Probe, Protocol, Seconds, Trigger, Value};

fn check(probe: Probe) -> Option<Health> {
    Some(Health {
        probe,
        interval: Seconds(10),
        timeout: Seconds(4),
        retries: 5,
        start: Seconds(30),
    })
}

fn waits(model: &Model, name: &str) -> Vec<(String, Condition)> {
    let waits = &service(model, name).depends_on;
    waits.iter().map(|(name, on)| (name.clone(), *on)).collect()
}

fn test_of(model: &Model, name: &str) -> Vec<Text> {
    service(model, name).healthcheck.as_ref().unwrap().test.clone()
}

fn words<const N: usize>(words: [&str; N]) -> Vec<Text> {
    words.map(Text::from).into()
}

#[test]
fn a_check_from_outside_is_a_companion_that_its_users_wait_for() {
    let mut sketch = Sketch::new(&["api", "web"], &[], &[]);
    sketch.listen("api", &[port("http", 4000, Protocol::Http)]);
    sketch.service("api").workload.health = check(Probe::Http {
        port: 0,
        path: "/ok?deep=1".to_owned(),
    });
    sketch.uses("web", "api");
    let model = planned(sketch);
    assert_eq!(names(&model), ["api", "api_health", "web"]);
    assert_eq!(service(&model, "api").healthcheck, None);
    assert_eq!(
        test_of(&model, "api_health"),
        words([
            "wget",
            "-q",
            "-T",
            "4",
            "-O",
            "/dev/null",
            "http://api:4000/ok?deep=1"
        ])
    );
    let asked = service(&model, "api_health").healthcheck.clone().unwrap();
    assert_eq!(
        (asked.interval, asked.timeout, asked.retries, asked.start_period),
        (Seconds(10), Seconds(4), 5, Seconds(30))
    );
    assert_eq!(waits(&model, "api_health"), [("api".to_owned(), Started)]);
    assert_eq!(waits(&model, "web"), [("api_health".to_owned(), Healthy)]);
}

#[test]
fn tcp_and_grpc_checks_open_a_connection_to_the_named_port() {
    for probe in [
        Probe::Tcp { port: 1 },
        Probe::Grpc {
            port: 1,
            service: Some("shop.Cart".to_owned()),
        },
    ] {
        let mut sketch = Sketch::new(&["api"], &[], &[]);
        let ports = [
            port("http", 80, Protocol::Http),
            port("grpc", 5000, Protocol::Grpc),
        ];
        sketch.listen("api", &ports);
        sketch.service("api").workload.health = check(probe);
        let model = planned(sketch);
        let expected = words(["nc", "-w", "4", "api", "5000", "-e", "true"]);
        assert_eq!(test_of(&model, "api_health"), expected);
    }
}

#[test]
fn a_check_by_command_runs_in_the_service_itself() {
    let mut sketch = Sketch::new(&["job", "web"], &[], &[]);
    sketch.service("job").workload.health = check(Probe::Command(vec![Value::literal("test")]));
    sketch.uses("web", "job");
    let (model, notes) = planned_with_notes(sketch);
    assert_eq!(names(&model), ["job", "web"]);
    assert_eq!(test_of(&model, "job"), words(["test"]));
    assert_eq!(waits(&model, "web"), [("job".to_owned(), Healthy)]);
    assert!(notes.contains(&"compose-health"));
}

#[test]
fn waits_for_managed_dependencies_to_be_healthy_and_for_externals_not_at_all() {
    let secrets = ["DB_ADMINISTRATOR", "DB_PASSWORD"];
    let mut sketch = Sketch::new(&["api"], &["box", "crm", "db"], &secrets);
    sketch.postgres("db");
    sketch.backing("box").engine = Engine::Container(workload());
    for role in ["box", "crm", "db"] {
        sketch.uses("api", role);
    }
    let model = planned(sketch);
    assert_eq!(names(&model), ["api", "box", "db"]);
    let expected = [("box".to_owned(), Started), ("db".to_owned(), Healthy)];
    assert_eq!(waits(&model, "api"), expected);
}

#[test]
fn drops_the_order_inside_cycles_only() {
    let mut sketch = Sketch::new(&["a", "b", "c", "d", "e"], &[], &[]);
    for (from, to) in [
        ("a", "b"),
        ("b", "c"),
        ("c", "a"),
        ("d", "a"),
        ("c", "e"),
        ("b", "a"),
    ] {
        sketch.uses(from, to);
    }
    let model = planned(sketch);
    assert_eq!(waits(&model, "a"), []);
    assert_eq!(waits(&model, "b"), []);
    assert_eq!(waits(&model, "c"), [("e".to_owned(), Started)]);
    assert_eq!(waits(&model, "d"), [("a".to_owned(), Started)]);
}

#[test]
fn no_service_ever_waits_for_itself() {
    // Each graph of four services, as the bits of a number.
    let pairs: Vec<(usize, usize)> = (0..4)
        .flat_map(|from| (0..4).map(move |to| (from, to)))
        .filter(|(from, to)| from != to)
        .collect();
    for graph in (0..1_u32 << pairs.len()).step_by(7) {
        let roles = ["a", "b", "c", "d"];
        let mut sketch = Sketch::new(&roles, &[], &[]);
        for (bit, (from, to)) in pairs.iter().enumerate() {
            if graph >> bit & 1 == 1 {
                sketch.uses(roles[*from], roles[*to]);
            }
        }
        let model = planned(sketch);
        let mut left: Vec<&str> = roles.into();
        // Whoever waits for nobody that is left starts; in a graph without cycles all do.
        while let Some(place) = left.iter().position(|role| {
            let waits = &service(&model, role).depends_on;
            waits.keys().all(|other| !left.contains(&other.as_str()))
        }) {
            left.remove(place);
        }
        assert!(left.is_empty(), "graph {graph:012b} never starts {left:?}");
    }
}

#[test]
fn the_gateway_waits_for_whom_it_leads_to() {
    let mut sketch = Sketch::new(&["api", "other", "web"], &[], &[]);
    for (role, path) in [("api", "/api"), ("web", "/")] {
        sketch.listen(role, &[port("http", 80, Protocol::Http)]);
        sketch.door(role, 0, http("localhost", path));
    }
    sketch.service("api").workload.health = check(Probe::Tcp { port: 0 });
    let model = planned(sketch);
    let expected = [("api_health".to_owned(), Healthy), ("web".to_owned(), Started)];
    assert_eq!(waits(&model, "exoc_gateway"), expected);
}

const fn job(trigger: Trigger) -> Kind {
    Kind::Job(Job {
        trigger,
        timeout: Seconds(60),
        retries: 0,
    })
}

#[test]
fn a_companion_waits_for_the_jobs_that_nothing_else_waits_for() {
    let before = || job(Trigger::BeforeDeploy { rank: 0 });
    let mut sketch = Sketch::new(&["after", "before", "demand", "web"], &[], &[]);
    sketch.service("before").kind = before();
    sketch.service("after").kind = job(Trigger::AfterDeploy);
    sketch.service("demand").kind = job(Trigger::OnDemand);
    let model = planned(sketch);
    assert_eq!(
        waits(&model, "exoc_deployed"),
        [("after".to_owned(), Condition::Completed)]
    );

    // What does not start with the project waits for nothing when it starts.
    let mut alone = Sketch::new(&["before", "demand"], &[], &[]);
    alone.service("before").kind = before();
    alone.service("demand").kind = job(Trigger::OnDemand);
    let model = planned(alone);
    assert_eq!(
        waits(&model, "exoc_deployed"),
        [("before".to_owned(), Condition::Completed)]
    );

    // Whoever goes on waits for all jobs before it.
    let mut awaited = Sketch::new(&["before", "web"], &[], &[]);
    awaited.service("before").kind = before();
    assert!(!planned(awaited).services.contains_key("exoc_deployed"));
}
