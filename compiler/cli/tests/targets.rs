//! `exoc targets`.

use super::support::run_at;
use exoc::registry::TARGETS;
use std::path::Path;

#[test]
fn lists_every_registered_target_with_its_support_and_summary() {
    let run = run_at(Path::new("/"), &["targets"]);
    run.ended(0);
    let lines: Vec<&str> = run.out.lines().collect();
    assert_eq!(lines.len(), TARGETS.len() + 1);
    assert!(lines[0].starts_with("TARGET"), "{}", lines[0]);
    for (line, target) in lines[1..].iter().zip(TARGETS) {
        assert!(
            line.starts_with(target.id()) && line.ends_with(target.summary()),
            "{line}"
        );
    }
}

#[test]
fn the_feature_table_has_a_row_for_each_feature_and_a_column_for_each_target() {
    let run = run_at(Path::new("/"), &["targets", "--features"]);
    run.ended(0);
    let lines: Vec<&str> = run.out.lines().collect();
    // The head, and patches, which are no feature.
    assert_eq!(lines.len(), exoc_ir::Feature::ALL.len() + 2);
    assert!(
        TARGETS.iter().all(|target| lines[0].contains(target.id())),
        "{}",
        lines[0]
    );
    let words = exoc_ir::Feature::ALL.iter().map(|feature| feature.words());
    for (line, words) in lines[1..].iter().zip(words.chain(["a patch"])) {
        assert!(line.starts_with(words), "{line}");
        let cells = line[words.len()..].split_whitespace();
        assert_eq!(cells.clone().count(), TARGETS.len(), "{line}");
        assert!(
            cells
                .clone()
                .all(|cell| cell == "yes" || cell == "no" || cell.starts_with("EX05")),
            "{line}"
        );
    }
}

#[test]
fn the_page_links_every_note_to_its_own_page() {
    let page = exoc::commands::targets::feature_table();
    assert!(page.starts_with("# Feature table\n"));
    let rows = page.lines().filter(|line| line.starts_with("| ")).count();
    assert_eq!(rows, exoc_ir::Feature::ALL.len() + 2);
    for link in page.split("](diagnostics/").skip(1) {
        let (file, _) = link.split_once(')').unwrap();
        let (id, _) = file.split_once('-').unwrap();
        assert!(
            exoc_diagnostics::find_code(id)
                .is_some_and(|code| file == format!("{}-{}.md", code.id, code.name))
        );
    }
}
