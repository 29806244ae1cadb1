//! What all commands have in common: streams, exit codes, folders, colours, and files that cannot be read.

use super::support::{App, program, run_at};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};

#[test]
fn the_help_says_what_exit_codes_mean() {
    let run = run_at(Path::new("/"), &["--help"]);
    run.ended(0);
    assert!(
        run.out.contains("Usage: exoc") && run.out.contains("Exit codes:"),
        "{}",
        run.out
    );
    assert_eq!(run.err, "");
}

#[test]
fn a_wrong_command_line_ends_with_two() {
    let app = App::good();
    app.run(&["biuld"]).ended(2).without_result().told("build");
    app.run(&["build", "--frobnicate"])
        .ended(2)
        .without_result()
        .told("--frobnicate");
    app.run(&["build", "--format", "xml"])
        .ended(2)
        .without_result()
        .told("concise");
}

#[test]
fn an_unknown_environment_or_target_ends_with_two_and_a_suggestion() {
    let app = App::good();
    let before = app.files();
    let run = app.run(&["build", "--env", "prodution"]);
    run.ended(2)
        .without_result()
        .told("there is no environment `prodution`")
        .told("did you mean `production`?");
    let run = app.run(&["check", "--target", "compsoe"]);
    run.ended(2)
        .without_result()
        .told("there is no target `compsoe`")
        .told("did you mean `compose`?");
    app.run(&["dump", "ir", "--env", "x"])
        .ended(2)
        .told("the environments are ");
    assert_eq!(app.files(), before);
}

#[test]
fn it_runs_from_any_subfolder_and_paths_lead_from_there() {
    let app = App::good();
    let run = app.run_in("web", &["build", "--env", "local"]);
    run.ended(0);
    run.listed_compose("../infra/local/compose");
    app.write("web/service.yml", "prot: 1\n");
    app.run_in("web", &["check", "--format", "concise"])
        .ended(1)
        .told("../web/service.yml:1:1: error[EX0101]");
}

#[test]
fn it_runs_as_if_started_elsewhere() {
    let app = App::good();
    let outer = app.path("..");
    let name = app.path("").file_name().unwrap().to_str().unwrap().to_owned();
    let run = run_at(&outer, &["-C", &name, "build", "--env", "local"]);
    run.ended(0);
    run.listed_compose(&format!("{name}/infra/local/compose"));
    let run = run_at(
        &outer,
        &[
            "build",
            "--env",
            "local",
            "--out",
            "made",
            "-C",
            &format!("{name}/web"),
        ],
    );
    run.ended(0);
    run.listed_compose(&format!("{name}/web/made/local/compose"));
    let root = app.path("").canonicalize().unwrap();
    let run = run_at(
        Path::new("/usr"),
        &[
            "-C",
            root.to_str().unwrap(),
            "build",
            "--env",
            "local",
            "--out",
            "x",
        ],
    );
    run.listed_compose(&format!("{}/x/local/compose", root.display()));
}

#[test]
fn a_missing_application_or_folder_ends_with_three() {
    let app = App::with(&[("application.yaml", "name: a\n")]);
    let run = app.run(&["build"]);
    run.ended(3)
        .without_result()
        .told("there is no `application.yml` in `")
        .told("`application.yaml` is there");
    app.run(&["build", "-C", "nowhere"])
        .ended(3)
        .told("the folder `nowhere` cannot be entered: it does not exist");
    app.run(&["check", "-C", "application.yaml"])
        .ended(3)
        .told("`application.yaml` is no folder");
}

#[test]
fn the_search_ends_at_the_repository() {
    let app = App::good();
    fs::create_dir_all(app.path("other/.git")).unwrap();
    app.run_in("other", &["check"])
        .ended(3)
        .told("there is no `application.yml`");
}

/// Every command that reads a manifest ends with three, says this, and neither prints nor writes anything.
#[track_caller]
fn unreadable(app: &App, code: &str, words: &str) {
    let before = app.files();
    for command in [&["build"][..], &["check"], &["dump", "ir"]] {
        let run = app.run(command);
        run.ended(3)
            .without_result()
            .told(&format!("error[{code}]"))
            .told(words)
            .told("help: ");
    }
    assert_eq!(app.files(), before);
}

#[test]
fn a_folder_in_place_of_a_file_is_told() {
    let app = App::good();
    fs::remove_file(app.path("web/service.yml")).unwrap();
    fs::create_dir(app.path("web/service.yml")).unwrap();
    unreadable(&app, "EX0001", "`web/service.yml` is a folder");
}

#[test]
fn a_missing_folder_is_told_where_it_is_named() {
    let app = App::good();
    fs::remove_dir_all(app.path("web")).unwrap();
    unreadable(&app, "EX0002", "application.yml:3:8");
}

#[test]
fn a_cycle_of_links_is_told() {
    let app = App::good();
    fs::remove_file(app.path("web/service.yml")).unwrap();
    symlink("other.yml", app.path("web/service.yml")).unwrap();
    symlink("service.yml", app.path("web/other.yml")).unwrap();
    unreadable(&app, "EX0001", "form a cycle");
    let app = App::good();
    fs::remove_file(app.path("application.yml")).unwrap();
    symlink("application.yml", app.path("application.yml")).unwrap();
    unreadable(&app, "EX0001", "form a cycle");
}

#[test]
fn a_path_or_link_that_leaves_is_told() {
    let app = App::good();
    app.write("application.yml", "name: shop\nservices:\n  web: ../../etc\n");
    unreadable(&app, "EX0003", "application.yml:3:8");
    let app = App::good();
    fs::remove_file(app.path("web/service.yml")).unwrap();
    symlink("/etc/hostname", app.path("web/service.yml")).unwrap();
    unreadable(&app, "EX0003", "web/service.yml");
}

#[test]
fn a_file_that_is_too_large_is_told() {
    let app = App::good();
    fs::File::create(app.path("web/service.yml"))
        .unwrap()
        .set_len((16 << 20) + 1)
        .unwrap();
    let run = app.run(&["check"]);
    run.without_result().told("16 MiB");
    assert!(matches!(run.code, Some(1 | 3)), "{run:?}");
}

#[test]
fn hostile_bytes_never_reach_the_terminal() {
    let app = App::with(&[("application.yml", "name: \"\u{9b}2J\"\nweb\u{1b}[2J: 1\n")]);
    for format in ["human", "concise", "json", "sarif", "github", "gitlab", "junit"] {
        let run = app.run(&["check", "--format", format]);
        run.ended(1);
        let acting = |c: char| c.is_control() && c != '\n';
        assert!(!run.err.chars().chain(run.out.chars()).any(acting), "{run:?}");
    }
}

#[test]
fn colours_follow_the_option_and_the_environment() {
    let app = App::bad();
    assert!(
        !app.run(&["check"]).err.contains('\u{1b}'),
        "a pipe has no colours"
    );
    assert!(app.run(&["check", "--color", "always"]).err.contains("\u{1b}["));
    assert!(!app.run(&["check", "--color", "never"]).err.contains('\u{1b}'));
    let good = App::good();
    assert!(
        good.run(&["build", "--color", "always"])
            .out
            .contains("\u{1b}[32mcompose.yaml\u{1b}[0m\n")
    );
    assert!(app.run(&["--color=always", "--help"]).out.contains("\u{1b}["));
    assert!(!app.run(&["--color=never", "--help"]).out.contains('\u{1b}'));
}

/// Runs `exoc check` on a terminal of its own, made by `script`, after a shell's command; returns what it shows.
fn on_a_terminal(app: &App, before: &str) -> String {
    let exoc = program(&app.path(""), &[])
        .get_program()
        .to_str()
        .unwrap()
        .to_owned();
    let output = Command::new("script")
        .args(["-qec", &format!("{before}; {exoc} check"), "/dev/null"])
        .current_dir(app.path(""))
        .env_remove("NO_COLOR")
        .env("TERM", "xterm")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_terminal_has_colours_unless_no_color_is_set() {
    let app = App::bad();
    for before in ["true", "export NO_COLOR="] {
        let shown = on_a_terminal(&app, before);
        assert!(shown.contains("EX0101") && shown.contains("\u{1b}["), "{shown}");
    }
    for before in ["export NO_COLOR=1", "export TERM=dumb"] {
        let shown = on_a_terminal(&app, before);
        assert!(shown.contains("EX0101") && !shown.contains('\u{1b}'), "{shown}");
    }
}

#[test]
fn pictures_are_as_wide_as_the_terminal() {
    let app = App::bad();
    app.write("web/service.yml", &format!("{}: 1\n", "a".repeat(100)));
    let longest = |before: &str| {
        let shown = on_a_terminal(&app, &format!("export NO_COLOR=1; {before}"));
        let excerpts = shown.lines().filter(|line| line.contains(" │ "));
        excerpts
            .map(|line| line.trim_end().chars().count())
            .max()
            .unwrap()
    };
    assert!((30..=50).contains(&longest("stty rows 24 cols 50")));
    assert!((51..=80).contains(&longest("stty rows 24 cols 0")));
    assert!((81..=120).contains(&longest("stty rows 24 cols 120")));
}
