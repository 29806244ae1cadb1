//! The gate: what makes a program and what does not.

use exoc_diagnostics::{Diagnostic, Sink, SourceMap, Span, VirtualPath, codes};
use exoc_ir::{
    App, Builder, Bytes, Capabilities, Development, Environment, Id, Image, Kind, LateContents, LateFile,
    MilliCpu, Port, Protocol, Reference, Resources, Scale, Seconds, Security, Service, User, Workload,
};

fn span() -> Span {
    let mut map = SourceMap::default();
    let source = map.add(VirtualPath::root(), String::new());
    Span::new(source, 0, 0)
}

fn service(image: Id<Image>) -> Service {
    let workload = Workload {
        image,
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
