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
