//! `exoc graph`.

use super::support::App;

#[test]
fn each_format_shows_what_is_deployed() {
    let app = App::good();
    for (arguments, begin, part) in [
        (&["graph"][..], "<svg ", "shop in production"),
        (&["graph", "--format", "svg"], "<svg ", ">web</text>"),
        (
            &["graph", "--format", "mermaid"],
            "---\n",
            "title: \"shop in production\"",
        ),
        (
            &["graph", "--format", "dot"],
            "digraph ",
            "\"shop in production\"",
        ),
        (
            &["graph", "--format", "mermaid", "--env", "local"],
            "---\n",
            "shop in local",
        ),
    ] {
        let run = app.run(arguments);
        run.ended(0);
        assert!(run.out.starts_with(begin), "{arguments:?}: {}", run.out);
        assert!(run.out.contains(part), "{arguments:?}: {}", run.out);
    }
}

#[test]
fn a_page_has_all_environments_or_those_that_are_named() {
    let app = App::good();
    let all = app.run(&["graph", "--format", "html"]);
    all.ended(0);
    assert!(all.out.starts_with("<!doctype html>"), "{}", all.out);
    for environment in [">local</button>", ">production</button>"] {
        assert!(all.out.contains(environment), "{}", all.out);
    }
    let one = app.run(&["graph", "--format=html", "--env", "production"]);
    assert!(!one.out.contains(">local</button>"), "{}", one.out);
}

#[test]
fn other_formats_show_one_environment() {
    let two = ["graph", "--env", "local", "--env", "production"];
    App::good()
        .run(&two)
        .ended(2)
        .without_result()
        .told("--format html");
    App::good()
        .run(&[&two[..], &["--format", "html"]].concat())
        .ended(0);
}

#[test]
fn faults_are_told_as_by_check_and_nothing_is_drawn() {
    for format in ["svg", "html", "mermaid", "dot"] {
        let run = App::bad().run(&["graph", "--format", format]);
        run.ended(1).without_result().told("EX0101");
    }
    App::good()
        .run(&["graph", "--env", "prod"])
        .ended(2)
        .without_result()
        .told("production");
}

#[test]
fn formats_of_diagnostics_and_of_pictures_are_told_apart() {
    let app = App::good();
    app.run(&["graph", "--format", "json"]).ended(2).told("mermaid");
    app.run(&["check", "--format", "svg"]).ended(2).told("sarif");
    // Before the command stands the format of every command.
    let run = App::bad().run(&["--format", "concise", "graph"]);
    run.ended(1).told("application.yml:2:1: error[EX0101]");
    assert!(app.run(&["--format", "json", "graph"]).out.starts_with("<svg "));
}
