//! Signals: whatever `run` is at, nothing is left that was not there before.

use super::{Laptop, Live, WORKING};
use rustix::process::Signal;
use std::io::{BufRead, BufReader};

/// The signals that end a run, and what a run ends with that they stopped before it worked.
const SIGNALS: [(Signal, i32); 3] = [(Signal::INT, 130), (Signal::TERM, 143), (Signal::HUP, 129)];

/// Whether the stand-in is as it was at the start.
#[track_caller]
fn left(laptop: &Laptop, containers: &str, volumes: &str) {
    assert_eq!(laptop.read("containers"), containers, "{:?}", laptop.changes());
    let mut found: Vec<String> = laptop.read("volumes").lines().map(str::to_owned).collect();
    found.sort();
    found.dedup();
    assert_eq!(
        found,
        volumes.lines().collect::<Vec<_>>(),
        "{:?}",
        laptop.changes()
    );
}

#[test]
fn whichever_signal_comes_while_the_engine_is_asked_what_there_is_nothing_is_changed() {
    let questions = [
        "compose-version",
        "version",
        "compose-config",
        "compose-ps",
        "volume-ls",
    ];
    for (question, (signal, code)) in questions.into_iter().zip(SIGNALS.into_iter().cycle()) {
        let laptop = Laptop::new();
        laptop.on(question, "stay question");
        let mut live = laptop.start(&["run"]);
        live.reaches("question").gets(signal);
        live.ends().ended(code).without_result();
        assert!(laptop.changes().is_empty(), "{question}: {:?}", laptop.changes());
    }
}

#[test]
fn whichever_signal_ends_a_build_nothing_is_started_and_nothing_left() {
    for (signal, code) in SIGNALS {
        let laptop = Laptop::new();
        laptop
            .holds("volumes", "older\n")
            .on("compose-build", "stay build");
        let mut live = laptop.start(&["run"]);
        live.reaches("build").gets(signal);
        let run = live.ends();
        run.ended(code).without_result().told("stopped by");
        left(&laptop, "", "older\n");
        assert!(
            !laptop.asked().contains(&"compose up".to_owned()),
            "{:?}",
            laptop.asked()
        );
    }
}

#[test]
fn whichever_signal_ends_a_pull_nothing_is_started() {
    for (signal, code) in SIGNALS {
        let laptop = Laptop::new();
        laptop.on("compose-pull", "stay pull");
        let mut live = laptop.start(&["run"]);
        live.reaches("pull").gets(signal);
        live.ends().ended(code);
        left(&laptop, "", "");
        assert!(
            !laptop.asked().contains(&"compose up".to_owned()),
            "{:?}",
            laptop.asked()
        );
    }
}

#[test]
fn whichever_signal_ends_a_start_containers_and_new_volumes_go_and_older_ones_stay() {
    for (signal, code) in SIGNALS {
        let laptop = Laptop::new();
        laptop.holds("volumes", "shop_older\n");
        laptop.on("compose-up", "cp started containers; cat made >>volumes; stay up");
        let mut live = laptop.start(&["run"]);
        live.reaches("up").gets(signal);
        live.ends().ended(code).without_result();
        left(&laptop, "", "shop_older\n");
        let changes = laptop.changes();
        let of = |start: &str| changes.iter().position(|call| call.starts_with(start));
        let (up, rm, down, volumes) = (
            of("compose up"),
            of("compose rm"),
            of("compose down"),
            of("volume rm"),
        );
        assert!(up < rm && rm < down && down < volumes, "{changes:?}");
        assert_eq!(changes.last().unwrap(), "volume rm --force shop_db");
        let down = changes
            .iter()
            .find(|call| call.starts_with("compose down"))
            .unwrap();
        assert!(!down.contains("--volumes"), "{down}");
    }
}

#[test]
fn whichever_signal_ends_an_application_that_works_it_is_stopped_and_keeps_its_data() {
    for (signal, _) in SIGNALS {
        let laptop = Laptop::new();
        laptop.holds("logs", "web-1  | ready\n");
        let mut live = laptop.start(&["run"]);
        live.reaches("follow").gets(signal);
        let run = live.ends();
        run.ended(0).told("db is healthy").told("Stopping.");
        assert!(
            run.out
                .contains(&format!("web  http://localhost:{}/\n", laptop.port)),
            "{run:?}"
        );
        assert!(run.out.contains("web | ready\n"), "{run:?}");
        left(&laptop, "", "shop_db\n");
    }
}

#[test]
fn a_second_signal_ends_the_containers_at_once() {
    for (first, _) in SIGNALS {
        let laptop = Laptop::new();
        laptop.on(
            "compose-rm",
            "if [ -f at-rm ]; then : >containers; else stay rm; fi",
        );
        let mut live = laptop.start(&["run"]);
        live.reaches("follow").gets(first).reaches("rm").gets(Signal::INT);
        live.ends().ended(0);
        left(&laptop, "", "shop_db\n");
        let changes = laptop.changes();
        let ends: Vec<&str> = changes
            .iter()
            .filter_map(|call| {
                ["compose rm", "compose kill"]
                    .into_iter()
                    .find(|it| call.starts_with(it))
            })
            .collect();
        assert_eq!(ends, ["compose rm", "compose kill", "compose rm"], "{changes:?}");
    }
}

/// An application whose database ran before.
fn with_database(laptop: &Laptop) -> String {
    let database = WORKING.lines().next().map(|line| format!("{line}\n")).unwrap();
    laptop
        .holds("containers", &database)
        .holds("volumes", "shop_db\n");
    database
}

#[test]
fn what_ran_before_still_runs_afterwards_at_whatever_moment_the_signal_comes() {
    for (place, script) in [
        ("build", "on/compose-build"),
        ("up", "on/compose-up"),
        ("follow", ""),
    ] {
        let laptop = Laptop::new();
        let database = with_database(&laptop);
        if !script.is_empty() {
            laptop.holds(
                script,
                &format!("[ {place} = up ] && cp started containers; stay {place}"),
            );
        }
        let mut live: Live<'_> = laptop.start(&["run"]);
        live.reaches(place).gets(Signal::INT);
        live.ends().ended(if place == "follow" { 0 } else { 130 });
        left(&laptop, &database, "shop_db\n");
        assert!(
            !laptop.asked().contains(&"compose down".to_owned()),
            "{:?}",
            laptop.asked()
        );
    }
}

#[test]
fn haste_does_not_kill_what_ran_before() {
    let laptop = Laptop::new();
    let database = with_database(&laptop);
    laptop.on(
        "compose-rm",
        "if [ -f at-rm ]; then without containers '\"web\"'; else stay rm; fi",
    );
    let mut live = laptop.start(&["run"]);
    live.reaches("follow")
        .gets(Signal::INT)
        .reaches("rm")
        .gets(Signal::INT);
    live.ends().ended(0).told("It ran before");
    left(&laptop, &database, "shop_db\n");
    let changes = laptop.changes();
    assert!(changes.contains(&"compose kill web".to_owned()), "{changes:?}");
}

#[test]
fn a_job_that_ended_badly_is_removed_although_a_part_of_the_application_ran_before() {
    let laptop = Laptop::new();
    let database = with_database(&laptop);
    let job = "{\"ID\":\"2\",\"Service\":\"web\",\"State\":\"exited\",\"ExitCode\":7}\n";
    laptop.on(
        "compose-up",
        &format!("echo '{}' >>containers; exit 1", job.trim()),
    );
    laptop.run(&["run"]).ended(3).told("`web` ended with 7");
    left(&laptop, &database, "shop_db\n");
}

#[test]
fn results_that_nobody_can_take_end_the_application() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let laptop = Laptop::new();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = laptop.command(&["run"]);
    command.stdout(full);
    let run = laptop.seen(command.output().unwrap().into());
    run.ended(3).told("the results could not be printed");
    left(&laptop, "", "shop_db\n");
}

#[test]
fn whatever_part_of_the_tests_a_signal_ends_nothing_of_them_is_left() {
    for (place, command) in [
        ("clearing", "compose-down"),
        ("build", "compose-build"),
        ("up", "compose-up"),
        ("suite", "compose-run"),
    ] {
        for (signal, code) in SIGNALS {
            let laptop = Laptop::new();
            let first = match place {
                "clearing" => "[ -f at-clearing ] && exit 0; ",
                "up" => "cp started containers; cat made >>volumes; ",
                _ => "",
            };
            laptop.on(command, &format!("{first}stay {place}"));
            let mut live = laptop.start(&["test"]);
            live.reaches(place).gets(signal);
            live.ends().ended(code);
            left(&laptop, "", "");
            let asked = laptop.asked();
            assert_eq!(
                asked.contains(&"compose run".to_owned()),
                place == "suite",
                "{asked:?}"
            );
        }
    }
}

#[test]
fn following_logs_ends_with_any_signal_and_stops_nothing() {
    for (signal, _) in SIGNALS {
        let laptop = Laptop::new();
        laptop
            .holds("containers", WORKING)
            .holds("logs", "web-1  | ready\n");
        let mut live = laptop.start(&["logs", "--follow"]);
        live.reaches("follow").gets(signal);
        let run = live.ends();
        run.ended(0);
        assert_eq!(run.out, "web | ready\n");
        assert!(laptop.changes().is_empty(), "{:?}", laptop.changes());
    }
}

#[test]
fn whoever_reads_no_further_ends_what_is_followed() {
    for arguments in [&["run"][..], &["logs", "--follow"], &["logs"]] {
        let laptop = Laptop::new();
        laptop.on("compose-logs", "while echo 'web-1  | again'; do sleep 0.05; done");
        let mut command = laptop.command(arguments);
        let (reader, writer) = std::io::pipe().unwrap();
        let mut child = command
            .stdout(writer)
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        drop(command);
        let mut lines = BufReader::new(reader).lines();
        assert!(lines.any(|line| line.unwrap() == "web | again"), "{arguments:?}");
        drop(lines);
        assert_eq!(child.wait().unwrap().code(), Some(0), "{arguments:?}");
        assert_eq!(laptop.read("containers"), "", "{arguments:?}");
    }
}

#[test]
fn a_shell_is_ended_by_what_is_not_its_own_to_answer() {
    for (signal, code) in SIGNALS.into_iter().skip(1) {
        let laptop = Laptop::new();
        laptop
            .holds("containers", WORKING)
            .on("compose-exec", "stay shell");
        let mut live = laptop.start(&["shell", "web"]);
        live.reaches("shell").gets(signal);
        live.ends().ended(code);
    }
    let laptop = Laptop::new();
    laptop.holds("containers", WORKING).on(
        "compose-exec",
        ": >at-shell; while [ ! -f go ]; do sleep 0.05; done; exit 5",
    );
    let mut live = laptop.start(&["shell", "web"]);
    live.reaches("shell").gets(Signal::INT);
    laptop.holds("go", "");
    live.ends().ended(5);
}

#[test]
fn stopping_is_hastened_by_a_signal() {
    let laptop = Laptop::new();
    laptop
        .holds("containers", WORKING)
        .holds("volumes", "shop_db\n")
        .on(
            "compose-rm",
            "if [ -f at-rm ]; then : >containers; else stay rm; fi",
        );
    let mut live = laptop.start(&["stop"]);
    live.reaches("rm").gets(Signal::INT);
    live.ends().ended(0);
    left(&laptop, "", "shop_db\n");
    assert!(
        laptop.asked().contains(&"compose kill".to_owned()),
        "{:?}",
        laptop.asked()
    );
}
