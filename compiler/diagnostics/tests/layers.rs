//! A fault between two places is the fault of the layer that came last.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use exoc_diagnostics::{Diagnostic, Sink, SourceMap, Span, VirtualPath, codes};

fn places() -> (Span, Span, Span) {
    let mut map = SourceMap::default();
    let path = VirtualPath::new("application.yml").unwrap();
    let source = map.add(path, "0123456789".to_owned());
    (
        Span::new(source, 0, 2),
        Span::new(source, 6, 8),
        Span::new(source, 5, 10),
    )
}

fn culprit(primary: Span, secondary: Span, layer: Option<Span>) -> Span {
    let mut sink = Sink::new();
    let fault = Diagnostic::new(codes::ROUTE_CLASH, "clash")
        .at(primary, "one")
        .also(secondary, "two");
    sink.over(layer, |sink| sink.error(fault));
    assert!(sink.checkpoint().is_err());
    let told = sink.into_sorted().remove(0);
    assert_eq!(told.secondary.len(), 1, "the other place is kept");
    told.primary.unwrap().span
}

#[test]
fn the_place_in_the_last_layer_is_the_culprit() {
    let (below, above, layer) = places();
    assert_eq!(culprit(below, above, Some(layer)), above);
    assert_eq!(culprit(above, below, Some(layer)), above);
}

#[test]
fn without_a_layer_and_without_a_place_in_it_nothing_changes() {
    let (below, above, layer) = places();
    assert_eq!(culprit(below, above, None), below);
    assert_eq!(culprit(below, below, Some(layer)), below);
}

#[test]
fn what_was_reported_before_stays_as_it_was() {
    let (below, above, layer) = places();
    let mut sink = Sink::new();
    sink.error(
        Diagnostic::new(codes::ROUTE_CLASH, "clash")
            .at(below, "")
            .also(above, ""),
    );
    sink.over(Some(layer), |_| ());
    assert_eq!(sink.into_sorted().remove(0).primary.unwrap().span, below);
}
