//! `validate`: hands every golden to the real tools of its target and counts what they accepted.
//!
//! A judge that accepts nothing, or fewer things than the manifest has components, fails. `install.sh` of the
//! conformance folder makes the tools; its `--env` puts them on the path before this runs.

use crate::error::Error;
use crate::judge::{self, Judge, Sample};
use exoc_ir::{Callee, Engine, Program};
use exoc_snapshot_tests::{Case, case, golden};
use std::path::Path;

/// The judges: one per target whose goldens must all be accepted, and the engine that runs one of them.
const JUDGES: &[&dyn Judge] = &[
    &judge::compose::Compose,
    &judge::engine::Engine,
    &judge::aws::Tofu,
    &judge::renamed::Renamed,
    &judge::pipeline::Pipeline,
    &judge::kubernetes::Admission,
    &judge::controllers::Controllers,
];

pub(crate) fn run(targets: &[String], names: &[String]) -> Result<(), Error> {
    let mut rows = Vec::new();
    let mut refusals = String::new();
    let scratch = tempfile::tempdir().map_err(|error| Error::disk(Path::new("a scratch folder"), &error))?;
    let all = judged(scratch.path())?;
    for judge in JUDGES
        .iter()
        .filter(|judge| targets.is_empty() || targets.iter().any(|id| id == judge.name()))
    {
        let mut cases = all.clone();
        cases.retain(|case| names.is_empty() || names.contains(&case.name));
        cases.retain(|case| judge.takes(&case.name));
        if cases.is_empty() {
            continue;
        }
        let mut session = judge.start()?;
        for case in &cases {
            let built = case.build()?;
            for output in built
                .outputs
                .iter()
                .filter(|output| output.target == judge.target())
            {
                let folder = case.goldens.join(&output.environment).join(output.target);
                let sample = Sample {
                    case: &case.name,
                    folder: &folder,
                    program: &output.program,
                };
                let name = format!(
                    "{:<12} {:<24} {:<12}",
                    judge.name(),
                    case.name,
                    output.environment
                );
                let least = components(&output.program);
                match session.judge(&sample) {
                    Ok(accepted) if accepted >= least.max(1) => {
                        rows.push(format!(
                            "{name} {accepted:>4} {} accepted, {least} components, {} edges",
                            judge.things(),
                            edges(&output.program)
                        ));
                    }
                    Ok(accepted) => {
                        refusals +=
                            &format!("{name}: {accepted} {} for {least} components\n", judge.things());
                    }
                    Err(words) => refusals += &format!("{name}: {words}\n"),
                }
            }
        }
        if let Err(words) = session.finish() {
            refusals += &format!("{}: {words}\n", judge.name());
        }
    }
    for row in &rows {
        println!("{row}");
    }
    if rows.is_empty() {
        refusals += "no golden was judged\n";
    }
    if refusals.is_empty() {
        Ok(())
    } else {
        Err(Error::Refused(refusals))
    }
}

/// Everything that is judged: the goldens, and what options make, written to `scratch`.
pub(crate) fn judged(scratch: &Path) -> Result<Vec<Case>, Error> {
    let mut cases = case::all()?;
    for variant in case::variants(scratch)? {
        golden::bless(&variant, &variant.build()?)?;
        cases.push(variant);
    }
    Ok(cases)
}

/// How many components a target makes something for: all but what stands elsewhere.
fn components(program: &Program) -> usize {
    let run = |engine: &Engine| match engine {
        Engine::Managed(_) | Engine::Container(_) => true,
        Engine::External(_) | Engine::Existing(_) => false,
    };
    program.services().len()
        + program
            .backings()
            .iter()
            .filter(|(_, backing)| run(&backing.engine))
            .count()
}

/// How many edges lead from one component to another.
fn edges(program: &Program) -> usize {
    let joins = |to: &Callee| match to {
        Callee::Component(_) => true,
        Callee::World => false,
    };
    program.edges().iter().filter(|edge| joins(&edge.to)).count()
}
