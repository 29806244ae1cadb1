//! What is there for developers alone: sources, what is watched, ports, and the project of the tests.

use super::{planned, refused, service, set};
use crate::model::Condition::{Completed, Started};
use crate::model::{Action, Life, Model, Mount, Published, Service, Tests};
use crate::testing::{Sketch, port};
use exoc_diagnostics::VirtualPath;
use exoc_ir::{Job, Kind, Protocol, Renewal, Seconds, Transport, Trigger, Value};

fn path(text: &str) -> VirtualPath {
    VirtualPath::new(text).unwrap()
}

fn tests(model: &Model) -> &Tests {
    model.tests.as_ref().unwrap()
}

fn suite<'m>(model: &'m Model, name: &str) -> &'m Service {
    tests(model).services.get(name).unwrap()
}

fn names(model: &Model) -> Vec<&str> {
    tests(model).services.keys().map(String::as_str).collect()
}

fn with_test(sketch: &mut Sketch, role: &str) {
    sketch.service(role).development.test = Some(vec![Value::literal("check")]);
}

#[test]
fn sources_lie_where_they_are_mounted_and_both_sides_may_write() {
    let mut sketch = Sketch::new(&["api"], &[], &[]);
    let development = &mut sketch.service("api").development;
    development.sources = [("/app".to_owned(), path("api")), ("/all".to_owned(), path(""))].into();
    let model = planned(sketch);
    let source = |folder: &str, target: &str| Mount::Source {
        folder: folder.to_owned(),
        target: target.to_owned(),
    };
    assert_eq!(
        service(&model, "api").mounts,
        [source("../../..", "/all"), source("../../../api", "/app")]
    );
}

#[test]
fn a_mounted_file_restarts_and_another_one_rebuilds() {
    let mut sketch = Sketch::new(&["api"], &[], &[]);
    let development = &mut sketch.service("api").development;
    development.watched = [
        (path("api/src"), Renewal::Restart),
        (path("api/package.json"), Renewal::Rebuild),
    ]
    .into();
    let model = planned(sketch);
    let watched = &service(&model, "api").watched;
    assert_eq!(watched.get("../../../api/src"), Some(&Action::Restart));
    assert_eq!(watched.get("../../../api/package.json"), Some(&Action::Rebuild));
    assert!(model.guide.watches);
}

#[test]
fn a_port_for_the_developer_is_published_beyond_those_that_need_rights() {
    let mut sketch = Sketch::new(&["api", "web"], &[], &[]);
    sketch.service("api").development.published = [(80, Transport::Tcp), (9229, Transport::Tcp)].into();
    let model = planned(sketch);
    let published = |machine, container| Published {
        machine,
        container,
        transport: Transport::Tcp,
    };
    assert_eq!(
        service(&model, "api").published,
        [published(8080, 80), published(9229, 9229)]
    );
    assert_eq!(service(&model, "api").networks, set(["exoc_entry"]));
    assert_eq!(service(&model, "web").published, []);
}

#[test]
fn one_port_of_the_machine_for_two_developers_is_refused() {
    let mut sketch = Sketch::new(&["api", "web"], &[], &[]);
    for role in ["api", "web"] {
        sketch.service(role).development.published = [(9229, Transport::Tcp)].into();
    }
    assert_eq!(refused(sketch), ["host-port-clash"]);
}

#[test]
fn without_a_test_there_is_no_second_project() {
    assert_eq!(planned(Sketch::new(&["api"], &[], &[])).tests, None);
}

#[test]
fn a_test_runs_once_reached_by_nobody_beside_what_its_service_uses() {
    let mut sketch = Sketch::new(&["api", "db", "web"], &[], &[]);
    sketch.listen("api", &[port("http", 4000, Protocol::Http)]);
    sketch.listen("db", &[port("tcp", 5000, Protocol::Tcp)]);
    sketch.uses("api", "db");
    sketch.uses("web", "api");
    with_test(&mut sketch, "api");
    let development = &mut sketch.service("api").development;
    development.published = [(9229, Transport::Tcp)].into();
    development.watched = [(path("api"), Renewal::Rebuild)].into();
    let model = planned(sketch);
    assert_eq!(names(&model), ["api_test", "db"]);
    let test = suite(&model, "api_test");
    assert_eq!(test.life, Life::Test);
    assert_eq!(test.networks, set(["db"]));
    assert_eq!(test.depends_on, [("db".to_owned(), Started)].into());
    assert_eq!((test.published.len(), test.watched.len()), (0, 0));
    assert_eq!(test.command, Some(vec!["check".into()]));
    assert_eq!(tests(&model).project, "shop_test");
    let networks: Vec<_> = tests(&model).networks.keys().collect();
    assert_eq!(networks, ["db"]);
}

#[test]
fn jobs_before_a_deployment_are_over_before_a_test() {
    let mut sketch = Sketch::new(&["api", "migrate"], &[], &[]);
    sketch.service("migrate").kind = Kind::Job(Job {
        trigger: Trigger::BeforeDeploy { rank: 0 },
        timeout: Seconds(60),
        retries: 0,
    });
    with_test(&mut sketch, "api");
    let model = planned(sketch);
    assert_eq!(names(&model), ["api_test", "migrate"]);
    let waits = &suite(&model, "api_test").depends_on;
    assert_eq!(*waits, [("migrate".to_owned(), Completed)].into());
}

#[test]
fn a_test_waits_for_a_whole_cycle_though_its_members_do_not_wait_for_each_other() {
    let mut sketch = Sketch::new(&["a", "b"], &[], &[]);
    for role in ["a", "b"] {
        sketch.listen(role, &[port("http", 80, Protocol::Http)]);
    }
    sketch.uses("a", "b");
    sketch.uses("b", "a");
    with_test(&mut sketch, "a");
    let model = planned(sketch);
    assert_eq!(names(&model), ["a_test", "a", "b"]);
    let waits: Vec<_> = suite(&model, "a_test").depends_on.keys().collect();
    assert_eq!(waits, ["a", "b"]);
}
