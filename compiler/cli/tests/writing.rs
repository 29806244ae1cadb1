//! What people do to generated files, and what `build` and `build --check` make of it.

use super::support::{App, program};
use serde_json::json;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

const COMPOSE: &str = "infra/local/compose/compose.yaml";
const WEB: &str = "infra/production/kubernetes/web.yaml";

fn built() -> App {
    let app = App::good();
    app.run(&["build"]).ended(0);
    app
}

/// `--check` lists exactly this, and changes nothing.
#[track_caller]
fn checked(app: &App, lines: &[&str]) {
    let before = app.files();
    let run = app.run(&["build", "--check"]);
    assert_eq!(run.out.lines().collect::<Vec<_>>(), lines, "{run:?}");
    run.ended(i32::from(!lines.is_empty()));
    assert_eq!(app.files(), before);
}

fn text(app: &App, path: &str) -> String {
    fs::read_to_string(app.path(path)).unwrap()
}

/// Adds a line at the end.
fn edit(app: &App, path: &str) {
    let edited = format!("{}# mine\n", text(app, path));
    app.write(path, &edited);
}

#[test]
fn what_was_just_built_is_current() {
    let app = built();
    let run = app.run(&["build", "--check"]);
    run.ended(0).without_result().told(" current.");
    assert!(!app.exists("infra/.exoc"));
}

#[test]
fn nothing_built_is_all_missing() {
    let app = App::good();
    let before = app.files();
    let run = app.run(&["build", "--check", "--env", "local"]);
    run.ended(1)
        .told("not as the manifest says")
        .told("run `exoc build`");
    assert!(
        run.out
            .lines()
            .all(|line| line.starts_with("missing   infra/local/compose/"))
    );
    assert_eq!(app.files(), before);
}

#[test]
fn each_kind_of_difference_has_its_word() {
    let app = built();
    fs::remove_file(app.path(COMPOSE)).unwrap();
    edit(&app, WEB);
    fs::rename(
        app.path("infra/production/kubernetes/namespace.yaml"),
        app.path("infra/production/kubernetes/renamed.yaml"),
    )
    .unwrap();
    app.write(
        "infra/staging/aws/old.tf",
        &text(&app, "infra/local/compose/.gitattributes"),
    );
    checked(
        &app,
        &[
            "missing   infra/local/compose/compose.yaml",
            "missing   infra/production/kubernetes/namespace.yaml",
            "orphaned  infra/production/kubernetes/renamed.yaml",
            "edited    infra/production/kubernetes/web.yaml",
            "orphaned  infra/staging/aws/old.tf",
        ],
    );
    app.write("web/service.yml", "port: 8080\ncpu: 2\n");
    app.write(COMPOSE, &text(&built(), COMPOSE));
    let run = app.run(&["build", "--check"]);
    assert!(
        run.out
            .starts_with("stale     infra/local/compose/compose.yaml\n"),
        "{run:?}"
    );
}

#[test]
fn an_edit_is_refused_with_its_diff_and_nothing_is_written() {
    let app = built();
    edit(&app, WEB);
    app.write("web/service.yml", "port: 8080\ncpu: 2\n");
    let before = app.files();
    app.run(&["build"])
        .ended(1)
        .without_result()
        .told("edited    infra/production/kubernetes/web.yaml")
        .told("\n-# mine\n")
        .told("1 generated file was edited by hand; nothing was written")
        .told("--force");
    assert_eq!(app.files(), before);
    // What is not asked for is not in the way.
    app.run(&["build", "--env", "local"]).ended(0);
    app.run(&["build", "--force"]).ended(0);
    checked(&app, &[]);
    assert!(!text(&app, WEB).contains("# mine"));
}

/// The application without its production environment.
const LOCAL_ONLY: &str = "name: shop\nservices:\n  web: ./web\n";

#[test]
fn what_is_no_longer_made_goes_with_its_empty_folders_and_yours_stays() {
    let app = built();
    app.write("infra/production/kubernetes/patch.yaml", "mine\n");
    app.write("application.yml", LOCAL_ONLY);
    let run = app.run(&["build", "--check"]);
    run.ended(1);
    assert!(
        run.out
            .lines()
            .all(|line| line.starts_with("orphaned  infra/production/kubernetes/"))
    );
    assert!(!run.out.contains("patch.yaml"), "{run:?}");
    let run = app.run(&["build"]);
    run.ended(0).told(" removed, ");
    assert!(
        run.out.contains("removed infra/production/kubernetes/web.yaml\n"),
        "{run:?}"
    );
    let left: Vec<String> = app
        .files()
        .into_iter()
        .map(|(name, _)| name)
        .filter(|name| name.starts_with("infra/production") && !name.ends_with('/'))
        .collect();
    assert_eq!(left, ["infra/production/kubernetes/patch.yaml"]);
    fs::remove_file(app.path("infra/production/kubernetes/patch.yaml")).unwrap();
    let app = built();
    app.write("application.yml", LOCAL_ONLY);
    app.run(&["build"]).ended(0);
    assert!(!app.exists("infra/production"));
}

#[test]
fn an_edit_of_a_file_that_is_no_longer_made_is_refused_until_it_is_claimed() {
    let app = built();
    edit(&app, WEB);
    app.write("application.yml", LOCAL_ONLY);
    app.run(&["build"])
        .ended(1)
        .told("edited    infra/production/kubernetes/web.yaml (and no longer made)")
        .told("becomes yours when its first line is removed");
    let claimed = text(&app, WEB).split_once('\n').unwrap().1.to_owned();
    app.write(WEB, &claimed);
    app.run(&["build"]).ended(0);
    assert_eq!(text(&app, WEB), claimed);
    let app = built();
    edit(&app, WEB);
    app.write("application.yml", LOCAL_ONLY);
    app.run(&["build", "--force"]).ended(0);
    assert!(!app.exists("infra/production"));
}

#[test]
fn files_of_yours_are_never_touched_or_told() {
    let app = built();
    let mine = [
        "infra/README.md",
        "infra/production/notes.md",
        "infra/production/kubernetes/extra.yaml",
        "infra/production/kubernetes/.env",
        "infra/local/compose/compose.override.yaml",
        "infra/local/compose/.env",
        "infra/production/kubernetes/.terraform/x.tf",
        "infra/production/kubernetes/terraform.tfstate",
        "infra/production/kubernetes/.terraform.lock.hcl",
        "infra/shared/dashboards/a.json",
    ];
    mine.iter().for_each(|path| app.write(path, "mine\n"));
    // Even a copy of ours in a hidden folder is somebody else's.
    let ours = text(&app, WEB);
    app.write("infra/production/kubernetes/.terraform/web.yaml", &ours);
    symlink("web.yaml", app.path("infra/production/kubernetes/link.yaml")).unwrap();
    checked(&app, &[]);
    app.write("web/service.yml", "port: 8080\ncpu: 2\n");
    edit(&app, WEB);
    app.run(&["build", "--force"]).ended(0);
    app.write("application.yml", LOCAL_ONLY);
    app.run(&["build"]).ended(0);
    for path in mine {
        assert_eq!(text(&app, path), "mine\n", "{path}");
    }
    assert!(app.exists("infra/production/kubernetes/.terraform/web.yaml"));
    assert!(fs::symlink_metadata(app.path("infra/production/kubernetes/link.yaml")).is_ok());
}

#[test]
fn a_lost_first_line_is_put_back_if_nothing_else_differs() {
    let app = built();
    let body = text(&app, WEB).split_once("\n\n").unwrap().1.to_owned();
    app.write(WEB, &body);
    checked(&app, &["stale     infra/production/kubernetes/web.yaml"]);
    app.run(&["build"]).ended(0);
    checked(&app, &[]);
    app.write(WEB, &body);
    app.write("web/service.yml", "port: 8080\ncpu: 2\n");
    // Now nobody knows whether the body is exoc's.
    app.run(&["build"]).ended(1).told("edited by hand");
}

#[test]
fn line_ends_and_permissions_are_nobodys_edit() {
    let app = built();
    app.write(WEB, &text(&app, WEB).replace('\n', "\r\n"));
    fs::set_permissions(app.path(COMPOSE), fs::Permissions::from_mode(0o755)).unwrap();
    checked(
        &app,
        &[
            "stale     infra/local/compose/compose.yaml",
            "stale     infra/production/kubernetes/web.yaml",
        ],
    );
    app.run(&["build"]).ended(0);
    checked(&app, &[]);
    assert!(!text(&app, WEB).contains('\r'));
}

#[test]
fn a_file_of_yours_at_the_place_of_a_generated_one_is_not_overwritten() {
    let app = App::good();
    app.write(COMPOSE, "services: {}\n");
    app.run(&["build"])
        .ended(1)
        .told("edited    infra/local/compose/compose.yaml");
    assert_eq!(text(&app, COMPOSE), "services: {}\n");
}

#[test]
fn what_is_in_the_way_is_one_line() {
    let app = built();
    fs::remove_file(app.path(WEB)).unwrap();
    app.write(&format!("{WEB}/mine"), "mine");
    fs::remove_dir_all(app.path("infra/local")).unwrap();
    app.write("infra/local", "mine");
    checked(
        &app,
        &[
            "blocked   infra/local (it is a file, and a folder is needed)",
            "blocked   infra/production/kubernetes/web.yaml (it is a folder)",
        ],
    );
    let before = app.files();
    app.run(&["build", "--force"]).ended(3).told("is in the way");
    assert_eq!(app.files(), before);
}

#[test]
fn check_shows_diffs_on_demand() {
    let app = built();
    app.write("web/service.yml", "port: 8080\ncpu: 2\n");
    let run = app.run(&["build", "--check", "--diff", "--env", "production"]);
    run.ended(1);
    let lines = [
        "stale     infra/production/kubernetes/web.yaml\n--- infra/production/kubernetes/web.yaml (on the disk)\n",
        "\n-              cpu: \"250m\"\n+              cpu: \"2\"\n",
    ];
    lines
        .iter()
        .for_each(|line| assert!(run.out.contains(line), "{}", run.out));
    app.run(&["build", "--diff"]).ended(2).told("--check");
    app.run(&["build", "--check", "--force"]).ended(2);
}

#[test]
fn programs_get_the_same_as_data() {
    let app = built();
    edit(&app, WEB);
    let run = app.run(&["build", "--check", "--format", "json"]);
    run.ended(1);
    assert_eq!(run.err, "");
    let expected = json!({
        "interrupted": false,
        "files": [{ "path": WEB, "state": "edited", "diff": null }],
    });
    assert_eq!(run.json()["tree"], expected);
    let run = app.run(&["build", "--format", "json"]);
    run.ended(1);
    let diff = run.json()["tree"]["files"][0]["diff"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(diff.contains("-# mine"), "{diff}");
    app.write("application.yml", LOCAL_ONLY);
    let removed = app.run(&["build", "--force", "--format", "json"]).json()["removed"].clone();
    assert!(removed.as_array().unwrap().contains(&json!(WEB)), "{removed}");
}

#[test]
fn the_journal_explains_what_an_interrupted_build_left() {
    let app = built();
    // A forced build that overwrites an edit, stopped before it came to this file.
    edit(&app, WEB);
    let edited = text(&app, WEB);
    let hash = exoc::generated::seal::hash(edited.as_bytes());
    let journal = json!({ "version": 1, "files": [{
        "path": WEB.strip_prefix("infra/").unwrap(), "old": hash, "new": "0",
    }]});
    app.write("infra/.exoc/journal.json", &journal.to_string());
    app.write("infra/.exoc/stage/0", "left behind");
    let run = app.run(&["build", "--check"]);
    run.ended(1).told("a build was interrupted, and 1 file is not");
    assert_eq!(run.out, format!("stale     {WEB}\n"));
    // A build of something else does not forget it.
    app.run(&["build", "--env", "local"]).ended(0);
    app.run(&["build", "--check", "--env", "local"])
        .ended(1)
        .told("a build was interrupted after it had written all files");
    app.run(&["build"]).ended(0);
    assert!(!app.exists("infra/.exoc"));
    checked(&app, &[]);
}

#[test]
fn what_a_build_prepared_is_named_and_goes() {
    let app = built();
    app.write("web/service.yml", "port: 8080\ncpu: 2\n");
    app.write("infra/.exoc/stage/0", "left behind");
    app.run(&["build", "--check"])
        .ended(1)
        .told("interrupted before it changed anything, and 2 files are not");
    app.run(&["build"]).ended(0);
    assert!(!app.exists("infra/.exoc"));
    // Where nothing is to be done, what is left harms nobody, and goes all the same.
    app.write("infra/.exoc/stage/0", "left behind");
    checked(&app, &[]);
    app.run(&["build"]).ended(0);
    assert!(!app.exists("infra/.exoc"));
}

#[test]
fn the_journal_explains_no_edit_that_came_later() {
    let app = built();
    edit(&app, WEB);
    let path = WEB.strip_prefix("infra/").unwrap();
    let journal = json!({ "version": 1, "files": [{ "path": path, "old": "1", "new": "2" }] });
    app.write("infra/.exoc/journal.json", &journal.to_string());
    app.run(&["build"]).ended(1).told("edited by hand");
}

#[test]
fn a_journal_that_cannot_be_understood_explains_nothing_and_goes() {
    let app = built();
    app.write("infra/.exoc/journal.json", "{");
    app.run(&["build", "--check"])
        .ended(1)
        .told("a build was interrupted");
    app.run(&["build"]).ended(0);
    checked(&app, &[]);
    assert!(!app.exists("infra/.exoc"));
}

#[test]
fn builds_at_once_end_in_the_tree_of_one() {
    let app = built();
    let expected = app.files();
    for round in 0..8 {
        edit(&app, WEB);
        fs::remove_dir_all(app.path("infra/local")).unwrap();
        let children: Vec<_> = (0..4)
            .map(|_| {
                program(&app.path(""), &["build", "--force"])
                    .stdout(std::process::Stdio::null())
                    .stderr(std::process::Stdio::null())
                    .spawn()
                    .unwrap()
            })
            .collect();
        for mut child in children {
            assert!(child.wait().unwrap().success(), "round {round}");
        }
        assert_eq!(app.files(), expected, "round {round}");
    }
}

#[test]
fn builds_at_once_may_begin_without_a_folder() {
    for _ in 0..8 {
        let app = App::good();
        let children: Vec<_> = (0..4)
            .map(|_| {
                program(&app.path(""), &["build"])
                    .stdout(std::process::Stdio::null())
                    .stderr(std::process::Stdio::null())
                    .spawn()
                    .unwrap()
            })
            .collect();
        for mut child in children {
            assert!(child.wait().unwrap().success());
        }
        checked(&app, &[]);
    }
}

#[test]
fn a_fresh_clone_of_the_output_is_checked_in_the_same_way() {
    let app = built();
    fs::remove_dir(app.path(".git")).unwrap();
    let git = |folder: &std::path::Path, arguments: &[&str]| {
        let output = std::process::Command::new("git")
            .current_dir(folder)
            .args(["-c", "user.name=a", "-c", "user.email=a@example.com"])
            .args(arguments)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    git(&app.path(""), &["init", "-q"]);
    git(&app.path(""), &["add", "-A"]);
    git(&app.path(""), &["commit", "-q", "-m", "a"]);
    let clone = tempfile::tempdir().unwrap();
    // A machine that turns every line end: the attributes keep the generated ones.
    let place = clone.path().join("clone");
    let options = ["clone", "-q", "-c", "core.autocrlf=true"];
    let from = app.path("");
    git(
        clone.path(),
        &[&options[..], &[from.to_str().unwrap(), place.to_str().unwrap()]].concat(),
    );
    let run = super::support::run_at(&place, &["build", "--check"]);
    run.ended(0);
    let attributes = git(
        &place,
        &["check-attr", "linguist-generated", COMPOSE, "application.yml"],
    );
    assert!(
        attributes.contains("compose.yaml: linguist-generated: set"),
        "{attributes}"
    );
    assert!(attributes.contains("application.yml: linguist-generated: unspecified"));
    edit(&app, WEB);
    fs::write(place.join(WEB), text(&app, WEB)).unwrap();
    let run = super::support::run_at(&place, &["build", "--check"]);
    assert_eq!(run.out, format!("edited    {WEB}\n"));
}
