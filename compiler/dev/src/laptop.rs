//! `cargo dev laptop`: the commands for one's own machine, as users start them, on a real engine.
//!
//! Everything is tried with copies of `compiler/dev/laptop/tea`, whose images are made FROM scratch with a static
//! busybox. After each trial the engine holds the containers, networks and volumes that it held before.

mod scenario;
mod trial;

use crate::error::Error;
use crate::judge::engine::{Inventory, StandIns};
use std::path::Path;
use trial::Ground;

/// What the companions that ask from outside are made of.
const COMPANION: &str = "busybox:1.37.0-musl";

/// Runs all scenarios, or those that are named, with a binary.
pub(crate) fn run(binary: &Path, names: &[String]) -> Result<(), Error> {
    let scratch =
        tempfile::tempdir().map_err(|error| Error::disk(Path::new("a temporary folder"), &error))?;
    tried(binary, names, scratch.path()).map_err(Error::Refused)
}

fn tried(binary: &Path, names: &[String], scratch: &Path) -> Result<(), String> {
    let mut images = StandIns::default();
    images.make_named(COMPANION, &scratch.join("images"))?;
    let ground = Ground::new(binary, scratch)?;
    // What a run that was killed left behind.
    ground.clear()?;
    let before = Inventory::take()?;
    let wanted = |name: &&(&str, scenario::Scenario)| names.is_empty() || names.iter().any(|it| it == name.0);
    let mut faults = String::new();
    for (name, scenario) in scenario::ALL.iter().filter(wanted) {
        let outcome = scenario(&ground).and_then(|()| Inventory::take()?.unchanged_since(&before));
        match outcome {
            Ok(()) => println!("laptop       {name}: as it should be; left as before: {before}"),
            Err(words) => {
                faults.push_str(&format!("laptop {name}: {words}\n"));
                if let Err(words) = ground.clear() {
                    faults.push_str(&words);
                }
            }
        }
    }
    ground.clear()?;
    if let Err(words) = ground.canaries() {
        faults.push_str(&words);
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}
