//! The middle of the compiler: from the syntax tree to the intermediate representation, once for each environment.
//!
//! Layers are merged (`merge`), then everything is defaulted, resolved and checked (`build`, `resolve`, `check`)
//! into a draft of a [`exoc_ir::Program`]. All faults of all parts are reported in one run: what could not be read
//! stays a hole, and whatever depends on a hole is silent. [`refuse()`] compares the draft with what a target
//! expresses; [`compile()`] does all of it for a selection of environments and targets.
//!
//! This crate knows targets only through [`exoc_ir::Target`].

mod absent;
mod build;
mod check;
mod compile;
mod environment;
mod field;
mod lower;
mod merge;
mod options;
mod refuse;
mod resolve;
mod scope;
mod words;

pub use compile::{Draft, Emission, Output, Plan, Selection, compile, plans, prepare};
pub use environment::{EnvironmentInfo, Settings, environments};
pub use lower::{Lowered, lower};
pub use refuse::refuse;
