//! `parameters` of a dependency: settings of the engine, which exoc passes on and does not know.

use super::Lowering;
use crate::words::quoted;
use exoc_catalogue::Entry;
use exoc_diagnostics::{Diagnostic, Sink, Span, Spanned, codes};
use exoc_manifest::ast::{Dependency, Field};
use std::collections::BTreeMap;

impl Lowering<'_> {
    /// The settings of a product, each one line of plain text.
    pub(super) fn parameters(&mut self, entry: &Entry, dependency: &Dependency) -> BTreeMap<String, String> {
        let mut parameters = BTreeMap::new();
        for (name, value) in &dependency.parameters {
            let Field::Set(value) = value else { continue };
            if is_fine(entry, name, value, self.sink) {
                parameters.insert(name.value.clone(), value.value.clone());
            }
        }
        parameters
    }
}

fn is_fine(entry: &Entry, name: &Spanned<String>, value: &Spanned<String>, sink: &mut Sink) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let named = name.value.starts_with(|c: char| c.is_ascii_alphabetic()) && name.value.chars().all(plain);
    if !named {
        let message = format!(
            "{} is no name of a setting of {}",
            quoted(&name.value),
            entry.word()
        );
        let help = "a name begins with a letter and holds letters, digits, `.`, `_` and `-`";
        sink.error(fault(name.span, message, "not the form of a name", help));
    } else if value.value.is_empty() || value.value.chars().any(char::is_control) {
        let message = format!("the setting {} is no line of text", quoted(&name.value));
        let help = "write its value on one line, as the engine's documentation does";
        sink.error(fault(value.span, message, "empty, or more than one line", help));
    } else if let Some(own) = entry.own_parameters.iter().find(|own| name.value == **own) {
        let message = format!("exoc sets {} of {} itself", quoted(own), entry.word());
        let help = "leave it out: other parts of the output depend on it";
        sink.error(fault(name.span, message, "set already", help));
    } else {
        return true;
    }
    false
}

fn fault(at: Span, message: String, label: &str, help: &str) -> Diagnostic {
    Diagnostic::new(codes::BAD_PARAMETER, message)
        .at(at, label)
        .help(help)
}
