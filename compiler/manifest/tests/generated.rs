//! The schemas accept a document if and only if the binder does, for documents made from the schemas and for
//! fixtures with one thing changed.
//!
//! Every place of the schemas is filled with every probe, one at a time: values of each type, the bounds and examples
//! of the schema, and texts of each form that the language has. Nothing is drawn by chance, so every run judges the
//! same documents.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests fail by panicking"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "the schemas and fixtures are files of this repository"
)]

mod common;
#[path = "common/grammar.rs"]
mod grammar;
#[path = "common/judge.rs"]
mod judge;
#[path = "common/mutants.rs"]
mod mutants;
#[path = "common/schemas.rs"]
mod schemas;

use exoc_diagnostics::{CODES, Code, Severity};
use grammar::{Grammar, Place};
use judge::{Noun, Schemas, Verdict, judge};
use schemas::with_schemas;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Whether nobody finds a fault.
fn accepted(verdict: &Verdict) -> bool {
    let Verdict {
        schema,
        binder,
        unseen,
    } = verdict;
    schema.is_empty() && binder.is_empty() && unseen.is_empty()
}

/// Judges documents, and fails with the first few on which the judges do not agree. Returns how many were accepted.
fn agree_on(documents: impl Iterator<Item = (String, Value)>, noun: Noun, schemas: &Schemas<'_>) -> usize {
    let (mut report, mut count) = (Vec::new(), 0);
    for (name, document) in documents {
        let verdict = judge(&document, noun, schemas);
        count += usize::from(accepted(&verdict));
        if !verdict.agree() {
            report.push(format!("{name}: {document}\n  {verdict:?}"));
        }
    }
    let first: Vec<String> = report.iter().take(20).cloned().collect();
    assert!(
        report.is_empty(),
        "{}\n{} documents",
        first.join("\n"),
        report.len()
    );
    count
}

fn both(check: impl Fn(Noun, &Grammar, &Schemas<'_>)) {
    let grammar = Grammar::read();
    with_schemas(|application, service| {
        let schemas = Schemas { application, service };
        check(Noun::Application, &grammar, &schemas);
        check(Noun::Service, &grammar, &schemas);
    });
}

/// What the schema of a service lists and an environment forbids.
const FORBIDDEN: &str = "environments.x.services.x.development";

/// A place that accepts nothing but `null`, or that accepts everything, would show nothing.
#[test]
fn schema_and_binder_agree_on_right_and_wrong_probes_in_every_place() {
    both(|noun, grammar, schemas| {
        let mut report = Vec::new();
        for place in grammar.places(noun) {
            let (mut right, mut wrong) = (false, false);
            for probe in grammar.probes(&place) {
                let null = probe.is_null();
                let document = place.document(probe);
                let verdict = judge(&document, noun, schemas);
                right |= verdict.schema.is_empty() && !null;
                wrong |= !verdict.schema.is_empty();
                if !verdict.agree() {
                    report.push(format!("{}: {document}\n  {verdict:?}", place.name()));
                }
            }
            if !(right || place.name().starts_with(FORBIDDEN)) || !wrong {
                report.push(format!("{}: right {right}, wrong {wrong}", place.name()));
            }
        }
        let all = report.len();
        report.truncate(40);
        assert!(report.is_empty(), "{}\n{all} faults", report.join("\n"));
    });
}

#[test]
fn every_warning_and_note_can_be_given_a_level_and_no_error() {
    with_schemas(|application, service| {
        let schemas = Schemas { application, service };
        let codes: Vec<&Code> = CODES.iter().copied().flatten().copied().collect();
        let documents = codes.iter().map(|code| {
            let levels = json!({ code.id: { "level": "note", "because": "x" } });
            (
                code.id.to_owned(),
                json!({ "name": "shop", "diagnostics": levels }),
            )
        });
        let right = agree_on(documents, Noun::Application, &schemas);
        let errors = codes.iter().filter(|code| code.severity == Severity::Error);
        assert_eq!(right, codes.len() - errors.count());
    });
}

/// What excludes each other does so in both.
#[test]
fn schema_and_binder_agree_on_every_pair_of_keys() {
    both(|noun, grammar, schemas| {
        let places = grammar.places(noun);
        let right = |place: &Place| {
            let mut probes = grammar.probes(place).into_iter();
            probes.find(|probe| {
                !probe.is_null() && accepted(&judge(&place.document(probe.clone()), noun, schemas))
            })
        };
        let values: Vec<(&Place, Value)> = places
            .iter()
            .filter_map(|place| Some((place, right(place)?)))
            .collect();
        let mut siblings: BTreeMap<String, Vec<&(&Place, Value)>> = BTreeMap::new();
        for pair in &values {
            if let Some(parent) = pair.0.parent() {
                siblings.entry(parent).or_default().push(pair);
            }
        }
        let documents = siblings.values().flat_map(|siblings| {
            siblings
                .iter()
                .enumerate()
                .flat_map(move |(index, (one, value))| {
                    siblings.iter().skip(index + 1).map(move |(other, beside)| {
                        let document = one.document(value.clone());
                        let name = format!("{} and {}", one.name(), other.name());
                        (name, other.within(document, beside.clone()))
                    })
                })
        });
        let right = agree_on(documents, noun, schemas);
        assert!(right > places.len(), "{right} pairs");
    });
}

#[test]
fn schema_and_binder_agree_on_fixtures_with_one_thing_changed() {
    with_schemas(|application, service| {
        let schemas = Schemas { application, service };
        let fixtures = mutants::fixtures();
        assert!(fixtures.len() > 50, "{} files", fixtures.len());
        for noun in [Noun::Application, Noun::Service] {
            let of_noun: Vec<_> = fixtures.iter().filter(|fixture| fixture.noun == noun).collect();
            for fixture in &of_noun {
                let verdict = judge(&fixture.document, noun, &schemas);
                assert!(
                    accepted(&verdict) || !verdict.unseen.is_empty() && verdict.agree(),
                    "{}: {verdict:?}",
                    fixture.name
                );
            }
            let documents = mutants::of(&of_noun);
            assert!(documents.len() > 500, "{} mutants", documents.len());
            let all = documents.len();
            let right = agree_on(documents.into_iter(), noun, &schemas);
            assert!(0 < right && right < all, "{right} of {all}");
        }
    });
}
