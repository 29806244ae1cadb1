//! Steps that workflows of GitHub and of Gitea have in common: both read the same words. Knows no event and no right.

use super::{Scaffold, shell};
use exoc_emit::yaml::Mapping;

/// A step that runs commands.
pub(super) fn step(name: &str, run: String) -> Mapping {
    Mapping::new().with("name", name).with("run", run)
}

/// A step that runs in the application's folder.
pub(super) fn here(scaffold: &Scaffold, step: Mapping) -> Mapping {
    match scaffold.application.trim_end_matches('/') {
        "" => step,
        folder => step.with("working-directory", folder),
    }
}

/// Installs exoc, which needs these variables besides, and checks the application with it; `ci` is what wrote the
/// workflow.
pub(super) fn checks(scaffold: &Scaffold, ci: &str, variables: Mapping) -> Vec<Mapping> {
    let here = |step| here(scaffold, step);
    let mut steps = vec![
        step("Install exoc", shell::install())
            .comment("A commit instead of the tag pins it harder.")
            .with("env", variables),
        here(step("The manifest is right", "exoc check\n".to_owned())),
        here(step(
            "The generated files are what it says",
            "exoc build --check\n".to_owned(),
        )),
    ];
    for delivery in &scaffold.deliveries {
        let name = format!("This workflow fits {}", delivery.environment);
        steps.push(here(step(&name, shell::fits(delivery, ci))));
    }
    steps
}
