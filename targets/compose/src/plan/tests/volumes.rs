//! Volumes of components, and who gives them to their users.

use super::{names, planned, planned_with_notes, refused, service, set};
use crate::model::{Condition, Life, Mount, Seed};
use crate::testing::Sketch;
use exoc_ir::{
    Access, Availability, Bytes, Capabilities, Component, Id, Job, Kind, Owner, Seconds, Trigger, User,
    Volume,
};

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
            writer: Some(writer),
        });
        let web = &mut sketch.services[0];
        web.scale.overlap = false;
        web.workload.security.user = writer;
        let mount = exoc_ir::Mount {
            volume: Id::new(index),
            access: Access::Write,
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
        access: Access::Write,
        seed: Seed::Image,
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
    other.workload.mounts = [(
        "/b".to_owned(),
        exoc_ir::Mount {
            volume: Id::new(1),
            access: Access::Write,
        },
    )]
    .into();
    sketch.services.push(other);
    sketch.volumes.push(Volume {
        owner: Owner::Component {
            component: Component::Service(Id::new(1)),
            name: "b".to_owned(),
        },
        size: None,
        writer: Some(NOBODY),
    });
    assert_eq!(refused(sketch), ["derived-name-clash"]);
}

/// A sketch whose services `a`, `b` and `reader` mount one volume; the last only reads it, as another user.
fn with_shared(writer: User) -> Sketch {
    let mut sketch = Sketch::new(&["a", "b", "reader"], &[], &[]);
    sketch.volumes.push(Volume {
        owner: Owner::Shared {
            role: "media".to_owned(),
            identity: "uploads".to_owned(),
            availability: Availability::Single,
            backups: None,
        },
        size: Some(Bytes::gibi(10)),
        writer: Some(writer),
    });
    for (role, access) in [
        ("a", Access::Write),
        ("b", Access::Write),
        ("reader", Access::Read),
    ] {
        let workload = &mut sketch.service(role).workload;
        let mount = exoc_ir::Mount {
            volume: Id::new(0),
            access,
        };
        workload.mounts.insert(format!("/{role}"), mount);
        if access == Access::Write {
            workload.security.user = writer;
        }
    }
    sketch
}

/// How a service has the volume of [`with_shared`].
fn shared(role: &str, access: Access, seed: Seed) -> [Mount; 1] {
    [Mount::Volume {
        volume: "uploads".to_owned(),
        target: format!("/{role}"),
        access,
        seed,
    }]
}

#[test]
fn a_shared_volume_is_one_for_all_who_mount_it_and_follows_its_identity() {
    let model = planned(with_shared(NOBODY));
    assert_eq!(model.volumes.keys().collect::<Vec<_>>(), ["uploads"]);
    for (role, access) in [
        ("a", Access::Write),
        ("b", Access::Write),
        ("reader", Access::Read),
    ] {
        let mounts = &service(&model, role).mounts;
        assert_eq!(*mounts, shared(role, access, Seed::Nothing));
    }
    let whose = &model.guide.volumes["uploads"];
    assert_eq!(*whose, set(["a", "b", "reader"]));
}

#[test]
fn one_companion_gives_a_shared_volume_to_its_writers_before_anybody_mounts_it() {
    let model = planned(with_shared(NOBODY));
    let companion = service(&model, "media_volumes");
    let words = ["chown", "1000:2000", "/volumes/media"].map(Into::into);
    assert_eq!(companion.command, Some(words.to_vec()));
    assert_eq!(
        companion
            .mounts
            .iter()
            .filter_map(Mount::volume)
            .collect::<Vec<_>>(),
        ["uploads"]
    );
    assert_eq!((companion.life, companion.user), (Life::Once, Some((0, 0))));
    assert_eq!(companion.capabilities, Capabilities::Only(set(["CHOWN"])));
    for role in ["a", "b", "reader"] {
        let waits = &service(&model, role).depends_on;
        assert_eq!(
            *waits,
            [("media_volumes".to_owned(), Condition::Completed)].into()
        );
    }
}

#[test]
fn a_shared_volume_opens_no_network() {
    let model = planned(with_shared(NOBODY));
    assert!(model.networks.is_empty());
    for role in ["a", "b", "reader", "media_volumes"] {
        assert!(service(&model, role).networks.is_empty(), "{role}");
    }
}

#[test]
fn a_shared_volume_of_root_or_of_an_images_user_needs_no_companion() {
    let root = User::Ids { user: 0, group: 0 };
    // Only the image knows to whom its folder belongs.
    for (writer, seed) in [(User::FromImage, Seed::Image), (root, Seed::Nothing)] {
        let model = planned(with_shared(writer));
        assert_eq!(names(&model), ["a", "b", "reader"]);
        assert_eq!(service(&model, "a").mounts, shared("a", Access::Write, seed));
        let reader = shared("reader", Access::Read, Seed::Nothing);
        assert_eq!(service(&model, "reader").mounts, reader);
    }
}

#[test]
fn a_volume_that_nobody_writes_is_given_to_nobody() {
    let mut sketch = with_shared(NOBODY);
    sketch.volumes[0].writer = None;
    for role in ["a", "b"] {
        let mounts = &mut sketch.service(role).workload.mounts;
        mounts.values_mut().for_each(|mount| mount.access = Access::Read);
    }
    let model = planned(sketch);
    assert_eq!(names(&model), ["a", "b", "reader"]);
    assert!(model.volumes.contains_key("uploads"));
}

#[test]
fn the_companion_of_a_shared_volume_starts_with_the_first_who_needs_it() {
    let on_demand = || {
        Kind::Job(Job {
            trigger: Trigger::OnDemand,
            timeout: Seconds(60),
            retries: 0,
        })
    };
    let mut sketch = with_shared(NOBODY);
    sketch.service("a").kind = on_demand();
    sketch.service("b").kind = on_demand();
    assert_eq!(service(&planned(sketch), "media_volumes").life, Life::Once);
    let mut sketch = with_shared(NOBODY);
    for role in ["a", "b", "reader"] {
        sketch.service(role).kind = on_demand();
    }
    assert_eq!(service(&planned(sketch), "media_volumes").life, Life::OnDemand);
}

#[test]
fn the_companion_of_a_shared_volume_is_off_when_all_who_mount_it_are() {
    let off = |roles: &[&str]| {
        let mut sketch = with_shared(NOBODY).elsewhere();
        for role in roles {
            let scale = &mut sketch.service(role).scale;
            (scale.min, scale.max) = (0, 0);
        }
        service(&planned(sketch), "media_volumes").replicas
    };
    assert_eq!(off(&["a", "b"]), None);
    assert_eq!(off(&["a", "b", "reader"]), Some(0));
}

#[test]
fn a_shared_volume_that_is_called_as_one_of_its_own_is_refused() {
    let mut sketch = with_shared(NOBODY);
    let component = sketch.component("a");
    sketch.volumes.push(Volume {
        owner: Owner::Component {
            component,
            name: "b".to_owned(),
        },
        size: None,
        writer: Some(NOBODY),
    });
    let Owner::Shared { identity, .. } = &mut sketch.volumes[0].owner else {
        panic!("the first volume is shared")
    };
    *identity = "a-b".to_owned();
    assert_eq!(refused(sketch), ["derived-name-clash"]);
}

#[test]
fn the_test_of_a_service_writes_what_is_shared_and_has_none_of_its_own_data() {
    let mut sketch = with_shared(NOBODY);
    let component = sketch.component("a");
    sketch.volumes.push(Volume {
        owner: Owner::Component {
            component,
            name: "own".to_owned(),
        },
        size: None,
        writer: Some(NOBODY),
    });
    let a = sketch.service("a");
    a.scale.overlap = false;
    a.development.test = Some(vec![exoc_ir::Value::literal("check")]);
    let mount = exoc_ir::Mount {
        volume: Id::new(1),
        access: Access::Write,
    };
    a.workload.mounts.insert("/own".to_owned(), mount);
    let tests = planned(sketch).tests.unwrap();
    let suite = &tests.services["a_test"];
    assert_eq!(suite.mounts, shared("a", Access::Write, Seed::Nothing));
    assert!(suite.tmpfs.contains_key("/own"));
    assert_eq!(
        suite.depends_on,
        [("media_volumes".to_owned(), Condition::Completed)].into()
    );
    assert_eq!(tests.volumes.keys().collect::<Vec<_>>(), ["uploads"]);
    assert!(tests.services.contains_key("media_volumes"));
}

#[test]
fn the_size_of_a_shared_volume_is_noted_where_it_is_written() {
    let (_, notes) = planned_with_notes(with_shared(NOBODY));
    assert!(notes.is_empty(), "{notes:?}");
    let mut sketch = with_shared(NOBODY);
    sketch.writes_of_volume(0, "storage");
    let (_, notes) = planned_with_notes(sketch);
    assert_eq!(notes, ["volume-size"]);
}
