//! The output folder: what stands in the way is told, with three, and nothing is lost.

use super::support::App;
use std::fs;
use std::os::unix::fs::symlink;

/// A build that cannot write: exit code, these words, a line of help, and every file as before.
#[track_caller]
fn refused(app: &App, arguments: &[&str], words: &str) {
    let before = app.files();
    let run = app.run(arguments);
    run.ended(3).without_result().told(words).told("help: ");
    assert_eq!(app.files(), before);
}

#[test]
fn a_file_in_place_of_the_output_folder() {
    let app = App::good();
    app.write("infra", "mine");
    refused(&app, &["build"], "`infra` is in the way: it is a file");
    refused(
        &app,
        &["build", "--out", "infra"],
        "the output folder `infra` cannot be used",
    );
    refused(
        &app,
        &["build", "--out", "infra/deeper"],
        "the output folder `infra/deeper` cannot be used",
    );
}

#[test]
fn a_file_in_place_of_a_folder_deeper_down() {
    let app = App::good();
    app.write("infra/production/kubernetes", "mine");
    refused(
        &app,
        &["build"],
        "`infra/production/kubernetes` is in the way: it is a file",
    );
}

#[test]
fn a_folder_in_place_of_a_file() {
    let app = App::good();
    app.write("infra/local/compose/compose.yaml/mine", "mine");
    refused(
        &app,
        &["build"],
        "`infra/local/compose/compose.yaml` is in the way: it is a folder",
    );
}

#[test]
fn a_link_in_place_of_a_folder_or_file() {
    let app = App::good();
    let elsewhere = App::good();
    symlink(elsewhere.path(""), app.path("infra")).unwrap();
    let before = elsewhere.files();
    refused(&app, &["build"], "`infra` is in the way: it is a symbolic link");
    assert_eq!(elsewhere.files(), before);
    fs::remove_file(app.path("infra")).unwrap();
    app.write("mine", "mine");
    fs::create_dir_all(app.path("infra/local/compose")).unwrap();
    symlink("../../../mine", app.path("infra/local/compose/compose.yaml")).unwrap();
    refused(
        &app,
        &["build"],
        "`infra/local/compose/compose.yaml` is in the way: it is a symbolic link",
    );
    symlink("nowhere", app.path("broken")).unwrap();
    refused(
        &app,
        &["build", "--out", "broken"],
        "the output folder `broken` cannot be used",
    );
    symlink("cycle", app.path("cycle")).unwrap();
    refused(
        &app,
        &["build", "--out", "cycle"],
        "its symbolic links form a cycle",
    );
}

#[test]
fn a_link_that_the_user_names_is_followed() {
    let app = App::good();
    fs::create_dir(app.path("real")).unwrap();
    symlink("real", app.path("link")).unwrap();
    app.run(&["build", "--out", "link", "--env", "local"]).ended(0);
    assert!(app.exists("real/local/compose/compose.yaml"));
}

#[test]
fn a_folder_where_nothing_can_be_made() {
    // The kernel's own file systems refuse even the administrator, who may write into a read-only folder.
    refused(
        &App::good(),
        &["build", "--out", "/proc/exoc"],
        "`/proc/exoc` cannot be written: ",
    );
}

#[test]
fn check_looks_at_no_output_folder_of_its_own() {
    let app = App::good();
    app.write("infra", "mine");
    app.run(&["check"]).ended(0);
}
