//! Faults that are no diagnostics, and the exit code of everything. Knows no texts of diagnostics.

use crate::process::Asked;
use exoc_diagnostics::{Blame, Diagnostic, Severity};
use std::process::ExitCode;

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Nothing is wrong.
    Fine,
    /// The manifest is wrong, generated files are not what it says, or a secret that it wants has no value.
    Manifest,
    /// The command line is wrong.
    CommandLine,
    /// A file, a folder, a stream or another program failed.
    Surroundings,
    /// Somebody asked for an end before there was a result.
    Stopped(Asked),
    /// What another program, which had the terminal, ended with.
    Passed(u8),
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Fine => 0,
            Exit::Manifest => 1,
            Exit::CommandLine => 2,
            Exit::Surroundings => 3,
            // As shells say it.
            Exit::Stopped(asked) => 128 + asked.number(),
            Exit::Passed(code) => code,
        })
    }
}

/// A fault without a place in the manifest.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The command line asks for something that does not exist.
    #[error("{message}")]
    CommandLine {
        /// The fault.
        message: String,
        /// What to do.
        help: Vec<String>,
    },
    /// A file or folder failed.
    #[error("{message}")]
    Surroundings {
        /// The fault.
        message: String,
        /// What to do.
        help: Vec<String>,
    },
    /// The generated files are not what the manifest says.
    #[error("{message}")]
    Tree {
        /// The fault.
        message: String,
        /// What to do.
        help: Vec<String>,
    },
    /// Secrets have no value.
    #[error("{message}")]
    Secrets {
        /// The fault.
        message: String,
        /// How each gets one.
        help: Vec<String>,
    },
    /// A program that exoc started for the application failed: a suite, or what was to run.
    #[error("{message}")]
    Failed {
        /// The fault.
        message: String,
        /// What to do.
        help: Vec<String>,
    },
    /// Somebody asked for an end.
    #[error("stopped by {0}")]
    Stopped(Asked),
    /// The results could not be printed.
    #[error("the results could not be printed: {0}")]
    Printing(String),
}

impl CommandError {
    /// A fault of a file or folder, with one line of help.
    pub fn surroundings(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Surroundings {
            message: message.into(),
            help: vec![help.into()],
        }
    }

    /// The exit code of each kind.
    #[must_use]
    pub const fn exit(&self) -> Exit {
        match self {
            Self::Tree { .. } | Self::Secrets { .. } | Self::Failed { .. } => Exit::Manifest,
            Self::CommandLine { .. } => Exit::CommandLine,
            Self::Stopped(asked) => Exit::Stopped(*asked),
            Self::Surroundings { .. } | Self::Printing(_) => Exit::Surroundings,
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &[String] {
        match self {
            Self::CommandLine { help, message: _ }
            | Self::Surroundings { help, message: _ }
            | Self::Tree { help, message: _ }
            | Self::Secrets { help, message: _ }
            | Self::Failed { help, message: _ } => help,
            Self::Stopped(_) | Self::Printing(_) => &[],
        }
    }
}

/// What warnings mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Warnings {
    /// They are shown.
    #[default]
    Allowed,
    /// They are shown, and the run fails.
    Denied,
}

/// The exit code of a run that reported these diagnostics.
///
/// A fault of the surroundings outranks one of the manifest, for without the missing file nobody knows whether
/// the rest is right.
#[must_use]
pub fn exit_of(diagnostics: &[Diagnostic], warnings: Warnings) -> Exit {
    let exit = |diagnostic: &Diagnostic| match (diagnostic.severity, diagnostic.code.blame, warnings) {
        (Severity::Error, Blame::Surroundings, _) => Exit::Surroundings,
        (Severity::Error, Blame::Manifest, _) | (Severity::Warning, _, Warnings::Denied) => Exit::Manifest,
        (Severity::Warning, _, Warnings::Allowed) | (Severity::Note, _, _) => Exit::Fine,
    };
    diagnostics.iter().map(exit).max().unwrap_or(Exit::Fine)
}

#[cfg(test)]
mod tests {
    use super::{Exit, Warnings, exit_of};
    use exoc_diagnostics::{Diagnostic, codes};

    #[test]
    fn surroundings_outrank_the_manifest() {
        let manifest = Diagnostic::new(codes::DUPLICATE_KEY, "a");
        let surroundings = Diagnostic::new(codes::MISSING_PATH, "b");
        assert_eq!(exit_of(&[], Warnings::Denied), Exit::Fine);
        assert_eq!(
            exit_of(std::slice::from_ref(&manifest), Warnings::Allowed),
            Exit::Manifest
        );
        assert_eq!(
            exit_of(&[surroundings, manifest], Warnings::Allowed),
            Exit::Surroundings
        );
    }

    #[test]
    fn warnings_fail_only_when_denied() {
        let warning = [Diagnostic::new(codes::UNUSED_SECRET, "a")];
        assert_eq!(exit_of(&warning, Warnings::Allowed), Exit::Fine);
        assert_eq!(exit_of(&warning, Warnings::Denied), Exit::Manifest);
    }
}
