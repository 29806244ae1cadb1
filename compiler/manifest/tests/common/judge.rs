//! One document before both judges: a schema, and the binder.

use crate::common::{Loaded, application, service};
use exoc_diagnostics::{Diagnostic, Severity};
use jsonschema::Validator;
use serde_json::Value;

/// Faults of the front end that no schema can see: a code, words of the message, and why.
pub(crate) const UNSEEN: &[(&str, &str, &str)] = &[
    ("EX0002", "", "a schema does not look for files"),
    ("EX0003", "leads out", "a schema does not follow paths"),
    (
        "EX0110",
        "whole folder is no source",
        "a schema does not follow paths",
    ),
    ("EX0009", "", "a schema judges a document, not its size"),
    ("EX0115", "", "a schema does not split commands"),
    (
        "EX0110",
        "a quote that is never closed",
        "a schema does not split commands",
    ),
    ("EX0106", "has no stage", "a schema does not read Dockerfiles"),
    ("EX0109", "two locations", "a schema compares no two values"),
    ("EX0109", "stands beside", "a schema compares no two values"),
    (
        "EX0112",
        "an option of the target",
        "the options belong to the target",
    ),
    (
        "EX0101",
        "a dependency of type",
        "the keys of a type are the middle's to know",
    ),
];

/// Which file a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Noun {
    Application,
    Service,
}

/// Both validators.
pub(crate) struct Schemas<'v> {
    pub(crate) application: &'v Validator,
    pub(crate) service: &'v Validator,
}

/// What the judges say.
#[derive(Debug)]
pub(crate) struct Verdict {
    /// The schema's faults.
    pub(crate) schema: Vec<String>,
    /// The binder's errors that a schema can see as well.
    pub(crate) binder: Vec<String>,
    /// Its other errors, each with the reason.
    pub(crate) unseen: Vec<&'static str>,
}

impl Verdict {
    /// Whether both refuse, or both accept but for what no schema can see. Such a fault may hide another that the
    /// schema has seen.
    pub(crate) fn agree(&self) -> bool {
        if self.schema.is_empty() {
            self.binder.is_empty()
        } else {
            !(self.binder.is_empty() && self.unseen.is_empty())
        }
    }
}

/// Why no schema can see a fault, if so.
pub(crate) fn unseen(diagnostic: &Diagnostic) -> Option<&'static str> {
    UNSEEN
        .iter()
        .find(|(code, words, _)| diagnostic.code.id == *code && diagnostic.message.contains(words))
        .map(|(_, _, reason)| *reason)
}

/// Asks both about one document.
pub(crate) fn judge(document: &Value, noun: Noun, schemas: &Schemas<'_>) -> Verdict {
    let text = document.to_string();
    let (loaded, validator) = match noun {
        Noun::Application => (application(&text), schemas.application),
        Noun::Service => (service(&text), schemas.service),
    };
    let schema = validator
        .iter_errors(document)
        .map(|fault| format!("{}: {fault}", fault.instance_path()))
        .collect();
    let (mut binder, mut reasons) = (Vec::new(), Vec::new());
    let Loaded { diagnostics, .. } = &loaded;
    for (diagnostic, line) in diagnostics.iter().zip(loaded.lines()) {
        if diagnostic.code.severity < Severity::Error {
            continue;
        }
        match unseen(diagnostic) {
            Some(reason) => reasons.push(reason),
            None => binder.push(line),
        }
    }
    Verdict {
        schema,
        binder,
        unseen: reasons,
    }
}
