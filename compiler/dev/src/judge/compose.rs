//! `docker compose config` reads every compose file.

use super::{Judge, Sample, Session, output};
use crate::error::Error;
use std::fmt::Write as _;
use std::process::Command;

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
        let scratch = tempfile::tempdir().map_err(|error| error.to_string())?;
        let variables = scratch.path().join("variables");
        let mut text = String::new();
        for name in required(sample)? {
            let _ = writeln!(text, "{name}=judged");
        }
        std::fs::write(&variables, text).map_err(|error| error.to_string())?;
        let mut command = Command::new("docker");
        command
            .arg("compose")
            .arg("--file")
            .arg(sample.folder.join("compose.yaml"));
        command
            .arg("--env-file")
            .arg(&variables)
            .args(["--profile", "*", "config", "--format", "json"]);
        let (out, err) = output(&mut command)?;
        if !err.trim().is_empty() {
            return Err(format!("docker compose warns:\n{err}"));
        }
        let json: serde_json::Value = serde_json::from_str(&out).map_err(|error| error.to_string())?;
        Ok(json
            .get("services")
            .and_then(serde_json::Value::as_object)
            .map_or(0, serde_json::Map::len))
    }
}

/// The variables that the file demands: every `${NAME:?…}` in it.
fn required(sample: &Sample<'_>) -> Result<Vec<String>, String> {
    let path = sample.folder.join("compose.yaml");
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
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
