//! Who shares a network with whom.

use super::{plan, planned, planned_with_notes, service, set};
use crate::model::{Network, Reach};
use crate::testing::{Sketch, health, http, port};
use exoc_diagnostics::Sink;
use exoc_ir::{Probe, Protocol};

fn reach(model: &crate::model::Model) -> Vec<(&str, Reach)> {
    let networks = model.networks.iter();
    networks
        .map(
            |(
                name,
                Network {
                    from: _,
                    purpose: _,
                    reach,
                    labels: _,
                },
            )| (name.as_str(), *reach),
        )
        .collect()
}

#[test]
fn a_used_component_has_an_internal_network_with_its_users() {
    let mut sketch = Sketch::new(&["api", "lonely", "web"], &[], &[]);
    sketch.uses("web", "api");
    let (model, notes) = planned_with_notes(sketch);
    assert_eq!(reach(&model), [("api", Reach::Members)]);
    assert_eq!(service(&model, "api").networks, set(["api"]));
    assert_eq!(service(&model, "web").networks, set(["api"]));
    assert_eq!(service(&model, "lonely").networks, set([]));
    assert_eq!(notes, ["compose-edges"]);
}

#[test]
fn a_companion_shares_the_network_of_whom_it_asks() {
    let mut sketch = Sketch::new(&["api"], &[], &[]);
    sketch.listen("api", &[port("tcp", 4000, Protocol::Tcp)]);
    sketch.service("api").workload.health = Some(health(Probe::Tcp { port: 0 }));
    let model = planned(sketch);
    assert_eq!(service(&model, "api").networks, set(["api"]));
    assert_eq!(service(&model, "api_health").networks, set(["api"]));
}

#[test]
fn only_who_uses_the_internet_or_an_external_may_leave() {
    let mut sketch = Sketch::new(&["api", "mail", "web"], &["crm"], &[]);
    sketch.leaves("mail");
    sketch.uses("api", "crm");
    let (model, notes) = planned_with_notes(sketch);
    assert_eq!(reach(&model), [("exoc_internet", Reach::World)]);
    assert_eq!(service(&model, "mail").networks, set(["exoc_internet"]));
    assert_eq!(service(&model, "api").networks, set(["exoc_internet"]));
    assert_eq!(service(&model, "web").networks, set([]));
    assert_eq!(notes, ["compose-edges"]);
}

#[test]
fn who_leaves_alone_meets_nobody() {
    let mut sketch = Sketch::new(&["mail", "web"], &["crm"], &[]);
    sketch.leaves("mail");
    sketch.uses("mail", "crm");
    assert_eq!(planned_with_notes(sketch).1, <[&str; 0]>::default());
}

#[test]
fn the_note_says_who_can_reach_each_other() {
    let said = |uses: bool, leaves: bool| {
        let mut sketch = Sketch::new(&["api", "mail", "web"], &[], &[]);
        if uses {
            sketch.uses("web", "api");
        }
        if leaves {
            sketch.leaves("mail");
            sketch.leaves("web");
        }
        let mut sink = Sink::new();
        plan(&sketch.finish(), "../../..", &mut sink).unwrap();
        let said: Vec<String> = sink.into_sorted().into_iter().map(|note| note.message).collect();
        said.join("; ")
    };
    assert_eq!(said(false, false), "");
    let users = "compose lets the users of one component reach each other, on any port";
    assert_eq!(said(true, false), users);
    assert_eq!(said(true, true), format!("{users}, and so do all who may leave"));
    assert_eq!(
        said(false, true),
        "compose lets all who may leave reach each other, on any port"
    );
}

#[test]
fn public_services_meet_the_gateway_and_not_each_other() {
    let mut sketch = Sketch::new(&["api", "web"], &[], &[]);
    for (role, path) in [("api", "/api"), ("web", "/")] {
        sketch.listen(role, &[port("http", 4000, Protocol::Http)]);
        sketch.door(role, 0, http("localhost", path));
    }
    let model = planned(sketch);
    assert_eq!(service(&model, "api").networks, set(["api"]));
    assert_eq!(service(&model, "web").networks, set(["web"]));
    let gateway = service(&model, "exoc_gateway");
    assert_eq!(gateway.networks, set(["api", "exoc_entry", "web"]));
}

#[test]
fn a_published_service_that_may_leave_publishes_over_the_network_to_the_world() {
    for leaves in [false, true] {
        let mut sketch = Sketch::new(&["web"], &[], &[]);
        sketch.listen("web", &[port("http", 4000, Protocol::Http)]);
        sketch.door("web", 0, http("localhost", "/"));
        if leaves {
            sketch.leaves("web");
        }
        let network = if leaves { "exoc_internet" } else { "exoc_entry" };
        assert_eq!(service(&planned(sketch), "web").networks, set([network]));
    }
}

#[test]
fn services_that_publish_share_no_network() {
    let mut sketch = Sketch::new(&["a", "b"], &[], &[]);
    for (role, number) in [("a", 5000), ("b", 5001)] {
        sketch.listen(role, &[port("grpc", number, Protocol::Grpc)]);
        sketch.door(role, 0, http(&format!("{role}.localhost"), "/"));
    }
    let model = planned(sketch);
    assert_eq!(service(&model, "a").networks, set(["exoc_entry_a"]));
    assert_eq!(service(&model, "b").networks, set(["exoc_entry_b"]));
}

#[test]
fn networks_with_the_same_members_are_one() {
    let mut sketch = Sketch::new(&["api", "db", "web"], &[], &[]);
    sketch.uses("web", "api");
    sketch.uses("api", "web");
    sketch.uses("api", "db");
    let model = planned(sketch);
    assert_eq!(reach(&model), [("api", Reach::Members), ("db", Reach::Members)]);
    assert_eq!(service(&model, "web").networks, set(["api"]));
    let purpose = "For `api` and `web`, whose networks would have the same members.";
    assert_eq!(model.networks["api"].purpose.as_deref(), Some(purpose));
    assert_eq!(model.networks["db"].purpose, None);
}
