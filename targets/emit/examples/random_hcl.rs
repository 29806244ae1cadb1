//! Prints random bodies to files, so that `tofu fmt -check -diff FOLDER` can judge the HCL printer:
//! `cargo run -p exoc-emit --example random_hcl -- FOLDER COUNT`.
#![allow(
    clippy::disallowed_methods,
    reason = "a developer's command: it reads its arguments and writes files"
)]

#[path = "../tests/hostile/mod.rs"]
#[allow(dead_code, reason = "the tests use all of it")]
mod hostile;
#[path = "../tests/random_hcl/mod.rs"]
mod random_hcl;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use std::error::Error;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("the folder is missing")?);
    let count: usize = arguments.next().ok_or("the count is missing")?.parse()?;
    std::fs::create_dir_all(&folder)?;
    let mut runner = TestRunner::default();
    for number in 0..count {
        let body = random_hcl::body()
            .new_tree(&mut runner)
            .map_err(|reason| reason.to_string())?
            .current();
        std::fs::write(folder.join(format!("{number:05}.tf")), body.print())?;
    }
    Ok(())
}
