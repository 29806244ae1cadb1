//! Texts that do not survive the way to the API server.
//!
//! Kustomize turns every object into JSON, which escapes little, and reads that as YAML. It stops at DEL, at the
//! control characters above it and at two that are no characters, and takes NEL for a line break, which becomes a
//! space. Tried with all of them on kubectl 1.36.3, whose kustomize is 5.8.1. Knows nothing of what a text is for.

use super::Plan;
use exoc_diagnostics::{Diagnostic, Span, codes};

/// Reports a text that kustomize would not keep.
pub(crate) fn check(plan: &mut Plan<'_>, text: &str, at: Span) {
    let Some(character) = text.chars().find(|character| is_refused(*character)) else {
        return;
    };
    let message = format!(
        "a text has the character U+{:04X}, which kustomize does not keep",
        u32::from(character)
    );
    plan.sink.error(
        Diagnostic::new(codes::TEXT_NOT_KEPT, message)
            .at(at, "")
            .help("leave the character out, or encode the text and have the program decode it"),
    );
}

/// Whether kustomize keeps a text.
pub(crate) fn is_kept(text: &str) -> bool {
    !text.chars().any(is_refused)
}

const fn is_refused(character: char) -> bool {
    matches!(character, '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')
}
