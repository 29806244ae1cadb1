//! The container engine, asked through `docker compose`: whether it is there, what runs, and what its words mean. Knows
//! no manifest.

mod containers;
mod faults;
mod model;
mod project;

pub use containers::{Container, Health, State};
pub use faults::failed;
pub use model::{Model, Port, Service};
pub use project::{Project, refused};

use crate::error::CommandError;
use crate::process::{Program, Stop};

/// The program.
const DOCKER: &str = "docker";
/// The oldest version of compose whose files and options exoc uses: `up --wait-timeout`, contents of `configs`, and
/// `ps --format json` line by line are there (release notes of docker/compose, 2.24.0 of 2024-01-11).
const NEEDED: (u32, u32) = (2, 24);

/// `docker` with these arguments.
#[must_use]
pub fn docker<'a>(words: impl IntoIterator<Item = &'a str>) -> Program {
    Program::new(DOCKER).with(words)
}

/// Makes sure that an engine answers and is not too old.
///
/// # Errors
///
/// If docker or its compose is absent, too old, not running or forbidden; or somebody asked for an end.
pub fn find(stop: &Stop) -> Result<(), CommandError> {
    let asked = docker(["compose", "version", "--short"])
        .run(stop)
        .map_err(failed)?;
    if !asked.is_fine() {
        return Err(faults::without_compose(&asked, NEEDED));
    }
    let version = asked.out.trim();
    match parse(version) {
        None => return Err(faults::unversioned(&asked, NEEDED)),
        Some(found) if found < NEEDED => return Err(faults::too_old(version, NEEDED)),
        Some(_) => {}
    }
    let server = docker(["version", "--format", "{{.Server.Version}}"])
        .run(stop)
        .map_err(failed)?;
    // Some versions end well although only the program, and no engine, has answered.
    if server.is_fine() && !server.out.trim().is_empty() {
        Ok(())
    } else {
        Err(faults::unreachable(&server))
    }
}

/// The first two numbers of a version such as `v2.29.1-desktop.1`.
fn parse(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.trim_start_matches('v').split(['.', '-', '+']);
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::{NEEDED, parse};

    #[test]
    fn versions_are_compared_by_number() {
        assert_eq!(parse("v5.4.0"), Some((5, 4)));
        assert_eq!(parse("2.29.1-desktop.1"), Some((2, 29)));
        assert!(parse("2.9.0") < Some(NEEDED));
        assert_eq!(parse("unknown"), None);
    }
}
