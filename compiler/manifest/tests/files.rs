//! Which files are read, once each, and what is said when one cannot be.

#![expect(clippy::panic, reason = "helpers of tests fail by panicking")]

mod common;

use common::Memory;
use exoc_diagnostics::ReadError;
use exoc_manifest::ast::{Field, ServiceFile};

const TWO_ROLES: &str = "name: shop\nservices: { web: ./web, api: ./api }\n";

fn file<'a>(loaded: &'a common::Loaded, role: &str) -> &'a ServiceFile {
    let found = loaded
        .manifest
        .as_ref()
        .and_then(|manifest| manifest.service_files.get(role));
    let Some(Field::Set(file)) = found else {
        panic!("{role}: {found:?}")
    };
    file
}

fn path(loaded: &common::Loaded, index: usize) -> Option<String> {
    // The first spans of files come in the order of their numbers.
    let (mut spans, mut found) = (Vec::new(), None);
    for diagnostic in &loaded.diagnostics {
        spans.extend(diagnostic.primary.iter().map(|label| label.span.source));
    }
    spans.sort();
    spans.dedup();
    if let Some(id) = spans.get(index) {
        found = loaded.map.file(*id).map(|file| file.path.to_string());
    }
    found
}

#[test]
fn without_application_yml_there_is_no_application() {
    let loaded = Memory::default().load();
    assert_eq!(
        loaded.lines(),
        ["EX0002 nowhere there is no application.yml here"]
    );
    assert!(loaded.manifest.is_none());
    let loaded = Memory::new(&[("application.yaml", "name: shop\n")]).load();
    assert_eq!(
        loaded.diagnostics[0].help,
        ["rename `application.yaml`: the file is called `application.yml`"]
    );
}

#[test]
fn every_way_of_not_reading_a_file_has_its_words() {
    for (error, expected) in [
        (
            ReadError::IsFolder,
            "EX0001 application.yml:2:18 `./web` `web/service.yml` is a folder, and a file is expected",
        ),
        (
            ReadError::Leaves,
            "EX0003 application.yml:2:18 `./web` a symbolic link at `web/service.yml` leads out of the application's folder",
        ),
        (
            ReadError::Cycle,
            "EX0001 application.yml:2:18 `./web` the symbolic links at `web/service.yml` form a cycle",
        ),
        (
            ReadError::TooLarge(17 << 20),
            "EX0009 application.yml:2:18 `./web` `web/service.yml` has 17825792 bytes, and 16 MiB are the most",
        ),
        (
            ReadError::Other("permission denied".into()),
            "EX0001 application.yml:2:18 `./web` `web/service.yml` cannot be read: permission denied",
        ),
        (
            ReadError::NotFound,
            "EX0002 application.yml:2:18 `./web` `web/service.yml` does not exist",
        ),
    ] {
        let loaded = Memory::new(&[("application.yml", TWO_ROLES), ("api/service.yml", "port: 1\n")])
            .failing("web/service.yml", error)
            .load();
        assert_eq!(loaded.lines(), [expected]);
        assert!(
            loaded
                .diagnostics
                .iter()
                .all(|diagnostic| !diagnostic.help.is_empty())
        );
        assert!(matches!(
            loaded.manifest.unwrap().service_files["web"],
            Field::Broken(_)
        ));
    }
}

#[test]
fn an_unreadable_application_yml_is_said_without_a_place() {
    let loaded = Memory::default()
        .failing("application.yml", ReadError::Other("permission denied".into()))
        .load();
    assert_eq!(
        loaded.lines(),
        ["EX0001 nowhere `application.yml` cannot be read: permission denied"]
    );
}

#[test]
fn locations_must_be_folders_of_the_application() {
    let text = "name: shop\nservices:\n  a: ./gone\n  b: ../x\n  c: /srv\n  d: ./application.yml\n  e: nginx:1.29\n  f: \"a\\\\b\"\n";
    let loaded = Memory::new(&[("application.yml", text)]).load();
    assert_eq!(
        loaded.lines(),
        [
            "EX0002 application.yml:3:6 `./gone` the folder `./gone` does not exist",
            "EX0003 application.yml:4:6 `../x` `../x` leads out of the application's folder",
            "EX0003 application.yml:5:6 `/srv` `/srv` is an absolute path",
            "EX0002 application.yml:6:6 `./application.yml` `./application.yml` is a file, not a folder",
            "EX0002 application.yml:7:6 `nginx:1.29` the folder `nginx:1.29` does not exist",
            "EX0110 application.yml:8:6 `\\\"a\\\\\\\\b\\\"` `a\\\\b` is no path",
        ]
    );
    assert_eq!(
        loaded.diagnostics[4].help,
        ["for an image from a registry write `image: nginx:1.29`"]
    );
}

#[test]
fn roles_that_share_a_location_read_it_once() {
    let loaded = Memory::new(&[
        (
            "application.yml",
            "name: shop\nservices: { api: ./api, jobs: { location: api/ } }\n",
        ),
        ("api/service.yml", "prt: 1\n"),
        ("api/Dockerfile", "FROM a\nUSER 5\n"),
    ])
    .load();
    assert_eq!(
        loaded.lines(),
        ["EX0101 api/service.yml:1:1 `prt` a service has no key `prt`"]
    );
    let spans = |role| {
        file(&loaded, role)
            .dockerfile
            .as_ref()
            .unwrap()
            .user
            .as_ref()
            .unwrap()
            .span
    };
    assert_eq!(spans("api"), spans("jobs"));
}

#[test]
fn files_are_numbered_by_role() {
    let memory = Memory::new(&[
        (
            "application.yml",
            "name: 1\nservices: { web: ./web, api: ./api }\n",
        ),
        ("web/service.yml", "prt: 1\n"),
        ("api/service.yml", "prt: 1\n"),
    ]);
    let loaded = memory.load();
    let paths: Vec<_> = (0..3).filter_map(|index| path(&loaded, index)).collect();
    assert_eq!(paths, ["application.yml", "api/service.yml", "web/service.yml"]);
}

#[test]
fn a_folder_without_service_yml_is_an_empty_layer() {
    let loaded = Memory::new(&[
        ("application.yml", "name: shop\nservices: { api: ./api }\n"),
        ("api/Dockerfile", "FROM a\n"),
    ])
    .load();
    loaded.clean();
    let file = file(&loaded, "api");
    assert_eq!(file.folder.as_str(), "api");
    assert_eq!(file.dockerfile.as_ref().unwrap().path.as_str(), "api/Dockerfile");
    assert!(matches!(file.layer.ports, Field::Absent));
}

#[test]
fn a_service_yaml_is_not_passed_over() {
    let loaded = Memory::new(&[
        ("application.yml", "name: shop\nservices: { api: ./api }\n"),
        ("api/service.yaml", "port: 1\n"),
    ])
    .load();
    assert_eq!(
        loaded.lines(),
        ["EX0002 application.yml:2:18 `./api` `api/service.yaml` is not read"]
    );
}

#[test]
fn the_dockerfile_is_the_one_that_build_names() {
    let loaded = Memory::new(&[
        (
            "application.yml",
            "name: shop\nservices: { api: ./api, odd: { location: ./api, build: { stage: first } } }\n",
        ),
        (
            "api/service.yml",
            "build: { context: .., dockerfile: docker/api.Dockerfile }\n",
        ),
        (
            "docker/api.Dockerfile",
            "FROM a AS first\nUSER 1\nFROM b\nUSER 2\n",
        ),
    ])
    .load();
    loaded.clean();
    let user = |role| {
        file(&loaded, role)
            .dockerfile
            .as_ref()
            .unwrap()
            .user
            .as_ref()
            .unwrap()
            .value
            .clone()
    };
    assert_eq!((user("api"), user("odd")), ("2".into(), "1".into()));
}

#[test]
fn a_build_without_a_dockerfile_is_shown_where_it_is_written() {
    let application = "name: shop\nservices: { api: ./api }\n";
    for (text, expected) in [
        (
            "build: .\n",
            "EX0002 api/service.yml:1:8 `.` there is no Dockerfile at `api/Dockerfile`",
        ),
        (
            "build: ./gone\n",
            "EX0002 api/service.yml:1:8 `./gone` the folder `./gone` does not exist",
        ),
        (
            "build: { dockerfile: X }\n",
            "EX0002 api/service.yml:1:22 `X` there is no Dockerfile at `api/X`",
        ),
        (
            "build: { dockerfile: ../../X }\n",
            "EX0003 api/service.yml:1:22 `../../X` `../../X` leads out of the application's folder",
        ),
        (
            "build: { stage: run }\n",
            "EX0002 api/service.yml:1:8 `{ stage: run }` there is no Dockerfile at `api/Dockerfile`",
        ),
    ] {
        let loaded = Memory::new(&[("application.yml", application), ("api/service.yml", text)]).load();
        assert_eq!(loaded.lines(), [expected]);
    }
}

#[test]
fn a_service_that_is_built_without_a_location_has_its_dockerfile() {
    let loaded = Memory::new(&[
        (
            "application.yml",
            "name: shop\nservices: { api: { build: ./api } }\n",
        ),
        ("api/Dockerfile", "FROM a\nUSER 7\n"),
    ])
    .load();
    loaded.clean();
    let user = file(&loaded, "api")
        .dockerfile
        .as_ref()
        .unwrap()
        .user
        .as_ref()
        .unwrap();
    assert_eq!(loaded.map.slice(user.span), "7");
}

#[test]
fn a_role_has_one_location() {
    let text = "name: shop\nservices: { api: ./api }\nenvironments:\n  p: { services: { api: { location: ./api/ }, late: ./api } }\n  q: { services: { api: ./other } }\n";
    let loaded = Memory::generous(&[("application.yml", text)]).load();
    assert_eq!(
        loaded.lines(),
        ["EX0109 application.yml:5:25 `./other` `api` has two locations"]
    );
    assert_eq!(file(&loaded, "late").folder.as_str(), "api");
}

/// Two service files with faults of their own, which an application.yml that cannot be read must not hide.
fn told_beside(application: &[u8]) -> Vec<String> {
    let web = "port: \"80\"\nprot: 1\nroute: /\nroute: /a\n";
    let loaded = Memory::new(&[("web/service.yml", web), ("api/service.yml", "memory: [\n")])
        .with("application.yml", application)
        .with("old/service.yml", b"prot: 1\n")
        .load();
    let mut lines: Vec<String> = loaded.lines();
    let of_services = lines.split_off(
        lines
            .iter()
            .position(|line| line.contains("/service.yml"))
            .unwrap_or(lines.len()),
    );
    assert_eq!(
        of_services,
        [
            "EX0005 api/service.yml:1:9 `[` a list that is never closed",
            "EX0102 web/service.yml:1:7 `\\\"80\\\"` `port` takes a number, not a text",
            "EX0101 web/service.yml:2:1 `prot` a service has no key `prot`",
            "EX0006 web/service.yml:4:1 `route` the key `route` stands twice in one mapping",
        ],
        "{}",
        String::from_utf8_lossy(application),
    );
    assert!(loaded.map.ids().count() <= 3, "a file was read twice");
    lines
}

#[test]
fn a_syntax_error_anywhere_in_application_yml_hides_no_fault_of_a_service_file() {
    for (text, line) in [
        (
            "name: \"shop\nservices:\n  web: ./web\n  api: ./api\n",
            "EX0005 application.yml:1:7 `\\\"` a quoted text that is never closed",
        ),
        (
            "name: shop: x\nservices:\n  web: ./web\n  api: { location: api }\n",
            "EX0005 application.yml:1:11 `:` a second `:` on one line",
        ),
        (
            "name: shop\nservices:\n  web: ./web\n  api: { location: ./api\n",
            "EX0005 application.yml:4:8 `{` a mapping that is never closed",
        ),
        (
            "name: shop\nservices:\n  web: ./web\n   api: ./api # old: ./old\n",
            "EX0005 application.yml:4:4 `api` the indentation of this line fits nothing above it",
        ),
        (
            "name: shop\nservices: { web: ./web, api: ./api\n",
            "EX0005 application.yml:2:11 `{` a mapping that is never closed",
        ),
        (
            "name: shop\nservices:\n  web: ./web\n  api: ./api\ndependencies:\n  db: @postgres\n",
            "EX0005 application.yml:6:7 `@postgres` a text begins with `@`, which YAML reserves",
        ),
        (
            "name: shop\nservices:\n\tweb: ./web\n\tapi: ./api\n",
            "EX0007 application.yml:3:1 `\\t` a tab indents this line",
        ),
    ] {
        assert_eq!(told_beside(text.as_bytes()), [line], "{text}");
    }
}

#[test]
fn an_application_yml_of_another_shape_hides_no_fault_of_a_service_file() {
    assert_eq!(
        told_beside(b"- ./web\n- ./api\n"),
        ["EX0102 application.yml:1:1 `- ./web\\n- ./api` application.yml takes a mapping, not a list"]
    );
    assert_eq!(
        told_beside(b"name: shop\nservices: [./web, ./api]\n"),
        ["EX0102 application.yml:2:11 `[./web, ./api]` `services` takes a mapping, not a list"]
    );
    assert_eq!(
        told_beside(b"name: shop\nservices:\n  api: ./api\n  api: ./web\n"),
        ["EX0006 application.yml:4:3 `api` the key `api` stands twice in one mapping"]
    );
}

#[test]
fn bytes_that_are_no_text_hide_no_fault_of_a_service_file() {
    assert_eq!(
        told_beside(b"name: caf\xe9\nservices:\n  web: ./web\n  api: ./api\n"),
        ["EX0004 application.yml:1:10 `\u{fffd}` `application.yml` is not UTF-8"]
    );
}
