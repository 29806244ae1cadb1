//! Products of the catalogue that AWS does not rent: each is planned as a container of its own with a file system.

use crate::rented::rented;
use exoc_catalogue::Run;
use exoc_diagnostics::{Diagnostic, Sink, codes};
use exoc_ir::{
    Availability, Backing, Capabilities, Contents, Engine, Files, Hosted, Id, Image, LateContents, LateFile,
    Managed, NodeId, Port, Program, Protocol, Security, User, Value, Workload,
};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Who runs such a product: an access point gives its folder to this user, so that it need not be root.
const USER: User = User::Ids {
    user: 10001,
    group: 10001,
};

/// The volume of its data.
const DATA: &str = "data";

/// The program with a container for each of them.
pub(super) fn program<'p>(program: &'p Program, sink: &mut Sink) -> Cow<'p, Program> {
    let mut hosted = Vec::new();
    for (id, backing) in program.backings().iter() {
        let Backing {
            role,
            identity: _,
            engine,
        } = backing;
        let managed = match engine {
            Engine::Managed(managed) if rented(managed.product).is_none() => managed,
            Engine::Managed(_) | Engine::Container(_) | Engine::External(_) | Engine::Existing(_) => continue,
        };
        check(program, id, role, managed, sink);
        if let Some(run) = exoc_catalogue::run(program, id) {
            hosted.push(container(id, managed, run));
        }
    }
    if hosted.is_empty() {
        return Cow::Borrowed(program);
    }
    Cow::Owned(program.hosting(hosted, &|backing, attribute| {
        exoc_catalogue::attribute(program, backing, attribute)
    }))
}

fn container(backing: Id<Backing>, managed: &Managed, run: Run) -> Hosted {
    let Run {
        image,
        user: _, // the one that the file system gives the folder to
        group: _,
        root_writable,
        port: (name, number),
        command,
        environment,
        files,
        data,
        scratch,
        health,
        shutdown,
    } = run;
    let port = Port {
        name: name.to_owned(),
        number,
        protocol: Protocol::Tcp,
    };
    let workload = Workload {
        image: Id::<Image>::new(0),
        platforms: Vec::new(),
        entrypoint: None,
        command: command.map(|words| words.into_iter().map(Value::literal).collect()),
        environment,
        ports: vec![port],
        scratch,
        mounts: BTreeMap::new(),
        files: late(files),
        health: Some(health),
        resources: managed.resources,
        security: Security {
            user: USER,
            root_writable,
            capabilities: Capabilities::Only(BTreeSet::new()),
            privileged: false,
        },
        shutdown,
    };
    Hosted {
        backing,
        image,
        workload,
        data: data.map(|folder| (folder.to_owned(), DATA.to_owned(), USER)),
    }
}

/// Files that a companion writes: nobody has to build an image for them.
fn late(files: BTreeMap<String, String>) -> Files {
    let mut late: BTreeMap<String, BTreeMap<String, LateFile>> = BTreeMap::new();
    for (path, text) in files {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
        let file = LateFile {
            contents: LateContents::Known(Contents::from(text.as_str())),
            executable: false,
        };
        late.entry(folder.to_owned())
            .or_default()
            .insert(name.to_owned(), file);
    }
    Files {
        fixed: BTreeMap::new(),
        late,
    }
}

/// Reports what a single task with a file system cannot keep.
fn check(program: &Program, id: Id<Backing>, role: &str, managed: &Managed, sink: &mut Sink) {
    let mut refuse = |field: &str, what: String, help: &str| {
        sink.error(
            Diagnostic::new(codes::REFUSED_FEATURE, what)
                .at(program.at(NodeId::Backing(id), field), "")
                .help(help),
        );
    };
    if managed.availability == Availability::High {
        refuse(
            "availability",
            format!("aws runs `{role}` as one task, and no second one takes over"),
            "use `rabbitmq` or `kafka`, which AWS rents, or say with `existing` where a cluster is",
        );
    }
    if managed.backups.is_some() {
        refuse(
            "backups",
            format!("aws cannot keep backups of `{role}` for another time than its own"),
            "leave `backups` out: a file system is backed up every day, and each backup is kept for 35 days",
        );
    }
}
