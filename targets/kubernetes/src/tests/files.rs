//! Files and volumes: where they lie, how large they may be, who may write them.

use super::sample::{self, Draft};
use super::{codes, model, objects, pod, printed, printed_by, texts, workload};
use crate::model::{Controller, Data, Model, Mount, Object, VolumeSource};
use exoc_ir::{
    Access, Availability, Bytes, Component, Contents, FixedFile, Id, Job, Kind, LateContents, LateFile,
    Mount as Mounted, NodeId, Owner, Part, Program, Seconds, Trigger, User, Value, Volume, Workload,
};
use std::collections::BTreeMap;

fn known(bytes: &[u8], executable: bool) -> FixedFile {
    FixedFile {
        contents: Contents(bytes.into()),
        executable,
    }
}

/// A program of one service, changed.
fn one(change: impl FnOnce(&mut Draft, &mut Workload)) -> Program {
    let mut draft = Draft::new();
    let image = draft.pinned("redis:7.4");
    let mut workload = sample::workload(image, &[]);
    change(&mut draft, &mut workload);
    draft.service(sample::service("api", workload));
    draft.finish()
}

fn fixed(files: Vec<(&str, FixedFile)>) -> Program {
    one(|_, workload| {
        workload.files.fixed = files
            .into_iter()
            .map(|(path, file)| (path.to_owned(), file))
            .collect();
    })
}

fn maps(model: &Model) -> Vec<(String, BTreeMap<String, Data>)> {
    let mut maps = Vec::new();
    for object in objects(model) {
        if let Object::ConfigMap(meta, data) = object {
            maps.push((meta.name.clone(), data.clone()));
        }
    }
    maps
}

fn mount<'m>(model: &'m Model, path: &str) -> &'m Mount {
    let mut mounts = pod(model, "api").container.mounts.iter();
    mounts.find(|mount| mount.path == path).expect("a mount")
}

fn source<'m>(model: &'m Model, name: &str) -> &'m VolumeSource {
    let mut volumes = pod(model, "api").volumes.iter();
    &volumes
        .find(|volume| volume.name == name)
        .expect("a volume")
        .source
}

#[test]
fn known_files_lie_beside_those_of_the_image_and_cannot_be_written() {
    let model = model(&fixed(vec![
        ("/etc/api/a.ini", known(b"a\n", false)),
        ("/opt/run.sh", known(b"#!/bin/sh\n", true)),
        ("/srv/table", known(&[0, 1, 255], false)),
        ("/srv/odd", known("a\u{85}b".as_bytes(), false)),
    ]));
    let [(name, data)] = maps(&model).try_into().expect("one map");
    assert!(name.starts_with("api-files-"), "{name}");
    assert_eq!(data["a.ini"], Data::Text("a\n".into()));
    assert_eq!(data["table"], Data::Bytes("AAH/".into()));
    // Kustomize would make a space of it.
    assert_eq!(data["odd"], Data::Bytes("YcKFYg==".into()));
    for (path, volume, key) in [
        ("/etc/api/a.ini", "files", "a.ini"),
        ("/opt/run.sh", "programs", "run.sh"),
        ("/srv/table", "files", "table"),
    ] {
        let mount = mount(&model, path);
        assert_eq!(
            (mount.volume.as_str(), mount.file.as_deref(), mount.access),
            (volume, Some(key), Access::Read)
        );
    }
    assert_eq!(source(&model, "files"), &VolumeSource::ConfigMap(name.clone()));
    assert_eq!(source(&model, "programs"), &VolumeSource::Programs(name));
    assert_eq!(pod(&model, "api").first, None);
}

#[test]
fn a_file_that_changes_is_another_map_and_another_pod_template() {
    let name = |text: &[u8]| {
        maps(&model(&fixed(vec![("/a", known(text, false))])))[0]
            .0
            .clone()
    };
    assert_ne!(name(b"one"), name(b"two"));
    assert_eq!(name(b"one"), name(b"one"));
}

#[test]
fn what_one_map_does_not_hold_stands_in_several() {
    let large = vec![b'x'; 200_000];
    let model = model(&fixed(vec![
        ("/a", known(&large, false)),
        ("/b", known(&large, false)),
    ]));
    assert_eq!(maps(&model).len(), 2);
    assert_eq!(mount(&model, "/a").volume, "files");
    assert_eq!(mount(&model, "/b").volume, "files-2");
}

#[test]
fn a_file_that_no_map_holds_is_joined_before_the_program_starts() {
    let large: Vec<u8> = (0..600_000_u32)
        .map(|index| u8::try_from(index % 251).unwrap_or(0))
        .collect();
    let model = model(&fixed(vec![("/model.bin", known(&large, false))]));
    let first = pod(&model, "api").first.as_ref().expect("a companion");
    let script = first.container.command.as_ref().expect("a command")[2].clone();
    let pieces = script
        .lines()
        .find(|line| line.starts_with("cat"))
        .expect("a copy");
    assert_eq!(pieces.matches("/known/").count(), 4, "{pieces}");
    assert!(pieces.ends_with("| put 0444 '0'"), "{pieces}");
    let mount = mount(&model, "/model.bin");
    assert_eq!(
        (mount.volume.as_str(), mount.file.as_deref()),
        ("files-0", Some("0"))
    );
    for (_, data) in maps(&model) {
        let length: usize = data
            .values()
            .map(|data| match data {
                Data::Text(text) | Data::Bytes(text) => text.len(),
            })
            .sum();
        assert!(length <= 240_000, "{length}");
    }
}

/// A folder with a file that holds a secret, and others beside it.
fn late(text: &str) -> Program {
    one(|draft, workload| {
        let key = draft.supplied("SIGNING_KEY");
        let mut value = Value::default();
        value.push(Part::Text(text.into()));
        value.push(Part::Secret(key));
        let file = |contents, executable| LateFile { contents, executable };
        let folder = [
            ("key.sh".to_owned(), file(LateContents::Value(value), true)),
            (
                "sub/it's".to_owned(),
                file(LateContents::Known(Contents::from("plain")), false),
            ),
        ];
        workload.files.late = [("/etc/api".to_owned(), folder.into())].into();
    })
}

#[test]
fn a_companion_writes_what_holds_a_secret_and_never_shows_it() {
    let program = late("$HOME ");
    let model = model(&program);
    let pod = pod(&model, "api");
    let first = pod.first.as_ref().expect("a companion");
    assert_eq!(first.container.name, "exoc-files");
    assert!(first.container.security.read_only_root);
    let names: Vec<&str> = first
        .container
        .variables
        .iter()
        .map(|it| it.name.as_str())
        .collect();
    assert_eq!(names, ["EXOC_SIGNING_KEY", "FILE_0"]);
    let text = &printed(&program)["api.yaml"];
    for line in [
        "printf %s \"$$FILE_0\" | put 0555 'key.sh'\n",
        "cat '/known/0/it_s' | put 0444 'sub/it'\\''s'\n",
        "value: \"$$HOME $(EXOC_SIGNING_KEY)\"\n",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    let mount = mount(&model, "/etc/api");
    assert_eq!((mount.access, mount.file.as_deref()), (Access::Read, None));
    assert!(matches!(source(&model, &mount.volume), VolumeSource::Memory(_)));
}

#[test]
fn late_files_that_no_description_of_a_pod_holds_are_refused() {
    assert_eq!(codes(&late(&"x".repeat(150_000))), Vec::<&str>::new());
    assert_eq!(codes(&late(&"x".repeat(190_000))), ["EX0406"]);
}

#[test]
fn a_text_longer_than_a_variable_is_written_in_pieces() {
    let text = &printed(&late(&"x".repeat(150_000)))["api.yaml"];
    assert!(
        text.contains("printf %s \"$$FILE_0\" \"$$FILE_1\" \"$$FILE_2\" | put"),
        "{text}"
    );
}

fn ids(user: u32, group: u32) -> User {
    User::Ids { user, group }
}

/// A service and a job that have a volume of their own each, and what is shared.
fn kept() -> Program {
    keeping(None)
}

/// The same beside one more job.
fn keeping(trigger: Option<Trigger>) -> Program {
    let mut draft = Draft::new();
    let image = draft.pinned("redis:7.4");
    let line = draft.line();
    let shared = draft.builder.volume(
        Volume {
            owner: Owner::Shared {
                role: "media".into(),
                identity: "uploads".into(),
                availability: Availability::Single,
                backups: None,
            },
            size: Some(Bytes::gibi(50)),
            writer: Some(ids(10001, 10001)),
        },
        line,
    );
    let own = |draft: &mut Draft, service: usize, size| {
        let volume = Volume {
            owner: Owner::Component {
                component: Component::Service(Id::new(service)),
                name: "data".into(),
            },
            size,
            writer: Some(ids(10001, 10001)),
        };
        let line = draft.line();
        draft.builder.volume(volume, line)
    };
    let (of_api, of_job) = (own(&mut draft, 0, None), own(&mut draft, 1, Some(Bytes::gibi(2))));
    let write = |volume| Mounted {
        volume,
        access: Access::Write,
    };
    let mut api = sample::service("api", sample::workload(image, &[]));
    api.identity = "backend".into();
    api.scale.overlap = false;
    api.workload.mounts = [("/data".into(), write(of_api)), ("/media".into(), write(shared))].into();
    draft.service(api);
    let mut job = sample::service("collect", sample::workload(image, &[]));
    job.kind = Kind::Job(Job {
        trigger: Trigger::OnDemand,
        timeout: Seconds(60),
        retries: 0,
    });
    job.scale.overlap = false;
    job.workload.mounts = [("/data".into(), write(of_job))].into();
    draft.service(job);
    let mut reader = sample::service("reader", sample::workload(image, &[]));
    reader.workload.mounts = [(
        "/media".into(),
        Mounted {
            volume: shared,
            access: Access::Read,
        },
    )]
    .into();
    draft.service(reader);
    if let Some(trigger) = trigger {
        let mut tell = sample::service("tell", sample::workload(image, &[]));
        tell.kind = Kind::Job(Job {
            trigger,
            timeout: Seconds(60),
            retries: 0,
        });
        draft.service(tell);
    }
    draft.finish()
}

fn with_class(program: &Program) -> BTreeMap<String, String> {
    let at = program.at(NodeId::App, "");
    printed_by(program, &texts(at, &[("shared-storage-class", "nfs")]))
}

#[test]
fn a_volume_of_its_own_makes_a_stateful_set_that_is_called_after_its_identity() {
    let files = with_class(&kept());
    let text = &files["api.yaml"];
    for line in [
        "kind: StatefulSet\nmetadata:\n  name: backend\n",
        "  serviceName: backend\n  replicas: 1\n",
        "      metadata:\n        name: data\n",
        "            storage: \"10Gi\"\n",
        "        fsGroup: 10001\n        fsGroupChangePolicy: OnRootMismatch\n",
        "            claimName: uploads\n",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}

#[test]
fn the_claim_of_a_job_stands_by_itself_and_is_never_pruned() {
    let text = &with_class(&kept())["collect.yaml"];
    for line in [
        "kind: PersistentVolumeClaim\nmetadata:\n  name: collect-data\n",
        "    argocd.argoproj.io/sync-options: \"Delete=false,Prune=false\"\n    kustomize.toolkit.fluxcd.io/prune: disabled\n",
        "  accessModes: [ReadWriteOnce]\n",
        "                claimName: collect-data\n",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}

/// A class may bind a claim to the first pod alone, which no deployment makes here.
#[test]
fn no_step_of_a_deployment_waits_for_a_claim_without_a_pod() {
    let files = with_class(&keeping(Some(Trigger::AfterDeploy)));
    let (claim, _) = files["collect.yaml"]
        .split_once("kind: CronJob")
        .expect("the claim before the job");
    let (_, claim) = claim.split_once("kind: PersistentVolumeClaim").expect("a claim");
    assert!(claim.contains("argocd.argoproj.io/sync-wave: \"20\""), "{claim}");
    assert!(
        !files["media.yaml"].contains("sync-wave"),
        "its first pod is a service's"
    );
    let page = &files["README.md"];
    let waits = |step: &str| {
        let (_, rest) = page
            .split_once(&format!("name: shop-production-{step}\nspec:"))
            .expect("its step");
        rest.split("---\n")
            .next()
            .is_some_and(|step| !step.contains("kind: PersistentVolumeClaim\n      current: \"true\""))
    };
    assert_eq!(
        ["base", "services", "after"].map(waits),
        [false, false, true],
        "{page}"
    );
}

#[test]
fn a_shared_volume_is_a_claim_of_the_class_that_many_machines_write() {
    let files = with_class(&kept());
    for line in [
        "  name: uploads\n",
        "  accessModes: [ReadWriteMany]\n  storageClassName: nfs\n",
        "      storage: \"50Gi\"\n",
    ] {
        assert!(files["media.yaml"].contains(line), "{line}");
    }
    let reader = &files["reader.yaml"];
    assert!(
        reader.contains("            claimName: uploads\n            readOnly: true\n"),
        "{reader}"
    );
    assert!(!reader.contains("fsGroup"), "a reader gives the files to nobody");
}

#[test]
fn a_shared_volume_without_a_class_is_refused_and_names_the_option() {
    assert_eq!(codes(&kept()), ["EX0402"]);
}

#[test]
fn what_is_switched_off_keeps_its_claims() {
    let mut draft = Draft::new();
    let image = draft.pinned("redis:7.4");
    let line = draft.line();
    let volume = draft.builder.volume(
        Volume {
            owner: Owner::Component {
                component: Component::Service(Id::new(0)),
                name: "data".into(),
            },
            size: None,
            writer: Some(ids(10001, 10001)),
        },
        line,
    );
    let mut api = sample::service("api", sample::workload(image, &[]));
    api.scale = sample::fixed(0);
    api.scale.overlap = false;
    let mount = Mounted {
        volume,
        access: Access::Write,
    };
    api.workload.mounts = [("/data".into(), mount)].into();
    draft.service(api);
    let model = model(&draft.finish());
    let Controller::StatefulSet { replicas, .. } = &workload(&model, "api").controller else {
        panic!("a StatefulSet")
    };
    assert_eq!(*replicas, 0);
}
