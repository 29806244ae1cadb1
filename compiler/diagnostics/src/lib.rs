//! Sources, spans, spanned data and diagnostics: what every other crate of exoc reports with.
//!
//! This crate depends on no other crate of exoc and knows neither the manifest's language nor any target.
//!
//! # How a diagnostic is worded
//!
//! * The **message** is one terse phrase that can be read alone: lowercase, no full stop, no second person,
//!   user text in backquotes. It states the fault, not the remedy.
//! * The **primary label** underlines the culprit; its text is briefer still and may be empty.
//! * **Secondary labels** point at what the fault is about, also in other files.
//! * **Help** lines say what to do. Every diagnostic has at least one.
//! * What looks like a credential never stands in a message, whoever wrote it ([`Sink`] masks it); [`Sink::redact`] and
//!   [`credential::places`] hide it in excerpts.

mod code;
pub mod credential;
mod date;
mod diagnostic;
mod memory;
mod path;
mod ruling;
mod sink;
mod source;
mod span;
mod suggest;
mod tree;
mod workers;

pub use code::{Blame, CODES, Code, codes, find_code};
pub use date::Date;
pub use diagnostic::{Diagnostic, Label, Severity};
pub use memory::MemorySources;
pub use path::{PathError, VirtualPath};
pub use ruling::{Level, Reach, Ruling, Rulings};
pub use sink::{Failed, Sink};
pub use source::{Entry, Position, ReadError, SourceFile, SourceMap, Sources};
pub use span::{SourceId, Span, Spanned};
pub use suggest::{did_you_mean, nearest};
pub use tree::{Key, Kind, Map, Member, Node, Scalar, Style, Typed};
pub use workers::{InTurn, Workers};
