//! A program -> a picture of it: who comes in, what runs, what it connects to and on which ports. Knows no target, no
//! file and no manifest.
//!
//! | stage | function | from | to |
//! |---|---|---|---|
//! | plan | [`Picture::of`] | a program | nodes in zones, and links: every decision about what is shown |
//! | place | [`place`] | a picture | where everything lies |
//! | print | [`mermaid`], [`dot`] | a picture | text for programs that place by themselves |
//! | print | [`svg`] | a picture | a drawing |
//! | print | [`html`] | pictures | one page with the drawings of several environments, which can be searched |
//!
//! # What is drawn
//!
//! Every component and every shared volume is one node, and so is every host that a door has. Links are exactly the edges
//! of the program, its doors, the mounts of shared volumes and the subscriptions of queues, one per pair of nodes and
//! kind. What a target adds, such as a load balancer, is no part of the program and not drawn.
//!
//! # What is never shown
//!
//! Values: no variable, file, argument or URL, of which only host and port are told.
//!
//! Texts of the manifest reach the four formats only through the escaping of each: `markup` for SVG and HTML, and
//! `mermaid` and `dot` by themselves.

mod dot;
mod facts;
mod html;
mod icon;
mod markup;
mod mermaid;
mod picture;
mod place;
mod plan;
mod svg;
mod text;

pub use dot::dot;
pub use html::html;
pub use mermaid::mermaid;
pub use picture::{Fact, Kind, Link, LinkKind, Node, Picture, Zone};
pub use place::{Bend, Placed, Point, Rect, Route, place};
pub use svg::svg;
