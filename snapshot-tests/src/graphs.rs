//! Pictures of fixtures, in each format of `exoc graph`; the goldens are `graphs/golden/<case>.<ending>`.

use crate::Problem;
use crate::case::{Case, root};
use exoc_diagnostics::{MemorySources, Sink, SourceMap};
use exoc_graph::Picture;
use exoc_ir::Program;
use std::path::PathBuf;

/// The fixtures whose pictures have goldens, and the environment of which there is one.
pub const CASES: &[(&str, &str)] = &[
    ("skeleton", "local"),
    ("shop", "production"),
    ("shared-volume", "production"),
    ("topics", "production"),
];

/// The programs of all environments; none if the manifest is wrong.
#[must_use]
pub fn programs(sources: &MemorySources) -> Vec<Program> {
    let (mut map, mut sink) = (SourceMap::default(), Sink::new());
    let Some(manifest) = exoc_manifest::load(sources, &mut map, &mut sink) else {
        return Vec::new();
    };
    let environments = exoc_lower::environments(&manifest).into_iter();
    let programs = environments.filter_map(|environment| {
        let mut sink = Sink::new();
        exoc_lower::lower(&manifest, &environment.name, &mut sink)
            .finish(&mut sink)
            .ok()
    });
    programs.collect()
}

/// The goldens: names and contents.
///
/// # Errors
///
/// If a fixture cannot be read or lacks the environment.
pub fn goldens() -> Result<Vec<(String, String)>, Problem> {
    let mut goldens = Vec::new();
    for (name, environment) in CASES {
        let case = Case {
            name: (*name).to_owned(),
            folder: root().join("fixtures").join(name),
            goldens: folder(),
            targets: None,
        };
        let programs = programs(&case.sources()?);
        let program = programs
            .iter()
            .find(|program| program.environment().name == *environment);
        let program = program.ok_or_else(|| Problem::Manifest {
            case: case.name.clone(),
            text: format!("`{environment}` is not there"),
        })?;
        let picture = Picture::of(program);
        let placed = exoc_graph::place(&picture);
        goldens.push((format!("{name}.svg"), exoc_graph::svg(&picture, &placed)));
        goldens.push((format!("{name}.mmd"), exoc_graph::mermaid(&picture)));
        goldens.push((format!("{name}.dot"), exoc_graph::dot(&picture)));
        if *name == "skeleton" || *name == "shop" {
            goldens.push((format!("{name}.html"), exoc_graph::html(&[(&picture, &placed)])));
        }
    }
    Ok(goldens)
}

/// Where goldens are.
#[must_use]
pub fn folder() -> PathBuf {
    root().join("snapshot-tests/graphs/golden")
}

/// Makes the goldens what is drawn now, and gives the names of those that changed.
///
/// # Errors
///
/// If a file cannot be read or written.
pub fn bless() -> Result<Vec<String>, Problem> {
    let mut changed = Vec::new();
    for (name, text) in goldens()? {
        let path = folder().join(&name);
        if std::fs::read_to_string(&path).ok().as_deref() != Some(text.as_str()) {
            std::fs::write(&path, text).map_err(|error| Problem::Disk { path, error })?;
            changed.push(name);
        }
    }
    Ok(changed)
}
