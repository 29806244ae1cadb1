//! Writes the outputs of sample programs to folders, so that `kubectl apply -k FOLDER/NAME` can judge each:
//! `cargo run -p exoc-kubernetes --example sample -- FOLDER`.
#![allow(
    clippy::disallowed_methods,
    reason = "a developer's command: it reads its arguments and writes files"
)]

#[path = "../src/tests/sample.rs"]
#[allow(
    dead_code,
    clippy::expect_used,
    clippy::panic,
    reason = "the tests use all of it"
)]
mod sample;

use exoc_diagnostics::{Node, Sink};
use exoc_ir::{Input, NodeId, Target};
use exoc_kubernetes::Kubernetes;
use std::error::Error;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("the folder is missing")?);
    for (name, program) in sample::all() {
        let folder = folder.join(name);
        std::fs::create_dir_all(&folder)?;
        let at = program.at(NodeId::App, "");
        let input = Input {
            program: &program,
            options: &Node::empty_map(at),
            patches: &[],
            application: "../../..",
            at,
            sources: &sample::sources(),
            workers: &exoc_diagnostics::InTurn,
        };
        let mut sink = Sink::new();
        let artifacts = Kubernetes.emit(&input, &mut sink);
        let diagnostics = sink.into_sorted();
        let artifacts = artifacts.map_err(|_| format!("{diagnostics:#?}"))?;
        for (path, artifact) in artifacts.iter() {
            std::fs::write(folder.join(path.as_str()), &artifact.contents)?;
        }
    }
    Ok(())
}
