//! The same on a terminal: a question before data goes, and a terminal that is closed.

use super::{Laptop, WORKING};
use crate::support::terminal;
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::process::{Pid, Signal, kill_process};
use std::io::{Read, Write};
use std::process::Stdio;
use std::thread;
use std::time::Duration;

/// How a person answers when `clean` asks for volumes.
enum Answer {
    Keys(&'static [u8]),
    Signal(Signal),
}

/// Asks for an answer; gives back the exit code and the volumes that are left.
fn cleaned(answer: &Answer) -> (Option<i32>, String) {
    let laptop = Laptop::new();
    laptop.holds("containers", WORKING).holds("volumes", "shop_db\n");
    let (mut master, slave) = terminal();
    let mut command = laptop.command(&["clean"]);
    command
        .stdin(slave.try_clone().unwrap())
        .stderr(slave)
        .stdout(Stdio::null());
    let mut child = command.spawn().unwrap();
    // The program alone has the terminal, so that its end is seen.
    drop(command);
    let mut shown = String::new();
    let mut byte = [0];
    while !shown.ends_with("[y/N] ") {
        assert_eq!(master.read(&mut byte).unwrap(), 1, "{shown}");
        shown.push(char::from(byte[0]));
    }
    assert!(
        shown.contains("Remove 1 volume with all data: shop_db?"),
        "{shown}"
    );
    match answer {
        Answer::Keys(keys) => master.write_all(keys).unwrap(),
        Answer::Signal(signal) => {
            let pid = Pid::from_raw(child.id().try_into().unwrap()).unwrap();
            kill_process(pid, *signal).unwrap();
        }
    }
    let code = child.wait().unwrap().code();
    assert_eq!(laptop.read("containers"), "");
    (code, laptop.read("volumes"))
}

#[test]
fn on_a_terminal_only_a_yes_removes_volumes() {
    for yes in [&b"y\n"[..], b"Yes\n"] {
        assert_eq!(cleaned(&Answer::Keys(yes)), (Some(0), String::new()));
    }
    for no in [&b"\n"[..], b"n\n", b"shop_db\n", b"\x04"] {
        assert_eq!(
            cleaned(&Answer::Keys(no)),
            (Some(0), "shop_db\n".to_owned()),
            "{no:?}"
        );
    }
}

#[test]
fn a_signal_is_an_answer_as_well() {
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143), (Signal::HUP, 129)] {
        let ended = cleaned(&Answer::Signal(signal));
        assert_eq!(ended, (Some(code), "shop_db\n".to_owned()));
    }
}

#[test]
fn whatever_a_run_is_at_when_its_terminal_is_closed_nothing_of_it_is_left() {
    for (place, command, volumes) in [
        ("build", "compose-build", ""),
        ("up", "compose-up", ""),
        ("follow", "", "shop_db\n"),
    ] {
        let laptop = Laptop::new();
        laptop.holds("logs", "web-1  | ready\n");
        if !command.is_empty() {
            let up = if place == "up" {
                "cp started containers; cat made >>volumes; "
            } else {
                ""
            };
            laptop.on(command, &format!("{up}stay {place}"));
        }
        let (mut master, slave) = terminal();
        fcntl_setfl(&master, fcntl_getfl(&master).unwrap() | OFlags::NONBLOCK).unwrap();
        let mut command = laptop.command(&["run"]);
        command
            .env("TERM", "xterm")
            .stdin(slave.try_clone().unwrap())
            .stdout(slave.try_clone().unwrap())
            .stderr(slave);
        let mut child = command.spawn().unwrap();
        drop(command);
        let mut shown = Vec::new();
        while !laptop.place(&format!("at-{place}")).exists() {
            assert!(
                child.try_wait().unwrap().is_none(),
                "{}",
                String::from_utf8_lossy(&shown)
            );
            // What nobody reads would hold the program up.
            let _ = master.read_to_end(&mut shown);
            thread::sleep(Duration::from_millis(10));
        }
        drop(master);
        let pid = Pid::from_raw(child.id().try_into().unwrap()).unwrap();
        kill_process(pid, Signal::HUP).unwrap();
        assert!(child.wait().unwrap().code().is_some(), "it ends by itself");
        assert_eq!(laptop.read("containers"), "", "{place}");
        assert_eq!(laptop.read("volumes"), volumes, "{place}");
    }
}
