//! `exoc build`.

use super::support::App;
use serde_json::json;
use std::fs;
use std::os::unix::fs::PermissionsExt;

#[test]
fn writes_every_output_and_lists_each_file() {
    let app = App::good();
    let run = app.run(&["build"]);
    run.ended(0).told(" unchanged.");
    let lines: Vec<&str> = run.out.lines().collect();
    assert!(lines.contains(&"infra/local/compose/compose.yaml"), "{lines:?}");
    assert!(
        lines.contains(&"infra/production/kubernetes/kustomization.yaml"),
        "{lines:?}"
    );
    let written: Vec<String> = app
        .files()
        .into_iter()
        .map(|(name, _)| name)
        .filter(|name| name.starts_with("infra/"))
        .collect();
    let files: Vec<&str> = written
        .iter()
        .map(String::as_str)
        .filter(|name| !name.ends_with('/'))
        .collect();
    let mut sorted = lines.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, files, "the list is what was written, once each");
    let mode = fs::metadata(app.path("infra/local/compose/compose.yaml"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o400, 0o400);
    assert_eq!(mode & 0o111, 0);
}

#[test]
fn touches_no_file_that_is_as_it_should_be() {
    let app = App::good();
    app.run(&["build"]).ended(0);
    let time = || {
        fs::metadata(app.path("infra/local/compose/compose.yaml"))
            .unwrap()
            .modified()
            .unwrap()
    };
    let before = time();
    let run = app.run(&["build"]);
    run.ended(0).told("0 files written").without_result();
    assert_eq!(time(), before);
    app.write("web/service.yml", "port: 8080\ncpu: 2\n");
    let run = app.run(&["build", "--env", "local"]);
    run.ended(0);
    assert_eq!(run.out, "infra/local/compose/compose.yaml\n");
    assert_ne!(time(), before);
}

#[test]
fn narrows_to_an_environment_and_a_target() {
    let app = App::good();
    let run = app.run(&["build", "--env", "production", "--target", "kubernetes"]);
    run.ended(0);
    assert!(
        run.out
            .lines()
            .all(|line| line.starts_with("infra/production/kubernetes/")),
        "{run:?}"
    );
    assert!(!app.exists("infra/local"));
}

#[test]
fn writes_elsewhere_and_leaves_no_temporary_file() {
    let app = App::good();
    let run = app.run(&["build", "--out", "made/here", "--env", "local"]);
    run.ended(0);
    run.listed_compose("made/here/local/compose");
    let names: Vec<String> = app.files().into_iter().map(|(name, _)| name).collect();
    assert!(!app.exists("infra"), "{names:?}");
    assert!(names.iter().all(|name| !name.contains(".exoc-")), "{names:?}");
}

#[test]
fn paths_in_files_lead_from_the_output_folder_to_the_application() {
    let app = App::good();
    app.run(&["build", "--env", "local"]).ended(0);
    app.run(&["build", "--env", "local", "--out", "a/b/c"]).ended(0);
    let context = |path: &str| {
        let text = fs::read_to_string(app.path(path)).unwrap();
        text.lines()
            .find(|line| line.contains("context:"))
            .unwrap()
            .trim()
            .to_owned()
    };
    assert!(context("infra/local/compose/compose.yaml").contains("../../../web"));
    assert!(context("a/b/c/local/compose/compose.yaml").contains("../../../../../web"));
}

#[test]
fn an_error_writes_nothing() {
    let app = App::bad();
    let before = app.files();
    let run = app.run(&["build"]);
    run.ended(1)
        .without_result()
        .told("error[EX0101]")
        .told("nmae")
        .told("prot")
        .told("2 errors");
    assert_eq!(app.files(), before);
}

#[test]
fn an_error_leaves_former_files_as_they_are() {
    let app = App::good();
    app.run(&["build"]).ended(0);
    app.write("web/service.yml", "prot: 8080\n");
    let before = app.files();
    app.run(&["build"]).ended(1);
    assert_eq!(app.files(), before);
}

#[test]
fn denied_warnings_write_nothing() {
    let app = App::doubtful();
    let before = app.files();
    app.run(&["build", "--deny-warnings"])
        .ended(1)
        .without_result()
        .told("EX0210")
        .told("warnings are denied");
    assert_eq!(app.files(), before);
    app.run(&["build"]).ended(0).told("warning[EX0210]");
    assert_ne!(app.files(), before);
}

#[test]
fn json_lists_the_files() {
    let app = App::good();
    let run = app.run(&["build", "--env", "local", "--format", "json"]);
    run.ended(0);
    assert_eq!(run.err, "");
    let document = run.json();
    let files = document["files"].as_array().unwrap();
    assert!(
        files.contains(&json!("infra/local/compose/compose.yaml")),
        "{files:?}"
    );
    assert!(
        files.iter().all(|file| app.exists(file.as_str().unwrap())),
        "{files:?}"
    );
    let run = app.run(&["build", "--env", "local", "--format", "json"]);
    assert_eq!(run.json()["files"], json!([]));
}
