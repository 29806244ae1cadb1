//! `exoc` alone, and what a shell may ask: where one is, and what there is to name.

use super::support::{App, program, run_at};
use std::path::Path;

#[test]
fn without_an_application_it_says_how_one_begins() {
    let empty = tempfile::tempdir().unwrap();
    let run = run_at(empty.path(), &[]);
    run.ended(0);
    assert!(run.out.contains("services: { web: ./web }"), "{}", run.out);
    assert!(
        run.out.contains("`exoc --help` lists all commands"),
        "{}",
        run.out
    );
    assert_eq!(run.err, "");
    run_at(Path::new("/"), &["-C", "/nowhere"])
        .ended(3)
        .told("the folder `/nowhere` cannot be entered");
}

#[test]
fn what_stands_in_the_way_comes_first() {
    let app = App::good();
    let before = app.run(&[]);
    before.ended(0);
    let steps = |text: &str| -> Vec<String> {
        let lines = text.lines().filter(|line| line.starts_with("  exoc "));
        lines.map(|line| line.trim().to_owned()).collect()
    };
    assert!(before.out.starts_with("`shop`, in "), "{}", before.out);
    assert!(
        before.out.contains("local (compose), production (kubernetes).\n"),
        "{}",
        before.out
    );
    let build = &steps(&before.out)[0];
    assert!(
        build.starts_with("exoc build") && build.ends_with("generated files up to date"),
        "{build}"
    );
    app.run(&["build", "--quiet"]).ended(0);
    let after = app.run(&[]);
    assert!(steps(&after.out)[0].starts_with("exoc run"), "{}", after.out);
    let broken = App::bad().run(&[]);
    broken.ended(0);
    assert!(broken.out.contains(" has 2 errors.\n"), "{}", broken.out);
    assert_eq!(
        steps(&broken.out),
        ["exoc check    shows what is wrong, at its line"]
    );
    let doubtful = App::doubtful().run(&[]);
    assert!(
        steps(&doubtful.out)[1].ends_with("shows 1 warning"),
        "{}",
        doubtful.out
    );
}

#[test]
fn a_warning_that_is_allowed_is_nothing_to_do() {
    let app = App::doubtful();
    let text = std::fs::read_to_string(app.path("application.yml")).unwrap();
    let allowed = text.replace(
        "  TOKEN: {}",
        "  TOKEN: {} # exoc: allow EX0210 because it comes with the next service",
    );
    app.write("application.yml", &allowed);
    let run = app.run(&[]);
    assert!(!run.out.contains("warning"), "{}", run.out);
}

/// What a shell that asks is answered with names; the last of the words is being typed.
fn completed(app: &App, words: &[&str]) -> Vec<String> {
    let index = words.len().to_string();
    let arguments: Vec<&str> = ["--", "exoc"].iter().chain(words).copied().collect();
    let mut command = program(&app.path(""), &arguments);
    command
        .env("EXOC_COMPLETE", "bash")
        .env("_CLAP_IFS", "\n")
        .env("_CLAP_COMPLETE_INDEX", index);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    // Options may stand there as well.
    let names = text.lines().filter(|line| !line.starts_with('-'));
    names.map(str::to_owned).collect()
}

#[test]
fn names_come_from_the_application_in_the_folder() {
    let app = App::good();
    assert_eq!(completed(&app, &["build", "--env", ""]), ["local", "production"]);
    assert_eq!(completed(&app, &["diff", "--against", "p"]), ["production"]);
    assert_eq!(completed(&app, &["logs", ""]), ["web"]);
    assert_eq!(completed(&app, &["build", "--target", "kub"]), ["kubernetes"]);
    assert_eq!(completed(&app, &["explain", "EX0101"]), ["EX0101"]);
    assert_eq!(completed(&app, &["sche"]), ["schema"]);
    let secret = App::doubtful();
    assert_eq!(completed(&secret, &["secrets", "set", ""]), ["TOKEN"]);
    // What has faults has names too.
    assert_eq!(completed(&App::bad(), &["logs", "w"]), ["web"]);
}

#[test]
fn nothing_is_completed_where_there_is_no_application() {
    let app = App::with(&[]);
    assert_eq!(completed(&app, &["logs", ""]), Vec::<String>::new());
}

#[test]
fn the_long_version_says_what_was_built() {
    let short = run_at(Path::new("/"), &["-V"]);
    assert_eq!(short.out, format!("exoc {}\n", env!("CARGO_PKG_VERSION")));
    let long = run_at(Path::new("/"), &["--version"]);
    long.ended(0);
    assert!(long.out.starts_with(short.out.trim_end()), "{}", long.out);
    assert!(
        long.out.contains("\ncommit: ") && long.out.contains("reports nothing"),
        "{}",
        long.out
    );
}

#[test]
fn every_shell_is_told_how_to_ask() {
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let run = run_at(Path::new("/"), &["completions", shell]);
        run.ended(0);
        assert!(
            run.out.contains("EXOC_COMPLETE") && run.out.contains("exoc"),
            "{shell}: {}",
            run.out
        );
    }
    run_at(Path::new("/"), &["completions", "csh"]).ended(2);
}

#[test]
fn pages_for_man_are_about_exoc_or_one_command() {
    let whole = run_at(Path::new("/"), &["man"]);
    whole.ended(0);
    assert!(whole.out.contains("exoc\\-build(1)"), "{}", whole.out);
    let one = run_at(Path::new("/"), &["man", "build"]);
    one.ended(0);
    assert!(one.out.contains("\\-\\-force"), "{}", one.out);
    run_at(Path::new("/"), &["man", "biuld"])
        .ended(2)
        .told("did you mean `build`?");
}
