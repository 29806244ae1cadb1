//! A real engine brings compose's own, unedited output up, and what runs is what the manifest says.
//!
//! One fixture is judged, `engine`, whose images need nothing but busybox. Images that cannot be pulled are replaced by
//! stand-ins of the same names. Everything is removed at the end, whatever happens.

mod docker;
mod facts;
mod project;
mod stand_in;

use super::{Judge, Sample, Session, output};
use crate::error::Error;
pub(crate) use docker::{Inventory, docker, inspect, lines};
use exoc_snapshot_tests::case;
pub(crate) use facts::moment;
pub(crate) use project::Project;
use project::Variables;
pub(crate) use stand_in::{StandIns, fetch_busybox};
use std::path::Path;
use std::process::Command;

pub(crate) struct Engine;

impl Judge for Engine {
    fn name(&self) -> &'static str {
        "engine"
    }

    fn target(&self) -> &'static str {
        "compose"
    }

    fn takes(&self, case: &str) -> bool {
        case == "engine"
    }

    fn things(&self) -> &'static str {
        "services"
    }

    fn start(&self) -> Result<Box<dyn Session>, Error> {
        let asked = output(docker().args(["version", "--format", "{{.Server.Version}}"]));
        asked.map_err(|words| {
            let help = "`install.sh docker` of the conformance folder starts a Docker engine";
            Error::Refused(format!("no container engine answers: {help}\n{words}"))
        })?;
        output(docker().args(["compose", "version"])).map_err(Error::Refused)?;
        Ok(Box::new(Started))
    }
}

struct Started;

impl Session for Started {
    fn judge(&mut self, sample: &Sample<'_>) -> Result<usize, String> {
        let scratch = tempfile::tempdir().map_err(|error| error.to_string())?;
        let application = scratch.path().join("application");
        copy(&case::root().join("fixtures").join(sample.case), &application)?;
        let folder = application.join("infra/local/compose");
        std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        copy(sample.folder, &folder)?;

        // Dropped after the project, which uses them.
        let mut images = StandIns::default();
        let project = Project::new(folder)?;
        // What a run that was killed left behind.
        project.down()?;
        let before = Inventory::take()?;
        images.make(&project, &scratch.path().join("images"))?;

        for missing in project.variables() {
            let words = project.refused(Variables::AllBut(missing))?;
            if !words.contains(missing.as_str()) || Inventory::take()? != before {
                return Err(format!(
                    "without {missing} something starts, or it is not named:\n{words}"
                ));
            }
            say(&format!("without {missing} nothing starts: {}", reason(&words)));
        }
        let seen = project.up()?;
        say(&format!(
            "`docker compose up --build --wait` succeeds after {} s",
            seen.seconds
        ));
        let accepted = facts::judge(&project, &seen, sample.program)?;
        project.down()?;
        let after = Inventory::take()?;
        after
            .unchanged_since(&before)
            .map_err(|words| format!("after `down --volumes`, {words}"))?;
        say(&format!(
            "after `docker compose down --volumes` are left, as before: {after}"
        ));
        Ok(accepted)
    }
}

/// Prints a fact.
fn say(fact: &str) {
    println!("engine: {fact}");
}

/// The line of compose's words that says why.
fn reason(words: &str) -> &str {
    let said = |line: &&str| !line.trim().is_empty();
    words.lines().rfind(said).unwrap_or_default().trim()
}

/// Copies what is in a folder into another.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<(), String> {
    std::fs::create_dir_all(to).map_err(|error| format!("{}: {error}", to.display()))?;
    let mut source = from.as_os_str().to_owned();
    source.push("/.");
    output(Command::new("cp").arg("-R").arg(source).arg(to)).map(drop)
}
