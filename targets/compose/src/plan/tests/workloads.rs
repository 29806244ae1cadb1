//! Images, values, security and numbers of what runs.

use super::{planned, planned_with_notes, refused, service};
use crate::model::{Build, Mount, Piece, Seed, Text, Variable};
use crate::testing::{Sketch, port, workload};
use exoc_diagnostics::VirtualPath;
use exoc_ir::{
    Access, Attribute, Built, Bytes, Capabilities, Engine, Health, Id, Image, MilliCpu, Part, Probe,
    Protocol, Reference, Scale, Seconds, User, Value,
};

fn built(pinned: Option<&str>) -> Image {
    Image::Built(Built {
        name: "api".to_owned(),
        context: VirtualPath::new("services/api").unwrap(),
        file: Some("Dockerfile.dev".to_owned()),
        stage: Some("run".to_owned()),
        args: [("MODE".to_owned(), "$1".to_owned())].into(),
        platforms: vec!["linux/arm64".to_owned()],
        pinned: pinned.and_then(Reference::parse),
    })
}

/// Two services that share an image that the application builds.
fn with_built_image(pinned: Option<&str>) -> Sketch {
    let mut sketch = Sketch::new(&["api", "migrate"], &[], &[]);
    sketch.images = vec![built(pinned)];
    sketch
}

fn variable(name: &str, complaint: &str) -> Piece {
    Piece::Variable(Variable {
        name: name.to_owned(),
        complaint: complaint.to_owned(),
    })
}

#[test]
fn an_image_is_built_in_the_local_environment_under_one_name_of_no_registry() {
    let mut sketch = with_built_image(Some("ghcr.io/acme/api:1.4.2"));
    sketch.registry = Some("ghcr.io/acme".to_owned());
    let model = planned(sketch);
    let expected = Build {
        context: "../../../services/api".to_owned(),
        dockerfile: Some("Dockerfile.dev".to_owned()),
        target: Some("run".to_owned()),
        args: [("MODE".to_owned(), "$1".to_owned())].into(),
    };
    for role in ["api", "migrate"] {
        assert_eq!(service(&model, role).image, "shop-api:local".into());
        assert_eq!(service(&model, role).build.as_ref(), Some(&expected));
    }
    assert!(model.guide.builds);
}

#[test]
fn elsewhere_an_image_is_what_the_manifest_pins_or_a_variable() {
    let pinned = planned(with_built_image(Some("ghcr.io/acme/api:1.4.2")).elsewhere());
    assert_eq!(service(&pinned, "api").image, "ghcr.io/acme/api:1.4.2".into());
    let mut sketch = with_built_image(None).elsewhere();
    sketch.registry = Some("ghcr.io/acme".to_owned());
    let open = planned(sketch);
    let complaint = "set API_IMAGE in .env to ghcr.io/acme/shop-api with its tag or digest";
    let expected = Text(vec![variable("API_IMAGE", complaint)]);
    for role in ["api", "migrate"] {
        assert_eq!(service(&open, role).image, expected);
        assert_eq!(service(&open, role).build, None);
    }
    assert_eq!(open.project, "shop-staging");
    assert!(open.guide.variables["API_IMAGE"].contains("`ghcr.io/acme/shop-api`"));
}

#[test]
fn a_secret_that_takes_the_variable_of_an_image_is_refused() {
    let mut sketch = Sketch::new(&["api"], &[], &["API_IMAGE"]).elsewhere();
    sketch.images = vec![built(None)];
    assert_eq!(refused(sketch), ["derived-name-clash"]);
    let mut local = Sketch::new(&["api"], &[], &["API_IMAGE"]);
    local.images = vec![built(None)];
    planned(local);
}

#[test]
fn a_secret_is_a_variable_also_inside_a_text() {
    let mut sketch = Sketch::new(&["api"], &["db"], &["DB_ADMINISTRATOR", "DB_PASSWORD", "KEY"]);
    sketch.postgres("db");
    sketch.uses("api", "db");
    let (db, key) = (sketch.backing_id("db"), sketch.secret("KEY"));
    let bearer = [Part::Text("Bearer $".to_owned()), Part::Secret(key)];
    sketch.service("api").workload.environment = [
        ("KEY".to_owned(), Value::new([Part::Secret(key)])),
        ("AUTHORIZATION".to_owned(), Value::new(bearer)),
        (
            "URL".to_owned(),
            Value::new([Part::Attribute(db, Attribute::Url)]),
        ),
        (
            "AT".to_owned(),
            Value::new([
                Part::Text("@".to_owned()),
                Part::Attribute(db, Attribute::Address),
            ]),
        ),
    ]
    .into();
    let model = planned(sketch);
    let api = &service(&model, "api").environment;
    let key = variable("KEY", "set KEY in .env");
    assert_eq!(api["KEY"], Text(vec![key.clone()]));
    let bearer = vec![Piece::Literal("Bearer $".to_owned()), key];
    assert_eq!(api["AUTHORIZATION"], Text(bearer));
    let url = vec![
        Piece::Literal("postgresql://shop:".to_owned()),
        variable("DB_PASSWORD", "set DB_PASSWORD in .env to 32 letters and digits"),
        Piece::Literal("@db:5432/shop".to_owned()),
    ];
    assert_eq!(api["URL"], Text(url));
    assert_eq!(api["AT"], "@db:5432".into());
    let variables: Vec<&str> = model.guide.variables.keys().map(String::as_str).collect();
    assert_eq!(variables, ["DB_ADMINISTRATOR", "DB_PASSWORD", "KEY"]);
}

#[test]
fn security_and_numbers_arrive_as_they_are() {
    let mut sketch = Sketch::new(&["root", "user"], &[], &[]);
    let root = &mut sketch.service("root").workload;
    root.security.user = User::Ids { user: 0, group: 0 };
    root.security.root_writable = true;
    root.security.capabilities = Capabilities::Default;
    root.security.privileged = true;
    root.resources.cpu = MilliCpu(1500);
    root.resources.memory = Bytes::gibi(3);
    root.shutdown = Seconds(120);
    let user = &mut sketch.service("user").workload;
    user.security.user = User::FromImage;
    user.security.capabilities = Capabilities::Only(["NET_RAW".to_owned()].into());
    user.scratch.insert("/var/cache".to_owned(), Bytes::mebi(256));
    let model = planned(sketch);
    let root = service(&model, "root");
    assert_eq!(
        (root.user, root.read_only, root.privileged),
        (Some((0, 0)), false, true)
    );
    assert_eq!(root.capabilities, Capabilities::Default);
    assert_eq!((root.cpu, root.memory), (MilliCpu(1500), Bytes::gibi(3)));
    assert_eq!(root.stop_grace_period, Seconds(120));
    let user = service(&model, "user");
    assert_eq!((user.user, user.read_only, user.privileged), (None, true, false));
    assert_eq!(
        user.capabilities,
        Capabilities::Only(["NET_RAW".to_owned()].into())
    );
    assert_eq!(user.tmpfs["/var/cache"], Bytes::mebi(256));
    assert!(!user.init && !root.init);
}

#[test]
fn a_folder_that_compose_cannot_name_is_refused() {
    let mut sketch = Sketch::new(&["api"], &["box"], &[]);
    let mut container = workload();
    container.scratch.insert("/a:b".to_owned(), Bytes::mebi(1));
    sketch.backing("box").engine = Engine::Container(container);
    assert_eq!(refused(sketch), ["target-limit"]);
}

#[test]
fn the_data_of_a_dependency_follows_its_identity() {
    let mut sketch = Sketch::new(&["api"], &["db"], &["DB_ADMINISTRATOR", "DB_PASSWORD"]);
    sketch.postgres("db");
    sketch.backing("db").identity = "old".to_owned();
    sketch.uses("api", "db");
    let model = planned(sketch);
    assert_eq!(model.volumes.keys().collect::<Vec<_>>(), ["old-data"]);
    let db = service(&model, "db");
    assert_eq!(
        db.mounts,
        [
            Mount::Volume {
                volume: "old-data".to_owned(),
                access: Access::Write,
                seed: Seed::Image,
                target: "/var/lib/postgresql/data".to_owned(),
            },
            Mount::File {
                file: "files/db/docker-entrypoint-initdb.d/10-owner.sh".to_owned(),
                target: "/docker-entrypoint-initdb.d/10-owner.sh".to_owned(),
            },
        ]
    );
    assert!(db.read_only && db.healthcheck.is_some());
    assert_eq!(db.labels["app.kubernetes.io/instance"], "shop-old");
}

#[test]
fn a_size_that_is_written_is_noted_and_a_default_is_not() {
    for written in [false, true] {
        let mut sketch = Sketch::new(&["api"], &["db"], &["DB_ADMINISTRATOR", "DB_PASSWORD"]);
        sketch.postgres("db");
        if written {
            sketch.writes("db", "storage");
        }
        let (_, notes) = planned_with_notes(sketch);
        assert_eq!(notes.contains(&"volume-size"), written);
    }
}

#[test]
fn a_service_that_is_switched_off_runs_in_the_local_environment_alone() {
    let off = || {
        let mut sketch = Sketch::new(&["api", "web"], &[], &[]);
        sketch.service("api").scale = Scale {
            min: 0,
            max: 0,
            cpu: None,
            memory: None,
            requests: None,
            overlap: true,
        };
        sketch.listen("api", &[port("http", 80, Protocol::Http)]);
        sketch.service("api").workload.health = Some(Health {
            probe: Probe::Tcp { port: 0 },
            interval: Seconds(10),
            timeout: Seconds(3),
            retries: 3,
            start: Seconds(30),
        });
        sketch.uses("web", "api");
        sketch
    };
    let (local, notes) = planned_with_notes(off());
    assert_eq!(service(&local, "api").replicas, None);
    assert!(notes.contains(&"one-replica"));
    let (elsewhere, notes) = planned_with_notes(off().elsewhere());
    assert_eq!(service(&elsewhere, "api").replicas, Some(0));
    assert_eq!(service(&elsewhere, "api_health").replicas, Some(0));
    assert!(service(&elsewhere, "web").depends_on.is_empty());
    assert!(!notes.contains(&"one-replica"));
}

#[test]
fn the_owner_is_on_everything_but_volumes() {
    let mut sketch = Sketch::new(&["api", "web"], &[], &[]);
    sketch.app.owner = Some("team-checkout".to_owned());
    sketch.uses("web", "api");
    let model = planned(sketch);
    assert!(
        model
            .services
            .values()
            .all(|service| service.labels["owner"] == "team-checkout")
    );
    assert!(
        model
            .networks
            .values()
            .all(|network| network.labels["owner"] == "team-checkout")
    );
}

#[test]
fn labels_tell_what_a_components_data_is_called_and_what_kind_it_is() {
    let mut sketch = Sketch::new(&["api"], &[], &[]);
    sketch.service("api").identity = "old".to_owned();
    let model = planned(sketch);
    let label = |key: &str| service(&model, "api").labels[&format!("app.kubernetes.io/{key}")].clone();
    assert_eq!(
        (label("name"), label("instance")),
        ("old".to_owned(), "shop-old".to_owned())
    );
    assert_eq!(
        (label("component"), label("part-of")),
        ("worker".to_owned(), "shop".to_owned())
    );
}

#[test]
fn images_are_found_by_id() {
    let mut sketch = Sketch::new(&["a", "b"], &[], &[]);
    sketch
        .images
        .push(Image::Pinned(Reference::parse("nginx:1.29").unwrap()));
    sketch.service("b").workload.image = Id::new(1);
    let model = planned(sketch);
    assert_eq!(service(&model, "a").image, "busybox:1.37.0-musl".into());
    assert_eq!(service(&model, "b").image, "nginx:1.29".into());
}
