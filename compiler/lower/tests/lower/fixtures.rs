//! Every fixture lowers without an error or a warning.

use crate::support;

use std::path::Path;

#[test]
#[expect(clippy::disallowed_methods, reason = "reads the fixtures")]
fn every_fixture_lowers_in_every_environment() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let mut failures = String::new();
    for entry in std::fs::read_dir(root).unwrap() {
        let folder = entry.unwrap().path();
        if !folder.is_dir() {
            continue;
        }
        let files = files(&folder, &folder);
        let borrowed: Vec<(&str, &str)> = files.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect();
        let run = support::run_for(
            &borrowed,
            &exoc_lower::Selection::default(),
            &[
                &support::COMPOSE,
                &support::Toy {
                    id: "aws",
                    ..support::COMPOSE
                },
                &support::Toy {
                    id: "kubernetes",
                    ..support::COMPOSE
                },
            ],
        );
        if !run.found().is_empty() || run.outputs.is_none() {
            failures += &format!("== {}\n{}", folder.display(), run.text());
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

/// Every line of every fixture is left out and replaced in turn: whatever that makes of the manifest, it is
/// understood or refused, never a contradiction found too late.
#[test]
#[expect(clippy::disallowed_methods, reason = "reads the fixtures")]
fn no_change_of_a_line_makes_the_compiler_contradict_itself() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let (mut failures, mut changed) = (String::new(), 0);
    for entry in std::fs::read_dir(root).unwrap() {
        let folder = entry.unwrap().path();
        if !folder.is_dir() {
            continue;
        }
        let files = files(&folder, &folder);
        for (index, (path, text)) in files
            .iter()
            .enumerate()
            .filter(|(_, (path, _))| path.ends_with(".yml"))
        {
            for line in 0..text.lines().count() {
                for change in [without, with_null, with_text, with_map] {
                    let mut files = files.clone();
                    files[index].1 = change(text, line);
                    changed += 1;
                    let fault = contradiction(&files);
                    if let Some(fault) = fault {
                        failures += &format!("{}/{path}:{}\n{fault}", folder.display(), line + 1);
                    }
                }
            }
        }
    }
    assert!(changed > 1000, "{changed}");
    assert!(failures.is_empty(), "{failures}");
}

fn contradiction(files: &[(String, String)]) -> Option<String> {
    let borrowed: Vec<(&str, &str)> = files.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect();
    let other = |id| support::Toy {
        id,
        ..support::COMPOSE
    };
    let run = support::run_for(
        &borrowed,
        &exoc_lower::Selection::default(),
        &[&support::COMPOSE, &other("aws"), &other("kubernetes")],
    );
    let internal = run
        .diagnostics
        .iter()
        .any(|diagnostic| diagnostic.code.id == "EX0901");
    let silent = run.outputs.is_none() && run.found().is_empty();
    (internal || silent).then(|| run.text())
}

fn edited(text: &str, line: usize, edit: impl Fn(&str) -> Option<String>) -> String {
    let lines = text.lines().enumerate();
    let edited = lines.filter_map(|(at, old)| {
        if at == line {
            edit(old)
        } else {
            Some(old.to_owned())
        }
    });
    edited.map(|line| line + "\n").collect()
}

fn without(text: &str, line: usize) -> String {
    edited(text, line, |_| None)
}

fn with_null(text: &str, line: usize) -> String {
    with_value(text, line, "null")
}

fn with_text(text: &str, line: usize) -> String {
    with_value(text, line, "zzz")
}

fn with_map(text: &str, line: usize) -> String {
    with_value(text, line, "{ a: b }")
}

fn with_value(text: &str, line: usize, value: &str) -> String {
    edited(text, line, |old| {
        Some(
            old.split_once(": ")
                .map_or_else(|| old.to_owned(), |(key, _)| format!("{key}: {value}")),
        )
    })
}

#[expect(clippy::disallowed_methods, reason = "reads the fixtures")]
fn files(root: &Path, folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(root, &path));
        } else if let Ok(text) = std::fs::read_to_string(&path) {
            let relative = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
            found.push((relative, text));
        }
    }
    found
}
