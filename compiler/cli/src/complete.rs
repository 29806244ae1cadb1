//! What a shell may complete, asked by the shell itself. Knows commands and options from their declarations, and names of
//! the application from its files; what cannot be read completes nothing.

use crate::error::Exit;
use crate::registry::TARGETS;
use crate::{args, disk, pipeline};
use clap_complete::engine::CompletionCandidate;
use clap_complete::env::{CompleteEnv, Shells};
use exoc_diagnostics::CODES;
use exoc_manifest::ast::Manifest;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::Path;

/// The variable by which a shell asks.
const ASKED: &str = "EXOC_COMPLETE";

/// Answers a shell that asks; `None` if nobody does.
#[must_use]
pub fn answer(arguments: &[OsString]) -> Option<Exit> {
    let engine = CompleteEnv::with_factory(args::command).var(ASKED);
    match engine.try_complete(arguments.iter().cloned(), None) {
        Ok(false) => None,
        Ok(true) => Some(Exit::Fine),
        // Whoever types sees nothing of it but that nothing is completed.
        Err(_) => Some(Exit::Surroundings),
    }
}

/// What a shell has to be told once, so that it asks.
///
/// # Errors
///
/// If the shell is not known, or nothing can be written.
pub fn registration(shell: &str) -> std::io::Result<String> {
    let shells = Shells::builtins();
    let known = shells.completer(shell);
    let known = known.ok_or_else(|| std::io::Error::other(format!("nobody knows the shell `{shell}`")))?;
    let mut text = Vec::new();
    known.write_registration(ASKED, "exoc", "exoc", "exoc", &mut text)?;
    String::from_utf8(text).map_err(std::io::Error::other)
}

/// The names of commands.
#[must_use]
pub fn commands() -> Vec<CompletionCandidate> {
    let command = args::command();
    let names = command.get_subcommands().map(clap::Command::get_name);
    names.map(CompletionCandidate::new).collect()
}

/// The names of targets.
#[must_use]
pub fn targets() -> Vec<CompletionCandidate> {
    let ids = TARGETS.iter().map(|target| target.id());
    ids.map(CompletionCandidate::new).collect()
}

/// The codes of diagnostics, with their names.
#[must_use]
pub fn codes() -> Vec<CompletionCandidate> {
    let codes = CODES.iter().copied().flatten();
    codes
        .map(|code| CompletionCandidate::new(code.id).help(Some(code.name.into())))
        .collect()
}

/// The environments of the application here.
#[must_use]
pub fn environments() -> Vec<CompletionCandidate> {
    named(|manifest| {
        let all = exoc_lower::environments(manifest).into_iter();
        all.map(|environment| environment.name).collect()
    })
}

/// The services, jobs and dependencies of the application here.
#[must_use]
pub fn components() -> Vec<CompletionCandidate> {
    named(|manifest| {
        let shared = &manifest.application.shared;
        let services = shared.services.iter().map(|(role, _)| role.value.clone());
        let dependencies = shared.dependencies.iter().map(|(role, _)| role.value.clone());
        services.chain(dependencies).collect()
    })
}

/// The secrets of the application here.
#[must_use]
pub fn secrets() -> Vec<CompletionCandidate> {
    named(|manifest| {
        let secrets = manifest.application.shared.secrets.iter();
        secrets.map(|(name, _)| name.value.clone()).collect()
    })
}

fn named(of: impl FnOnce(&Manifest) -> BTreeSet<String>) -> Vec<CompletionCandidate> {
    let mut names = BTreeSet::new();
    let Ok(application) = disk::find(Path::new(".")) else {
        return Vec::new();
    };
    let read = pipeline::with_manifest(&application.folder, &[], |manifest, _, _| {
        names = of(&manifest);
        Some(())
    });
    // A manifest with faults has names too.
    drop(read);
    names.into_iter().map(CompletionCandidate::new).collect()
}
