//! The program itself, run as users run it: one module for each command, and one for what all have in common.
#![expect(clippy::disallowed_methods, reason = "tests make folders and start the program")]

mod build;
mod check;
mod dump;
mod everywhere;
mod explain;
mod output;
mod reference;
mod support;
mod targets;
