//! Writes what the target makes of a sample into a folder:
//! `cargo run -p exoc-aws --example write -- shop DIR [OPTION=VALUE]`.

#[path = "../tests/support/mod.rs"]
#[expect(dead_code, reason = "the tests need more of it")]
#[allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    reason = "shared with the tests"
)]
mod support;

use exoc_aws::Aws;
use exoc_diagnostics::Sink;
use exoc_ir::{Input, Target};

#[expect(
    clippy::disallowed_methods,
    reason = "an example writes files where it is told to"
)]
fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [sample, folder, choices @ ..] = arguments.as_slice() else {
        return Err(std::io::Error::other(
            "give a sample (skeleton, shop, registry, hostile) and a folder",
        ));
    };
    let program = match sample.as_str() {
        "shop" => support::shop(None),
        "registry" => support::shop(Some("123456789012.dkr.ecr.eu-central-1.amazonaws.com/acme")),
        "hostile" => support::hostile(),
        _ => support::skeleton(),
    };
    let mut all = vec![
        ("region", support::Choice::Text("eu-central-1")),
        ("account", support::Choice::Text("123456789012")),
    ];
    let given = choices.iter().filter_map(|choice| choice.split_once('='));
    all.extend(given.map(|(name, value)| (name, support::Choice::Text(value))));
    let options = support::options(&all);
    let input = Input {
        program: &program,
        options: &options,
        patches: &[],
        application: "../../..",
        at: support::span(),
        sources: support::sources(),
        workers: &exoc_diagnostics::InTurn,
    };
    let mut sink = Sink::new();
    let artifacts = Aws.emit(&input, &mut sink);
    for diagnostic in sink.into_sorted() {
        writeln(&format!("{} {}", diagnostic.code.id, diagnostic.message))?;
    }
    let artifacts = artifacts.map_err(|_| std::io::Error::other("nothing was made"))?;
    for (path, artifact) in artifacts.iter() {
        std::fs::create_dir_all(folder)?;
        std::fs::write(format!("{folder}/{path}"), &artifact.contents)?;
    }
    Ok(())
}

fn writeln(line: &str) -> std::io::Result<()> {
    use std::io::Write;
    writeln!(std::io::stderr(), "{line}")
}
