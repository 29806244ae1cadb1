//! `exoc check`.

use super::support::App;

#[test]
fn compiles_everything_and_writes_nothing() {
    let app = App::good();
    let before = app.files();
    app.run(&["check"])
        .ended(0)
        .without_result()
        .told("2 outputs in 2 environments checked.");
    assert_eq!(app.files(), before);
}

#[test]
fn reports_the_faults_of_all_files_in_one_run() {
    let app = App::bad();
    let run = app.run(&["check"]);
    run.ended(1)
        .without_result()
        .told("application.yml:2:1")
        .told("web/service.yml:1:1")
        .told("2 errors");
    run.told("`exoc explain EX0101`");
}

#[test]
fn warnings_fail_only_when_denied() {
    let app = App::doubtful();
    app.run(&["check"])
        .ended(0)
        .told("warning[EX0210]")
        .told("1 warning");
    app.run(&["check", "--deny-warnings"]).ended(1).told("1 warning");
}

#[test]
fn concise_has_a_line_for_each_fault_and_nothing_else() {
    let run = App::bad().run(&["check", "--format", "concise"]);
    run.ended(1).without_result();
    let lines: Vec<&str> = run.err.lines().collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(
        lines[0].starts_with("application.yml:2:1: error[EX0101]: "),
        "{lines:?}"
    );
    assert!(
        lines[1].starts_with("web/service.yml:1:1: error[EX0101]: "),
        "{lines:?}"
    );
}

#[test]
fn json_is_the_result_and_holds_what_people_see() {
    let app = App::bad();
    let human = app.run(&["check"]);
    let run = app.run(&["check", "--format", "json"]);
    run.ended(1);
    assert_eq!(run.err, "");
    let document = run.json();
    assert_eq!(document["version"], 1);
    let diagnostics = document["diagnostics"].as_array().unwrap();
    assert_eq!(diagnostics.len(), 2);
    for diagnostic in diagnostics {
        human.told(diagnostic["message"].as_str().unwrap());
        human.told(diagnostic["help"][0].as_str().unwrap());
        let span = &diagnostic["span"];
        human.told(&format!(
            "[{}:{}:{}]",
            diagnostic["file"].as_str().unwrap(),
            span["line"],
            span["column"]
        ));
    }
}

#[test]
fn quiet_hides_notes_and_progress_but_no_warning() {
    let app = App::doubtful();
    let run = app.run(&["check", "--quiet"]);
    run.ended(0).told("warning[EX0210]");
    assert!(!run.err.contains("note["), "{}", run.err);
    assert!(!run.err.contains("checked."), "{}", run.err);
}
