//! The tutorials, performed as far as no container engine is needed; `cargo dev tutorial` performs them to the end.

use super::page::Reader;
use std::fs;
use std::path::Path;

const PAGE: &str = include_str!("../../../docs/tutorial.md");
const LAPTOP: &str = include_str!("../../../docs/tutorial-laptop.md");

/// Performs a page in a folder, without an engine, and tells where it lies.
fn lies(name: &str, page: &str, folder: &Path) -> Vec<String> {
    let reader = Reader {
        folder: folder.to_owned(),
        program: Path::new(env!("CARGO_BIN_EXE_exoc")).parent().unwrap().to_owned(),
        path: "/usr/bin:/bin".into(),
        has_engine: false,
    };
    reader.lies(name, page)
}

/// An empty folder that is a repository of its own, so that no folder above it counts.
fn empty() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join(".git")).unwrap();
    folder
}

#[test]
fn every_block_of_the_tutorial_does_what_it_shows() {
    let folder = empty();
    let report = lies("docs/tutorial.md", PAGE, folder.path());
    assert!(report.is_empty(), "{}", report.join("\n"));
}

#[test]
fn every_block_of_the_laptops_tutorial_that_needs_no_engine_does_what_it_shows() {
    let folder = empty();
    let report = lies("docs/tutorial-laptop.md", LAPTOP, folder.path());
    assert!(report.is_empty(), "{}", report.join("\n"));
}

#[test]
fn the_laptops_tutorial_shows_each_command_for_this_machine() {
    let commands: Vec<&str> = LAPTOP
        .lines()
        .filter_map(|line| line.strip_prefix("$ "))
        .collect();
    for command in [
        "exoc check",
        "exoc run",
        "exoc run --detach",
        "exoc run --dry-run",
        "exoc test",
        "exoc logs",
        "exoc shell",
        "exoc stop",
        "exoc clean",
    ] {
        assert!(
            commands.iter().any(|shown| shown.starts_with(command)),
            "{command}: {commands:?}"
        );
    }
}

#[test]
fn the_tutorial_shows_each_part_of_a_first_day() {
    let commands: Vec<&str> = PAGE.lines().filter_map(|line| line.strip_prefix("$ ")).collect();
    for command in [
        "exoc check",
        "exoc build",
        "exoc explain EX0206",
        "exoc build --check --quiet",
        "exoc build --quiet --force",
    ] {
        assert!(commands.contains(&command), "{command}: {commands:?}");
    }
    for key in [
        "secrets:",
        "dependencies:",
        "when: before-deploy",
        "route: /",
        "kubernetes: {}",
        "aws: {",
    ] {
        assert!(PAGE.contains(key), "{key}");
    }
}

/// What the test rests on: a page that lies is caught, in each kind of block.
#[test]
fn a_lie_of_a_page_is_found() {
    let page = |block: &str| format!("```text a.txt\none\ntwo\nthree\n```\n\n```{block}\n```\n");
    for (block, honest) in [
        ("text in a.txt\ntwo", true),
        ("text in a.txt\none\n…\nthree", true),
        ("text in a.txt\none\nthree", false),
        ("text in a.txt\ntw", false),
        ("text in b.txt\none", false),
        ("console\n$ cat a.txt\none\n…", true),
        ("console\n$ cat a.txt\none", false),
        ("console\n$ cat a.txt\none\ntwo\nthree\nfour", false),
        ("console\n$ cat a.txt\non…\ntwo\nthree", true),
        ("console\n$ cat a.txt\no…e\ntwo\nthree", true),
        ("console\n$ cat a.txt\no…x\ntwo\nthree", false),
        ("console without engine\n$ cat a.txt\n…\n$ echo $?\n127", true),
        ("console\n$ exoc explain EX0000\n…", false),
        ("console\n$ exoc explain EX0000\n…\n$ echo $?\n2", true),
        ("console\n$ exoc explain EX0000\n…\n$ echo $?\n1", false),
    ] {
        let folder = empty();
        let report = lies("page", &page(block), folder.path());
        assert_eq!(report.is_empty(), honest, "{block}: {report:?}");
    }
}
