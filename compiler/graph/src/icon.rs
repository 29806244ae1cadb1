//! A sign for each kind of node, drawn by strokes in a square of 20. Own drawings.

use crate::picture::Kind;

/// The strokes, as the data of an SVG path.
pub(crate) const fn strokes(kind: Kind) -> &'static str {
    match kind {
        // A globe.
        Kind::Host | Kind::World => {
            "M10 2.5a7.5 7.5 0 1 0 0 15a7.5 7.5 0 1 0 0-15zM2.5 10h15M10 2.5c-5 4.5-5 10.5 0 15c5-4.5 5-10.5 0-15"
        }
        // A cube.
        Kind::Server => "M10 2.5l6.5 3.75v7.5L10 17.5l-6.5-3.75v-7.5zM3.5 6.25L10 10l6.5-3.75M10 10v7.5",
        // A gear.
        Kind::Worker => {
            "M10 6.8a3.2 3.2 0 1 0 0 6.4a3.2 3.2 0 1 0 0-6.4zM10 2.5v2.3M10 15.2v2.3M2.5 10h2.3M15.2 10h2.3M4.7 4.7l1.6 1.6M13.7 13.7l1.6 1.6M4.7 15.3l1.6-1.6M13.7 6.3l1.6-1.6"
        }
        // A clock.
        Kind::Job => "M10 2.5a7.5 7.5 0 1 0 0 15a7.5 7.5 0 1 0 0-15zM10 5.5V10l3 2",
        // A crate.
        Kind::Container => "M2.5 5.5h15v9.5h-15zM6 8v4.5M10 8v4.5M14 8v4.5",
        // A cylinder.
        Kind::Database => {
            "M10 2.5c3.6 0 6.2 1.1 6.2 2.6S13.6 7.7 10 7.7S3.8 6.6 3.8 5.1S6.4 2.5 10 2.5zM3.8 5.1v9.8c0 1.5 2.6 2.6 6.2 2.6s6.2-1.1 6.2-2.6V5.1M3.8 10c0 1.5 2.6 2.6 6.2 2.6s6.2-1.1 6.2-2.6"
        }
        // A flash.
        Kind::Cache => "M11.5 2.5L4.5 11.5h4.5l-.8 6L15.5 8.5H11z",
        // Envelopes.
        Kind::Messages => "M2.5 5h15v10.5h-15zM2.5 5.5l7.5 5.5l7.5-5.5",
        // A lens.
        Kind::Search => "M8.5 3a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11zM12.6 12.6l4.4 4.4",
        // A pail.
        Kind::Bucket => {
            "M3 5.5c0-1.2 3-2.2 7-2.2s7 1 7 2.2s-3 2.2-7 2.2s-7-1-7-2.2zM3.2 6l1.8 9.5c.3 1 2.3 1.7 5 1.7s4.7-.7 5-1.7L16.8 6"
        }
        // A disk.
        Kind::Volume => "M3 11.5l2-7.5h10l2 7.5zM3 11.5h14v4.5H3zM13.5 13.8h1",
        // A cloud.
        Kind::External => "M6 15.5a3.5 3.5 0 0 1-.4-7a4.7 4.7 0 0 1 9.1-.6a3.8 3.8 0 0 1-.2 7.6z",
    }
}
