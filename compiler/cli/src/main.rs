//! The program `exoc`: arguments in, exit code out.

use std::process::ExitCode;

/// A run makes many small things and drops most of them at its end. With the system's allocator (glibc 2.36) that
/// took two fifths of the time: 0.90 s for 1,000 services against 0.60 s with this one (2026-11-21).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    exoc::run(std::env::args_os()).into()
}
