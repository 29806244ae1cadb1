//! A picture of many nodes: boxes in rows and columns, and links that run in the gaps between them, so that none crosses a
//! box. Links to the same node share their last way.

use super::library::{Arrow, Gaps, layout};
use super::{Bend, HEIGHT, Placed, Point, Rect, Route, as_pixels, mean, width};
use crate::picture::{Picture, Zone};
use std::collections::{BTreeMap, BTreeSet};

/// Between columns and between rows: where links run.
const GUTTER: f64 = 50.0;
const LANE: f64 = 22.0;
/// How far links in the same gap are from each other, at most.
const APART: f64 = 2.6;
/// How much wider than high the whole is to be.
const ASPECT: f64 = 1.4;
/// Columns between zones that stay empty, as a part of one.
const BETWEEN: f64 = 0.42;
/// The most links that the library sees: beyond it, one for each node.
const MOST: usize = 320;

/// A place in the grid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Cell {
    column: usize,
    row: usize,
}

/// The cells of all nodes, and where each column begins.
struct Grid {
    cells: Vec<Cell>,
    columns: Vec<f64>,
    width: f64,
}

pub(super) fn place(picture: &Picture) -> Placed {
    let width = width(picture, 208.0);
    let (mut ranks, alone) = ranks(picture);
    let members = |zone: Zone| -> Vec<usize> {
        let all = picture.nodes.iter().enumerate();
        all.filter(|(_, node)| node.zone == zone)
            .map(|(index, _)| index)
            .collect()
    };
    let [entry, data, outside] = [Zone::Entry, Zone::Data, Zone::Outside].map(members);
    let rows = rows(
        &ranks,
        alone.len(),
        (entry.len(), data.len(), outside.len()),
        width,
    );
    pour(&mut ranks, alone, rows);
    let mut cells = vec![Cell::default(); picture.nodes.len()];
    let mut columns = Vec::new();
    let mut x = 0.0;
    // The application first: who stands beside it follows its order.
    let count = band(&mut cells, &ranks, rows);
    let entries = wrapped(entry.len(), rows);
    for cell in &mut cells {
        cell.column += entries;
    }
    let beside = |group: &[usize], cells: &[Cell]| ordered(picture, group, cells);
    let entry = beside(&entry, &cells);
    column(&mut cells, &entry, (0, entries), (0, rows));
    let (data, outside) = (beside(&data, &cells), beside(&outside, &cells));
    let right = entries + count;
    let last = wrapped(data.len() + outside.len() + 1, rows);
    let (upper, lower) = (wrapped(data.len(), last), wrapped(outside.len(), last));
    // A row between them is for the title.
    let between = usize::from(upper > 0 && lower > 0);
    let top = rows.saturating_sub(upper + between + lower) / 2;
    column(&mut cells, &data, (right, last), (top, top + upper));
    let bottom = top + upper + between;
    column(&mut cells, &outside, (right, last), (bottom, bottom + lower));
    for index in 0..right + last {
        let is_first = (index == entries && entries > 0) || index == right;
        x += if is_first { BETWEEN * (width + GUTTER) } else { 0.0 };
        columns.push(x);
        x += width + GUTTER;
    }
    let grid = Grid {
        cells,
        columns,
        width,
    };
    let nodes: Vec<Rect> = grid.cells.iter().map(|cell| grid.rect(*cell)).collect();
    Placed {
        width: 0.0,
        height: 0.0,
        is_dense: true,
        zones: Vec::new(),
        links: grid.routes(picture),
        nodes,
    }
}

/// The application's nodes in columns by who calls whom, each from top to bottom, as the library orders them; and those that
/// call nobody here and are called by nobody.
fn ranks(picture: &Picture) -> (Vec<Vec<usize>>, Vec<usize>) {
    let own: Vec<usize> = {
        let all = picture.nodes.iter().enumerate();
        all.filter(|(_, node)| node.zone == Zone::Application)
            .map(|(index, _)| index)
            .collect()
    };
    let places: BTreeMap<usize, usize> = own
        .iter()
        .enumerate()
        .map(|(place, index)| (*index, place))
        .collect();
    let ends = picture
        .links
        .iter()
        .filter_map(|link| Some((*places.get(&link.from)?, *places.get(&link.to)?)));
    let mut ends: Vec<(usize, usize)> = ends.filter(|(from, to)| from != to).collect();
    if ends.len() > MOST {
        let mut seen = BTreeSet::new();
        ends.retain(|(_, to)| seen.insert(*to));
    }
    let arrows: Vec<Arrow> = ends
        .into_iter()
        .map(|ends| Arrow {
            ends,
            label: None,
            weight: 1,
        })
        .collect();
    let linked: BTreeSet<usize> = arrows
        .iter()
        .flat_map(|arrow| [arrow.ends.0, arrow.ends.1])
        .collect();
    let gaps = Gaps {
        rows: 10.0,
        columns: 100.0,
        arrows: 4.0,
    };
    let places = layout(&vec![100.0; own.len()], &arrows, gaps).boxes;
    let mut columns: BTreeMap<u32, Vec<(f64, usize)>> = BTreeMap::new();
    let mut alone = Vec::new();
    for (place, (index, at)) in own.iter().zip(places).enumerate() {
        if linked.contains(&place) {
            columns.entry(whole(at.x)).or_default().push((at.y, *index));
        } else {
            alone.push(*index);
        }
    }
    let ranks: Vec<Vec<usize>> = columns
        .into_values()
        .map(|mut column| {
            column.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
            column.into_iter().map(|(_, index)| index).collect()
        })
        .collect();
    (ranks, alone)
}

/// Lets those that stand alone fill what is empty, where that is most, and rather on the right, where what they use lies.
fn pour(ranks: &mut Vec<Vec<usize>>, alone: Vec<usize>, rows: usize) {
    let filled = |rank: &Vec<usize>| rank.len().div_ceil(wrapped(rank.len(), rows).max(1));
    let mut rest = Vec::new();
    for index in alone {
        match ranks.iter_mut().rev().min_by_key(|rank| filled(rank)) {
            Some(rank) if filled(rank) < rows => rank.push(index),
            Some(_) | None => rest.push(index),
        }
    }
    if !rest.is_empty() {
        ranks.push(rest);
    }
}

/// A coordinate as a whole number; the library gives none that is negative.
fn whole(value: f64) -> u32 {
    (0..20_000_u32)
        .find(|number| f64::from(*number) >= value.round())
        .unwrap_or(u32::MAX)
}

/// So many rows that the whole has its shape.
fn rows(
    ranks: &[Vec<usize>],
    alone: usize,
    (entry, data, outside): (usize, usize, usize),
    width: f64,
) -> usize {
    let most = ranks
        .iter()
        .map(Vec::len)
        .chain([entry, data + outside])
        .max()
        .unwrap_or(1);
    let badness = |rows: usize| {
        let inner: usize = ranks.iter().map(|rank| wrapped(rank.len(), rows)).sum();
        let room = inner * rows - ranks.iter().map(Vec::len).sum::<usize>();
        let inner = inner + wrapped(alone.saturating_sub(room), rows);
        let columns = inner + wrapped(entry, rows) + wrapped(data + outside + 1, rows);
        let wide = as_pixels(columns) * (width + GUTTER);
        let aspect = wide / (as_pixels(rows) * (HEIGHT + LANE));
        (aspect / ASPECT).ln().abs()
    };
    (4..=most.max(4))
        .min_by(|one, other| badness(*one).total_cmp(&badness(*other)))
        .unwrap_or(4)
}

/// How many columns `count` nodes need where there are so many rows.
const fn wrapped(count: usize, rows: usize) -> usize {
    match rows {
        0 => 0,
        rows => count.div_ceil(rows),
    }
}

/// Puts ranks beside each other; gives the number of columns.
fn band(cells: &mut [Cell], ranks: &[Vec<usize>], rows: usize) -> usize {
    let mut next = 0;
    for rank in ranks {
        let count = wrapped(rank.len(), rows);
        column(cells, rank, (next, count), (0, rows));
        next += count;
    }
    next
}

/// Puts nodes into `count` columns from `first` on, row by row, in the middle of the rows.
fn column(
    cells: &mut [Cell],
    nodes: &[usize],
    (first, count): (usize, usize),
    (top, bottom): (usize, usize),
) {
    let count = count.max(1);
    let needed = nodes.len().div_ceil(count);
    let above = bottom.saturating_sub(top).saturating_sub(needed) / 2;
    for (place, index) in nodes.iter().enumerate() {
        if let Some(cell) = cells.get_mut(*index) {
            cell.column = first + place % count;
            cell.row = top + above + place / count;
        }
    }
}

/// A group in the order of the rows of what they are linked with.
fn ordered(picture: &Picture, group: &[usize], cells: &[Cell]) -> Vec<usize> {
    let row = |index: usize| cells.get(index).map(|cell| as_pixels(cell.row));
    let mut ordered: Vec<(f64, usize)> = group
        .iter()
        .map(|index| {
            let others =
                picture
                    .links
                    .iter()
                    .filter_map(|link| match (link.from == *index, link.to == *index) {
                        (true, _) => row(link.to),
                        (_, true) => row(link.from),
                        (false, false) => None,
                    });
            (mean(others).unwrap_or_default(), *index)
        })
        .collect();
    ordered.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
    ordered.into_iter().map(|(_, index)| index).collect()
}

impl Grid {
    fn rect(&self, cell: Cell) -> Rect {
        Rect {
            x: self.columns.get(cell.column).copied().unwrap_or_default(),
            y: as_pixels(cell.row) * (HEIGHT + LANE),
            width: self.width,
            height: HEIGHT,
        }
    }

    fn routes(&self, picture: &Picture) -> Vec<Route> {
        let cell = |index: usize| self.cells.get(index).copied().unwrap_or_default();
        // Who shares a gap keeps a little apart, by the node that a link begins at or ends at.
        let apart = |index: usize, lanes: usize| {
            let lane = as_pixels(index % lanes) - as_pixels(lanes - 1) / 2.0;
            lane * APART
        };
        picture
            .links
            .iter()
            .map(|link| {
                let (from, to) = (cell(link.from), cell(link.to));
                let (one, other) = (self.rect(from), self.rect(to));
                let begin = Point {
                    x: one.right(),
                    y: one.middle(),
                };
                let end = Point {
                    x: other.x,
                    y: other.middle(),
                };
                let out = one.right() + GUTTER / 2.0 + apart(link.from, 11);
                let into = other.x - GUTTER / 2.0 + apart(link.to, 11);
                let mut points = vec![begin];
                if to.column == from.column + 1 {
                    let x = other.x - GUTTER / 2.0 + apart(link.to, 11);
                    points.extend([Point { x, y: begin.y }, Point { x, y: end.y }]);
                } else {
                    let above = to.row > from.row;
                    let side = if above { -1.0 } else { 1.0 };
                    let lane = other.middle() + side * (HEIGHT + LANE) / 2.0 + apart(link.to, 7);
                    points.extend([
                        Point { x: out, y: begin.y },
                        Point { x: out, y: lane },
                        Point { x: into, y: lane },
                        Point { x: into, y: end.y },
                    ]);
                }
                points.push(end);
                let label = Point {
                    x: end.x - GUTTER / 2.0,
                    y: end.y - 10.0,
                };
                Route {
                    points,
                    bend: Bend::Corner,
                    label,
                }
            })
            .collect()
    }
}
