//! One program, three targets, one meaning: facts are read back from the printed files and compared in pairs.
//!
//! The extractors know no type of the compiler. What facts may differ in is in `facts::compare`.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests may fail a test"
)]

mod faults;
mod outputs;
mod random;

use exoc_lower::Selection;
use exoc_snapshot_tests::facts::compare::{Side, differences, gives_up, laws};
use exoc_snapshot_tests::facts::{Facts, Files, Target};
use exoc_snapshot_tests::{Case, case, golden};
use faults::Fault;
use outputs::Output;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// What a target refuses although the others do not: fixture, environment, target, and the code of the refusal.
const REFUSED: &[(&str, &str, Target, &str)] = &[
    ("bucket", "kept", Target::Kubernetes, "EX0401"),
    // Without the operator, which goldens of these have.
    ("dependency-settings", "cluster", Target::Kubernetes, "EX0401"),
    ("kafka", "high", Target::Kubernetes, "EX0401"),
    ("mariadb", "high", Target::Kubernetes, "EX0401"),
    ("mongodb", "high", Target::Kubernetes, "EX0401"),
    ("mysql", "high", Target::Kubernetes, "EX0401"),
    ("queue", "production", Target::Kubernetes, "EX0401"),
    ("rabbitmq", "high", Target::Kubernetes, "EX0401"),
    ("search", "high", Target::Kubernetes, "EX0401"),
    ("server", "cluster", Target::Kubernetes, "EX0401"),
    ("server", "production", Target::Kubernetes, "EX0401"),
    ("topics", "production", Target::Kubernetes, "EX0401"),
    ("valkey", "high", Target::Kubernetes, "EX0401"),
    ("was", "production", Target::Kubernetes, "EX0401"),
];

/// What is renamed where Terraform moves what it has: there secrets are called after the role, on Kubernetes after what it
/// was, and an extractor knows no more of a secret than its name.
const MOVED: &str = "was";

/// The note compose-few-networks.
const FEW_NETWORKS: &str = "EX0550";

/// Reads everything that a fixture gives; adds to the report what could not be built or read.
fn read(case: &Case, report: &mut Vec<String>) -> Vec<Vec<(Output, Facts)>> {
    let mut all = Vec::new();
    for (environment, outputs) in outputs::outputs(case) {
        let mut read = Vec::new();
        for (target, output) in outputs {
            let refused = REFUSED
                .iter()
                .find(|(name, of, by, _)| (*name, *of, *by) == (&case.name, &environment, target));
            match (output, refused) {
                (Ok(output), None) => match output.facts() {
                    Ok(facts) => read.push((output, facts)),
                    Err(error) => report.push(error),
                },
                (Ok(output), Some(_)) => {
                    report.push(format!("{} is built, and listed as refused", output.name()))
                }
                (Err(error), Some((_, _, _, code))) if error.contains(code) => {}
                (Err(error), _) => {
                    report.push(format!("{}/{environment}/{}: {error}", case.name, target.id()));
                }
            }
        }
        all.push(read);
    }
    all
}

const fn side<'a>((output, facts): &'a (Output, Facts)) -> Side<'a> {
    Side {
        target: output.target,
        facts,
    }
}

#[test]
fn every_fixture_means_the_same_on_all_targets() {
    let (mut report, mut pairs, mut components, mut edges) = (Vec::new(), 0, 0, 0);
    for case in outputs::fixtures().iter().filter(|case| case.name != MOVED) {
        for read in read(case, &mut report) {
            for (index, one) in read.iter().enumerate() {
                components += one.1.components.len();
                edges += one.1.edges.len();
                for other in &read[index + 1..] {
                    pairs += 1;
                    for difference in differences(side(one), side(other)) {
                        report.push(format!("{}, {}: {difference}", one.0.name(), other.0.target.id()));
                    }
                }
            }
        }
    }
    println!("{pairs} pairs of outputs compared, {components} components, {edges} edges");
    assert!(
        report.is_empty(),
        "{}\n{} faults",
        report.join("\n"),
        report.len()
    );
    let expected: usize = outputs::fixtures()
        .iter()
        .map(|case| outputs::targets(case).len())
        .map(|targets| targets * (targets - 1) / 2)
        .sum();
    assert!(
        pairs + 3 * REFUSED.len() >= expected,
        "only {pairs} pairs were compared"
    );
    assert!(components > 0 && edges > 0);
}

/// What compose's joined networks let through is told, and nobody is told of what there is not.
fn untold(compose: Side<'_>, other: Side<'_>, is_told: bool) -> Option<&'static str> {
    match (is_told, gives_up(compose, other), compose.facts.joined.is_empty()) {
        (false, true, _) => Some("joined networks let through what no note says"),
        (true, _, true) => Some("a note speaks of joined networks, and there are none"),
        (true, _, false) | (false, false, _) => None,
    }
}

#[test]
fn what_joined_networks_let_through_is_told() {
    let (mut report, mut told) = (Vec::new(), Vec::new());
    for case in outputs::fixtures() {
        for read in read(&case, &mut report) {
            let (compose, others): (Vec<_>, Vec<_>) = read
                .iter()
                .partition(|(output, _)| output.target == Target::Compose);
            for (one, other) in compose
                .iter()
                .flat_map(|one| others.iter().map(move |other| (one, other)))
            {
                let is_told = one.0.said.contains(FEW_NETWORKS);
                told.extend(is_told.then(|| case.name.clone()));
                let fault = untold(side(one), side(other), is_told);
                report.extend(fault.map(|fault| format!("{}: {fault}", one.0.name())));
            }
        }
    }
    assert!(report.is_empty(), "{}", report.join("\n"));
    assert!(told.contains(&"online-boutique".to_owned()), "{told:?}");
}

#[test]
fn every_output_keeps_the_laws() {
    let mut report = Vec::new();
    for case in outputs::fixtures() {
        for read in read(&case, &mut report).iter().flatten() {
            report.extend(
                laws(side(read))
                    .into_iter()
                    .map(|broken| format!("{}: {broken}", read.0.name())),
            );
        }
    }
    assert!(report.is_empty(), "{}", report.join("\n"));
}

#[test]
fn every_golden_keeps_the_laws() {
    let (mut report, mut read) = (Vec::new(), 0);
    for case in outputs::fixtures() {
        for (target, environment, files) in by_output(golden::read(&case.goldens).unwrap()) {
            let name = format!("{}/{environment}/{}", case.name, target.id());
            read += 1;
            match target.facts(&files) {
                Ok(facts) => {
                    let broken = laws(Side {
                        target,
                        facts: &facts,
                    });
                    report.extend(broken.into_iter().map(|broken| format!("{name}: {broken}")));
                    if facts.components.is_empty() {
                        report.push(format!("{name}: nothing runs"));
                    }
                }
                Err(error) => report.push(format!("{name}: {error}")),
            }
        }
    }
    assert!(report.is_empty(), "{}", report.join("\n"));
    assert!(read >= outputs::fixtures().len(), "only {read} goldens were read");
}

/// A tree of goldens, `<environment>/<target>/<path>`, as outputs.
fn by_output(tree: golden::Tree) -> Vec<(Target, String, Files)> {
    let mut outputs: BTreeMap<(Target, String), Files> = BTreeMap::new();
    for (path, bytes) in tree {
        let parts: Vec<&str> = path.splitn(3, '/').collect();
        let [environment, id, path] = parts.as_slice() else {
            panic!("`{path}` is no golden's path")
        };
        let target = Target::ALL.into_iter().find(|target| target.id() == *id);
        let target = target.unwrap_or_else(|| panic!("no extractor reads what `{id}` prints"));
        outputs
            .entry((target, (*environment).to_owned()))
            .or_default()
            .insert((*path).to_owned(), bytes);
    }
    outputs
        .into_iter()
        .map(|((target, environment), files)| (target, environment, files))
        .collect()
}

/// Whether a fault is noticed: the files cannot be read, break a law, or mean something else than another target's.
fn is_noticed(fault: &Fault, sound: &[(Output, Facts)]) -> Result<bool, String> {
    let own = sound.iter().find(|(output, _)| output.target == fault.target);
    let (output, facts) =
        own.ok_or_else(|| format!("{:?} is not built for {}", fault.of, fault.target.id()))?;
    let name = format!("{}: {}: {}", output.name(), fault.file, fault.what);
    let bytes = output
        .files
        .get(fault.file)
        .ok_or_else(|| format!("{name}: there is no such file"))?;
    let text = std::str::from_utf8(bytes).map_err(|error| format!("{name}: {error}"))?;
    if !text.contains(fault.from) {
        return Err(format!("{name}: what is replaced is not there any more"));
    }
    let mut files = output.files.clone();
    files.insert(
        fault.file.to_owned(),
        text.replacen(fault.from, fault.to, 1).into_bytes(),
    );
    let Ok(changed) = fault.target.facts(&files) else {
        return Ok(true);
    };
    let of = Side {
        target: fault.target,
        facts: &changed,
    };
    let others = sound.iter().filter(|(output, _)| output.target != fault.target);
    let differs = others
        .into_iter()
        .any(|other| !differences(of, side(other)).is_empty());
    Ok(changed != *facts && (differs || !laws(of).is_empty()))
}

fn check_faults(faults: &[Fault]) {
    let mut report = Vec::new();
    let mut built: BTreeMap<&str, Vec<Vec<(Output, Facts)>>> = BTreeMap::new();
    for fault in faults {
        let (case, environment) = fault.of;
        let outputs = built
            .entry(case)
            .or_insert_with(|| read(&outputs::fixture(case), &mut report));
        let sound = outputs
            .iter()
            .find(|sound| sound.first().is_some_and(|(of, _)| of.environment == environment));
        let sound = sound.unwrap_or_else(|| panic!("{case} has no environment `{environment}`"));
        assert!(
            sound.len() > 1,
            "{case}/{environment} has nothing to be compared with"
        );
        match is_noticed(fault, sound) {
            Ok(true) => {}
            Ok(false) => report.push(format!(
                "nothing notices {} in {} of {case}",
                fault.what, fault.file
            )),
            Err(error) => report.push(error),
        }
    }
    assert!(report.is_empty(), "{}", report.join("\n"));
}

#[test]
fn faults_in_what_compose_prints_are_noticed() {
    check_faults(faults::COMPOSE);
}

#[test]
fn faults_in_what_kubernetes_prints_are_noticed() {
    check_faults(faults::KUBERNETES);
}

#[test]
fn faults_in_jobs_files_and_volumes_of_kubernetes_are_noticed() {
    check_faults(faults::WORKLOADS);
}

#[test]
fn faults_in_what_aws_prints_are_noticed() {
    check_faults(faults::AWS);
}

#[test]
fn faults_in_what_aws_rents_are_noticed() {
    check_faults(faults::PRODUCTS);
}

/// What a random manifest means on every target, and whether the note compose-few-networks is there.
fn meanings(manifest: &str) -> Result<(Vec<(Target, Facts)>, bool), String> {
    let sources = random::sources(manifest);
    let of = |environment: &str| Selection {
        environments: vec![environment.to_owned()],
        targets: Vec::new(),
        http_port: None,
    };
    case::compile(&sources, &of("local"))?;
    let built = case::compile(&sources, &of("production"))?;
    let is_told = built.diagnostics.iter().any(|said| said.code.id == FEW_NETWORKS);
    let mut meanings = Vec::new();
    for output in &built.outputs {
        let target = Target::ALL
            .into_iter()
            .find(|target| target.id() == output.target);
        let target = target.ok_or_else(|| format!("no extractor reads what `{}` prints", output.target))?;
        let files = output.artifacts.iter();
        let files = files
            .map(|(path, artifact)| (path.to_string(), artifact.contents.clone()))
            .collect();
        meanings.push((
            target,
            target
                .facts(&files)
                .map_err(|error| format!("{}: {error}", target.id()))?,
        ));
    }
    let wanted = Target::ALL
        .iter()
        .filter(|target| manifest.contains(&format!("      {}:", target.id())))
        .count();
    if meanings.len() == wanted && wanted > 1 {
        Ok((meanings, is_told))
    } else {
        Err(format!("{} outputs", meanings.len()))
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_programs_mean_the_same_on_all_targets(manifest in random::manifest()) {
        let (meanings, is_told) = meanings(&manifest).map_err(|error| TestCaseError::fail(format!("{error}\n{manifest}")))?;
        for (index, (target, facts)) in meanings.iter().enumerate() {
            let one = Side { target: *target, facts };
            prop_assert_eq!(laws(one), Vec::<String>::new(), "{}\n{}", target.id(), manifest);
            for (other, facts) in &meanings[index + 1..] {
                let found = differences(one, Side { target: *other, facts });
                prop_assert!(found.is_empty(), "{}, {}: {}\n{manifest}", target.id(), other.id(), found.join("\n"));
                if *target == Target::Compose {
                    let other = Side { target: *other, facts };
                    prop_assert_eq!(untold(one, other, is_told), None, "{}", manifest);
                }
            }
        }
    }
}
