//! The toy's options, refusal and patch are reported where they are written.

use exoc_diagnostics::MemorySources;
use exoc_snapshot_tests::{case, concise};

/// The diagnostics of an application whose target `toy` has these lines.
fn reported(service: &str, toy: &str) -> String {
    let text = format!(
        "name: shop\nservices:\n  web: {{ image: \"nginx:1.29\", port: 80, security: {{ user: 101{service} }} }}\n\
         environments:\n  list:\n    targets:\n      toy:\n{toy}"
    );
    let sources = MemorySources::from([("application.yml", text)]);
    let (_, diagnostics, map) = case::try_compile(&sources, &exoc_snapshot_tests::Selection::default());
    concise(
        &diagnostics
            .into_iter()
            .filter(|d| d.code.severity > exoc_diagnostics::Severity::Note)
            .collect::<Vec<_>>(),
        &map,
    )
}

#[test]
fn an_unknown_option_is_refused_at_its_line() {
    let text = reported("", "        titel: x\n");
    assert!(text.starts_with("application.yml:8:9: error[EX0402]"), "{text}");
    assert_eq!(text.lines().count(), 1, "{text}");
}

#[test]
fn a_privileged_container_is_refused_at_its_line() {
    let text = reported(", privileged: true", "        title: x\n");
    assert!(
        text.starts_with("application.yml:3:") && text.contains("error[EX0401]"),
        "{text}"
    );
    assert_eq!(text.lines().count(), 1, "{text}");
}

#[test]
fn a_patch_that_matches_nothing_is_refused_at_its_line() {
    let patch = |at: &str, change: &str| {
        reported(
            "",
            &format!("        patches:\n          - at: {at}\n            {change}\n"),
        )
    };
    let text = patch("wep", "set: { remark: x }");
    assert!(text.starts_with("application.yml:9:17: error[EX0404]"), "{text}");
    let text = patch("web", "set: { colour: x }");
    assert!(text.starts_with("application.yml:10:20: error[EX0404]"), "{text}");
    let text = patch("web", "replace: { remark: x }");
    assert!(text.starts_with("application.yml:10:24: error[EX0404]"), "{text}");
    let text = patch("web", "set: { remark: 5 }");
    assert!(text.starts_with("application.yml:10:28: error[EX0404]"), "{text}");
    assert_eq!(patch("web", "set: { remark: x }"), "");
}
