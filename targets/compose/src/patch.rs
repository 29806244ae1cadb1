//! Patches: changes of the document between planning and printing, each held to the Compose Specification's schema.
//!
//! `at` is a service or companion by its name, or `networks.x`, `volumes.x`, `configs.x`. A change that does not fit is
//! reported at its path or value and undone, so that the others are judged without it. Decides nothing of the plan.

use crate::print;
use exoc_diagnostics::{Diagnostic, Failed, Sink, SourceMap, Spanned, codes, did_you_mean};
use exoc_emit::origin::origin;
use exoc_emit::patch::{Change, Schema, Words, yaml};
use exoc_emit::yaml::{Mapping, Yaml};
use exoc_ir::Patch;

/// Where the things of a project stand, each in its section; services need no word before their names.
const SERVICES: &str = "services";
const OTHERS: [&str; 3] = ["networks", "volumes", "configs"];

/// The Compose Specification's own schema; its source stands beside it.
const SCHEMA: &str = include_str!("../../../schemas/compose-spec.json");

const WORDS: Words = Words {
    owner: "compose",
    document: "file of compose",
    paths: "`deploy.resources`, `sysctls.\"net.core.somaxconn\"` or `volumes[0].read_only`",
    page: "the Compose Specification says what stands where",
};

/// Applies patches to a document, in their order; the changes of one by their paths, what is added first.
///
/// # Errors
///
/// If one does not fit; every reason is reported to `sink`.
pub(crate) fn apply(
    document: &mut Mapping,
    patches: &[Patch],
    sources: &SourceMap,
    sink: &mut Sink,
) -> Result<(), Failed> {
    let Some(first) = patches.first() else {
        return Ok(());
    };
    let schema = Schema::load(SCHEMA).map_err(|why| {
        sink.error(
            Diagnostic::new(
                codes::INTERNAL,
                format!("the Compose Specification's schema: {why}"),
            )
            .at(first.at.span, "")
            .help("this is a fault of exoc; please report it"),
        )
    })?;
    for Patch { at, set, replace } in patches {
        let Some((section, name, thing)) = find(document, at, sink) else {
            continue;
        };
        for change in Change::all(&at.value, set, replace, &WORDS) {
            let misfits = |changed: &Yaml| schema.misfits(section, name, changed);
            let comment = origin(sources, [change.path.span]);
            yaml::apply(&change, thing, comment.as_deref(), print::raw, &misfits, sink);
        }
    }
    sink.checkpoint()
}

/// The thing that a patch names: its section, its name there, and itself.
fn find<'d, 'p>(
    document: &'d mut Mapping,
    at: &'p Spanned<String>,
    sink: &mut Sink,
) -> Option<(&'static str, &'p str, &'d mut Yaml)> {
    let text = at.value.as_str();
    let section = |text: &'p str| {
        let (before, name) = text.split_once('.')?;
        let section = OTHERS.iter().find(|section| **section == before)?;
        Some((*section, name))
    };
    let (section, name) = section(text).unwrap_or((SERVICES, text));
    let names = |section| {
        let things = document.get(section).and_then(Yaml::as_map).into_iter();
        things.flat_map(Mapping::entries).map(|(name, _)| name.to_owned())
    };
    let prefixed = |section: &'static str| names(section).map(move |name| format!("{section}.{name}"));
    let known: Vec<String> = names(SERVICES)
        .chain(OTHERS.into_iter().flat_map(prefixed))
        .collect();
    if !known.iter().any(|known| known == text) {
        let long = text.strip_prefix("services.");
        let meant = long
            .filter(|name| known.iter().any(|known| known == name))
            .map(|name| format!("write `{name}`: a service is named alone"));
        let meant = meant.or_else(|| did_you_mean(text, known.iter().map(String::as_str)));
        sink.error(
            Diagnostic::new(codes::BAD_PATCH, format!("the project has no `{text}`"))
                .at(at.span, "matches nothing")
                .help_if(meant)
                .help("name a service, a companion, or as in `networks.api` what compose.yaml has under `networks`, `volumes` or `configs`"),
        );
        return None;
    }
    let thing = document.get_mut(section)?.as_map_mut()?.get_mut(name)?;
    Some((section, name, thing))
}

#[cfg(test)]
mod tests {
    use super::SCHEMA;
    use exoc_emit::patch::Schema;
    use serde_json::Value;
    use std::collections::BTreeSet;

    /// The keywords that say what is allowed, and those that only describe. Draft 7 says what each means.
    const KNOWN: &[&str] = &[
        "$id",
        "$ref",
        "$schema",
        "additionalProperties",
        "default",
        "definitions",
        "deprecated",
        "description",
        "enum",
        "items",
        "maximum",
        "minimum",
        "oneOf",
        "pattern",
        "patternProperties",
        "properties",
        "required",
        "title",
        "type",
        "uniqueItems",
    ];

    fn keywords(schema: &Value, found: &mut BTreeSet<String>) {
        let Value::Object(members) = schema else { return };
        for (keyword, value) in members {
            found.insert(keyword.clone());
            match (keyword.as_str(), value) {
                ("definitions" | "properties" | "patternProperties", Value::Object(parts)) => {
                    parts.values().for_each(|part| keywords(part, found));
                }
                ("oneOf", Value::Array(parts)) => parts.iter().for_each(|part| keywords(part, found)),
                ("items" | "additionalProperties", part) => keywords(part, found),
                _ => {}
            }
        }
    }

    #[test]
    fn the_schema_uses_only_keywords_that_the_checker_was_tried_with() {
        assert!(Schema::load(SCHEMA).is_ok());
        let schema: Value = serde_json::from_str(SCHEMA).unwrap();
        let mut found = BTreeSet::new();
        keywords(&schema, &mut found);
        let known: BTreeSet<String> = KNOWN.iter().map(|word| (*word).to_owned()).collect();
        assert_eq!(found, known);
        let draft = schema.get("$schema").and_then(Value::as_str);
        assert_eq!(draft, Some("https://json-schema.org/draft-07/schema"));
    }
}
