//! A compose project: one application in one folder, under a name that no other has.

use super::containers::Container;
use super::docker;
use super::faults::{failed, said, unreadable};
use super::model::Model;
use crate::error::CommandError;
use crate::process::{Finished, Program, Stop};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How often the containers are asked for while some of them go.
const LOOKS: usize = 20;
/// How long is waited until they are asked for again.
const GLANCE: Duration = Duration::from_millis(100);

/// A compose file and the name of what it makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    name: String,
    file: PathBuf,
    /// What is different from that file.
    more: Option<PathBuf>,
    /// The file with the values of secrets, if there is one.
    values: Option<PathBuf>,
    /// The secrets that have no value, and need none for what is asked.
    blanks: Vec<String>,
}

impl Project {
    /// The project of the application `name` in `root`, with the compose file `file`. The name holds a hash of the
    /// place, so that two checkouts of one application are two projects.
    #[must_use]
    pub fn new(name: &str, root: &Path, file: PathBuf) -> Self {
        let place = Sha256::digest(root.as_os_str().as_encoded_bytes());
        let place: String = place.iter().take(3).map(|byte| format!("{byte:02x}")).collect();
        Self {
            name: format!("{name}-{place}"),
            file,
            more: None,
            values: None,
            blanks: Vec::new(),
        }
    }

    /// The same with another file that counts for more.
    #[must_use]
    pub fn and(self, more: Option<PathBuf>) -> Self {
        Self { more, ..self }
    }

    /// The same with the values of secrets from a file, and without those of `blanks`.
    #[must_use]
    pub fn with_values(self, values: Option<PathBuf>, blanks: Vec<String>) -> Self {
        Self {
            values,
            blanks,
            ..self
        }
    }

    /// The same place under another name and with another file.
    #[must_use]
    pub fn beside(&self, suffix: &str, file: PathBuf) -> Self {
        Self {
            name: format!("{}{suffix}", self.name),
            file,
            more: None,
            values: self.values.clone(),
            blanks: self.blanks.clone(),
        }
    }

    /// Its name, which is the start of the names of all that it makes.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// `docker compose` for this project. The name counts for more than `COMPOSE_PROJECT_NAME` and the file's own.
    #[must_use]
    pub fn compose<'a>(&self, words: impl IntoIterator<Item = &'a str>) -> Program {
        let (values, more) = (self.values.iter(), self.more.iter());
        docker(["compose", "--project-name", &self.name, "--file"])
            .with([self.file.as_os_str()])
            .with(more.flat_map(|more| [OsStr::new("--file"), more.as_os_str()]))
            .with(values.flat_map(|values| [OsStr::new("--env-file"), values.as_os_str()]))
            .with(words)
            .variables(self.blanks.iter().map(|name| (name.as_str(), "blank")))
            .variables([("COMPOSE_PROFILES", ""), ("COMPOSE_MENU", "0")])
    }

    /// The filter that finds what belongs to it.
    #[must_use]
    pub fn filter(&self) -> String {
        format!("label=com.docker.compose.project={}", self.name)
    }

    /// What the file means.
    ///
    /// # Errors
    ///
    /// If compose refuses it.
    pub fn model(&self, stop: &Stop) -> Result<Model, CommandError> {
        let program = self.compose(["--profile", "*", "config", "--format", "json"]);
        let mut config = program.run(stop).map_err(failed)?;
        if config.is_fine() {
            return Model::read(&config.out).ok_or_else(|| unreadable(&program));
        }
        // The values of secrets stand there.
        config.out.clear();
        Err(refused(&config, "docker compose refuses the generated file"))
    }

    /// Its containers, those that ended too.
    ///
    /// Compose lists them first and looks at each then, and fails if one went in between, as happens whenever one is
    /// replaced. It is asked again then.
    ///
    /// # Errors
    ///
    /// If the engine does not say.
    pub fn containers(&self, stop: &Stop) -> Result<Vec<Container>, CommandError> {
        let program = self.compose(["--profile", "*", "ps", "--all", "--format", "json"]);
        let mut list = program.run(stop).map_err(failed)?;
        for _ in 1..LOOKS {
            if list.is_fine() || !said(&list, "").to_lowercase().contains("no such container") {
                break;
            }
            stop.sleep(GLANCE).map_err(failed)?;
            list = program.run(stop).map_err(failed)?;
        }
        if list.is_fine() {
            Container::list(&list.out).ok_or_else(|| unreadable(&program))
        } else {
            Err(refused(&list, "the engine does not list what runs"))
        }
    }

    /// The names of its volumes.
    ///
    /// # Errors
    ///
    /// If the engine does not say.
    pub fn volumes(&self, stop: &Stop) -> Result<BTreeSet<String>, CommandError> {
        self.named(&["volume", "ls", "--format", "{{.Name}}"], stop)
    }

    /// What `docker` lists for this project, a name a line.
    fn named(&self, words: &[&str], stop: &Stop) -> Result<BTreeSet<String>, CommandError> {
        let filter = self.filter();
        let list = docker(words.iter().copied())
            .with(["--filter", &filter])
            .run(stop)
            .map_err(failed)?;
        if list.is_fine() {
            Ok(list.out.lines().map(str::to_owned).collect())
        } else {
            Err(refused(&list, "the engine does not list what there is"))
        }
    }
}

/// A fault with the engine's own last words.
#[must_use]
pub fn refused(finished: &Finished, what: &str) -> CommandError {
    let words = said(finished, "it says nothing");
    CommandError::surroundings(format!("{what}: {words}"), "the words are the engine's own")
}

#[cfg(test)]
mod tests {
    use super::Project;
    use std::path::{Path, PathBuf};

    #[test]
    fn two_checkouts_are_two_projects() {
        let project = |root: &str| Project::new("shop", Path::new(root), PathBuf::from("compose.yaml"));
        assert_eq!(project("/a").name(), project("/a").name());
        assert_ne!(project("/a").name(), project("/b").name());
        assert!(project("/a").name().starts_with("shop-"));
        assert_eq!(project("/a").name().len(), "shop-".len() + 6);
    }
}
