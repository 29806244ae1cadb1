//! Shared volumes and those of a component's own.

use crate::support::{faults, program};
use exoc_ir::{Access, Availability, Bytes, Callee, Feature, Owner, Program, User};

const FOLDER: &str = "FROM scratch\nUSER 1000:2000\n";

fn shop(text: &str) -> Program {
    program(
        &[
            ("application.yml", text),
            ("api/Dockerfile", FOLDER),
            ("api/service.yml", "volumes: { data: /data }\n"),
            ("web/Dockerfile", FOLDER),
        ],
        "local",
    )
}

/// Of each mount the component, the folder, the place of its volume and what it does there.
fn mounts(program: &Program) -> Vec<(&str, &str, usize, Access)> {
    let of = |(component, workload)| {
        let workload: &exoc_ir::Workload = workload;
        let role = program.role(component);
        let mounts = workload.mounts.iter();
        mounts.map(move |(path, mount)| (role, path.as_str(), mount.volume.index(), mount.access))
    };
    program.workloads().flat_map(of).collect()
}

const MEDIA: &str = "name: shop
dependencies:
  media: { type: volume, storage: 50Gi, was: uploads, backups: 7d, availability: high }
  plain: volume
  scan: { type: container, image: \"scan:1.0\", port: 90, volumes: { media: { path: /scan, read-only: true } } }
services:
  web: { location: ./web, volumes: { media: /srv, plain: /plain, own: /own } }
  worker: { location: ./web, uses: [scan], volumes: { media: { path: /media, read-only: false } } }
";

#[test]
fn a_shared_volume_is_one_node_whoever_mounts_it() {
    let program = shop(MEDIA);
    let volumes: Vec<_> = program
        .volumes()
        .iter()
        .map(|(_, volume)| volume.clone())
        .collect();
    let writer = Some(User::Ids {
        user: 1000,
        group: 2000,
    });
    let shared = |role: &str, identity: &str, availability, backups| Owner::Shared {
        role: role.to_owned(),
        identity: identity.to_owned(),
        availability,
        backups,
    };
    assert_eq!(volumes.len(), 3);
    assert_eq!(
        volumes[0].owner,
        shared("media", "uploads", Availability::High, Some(7))
    );
    assert_eq!(
        (volumes[0].size, volumes[0].writer),
        (Some(Bytes::gibi(50)), writer)
    );
    assert_eq!(
        volumes[1].owner,
        shared("plain", "plain", Availability::Single, None)
    );
    assert_eq!(
        (volumes[1].size, volumes[1].writer),
        (Some(Bytes::gibi(10)), writer)
    );
    assert_eq!(
        mounts(&program),
        [
            ("web", "/own", 2, Access::Write),
            ("web", "/plain", 1, Access::Write),
            ("web", "/srv", 0, Access::Write),
            ("worker", "/media", 0, Access::Write),
            ("scan", "/scan", 0, Access::Read),
        ]
    );
}

#[test]
fn a_mount_is_a_use_that_opens_no_connection_and_gives_no_variable() {
    let program = shop(MEDIA);
    let roles: Vec<_> = program.edges().iter().map(|edge| edge.to).collect();
    assert_eq!(roles.len(), 1, "{roles:?}");
    assert!(matches!(roles[0], Callee::Component(scan) if program.role(scan) == "scan"));
    for (_, workload) in program.workloads() {
        let named = workload
            .environment
            .keys()
            .filter(|name| name.starts_with("MEDIA"));
        assert_eq!(named.count(), 0);
    }
}

#[test]
fn only_a_volume_of_its_own_keeps_a_service_alone() {
    let service = |volumes: &str| {
        faults(&format!(
            "name: shop\ndependencies: {{ media: volume }}\nservices:\n  web: {{ image: \"nginx:1.29\", scale: 3, volumes: {volumes} }}\n"
        ))
    };
    assert_eq!(service("{ media: /media }"), "");
    assert_eq!(
        service("{ media: /media, own: /own }"),
        "EX0331 application.yml:4 3\n"
    );
}

#[test]
fn writers_of_one_volume_are_one_user_and_readers_may_be_another() {
    let two = |one: &str, other: &str| {
        faults(&format!(
            "name: shop\ndependencies: {{ media: volume }}\nservices:\n  a: {{ {one}, volumes: {{ media: /media }} }}\n  b: {{ {other} }}\n"
        ))
    };
    let writes = "volumes: { media: /media }";
    let reads = "volumes: { media: { path: /media, read-only: true } }";
    let nginx = |user: &str| format!("image: \"nginx:1.29\", security: {{ user: {user} }}");
    let with = |image: &str, mount: &str| format!("{image}, {mount}");
    assert_eq!(two(&nginx("1"), &with(&nginx("1"), writes)), "");
    assert_eq!(
        two(&nginx("1"), &with(&nginx("2"), writes)),
        "EX0331 application.yml:5 2\n"
    );
    assert_eq!(two(&nginx("1"), &with(&nginx("2"), reads)), "");
    // Only one image is known to have one user, whoever that is.
    let bare = "image: \"nginx:1.29\"";
    assert_eq!(two(bare, &with(bare, writes)), "");
    assert_eq!(
        two(bare, &with("image: \"nginx:1.28\"", writes)),
        "EX0331 application.yml:5 media\n"
    );
    // A user that was reported is compared with nobody.
    assert_eq!(
        two(&nginx("1"), &with(&nginx("-2"), writes)),
        "EX0107 application.yml:5 -2\n"
    );
}

#[test]
fn each_of_several_writers_that_disagree_is_told_once() {
    let web = |role: &str, user: u32| {
        format!(
            "  {role}: {{ image: \"nginx:1.29\", security: {{ user: {user} }}, volumes: {{ media: /media }} }}\n"
        )
    };
    let all: String = [web("a", 1), web("b", 2), web("c", 1), web("d", 3)].concat();
    assert_eq!(
        faults(&format!(
            "name: shop\ndependencies: {{ media: volume }}\nservices:\n{all}"
        )),
        "EX0331 application.yml:5 2\nEX0331 application.yml:7 3\n"
    );
}

#[test]
fn a_volume_of_a_folder_is_one_for_each_service_that_shares_it() {
    let program =
        shop("name: shop\nservices: { api: ./api, migrate: { location: ./api, when: before-deploy } }\n");
    let roles: Vec<_> = program
        .volumes()
        .iter()
        .map(|(_, volume)| match &volume.owner {
            Owner::Component { component, name } => (program.role(*component), name.as_str()),
            Owner::Shared { .. } => panic!("nobody declares a shared one"),
        })
        .collect();
    assert_eq!(roles, [("api", "data"), ("migrate", "data")]);
}

#[test]
fn a_dependency_of_the_folders_volume_makes_it_one_for_all() {
    let program = shop(
        "name: shop\ndependencies: { data: volume }\nservices: { api: ./api, migrate: { location: ./api, when: before-deploy } }\n",
    );
    assert_eq!(program.volumes().len(), 1);
    assert_eq!(
        mounts(&program),
        [
            ("api", "/data", 0, Access::Write),
            ("migrate", "/data", 0, Access::Write)
        ]
    );
}

#[test]
fn a_volume_that_nobody_writes_has_no_writer() {
    let program = shop(
        "name: shop\ndependencies: { media: volume }\nservices: { web: { location: ./web, volumes: { media: { path: /media, read-only: true } } } }\n",
    );
    let (_, volume) = program.volumes().iter().next().unwrap();
    assert_eq!(volume.writer, None);
    let needed: Vec<Feature> = program.features().iter().map(|needed| needed.feature).collect();
    assert!(needed.contains(&Feature::SharedVolume) && needed.contains(&Feature::ReadOnlyMount));
    assert!(!needed.contains(&Feature::OwnVolume));
}

#[test]
fn a_service_that_is_called_as_a_volume_of_anothers_own_is_no_volume() {
    let text = "name: shop\nservices:\n  uploads: { image: \"nginx:1.29\" }\n  web: { image: \"nginx:1.29\", volumes: { uploads: /data } }\n";
    assert_eq!(faults(text), "");
    let removed = format!("{text}environments: {{ local: {{ services: {{ uploads: null }} }} }}\n");
    assert_eq!(faults(&removed), "");
}

#[test]
fn a_dependency_that_could_not_be_read_leaves_its_mounts_alone() {
    let text = "name: shop\ndependencies: { media: { type: volum } }\nservices:\n  web: { image: \"nginx:1.29\", scale: 2, volumes: { media: /data } }\n";
    assert_eq!(faults(text), "EX0106 application.yml:2 volum\n");
    let lost = text.replace("{ media: { type: volum } }", "[media]");
    assert_eq!(faults(&lost), "EX0102 application.yml:2 [media]\n");
    let misnamed = text.replace("{ media: { type: volum } }", "{ Media: volume }");
    assert_eq!(faults(&misnamed), "EX0201 application.yml:2 Media\n");
}
