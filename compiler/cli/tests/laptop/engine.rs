//! An engine that is absent, too old, off, forbidden, or speaks nonsense.

use super::{CANARY, Laptop};
use crate::support::program;

/// The commands that need an engine.
const COMMANDS: [&[&str]; 7] = [
    &["run"],
    &["run", "--dry-run"],
    &["test"],
    &["logs"],
    &["stop"],
    &["shell", "web"],
    &["clean", "--volumes"],
];

#[test]
fn every_command_says_that_docker_is_absent_and_what_to_install() {
    let laptop = Laptop::new();
    let empty = tempfile::tempdir().unwrap();
    for arguments in COMMANDS {
        let mut command = program(&laptop.app.path(""), arguments);
        command.env("PATH", empty.path());
        let run = laptop.seen(command.output().unwrap().into());
        run.ended(3)
            .without_result()
            .told("the program `docker` was not found: a container engine is needed")
            .told("install Docker Engine or Docker Desktop");
    }
}

#[test]
fn a_program_docker_that_may_not_be_started_is_told_apart_from_one_that_is_absent() {
    let laptop = Laptop::new();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("docker"), "#!/bin/sh\n").unwrap();
    let mut command = program(&laptop.app.path(""), &["run"]);
    command.env("PATH", folder.path());
    let run = laptop.seen(command.output().unwrap().into());
    run.ended(3).told("`docker` cannot be started").told("executable");
}

#[test]
fn docker_without_compose_is_told_with_its_own_words_and_the_version_that_is_needed() {
    let laptop = Laptop::new();
    laptop.on(
        "compose-version",
        "echo \"docker: 'compose' is not a docker command.\" >&2; exit 1",
    );
    for arguments in COMMANDS {
        laptop
            .run(arguments)
            .ended(3)
            .told("`docker compose` does not work: docker: 'compose' is not a docker command.")
            .told("version 2.24 or later");
    }
    assert!(laptop.changes().is_empty(), "{:?}", laptop.changes());
}

#[test]
fn a_compose_that_is_too_old_is_told_with_the_version_found_and_the_one_needed() {
    let laptop = Laptop::new();
    for old in ["2.23.3", "v2.5.0", "1.29.2"] {
        laptop.on("compose-version", &format!("echo {old}"));
        laptop
            .run(&["run"])
            .ended(3)
            .told(&format!("this is `{old}`, and 2.24 or later is needed"))
            .told("update Docker");
    }
    for new in ["2.24.0", "v5.4.0", "2.29.1-desktop.1"] {
        laptop.on("compose-version", &format!("echo {new}"));
        laptop.run(&["run", "--dry-run"]).ended(0);
    }
    assert!(laptop.changes().is_empty(), "{:?}", laptop.changes());
}

#[test]
fn a_version_that_is_none_is_shown() {
    let laptop = Laptop::new();
    for (script, told) in [
        (
            "echo dev",
            "says `dev`, which is no version: 2.24 or later is needed",
        ),
        ("", "says nothing, which is no version: 2.24 or later is needed"),
    ] {
        laptop.on("compose-version", script);
        laptop
            .run(&["run"])
            .ended(3)
            .told(told)
            .told("Docker's own Compose plugin");
    }
}

#[test]
fn an_engine_that_is_not_running_is_told_with_the_place_where_it_was_looked_for() {
    let laptop = Laptop::new();
    for words in [
        "Cannot connect to the Docker daemon at unix:///nowhere.sock. Is the docker daemon running?",
        "failed to connect to the docker API at unix:///nowhere.sock; check if the path is correct",
        "error during connect: this error may indicate that unix:///nowhere.sock is off",
    ] {
        laptop.on("version", &format!("echo '{words}' >&2; exit 1"));
        for arguments in COMMANDS {
            laptop
                .run(arguments)
                .ended(3)
                .told("the container engine is not running")
                .told("unix:///nowhere.sock")
                .told("start Docker");
        }
    }
    assert!(laptop.changes().is_empty(), "{:?}", laptop.changes());
}

#[test]
fn an_engine_that_this_user_may_not_use_is_told_with_its_socket() {
    let laptop = Laptop::new();
    laptop.on(
        "version",
        "echo 'permission denied while trying to connect to the docker API at unix:///run/x.sock' >&2; exit 1",
    );
    for arguments in COMMANDS {
        laptop
            .run(arguments)
            .ended(3)
            .told("this user may not use the container engine")
            .told("unix:///run/x.sock")
            .told("the group `docker`");
    }
}

#[test]
fn an_engine_that_fails_otherwise_is_shown_with_its_words() {
    let laptop = Laptop::new();
    for (script, told) in [
        (
            "echo 'the moon is full' >&2; exit 1",
            "does not answer: the moon is full",
        ),
        ("exit 1", "does not answer: it says nothing"),
        ("", "does not answer: it says nothing"),
    ] {
        laptop.on("version", script);
        laptop.run(&["run"]).ended(3).told(told).told("`docker version`");
    }
}

#[test]
fn a_list_that_cannot_be_read_does_not_pass_for_an_engine_where_nothing_runs() {
    let laptop = Laptop::new();
    for answer in ["echo 'web is up'", "echo '{\"Service\": 1}'"] {
        laptop.on("compose-ps", answer);
        laptop
            .run(&["run"])
            .ended(3)
            .told("compose")
            .told("cannot be read");
    }
    assert!(laptop.changes().is_empty(), "{:?}", laptop.changes());
    laptop.on("compose-ps", "echo 'the list is lost' >&2; exit 1");
    laptop
        .run(&["run"])
        .ended(3)
        .told("the engine does not list what runs: the list is lost");
    assert!(laptop.changes().is_empty(), "{:?}", laptop.changes());
}

#[test]
fn what_compose_makes_of_the_file_is_never_shown_because_secrets_stand_there() {
    let laptop = Laptop::new();
    let answers = [
        ("cat ${file%/*}/.env", "cannot be read"),
        (
            "cat ${file%/*}/.env; exit 1",
            "docker compose refuses the generated file",
        ),
        ("echo '{\"services\": 1}'", "cannot be read"),
        (
            "echo 'no such key' >&2; exit 1",
            "refuses the generated file: no such key",
        ),
    ];
    for (script, told) in answers {
        laptop.on("compose-config", script);
        for arguments in COMMANDS {
            laptop.run(arguments).ended(3).told(told);
        }
    }
    let values = std::fs::read_to_string(laptop.app.path("infra/local/compose/.env")).unwrap();
    assert!(values.contains(CANARY), "the stand-in had something to tell");
    assert!(laptop.changes().is_empty(), "{:?}", laptop.changes());
}

#[test]
fn containers_that_go_while_they_are_listed_are_listed_again() {
    let laptop = Laptop::new();
    laptop.on(
        "compose-ps",
        "if [ -f listed ]; then cat containers; exit; fi\n: >listed\n\
         echo 'Error response from daemon: No such container: 010d7928cc69' >&2; exit 1",
    );
    laptop.run(&["run", "--detach"]).ended(0);
    let asked = laptop.asked();
    let lists = asked.iter().filter(|call| *call == "compose ps").count();
    assert!(lists > 1, "{asked:?}");
    laptop.on("compose-ps", "echo 'No such container: 010d7928cc69' >&2; exit 1");
    laptop
        .run(&["run", "--detach"])
        .ended(3)
        .told("the engine does not list what runs: No such container: 010d7928cc69");
}
