//! Dependencies that exist already, and subscriptions of queues.

use crate::support::{faults, program};
use exoc_ir::{Attribute, Backing, Callee, Component, Engine, Program};

const FILES: [(&str, &str); 1] = [(
    "application.yml",
    "\
name: shop
secrets: { LOGIN: {} }
dependencies:
  db: { type: valkey, version: \"9.0\", memory: 2Gi, parameters: { maxmemory-policy: noeviction } }
  bus: { type: kafka, existing: { brokers: \"a.example.com:9092,b.example.com:9093\", tls: true, username: me } }
services:
  web:
    image: nginx:1.29
    security: { user: 7 }
    uses: [db]
    environment:
      BUS_LOGIN: ${dependencies.bus.password}
      BUS_USER: ${dependencies.bus.username}
environments:
  kept:
    dependencies:
      db:
        existing:
          url: rediss://:${secrets.LOGIN}@db.example.com
          host: db.example.com
          port: 6380
          address: db.example.com:6380
          password: ${secrets.LOGIN}
          tls: true
  made:
    dependencies:
      bus: { existing: null, version: \"4.3\" }
      db: { memory: 3Gi }
  other:
    dependencies:
      bus: { existing: { username: you } }
      db: { type: external, url: \"tcp://db.example.com:1\" }
",
)];

fn engine<'p>(program: &'p Program, role: &str) -> &'p Engine {
    let backing = |(_, backing): (_, &'p Backing)| (backing.role == role).then_some(&backing.engine);
    program.backings().iter().find_map(backing).unwrap()
}

fn variable<'p>(program: &'p Program, name: &str) -> Option<&'p str> {
    let (_, web) = program.services().iter().next().unwrap();
    web.workload.environment.get(name)?.text()
}

/// The ports that a role's users reach, if it has any.
fn reached(program: &Program, role: &str) -> Vec<u16> {
    let ends_there = |to: Callee| match to {
        Callee::Component(component @ Component::Backing(_)) => program.role(component) == role,
        Callee::Component(Component::Service(_)) | Callee::World => false,
    };
    let edges = program.edges().iter().filter(|edge| ends_there(edge.to));
    edges
        .flat_map(|edge| edge.ports.iter().map(|port| port.number))
        .collect()
}

#[test]
fn what_exists_keeps_its_type_and_nothing_of_what_was_to_be_made() {
    let program = program(&FILES, "kept");
    let Engine::Existing(existing) = engine(&program, "db") else {
        panic!("db exists");
    };
    assert_eq!(existing.product.word(), "valkey");
    assert_eq!(existing.hosts, ["db.example.com"]);
    assert_eq!(variable(&program, "DB_PORT"), Some("6380"));
    assert_eq!(reached(&program, "db"), [6380]);
    // The one that was declared, and none for a product that is not made.
    let secrets: Vec<&str> = program
        .secrets()
        .iter()
        .map(|(_, secret)| secret.name.as_str())
        .collect();
    assert_eq!(secrets, ["LOGIN"]);
}

#[test]
fn every_broker_of_what_exists_is_reached() {
    let program = program(&FILES, "kept");
    assert_eq!(reached(&program, "bus"), [9092, 9093]);
}

#[test]
fn a_variable_that_is_nothing_but_a_missing_optional_attribute_is_left_out() {
    let program = program(&FILES, "kept");
    assert_eq!(variable(&program, "BUS_LOGIN"), None);
    assert_eq!(variable(&program, "BUS_USER"), Some("me"));
}

#[test]
fn null_takes_it_back_and_the_product_is_made() {
    let program = program(&FILES, "made");
    let Engine::Managed(managed) = engine(&program, "bus") else {
        panic!("bus is made");
    };
    assert_eq!(managed.version.as_deref(), Some("4.3"));
    let Engine::Managed(managed) = engine(&program, "db") else {
        panic!("db is made");
    };
    assert_eq!(managed.resources.memory.as_mebi(), 3072);
}

#[test]
fn layers_of_what_exists_merge_attribute_by_attribute() {
    let program = program(&FILES, "other");
    let Engine::Existing(existing) = engine(&program, "bus") else {
        panic!("bus exists");
    };
    let text = |attribute| existing.attributes.get(&attribute).and_then(|value| value.text());
    assert_eq!(text(Attribute::Username), Some("you"));
    assert_eq!(text(Attribute::Tls), Some("true"));
}

#[test]
fn another_type_replaces_the_dependency_as_a_whole() {
    let program = program(&FILES, "other");
    assert!(matches!(engine(&program, "db"), Engine::External(_)));
    assert_eq!(variable(&program, "DB_ADDRESS"), Some("db.example.com:1"));
    assert_eq!(variable(&program, "DB_PASSWORD"), None);
}

#[test]
fn a_missing_optional_attribute_inside_a_text_is_a_fault() {
    let text = "\
name: shop
dependencies: { bus: { type: kafka, existing: { brokers: \"a.example.com:9092\", tls: true } } }
services:
  web:
    image: nginx:1.29
    security: { user: 7 }
    environment: { LOGIN: \"x-${dependencies.bus.password}\" }
";
    assert_eq!(faults(text), "EX0205 application.yml:7 password\n");
}

#[test]
fn a_queue_names_the_topics_that_reach_it() {
    let text = "\
name: shop
dependencies:
  a: topic
  b: topic
  q: { type: queue, subscribes: [b] }
services:
  web: { image: \"nginx:1.29\", security: { user: 7 }, uses: [a, b, q] }
environments:
  both: { dependencies: { q: { subscribes: [a, b] } } }
  none: { dependencies: { q: { subscribes: null } } }
";
    let subscribed = |environment: &str| {
        let program = program(&[("application.yml", text)], environment);
        let Engine::Managed(queue) = engine(&program, "q") else {
            panic!("q is made");
        };
        let topics = queue.subscribes.iter();
        let roles = topics.map(|id| program.role(Component::Backing(*id)).to_owned());
        roles.collect::<Vec<_>>()
    };
    assert_eq!(subscribed("local"), ["b"]);
    assert_eq!(subscribed("both"), ["a", "b"]);
    assert_eq!(subscribed("none"), Vec::<String>::new());
}
