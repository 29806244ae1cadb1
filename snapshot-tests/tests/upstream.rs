//! Fixtures say what their upstreams say: every row of every `fixtures/*/upstream.tsv` is compared with what each
//! target printed, in every environment that the row is about.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests may fail a test"
)]
#![expect(clippy::disallowed_methods, reason = "tests read fixtures from the disk")]

mod outputs;
mod said;
mod tables;

use exoc_snapshot_tests::facts::{Facts, Target};
use said::{Output, fault};
use std::collections::BTreeSet;
use tables::{Row, Table};

/// How large each upstream is: fixture, components, edges, and how many rows its table has at least.
const SIZES: &[(&str, usize, usize, usize)] = &[("online-boutique", 12, 16, 265), ("voting-app", 5, 4, 39)];

/// What a derived variable of a component begins with, or is.
const DERIVED: [&str; 2] = ["PORT", "SERVICE_NAME"];

/// Every output of a fixture: `local` for compose, the others for all targets.
fn all(table: &Table) -> Vec<(String, Target, Facts)> {
    let case = &table.case;
    let mut all = Vec::new();
    let built = case.build().unwrap();
    for output in built
        .outputs
        .iter()
        .filter(|output| output.environment == "local")
    {
        let files = output.artifacts.iter();
        let files = files
            .map(|(path, artifact)| (path.to_string(), artifact.contents.clone()))
            .collect();
        let facts = Target::Compose.facts(&files).unwrap();
        all.push(("local".to_owned(), Target::Compose, facts));
    }
    for (environment, outputs) in outputs::outputs(case) {
        for (target, output) in outputs {
            let output = output.unwrap_or_else(|error| panic!("{environment}/{}: {error}", target.id()));
            all.push((environment.clone(), target, output.facts().unwrap()));
        }
    }
    all
}

#[test]
fn every_upstream_is_as_large_as_it_should_be() {
    let sizes: Vec<(String, usize, usize)> = tables::all()
        .iter()
        .map(|table| {
            let wanted = SIZES.iter().find(|(name, ..)| *name == table.case.name);
            let least = wanted.map_or(1, |(_, _, _, rows)| *rows);
            assert!(
                table.rows.len() >= least,
                "{}: {} rows",
                table.case.name,
                table.rows.len()
            );
            (
                table.case.name.clone(),
                table.components().len(),
                table.edges().len(),
            )
        })
        .collect();
    let wanted: Vec<(String, usize, usize)> = SIZES
        .iter()
        .map(|(name, components, edges, _)| ((*name).to_owned(), *components, *edges))
        .collect();
    assert_eq!(sizes, wanted);
}

#[test]
fn a_row_that_differs_from_upstream_says_why() {
    for table in tables::all() {
        for row in table.rows.iter().filter(|row| row.upstream != row.manifest) {
            assert_ne!(row.note, "-", "{}, line {}", table.case.name, row.line);
        }
    }
}

#[test]
fn every_target_prints_what_upstream_says() {
    let mut report = Vec::new();
    for table in tables::all() {
        let name = &table.case.name;
        let mut compared = vec![BTreeSet::new(); table.rows.len()];
        let all = all(&table);
        assert_eq!(all.len(), 7, "outputs of {name}");
        for (environment, target, facts) in &all {
            let output = Output {
                environment,
                target: *target,
                facts,
            };
            for (index, row) in table.rows.iter().enumerate() {
                if row.is_about(environment) {
                    compared[index].insert(*target);
                    let place = format!("{name}, line {}: {environment}/{}", row.line, target.id());
                    report.extend(fault(&table, row, output).map(|fault| format!("{place}: {fault}")));
                }
            }
        }
        for (row, targets) in table.rows.iter().zip(&compared) {
            let words: Vec<&str> = targets.iter().map(|target| target.id()).collect();
            let Row {
                line,
                component,
                kind,
                key,
                ..
            } = row;
            println!(
                "{name}, line {line}: {component} {kind} {key}: {}",
                words.join(", ")
            );
            if *targets != wanted_targets(row) {
                report.push(format!(
                    "{name}, line {line}: compared with {words:?} only: {row:?}"
                ));
            }
        }
    }
    assert!(report.is_empty(), "{}", report.join("\n"));
}

/// Whom a row is compared with: compose alone has the local environment.
fn wanted_targets(row: &Row) -> BTreeSet<Target> {
    if row.environments.iter().eq(["local"]) {
        BTreeSet::from([Target::Compose])
    } else {
        BTreeSet::from(Target::ALL)
    }
}

#[test]
fn nothing_is_printed_that_upstream_does_not_say() {
    for table in tables::all() {
        for (environment, target, facts) in all(&table) {
            let place = format!("{}/{environment}/{}", table.case.name, target.id());
            let roles: BTreeSet<&str> = facts
                .components
                .keys()
                .chain(facts.rented.keys())
                .map(String::as_str)
                .collect();
            assert_eq!(roles, table.components(), "{place}");
            listeners_are_those_of(&table, &environment, &facts, &place);
            variables_are_those_of(&table, &environment, &facts, &place);
            let doors: BTreeSet<&str> = facts.doors.iter().map(|door| door.role.as_str()).collect();
            let written: BTreeSet<&str> = table
                .of("route", &environment)
                .map(|row| row.component.as_str())
                .collect();
            assert!(written.is_empty() || doors == written, "{place}: doors {doors:?}");
            // Compose's networks let more through than the edges.
            if target != Target::Compose {
                let edges: BTreeSet<(&str, &str)> = facts
                    .edges
                    .iter()
                    .map(|edge| (edge.from.as_str(), edge.to.as_str()))
                    .collect();
                assert_eq!(edges, table.edges(), "{place}");
            }
        }
    }
}

fn listeners_are_those_of(table: &Table, environment: &str, facts: &Facts, place: &str) {
    let ports = table
        .of("port", environment)
        .chain(table.of("product", environment));
    let wanted: BTreeSet<&str> = ports
        .map(|row| row.component.as_str())
        .filter(|role| facts.components.contains_key(*role))
        .collect();
    let listening: BTreeSet<&str> = facts
        .components
        .iter()
        .filter(|(_, component)| !component.ports.is_empty())
        .map(|(role, _)| role.as_str())
        .collect();
    assert_eq!(listening, wanted, "{place}");
}

/// Variables are rows, or derived: `PORT`, `SERVICE_NAME`, and what begins with the role at the end of an edge.
fn variables_are_those_of(table: &Table, environment: &str, facts: &Facts, place: &str) {
    // Who runs a product says how.
    let products: BTreeSet<&str> = table
        .of("product", environment)
        .map(|row| row.component.as_str())
        .collect();
    for (role, component) in &facts.components {
        let written: BTreeSet<&str> = table
            .of("variable", environment)
            .filter(|row| row.component == *role)
            .map(|row| row.key.as_str())
            .collect();
        let callees = table
            .edges()
            .into_iter()
            .filter(|(from, _)| from == role)
            .map(|(_, to)| to.to_uppercase().replace('-', "_") + "_");
        let prefixes: Vec<String> = callees.collect();
        for name in component.environment.keys() {
            let is_derived = DERIVED.contains(&name.as_str())
                || prefixes.iter().any(|prefix| name.starts_with(prefix))
                || products.contains(role.as_str());
            assert!(
                is_derived || written.contains(name.as_str()),
                "{place}: {role} has {name}"
            );
        }
    }
}

/// A row that says something else than one of the table.
fn wrong(row: &Row) -> Row {
    let Row {
        kind, key, manifest, ..
    } = row;
    let (key, manifest) = match (kind.as_str(), key.as_str()) {
        // Compose lets users of one component reach each other, but nobody reaches itself.
        ("edge", _) => (row.component.clone(), row.component.clone()),
        ("product", _) => (format!("{key}x"), manifest.clone()),
        ("probe", "grpc" | "tcp" | "none" | "command") => ("command".to_owned(), "[\"x\"]".to_owned()),
        ("replicas", _) => (key.clone(), "0".to_owned()),
        ("security", "capabilities") => (key.clone(), "CHOWN".to_owned()),
        ("security", "privileged") => (key.clone(), "true".to_owned()),
        ("security", "root") => (key.clone(), "writable".to_owned()),
        ("image" | "variable", _) | ("probe", "path") => (key.clone(), format!("{manifest}x")),
        _ => (key.clone(), format!("1{manifest}")),
    };
    Row {
        key,
        manifest,
        ..row.clone()
    }
}

#[test]
fn a_row_that_is_not_so_is_noticed_on_every_target() {
    for table in tables::all() {
        for (environment, target, facts) in &all(&table) {
            let output = Output {
                environment,
                target: *target,
                facts,
            };
            for row in table.rows.iter().filter(|row| row.is_about(environment)) {
                let wrong = wrong(row);
                let place = format!("{}/{environment}/{}", table.case.name, target.id());
                assert!(fault(&table, &wrong, output).is_some(), "{place}: {wrong:?}");
            }
        }
    }
}

#[test]
fn a_component_that_is_not_there_is_noticed() {
    for table in tables::all() {
        for (environment, target, facts) in &all(&table) {
            let output = Output {
                environment,
                target: *target,
                facts,
            };
            let row = Row {
                component: "nobody".to_owned(),
                ..table.rows[0].clone()
            };
            assert!(fault(&table, &row, output).is_some());
        }
    }
}
