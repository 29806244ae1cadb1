//! Where diagnostics are collected.

use crate::{Diagnostic, Label, Severity, Span, credential};
use std::borrow::Cow;

/// Proof that an error was reported. Only a [`Sink`] makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failed(());

/// Collects the diagnostics of all stages.
#[derive(Clone, Debug, Default)]
pub struct Sink {
    reported: Vec<Diagnostic>,
    redacted: Vec<Span>,
    failed: Option<Failed>,
}

impl Sink {
    /// A sink that holds nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty sink that knows whether an error was reported here before: for work that is done beside other work and
    /// is handed over with [`Sink::absorb`].
    #[must_use]
    pub const fn beside(&self) -> Self {
        Self {
            reported: Vec::new(),
            redacted: Vec::new(),
            failed: self.failed,
        }
    }

    /// Takes a note or a warning; an error that is given here counts as an error all the same.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        if diagnostic.severity == Severity::Error {
            self.failed = Some(Failed(()));
        }
        self.reported.push(masked(diagnostic));
    }

    /// Takes an error and returns the proof that it was reported.
    pub fn error(&mut self, diagnostic: Diagnostic) -> Failed {
        let proof = Failed(());
        self.failed = Some(proof);
        self.reported.push(masked(diagnostic));
        proof
    }

    /// Runs a pass over a manifest to which `layer` was added last: see [`Diagnostic::blamed_on`].
    pub fn over<T>(&mut self, layer: Option<Span>, pass: impl FnOnce(&mut Self) -> T) -> T {
        let Some(layer) = layer else { return pass(self) };
        let before = std::mem::take(&mut self.reported);
        let made = pass(self);
        let reported = std::mem::replace(&mut self.reported, before);
        self.reported
            .extend(reported.into_iter().map(|diagnostic| diagnostic.blamed_on(layer)));
        made
    }

    /// Takes everything that another sink holds.
    pub fn absorb(&mut self, other: Self) {
        let Self {
            reported,
            redacted,
            failed,
        } = other;
        self.reported.extend(reported);
        self.redacted.extend(redacted);
        self.failed = self.failed.or(failed);
    }

    /// Hides the bytes under `span` in every excerpt that a renderer prints.
    pub fn redact(&mut self, span: Span) {
        self.redacted.push(span);
    }

    /// The end of a pass: fails if any error was reported so far.
    ///
    /// # Errors
    ///
    /// If any error was reported.
    pub fn checkpoint(&self) -> Result<(), Failed> {
        self.failed.map_or(Ok(()), Err)
    }

    /// The places that no excerpt may show.
    #[must_use]
    pub fn redacted(&self) -> &[Span] {
        &self.redacted
    }

    /// Everything that was reported so far, in that order.
    #[must_use]
    pub fn reported(&self) -> &[Diagnostic] {
        &self.reported
    }

    /// All diagnostics by place, then code, each once.
    ///
    /// What has no place comes last. Two that agree in code, place and message are one: a fault of a file that
    /// several environments share is reported once.
    #[must_use]
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        let key = |d: &Diagnostic| {
            let span = d.primary.as_ref().map(|label| label.span);
            (span.is_none(), span, d.code.id, d.message.clone())
        };
        self.reported.sort_by_cached_key(key);
        self.reported.dedup_by(|a, b| key(a) == key(b));
        self.reported
    }
}

/// A message may repeat what stands in a file, and that may be a credential in the wrong place.
fn masked(diagnostic: Diagnostic) -> Diagnostic {
    let mask = |text: String| match credential::masked(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(masked) => masked,
    };
    let label = |Label { span, message }| Label {
        span,
        message: mask(message),
    };
    let Diagnostic {
        code,
        severity,
        message,
        primary,
        secondary,
        help,
    } = diagnostic;
    Diagnostic {
        code,
        severity,
        message: mask(message),
        primary: primary.map(label),
        secondary: secondary.into_iter().map(label).collect(),
        help: help.into_iter().map(mask).collect(),
    }
}
