//! The application on this machine: compiled, started, followed and ended. What the laptop's commands share; they
//! differ in which parts they use. Knows the compose target's files, and no other target.

pub mod ask;
mod end;
mod errand;
mod follow;
mod images;
mod ports;
pub mod secrets;
mod start;
mod suites;
mod told;
pub mod value;
pub mod values;

pub use end::{Before, take_back};
pub use follow::{Names, follow};
pub use images::{Images, build};
pub use ports::{free as free_port, release};
pub use start::start;
pub use suites::{Outcome, Suite, run as run_suites, suites};

use crate::disk::Application;
use crate::engine::{Model, Project};
use crate::error::CommandError;
use crate::process::Stop;
use crate::terminal::Console;
use exoc_diagnostics::did_you_mean;
use exoc_ir::Program;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

/// The environment that runs here.
pub const ENVIRONMENT: &str = "local";
/// The target whose files run here.
pub const TARGET: &str = "compose";
/// The file of that target.
pub const FILE: &str = "compose.yaml";
/// The file of its tests.
pub const TESTS: &str = "compose.test.yaml";

/// An application that is compiled for this machine, with its files written.
#[derive(Clone, Debug)]
pub struct Local {
    /// What it is.
    pub program: Arc<Program>,
    /// The folder of its compose file.
    pub folder: PathBuf,
    /// What the checkout is called on the engine.
    pub checkout: String,
    /// Where it is.
    pub application: Application,
    /// What is started of it.
    pub project: Project,
}

/// What a command works with: who asked, what there is, and which of it is meant.
#[derive(Clone, Copy, Debug)]
pub struct Session<'a> {
    /// Where things are told.
    pub console: &'a Console,
    /// Whether somebody asks for an end.
    pub stop: &'a Stop,
    /// What it is called on the engine.
    pub project: &'a Project,
    /// What its file says.
    pub model: &'a Model,
    /// The compose services that are meant, with all that they wait for; empty for all.
    pub wanted: &'a BTreeSet<String>,
}

impl Session<'_> {
    /// The services that are meant, as arguments.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.wanted.iter().map(String::as_str)
    }

    /// The jobs that were named and start only then, with a schedule or on demand. Nothing waits for one.
    #[must_use]
    pub fn errands(&self) -> Vec<&str> {
        let on_demand = |name: &&str| self.model.services.get(*name).is_some_and(|it| it.on_demand);
        self.names().filter(on_demand).collect()
    }

    /// Whether nothing else was named than such jobs: then the run ends with them.
    #[must_use]
    pub fn is_errand(&self) -> bool {
        let waited = |name: &str| {
            let mut services = self.names().filter_map(|name| self.model.services.get(name));
            services.any(|service| service.waits_for.contains(name))
        };
        let errands = self.errands();
        !errands.is_empty() && self.names().all(|name| errands.contains(&name) || waited(name))
    }

    /// Whether a compose service is meant.
    #[must_use]
    pub fn means(&self, service: &str) -> bool {
        if self.wanted.is_empty() {
            self.model.services.get(service).is_some_and(|it| !it.on_demand)
        } else {
            self.wanted.contains(service)
        }
    }
}

/// The compose services that stand for these roles, with all that they wait for; empty if no role is named.
///
/// # Errors
///
/// If there is no such role.
pub fn wanted(model: &Model, roles: &[String]) -> Result<BTreeSet<String>, CommandError> {
    let mut names = Vec::new();
    for role in roles {
        let known = || {
            let own = model
                .services
                .iter()
                .filter(|(_, service)| !service.is_companion());
            own.map(|(name, _)| name.as_str())
        };
        if !known().any(|name| name == role) {
            let mut help: Vec<String> = did_you_mean(role, known()).into_iter().collect();
            let list: Vec<String> = known().map(|name| format!("`{name}`")).collect();
            help.push(format!("the application has {}", list.join(", ")));
            return Err(CommandError::CommandLine {
                message: format!("there is no service, job or dependency `{role}` on this machine"),
                help,
            });
        }
        names.extend(model.of_role(role));
    }
    Ok(model.closure(&names))
}

/// What `build` and `start` would run, in order.
#[must_use]
pub fn planned(session: &Session<'_>, images: Images) -> Vec<String> {
    images::commands(session, images)
        .into_iter()
        .chain(start::commands(session))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::wanted;
    use crate::engine::Model;
    use crate::error::Exit;

    #[test]
    fn a_role_that_is_not_there_gets_a_near_one() {
        let model = Model::read(r#"{"services": {"web": {}, "worker": {}}}"#).unwrap();
        assert!(wanted(&model, &[]).unwrap().is_empty());
        let error = wanted(&model, &["wrker".to_owned()]).unwrap_err();
        assert_eq!(error.exit(), Exit::CommandLine);
        assert!(
            error.help().iter().any(|line| line.contains("`worker`")),
            "{error:?}"
        );
    }
}
