//! Applications that would have more networks than one application may: which are joined, and what is said of it.

use super::{plan, planned, planned_with_notes, service, set};
use crate::model::{Model, Reach};
use crate::testing::{Sketch, http, port};
use exoc_diagnostics::Sink;
use exoc_ir::{Product, Protocol, Value};
use std::collections::{BTreeMap, BTreeSet};

/// A service that uses `count` others.
fn star(count: usize) -> Sketch {
    let roles: Vec<String> = (0..count).map(|number| format!("s{number:02}")).collect();
    let mut all: Vec<&str> = roles.iter().map(String::as_str).collect();
    all.push("hub");
    let mut sketch = Sketch::new(&all, &[], &[]);
    for role in &roles {
        sketch.uses("hub", role);
    }
    sketch
}

/// The text of the note, if there is one.
fn told(sketch: Sketch) -> Option<String> {
    let mut sink = Sink::new();
    plan(&sketch.finish(), "../../..", &mut sink).unwrap();
    let notes = sink.into_sorted().into_iter();
    let mut notes = notes.filter(|note| note.code.name == "compose-few-networks");
    let told = notes.next().map(|note| note.message);
    assert!(notes.next().is_none(), "it is told twice");
    told
}

/// The components of each network.
fn members(model: &Model) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut members: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, service) in &model.services {
        for network in &service.networks {
            members.entry(network).or_default().insert(name);
        }
    }
    members
}

#[test]
fn up_to_8_networks_are_as_they_are_drawn_and_nothing_is_said() {
    let model = planned(star(8));
    assert_eq!(model.networks.len(), 8);
    assert_eq!(service(&model, "hub").networks.len(), 8);
    assert_eq!(service(&model, "s03").networks, set(["s03"]));
    assert!(model.networks.values().all(|network| network.purpose.is_none()));
    assert_eq!(told(star(8)), None);
}

#[test]
fn a_ninth_joins_the_first_two_of_those_that_cost_the_same() {
    let (model, notes) = planned_with_notes(star(9));
    let names: Vec<&str> = model.networks.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        ["exoc_shared_1", "s02", "s03", "s04", "s05", "s06", "s07", "s08"]
    );
    assert_eq!(members(&model)["exoc_shared_1"], ["hub", "s00", "s01"].into());
    assert_eq!(
        model.networks["exoc_shared_1"].purpose.as_deref(),
        Some("For `s00` and `s01` together: an application has at most 8 networks.")
    );
    assert_eq!(model.networks["exoc_shared_1"].reach, Reach::Members);
    assert_eq!(notes, ["compose-edges", "compose-few-networks"]);
    assert_eq!(
        told(star(9)).unwrap(),
        "compose joins 9 networks to 8: 3 components share networks, which lets 1 more pair of them reach each other, on \
         any port"
    );
}

#[test]
fn a_comment_names_six_and_counts_the_others() {
    let model = planned(star(60));
    let longest = model
        .networks
        .values()
        .filter_map(|network| network.purpose.as_ref());
    let longest = longest.max_by_key(|purpose| purpose.len()).unwrap();
    assert!(longest.contains(" others together: "), "{longest}");
    assert_eq!(longest.matches('`').count(), 12, "{longest}");
    assert_eq!(model.networks.len(), 8);
}

#[test]
fn those_whose_members_meet_anyway_are_joined_first() {
    let mut sketch = star(10);
    for (from, to) in [("s09", "s04"), ("s09", "s05"), ("s05", "s04")] {
        sketch.uses(from, to);
    }
    let model = planned(sketch);
    let names: Vec<&str> = model.networks.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        ["exoc_shared_1", "s00", "s01", "s02", "s03", "s06", "s07", "s08"]
    );
    let joined = &members(&model)["exoc_shared_1"];
    assert_eq!(*joined, ["hub", "s04", "s05", "s09"].into());
}

#[test]
fn nothing_is_said_where_all_members_meet_anyway() {
    let mut sketch = star(9);
    sketch.uses("s07", "s08");
    let (model, notes) = planned_with_notes(sketch);
    assert_eq!(model.networks.len(), 8);
    assert_eq!(members(&model)["exoc_shared_1"], ["hub", "s07", "s08"].into());
    assert_eq!(notes, ["compose-edges"]);
}

/// Services that publish a port each, a hub that uses them all, and one that leaves.
fn published(count: usize) -> Sketch {
    let mut sketch = star(count);
    for number in 0..count {
        let role = format!("s{number:02}");
        let port = port("grpc", 5000 + u16::try_from(number).unwrap(), Protocol::Grpc);
        sketch.listen(&role, &[port]);
        sketch.door(&role, 0, http(&format!("{role}.localhost"), "/"));
    }
    sketch.leaves("hub");
    sketch
}

#[test]
fn only_networks_of_one_kind_are_joined() {
    for count in [5, 12, 70] {
        let model = planned(published(count));
        assert!(model.networks.len() <= 8, "{count}");
        let members = members(&model);
        assert_eq!(members["exoc_internet"], ["hub"].into());
        for (name, network) in &model.networks {
            let reach = match name.as_str() {
                "exoc_internet" => Reach::World,
                name if name.starts_with("exoc_entry") => Reach::Entry,
                _ => Reach::Members,
            };
            assert_eq!(network.reach, reach, "{name}");
            assert!(reach != Reach::Entry || !members[name.as_str()].contains("hub"));
        }
        for number in 0..count {
            let networks = &service(&model, &format!("s{number:02}")).networks;
            let entries = networks.iter().filter(|name| name.starts_with("exoc_entry"));
            assert_eq!(entries.count(), 1, "{number} of {count}");
        }
    }
}

#[test]
fn more_than_60_of_one_kind_become_one() {
    let model = planned(star(61));
    let names: Vec<&String> = model.networks.keys().collect();
    assert_eq!(names, ["exoc_components"]);
    assert_eq!(
        told(star(61)).unwrap(),
        "compose joins 61 networks to 1: 62 components share networks, which lets 1830 more pairs of them reach each \
         other, on any port"
    );
    let model = planned(published(61));
    let names: Vec<&String> = model.networks.keys().collect();
    assert_eq!(names, ["exoc_components", "exoc_entry_shared_1", "exoc_internet"]);
}

#[test]
fn every_edge_is_inside_of_a_network_however_many_there_are() {
    for count in [7_usize, 20, 59, 60, 200, 1000] {
        let roles: Vec<String> = (0..count).map(|number| format!("s{number:04}")).collect();
        let all: Vec<&str> = roles.iter().map(String::as_str).collect();
        let mut sketch = Sketch::new(&all, &[], &[]);
        let mut edges = Vec::new();
        for (number, role) in roles.iter().enumerate() {
            for step in [1, 7, 31] {
                // At most 60 are used.
                let callee = &roles[(number * step + step) % count.min(60)];
                if callee != role && !edges.contains(&(role, callee)) {
                    edges.push((role, callee));
                    sketch.uses(role, callee);
                }
            }
        }
        let model = planned(sketch);
        assert!(model.networks.len() <= 8, "{count}");
        for (from, to) in edges {
            let (from, to) = (service(&model, from), service(&model, to));
            assert!(!from.networks.is_disjoint(&to.networks));
        }
    }
}

#[test]
fn a_test_is_in_no_joined_network_for_its_service_alone() {
    let mut sketch = star(12);
    sketch.uses("s11", "s10");
    for role in ["s00", "s11"] {
        sketch.service(role).development.test = Some(vec![Value::literal("check")]);
    }
    let model = planned(sketch);
    let tests = model.tests.as_ref().unwrap();
    assert!(!service(&model, "s00").networks.is_empty());
    assert!(tests.services["s00_test"].networks.is_empty());
    let networks = &tests.services["s11_test"].networks;
    assert!(networks.iter().eq(&service(&model, "s10").networks));
    assert!(tests.networks.keys().eq(networks));
}

#[test]
fn a_topics_server_answers_in_a_joined_network_to_all_that_are_reached_there() {
    let services = ["hub", "reader", "s0", "s1", "s2", "s3", "s4", "s5", "writer"];
    let mut sketch = Sketch::new(&services, &["apples", "queue"], &[]);
    sketch.messages("apples", Product::Topic, &[]);
    sketch.messages("queue", Product::Queue, &["apples"]);
    sketch.uses("writer", "apples");
    sketch.uses("reader", "queue");
    // So all three meet already.
    sketch.uses("writer", "reader");
    for number in 0..6 {
        sketch.uses("hub", &format!("s{number}"));
    }
    let held = planned(sketch);
    let held = service(&held, "apples");
    assert_eq!(held.networks, set(["exoc_shared_1"]));
    assert_eq!(held.aliases["exoc_shared_1"], set(["queue", "us-east-1.apples"]));
}
