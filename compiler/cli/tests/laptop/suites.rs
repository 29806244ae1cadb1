//! `exoc test`: suites that pass, fail and hang.

use super::Laptop;
use serde_json::Value;

/// Three services with tests, of which one fails and one hangs.
fn three() -> Laptop {
    let laptop = Laptop::new();
    let service = |name: &str| {
        format!(
            "\"{name}_test\": {{\"image\": \"{name}\", \"labels\": {{\"app.kubernetes.io/component\": \"test\"}}, \
             \"depends_on\": {{\"db\": {{}}}}}}"
        )
    };
    let services = ["api", "mail", "web"].map(service).join(",");
    laptop
        .holds(
            "config-test.json",
            &format!("{{\"services\": {{\"db\": {{\"image\": \"postgres:17\"}}, {services}}}}}"),
        )
        .on(
            "compose-run",
            "case $* in\n*api_test) echo '3 of 3'; echo fine >&2 ;;\n*mail_test) echo 'expected 1, got 2'; exit 4 \
             ;;\n*web_test) echo 'waiting for the moon'; stay hang ;;\nesac",
        );
    laptop
}

#[test]
fn one_suite_fails_and_one_hangs_and_the_third_is_reported_as_passed() {
    let laptop = three();
    let run = laptop.run(&["test", "--timeout", "1"]);
    run.ended(1).told("3 suites in a project of their own");
    for words in [
        "--- mail\nexpected 1, got 2\n",
        "--- web\nwaiting for the moon\n",
        "api passed (",
        "mail failed with exit code 4 (",
        "web failed because it did not end in time (",
        "1 of 3 suites passed\n",
    ] {
        assert!(run.out.contains(words), "no {words:?} in {}", run.out);
    }
    assert!(
        !run.out.contains("3 of 3\n"),
        "what passed says nothing: {}",
        run.out
    );
    let changes = laptop.changes();
    let removed = changes
        .iter()
        .any(|call| call.starts_with("rm --force --volumes shop-") && call.ends_with("-test-web_test"));
    assert!(removed, "what hangs is removed: {changes:?}");
    assert_eq!(laptop.read("containers"), "");
    assert_eq!(laptop.read("volumes"), "");
}

#[test]
fn as_json_each_suite_has_its_code_its_duration_and_its_output() {
    let laptop = three();
    let run = laptop.run(&["test", "--timeout", "1", "--format", "json"]);
    run.ended(1);
    let document = run.json();
    assert_eq!(document["version"], 1);
    let suites = document["suites"].as_array().unwrap();
    let of = |key: &str| {
        suites
            .iter()
            .map(|suite| suite[key].clone())
            .collect::<Vec<Value>>()
    };
    assert_eq!(of("service"), ["api", "mail", "web"]);
    assert_eq!(of("result"), ["passed", "failed", "late"]);
    assert_eq!(of("exit_code"), [Value::from(0), Value::from(4), Value::Null]);
    assert_eq!(suites[1]["output"], "expected 1, got 2\n");
    assert_eq!(suites[2]["output"], "waiting for the moon\n");
    let output = suites[0]["output"].as_str().unwrap();
    assert!(
        output.contains("3 of 3\n") && output.contains("fine\n"),
        "{output}"
    );
    let durations = of("duration_ms");
    assert!(durations[2].as_u64().unwrap() >= 1000, "{durations:?}");
}

#[test]
fn suites_that_pass_end_with_0_and_leave_nothing() {
    let laptop = three();
    laptop.on("compose-run", "echo fine");
    let run = laptop.run(&["test", "api", "mail"]);
    run.ended(0);
    assert!(run.out.ends_with("2 of 2 suites passed\n"), "{run:?}");
    assert!(
        !laptop.read("calls").contains("web_test"),
        "{:?}",
        laptop.changes()
    );
    assert_eq!(laptop.read("containers"), "");
    assert_eq!(laptop.read("volumes"), "");
}

#[test]
fn what_the_tests_need_and_does_not_work_is_no_failure_of_a_suite() {
    let laptop = three();
    laptop.holds("logs", "out of memory\n").on(
        "compose-up",
        "echo '{\"ID\":\"1\",\"Service\":\"db\",\"State\":\"exited\",\"ExitCode\":137}' >containers; exit 1",
    );
    laptop
        .run(&["test"])
        .ended(3)
        .without_result()
        .told("`db` ended with 137")
        .told("out of memory");
    assert!(
        !laptop.asked().contains(&"compose run".to_owned()),
        "{:?}",
        laptop.asked()
    );
    assert_eq!(laptop.read("containers"), "");
}

#[test]
fn an_application_without_tests_says_how_a_service_gets_some() {
    let laptop = Laptop::new();
    laptop.app.write("web/service.yml", "port: 8080\nroute: /\n");
    for arguments in [&["test"][..], &["test", "web"]] {
        laptop
            .run(arguments)
            .ended(2)
            .told("no service has tests")
            .told("development: { test:");
    }
    assert!(laptop.asked().is_empty(), "{:?}", laptop.asked());
}

#[test]
fn tests_see_neither_the_containers_nor_the_volumes_of_the_application() {
    let laptop = Laptop::new();
    laptop.on("compose-run", "echo fine");
    laptop.run(&["test"]).ended(0);
    laptop.run(&["run", "--detach"]).ended(0);
    let words = laptop.read("words");
    let project = |line: &str| {
        let mut words = line.split(' ').skip_while(|word| *word != "--project-name");
        words.nth(1).map(str::to_owned)
    };
    let starts: Vec<String> = words
        .lines()
        .filter(|line| line.contains(" up "))
        .filter_map(project)
        .collect();
    assert_eq!(starts.len(), 2, "{words}");
    assert_eq!(starts[0], format!("{}-test", starts[1]));
}
