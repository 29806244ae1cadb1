//! A project of compose on the engine: what its file says, bringing it up and taking it down. Owns its removal.

use super::super::output;
use super::docker::{docker, inspect, lines};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Letters and digits that need no escaping anywhere.
pub(super) const SECRET: &str = "engine0engine1engine2engine3abcd";

/// A project that is removed when it is dropped.
pub(crate) struct Project {
    folder: PathBuf,
    name: String,
    config: Value,
    variables: Vec<String>,
}

/// What `.env` holds.
pub(super) enum Variables<'a> {
    /// Everything that the project needs.
    All,
    /// Everything but one.
    AllBut(&'a str),
}

/// What was seen while a project came up.
pub(super) struct Seen {
    /// How long it took.
    pub(super) seconds: u64,
    /// Of each service with a check, when a check first succeeded, in the engine's words.
    pub(super) first_healthy: BTreeMap<String, String>,
}

impl Project {
    /// The project in a folder.
    pub(crate) fn new(folder: PathBuf) -> Result<Self, String> {
        let mut project = Self {
            folder,
            name: String::new(),
            config: Value::Null,
            variables: Vec::new(),
        };
        let (listed, _) = output(
            project
                .compose()
                .args(["config", "--no-interpolate", "--variables"]),
        )?;
        // The first column, below its head.
        let named = listed
            .lines()
            .skip(1)
            .filter_map(|line| line.split_whitespace().next());
        project.variables = named.map(str::to_owned).collect();
        project.variables.sort();
        project.write(&Variables::All)?;
        let (config, _) = output(project.compose().args(["config", "--format", "json"]))?;
        project.config = serde_json::from_str(&config).map_err(|error| error.to_string())?;
        let name = project.config.get("name").and_then(Value::as_str);
        project.name = name.ok_or("the project has no name")?.to_owned();
        Ok(project)
    }

    /// The variables that it needs.
    pub(super) fn variables(&self) -> &[String] {
        &self.variables
    }

    /// Its services, as compose understands them.
    pub(super) fn services(&self) -> impl Iterator<Item = (&String, &Value)> {
        let services = self.config.get("services").and_then(Value::as_object);
        services.into_iter().flatten()
    }

    /// Its containers by the names of their services, as the engine knows them.
    pub(super) fn containers(&self) -> Result<BTreeMap<String, Value>, String> {
        let filter = format!("label=com.docker.compose.project={}", self.name);
        let ids = lines(&["ps", "--all", "--quiet", "--filter", &filter])?;
        let named = inspect(&ids)?.into_iter().filter_map(|container| {
            let label = "/Config/Labels/com.docker.compose.service";
            let service = container.pointer(label)?.as_str()?.to_owned();
            Some((service, container))
        });
        Ok(named.collect())
    }

    /// What compose says when the project must not come up.
    pub(super) fn refused(&self, variables: Variables<'_>) -> Result<String, String> {
        self.write(&variables)?;
        let done = self.start().output().map_err(|error| error.to_string())?;
        self.write(&Variables::All)?;
        if done.status.success() {
            return Err("it comes up".to_owned());
        }
        Ok(String::from_utf8_lossy(&done.stderr).into_owned())
    }

    /// Brings it up as its README says, and watches.
    pub(super) fn up(&self) -> Result<Seen, String> {
        let log = self.folder.join("up.log");
        let file = std::fs::File::create(&log).map_err(|error| error.to_string())?;
        let began = Instant::now();
        let mut command = self.start();
        let mut running = command
            .stdout(Stdio::null())
            .stderr(file)
            .spawn()
            .map_err(|error| format!("{command:?}: {error}"))?;
        let mut first_healthy = BTreeMap::new();
        let status = loop {
            let ended = running.try_wait().map_err(|error| error.to_string())?;
            // The engine keeps five checks of each container, so it is asked more often than they happen. A container
            // that goes while it is asked for is asked for again.
            for (service, container) in self.containers().unwrap_or_default() {
                if let Some(at) = first_success(&container) {
                    first_healthy.entry(service).or_insert(at);
                }
            }
            match ended {
                Some(status) => break status,
                None => std::thread::sleep(Duration::from_millis(500)),
            }
        };
        if !status.success() {
            let said = std::fs::read_to_string(&log).unwrap_or_default();
            let (logs, _) = output(self.compose().args(["logs", "--tail", "20"])).unwrap_or_default();
            let states = self.containers().unwrap_or_default();
            let states = states.iter().map(|(name, container)| {
                let state = container.get("State").unwrap_or(&Value::Null);
                format!("{name}: {state}\n")
            });
            return Err(format!(
                "{command:?} fails:\n{said}{logs}{}",
                states.collect::<String>()
            ));
        }
        Ok(Seen {
            seconds: began.elapsed().as_secs(),
            first_healthy,
        })
    }

    /// Takes it down with its volumes.
    pub(super) fn down(&self) -> Result<(), String> {
        output(self.compose().args(["down", "--volumes", "--remove-orphans"])).map(drop)
    }

    /// The images that it builds.
    pub(super) fn built(&self) -> BTreeSet<&str> {
        let built = self
            .services()
            .filter(|(_, service)| service.get("build").is_some());
        built
            .filter_map(|(_, service)| service.get("image")?.as_str())
            .collect()
    }

    fn start(&self) -> Command {
        let mut command = self.compose();
        command.args(["up", "--build", "--wait", "--wait-timeout", "240"]);
        command
    }

    fn compose(&self) -> Command {
        let mut command = docker();
        command.current_dir(&self.folder).arg("compose");
        for name in &self.variables {
            command.env_remove(name);
        }
        command
    }

    fn write(&self, variables: &Variables<'_>) -> Result<(), String> {
        let written = self.variables.iter().filter(|name| match variables {
            Variables::All => true,
            Variables::AllBut(missing) => name != missing,
        });
        let text: String = written.map(|name| format!("{name}=\"{SECRET}\"\n")).collect();
        std::fs::write(self.folder.join(".env"), text).map_err(|error| error.to_string())
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        if let Err(words) = self.down() {
            eprintln!("the project {} is not removed: {words}", self.name);
        }
        for image in self.built() {
            // It may never have been built.
            drop(output(docker().args(["rmi", image])));
        }
    }
}

/// The end of the first check that succeeded, of those that the engine still knows.
fn first_success(container: &Value) -> Option<String> {
    let log = container.pointer("/State/Health/Log")?.as_array()?;
    let succeeded = |check: &&Value| check.get("ExitCode").and_then(Value::as_i64) == Some(0);
    let first = log.iter().find(succeeded)?;
    first.get("End")?.as_str().map(str::to_owned)
}
