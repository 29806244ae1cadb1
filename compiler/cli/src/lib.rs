//! The command line: reads folders, shows diagnostics, writes files. The only crate that is not pure.
//!
//! | Stage | Where |
//! |---|---|
//! | arguments | [`args`] |
//! | a command, one file each | [`commands`] |
//! | what a shell may complete | [`complete`] |
//! | files in, files out | [`disk`] |
//! | text to outputs | [`pipeline`], which only calls the libraries |
//! | outputs to the files of the tree | [`generated`] |
//! | two states of an application to what changed | [`changes`] |
//! | files of an earlier revision in | [`history`], through [`process`] |
//! | diagnostics to text, one file per format | [`render`] |
//! | workflows that `init` writes | [`scaffold`] |
//! | the application that it proposes | [`propose`] |
//! | the application on this machine | [`local`], through [`engine`] and [`process`] |
//! | exit codes | [`error`] |
//!
//! It decides nothing about manifests or targets. The developer's commands and the snapshot tests use it as a
//! library.

pub mod args;
pub mod changes;
pub mod commands;
pub mod complete;
pub mod disk;
pub mod engine;
pub mod error;
pub mod generated;
pub mod history;
pub mod local;
pub mod parallel;
pub mod pipeline;
pub mod process;
pub mod propose;
pub mod reference;
pub mod registry;
pub mod render;
pub mod scaffold;
pub mod terminal;

use std::ffi::OsString;

/// Runs the program with these arguments, the first of which is its name, and returns how it ended.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> error::Exit {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if let Some(exit) = complete::answer(&arguments) {
        return exit;
    }
    let cli = match args::parse(&arguments) {
        Ok(cli) => cli,
        Err(problem) => return terminal::print_parse_result(&problem),
    };
    let console = terminal::Console::new(&cli.global);
    match commands::run(&cli, &console) {
        Ok(exit) => exit,
        Err(error) => {
            let told = cli
                .document()
                .filter(|_| !matches!(error, error::CommandError::Printing(_)))
                .map(|document| console.result(&document.fault(&error)));
            if !matches!(told, Some(Ok(()))) {
                console.error(&error);
            }
            error.exit()
        }
    }
}
