//! What holds topics and the queues that subscribe to them.

use super::{names, planned, refused, service, set};
use crate::model::Condition;
use crate::testing::Sketch;
use exoc_ir::{Engine, MilliCpu, Product, Reference};

/// Two topics that share a queue, one that nobody subscribes to, and a queue that subscribes to nothing.
fn sketch() -> Sketch {
    let backings = ["apples", "both", "lone", "pears", "plain"];
    let mut sketch = Sketch::new(&["reader", "writer"], &backings, &[]);
    for topic in ["apples", "lone", "pears"] {
        sketch.messages(topic, Product::Topic, &[]);
    }
    sketch.messages("both", Product::Queue, &["apples", "pears"]);
    sketch.messages("plain", Product::Queue, &[]);
    sketch.uses("reader", "both");
    sketch.uses("writer", "pears");
    sketch
}

#[test]
fn topics_that_share_a_queue_are_one_container_with_it() {
    let model = planned(sketch());
    assert_eq!(names(&model), ["reader", "writer", "apples", "lone", "plain"]);
    let images = ["apples", "lone", "plain"].map(|name| format!("{:?}", service(&model, name).image));
    assert_eq!(images[0], images[1]);
    assert_ne!(images[0], images[2]);
}

#[test]
fn the_container_is_found_under_the_role_that_each_network_is_for() {
    let model = planned(sketch());
    let held = service(&model, "apples");
    assert_eq!(held.networks, set(["both", "pears"]));
    assert_eq!(held.aliases["both"], set(["both", "us-east-1.apples"]));
    assert_eq!(held.aliases["pears"], set(["pears"]));
    assert_eq!(service(&model, "reader").networks, set(["both"]));
}

#[test]
fn whoever_uses_a_queue_that_a_topic_holds_waits_for_the_topic() {
    let model = planned(sketch());
    let waits = &service(&model, "reader").depends_on;
    assert_eq!(waits.get("apples"), Some(&Condition::Healthy));
    assert_eq!(waits.len(), 1);
}

#[test]
fn the_container_has_what_all_that_it_holds_need_together() {
    let model = planned(sketch());
    assert_eq!(service(&model, "apples").cpu, MilliCpu(750));
    assert_eq!(service(&model, "lone").cpu, MilliCpu(250));
}

#[test]
fn ports_are_those_that_queue_and_topic_have_alone() {
    let model = planned(sketch());
    let ports = |name: &str| service(&model, name).labels["exoc.ports"].clone();
    assert_eq!(ports("apples"), "sns=4100/tcp sqs=9324/tcp");
    assert_eq!(ports("lone"), "sns=4100/tcp");
    assert_eq!(ports("plain"), "sqs=9324/tcp");
}

#[test]
fn an_image_of_a_queue_that_a_topic_holds_is_refused() {
    let mut sketch = sketch();
    if let Engine::Managed(managed) = &mut sketch.backing("both").engine {
        managed.image = Reference::parse("example/queue:1");
    }
    assert_eq!(refused(sketch), ["target-limit", "compose-edges"]);
}
