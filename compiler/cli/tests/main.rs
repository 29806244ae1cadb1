//! The program itself, run as users run it: one module for each command, and one for what all have in common.
#![expect(
    clippy::disallowed_methods,
    reason = "tests make folders and start the program"
)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what fails in a test's helpers fails the test"
)]

mod build;
mod canary;
mod check;
mod diff;
mod dump;
mod everywhere;
mod explain;
mod five;
mod graph;
mod init;
mod laptop;
mod lost;
mod next;
mod output;
mod page;
mod placed;
mod propose;
mod reference;
mod same_bytes;
mod secrets;
mod shuffled;
mod support;
mod targets;
mod tutorial;
mod watch;
mod writing;
