//! The layout library behind a small face: boxes and arrows in, places out. The only place that knows it.

use super::{HEIGHT, Point};
use dagre::graph::{Graph, GraphOptions};
use dagre::layout::types::LabelPos;
use dagre::{EdgeLabel, LayoutOptions, NodeLabel, RankDir};

/// An arrow between two boxes.
#[derive(Clone, Debug)]
pub(super) struct Arrow {
    /// Where it begins and ends.
    pub(super) ends: (usize, usize),
    /// How wide its label is; none if it has none.
    pub(super) label: Option<f64>,
    /// How much it is to be short.
    pub(super) weight: i32,
}

/// What the library says.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    /// The middles of the boxes.
    pub(super) boxes: Vec<Point>,
    /// The points of the arrows and the middles of their labels.
    pub(super) arrows: Vec<(Vec<Point>, Point)>,
}

/// How far things are from each other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gaps {
    /// From box to box in a column.
    pub(super) rows: f64,
    /// From column to column.
    pub(super) columns: f64,
    /// From arrow to arrow.
    pub(super) arrows: f64,
}

/// Lays out boxes of these widths from left to right.
pub(super) fn layout(widths: &[f64], arrows: &[Arrow], gaps: Gaps) -> Layout {
    let mut graph: Graph<NodeLabel, EdgeLabel> = Graph::with_options(GraphOptions {
        directed: true,
        multigraph: true,
        compound: false,
    });
    for (index, width) in widths.iter().enumerate() {
        let label = NodeLabel {
            width: *width,
            height: if *width > 0.0 { HEIGHT } else { 0.0 },
            ..NodeLabel::default()
        };
        graph.set_node(index.to_string(), Some(label));
    }
    for (index, arrow) in arrows.iter().enumerate() {
        let Arrow {
            ends: (from, to),
            label,
            weight,
        } = arrow;
        let label = EdgeLabel {
            width: label.unwrap_or_default(),
            height: if label.is_some() { 18.0 } else { 0.0 },
            labelpos: LabelPos::Center,
            weight: *weight,
            ..EdgeLabel::default()
        };
        let name = index.to_string();
        graph.set_edge(from.to_string(), to.to_string(), Some(label), Some(&name));
    }
    let options = LayoutOptions {
        rankdir: RankDir::LR,
        nodesep: gaps.rows,
        edgesep: gaps.arrows,
        ranksep: gaps.columns,
        ..LayoutOptions::default()
    };
    if !widths.is_empty() {
        dagre::layout(&mut graph, Some(options));
    }
    let at = |x: Option<f64>, y: Option<f64>| Point {
        x: x.unwrap_or_default(),
        y: y.unwrap_or_default(),
    };
    let boxes = (0..widths.len()).map(|index| {
        let node = graph.node(&index.to_string());
        node.map_or(at(None, None), |node| at(node.x, node.y))
    });
    let boxes = boxes.collect();
    let arrows = arrows.iter().enumerate().map(|(index, arrow)| {
        let (from, to) = arrow.ends;
        let edge = graph.edge(&from.to_string(), &to.to_string(), Some(&index.to_string()));
        edge.map_or((Vec::new(), at(None, None)), |edge| {
            let points = edge.points.iter().map(|point| at(Some(point.x), Some(point.y)));
            (points.collect(), at(edge.x, edge.y))
        })
    });
    Layout {
        boxes,
        arrows: arrows.collect(),
    }
}
