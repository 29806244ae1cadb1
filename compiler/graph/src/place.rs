//! Where everything of a picture lies. A small picture is a flow from left to right as the layout library gives it; one of
//! many nodes is a grid, in columns and an order that the library gives: its own coordinates leave room for every link
//! between the boxes, which nobody can survey any more. Zones are bands from left to right in both.

mod flow;
mod grid;
mod library;

use crate::picture::{Node, Picture, Zone};
use crate::text;

/// A place, in pixels from the upper left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Down.
    pub y: f64,
}

/// A rectangle, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// Its left side.
    pub x: f64,
    /// Its upper side.
    pub y: f64,
    /// From left to right.
    pub width: f64,
    /// From top to bottom.
    pub height: f64,
}

/// How a route goes from point to point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bend {
    /// By curves that are level at each point.
    Curve,
    /// Straight, with round corners.
    Corner,
}

/// The way of a link.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// Its points; the first lies at one node, the last at another.
    pub points: Vec<Point>,
    /// How it goes between them.
    pub bend: Bend,
    /// The middle of its label.
    pub label: Point,
}

/// A picture's places.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    /// How wide all of it is.
    pub width: f64,
    /// How high.
    pub height: f64,
    /// Whether there is no room for labels beside the links.
    pub is_dense: bool,
    /// The zones that have nodes.
    pub zones: Vec<(Zone, Rect)>,
    /// The boxes of the nodes, in the order of [`Picture::nodes`].
    pub nodes: Vec<Rect>,
    /// The ways of the links, in the order of [`Picture::links`].
    pub links: Vec<Route>,
}

/// The height of a node.
pub(crate) const HEIGHT: f64 = 52.0;
/// How far a zone reaches beyond its nodes, and above them for its title.
const PADDING: f64 = 26.0;
const TITLE: f64 = 30.0;
/// Around everything.
const MARGIN: f64 = 24.0;
/// The most nodes and links of a flow.
const MOST_NODES: usize = 36;
const MOST_LINKS: usize = 64;
/// How wide a letter of a name, of the line below, and of a label is. Fonts differ; these are of wide ones.
pub(crate) const NAME: f64 = 9.4;
pub(crate) const WHAT: f64 = 6.9;
pub(crate) const LABEL: f64 = 6.6;
/// What stands beside the text of a node: its sign, and the room around both.
pub(crate) const BESIDE: f64 = 58.0;

/// Places everything.
#[must_use]
pub fn place(picture: &Picture) -> Placed {
    let is_flow = picture.nodes.len() <= MOST_NODES && picture.links.len() <= MOST_LINKS;
    let mut placed = if is_flow {
        flow::place(picture)
    } else {
        grid::place(picture)
    };
    placed.zones = zones(picture, &placed.nodes);
    settle(&mut placed);
    placed
}

/// How wide the nodes are: as their texts need, within bounds.
fn width(picture: &Picture, most: f64) -> f64 {
    let needs = |node: &Node| {
        let count = node
            .count
            .as_deref()
            .map_or(0.0, |count| text::width(count, WHAT) + 14.0);
        let name = text::width(&node.name, NAME) + count;
        name.max(text::width(&node.what, WHAT)) + BESIDE
    };
    picture.nodes.iter().map(needs).fold(150.0, f64::max).min(most)
}

/// The rectangles around the nodes of each zone.
fn zones(picture: &Picture, nodes: &[Rect]) -> Vec<(Zone, Rect)> {
    let around = |zone: Zone| {
        let own = picture
            .nodes
            .iter()
            .zip(nodes)
            .filter(|(node, _)| node.zone == zone);
        let own: Vec<&Rect> = own.map(|(_, rect)| rect).collect();
        let first = own.first()?;
        let left = own.iter().map(|rect| rect.x).fold(first.x, f64::min);
        let top = own.iter().map(|rect| rect.y).fold(first.y, f64::min);
        let right = own.iter().map(|rect| rect.right()).fold(first.x, f64::max);
        let bottom = own.iter().map(|rect| rect.bottom()).fold(first.y, f64::max);
        let rect = Rect {
            x: left - PADDING,
            y: top - PADDING - TITLE,
            width: right - left + 2.0 * PADDING,
            height: bottom - top + 2.0 * PADDING + TITLE,
        };
        Some((zone, rect))
    };
    Zone::ALL.into_iter().filter_map(around).collect()
}

/// Moves everything to where it begins at the margin, and measures it.
fn settle(placed: &mut Placed) {
    let rects = || placed.zones.iter().map(|(_, rect)| rect).chain(&placed.nodes);
    let points = || placed.links.iter().flat_map(|route| &route.points);
    let least = |values: &mut dyn Iterator<Item = f64>| values.reduce(f64::min).unwrap_or_default();
    let left = least(&mut rects().map(|rect| rect.x).chain(points().map(|point| point.x)));
    let top = least(&mut rects().map(|rect| rect.y).chain(points().map(|point| point.y)));
    let right = -least(
        &mut rects()
            .map(|rect| -rect.right())
            .chain(points().map(|point| -point.x)),
    );
    let bottom = -least(
        &mut rects()
            .map(|rect| -rect.bottom())
            .chain(points().map(|point| -point.y)),
    );
    let (x, y) = (MARGIN - left, MARGIN - top);
    placed.width = right - left + 2.0 * MARGIN;
    placed.height = bottom - top + 2.0 * MARGIN;
    for rect in placed
        .zones
        .iter_mut()
        .map(|(_, rect)| rect)
        .chain(&mut placed.nodes)
    {
        rect.x += x;
        rect.y += y;
    }
    for route in &mut placed.links {
        for point in route.points.iter_mut().chain([&mut route.label]) {
            point.x += x;
            point.y += y;
        }
    }
}

impl Rect {
    /// Its right side.
    #[must_use]
    pub fn right(&self) -> f64 {
        self.x + self.width
    }

    /// Its lower side.
    #[must_use]
    pub fn bottom(&self) -> f64 {
        self.y + self.height
    }

    /// The middle between above and below.
    #[must_use]
    pub fn middle(&self) -> f64 {
        self.y + self.height / 2.0
    }
}

/// Spreads what touches one side of a node over its height: `asked` has for each link its node and where it comes from; the
/// result has for each how far from the middle it touches.
fn spread(nodes: usize, asked: &[(usize, f64)]) -> Vec<f64> {
    let mut sides: Vec<Vec<(f64, usize)>> = vec![Vec::new(); nodes];
    for (link, (node, from)) in asked.iter().enumerate() {
        if let Some(side) = sides.get_mut(*node) {
            side.push((*from, link));
        }
    }
    let mut offsets = vec![0.0; asked.len()];
    for mut side in sides {
        side.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
        let last = as_pixels(side.len().saturating_sub(1));
        let step = if last > 0.0 {
            ((HEIGHT - 20.0) / last).min(9.0)
        } else {
            0.0
        };
        for (place, (_, link)) in side.iter().enumerate() {
            if let Some(offset) = offsets.get_mut(*link) {
                *offset = (as_pixels(place) - last / 2.0) * step;
            }
        }
    }
    offsets
}

/// A small number as a length.
fn as_pixels(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

/// The average, if there is anything.
fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, number) = values.fold((0.0, 0.0), |(sum, number), value| (sum + value, number + 1.0));
    (number > 0.0).then(|| sum / number)
}
