//! `exoc diff`, in repositories.

use super::support::{App, Run};
use std::fs;
use std::process::Command;

/// Runs git in the application's folder, as nobody in particular.
#[track_caller]
fn git(app: &App, words: &[&str]) -> String {
    let output = Command::new("git")
        .current_dir(app.path(""))
        .args([
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@example.com",
            "-c",
            "init.defaultBranch=main",
        ])
        .args(words)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .unwrap();
    assert!(output.status.success(), "{words:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// An application whose only commit holds it as it is.
fn committed() -> App {
    let app = App::good();
    commit_all(&app);
    app
}

fn commit_all(app: &App) {
    git(app, &["init", "-q"]);
    git(app, &["add", "-A"]);
    git(app, &["commit", "-qm", "first"]);
}

fn edit(app: &App, path: &str, old: &str, new: &str) {
    let text = fs::read_to_string(app.path(path)).unwrap();
    assert!(text.contains(old), "{text}");
    fs::write(app.path(path), text.replace(old, new)).unwrap();
}

fn diff(app: &App, more: &[&str]) -> Run {
    app.run(&[&["diff"], more].concat())
}

#[test]
fn nothing_changed_since_the_last_commit() {
    let run = diff(&committed(), &[]);
    run.ended(0);
    assert!(
        run.out.contains("Nothing changed in the application."),
        "{}",
        run.out
    );
    assert_eq!(run.err, "");
}

#[test]
fn a_dirty_tree_is_compared_as_it_lies_there() {
    let app = committed();
    edit(
        &app,
        "application.yml",
        "domain: shop.example.com",
        "domain: shop.example.org",
    );
    let run = diff(&app, &[]);
    run.ended(0);
    assert!(
        run.out.contains("has the domain `shop.example.org`"),
        "{}",
        run.out
    );
    git(&app, &["commit", "-qam", "second"]);
    assert!(diff(&app, &[]).out.contains("Nothing changed"));
    let run = diff(&app, &["--from", "HEAD~1", "--format", "json"]);
    let document = run.json();
    assert_eq!(document["version"], 1);
    let told = &document["diff"];
    assert_eq!(
        (&told["version"], &told["from"]["revision"]),
        (&1.into(), &"HEAD~1".into())
    );
    assert_eq!(told["from"]["commit"].as_str().unwrap().len(), 40);
    let change = &told["changes"][0];
    assert_eq!(change["kind"], "domain-changed");
    assert_eq!(change["before"], "shop.example.com");
    assert_eq!(change["place"]["file"], "application.yml");
    assert_eq!(change["environments"][0], "production");
    let markdown = diff(&app, &["--from", "HEAD~1", "--markdown"]).out;
    assert!(markdown.starts_with("### `shop`: 1 change\n"), "{markdown}");
    let concise = diff(&app, &["--from", "HEAD~1", "--format", "concise"]).out;
    assert_eq!(
        concise,
        "change[domain-changed]: production: has the domain `shop.example.org`, was `shop.example.com` (production)\n"
    );
}

#[test]
fn a_commit_that_is_not_there_is_named() {
    let app = committed();
    let run = diff(&app, &["--from", "v9"]);
    run.ended(3)
        .without_result()
        .told("there is no commit `v9` in this repository");
    for odd in ["", "--all", "HEAD\nx", "HEAD..HEAD"] {
        diff(&app, &[&format!("--from={odd}")]).ended(3).without_result();
    }
}

#[test]
fn a_repository_without_a_commit_says_so() {
    let app = App::good();
    git(&app, &["init", "-q"]);
    diff(&app, &[]).ended(3).told("there is no commit yet");
}

#[test]
fn without_a_repository_environments_can_be_compared() {
    let app = App::good();
    let run = diff(&app, &[]);
    run.ended(3)
        .without_result()
        .told("the application lies in no Git repository");
    run.told("--against");
    let run = diff(&app, &["--env", "production", "--against", "local"]);
    run.ended(0);
    assert!(
        run.out
            .contains("What would change if `local` became as `production` is."),
        "{}",
        run.out
    );
    diff(&app, &["--against", "local"]).ended(2);
    diff(
        &app,
        &["--env", "production", "--env", "local", "--against", "local"],
    )
    .ended(2);
    diff(&app, &["--env", "production", "--against", "loca"])
        .ended(2)
        .told("did you mean `local`");
}

#[test]
fn a_shallow_clone_says_that_it_is_one() {
    let app = committed();
    edit(
        &app,
        "application.yml",
        "domain: shop.example.com",
        "domain: shop.example.org",
    );
    git(&app, &["commit", "-qam", "second"]);
    let clone = tempfile::tempdir().unwrap();
    let to = clone.path().join("clone");
    let from = format!("file://{}", app.path("").display());
    git(
        &app,
        &["clone", "-q", "--depth", "1", &from, to.to_str().unwrap()],
    );
    let run = super::support::run_at(&to, &["diff", "--from", "HEAD~1"]);
    run.ended(3).told("this is a shallow clone");
    super::support::run_at(&to, &["diff"]).ended(0);
}

#[test]
fn an_application_that_is_new_is_new() {
    let app = App::good();
    git(&app, &["init", "-q"]);
    git(&app, &["commit", "-q", "--allow-empty", "-m", "empty"]);
    let run = diff(&app, &[]);
    run.ended(0);
    assert!(
        run.out.contains("has no such application: all of it is new"),
        "{}",
        run.out
    );
    assert!(
        run.out.contains("production  is new, with 1 service"),
        "{}",
        run.out
    );
}

#[test]
fn an_application_that_has_errors_there_shows_them() {
    let app = App::good();
    edit(&app, "application.yml", "services:", "servces:");
    commit_all(&app);
    edit(&app, "application.yml", "servces:", "services:");
    let run = diff(&app, &[]);
    run.ended(1).without_result();
    run.told("HEAD:application.yml:2:1").told("unknown key");
    run.told("the application in `HEAD` has errors");
    let run = diff(&app, &["--format", "json"]);
    run.ended(1);
    assert_eq!(run.json()["diagnostics"][0]["file"], "HEAD:application.yml");
}

#[test]
fn errors_of_the_working_tree_come_first() {
    let app = committed();
    edit(&app, "application.yml", "services:", "servces:");
    diff(&app, &[])
        .ended(1)
        .without_result()
        .told("application.yml:2:1");
}

#[test]
fn a_folder_that_was_moved_is_found_by_the_application_s_name() {
    let app = committed();
    fs::create_dir(app.path("apps")).unwrap();
    git(&app, &["mv", "application.yml", "web", "apps"]);
    let run = app.run_in("apps", &["diff"]);
    run.ended(0);
    assert!(
        run.out.contains("where it lay at the top of the repository"),
        "{}",
        run.out
    );
    assert!(run.out.contains("Nothing changed"), "{}", run.out);
}

#[test]
fn a_hostile_repository_starts_nothing() {
    let app = committed();
    let trap = app.path("trap.sh");
    let mark = app.path("mark");
    fs::write(&trap, format!("#!/bin/sh\ntouch '{}'\n", mark.display())).unwrap();
    Command::new("chmod").arg("+x").arg(&trap).status().unwrap();
    let trap = trap.to_str().unwrap();
    for key in [
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "core.editor",
        "diff.external",
        "diff.x.textconv",
        "diff.x.command",
        "filter.x.smudge",
        "filter.x.clean",
        "filter.x.process",
        "alias.rev-parse",
        "alias.ls-tree",
        "alias.cat-file",
        "core.askPass",
        "credential.helper",
        "gpg.program",
    ] {
        git(&app, &["config", key, trap]);
    }
    fs::write(app.path(".git/info/attributes"), "* diff=x filter=x\n").unwrap();
    for hook in [
        "post-checkout",
        "pre-commit",
        "post-index-change",
        "reference-transaction",
    ] {
        fs::copy(trap, app.path(&format!(".git/hooks/{hook}"))).unwrap();
    }
    edit(
        &app,
        "application.yml",
        "domain: shop.example.com",
        "domain: shop.example.org",
    );
    diff(&app, &[]).ended(0);
    assert!(!mark.exists(), "something of the repository was started");
}

#[test]
fn variables_of_a_hook_do_not_lead_to_another_repository() {
    let app = committed();
    let other = App::good();
    git(&other, &["init", "-q"]);
    let mut program = super::support::program(&app.path(""), &["diff"]);
    program
        .env("GIT_DIR", other.path(".git"))
        .env("GIT_INDEX_FILE", "/nowhere");
    let output = program.output().unwrap();
    assert!(output.status.success(), "{output:?}");
}
