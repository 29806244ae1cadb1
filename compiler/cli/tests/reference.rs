//! docs/cli-reference.md is what the program's own declarations say.

#[test]
fn the_committed_page_is_current() {
    let committed = include_str!("../../../docs/cli-reference.md");
    assert!(
        exoc::reference::markdown() == committed,
        "docs/cli-reference.md is stale: run `cargo dev generate`; it should be:\n{}",
        exoc::reference::markdown()
    );
}
