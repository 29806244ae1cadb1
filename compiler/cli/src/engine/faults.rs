//! What the engine's words mean, and what to do about them. Knows no command of exoc's beyond their names.

use crate::error::CommandError;
use crate::process::{Asked, Failure, Finished};

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
        Failure::Stopped(asked) => stopped(asked),
        Failure::Late(_) => CommandError::surroundings(
            format!("the container engine takes too long: {failure}"),
            "see what it is at with `docker ps` and `docker events`",
        ),
    }
}

/// What the end that somebody asked for means.
#[must_use]
pub const fn stopped(asked: Asked) -> CommandError {
    CommandError::Stopped(asked)
}

pub(super) fn without_compose() -> CommandError {
    CommandError::surroundings(
        "`docker` has no `compose`",
        "install the Compose plugin, version 2.24 or later",
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
    if words.contains("permission denied") {
        return CommandError::surroundings(
            "the container engine cannot be reached: permission is denied",
            "add this user to the group `docker`, or use a rootless engine",
        );
    }
    if words.contains("cannot connect") || words.contains("is the docker daemon running") {
        return CommandError::surroundings(
            "the container engine is not running",
            "start Docker: `systemctl start docker`, or open Docker Desktop",
        );
    }
    CommandError::surroundings(
        format!(
            "the container engine does not answer: {}",
            said(asked, "it says nothing")
        ),
        "`docker version` shows the same",
    )
}

/// The last thing that a program said.
pub(super) fn said(finished: &Finished, otherwise: &str) -> String {
    let last = finished.last_lines(1).first().map(|line| line.trim().to_owned());
    last.unwrap_or_else(|| otherwise.to_owned())
}
