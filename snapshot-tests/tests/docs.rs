//! Every diagnostic has a page, and every page tells the truth.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use exoc::error::Warnings;
use exoc::render::{Colour, Report, Style, WIDTH, human};
use exoc_diagnostics::{CODES, Code, Diagnostic, MemorySources, Severity, SourceMap};
use exoc_lower::Selection;
use exoc_snapshot_tests::page::{self, Mark};
use exoc_snapshot_tests::{case, concise};
use std::collections::{BTreeMap, BTreeSet};

fn codes() -> impl Iterator<Item = &'static Code> {
    CODES.iter().copied().flatten().copied()
}

/// Where a diagnostic begins, in the form of a page's marks.
fn mark(diagnostic: &Diagnostic, map: &SourceMap) -> Mark {
    let span = diagnostic.primary.as_ref().map(|label| label.span);
    let path = span
        .and_then(|span| map.file(span.source))
        .map(|file| file.path.to_string());
    let line = span.and_then(|span| map.start(span)).map_or(0, |at| at.line);
    let Code { id, severity, .. } = diagnostic.code;
    (
        path.unwrap_or_default(),
        line,
        severity.word().to_owned(),
        (*id).to_owned(),
    )
}

#[test]
fn codes_are_unique_and_sorted() {
    let ids: Vec<&str> = codes().map(|code| code.id).collect();
    assert!(ids.is_sorted_by(|a, b| a < b), "{ids:?}");
    let names: BTreeSet<&str> = codes().map(|code| code.name).collect();
    assert_eq!(names.len(), ids.len());
}

#[test]
fn every_page_has_its_sections() {
    let mut report = String::new();
    for code in codes() {
        let page = page::of(code);
        let title = format!("{} {}", code.id, code.name);
        if page.title != title {
            report += &format!("{title}: the title is `{}`\n", page.title);
        }
        if page.sections != ["Why", "Example", "Fix"] {
            report += &format!("{title}: the sections are {:?}\n", page.sections);
        }
        if page.example.is_empty() == page.shown_by.is_none() {
            report += &format!("{title}: an example or a test that shows it, and not both\n");
        }
    }
    assert!(report.is_empty(), "{report}");
}

#[test]
fn every_example_is_reported_where_its_page_says_and_every_fix_is_clean() {
    let mut report = String::new();
    for code in codes() {
        let page = page::of(code);
        if page.example.is_empty() {
            continue;
        }
        let (_, diagnostics, map) = case::try_compile(&page.example_sources(), &Selection::default());
        let marks = page.marks();
        let counts = |d: &&Diagnostic| d.code.severity != Severity::Note || d.code.id == code.id;
        let found: BTreeSet<Mark> = diagnostics.iter().filter(counts).map(|d| mark(d, &map)).collect();
        let wanted: BTreeSet<Mark> = marks.into_iter().collect();
        if !wanted.iter().any(|(_, _, _, id)| id == code.id) {
            report += &format!("{}: no line of the example is marked with it\n", code.id);
        }
        if found != wanted {
            let text = concise(&diagnostics, &map);
            report += &format!(
                "{}: the example is marked {wanted:?}, and reported is\n{text}",
                code.id
            );
        }
        if let Some(silent) = diagnostics.iter().find(|d| d.help.is_empty()) {
            report += &format!("{}: no help in `{}`\n", code.id, silent.message);
        }
        if page.fix.is_empty() && code.severity == Severity::Note {
            continue; // nothing to fix: the page says so
        }
        let (_, diagnostics, map) = case::try_compile(&page.fix_sources(), &Selection::default());
        let bad = |d: &&Diagnostic| d.code.severity == Severity::Error || d.code.id == code.id;
        if diagnostics.iter().any(|d| bad(&d)) {
            report += &format!("{}: the fix gives\n{}", code.id, concise(&diagnostics, &map));
        }
    }
    assert!(report.is_empty(), "{report}");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "reads the tests that pages name")]
fn every_test_that_a_page_names_exists() {
    let mut report = String::new();
    for (code, test) in codes().filter_map(|code| Some((code, page::of(code).shown_by?))) {
        let found = test.split_once("::").is_some_and(|(file, name)| {
            std::fs::read_to_string(case::root().join(file))
                .is_ok_and(|text| text.contains(&format!("fn {}(", name.rsplit("::").next().unwrap_or(name))))
        });
        if !found {
            report += &format!("{}: there is no test `{test}`\n", code.id);
        }
    }
    assert!(report.is_empty(), "{report}");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "reads the folder of pages")]
fn no_page_is_an_orphan() {
    let known: BTreeSet<String> = codes()
        .map(|code| format!("{}-{}.md", code.id, code.name))
        .collect();
    let folder = case::root().join("docs/diagnostics");
    let found: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    let orphans: Vec<&String> = found
        .difference(&known)
        .filter(|name| *name != REGISTER)
        .collect();
    assert_eq!(orphans, Vec::<&String>::new());
}

/// The register of messages that are still poor.
const REGISTER: &str = "POOR.md";

/// The text of the block of code that begins with `fence`.
fn block<'t>(entry: &'t str, fence: &str) -> Option<&'t str> {
    let (_, rest) = entry.split_once(&format!("```{fence}\n"))?;
    rest.split_once("```").map(|(text, _)| text)
}

/// What is printed for an application.yml, but for notes.
fn printed(text: &str) -> (BTreeSet<&'static str>, String) {
    let mut sources = MemorySources::default();
    sources.insert("application.yml", text);
    let (_, diagnostics, map) = case::try_compile(&sources, &Selection::default());
    let told: Vec<&Diagnostic> = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.code.severity > Severity::Note)
        .collect();
    let report = Report {
        diagnostics: &told,
        sources: &map,
        redacted: &[],
        prefix: "",
        root: "",
        fault: None,
        warnings: Warnings::Allowed,
    };
    let style = Style {
        colour: Colour::Plain,
        width: WIDTH,
    };
    let codes = told.iter().map(|diagnostic| diagnostic.code.id).collect();
    (codes, human::report(&report, style))
}

#[test]
#[expect(clippy::disallowed_methods, reason = "reads the register")]
fn the_register_of_poor_messages_is_honest() {
    let register = std::fs::read_to_string(case::root().join("docs/diagnostics").join(REGISTER)).unwrap();
    let mut report = String::new();
    let mut entries = 0;
    for entry in register.split("\n## ").skip(1) {
        entries += 1;
        let title = entry.lines().next().unwrap_or_default();
        let code = title.split(' ').next().unwrap_or_default();
        let (Some(input), Some(text)) = (block(entry, "yaml application.yml"), block(entry, "text")) else {
            panic!("{title}: an input and what is printed");
        };
        assert!(entry.contains("\nBetter: "), "{title}: what would be better");
        let (codes, found) = printed(input);
        if found != text || codes.into_iter().next().unwrap_or("none") != code {
            report += &format!("## {title}\n{found}\n");
        }
    }
    assert!(entries > 0);
    assert!(report.is_empty(), "what is printed now:\n{report}");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "reads the pages of targets")]
fn every_target_has_a_page_and_a_row_in_the_readme() {
    let read = |path: &str| std::fs::read_to_string(case::root().join(path)).unwrap_or_default();
    let readme = read("README.md");
    for target in exoc::registry::TARGETS {
        let id = target.id();
        assert!(
            read(&format!("docs/targets/{id}.md")).contains(id),
            "docs/targets/{id}.md"
        );
        let support = format!("{:?}", target.support()).to_lowercase();
        let row = readme
            .lines()
            .find(|line| line.starts_with(&format!("| [`{id}`](docs/targets/{id}.md) |")));
        assert!(
            row.is_some_and(|row| row.ends_with(&format!("| {support} |"))),
            "{id} in README.md: {row:?}"
        );
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "reads generated pages")]
fn the_feature_table_is_current() {
    let found = std::fs::read_to_string(case::root().join("docs/feature-table.md")).unwrap_or_default();
    assert_eq!(
        found,
        exoc::commands::targets::feature_table(),
        "run `cargo dev generate`"
    );
}

/// A page per product and one of volumes, and none of a product that is gone.
#[test]
#[expect(clippy::disallowed_methods, reason = "reads generated pages")]
fn the_pages_of_dependencies_are_current() {
    let folder = case::root().join("docs/dependencies");
    let mut wanted = BTreeMap::from([
        ("README.md".to_owned(), exoc_catalogue::index()),
        ("volume.md".to_owned(), exoc_catalogue::volume()),
    ]);
    let pages = exoc_catalogue::ENTRIES.iter();
    wanted.extend(pages.map(|entry| (format!("{}.md", entry.word()), exoc_catalogue::page(entry))));
    let found: BTreeMap<String, String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(&path).unwrap())
        })
        .collect();
    assert_eq!(
        found.keys().collect::<Vec<_>>(),
        wanted.keys().collect::<Vec<_>>()
    );
    for (name, text) in wanted {
        assert_eq!(found.get(&name), Some(&text), "{name}: run `cargo dev generate`");
    }
}

/// What the language leaves out on purpose, each with words of the page's row.
const LEFT_OUT: &[&str] = &[
    "sidecars",
    "init containers",
    "sticky sessions",
    "regular expressions in paths",
    "headers in health checks",
    "requests apart from limits",
    "graphics processors",
    "host's network",
    "its folders",
    "engine's socket",
    "kernel settings",
    "several databases on one server",
    "scripts that fill a new database",
    "parameters at deployment time",
    "lists that merge as sets",
    "pull credentials",
    "existing networks",
    "named networks",
];

#[test]
#[expect(clippy::disallowed_methods, reason = "reads the page")]
fn what_is_left_out_on_purpose_has_a_reason_and_an_alternative() {
    let page = std::fs::read_to_string(case::root().join("docs/left-out.md")).unwrap();
    let rows: Vec<Vec<&str>> = page
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| not in the language"))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    for words in LEFT_OUT {
        let row = rows.iter().find(|row| row[0].contains(words));
        let row = row.unwrap_or_else(|| panic!("`{words}` has no row"));
        assert!(
            row.len() == 3 && row.iter().all(|cell| !cell.is_empty()),
            "{row:?}"
        );
    }
}
