//! `docker compose config` reads every compose file: the project, and its tests where there are some.

use super::{Judge, Sample, Session, output};
use crate::error::Error;
use exoc_ir::Program;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

const PROJECT: &str = "compose.yaml";
const TESTS: &str = "compose.test.yaml";

pub(crate) struct Compose;

impl Judge for Compose {
    fn target(&self) -> &'static str {
        "compose"
    }

    fn things(&self) -> &'static str {
        "services"
    }

    fn start(&self) -> Result<Box<dyn Session>, Error> {
        output(Command::new("docker").args(["compose", "version"])).map_err(Error::Refused)?;
        Ok(Box::new(Started))
    }
}

struct Started;

impl Session for Started {
    fn judge(&mut self, sample: &Sample<'_>) -> Result<usize, String> {
        let tests = sample.folder.join(TESTS);
        if tests.exists() {
            let suites = tested(sample.program);
            let accepted = services(&tests)?;
            if suites.iter().any(|suite| !accepted.contains_key(suite)) {
                return Err(format!("{TESTS} has not all of {suites:?}"));
            }
        }
        let accepted = services(&sample.folder.join(PROJECT))?;
        Ok(accepted.len() + guests(sample.program, &accepted))
    }
}

/// How many components have no container of their own and are reached at that of another, as a topic's queues are.
fn guests(program: &Program, accepted: &Map<String, Value>) -> usize {
    let aliases: BTreeSet<&str> = accepted
        .values()
        .filter_map(|service| service.get("networks")?.as_object())
        .flat_map(|networks| networks.values())
        .filter_map(|network| network.get("aliases")?.as_array())
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    program
        .backings()
        .iter()
        .map(|(_, backing)| backing.role.as_str())
        .filter(|role| !accepted.contains_key(*role) && aliases.contains(role))
        .count()
}

/// What the tests of a program are called.
fn tested(program: &Program) -> Vec<String> {
    let services = program.services().iter();
    services
        .filter(|(_, service)| service.development.test.is_some())
        .map(|(_, service)| format!("{}_test", service.role))
        .collect()
}

/// The services that compose finds in a file by name, whatever their profiles.
fn services(file: &Path) -> Result<Map<String, Value>, String> {
    let scratch = tempfile::tempdir().map_err(|error| error.to_string())?;
    let variables = scratch.path().join("variables");
    let mut text = String::new();
    for name in required(file)? {
        let _ = writeln!(text, "{name}=judged");
    }
    std::fs::write(&variables, text).map_err(|error| error.to_string())?;
    let mut command = Command::new("docker");
    command.arg("compose").arg("--file").arg(file);
    command
        .arg("--env-file")
        .arg(&variables)
        .args(["--profile", "*", "config", "--format", "json"]);
    let (out, err) = output(&mut command)?;
    if !err.trim().is_empty() {
        return Err(format!("docker compose warns:\n{err}"));
    }
    let mut json: Value = serde_json::from_str(&out).map_err(|error| error.to_string())?;
    match json.get_mut("services").map(Value::take) {
        Some(Value::Object(services)) => Ok(services),
        _ => Err("docker compose prints no services".to_owned()),
    }
}

/// The variables that the file demands: every `${NAME:?…}` in it.
fn required(path: &Path) -> Result<Vec<String>, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut names: Vec<String> = text
        .replace("$$", "")
        .split("${")
        .skip(1)
        .filter_map(|rest| Some(rest.split_once(":?")?.0.to_owned()))
        .filter(|name| {
            name.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        })
        .collect();
    names.sort();
    names.dedup();
    Ok(names)
}
