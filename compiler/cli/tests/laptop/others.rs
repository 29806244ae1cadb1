//! `shell`, `logs`, `stop` and `clean`.

use super::{CONFIG, Laptop, WORKING};

#[test]
fn a_shell_passes_arguments_streams_and_the_exit_code_through() {
    let laptop = Laptop::new();
    laptop.holds("containers", WORKING).on(
        "compose-exec",
        "for word; do echo \"<$word>\"; done; echo aside >&2; cat; exit 42",
    );
    let mut command = laptop.command(&["shell", "web", "ls", "-l", "a b", "--", "--help"]);
    let input = std::fs::File::open(laptop.place("containers")).unwrap();
    command.stdin(input);
    let run = laptop.seen(command.output().unwrap().into());
    run.ended(42).told("aside");
    let expected = "<exec>\n<--no-TTY>\n<web>\n<ls>\n<-l>\n<a b>\n<-->\n<--help>\n";
    assert_eq!(run.out, format!("{expected}{WORKING}"));
}

#[test]
fn a_shell_without_a_command_is_a_shell() {
    let laptop = Laptop::new();
    laptop
        .holds("containers", WORKING)
        .on("compose-exec", "echo \"$*\"");
    let run = laptop.run(&["shell", "web"]);
    run.ended(0);
    assert_eq!(run.out, "exec --no-TTY web sh\n");
}

#[test]
fn a_shell_in_what_does_not_run_says_how_to_start_it() {
    let laptop = Laptop::new();
    for containers in [
        "",
        "{\"ID\":\"2\",\"Service\":\"web\",\"State\":\"exited\",\"ExitCode\":1}\n",
        "{\"ID\":\"2\",\"Service\":\"web\",\"State\":\"restarting\"}\n",
        "{\"ID\":\"1\",\"Service\":\"db\",\"State\":\"running\"}\n",
    ] {
        laptop.holds("containers", containers);
        laptop
            .run(&["shell", "web", "true"])
            .ended(1)
            .told("`web` does not run")
            .told("`exoc run --detach web` starts it");
    }
    assert!(!laptop.asked().contains(&"compose exec".to_owned()));
}

#[test]
fn logs_are_those_of_the_services_that_are_named() {
    let laptop = Laptop::new();
    laptop
        .holds("containers", WORKING)
        .holds("logs", "db-1   | ready\nweb-1  | \u{1b}[2Jready\n");
    let run = laptop.run(&["logs"]);
    run.ended(0);
    assert_eq!(run.out, "db  | ready\nweb | \u{241b}[2Jready\n");
    laptop.run(&["logs", "web", "--tail", "3"]).ended(0);
    let calls = laptop.read("calls");
    let logs: Vec<&str> = calls
        .lines()
        .filter(|line| line.starts_with("compose logs"))
        .collect();
    assert_eq!(
        logs,
        [
            "compose logs --no-color --tail all db web",
            "compose logs --no-color --tail 3 web"
        ]
    );
}

#[test]
fn logs_that_the_engine_does_not_give_are_a_fault() {
    let laptop = Laptop::new();
    laptop.on("compose-logs", "echo 'the driver reads nothing' >&2; exit 1");
    laptop
        .run(&["logs"])
        .ended(3)
        .told("the engine gives no logs: the driver reads nothing");
}

#[test]
fn stopping_needs_no_secrets_and_keeps_volumes() {
    let laptop = Laptop::without_values();
    laptop.holds("containers", WORKING).holds("volumes", "shop_db\n");
    for arguments in [&["stop"][..], &["logs"], &["clean"]] {
        laptop.run(arguments).ended(0);
    }
    assert_eq!(laptop.read("containers"), "");
    assert_eq!(laptop.read("volumes"), "shop_db\n");
    assert!(
        !laptop.app.exists("infra/local/compose/.env"),
        "no value is made for an end"
    );
}

#[test]
fn what_cannot_be_stopped_is_told_with_the_engines_words() {
    let laptop = Laptop::new();
    laptop
        .holds("containers", WORKING)
        .on("compose-rm", "echo 'the container is stuck' >&2; exit 1");
    for arguments in [&["stop"][..], &["clean"]] {
        let run = laptop.run(arguments);
        run.ended(3).told("the container is stuck");
        assert!(!run.err.contains("executable"), "{run:?}");
    }
}

#[test]
fn cleaning_without_a_terminal_asks_nothing_and_keeps_volumes() {
    let laptop = Laptop::new();
    laptop.holds("containers", WORKING).holds("volumes", "shop_db\n");
    let run = laptop.run(&["clean"]);
    run.ended(0).told("1 volume kept");
    assert!(!run.err.contains('?'), "{run:?}");
    assert_eq!(laptop.read("containers"), "");
    assert_eq!(laptop.read("volumes"), "shop_db\n");
}

#[test]
fn cleaning_removes_the_volumes_and_the_images_of_this_project_and_no_others() {
    let laptop = Laptop::new();
    laptop
        .holds("containers", WORKING)
        // What the engine answers to the filter of this project.
        .holds("volumes", "shop_db\nshop_files\n")
        .on(
            "image-rm",
            "case \"$3\" in shop-*/shop-web:local) ;; *) false ;; esac",
        );
    let run = laptop.run(&["clean", "--volumes"]);
    run.ended(0).told("1 image too, and 2 volumes");
    assert_eq!(laptop.read("volumes"), "");
    let changes = laptop.changes();
    assert_eq!(changes.last().unwrap(), "volume rm shop_db shop_files");
    let images: Vec<&String> = changes
        .iter()
        .filter(|call| call.starts_with("image rm"))
        .collect();
    // What was pulled may be others', and so may a name without the checkout.
    assert_eq!(images.len(), 1);
    assert!(
        images
            .iter()
            .all(|call| call.starts_with("image rm shop-") && call.ends_with("/shop-web:local")),
        "{images:?}"
    );
    let listed = laptop.read("words");
    let listed: Vec<&str> = listed
        .lines()
        .filter(|line| line.starts_with("volume ls"))
        .collect();
    assert!(!listed.is_empty());
    for line in listed {
        assert!(line.contains("label=com.docker.compose.project=shop-"), "{line}");
    }
    assert!(CONFIG.contains("shop-web:local"));
}

#[test]
fn volumes_that_are_in_use_elsewhere_are_told() {
    let laptop = Laptop::new();
    laptop
        .holds("volumes", "shop_db\n")
        .on("volume-rm", "echo 'volume is in use' >&2; exit 1");
    laptop
        .run(&["clean", "--volumes"])
        .ended(3)
        .told("the volumes cannot be removed: volume is in use");
}
