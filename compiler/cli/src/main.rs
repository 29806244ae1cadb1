//! The program `exoc`: arguments in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    exoc::run(std::env::args_os()).into()
}
