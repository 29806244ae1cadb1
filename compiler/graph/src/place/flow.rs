//! A picture of few nodes: columns by who calls whom, and curves that lead around the boxes between them.

use super::library::{Arrow, Gaps, Layout, layout};
use super::{Bend, HEIGHT, LABEL, PADDING, Placed, Point, Rect, Route, TITLE, mean, spread, width};
use crate::picture::{Link, Picture, Zone};
use crate::text;
use std::collections::BTreeSet;

const GAPS: Gaps = Gaps {
    rows: 34.0,
    columns: 34.0,
    arrows: 20.0,
};
/// From the boxes of one zone to those of the next, at least.
const AIR: f64 = 2.0 * PADDING + 46.0;
/// How much a node is held at the wall beside it.
const HELD: i32 = 24;

pub(super) fn place(picture: &Picture) -> Placed {
    let width = width(picture, 240.0);
    let count = picture.nodes.len();
    // Boxes without size are walls: before the first lie the hosts, behind the second what is not the application's own.
    let has = |zones: [Zone; 2]| picture.nodes.iter().any(|node| zones.contains(&node.zone));
    let left = has([Zone::Entry; 2]).then_some(count);
    let right = has([Zone::Data, Zone::Outside]).then_some(count + usize::from(left.is_some()));
    let mut widths = vec![width; count];
    widths.extend(left.iter().chain(&right).map(|_| 0.0));
    let mut arrows: Vec<Arrow> = picture
        .links
        .iter()
        .map(|link| {
            let label = text::width(&link.label(), LABEL) + 16.0;
            Arrow {
                ends: (link.from, link.to),
                label: Some(label),
                weight: 2,
            }
        })
        .collect();
    arrows.extend(walls(picture, left, right));
    let Layout { boxes, arrows } = layout(&widths, &arrows, GAPS);
    let rect = |middle: &Point| Rect {
        x: middle.x - width / 2.0,
        y: middle.y - HEIGHT / 2.0,
        width,
        height: HEIGHT,
    };
    let mut nodes: Vec<Rect> = boxes.iter().take(count).map(rect).collect();
    apart(picture, &mut nodes);
    beside(picture, &mut nodes);
    let ways: Vec<(Vec<Point>, Point)> = arrows.into_iter().take(picture.links.len()).collect();
    let links = routes(picture, &nodes, ways);
    Placed {
        width: 0.0,
        height: 0.0,
        is_dense: false,
        zones: Vec::new(),
        nodes,
        links,
    }
}

/// Arrows that keep the zones apart, where no link does.
fn walls(picture: &Picture, left: Option<usize>, right: Option<usize>) -> Vec<Arrow> {
    let ends = |end: &dyn Fn(&Link) -> usize| -> BTreeSet<usize> {
        // In a circle everybody is called by somebody, so that it does not count.
        let links = picture.links.iter().filter(|link| !is_in_circle(picture, link));
        links.map(end).collect()
    };
    let (callers, callees) = (ends(&|link| link.from), ends(&|link| link.to));
    let arrow = |from: Option<usize>, to: Option<usize>, weight| {
        let ends = (from?, to?);
        Some(Arrow {
            ends,
            label: None,
            weight,
        })
    };
    let mut arrows = Vec::new();
    for (index, node) in picture.nodes.iter().enumerate() {
        let own = Some(index);
        match node.zone {
            Zone::Entry => arrows.extend(arrow(own, left, HELD)),
            Zone::Application => {
                if !callees.contains(&index) {
                    arrows.extend(arrow(left, own, 0));
                }
                if !callers.contains(&index) {
                    arrows.extend(arrow(own, right, 0));
                }
            }
            Zone::Data | Zone::Outside => arrows.extend(arrow(right, own, HELD)),
        }
    }
    arrows
}

/// Whether one can come back from where the link leads.
fn is_in_circle(picture: &Picture, link: &Link) -> bool {
    let mut reached = BTreeSet::from([link.to]);
    let mut next = vec![link.to];
    while let Some(at) = next.pop() {
        for way in picture.links.iter().filter(|way| way.from == at) {
            if reached.insert(way.to) {
                next.push(way.to);
            }
        }
    }
    reached.contains(&link.from)
}

/// Moves the hosts to the left and what is not the application's own to the right, until there is air between the zones.
fn beside(picture: &Picture, nodes: &mut [Rect]) {
    let rects = |zones: [Zone; 2], nodes: &[Rect]| -> Vec<Rect> {
        let all = picture.nodes.iter().zip(nodes);
        let own = all.filter(|(node, _)| zones.contains(&node.zone));
        own.map(|(_, rect)| *rect).collect()
    };
    let own = rects([Zone::Application; 2], nodes);
    let (Some(left), Some(right)) = (
        own.iter().map(|rect| rect.x).reduce(f64::min),
        own.iter().map(Rect::right).reduce(f64::max),
    ) else {
        return;
    };
    let hosts = rects([Zone::Entry; 2], nodes)
        .iter()
        .map(Rect::right)
        .reduce(f64::max);
    let others = rects([Zone::Data, Zone::Outside], nodes);
    let others = others.iter().map(|rect| rect.x).reduce(f64::min);
    let lacks = |gap: Option<f64>| gap.map_or(0.0, |gap| (AIR - gap).max(0.0));
    let before = lacks(hosts.map(|hosts| left - hosts));
    let behind = lacks(others.map(|others| others - right));
    for (node, rect) in picture.nodes.iter().zip(nodes) {
        rect.x += match node.zone {
            Zone::Entry => -before,
            Zone::Application => 0.0,
            Zone::Data | Zone::Outside => behind,
        };
    }
}

/// Separates the zones that share the last columns: the nodes of one lie above those of the other.
fn apart(picture: &Picture, nodes: &mut [Rect]) {
    let of = |zone: Zone, nodes: &[Rect]| {
        mean(
            picture
                .nodes
                .iter()
                .zip(nodes)
                .filter(|(node, _)| node.zone == zone)
                .map(|(_, rect)| rect.y),
        )
    };
    let (Some(data), Some(outside)) = (of(Zone::Data, nodes), of(Zone::Outside, nodes)) else {
        return;
    };
    let upper = if data <= outside {
        Zone::Data
    } else {
        Zone::Outside
    };
    let mut column: Vec<(bool, usize)> = picture
        .nodes
        .iter()
        .enumerate()
        .filter(|(_, node)| matches!(node.zone, Zone::Data | Zone::Outside))
        .map(|(index, node)| (node.zone != upper, index))
        .collect();
    let y = |index: usize, nodes: &[Rect]| nodes.get(index).map_or(0.0, |rect| rect.y);
    column.sort_by(|one, other| {
        one.0
            .cmp(&other.0)
            .then(y(one.1, nodes).total_cmp(&y(other.1, nodes)))
    });
    let before = mean(column.iter().map(|(_, index)| y(*index, nodes))).unwrap_or_default();
    let mut last: Option<(bool, f64)> = None;
    for (lower, index) in &column {
        let wanted = y(*index, nodes);
        let least = match last {
            None => wanted,
            Some((zone, bottom)) if zone == *lower => bottom + GAPS.rows,
            Some((_, bottom)) => bottom + 2.0 * PADDING + TITLE + 24.0,
        };
        if let Some(rect) = nodes.get_mut(*index) {
            rect.y = wanted.max(least);
            last = Some((*lower, rect.bottom()));
        }
    }
    let after = mean(column.iter().map(|(_, index)| y(*index, nodes))).unwrap_or_default();
    for (_, index) in &column {
        if let Some(rect) = nodes.get_mut(*index) {
            rect.y += before - after;
        }
    }
}

/// From the right side of the one to the left side of the other, or the other way round where that is behind.
fn routes(picture: &Picture, nodes: &[Rect], ways: Vec<(Vec<Point>, Point)>) -> Vec<Route> {
    let none = Rect {
        x: 0.0,
        y: 0.0,
        width: 0.0,
        height: 0.0,
    };
    let at = |index: usize| nodes.get(index).copied().unwrap_or(none);
    let is_back = |from: Rect, to: Rect| to.x < from.x;
    let inner: Vec<Vec<Point>> = ways
        .iter()
        .map(|(points, _)| {
            let last = points.len().saturating_sub(1);
            points.get(1..last).unwrap_or_default().to_vec()
        })
        .collect();
    // Sides: those on the right of nodes first, then those on the left.
    let side = |node: usize, is_right: bool| if is_right { node } else { nodes.len() + node };
    let mut asked = Vec::new();
    for (link, inner) in picture.links.iter().zip(&inner) {
        let (from, to) = (at(link.from), at(link.to));
        let back = is_back(from, to);
        asked.push((
            side(link.from, !back),
            inner.first().map_or(to.middle(), |point| point.y),
        ));
        asked.push((
            side(link.to, back),
            inner.last().map_or(from.middle(), |point| point.y),
        ));
    }
    let offsets = spread(2 * nodes.len(), &asked);
    let mut offsets = offsets.into_iter();
    picture
        .links
        .iter()
        .zip(inner)
        .zip(ways)
        .map(|((link, inner), (_, label))| {
            let (from, to) = (at(link.from), at(link.to));
            let back = is_back(from, to);
            let begin = Point {
                x: if back { from.x } else { from.right() },
                y: from.middle() + offsets.next().unwrap_or_default(),
            };
            let end = Point {
                x: if back { to.right() } else { to.x },
                y: to.middle() + offsets.next().unwrap_or_default(),
            };
            let mut points = vec![begin];
            points.extend(inner);
            points.push(end);
            Route {
                points,
                bend: Bend::Curve,
                label,
            }
        })
        .collect()
}
