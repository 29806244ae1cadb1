//! What is no fault and is said all the same, and what is no fault and about which nothing is said.

use crate::rows::Row;
use crate::{compiled, said};
use exoc_diagnostics::Severity;
use exoc_snapshot_tests::concise;

/// A manifest, the note that a target gives, and the text under its primary span.
pub(crate) const NOTES: &[Row] = &[
    (
        "service.yml: a pair that a target rounds up",
        service_of!(
            "services: { web: ./web }\nenvironments: { p: { targets: { aws: { region: eu-central-1, account: \
             \"123456789012\" } } } }\n",
            "cpu: 0.3\n"
        ),
        "EX0507",
        "0.3",
    ),
    (
        "application.yml: a pair that a target rounds up",
        web!(
            "    cpu: 0.3\nenvironments: { p: { targets: { aws: { region: eu-central-1, account: \"123456789012\" } } } }\n"
        ),
        "EX0507",
        "0.3",
    ),
    (
        "an overlay: a pair that a target rounds up",
        web!(
            "environments:\n  p: { targets: { aws: { region: eu-central-1, account: \"123456789012\" } }, services: { web: { cpu: \
             0.3 } } }\n"
        ),
        "EX0507",
        "0.3",
    ),
    (
        "application.yml: an image of a product that aws rents",
        &[(
            "application.yml",
            "name: shop\nservices:\n  web: { image: \"a/b:1\", security: { user: 101 }, uses: [dep] }\ndependencies:\n  \
             dep: { type: bucket, image: \"a/store:1\" }\nenvironments:\n  p: { targets: { aws: { region: eu-central-1, \
             account: \"123456789012\" } } }\n",
        )],
        "EX0508",
        "\"a/store:1\"",
    ),
];

/// A name, and files that are fine.
type Fine = (&'static str, &'static [(&'static str, &'static str)]);

/// What looks like a fault and is none.
pub(crate) const FINE: &[Fine] = &[
    (
        "service.yml: services that use each other",
        service_of!(
            "services: { web: ./web, api: { image: \"a/b:1\", port: 80, uses: [web] } }\n",
            "port: 80\nuses: [api]\n"
        ),
    ),
    (
        "application.yml: services that use each other",
        web!("    port: 80\n    uses: [api]\n  api: { image: \"a/b:1\", port: 80, uses: [web] }\n"),
    ),
    (
        "an overlay: services that use each other",
        web!(
            "    port: 80\n    uses: [api]\n  api: { image: \"a/b:1\", port: 80 }\nenvironments:\n  local: { services: { api: { uses: \
             [web] } } }\n"
        ),
    ),
];

#[test]
fn a_note_is_told_once_where_its_reason_stands_and_nothing_is_wrong() {
    for (name, files, code, text) in NOTES {
        let (diagnostics, map) = compiled(files);
        let notes = diagnostics.iter().filter(|d| d.code.id == *code);
        let places: Vec<&str> = notes
            .filter_map(|d| d.primary.as_ref())
            .map(|label| map.slice(label.span))
            .collect();
        assert_eq!(places, [*text], "{name}: {}", concise(&diagnostics, &map));
        assert_eq!(said(&diagnostics, &map), [], "{name}");
    }
}

#[test]
fn what_is_legal_is_built_without_a_word_of_blame() {
    for (name, files) in FINE {
        let (diagnostics, map) = compiled(files);
        let worst = diagnostics.iter().map(|d| d.code.severity).max();
        assert!(
            worst.is_none_or(|worst| worst <= Severity::Note),
            "{name}: {}",
            concise(&diagnostics, &map)
        );
    }
}
