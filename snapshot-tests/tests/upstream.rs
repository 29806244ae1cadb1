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

use exoc_snapshot_tests::facts::project::{self, Project};
use exoc_snapshot_tests::facts::{Facts, Target};
use said::{Output, fault};
use std::collections::BTreeSet;
use tables::{Row, Table};

/// How large an upstream is.
struct Size {
    /// The fixture.
    fixture: &'static str,
    /// Roles.
    components: usize,
    /// Who opens connections to whom.
    edges: usize,
    /// Rows that its table has at least.
    rows: usize,
    /// Outputs: `local` for compose, every other environment for all targets; compose alone where the fixture is
    /// restricted to it.
    outputs: usize,
}

const SIZES: &[Size] = &[
    size("mastodon", 12, 20, 235, 1),
    size("online-boutique", 12, 16, 265, 7),
    size("sentry", 61, 270, 1377, 1),
    size("voting-app", 5, 4, 39, 7),
];

const fn size(fixture: &'static str, components: usize, edges: usize, rows: usize, outputs: usize) -> Size {
    Size {
        fixture,
        components,
        edges,
        rows,
        outputs,
    }
}

/// What a derived variable of a component begins with, or is.
const DERIVED: [&str; 2] = ["PORT", "SERVICE_NAME"];

/// What a fixture means in one environment on one target.
struct Printed {
    environment: String,
    target: Target,
    facts: Facts,
    /// What compose alone says.
    project: Option<Project>,
}

impl Printed {
    fn output(&self) -> Output<'_> {
        Output {
            environment: &self.environment,
            target: self.target,
            facts: &self.facts,
            project: self.project.as_ref(),
        }
    }

    fn place(&self, table: &Table) -> String {
        format!("{}/{}/{}", table.case.name, self.environment, self.target.id())
    }
}

/// The outputs of a fixture that are compared. One for some targets is built as it is, and its compose files are; of
/// another, `local` is built for compose and the rest for all targets.
fn all(table: &Table) -> Vec<Printed> {
    let case = &table.case;
    let mut all = Vec::new();
    let built = case.build().unwrap();
    for output in &built.outputs {
        if output.environment != "local" && case.targets.is_none() {
            continue;
        }
        // Upstreams of this kind are compose files; what other targets make of them is compared with that one's facts.
        if output.target != Target::Compose.id() {
            continue;
        }
        let files = output.artifacts.iter();
        let files = files
            .map(|(path, artifact)| (path.to_string(), artifact.contents.clone()))
            .collect();
        all.push(Printed {
            environment: output.environment.clone(),
            target: Target::Compose,
            facts: Target::Compose.facts(&files).unwrap(),
            project: Some(project::project(&files).unwrap()),
        });
    }
    if case.targets.is_some() {
        return all;
    }
    for (environment, outputs) in outputs::outputs(case) {
        for (target, output) in outputs {
            let output = output.unwrap_or_else(|error| panic!("{environment}/{}: {error}", target.id()));
            let project = (target == Target::Compose).then(|| project::project(&output.files).unwrap());
            all.push(Printed {
                environment: environment.clone(),
                target,
                facts: output.facts().unwrap(),
                project,
            });
        }
    }
    all
}

#[test]
fn every_upstream_is_as_large_as_it_should_be() {
    let sizes: Vec<(String, usize, usize)> = tables::all()
        .iter()
        .map(|table| {
            let wanted = SIZES.iter().find(|size| size.fixture == table.case.name);
            let least = wanted.map_or(1, |size| size.rows);
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
        .map(|size| (size.fixture.to_owned(), size.components, size.edges))
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
        let size = SIZES.iter().find(|size| size.fixture == *name).unwrap();
        assert_eq!(all.len(), size.outputs, "outputs of {name}");
        for printed in &all {
            for (index, row) in table.rows.iter().enumerate() {
                if row.is_about(&printed.environment) {
                    compared[index].insert(printed.target);
                    let place = format!("{}, line {}", printed.place(&table), row.line);
                    let fault = fault(&table, row, printed.output());
                    report.extend(fault.map(|fault| format!("{place}: {fault}")));
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
            if *targets != wanted_targets(&table, row) {
                report.push(format!(
                    "{name}, line {line}: compared with {words:?} only: {row:?}"
                ));
            }
        }
    }
    assert!(report.is_empty(), "{}", report.join("\n"));
}

/// Whom a row is compared with: compose alone has the local environment.
fn wanted_targets(table: &Table, row: &Row) -> BTreeSet<Target> {
    if table.case.targets.is_some() || row.environments.iter().eq(["local"]) {
        BTreeSet::from([Target::Compose])
    } else {
        BTreeSet::from(Target::ALL)
    }
}

#[test]
fn nothing_is_printed_that_upstream_does_not_say() {
    for table in tables::all() {
        for printed in all(&table) {
            let place = printed.place(&table);
            let Printed {
                environment,
                target,
                facts,
                project,
            } = &printed;
            let roles: BTreeSet<&str> = facts
                .components
                .keys()
                .chain(facts.rented.keys())
                .map(String::as_str)
                .collect();
            assert_eq!(roles, table.components(), "{place}");
            listeners_are_those_of(&table, environment, facts, &place);
            variables_are_those_of(&table, environment, facts, &place);
            let doors: BTreeSet<&str> = facts.doors.iter().map(|door| door.role.as_str()).collect();
            let written: BTreeSet<&str> = table
                .of("route", environment)
                .map(|row| row.component.as_str())
                .collect();
            assert!(written.is_empty() || doors == written, "{place}: doors {doors:?}");
            // Compose's networks let more through than the edges.
            if *target != Target::Compose {
                let edges: BTreeSet<(&str, &str)> = facts
                    .edges
                    .iter()
                    .map(|edge| (edge.from.as_str(), edge.to.as_str()))
                    .collect();
                assert_eq!(edges, table.edges(), "{place}");
            }
            if let (Some(project), Some(_)) = (project, &table.case.targets) {
                project_is_that_of(&table, environment, facts, project, &place);
            }
        }
    }
}

/// Of a fixture that is for compose alone: edges, programs, jobs, mounts and ways out are rows, all of them.
fn project_is_that_of(table: &Table, environment: &str, facts: &Facts, project: &Project, place: &str) {
    let callers: BTreeSet<(&str, &str)> = project
        .callers
        .iter()
        .map(|(from, to)| (from.as_str(), to.as_str()))
        .collect();
    let mut untold: BTreeSet<(&str, &str)> = table.edges();
    for caller in callers {
        assert!(untold.remove(&caller), "{place}: {caller:?}");
    }
    // A network that stands for several does not say who calls whom in it.
    untold.retain(|(from, to)| {
        let mut joined = project.joined.values();
        !joined.any(|members| members.contains(*from) && members.contains(*to))
    });
    assert!(untold.is_empty(), "{place}: {untold:?}");
    let written = |kinds: &[&str], role: &str| -> BTreeSet<String> {
        let rows = kinds.iter().flat_map(|kind| table.of(kind, environment));
        let of_role = rows.filter(|row| row.component == role);
        of_role.map(|row| row.key.clone()).collect()
    };
    for (role, service) in &project.services {
        let place = format!("{place}: {role}");
        let component = &facts.components[role];
        // Who runs a product says how.
        if !written(&["product"], role).is_empty() {
            continue;
        }
        let mut programs = BTreeSet::new();
        programs.extend(component.command.as_ref().map(|_| "command".to_owned()));
        programs.extend(component.entrypoint.as_ref().map(|_| "entrypoint".to_owned()));
        assert_eq!(programs, written(&["program"], role), "{place}");
        let jobs: BTreeSet<String> = service.job.iter().map(|(key, _)| key.clone()).collect();
        assert_eq!(jobs, written(&["job"], role), "{place}");
        let folders: BTreeSet<String> = service.volumes.keys().cloned().collect();
        assert_eq!(folders, written(&["volume"], role), "{place}");
        let files: BTreeSet<String> = service.files.keys().cloned().collect();
        assert_eq!(files, written(&["file"], role), "{place}");
        let leaves = facts.leaves.iter().any(|(from, _)| from == role);
        assert_eq!(leaves, !written(&["leave"], role).is_empty(), "{place}");
        let probe = written(&["probe"], role);
        let is_asked = !probe.is_empty() && !probe.contains("none");
        assert_eq!(component.health.is_some(), is_asked, "{place}");
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
        let leaves = table.of("leave", environment);
        let leaves = leaves.map(|row| (row.component.as_str(), row.key.as_str()));
        let callees = table
            .edges()
            .into_iter()
            .chain(leaves)
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
        ("program", _) => (key.clone(), "[\"x\"]".to_owned()),
        ("after" | "leave", _) => (row.component.clone(), manifest.clone()),
        ("left-out", _) => ("image".to_owned(), manifest.clone()),
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
        for printed in &all(&table) {
            let about = |row: &&Row| row.is_about(&printed.environment);
            for row in table.rows.iter().filter(about) {
                let wrong = wrong(row);
                let place = printed.place(&table);
                assert!(
                    fault(&table, &wrong, printed.output()).is_some(),
                    "{place}: {wrong:?}"
                );
            }
        }
    }
}

#[test]
fn a_component_that_is_not_there_is_noticed() {
    for table in tables::all() {
        for printed in &all(&table) {
            let row = Row {
                component: "nobody".to_owned(),
                ..table.rows[0].clone()
            };
            assert!(fault(&table, &row, printed.output()).is_some());
        }
    }
}
