//! Volumes of components, and who gives them to their users.

use super::{planned, refused, service};
use crate::model::{Condition, Life, Mount};
use crate::testing::Sketch;
use exoc_ir::{Component, Id, Job, Kind, Owner, Seconds, Trigger, User, Volume};

/// A sketch whose first service `web` writes volumes of these names, each in a folder of its name.
fn with_volumes(names: &[&str], writer: User) -> Sketch {
    let mut sketch = Sketch::new(&["web"], &[], &[]);
    let component = Component::Service(Id::new(0));
    for (index, name) in names.iter().enumerate() {
        sketch.volumes.push(Volume {
            owner: Owner::Component {
                component,
                name: (*name).to_owned(),
            },
            size: None,
            writer,
        });
        let web = &mut sketch.services[0];
        web.scale.overlap = false;
        let mount = exoc_ir::Mount {
            volume: Id::new(index),
        };
        web.workload.mounts.insert(format!("/{name}"), mount);
    }
    sketch
}

const NOBODY: User = User::Ids {
    user: 1000,
    group: 2000,
};

#[test]
fn a_volume_is_named_after_the_identity_and_lies_where_the_manifest_says() {
    let mut sketch = with_volumes(&["data"], NOBODY);
    sketch.services[0].identity = "site".to_owned();
    let model = planned(sketch);
    let volumes: Vec<&String> = model.volumes.keys().collect();
    assert_eq!(volumes, ["site-data"]);
    let lies = Mount::Volume {
        volume: "site-data".to_owned(),
        target: "/data".to_owned(),
    };
    assert_eq!(service(&model, "web").mounts, [lies]);
}

#[test]
fn a_companion_gives_the_volumes_to_their_user_before_the_service_starts() {
    let model = planned(with_volumes(&["a", "b"], NOBODY));
    let companion = service(&model, "web_volumes");
    let words = ["chown", "1000:2000", "/volumes/a", "/volumes/b"].map(Into::into);
    assert_eq!(companion.command, Some(words.to_vec()));
    assert_eq!(companion.life, Life::Once);
    assert!(companion.networks.is_empty());
    let waits = service(&model, "web").depends_on.get("web_volumes");
    assert_eq!(waits, Some(&Condition::Completed));
}

#[test]
fn the_companion_of_a_job_on_demand_is_left_alone_by_up_as_the_job_is() {
    let mut sketch = with_volumes(&["data"], NOBODY);
    sketch.service("web").kind = Kind::Job(Job {
        trigger: Trigger::OnDemand,
        timeout: Seconds(60),
        retries: 0,
    });
    let model = planned(sketch);
    assert_eq!(service(&model, "web").life, Life::OnDemand);
    assert_eq!(service(&model, "web_volumes").life, Life::OnDemand);
    assert!(!model.services.contains_key("exoc_deployed"));
}

#[test]
fn root_and_the_user_of_an_image_need_no_companion() {
    for writer in [User::FromImage, User::Ids { user: 0, group: 0 }] {
        let model = planned(with_volumes(&["data"], writer));
        assert!(!model.services.contains_key("web_volumes"), "{writer:?}");
        assert!(service(&model, "web").depends_on.is_empty());
    }
}

#[test]
fn two_volumes_of_one_derived_name_are_refused() {
    let mut sketch = with_volumes(&["a-b"], NOBODY);
    let mut other = sketch.services[0].clone();
    other.role = "web-a".to_owned();
    other.identity = "web-a".to_owned();
    other.workload.mounts = [("/b".to_owned(), exoc_ir::Mount { volume: Id::new(1) })].into();
    sketch.services.push(other);
    sketch.volumes.push(Volume {
        owner: Owner::Component {
            component: Component::Service(Id::new(1)),
            name: "b".to_owned(),
        },
        size: None,
        writer: NOBODY,
    });
    assert_eq!(refused(sketch), ["derived-name-clash"]);
}
