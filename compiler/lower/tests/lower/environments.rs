//! Which environments and targets there are.

use exoc_diagnostics::{MemorySources, Sink, SourceMap};
use exoc_lower::environments;

fn listed(text: &str) -> Vec<String> {
    let sources = MemorySources::from([("application.yml", text)]);
    let (mut map, mut sink) = (SourceMap::default(), Sink::new());
    let manifest = exoc_manifest::load(&sources, &mut map, &mut sink).unwrap();
    environments(&manifest)
        .into_iter()
        .map(|one| format!("{} {}", one.name, one.targets.join(" ")))
        .collect()
}

#[test]
fn local_comes_first_and_always_has_compose() {
    assert_eq!(listed("name: shop\n"), ["local compose"]);
    assert_eq!(
        listed(
            "name: shop\nenvironments: { b: { targets: { z: {}, y: {} } }, local: { targets: { x: {} } }, a: {}, c: null }\n"
        ),
        ["local compose x", "a ", "b y z"]
    );
}
