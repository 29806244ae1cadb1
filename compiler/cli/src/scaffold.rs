//! Workflows for services that run pipelines: written once, and the team's from then on. Owns which jobs there are, what
//! they run and what each may do; knows no disk.
//!
//! | Part | Where |
//! |---|---|
//! | what an environment needs to be released | [`Delivery`], read from what its target says to programs |
//! | the commands of a step, the same everywhere | `shell` |
//! | the actions that are used, and their commits | `action` |
//! | a workflow, one file per service | `github`, `gitlab`, `gitea` |
//!
//! Nothing in a workflow names a service of the application: images and repositories come from `release.json` at run
//! time, so that a workflow stays right when the application grows. What cannot come from there, the names of secrets and
//! whether jobs run around a deployment, is compared in every run.

mod action;
mod delivery;
mod gitea;
mod github;
mod gitlab;
mod shell;
mod steps;

pub use delivery::{Delivery, FILE};

use crate::args::{Ci, Tool};

/// What workflows are written for.
#[derive(Clone, Debug)]
pub struct Scaffold {
    /// The way from the repository's root to the application's folder, empty or with a slash at its end.
    pub application: String,
    /// What plans and applies.
    pub tool: Tool,
    /// The environments that can be released, in the order of their names.
    pub deliveries: Vec<Delivery>,
}

/// A file to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its path below the repository's root.
    pub path: &'static str,
    /// What is in it.
    pub text: String,
    /// What becomes of a file that stands there.
    pub presence: Presence,
}

/// What becomes of a file that stands in the place of one that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It is in the way, unless the command line says otherwise.
    InTheWay,
    /// It stays in any case: it holds other things as well.
    Stays,
}

/// The files of a service's workflow.
#[must_use]
pub fn files(scaffold: &Scaffold, ci: Ci) -> Vec<Written> {
    match ci {
        Ci::Github => github::files(scaffold),
        Ci::Gitlab => gitlab::files(scaffold),
        Ci::Gitea => gitea::files(scaffold),
    }
}

/// The revision of exoc that a workflow installs: the one that writes it.
const REVISION: &str = concat!("v", env!("CARGO_PKG_VERSION"));

/// The release of Rust that it is compiled with.
const RUST: &str = env!("CARGO_PKG_RUST_VERSION");

/// Where it is installed from.
const SOURCE: &str = env!("CARGO_PKG_REPOSITORY");

/// Releases of the programs that plan and apply; the Go module proxy lists them, read 2026-11.
impl Tool {
    /// The program.
    const fn program(self) -> &'static str {
        match self {
            Self::Tofu => "tofu",
            Self::Terraform => "terraform",
        }
    }

    /// The release that a workflow installs.
    const fn release(self) -> &'static str {
        match self {
            Self::Tofu => "1.12.6",
            Self::Terraform => "1.13.3",
        }
    }
}

/// What stands at the head of every file.
fn head(ci: &str) -> String {
    format!(
        "Written by `exoc init --ci {ci}`, and this repository's own from then on: exoc never changes it by itself.\n\
         What it needs, and why it is as it is: {SOURCE}/blob/{REVISION}/docs/pipeline.md"
    )
}
