//! Tests of the middle through files from memory: what is reported where, and what the program says.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests are no test functions, and fail as tests do"
)]

mod cascades;
mod development;
mod environments;
mod existing;
mod fixtures;
mod laws;
mod layers;
mod many;
mod names;
mod order;
mod references;
mod routes;
mod rules;
mod support;
mod targets;
mod variables;
mod volumes;
