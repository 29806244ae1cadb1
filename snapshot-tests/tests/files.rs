//! Files of the manifest: what is read, what is refused, and what a container finds.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use exoc_diagnostics::{MemorySources, Severity};
use exoc_lower::Selection;
use exoc_snapshot_tests::case;
use exoc_snapshot_tests::facts::{Content, Facts, File, Files, Part, Target, Value};
use std::collections::BTreeMap;

/// What one environment of a fixture gives for compose: facts, and which of the printed files may be run.
fn compose(fixture: &str, environment: &str) -> (Facts, Vec<String>) {
    let cases = case::all().unwrap();
    let case = cases.iter().find(|case| case.name == fixture).unwrap();
    let built = case.build().unwrap();
    let output = built
        .outputs
        .iter()
        .find(|output| output.environment == environment);
    let artifacts = &output.unwrap().artifacts;
    let files: Files = artifacts
        .iter()
        .map(|(path, artifact)| (path.to_string(), artifact.contents.clone()))
        .collect();
    let executable = artifacts.iter().filter(|(_, artifact)| artifact.executable);
    let executable = executable.map(|(path, _)| path.to_string()).collect();
    (Target::Compose.facts(&files).unwrap(), executable)
}

fn text(text: &str) -> File {
    File {
        content: Content::Text(Value::text(text)),
        executable: None,
    }
}

fn written(parts: impl IntoIterator<Item = Part>, executable: bool) -> File {
    File {
        content: Content::Text(parts.into_iter().collect()),
        executable: Some(executable),
    }
}

fn secret(name: &str) -> Part {
    Part::Secret(name.to_owned())
}

fn by_path<const N: usize>(files: [(&str, File); N]) -> BTreeMap<String, File> {
    files.map(|(path, file)| (path.to_owned(), file)).into()
}

#[test]
fn a_container_finds_copies_of_sources_and_texts_with_references() {
    let (facts, executable) = compose("files", "local");
    let dot = File {
        content: Content::Bytes(b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe".to_vec()),
        executable: None,
    };
    let banner = "${welcome} to files at http://localhost:8080, behind proxy:8080";
    let wanted = by_path([
        (
            "/etc/web/settings.ini",
            text("level = info\n\n[limits]\nrequests = 100\n"),
        ),
        ("/etc/web/banner.txt", text(banner)),
        ("/etc/web/debug.ini", text("debug = $DEBUG\n")),
        ("/srv/assets/style.css", text("body { color: black }\n")),
        ("/srv/assets/robots.txt", text("no line end")),
        ("/srv/assets/img/dot.png", dot),
        ("/srv/it's a $HOME.txt", text("")),
    ]);
    assert_eq!(facts.components["web"].files, wanted);
    let proxy = &facts.components["proxy"].files["/etc/nginx/conf.d/default.conf"];
    let Content::Text(proxy) = &proxy.content else {
        panic!("{proxy:?}")
    };
    assert!(
        proxy.to_string().contains("${services.web.url} and $host"),
        "{proxy}"
    );
    assert_eq!(executable, ["files/report/opt/report/run.sh"]);
}

#[test]
fn an_environment_changes_and_removes_files() {
    let (facts, _) = compose("files", "staging");
    let web = &facts.components["web"].files;
    assert_eq!(web["/etc/web/settings.ini"], text("level = debug\n"));
    assert!(!web.contains_key("/etc/web/banner.txt"));
    assert!(!web.contains_key("/etc/web/debug.ini"), "only for developers");
}

#[test]
fn a_container_finds_secrets_in_files_and_their_neighbours() {
    let (facts, executable) = compose("files-late", "production");
    let part = |text: &str| Part::Text(text.to_owned());
    let database = [
        part("[database]\nurl = postgresql://files_late:"),
        secret("DB_PASSWORD"),
        part("@db:5432/files_late\nhost = \"db\" # $HOME, ${HOME}, 'quoted'\n"),
    ];
    let table = File {
        content: Content::Bytes(b"\x00\x01\xff".to_vec()),
        executable: Some(false),
    };
    let start = [part("#!/bin/sh\necho "), secret("LICENSE"), part("\n")];
    let wanted = by_path([
        ("/etc/api/database.ini", written(database, false)),
        (
            "/etc/api/conf.d/log.ini",
            written([part("level = info\n")], false),
        ),
        ("/etc/api/conf.d/table.bin", table),
        ("/etc/api/keys/signing", written([secret("SIGNING_KEY")], false)),
        ("/etc/api/hooks/start.sh", written(start, true)),
        // `username` is an attribute that the image of compose does not have: the file is left out.
        ("/run/search/url", written([part("http://search:9200")], false)),
        ("/etc/timezone", text("UTC\n")),
    ]);
    assert_eq!(facts.components["api"].files, wanted);
    assert_eq!(facts.components["migrate"].files, wanted);
    assert_eq!(executable, Vec::<String>::new());
    let supplied: Vec<&str> = facts.supplied.iter().map(String::as_str).collect();
    assert_eq!(supplied, ["LICENSE"]);
}

const MANIFEST: &str = "name: shop\nservices:\n  web:\n    image: a:1\n    files: { /etc/web: ./conf }\n";

/// The printed files of the manifest with some more files.
fn build(files: &[(&str, &[u8])]) -> Result<BTreeMap<String, Vec<u8>>, String> {
    let mut sources = MemorySources::from([("application.yml", MANIFEST)]);
    for (path, bytes) in files {
        sources.insert(path, *bytes);
    }
    let built = case::compile(&sources, &Selection::default())?;
    let artifacts = built.outputs.iter().flat_map(|output| output.artifacts.iter());
    Ok(artifacts
        .map(|(path, artifact)| (path.to_string(), artifact.contents.clone()))
        .collect())
}

#[test]
fn a_source_is_an_input_like_the_manifest() {
    let one = build(&[("conf/a", b"1"), ("conf/b/c", b"2")]).unwrap();
    assert_eq!(build(&[("conf/b/c", b"2"), ("conf/a", b"1")]).unwrap(), one);
    assert_eq!(one["files/web/etc/web/b/c"], b"2");
    let other = build(&[("conf/a", b"1"), ("conf/b/c", b"3")]).unwrap();
    let changed: Vec<&String> = one.keys().filter(|path| one[*path] != other[*path]).collect();
    // The digest of what is mounted stands in the project, so that a container is made anew.
    assert_eq!(changed, ["compose.yaml", "files/web/etc/web/b/c"]);
    let more = build(&[("conf/a", b"1"), ("conf/b/c", b"2"), ("conf/b/d", b"")]).unwrap();
    assert!(more.contains_key("files/web/etc/web/b/d"));
}

#[test]
fn the_files_of_a_service_have_a_mebibyte_together() {
    let half = vec![b'a'; 512 << 10];
    assert!(build(&[("conf/a", &half), ("conf/b", &half)]).is_ok());
    let error = build(&[("conf/a", &half), ("conf/b", &half), ("conf/c", b"a")]).unwrap_err();
    assert!(
        error.starts_with("application.yml:5:24: error[EX0360]: a source of files holds more than 1 MiB\n"),
        "{error}"
    );
    let manifest = MANIFEST.replace("{ /etc/web: ./conf }", "{ /a: ./a, /b: ./b, /c: { content: a } }");
    let mut sources = MemorySources::from([("application.yml", manifest)]);
    sources.insert("a", half.clone());
    sources.insert("b", half);
    let (_, diagnostics, map) = case::try_compile(&sources, &Selection::default());
    let errors = diagnostics
        .iter()
        .filter(|it| it.code.severity == Severity::Error);
    let found: Vec<(&str, &str, &str)> = errors
        .map(|it| {
            (
                it.code.id,
                it.message.as_str(),
                map.slice(it.primary.as_ref().unwrap().span),
            )
        })
        .collect();
    let message = "the files of the service `web` have 1048577 bytes together, and 1048576 are the most";
    assert_eq!(found, [("EX0360", message, "/b")]);
}

#[test]
fn a_folder_of_endlessly_many_files_is_not_read_to_its_end() {
    let names: Vec<String> = (0..5000).map(|number| format!("conf/{number}")).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), b"".as_slice())).collect();
    let error = build(&files).unwrap_err();
    assert!(
        error.contains("EX0360]: a source of files holds more than 4096 files and folders"),
        "{error}"
    );
}

#[test]
fn a_credential_in_a_source_is_warned_of_and_never_shown() {
    let canary = format!("AKIA{}", "IOSFODNN7EXAMPLE");
    let sources = MemorySources::from([
        ("application.yml", MANIFEST.to_owned()),
        (
            "conf/aws.ini",
            format!("[default]\naws_access_key_id = {canary}\n"),
        ),
    ]);
    let (outputs, diagnostics, map) = case::try_compile(&sources, &Selection::default());
    assert!(outputs.is_some());
    let warned = diagnostics.iter().find(|it| it.code.id == "EX0314").unwrap();
    assert_eq!(map.slice(warned.primary.as_ref().unwrap().span), "./conf");
    assert!(!format!("{diagnostics:?}").contains(&canary));
}

#[test]
fn a_file_called_as_the_one_with_secrets_is_not_left_out_by_git() {
    let ignored = |files: &str| {
        let manifest = format!(
            "name: shop\nsecrets: {{ S: {{}} }}\nservices:\n  web:\n    image: a:1\n    environment: {{ A: \"${{secrets.S}}\" }}\n    \
             files: {{ {files} }}\n"
        );
        let sources = MemorySources::from([("application.yml", manifest)]);
        let built = case::compile(&sources, &Selection::default()).unwrap();
        let mut files = built.outputs.iter().flat_map(|output| output.artifacts.iter());
        let found = files.find(|(path, _)| path.as_str() == ".gitignore").unwrap();
        String::from_utf8(found.1.contents.clone()).unwrap()
    };
    assert!(!ignored("/srv/env: { content: a }").contains('!'));
    assert!(ignored("/srv/.env: { content: a }").ends_with(".env\n# Files of services.\n!/files/**/.env\n"));
}

/// What a project could do instead of what it does: it would be noticed.
const FAULTS: &[(&str, &str)] = &[
    ("nocopy: true", "nocopy: false"),
    ("restart: true", "restart: false"),
    ("put 0555 'hooks/start.sh'", "put 0444 'hooks/start.sh'"),
    ("\\\"$$FILE_0\\\" | put", "\\\"$$FILE_1\\\" | put"),
    (" ! -path './keys/signing'", ""),
    (
        "put 0444 'conf.d/log.ini' </known/0",
        "put 0444 'conf.d/log.ini' </known/1",
    ),
    ("chmod -R a-w .", "chmod -R a-r ."),
    ("umask 022; ", ""),
    ("target: \"/etc/timezone\"", "target: \"/etc/localtime\""),
    (
        "${SIGNING_KEY:?set SIGNING_KEY in .env to 64 letters and digits}",
        "key",
    ),
    ("create_host_path: false", "create_host_path: true"),
];

#[test]
fn facts_notice_what_a_project_does_wrong_with_files() {
    let cases = case::all().unwrap();
    let case = cases.iter().find(|case| case.name == "files-late").unwrap();
    let built = case.build().unwrap();
    let output = built
        .outputs
        .iter()
        .find(|output| output.environment == "local")
        .unwrap();
    let artifacts = output.artifacts.iter();
    let files: Files = artifacts
        .map(|(path, artifact)| (path.to_string(), artifact.contents.clone()))
        .collect();
    let sound = Target::Compose.facts(&files).unwrap();
    let text = String::from_utf8(files["compose.yaml"].clone()).unwrap();
    for (from, to) in FAULTS {
        assert!(
            text.contains(from),
            "what is replaced is not there any more: {from}"
        );
        let mut files = files.clone();
        files.insert("compose.yaml".to_owned(), text.replacen(from, to, 1).into_bytes());
        if let Ok(facts) = Target::Compose.facts(&files) {
            assert!(facts != sound, "nobody notices {to:?} for {from:?}");
        }
    }
}
