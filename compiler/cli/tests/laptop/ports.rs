//! A port that the application needs and somebody has.

use super::Laptop;
use std::fs;
use std::net::TcpListener;

#[test]
fn a_program_that_has_the_port_is_named_with_its_process() {
    let laptop = Laptop::new();
    let _taken = TcpListener::bind(("127.0.0.1", laptop.port)).unwrap();
    let run = laptop.run(&["run"]);
    run.ended(3)
        .told(&format!("port {} is taken by", laptop.port))
        .told("stop what has it")
        .told("domain: localhost:8081");
    if cfg!(target_os = "linux") {
        run.told(&format!("(process {})", std::process::id()));
    }
    assert!(laptop.changes().is_empty(), "{:?}", laptop.changes());
}

#[test]
fn a_container_that_is_none_of_exocs_is_named_with_its_project_and_its_folder() {
    let laptop = Laptop::new();
    let _taken = TcpListener::bind(("127.0.0.1", laptop.port)).unwrap();
    for (answer, told) in [
        (
            "blog-web-1\\tblog\\t/home/me/blog\\t\\n",
            "the container `blog-web-1` of the project `blog` in `/home/me/blog`",
        ),
        ("lonely\\t\\t\\t\\n", "the container `lonely`"),
    ] {
        laptop.on("ps", &format!("printf '{answer}'"));
        let told = format!("port {} is taken by {told}", laptop.port);
        laptop.run(&["run"]).ended(3).told(&told);
    }
    assert!(laptop.changes().is_empty(), "{:?}", laptop.changes());
}

#[test]
fn another_application_of_exocs_keeps_its_port_and_this_one_answers_at_the_next() {
    let laptop = Laptop::new();
    let _taken = TcpListener::bind(("127.0.0.1", laptop.port)).unwrap();
    laptop.on(
        "ps",
        "printf 'blog-1-web-1\\tblog-1\\t/home/me/blog/infra/local/compose\\texoc\\n'",
    );
    let next = laptop.port + 1;
    let run = laptop.run(&["run", "--detach"]);
    run.ended(0).told(&format!(
        "Port {} is taken by the container `blog-1-web-1` of the project `blog-1`",
        laptop.port
    ));
    assert_eq!(run.out, format!("web  http://localhost:{next}/\n"));
    let read = |path: &str| fs::read_to_string(laptop.app.path(path)).unwrap();
    let moved = read(".exoc/local/compose/compose.yaml");
    assert!(moved.contains(&format!("\"127.0.0.1:{next}:8080\"")), "{moved}");
    assert!(moved.contains(&format!("\"http://localhost:{next}\"")), "{moved}");
    assert!(
        read("infra/local/compose/compose.yaml").contains(&format!("127.0.0.1:{}:8080", laptop.port)),
        "what is committed says what the manifest says"
    );
    assert_eq!(read(".exoc/.gitignore"), "*\n");
    assert!(
        !laptop.app.exists(".exoc/local/compose/.env"),
        "values are kept once"
    );
    let words = laptop.read("words");
    let up = words.lines().find(|line| line.contains(" up ")).unwrap();
    assert!(up.contains(".exoc/local/compose/compose.yaml"), "{up}");
    assert!(
        up.contains("--env-file") && up.contains("infra/local/compose/.env"),
        "{up}"
    );
}

#[test]
fn the_port_of_an_application_that_runs_already_is_its_own() {
    let laptop = Laptop::new();
    let _taken = TcpListener::bind(("127.0.0.1", laptop.port)).unwrap();
    // The project's name is what compose was given.
    laptop.on(
        "ps",
        "project=$(sed -n 's/.*--project-name \\([^ ]*\\).*/\\1/p' words | tail -n 1)\n\
         printf 'x-web-1\\t%s\\t/here\\texoc\\n' \"$project\"",
    );
    let run = laptop.run(&["run", "--detach"]);
    run.ended(0);
    assert_eq!(run.out, format!("web  http://localhost:{}/\n", laptop.port));
}

#[test]
fn a_dry_run_asks_nobody_for_a_port() {
    let laptop = Laptop::new();
    let _taken = TcpListener::bind(("127.0.0.1", laptop.port)).unwrap();
    laptop.run(&["run", "--dry-run"]).ended(0);
    assert!(!laptop.asked().contains(&"ps".to_owned()), "{:?}", laptop.asked());
}

#[test]
fn a_port_that_another_application_takes_in_the_meantime_is_given_up_as_well() {
    let laptop = Laptop::new();
    laptop
        .on("ps", "printf 'blog-1-web-1\\tblog-1\\t/home/me/blog\\texoc\\n'")
        .on(
            "compose-up",
            "if [ -f at-up ]; then cp started containers; exit; fi\n\
         : >at-up; while [ ! -f taken ]; do sleep 0.05; done\n\
         echo 'port is already allocated' >&2; exit 1",
        );
    let mut live = laptop.start(&["run", "--detach"]);
    live.reaches("up");
    let _taken = TcpListener::bind(("127.0.0.1", laptop.port)).unwrap();
    laptop.holds("taken", "");
    let run = live.ends();
    run.ended(0).told("is taken by the container `blog-1-web-1`");
    assert_eq!(run.out, format!("web  http://localhost:{}/\n", laptop.port + 1));
}

#[test]
fn a_port_that_a_program_takes_in_the_meantime_is_named_and_nothing_left() {
    let laptop = Laptop::new();
    laptop.on(
        "compose-up",
        "cp started containers; : >at-up; while [ ! -f taken ]; do sleep 0.05; done\n\
         echo 'address already in use' >&2; exit 1",
    );
    let mut live = laptop.start(&["run", "--detach"]);
    live.reaches("up");
    let _taken = TcpListener::bind(("127.0.0.1", laptop.port)).unwrap();
    laptop.holds("taken", "");
    live.ends()
        .ended(3)
        .told(&format!("port {} is taken by", laptop.port));
    assert_eq!(laptop.read("containers"), "");
}
