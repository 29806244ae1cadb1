//! The engine's command line, and what there is on the engine. Knows no project.

use super::super::output;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::{Display, Formatter};
use std::process::Command;

/// A command of the engine, to which arguments are added.
pub(crate) fn docker() -> Command {
    Command::new("docker")
}

/// The lines that a command prints.
pub(crate) fn lines(arguments: &[&str]) -> Result<Vec<String>, String> {
    let (out, _) = output(docker().args(arguments))?;
    Ok(out.lines().map(str::to_owned).collect())
}

/// What the engine knows of some containers or images. One that went since it was listed is left out.
pub(crate) fn inspect(names: &[String]) -> Result<Vec<Value>, String> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let mut command = docker();
    command.arg("inspect").args(names);
    let done = command
        .output()
        .map_err(|error| format!("{command:?}: {error}"))?;
    let words = String::from_utf8_lossy(&done.stderr);
    let went = |line: &str| line.trim().is_empty() || line.to_lowercase().contains("no such object");
    if !done.status.success() && !words.lines().all(went) {
        return Err(format!("{command:?}: {words}"));
    }
    serde_json::from_slice(&done.stdout).map_err(|error| format!("{command:?}: {error}"))
}

/// Whether a program in a container succeeds.
pub(super) fn succeeds(container: &str, program: &[&str]) -> Result<bool, String> {
    let mut command = docker();
    command.arg("exec").arg(container).args(program);
    let done = command
        .output()
        .map_err(|error| format!("{command:?}: {error}"))?;
    match done.status.code() {
        // The program itself, or something in its way, said so; 125 to 127 come from the engine.
        Some(code) if code < 125 => Ok(code == 0),
        Some(_) | None => Err(format!("{command:?}: {}", String::from_utf8_lossy(&done.stderr))),
    }
}

/// The bytes of a file in a container.
pub(super) fn read(container: &str, path: &str) -> Result<Vec<u8>, String> {
    printed(container, &["cat", path])
}

/// The lines that a program in a container prints.
pub(super) fn read_lines(container: &str, program: &[&str]) -> Result<Vec<String>, String> {
    let out = printed(container, program)?;
    Ok(String::from_utf8_lossy(&out).lines().map(str::to_owned).collect())
}

fn printed(container: &str, program: &[&str]) -> Result<Vec<u8>, String> {
    let mut command = docker();
    command.arg("exec").arg(container).args(program);
    let done = command
        .output()
        .map_err(|error| format!("{command:?}: {error}"))?;
    if done.status.success() {
        Ok(done.stdout)
    } else {
        Err(format!("{command:?}: {}", String::from_utf8_lossy(&done.stderr)))
    }
}

/// All containers, networks and volumes of the engine.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Inventory {
    containers: BTreeSet<String>,
    networks: BTreeSet<String>,
    volumes: BTreeSet<String>,
}

impl Inventory {
    /// What there is now.
    pub(crate) fn take() -> Result<Self, String> {
        let set = |arguments: &[&str]| Ok::<_, String>(lines(arguments)?.into_iter().collect());
        Ok(Self {
            containers: set(&["ps", "--all", "--quiet", "--no-trunc"])?,
            networks: set(&["network", "ls", "--quiet", "--no-trunc"])?,
            volumes: set(&["volume", "ls", "--quiet"])?,
        })
    }

    /// That there is now what there was at an earlier time: what came and what went otherwise.
    pub(crate) fn unchanged_since(&self, before: &Self) -> Result<(), String> {
        let mut differences = Vec::new();
        for (kind, now, then) in [
            ("container", &self.containers, &before.containers),
            ("network", &self.networks, &before.networks),
            ("volume", &self.volumes, &before.volumes),
        ] {
            differences.extend(now.difference(then).map(|id| format!("{kind} {id} is new")));
            differences.extend(then.difference(now).map(|id| format!("{kind} {id} is gone")));
        }
        if differences.is_empty() {
            Ok(())
        } else {
            Err(format!(
                "the engine does not hold what it held before: {}",
                differences.join(", ")
            ))
        }
    }
}

impl Display for Inventory {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let Self {
            containers,
            networks,
            volumes,
        } = self;
        let (containers, networks, volumes) = (containers.len(), networks.len(), volumes.len());
        write!(
            f,
            "{containers} containers, {networks} networks, {volumes} volumes"
        )
    }
}
