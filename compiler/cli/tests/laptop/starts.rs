//! What keeps an application from working, and what `run` does otherwise than start it.

use super::{CANARY, Laptop};

#[test]
fn an_image_that_cannot_be_had_is_told_with_the_reason_and_the_last_words() {
    let cases = [
        (
            "Error response from daemon: pull access denied for postgres, repository does not exist or may require \
             'docker login'",
            "it is private, or there is none of that name",
            "docker login",
        ),
        (
            "Error response from daemon: manifest for postgres:17 not found: manifest unknown",
            "there is none of that name and tag",
            "correct the name or the tag",
        ),
        (
            " Image db:17 Skipped Image is already present locally\n Image postgres:17 Error Get \
             \"https://registry-1.docker.io/v2/\": dial tcp: lookup registry-1.docker.io: no such host",
            "the image `postgres:17` cannot be pulled: its registry cannot be reached",
            "whether this machine reaches the network",
        ),
        (
            "the engine has no more words for this",
            "an image cannot be pulled",
            "whether its registry can be reached",
        ),
    ];
    for (words, told, help) in cases {
        let laptop = Laptop::new();
        laptop.on("compose-pull", &format!("cat >&2 <<'EOF'\n{words}\nEOF\nexit 18"));
        let last = words.split_whitespace().last().unwrap();
        laptop.run(&["run"]).ended(3).told(told).told(help).told(last);
        let asked = laptop.asked();
        assert!(!asked.contains(&"compose up".to_owned()), "{asked:?}");
        let pulled = laptop.changes();
        let pull = pulled
            .iter()
            .find(|call| call.starts_with("compose pull"))
            .unwrap();
        assert!(pull.ends_with(" db"), "what is built is not pulled: {pull}");
    }
}

#[test]
fn a_dockerfile_that_is_missing_is_the_manifests_fault_and_the_engine_is_not_asked() {
    let laptop = Laptop::new();
    std::fs::remove_file(laptop.app.path("web/Dockerfile")).unwrap();
    laptop
        .run(&["run"])
        .ended(1)
        .told("no-image")
        .told("web/Dockerfile");
    assert!(laptop.asked().is_empty(), "{:?}", laptop.asked());
}

#[test]
fn a_dockerfile_that_goes_away_before_it_is_built_is_named() {
    let laptop = Laptop::new();
    laptop.on(
        "compose-build",
        "echo '#1 [web internal] load build definition from Dockerfile' >&2\n\
         echo 'failed to solve: failed to read dockerfile: open Dockerfile: no such file or directory' >&2; exit 1",
    );
    laptop
        .run(&["run"])
        .ended(3)
        .told("its Dockerfile is missing")
        .told("load build definition from Dockerfile");
}

#[test]
fn what_builds_and_fails_is_named_where_the_builder_says_it_and_its_colours_stay_away() {
    let laptop = Laptop::new();
    laptop.on(
        "compose-build",
        "printf ' Image tea/web:local Building \\n\\033[91mnpm: not found\\033[0m\\n' >&2\n\
         echo 'target web: failed to solve: process \"/bin/sh -c npm ci\" did not complete successfully' >&2; exit 17",
    );
    let run = laptop.run(&["run"]);
    run.ended(3)
        .told("the image of `web` cannot be built")
        .told("npm: not found");
    assert!(
        !run.err.contains("91m") && !run.err.contains("Building \n"),
        "{run:?}"
    );
}

#[test]
fn a_build_that_fails_is_told_with_its_last_lines_and_not_with_all() {
    let laptop = Laptop::new();
    laptop.on(
        "compose-build",
        "for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do echo \"step-$n.\" >&2; done\n\
         echo 'npm: not found' >&2; exit 17",
    );
    let run = laptop.run(&["run"]);
    run.ended(3)
        .told("an image cannot be built")
        .told("step-20.")
        .told("npm: not found");
    assert!(!run.err.contains("step-3."), "{run:?}");
    assert!(
        !laptop.asked().contains(&"compose up".to_owned()),
        "{:?}",
        laptop.asked()
    );
}

#[test]
fn a_dependency_that_never_turns_healthy_is_told_with_its_check_its_answer_and_its_last_lines() {
    let laptop = Laptop::new();
    laptop
        .holds(
            "started",
            "{\"ID\":\"1\",\"Service\":\"db\",\"State\":\"running\",\"Health\":\"unhealthy\"}\n",
        )
        .holds("logs", "the disk is full\n")
        .holds(
            "inspect",
            "[\"CMD-SHELL\",\"pg_isready -q\"]\n\
             {\"Status\":\"unhealthy\",\"FailingStreak\":5,\"Log\":[{\"ExitCode\":0,\"Output\":\"old\"},{\"ExitCode\":2,\
             \"Output\":\"no response\\n\"}]}\n",
        )
        .on(
            "compose-up",
            "cp started containers; cat made >>volumes; echo 'dependency failed to start' >&2; exit 1",
        );
    laptop
        .run(&["run"])
        .ended(3)
        .without_result()
        .told("`db` is not healthy after ")
        .told("the check of `db` is `pg_isready -q`; it failed 5 times in a row")
        .told("with exit code 2")
        .told("no response")
        .told("the last lines of `db` were")
        .told("the disk is full");
    assert_eq!(laptop.read("containers"), "");
    assert_eq!(
        laptop.read("volumes"),
        "",
        "of a start that failed no volume is left"
    );
}

#[test]
fn a_service_without_a_shell_is_named_when_its_companion_finds_it_unhealthy() {
    let laptop = Laptop::new();
    laptop
        .holds(
            "config.json",
            "{\"services\": {\"web\": {\"image\": \"w\"}, \"web_health\": {\"image\": \"x\", \"labels\": \
             {\"app.kubernetes.io/component\": \"companion\"}}}}",
        )
        .holds(
            "started",
            "{\"ID\":\"1\",\"Service\":\"web\",\"State\":\"running\"}\n\
             {\"ID\":\"2\",\"Service\":\"web_health\",\"State\":\"running\",\"Health\":\"unhealthy\"}\n",
        )
        .holds(
            "inspect",
            "[\"CMD\",\"wget\",\"http://web:8080/up\"]\n{\"FailingStreak\":1,\"Log\":[]}\n",
        )
        .on("compose-up", "cp started containers; exit 1");
    let run = laptop.run(&["run"]);
    run.ended(3)
        .told("`web` is not healthy after ")
        .told("the check of `web` is `wget http://web:8080/up`; it failed once")
        .told("said nothing");
    assert!(!run.err.contains("web_health"), "{run:?}");
}

#[test]
fn a_job_that_fails_and_a_service_that_ends_again_and_again_are_told_with_their_last_lines() {
    for (state, told) in [
        ("\"exited\",\"ExitCode\":3", "`web` ended with 3"),
        ("\"restarting\"", "`web` ends again and again"),
    ] {
        let laptop = Laptop::new();
        laptop
            .holds(
                "started",
                &format!("{{\"ID\":\"2\",\"Service\":\"web\",\"State\":{state}}}\n"),
            )
            .holds("logs", "relation \"orders\" does not exist\n")
            .on("compose-up", "cp started containers; exit 1");
        laptop
            .run(&["run"])
            .ended(3)
            .told(told)
            .told("the last lines of `web` were")
            .told("relation \"orders\" does not exist");
        assert_eq!(laptop.read("containers"), "");
    }
}

#[test]
fn a_start_that_the_engine_refuses_is_told_with_its_words() {
    let laptop = Laptop::new();
    laptop.on(
        "compose-up",
        "echo 'all predefined address pools have been fully subnetted' >&2; exit 1",
    );
    laptop
        .run(&["run"])
        .ended(3)
        .told("the application does not start: all predefined address pools have been fully subnetted");
}

#[test]
fn a_secret_without_a_value_is_named_and_nothing_is_asked_of_the_engine() {
    let laptop = Laptop::without_values();
    for arguments in [&["run"][..], &["test"], &["run", "--dry-run"]] {
        laptop
            .run(arguments)
            .ended(1)
            .without_result()
            .told("1 secret of `local` has no value")
            .told("`exoc secrets set PAY_KEY` sets it: Key of the payment service");
    }
    assert!(laptop.changes().is_empty(), "{:?}", laptop.changes());
}

#[test]
fn a_name_that_nothing_has_gets_a_near_one_from_every_command() {
    let laptop = Laptop::new();
    for arguments in [&["run", "wbe"][..], &["logs", "wbe"], &["shell", "wbe"]] {
        laptop
            .run(arguments)
            .ended(2)
            .told("there is no service, job or dependency `wbe`")
            .told("did you mean `web`?")
            .told("the application has `db`, `web`");
    }
    laptop
        .run(&["test", "wbe"])
        .ended(2)
        .told("there are no tests of `wbe`")
        .told("did you mean `web`?");
    assert!(laptop.changes().is_empty(), "{:?}", laptop.changes());
}

#[test]
fn a_run_in_the_background_leaves_the_application_running() {
    let laptop = Laptop::new();
    let run = laptop.run(&["run", "--detach"]);
    run.ended(0).told("web is healthy");
    assert_eq!(run.out, format!("web  http://localhost:{}/\n", laptop.port));
    let changes = laptop.changes();
    let starts: Vec<&str> = changes
        .iter()
        .map(|call| call.split(' ').nth(1).unwrap_or_default())
        .collect();
    assert_eq!(starts, ["build", "pull", "up"], "{changes:?}");
    assert_ne!(laptop.read("containers"), "");
    assert!(laptop.read("words").contains("--env-file"));
}

#[test]
fn services_that_are_named_are_started_with_what_they_wait_for() {
    let laptop = Laptop::new();
    laptop.run(&["run", "--detach", "db"]).ended(0);
    let changes = laptop.changes();
    assert!(
        !laptop.asked().contains(&"compose build".to_owned()),
        "{changes:?}"
    );
    assert!(changes.last().unwrap().ends_with(" db"), "{changes:?}");
    laptop.run(&["run", "--detach", "web"]).ended(0);
    let changes = laptop.changes();
    assert!(changes.last().unwrap().ends_with(" db web"), "{changes:?}");
}

#[test]
fn images_are_built_from_their_first_instruction_on_only_when_that_is_asked_for() {
    for (arguments, anew) in [
        (&["run", "--detach"][..], false),
        (&["run", "--detach", "--build"], true),
    ] {
        let laptop = Laptop::new();
        laptop.run(arguments).ended(0);
        let changes = laptop.changes();
        let build = changes
            .iter()
            .find(|call| call.starts_with("compose build"))
            .unwrap();
        assert_eq!(build.contains("--no-cache"), anew, "{build}");
        assert_eq!(build.contains("--pull"), anew, "{build}");
        assert!(build.ends_with(" web"), "{build}");
    }
}

#[test]
fn a_dry_run_prints_what_would_be_run_and_changes_nothing() {
    let laptop = Laptop::new();
    let run = laptop.run(&["run", "--dry-run", "--build"]);
    run.ended(0);
    let lines: Vec<&str> = run.out.lines().collect();
    assert_eq!(lines.len(), 3, "{run:?}");
    for (line, word) in lines.iter().zip([
        " build --no-cache --pull web",
        " pull ",
        " up --detach --no-build --wait ",
    ]) {
        assert!(line.starts_with("docker compose --project-name shop-"), "{line}");
        assert!(line.contains(word), "{line}");
    }
    assert!(laptop.changes().is_empty(), "{:?}", laptop.changes());
    assert!(!run.out.contains(CANARY));
}

#[test]
fn a_service_that_dies_is_named_with_its_code_and_its_last_lines() {
    let laptop = Laptop::new();
    let die = "echo '{\"Action\":\"die\",\"Actor\":{\"ID\":\"2\",\"Attributes\":{\"com.docker.compose.service\":\"web\",\
               \"exitCode\":\"7\"}}}'";
    // Deaths are told one after the other: when the logs of the second are asked for, the first has been told.
    laptop
        .holds("logs", "web-1  | no space left\n")
        .on(
            "events",
            &format!("{die}; {die}; while [ ! -f at-follow ]; do sleep 0.05; done; stay events"),
        )
        .on(
            "compose-logs",
            "cat logs\n\
             case \" $* \" in\n\
             *' --follow '*) stay follow ;;\n\
             *) if [ -f once ]; then : >at-second; else : >once; fi ;;\n\
             esac",
        );
    let mut live = laptop.start(&["run"]);
    live.reaches("second")
        .reaches("events")
        .gets(rustix::process::Signal::INT);
    let run = live.ends();
    run.ended(0)
        .told("`web` died with exit code 7")
        .told("its last lines:")
        .told("no space left");
}

#[test]
fn an_application_of_which_nothing_is_left_ends_the_run() {
    let laptop = Laptop::new();
    laptop.on("compose-logs", "echo 'web-1  | done'; : >containers");
    let run = laptop.run(&["run"]);
    run.ended(0).told("Nothing is left to follow.");
    assert!(run.out.contains("web | done\n"), "{run:?}");
}

/// An application with a job that starts only when it is named, and ends with this code.
fn with_job(code: u8) -> Laptop {
    let laptop = Laptop::new();
    let job = format!("{{\"ID\":\"3\",\"Service\":\"report\",\"State\":\"exited\",\"ExitCode\":{code}}}");
    laptop
        .holds(
            "config.json",
            "{\"services\": {\"db\": {\"image\": \"postgres:17\"}, \"web\": {\"image\": \"w\"}, \"report\": {\"image\": \
             \"r\", \"profiles\": [\"jobs\"], \"depends_on\": {\"db\": {}}, \"labels\": \
             {\"app.kubernetes.io/component\": \"job\"}}}}",
        )
        .on(
            "compose-up",
            &format!("case $* in *report) echo '{job}' >>containers ;; *) cp started containers ;; esac"),
        )
        // As compose does it: its logs do not end with a job that has ended already.
        .on("logs", "echo '3 rows'")
        .on("compose-logs", "case $* in *--follow*) stay follow ;; esac");
    laptop
}

#[test]
fn a_job_that_is_named_runs_after_what_it_waits_for_and_ends_the_run() {
    let laptop = with_job(0);
    let run = laptop.run(&["run", "report"]);
    run.ended(0);
    assert_eq!(run.out, "report | 3 rows\n");
    let changes = laptop.changes();
    let starts: Vec<&String> = changes
        .iter()
        .filter(|call| call.starts_with("compose up"))
        .collect();
    assert_eq!(
        starts,
        [
            "compose up --detach --no-build --wait --remove-orphans db",
            "compose up --detach --no-build --no-deps report"
        ]
    );
    assert_eq!(laptop.read("containers"), "");
}

#[test]
fn a_job_that_is_named_and_fails_fails_the_run() {
    let laptop = with_job(3);
    let run = laptop.run(&["run", "report"]);
    run.ended(1)
        .told("`report` ended with 3")
        .told("what it said stands above");
    assert_eq!(run.out, "report | 3 rows\n");
    assert_eq!(laptop.read("containers"), "");
}

#[test]
fn a_job_that_is_named_beside_a_service_does_not_end_the_run() {
    let laptop = with_job(3);
    let mut live = laptop.start(&["run", "report", "web"]);
    live.reaches("follow").gets(rustix::process::Signal::INT);
    live.ends().ended(0).told("report has ended with 3");
}

#[test]
fn a_job_that_nobody_names_is_not_started() {
    let laptop = with_job(0);
    laptop.run(&["run", "--detach"]).ended(0);
    assert!(!laptop.read("calls").contains("report"), "{:?}", laptop.changes());
}
