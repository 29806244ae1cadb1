//! What one diagnostic is known by from run to run. Knows no lines: what stands above a fault may change.

use super::{Report, visible};
use exoc_diagnostics::Diagnostic;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Gives each diagnostic of one report a name of its own.
#[derive(Debug, Default)]
pub(super) struct Fingerprints {
    /// How often the same was said of the same file so far.
    seen: BTreeMap<[String; 3], u32>,
}

impl Fingerprints {
    /// The name of the next diagnostic: hexadecimal, made of its code, its file, its message, and how many of the same
    /// stand before it.
    pub(super) fn next(&mut self, report: &Report<'_>, diagnostic: &Diagnostic) -> String {
        let place = diagnostic.primary.as_ref();
        let place = place.and_then(|label| report.rooted(label.span));
        let path = place.map_or_else(String::new, |place| place.path);
        self.of([diagnostic.code.id.to_owned(), path, visible(&diagnostic.message)])
    }

    /// The name of a fault that has no code.
    pub(super) fn fault(&mut self, message: &str) -> String {
        self.of([String::new(), String::new(), visible(message)])
    }

    fn of(&mut self, parts: [String; 3]) -> String {
        let mut hash = Sha256::new();
        for part in &parts {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        let number = self.seen.entry(parts).or_default();
        hash.update(number.to_be_bytes());
        *number += 1;
        let digest = hash.finalize();
        digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }
}
