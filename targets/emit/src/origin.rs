//! The comment that says which lines of the manifest a block comes from. Knows places and their order; not what
//! stands there.

use exoc_diagnostics::{SourceId, SourceMap, Span};
use std::collections::BTreeSet;

/// The most places that one comment names: whoever wants more of them reads the manifest.
const MOST: usize = 4;

/// `From application.yml:12 and api/service.yml:3-5.`: each line once, in the order in which the files were read;
/// lines that follow each other are one place.
///
/// A place that is in none of `sources` is left out; `None` if no place is left.
#[must_use]
pub fn origin(sources: &SourceMap, spans: impl IntoIterator<Item = Span>) -> Option<String> {
    let lines: BTreeSet<(SourceId, usize)> = spans
        .into_iter()
        .filter_map(|span| Some((span.source, sources.start(span)?.line)))
        .collect();
    let mut runs: Vec<(SourceId, usize, usize)> = Vec::new();
    for (source, line) in lines {
        match runs.last_mut() {
            Some((known, _, last)) if *known == source && *last + 1 == line => *last = line,
            Some(_) | None => runs.push((source, line, line)),
        }
    }
    let mut places: Vec<String> = runs
        .iter()
        .take(MOST)
        .filter_map(|(source, first, last)| {
            let path = &sources.file(*source)?.path;
            Some(if first == last {
                format!("{path}:{first}")
            } else {
                format!("{path}:{first}-{last}")
            })
        })
        .collect();
    let rest = runs.get(MOST..).unwrap_or_default();
    let more: usize = rest.iter().map(|(_, first, last)| last + 1 - first).sum();
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
        let mut add = |path| map.add(VirtualPath::new(path).unwrap(), "a: 1\n".repeat(20));
        let (first, second) = (add("application.yml"), add("api/service.yml"));
        (map, first, second)
    }

    /// A place in a line of five bytes.
    fn on(source: SourceId, line: usize) -> Span {
        Span::new(source, line * 5 - 4, line * 5 - 3)
    }

    #[test]
    fn names_each_line_once_in_the_order_of_the_files() {
        let (map, first, second) = sources();
        let spans = [on(second, 2), on(first, 3), on(first, 1), Span::new(first, 0, 2)];
        assert_eq!(
            origin(&map, spans).unwrap(),
            "From application.yml:1, application.yml:3 and api/service.yml:2."
        );
        assert_eq!(origin(&map, [on(second, 2)]).unwrap(), "From api/service.yml:2.");
    }

    #[test]
    fn lines_that_follow_each_other_are_one_place() {
        let (map, first, second) = sources();
        let spans = [4, 2, 3, 7].map(|line| on(first, line));
        assert_eq!(
            origin(&map, spans).unwrap(),
            "From application.yml:2-4 and application.yml:7."
        );
        assert_eq!(
            origin(&map, [on(first, 1), on(second, 2)]).unwrap(),
            "From application.yml:1 and api/service.yml:2."
        );
    }

    #[test]
    fn counts_what_it_does_not_name() {
        let (map, first, _) = sources();
        let lines = |lines: &[usize]| origin(&map, lines.iter().map(|line| on(first, *line))).unwrap();
        assert!(lines(&[1, 3, 5, 7, 9]).ends_with(":7 and 1 more line."));
        assert!(lines(&[1, 3, 5, 7, 9, 10, 12]).ends_with(":7 and 3 more lines."));
    }

    #[test]
    fn says_nothing_of_places_without_a_text() {
        let (_, first, _) = sources();
        assert_eq!(origin(&SourceMap::default(), [on(first, 1)]), None);
        assert_eq!(origin(&SourceMap::default(), []), None);
    }
}
