//! Judges: the real tools that accept or refuse a target's output.

pub(crate) mod aws;
mod canary;
pub(crate) mod checkov;
pub(crate) mod compose;
pub(crate) mod controllers;
pub(crate) mod engine;
mod kept;
pub(crate) mod kubernetes;
pub(crate) mod pipeline;
pub(crate) mod renamed;
mod server;

use crate::error::Error;
use exoc_ir::{Origin, Program};
use std::path::Path;
use std::process::Command;

/// A golden to judge.
pub(crate) struct Sample<'a> {
    /// The fixture's name.
    pub(crate) case: &'a str,
    /// The folder of the golden.
    pub(crate) folder: &'a Path,
    /// What it was made from: says which inputs the tools must be given.
    pub(crate) program: &'a Program,
}

/// The tools of one target.
pub(crate) trait Judge {
    /// What it is called on the command line: its target, unless the target has several judges.
    fn name(&self) -> &'static str {
        self.target()
    }
    /// The name of the target whose goldens it judges.
    fn target(&self) -> &'static str;
    /// Whether it judges a case.
    fn takes(&self, _case: &str) -> bool {
        true
    }
    /// What is counted.
    fn things(&self) -> &'static str;
    /// Starts what the tools need.
    fn start(&self) -> Result<Box<dyn Session>, Error>;
}

/// Tools that were started; they end when it is dropped.
pub(crate) trait Session {
    /// Judges one golden: how many things were accepted, or why it was refused.
    fn judge(&mut self, sample: &Sample<'_>) -> Result<usize, String>;

    /// Judges all goldens together, once each was judged, or says why they are refused.
    fn finish(&mut self) -> Result<(), String> {
        Ok(())
    }
}

/// Runs a program to its end and returns its standard output and error.
pub(crate) fn output(command: &mut Command) -> Result<(String, String), String> {
    let line = format!("{command:?}");
    let output = command.output().map_err(|error| format!("{line}: {error}"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    if output.status.success() {
        Ok((out, err))
    } else {
        Err(format!("{line} fails:\n{out}{err}"))
    }
}

/// The names of the secrets that somebody must supply, and that the target's store does not have already.
fn supplied(program: &Program) -> impl Iterator<Item = &str> {
    program
        .secrets()
        .iter()
        .filter_map(|(_, secret)| match secret.origin {
            Origin::Supplied {
                description: _,
                store: None,
            } => Some(secret.name.as_str()),
            Origin::Supplied { .. }
            | Origin::Generated { .. }
            | Origin::PasswordOf(_)
            | Origin::AdministratorOf(_) => None,
        })
}
