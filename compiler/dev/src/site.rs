//! The table of contents of the documentation site, which is mdBook's: every page of docs/ stands in it once.

use crate::error::Error;
use exoc_snapshot_tests::case;
use std::collections::BTreeSet;
use std::path::Path;

/// The parts of the site and their pages; a folder stands for its pages by name, its README.md first.
const PARTS: &[(&str, &[&str])] = &[
    (
        "Guide",
        &[
            "tutorial-laptop.md",
            "tutorial.md",
            "install.md",
            "generated-files.md",
            "diff.md",
            "graph.md",
            "exceptions.md",
            "formats.md",
            "pipeline.md",
            "editor.md",
        ],
    ),
    (
        "Reference",
        &[
            "manifest",
            "dependencies",
            "targets",
            "cli-reference.md",
            "feature-table.md",
            "left-out.md",
        ],
    ),
    ("Diagnostics", &["diagnostics"]),
    ("How it is made", &["architecture.md", "style.md", "decisions"]),
];

/// The page that a reader sees first.
const START: &str = "README.md";

/// docs/SUMMARY.md.
pub(crate) fn summary() -> Result<String, Error> {
    let docs = case::root().join("docs");
    let mut text = format!("# Summary\n\n[exoc]({START})\n");
    let mut listed = BTreeSet::from([START.to_owned(), "SUMMARY.md".to_owned()]);
    for (part, entries) in PARTS {
        text += &format!("\n# {part}\n\n");
        for entry in *entries {
            for path in below(&docs, entry)? {
                let title = title(&docs.join(&path))?;
                text += &format!("- [{title}]({path})\n");
                listed.insert(path);
            }
        }
    }
    let all: BTreeSet<String> = below(&docs, "")?.into_iter().collect();
    let missing: Vec<_> = all.difference(&listed).collect();
    if missing.is_empty() {
        Ok(text)
    } else {
        Err(Error::Refused(format!(
            "{missing:?} stand in no part of the site: compiler/dev/src/site.rs"
        )))
    }
}

/// The pages at or below a path of docs/, a folder's README.md first.
fn below(docs: &Path, entry: &str) -> Result<Vec<String>, Error> {
    let mut pages = Vec::new();
    for found in walkdir::WalkDir::new(docs.join(entry)).sort_by_file_name() {
        let found = found.map_err(|fault| Error::Refused(format!("docs/{entry}: {fault}")))?;
        let path = found.path().strip_prefix(docs).unwrap_or(found.path());
        if path.extension().is_some_and(|end| end == "md") {
            pages.push(path.to_string_lossy().into_owned());
        }
    }
    pages.sort_by_key(|page| (!page.ends_with("/README.md"), page.clone()));
    Ok(pages)
}

/// A page's first heading, without what Markdown makes of it.
fn title(path: &Path) -> Result<String, Error> {
    let text = std::fs::read_to_string(path).map_err(|error| Error::disk(path, &error))?;
    let first = text.lines().find_map(|line| line.strip_prefix("# "));
    let title = first.ok_or_else(|| Error::Refused(format!("{} has no title", path.display())))?;
    Ok(title.replace(['`', '[', ']'], ""))
}
