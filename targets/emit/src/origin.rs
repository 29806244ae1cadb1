//! The comment that says which lines of the manifest a block comes from. Knows places and their order; not what
//! stands there.

use exoc_diagnostics::{SourceMap, Span};
use std::collections::BTreeSet;

/// The most lines that one comment names: whoever wants more of them reads the manifest.
const MOST: usize = 4;

/// `From application.yml:12 and api/service.yml:3.`: each line once, in the order in which the files were read.
///
/// A place that is in none of `sources` is left out; `None` if no place is left.
#[must_use]
pub fn origin(sources: &SourceMap, spans: impl IntoIterator<Item = Span>) -> Option<String> {
    let lines: BTreeSet<(Span, usize)> = spans
        .into_iter()
        .filter_map(|span| {
            let line = sources.start(span)?.line;
            // One line is one place, wherever in it the words stand.
            Some((Span::new(span.source, line, line), line))
        })
        .collect();
    let mut places: Vec<String> = lines
        .iter()
        .take(MOST)
        .filter_map(|(span, line)| Some(format!("{}:{line}", sources.file(span.source)?.path)))
        .collect();
    let more = lines.len().saturating_sub(MOST);
    if more > 0 {
        let noun = if more == 1 { "line" } else { "lines" };
        places.push(format!("{more} more {noun}"));
    }
    let last = places.pop()?;
    Some(if places.is_empty() {
        format!("From {last}.")
    } else {
        format!("From {} and {last}.", places.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::origin;
    use exoc_diagnostics::{SourceId, SourceMap, Span, VirtualPath};

    fn sources() -> (SourceMap, SourceId, SourceId) {
        let mut map = SourceMap::default();
        let mut add = |path| map.add(VirtualPath::new(path).unwrap(), "a: 1\nb: 2\n".repeat(4));
        let (first, second) = (add("application.yml"), add("api/service.yml"));
        (map, first, second)
    }

    #[test]
    fn names_each_line_once_in_the_order_of_the_files() {
        let (map, first, second) = sources();
        let spans = [
            Span::new(second, 5, 6),
            Span::new(first, 8, 9),
            Span::new(first, 5, 9),
            Span::new(first, 0, 1),
        ];
        assert_eq!(
            origin(&map, spans).unwrap(),
            "From application.yml:1, application.yml:2 and api/service.yml:2."
        );
        assert_eq!(origin(&map, [spans[0]]).unwrap(), "From api/service.yml:2.");
    }

    #[test]
    fn counts_what_it_does_not_name() {
        let (map, first, _) = sources();
        let lines = |count: usize| (0..count).map(move |line| Span::new(first, line * 5, line * 5 + 1));
        assert!(origin(&map, lines(5)).unwrap().ends_with(":4 and 1 more line."));
        assert!(origin(&map, lines(8)).unwrap().ends_with(":4 and 4 more lines."));
    }

    #[test]
    fn says_nothing_of_places_without_a_text() {
        let (_, first, _) = sources();
        assert_eq!(origin(&SourceMap::default(), [Span::new(first, 0, 1)]), None);
        assert_eq!(origin(&SourceMap::default(), []), None);
    }
}
