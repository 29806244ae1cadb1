//! The lines of a text that a picture shows, made safe and narrow. Knows no renderer.

use super::{visible_char, wrap};
use exoc_diagnostics::{Label, Position, SourceMap, Span};
use std::ops::Range;

/// Lines before and after the labelled ones.
const CONTEXT: usize = 1;
/// The most lines between two labels of one picture.
const GAP: usize = 4;
/// The most characters of a label for which a line is moved to the left.
const LONGEST_LABEL: usize = 40;
/// The columns of `╰── `, which leads from the middle of a span to its words.
const POINTER: usize = 4;
/// The fewest columns that a line or a text is cut to.
pub(super) const NARROWEST: usize = 24;

/// Some lines of a file and the labels in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    /// The lines as they are shown.
    pub text: String,
    /// The number of the first of them, from 1.
    pub first: usize,
    /// Where the first label begins in the file.
    pub at: Position,
    /// What to underline in `text`, and what to write there; the first label first.
    pub labels: Vec<(Range<usize>, String)>,
}

/// A label with the line that it is shown on.
struct Placed<'a> {
    label: &'a Label,
    line: usize,
    column: usize,
}

/// The labels, grouped so that each group fits one picture: of one file, and near each other. The group of the
/// first label comes first. A label into a text that nobody knows is left out.
pub(super) fn groups<'a>(labels: &[&'a Label], sources: &SourceMap, width: usize) -> Vec<Vec<&'a Label>> {
    let mut rest: Vec<Placed<'a>> = labels
        .iter()
        .filter_map(|label| {
            Some(Placed {
                label,
                line: sources.start(label.span)?.line,
                column: sources.start(label.span)?.column,
            })
        })
        .collect();
    let mut groups = Vec::new();
    while !rest.is_empty() {
        let mut group = vec![rest.remove(0)];
        while let Some(next) = rest.iter().position(|one| {
            let apart = |other: &Placed<'_>| other.line == one.line && far(one, other, width);
            group.iter().any(|other| near(one, other)) && !group.iter().any(apart)
        }) {
            group.push(rest.remove(next));
        }
        groups.push(group.into_iter().map(|placed| placed.label).collect());
    }
    groups
}

fn near(one: &Placed<'_>, other: &Placed<'_>) -> bool {
    one.label.span.source == other.label.span.source && one.line.abs_diff(other.line) <= GAP
}

/// Whether two labels of one line are too far from each other for one line of a picture.
fn far(one: &Placed<'_>, other: &Placed<'_>, width: usize) -> bool {
    one.column.abs_diff(other.column) > width / 2
}

/// The excerpt for a group of labels, at most `width` columns wide with its margin. A label that goes over several
/// lines is shown on its first.
pub(super) fn excerpt(
    labels: &[&Label],
    sources: &SourceMap,
    redacted: &[Span],
    width: usize,
) -> Option<Excerpt> {
    let first = labels.first()?;
    let file = sources.file(first.span.source)?;
    let text = file.text.as_str();
    let at = sources.start(first.span)?;
    let offsets = || labels.iter().map(|label| floor(text, label.span.start as usize));
    let (mut from, mut to) = (offsets().min()?, offsets().max()?);
    (from, to) = (line_start(text, from), line_end(text, to));
    for _ in 0..CONTEXT {
        from = line_start(text, from.saturating_sub(1));
        // The end of a line at the end of the text begins no further line.
        to = if to + 1 < text.len() {
            line_end(text, to + 1)
        } else {
            to
        };
    }
    let number = sources.start(Span::new(first.span.source, from, from))?.line;
    let hidden: Vec<Range<usize>> = redacted
        .iter()
        .filter(|span| span.source == first.span.source)
        .map(|span| span.range())
        .collect();
    let lines = text.get(from..to)?.split('\n').count();
    let margin = (number + lines).to_string().len() + 5;
    let room = width.saturating_sub(margin).max(NARROWEST);

    let mut shown = String::new();
    let mut ranges: Vec<(Range<usize>, String)> = vec![(0..0, String::new()); labels.len()];
    let mut start = from;
    for line in text.get(from..to)?.split('\n') {
        let end = start + line.len();
        let here: Vec<usize> = (0..labels.len())
            .filter(|index| {
                labels.get(*index).is_some_and(|label| {
                    let offset = floor(text, label.span.start as usize);
                    start <= offset && offset <= end
                })
            })
            .collect();
        let spans: Vec<Range<usize>> = here
            .iter()
            .filter_map(|index| labels.get(*index))
            .map(|label| label.span.range())
            .collect();
        let words: Vec<usize> = here
            .iter()
            .filter_map(|index| labels.get(*index))
            .map(|label| label.message.chars().count())
            .collect();
        let drawn = Line::draw(line, start, &hidden, &spans, &words, room);
        for (index, (range, column)) in here.iter().zip(&drawn.ranges) {
            if let (Some(slot), Some(label)) = (ranges.get_mut(*index), labels.get(*index)) {
                let words = wrap(
                    &label.message,
                    room.saturating_sub(column + POINTER).max(NARROWEST / 3),
                )
                .join("\n");
                *slot = (shown.len() + range.start..shown.len() + range.end, words);
            }
        }
        shown.push_str(&drawn.text);
        shown.push('\n');
        start = end + 1;
    }
    Some(Excerpt {
        text: shown,
        first: number,
        at,
        labels: ranges,
    })
}

/// One line as it is shown.
struct Line {
    text: String,
    /// For each span, the bytes of `text` to underline and the column of their middle.
    ranges: Vec<(Range<usize>, usize)>,
}

impl Line {
    /// Makes a line that begins at `start` safe, and cuts it to `room` columns around the spans, below each of which
    /// stand so many characters of `words`.
    fn draw(
        line: &str,
        start: usize,
        hidden: &[Range<usize>],
        spans: &[Range<usize>],
        words: &[usize],
        room: usize,
    ) -> Self {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let mut cells: Vec<(usize, char)> = line
            .char_indices()
            .map(|(at, character)| (start + at, character))
            .filter(|(at, character)| *at > 0 || *character != '\u{feff}')
            .map(|(at, character)| {
                let secret = hidden.iter().any(|range| range.contains(&at));
                (at, if secret { '*' } else { visible_char(character) })
            })
            .collect();
        if spans.iter().any(|span| span.start >= start + line.len()) {
            // There must be something to underline behind the last character.
            cells.push((start + line.len(), ' '));
        }
        let columns: Vec<Range<usize>> = spans
            .iter()
            .map(|span| {
                let first = cells
                    .partition_point(|(at, _)| *at < span.start)
                    .min(cells.len().saturating_sub(1));
                let last = cells.partition_point(|(at, _)| *at < span.end);
                first..last.max(first + 1).min(cells.len())
            })
            .collect();
        let view = view(cells.len(), &columns, words, room);
        let mut text = String::new();
        let mut offsets = Vec::with_capacity(view.len() + 1);
        for (column, (_, character)) in cells.iter().enumerate().take(view.end).skip(view.start) {
            let cut =
                (column == view.start && column > 0) || (column + 1 == view.end && view.end < cells.len());
            offsets.push(text.len());
            text.push(if cut { '…' } else { *character });
        }
        offsets.push(text.len());
        let within = |column: usize| column.clamp(view.start, view.end) - view.start;
        let ranges = columns.iter().map(|range| {
            let (from, to) = (within(range.start), within(range.end));
            let bytes =
                offsets.get(from).copied().unwrap_or_default()..offsets.get(to).copied().unwrap_or_default();
            (bytes, usize::midpoint(from, to))
        });
        let ranges = ranges.collect();
        Self { text, ranges }
    }
}

/// Which of `length` columns to show if there is room for `room`, so that each span has room for its words below it.
/// Where not all can be seen, the first span is.
fn view(length: usize, spans: &[Range<usize>], words: &[usize], room: usize) -> Range<usize> {
    let Some(focus) = spans.first() else {
        return 0..length.min(room);
    };
    let mut start = 0;
    if focus.end >= room {
        start = focus
            .start
            .saturating_sub(room / 4)
            .min(length.saturating_sub(room));
    }
    for (span, words) in spans.iter().zip(words) {
        let pointer = usize::midpoint(span.start, span.end) + POINTER;
        let free = (room + start).saturating_sub(pointer);
        // A label may take two lines, but no column of single words.
        if free * 3 / 2 < *words {
            start = start.max((pointer + (*words).min(LONGEST_LABEL)).saturating_sub(room));
        }
    }
    let leftmost = spans.iter().map(|span| span.start).min().unwrap_or(focus.start);
    let rightmost = spans.iter().map(|span| span.end).max().unwrap_or(focus.end);
    let seen = if rightmost - leftmost < room {
        leftmost
    } else {
        focus.start
    };
    let context = seen.min(if spans.len() > 1 { 1 } else { room / 4 });
    let start = start.min(seen - context);
    start..length.min(start + room)
}

/// The start of the character at or before an offset.
fn floor(text: &str, offset: usize) -> usize {
    (0..=offset.min(text.len()))
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or_default()
}

fn line_start(text: &str, offset: usize) -> usize {
    text.get(..floor(text, offset))
        .and_then(|before| before.rfind('\n'))
        .map_or(0, |at| at + 1)
}

fn line_end(text: &str, offset: usize) -> usize {
    let offset = floor(text, offset);
    text.get(offset..)
        .and_then(|after| after.find('\n'))
        .map_or(text.len(), |at| offset + at)
}
