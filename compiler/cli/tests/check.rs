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
fn a_code_is_as_grave_as_the_application_says() {
    let app = App::doubtful();
    let text = std::fs::read_to_string(app.path("application.yml")).unwrap();
    let with = |level: &str| {
        let levels =
            format!("{text}\ndiagnostics: {{ EX0210: {{ level: {level}, because: It is known }} }}\n");
        app.write("application.yml", &levels);
    };
    with("error");
    app.run(&["build"]).ended(1).told("error[EX0210]");
    assert!(
        !app.exists("infra"),
        "an error stops a build before a file is written"
    );
    with("note");
    app.run(&["check", "--deny-warnings"])
        .ended(0)
        .told("note[EX0210]");
    with("none");
    assert!(!app.run(&["check"]).err.contains("EX0210"));
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

/// The formats in which everything is told in one document.
const DOCUMENTS: [&str; 5] = ["json", "sarif", "github", "gitlab", "junit"];

/// Whether a text is a document of a format.
fn is_document(format: &str, text: &str) -> bool {
    let json = || serde_json::from_str::<serde_json::Value>(text);
    match format {
        "json" => json().is_ok_and(|document| document["diagnostics"].is_array()),
        "sarif" => json().is_ok_and(|document| document["runs"][0]["results"].is_array()),
        "gitlab" => json().is_ok_and(|document| document.is_array()),
        "junit" => text.starts_with("<?xml ") && text.ends_with("</testsuites>\n"),
        _ => text.lines().all(|line| line.starts_with("::")),
    }
}

#[test]
fn a_document_is_alone_on_standard_output_whatever_is_wrong() {
    let unreadable = App::good();
    unreadable.write("application.yml", "name: [");
    let absent = App::good();
    std::fs::remove_file(absent.path("application.yml")).unwrap();
    let apps = [
        (App::good(), 0),
        (App::doubtful(), 0),
        (App::bad(), 1),
        (unreadable, 1),
        (absent, 3),
    ];
    for (app, code) in &apps {
        for format in DOCUMENTS {
            for command in ["check", "build"] {
                let run = app.run(&[command, "--format", format]);
                run.ended(*code);
                assert_eq!(run.err, "", "{command} {format}: {run:?}");
                assert!(is_document(format, &run.out), "{command} {format}: {run:?}");
                assert_eq!(
                    app.run(&[command, "--format", format]).out.is_empty(),
                    run.out.is_empty()
                );
            }
            let run = app.run(&["check", "--env", "nowhere", "--format", format]);
            assert_eq!(run.err, "", "{format}: {run:?}");
            assert!(is_document(format, &run.out), "{format}: {run:?}");
        }
    }
}

#[test]
fn documents_name_paths_from_the_root_of_the_repository() {
    let app = App::bad();
    std::fs::remove_dir(app.path(".git")).unwrap();
    let outer = App::with(&[]);
    std::fs::rename(app.path(""), outer.path("shop")).unwrap();
    std::fs::create_dir(app.path("")).unwrap();
    for format in ["sarif", "github", "gitlab", "junit"] {
        let run = outer.run_in("shop/web", &["check", "--format", format]);
        assert!(run.out.contains("shop/web/service.yml"), "{run:?}");
    }
    let run = outer.run_in("shop/web", &["check", "--format", "concise"]);
    run.told("../web/service.yml:1:1: ");
}

#[test]
fn files_that_are_not_current_are_in_every_document() {
    let app = App::good();
    app.run(&["build"]).ended(0);
    app.write("infra/local/compose/compose.yaml", "mine\n");
    for format in DOCUMENTS {
        for arguments in [
            &["build", "--check", "--format", format][..],
            &["build", "--format", format],
        ] {
            let run = app.run(arguments);
            run.ended(1);
            assert_eq!(run.err, "", "{run:?}");
            assert!(is_document(format, &run.out), "{run:?}");
            assert!(run.out.contains("infra/local/compose/compose.yaml"), "{run:?}");
        }
    }
}

#[test]
fn only_reports_of_diagnostics_have_the_formats_of_services() {
    let app = App::good();
    for command in ["diff", "secrets", "targets"] {
        let run = app.run(&[command, "--format", "sarif"]);
        run.ended(2)
            .without_result()
            .told("`exoc check` and `exoc build`");
    }
}

#[test]
fn an_exception_ends_with_the_day_that_is_handed_in() {
    let app = App::doubtful();
    let text = std::fs::read_to_string(app.path("application.yml")).unwrap();
    let allowed = "TOKEN: {} # exoc: allow EX0210 until 2027-01-31 because it comes with the next release";
    app.write("application.yml", &text.replace("TOKEN: {}", allowed));
    let on = |seconds: &str, arguments: &[&str]| {
        let output = super::support::program(&app.path(""), arguments)
            .env("SOURCE_DATE_EPOCH", seconds)
            .output()
            .unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (last, next) = ("1801439999", "1801440000");
    let (code, told) = on(last, &["check", "--deny-warnings"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(!told.contains("EX0210"), "{told}");
    let (code, told) = on(next, &["check", "--deny-warnings"]);
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("EX0210") && told.contains("EX0707"), "{told}");
    // No file depends on it.
    assert_eq!(on(last, &["build"]).0, Some(0));
    let before = app.files();
    assert_eq!(on(next, &["build"]).0, Some(0));
    assert_eq!(app.files(), before);
    assert_eq!(on(next, &["build", "--check"]).0, Some(0));
}

#[test]
fn an_exception_is_missed_only_where_everything_was_compiled() {
    let app = App::good();
    app.write(
        "web/service.yml",
        "port: 8080 # exoc: allow EX0501 because of that\n",
    );
    app.run(&["check"]).ended(0).told("warning[EX0706]");
    let part = app.run(&["check", "--env", "local"]);
    part.ended(0);
    assert!(!part.err.contains("EX0706"), "{part:?}");
}
