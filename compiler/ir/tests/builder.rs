//! The gate: what makes a program and what does not.

use exoc_diagnostics::{Diagnostic, Sink, SourceMap, Span, VirtualPath, codes};
use exoc_ir::{
    Access, App, Availability, Builder, Bytes, Capabilities, Component, Development, Environment, Id, Image,
    Kind, LateContents, LateFile, MilliCpu, Mount, Owner, Port, Protocol, Reference, Resources, Scale,
    Seconds, Security, Service, User, Volume, Workload,
};

fn span() -> Span {
    let mut map = SourceMap::default();
    let source = map.add(VirtualPath::root(), String::new());
    Span::new(source, 0, 0)
}

fn service(image: Id<Image>) -> Service {
    let workload = Workload {
        image,
        platforms: Vec::new(),
        entrypoint: None,
        command: None,
        environment: [].into(),
        ports: vec![Port {
            name: "http".into(),
            number: 8080,
            protocol: Protocol::Http,
        }],
        scratch: [("/tmp".to_owned(), Bytes::mebi(64))].into(),
        mounts: [].into(),
        files: exoc_ir::Files::default(),
        health: None,
        resources: Resources {
            cpu: MilliCpu(250),
            memory: Bytes::mebi(512),
        },
        security: Security {
            user: User::Ids {
                user: 1000,
                group: 1000,
            },
            root_writable: false,
            capabilities: Capabilities::Only([].into()),
            privileged: false,
        },
        shutdown: Seconds(30),
    };
    let scale = Scale {
        min: 1,
        max: 1,
        cpu: None,
        memory: None,
        requests: None,
        overlap: true,
    };
    Service {
        role: "web".into(),
        identity: "web".into(),
        workload,
        kind: Kind::Server,
        scale,
        development: Development::default(),
    }
}

/// A builder with one service, changed before it is added.
fn builder(change: impl FnOnce(&mut Service)) -> Builder {
    let app = App {
        name: "shop".into(),
        description: None,
        owner: None,
    };
    let environment = Environment {
        name: "production".into(),
        local: false,
        domain: None,
        http_port: None,
    };
    let mut builder = Builder::new(app, environment, None, span());
    let reference = Reference {
        name: "nginx".into(),
        tag: Some("1.29".into()),
        digest: None,
    };
    let image = builder.image(Image::Pinned(reference), span());
    let mut service = service(image);
    change(&mut service);
    builder.service(service, span());
    builder
}

#[test]
fn a_consistent_program_is_finished() {
    let mut sink = Sink::new();
    assert!(builder(|_| {}).finish(&mut sink).is_ok());
    assert!(sink.into_sorted().is_empty());
}

#[test]
fn an_inconsistent_program_is_a_fault_of_exoc() {
    fn late(service: &mut Service, root: &str) {
        let file = LateFile {
            contents: LateContents::Known("a".into()),
            executable: false,
        };
        let inside = [("a".to_owned(), file)].into();
        service.workload.files.late.insert(root.to_owned(), inside);
    }
    let changes: [fn(&mut Service); 7] = [
        |service| late(service, "/"),
        |service| {
            late(service, "/a");
            late(service, "/a/b");
        },
        |service| drop(service.workload.files.late.insert("/a".into(), [].into())),
        |service| service.workload.ports.clear(),
        |service| service.workload.scratch.clear(),
        |service| service.workload.image = Id::new(7),
        |service| service.scale.min = 2,
    ];
    for change in changes {
        let mut sink = Sink::new();
        assert!(builder(change).finish(&mut sink).is_err());
        assert!(
            sink.into_sorted()
                .iter()
                .all(|diagnostic| diagnostic.code == codes::INTERNAL)
        );
    }
}

#[test]
fn a_reported_error_keeps_a_program_from_being_finished() {
    let mut sink = Sink::new();
    sink.error(Diagnostic::new(codes::BAD_NAME, "a name").help("another"));
    assert!(builder(|_| {}).finish(&mut sink).is_err());
    assert_eq!(sink.into_sorted().len(), 1);
}

/// A shared volume that user 1000 writes, and a service that does this with it as `user`.
fn mounting(user: u32, access: Access, role: &str) -> Builder {
    let mut builder = builder(|service| {
        service.workload.security.user = User::Ids { user, group: 1000 };
        service.scale.max = 3;
        let mount = Mount {
            volume: Id::new(0),
            access,
        };
        service.workload.mounts.insert("/media".into(), mount);
    });
    let owner = Owner::Shared {
        role: role.into(),
        identity: role.into(),
        availability: Availability::Single,
        backups: None,
    };
    let volume = Volume {
        owner,
        size: None,
        writer: None,
    };
    let id = builder.volume(volume, span());
    let writer = User::Ids {
        user: 1000,
        group: 1000,
    };
    builder.written_by(id, writer);
    builder
}

#[test]
fn a_shared_volume_is_written_by_its_writer_only_and_is_no_component() {
    let finishes = |builder: Builder| builder.finish(&mut Sink::new()).is_ok();
    assert!(finishes(mounting(1000, Access::Write, "media")));
    assert!(finishes(mounting(7, Access::Read, "media")));
    assert!(!finishes(mounting(7, Access::Write, "media")));
    assert!(!finishes(mounting(1000, Access::Write, "web")));
}

#[test]
fn a_volume_of_a_components_own_is_anothers_never() {
    let mounted = |component: usize, access: Access| {
        let mut builder = builder(|service| {
            service.scale.overlap = false;
            let mount = Mount {
                volume: Id::new(0),
                access,
            };
            service.workload.mounts.insert("/data".into(), mount);
        });
        let owner = Owner::Component {
            component: Component::Service(Id::new(component)),
            name: "data".into(),
        };
        let writer = Some(User::Ids {
            user: 1000,
            group: 1000,
        });
        let volume = Volume {
            owner,
            size: None,
            writer,
        };
        builder.volume(volume, span());
        builder.finish(&mut Sink::new()).is_ok()
    };
    assert!(mounted(0, Access::Write));
    assert!(!mounted(0, Access::Read));
    assert!(!mounted(1, Access::Write));
}
