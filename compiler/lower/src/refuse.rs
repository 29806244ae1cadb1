//! What a target cannot express, and what it expresses with a note: the draft's features against its column.

use crate::check::credential;
use crate::environment::Settings;
use crate::options;
use crate::words::quoted;
use exoc_diagnostics::{Code, Diagnostic, Sink, Span, codes};
use exoc_ir::{Expression, Feature, Needed, Program, Target};
use std::collections::BTreeMap;

/// Reports what `target` refuses of a draft, of its options and of its patches, and its notes.
///
/// A note comes once, at the first place that needs it, with the number of the others.
pub fn refuse(draft: &Program, target: &dyn Target, settings: &Settings, sink: &mut Sink) {
    refuse_features(draft, target, sink);
    refuse_settings(target, settings, sink);
}

/// The part that looks at the program.
pub(crate) fn refuse_features(draft: &Program, target: &dyn Target, sink: &mut Sink) {
    let id = quoted(target.id());
    let mut notes: BTreeMap<&'static str, (&'static Code, &'static str, Vec<Span>)> = BTreeMap::new();
    let mut unplaced: Vec<Needed> = Vec::new();
    let said = |feature| !matches!(target.express(feature), Expression::Expressed);
    for needed in draft.features_that(&said) {
        match target.express(needed.feature) {
            Expression::Expressed => {}
            Expression::Refused { .. } if needed.feature == Feature::BuiltWithoutRegistry => {
                unplaced.push(needed);
            }
            Expression::Refused { instead } => {
                let (words, subject) = (needed.feature.words(), needed.subject.words(draft));
                sink.error(
                    Diagnostic::new(
                        codes::REFUSED_FEATURE,
                        format!("the target {id} does not express {words} ({subject})"),
                    )
                    .at(needed.span, "needed here")
                    .help(if instead.is_empty() {
                        "build this environment for another target"
                    } else {
                        instead
                    }),
                );
            }
            Expression::Noted { code, text } => {
                if !text.is_empty() {
                    notes
                        .entry(code.id)
                        .or_insert((code, text, Vec::new()))
                        .2
                        .push(needed.span);
                }
            }
        }
    }
    if let Some(diagnostic) = without_registry(draft, target.id(), &unplaced) {
        sink.error(diagnostic);
    }
    for (code, text, mut places) in notes.into_values() {
        places.sort();
        places.dedup();
        let Some((first, others)) = places.split_first() else {
            continue;
        };
        let label = match others.len() {
            0 => String::new(),
            1 => "and one further place".to_owned(),
            count => format!("and {count} further places"),
        };
        sink.report(
            Diagnostic::new(code, text)
                .at(*first, label)
                .help(format!("`exoc explain {}` says what that means", code.id)),
        );
    }
}

/// The most places that are shown of a fault which many share.
const SHOWN: usize = 4;

/// One line is missing, however many images there are.
fn without_registry(draft: &Program, target: &str, built: &[Needed]) -> Option<Diagnostic> {
    let (first, others) = built.split_first()?;
    let id = quoted(target);
    let mut diagnostic = Diagnostic::new(
        codes::REFUSED_FEATURE,
        format!("the target {id} needs a `registry` for the images that the application builds"),
    )
    .at(first.span, format!("the {} is built", first.subject.words(draft)));
    for other in others.iter().take(SHOWN) {
        diagnostic = diagnostic.also(other.span, format!("so is the {}", other.subject.words(draft)));
    }
    let hidden = others.len().saturating_sub(SHOWN);
    let count = match hidden {
        0 => None,
        1 => Some("one further service is built as well".to_owned()),
        many => Some(format!("{many} further services are built as well")),
    };
    let diagnostic = diagnostic
        .help(
            "write for example `registry: ghcr.io/acme` at the top of application.yml, or of the environment",
        )
        .help("or name the images where they lie already, with `image` beside `build`");
    Some(diagnostic.help_if(count))
}

/// The part that looks at what the environment says about the target.
pub(crate) fn refuse_settings(target: &dyn Target, settings: &Settings, sink: &mut Sink) {
    options::check(target, settings, sink);
    for patch in &settings.patches {
        if target.patches() {
            credential::in_patch(patch, sink);
            continue;
        }
        sink.error(
            Diagnostic::new(
                codes::NOT_BUILT_YET,
                format!("patches of the target {} are not built yet", quoted(target.id())),
            )
            .at(patch.at.span, "would be ignored")
            .help("remove the patch to build the rest; nothing of the language is ignored in silence"),
        );
    }
}
