//! What the engine's words mean, and what to do about them. Knows no command of exoc's beyond their names.

use crate::error::CommandError;
use crate::process::{Failure, Finished, Program};

/// What a program that gave nothing means.
#[must_use]
pub fn failed(failure: Failure) -> CommandError {
    match failure {
        Failure::Absent(name) => CommandError::surroundings(
            format!("the program `{name}` was not found: a container engine is needed"),
            "install Docker Engine or Docker Desktop, and make sure that `docker` is on the PATH",
        ),
        Failure::Refused(name, words) => CommandError::surroundings(
            format!("`{name}` cannot be started: {words}"),
            "make it executable for this user",
        ),
        Failure::Stopped(asked) => CommandError::Stopped(asked),
        Failure::Late(_) => CommandError::surroundings(
            format!("the container engine takes too long: {failure}"),
            "see what it is at with `docker ps` and `docker events`",
        ),
    }
}

pub(super) fn without_compose(asked: &Finished, (major, minor): (u32, u32)) -> CommandError {
    CommandError::Surroundings {
        message: format!(
            "`docker compose` does not work: {}",
            said(asked, "it says nothing")
        ),
        help: vec![format!(
            "install the Compose plugin, version {major}.{minor} or later"
        )],
    }
}

pub(super) fn unversioned(asked: &Finished, (major, minor): (u32, u32)) -> CommandError {
    let found = match said(asked, "") {
        words if words.is_empty() => "says nothing".to_owned(),
        words => format!("says `{words}`"),
    };
    CommandError::surroundings(
        format!("`docker compose version` {found}, which is no version: {major}.{minor} or later is needed"),
        "install Docker's own Compose plugin",
    )
}

pub(super) fn too_old(found: &str, (major, minor): (u32, u32)) -> CommandError {
    CommandError::surroundings(
        format!("docker compose is too old: this is `{found}`, and {major}.{minor} or later is needed"),
        "update Docker, or its Compose plugin",
    )
}

/// What an engine that does not answer says.
pub(super) fn unreachable(asked: &Finished) -> CommandError {
    let words = asked.err.to_lowercase();
    // The words that name the socket or the host are the engine's last ones.
    let evidence = || said(asked, "it says nothing");
    if words.contains("permission denied") {
        return CommandError::surroundings(
            format!("this user may not use the container engine: {}", evidence()),
            "add the user to the group `docker` and log in again, or use a rootless engine",
        );
    }
    let off = [
        "cannot connect",
        "failed to connect",
        "is the docker daemon running",
        "error during connect",
    ];
    if off.iter().any(|sign| words.contains(sign)) {
        return CommandError::Surroundings {
            message: format!("the container engine is not running: {}", evidence()),
            help: vec![
                "start Docker: `systemctl start docker`, or open Docker Desktop".to_owned(),
                "if it runs elsewhere, `docker context ls` shows which engine is asked".to_owned(),
            ],
        };
    }
    CommandError::surroundings(
        format!("the container engine does not answer: {}", evidence()),
        "`docker version` shows the same",
    )
}

/// An answer that cannot be read. It is not repeated: what compose makes of a file holds the values of secrets.
pub(super) fn unreadable(program: &Program) -> CommandError {
    CommandError::surroundings(
        format!("the answer of `{}` cannot be read", program.shown()),
        "run it, and see whether `docker` is Docker's own program",
    )
}

/// The last thing that a program said.
pub(super) fn said(finished: &Finished, otherwise: &str) -> String {
    let last = finished.last_lines(1).first().map(|line| line.trim().to_owned());
    last.unwrap_or_else(|| otherwise.to_owned())
}
