//! Every key of the language stands in a fixture, in every form that its schema has.
#![expect(clippy::disallowed_methods, reason = "reads the committed table")]

use exoc_snapshot_tests::forms;

#[test]
fn every_key_stands_in_a_fixture_in_every_form() {
    let (table, faults) = forms::table().expect("fixtures can be read");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let committed = std::fs::read_to_string(forms::path()).unwrap_or_default();
    assert!(table.lines().count() > 100, "{table}");
    assert!(committed == table, "forms.tsv is stale: run `cargo dev bless`");
}
