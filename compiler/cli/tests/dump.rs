//! `exoc dump`.

use super::support::App;

#[test]
fn the_ir_is_an_object_with_a_program_for_each_environment() {
    let app = App::good();
    let run = app.run(&["dump", "ir"]);
    run.ended(0);
    let programs = run.json();
    let names: Vec<&String> = programs.as_object().unwrap().keys().collect();
    assert_eq!(names.len(), 2, "{names:?}");
    assert_eq!(
        programs["production"]["environment"]["domain"],
        "shop.example.com"
    );
    let run = app.run(&["dump", "ir", "--env", "local"]);
    assert_eq!(run.json().as_object().unwrap().len(), 1);
}

#[test]
fn the_ast_shows_what_the_files_say() {
    let run = App::good().run(&["dump", "ast"]);
    run.ended(0);
    assert!(run.out.contains("\"shop.example.com\""), "{}", run.out);
    assert!(run.out.contains("8080"), "{}", run.out);
    assert!(!run.out.contains("Absent"), "{}", run.out);
}

#[test]
fn a_fault_gives_no_dump() {
    App::bad()
        .run(&["dump", "ir"])
        .ended(1)
        .without_result()
        .told("EX0101");
    App::bad()
        .run(&["dump", "ast"])
        .ended(1)
        .without_result()
        .told("EX0101");
}

#[test]
fn an_unknown_stage_is_a_fault_of_the_command_line() {
    App::good()
        .run(&["dump", "tokens"])
        .ended(2)
        .without_result()
        .told("ast");
}
