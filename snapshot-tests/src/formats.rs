//! A broken application in every format of diagnostics: `formats/app`, and what is told of it in `formats/golden`.

use crate::Problem;
use crate::case::{Case, root};
use exoc::error::{CommandError, Warnings};
use exoc::pipeline::{self, Compilation};
use exoc::registry::TARGETS;
use exoc::render::{self, Colour, Document, Ending, Report, Style, WIDTH};
use exoc_diagnostics::{Diagnostic, Sources};
use exoc_lower::{Output, Selection};
use std::path::PathBuf;

/// All documents, with the ends of their names.
pub const DOCUMENTS: &[(Document, &str)] = &[
    (Document::Json, "json.json"),
    (Document::Sarif, "sarif.json"),
    (Document::Github, "github.txt"),
    (Document::Gitlab, "gitlab.json"),
    (Document::Junit, "junit.xml"),
];

/// Compiles sources as `exoc check` does.
///
/// # Errors
///
/// If the command line would be wrong, which that of a test is not.
pub fn compiled(sources: &dyn Sources) -> Result<Compilation<Vec<Output>>, CommandError> {
    let place = |_: &str, _: &str| "../../..".to_owned();
    pipeline::compile(sources, &Selection::default(), TARGETS, &place, |output| output)
}

/// Shows a compilation of the folder `shop` of a repository, as seen from that folder.
pub fn shown<T>(compilation: &Compilation<T>, show: impl Fn(&Report<'_>) -> String) -> String {
    let diagnostics: Vec<&Diagnostic> = compilation.diagnostics.iter().collect();
    show(&Report {
        diagnostics: &diagnostics,
        sources: &compilation.sources,
        redacted: &compilation.redacted,
        prefix: "",
        root: "shop/",
        warnings: Warnings::Allowed,
        fault: None,
    })
}

/// What is told of the broken application: names of goldens, and contents.
///
/// # Errors
///
/// If a file cannot be read.
pub fn goldens() -> Result<Vec<(String, String)>, Problem> {
    let case = Case {
        name: "formats".to_owned(),
        folder: root().join("snapshot-tests/formats/app"),
        goldens: folder(),
        targets: None,
    };
    let wrong = |error: CommandError| Problem::Manifest {
        case: case.name.clone(),
        text: error.to_string(),
    };
    let compilation = compiled(&case.sources()?).map_err(wrong)?;
    let style = Style {
        colour: Colour::Plain,
        width: WIDTH,
    };
    let human = shown(&compilation, |report| render::human::report(report, style));
    let concise = shown(&compilation, render::concise::report);
    let mut goldens = vec![
        ("human.txt".to_owned(), human),
        ("concise.txt".to_owned(), concise),
    ];
    for (document, end) in DOCUMENTS {
        let text = shown(&compilation, |report| document.print(report, Ending::Checked));
        goldens.push(((*end).to_owned(), text));
    }
    Ok(goldens)
}

/// Where goldens are.
#[must_use]
pub fn folder() -> PathBuf {
    root().join("snapshot-tests/formats/golden")
}

/// Makes the goldens what is told now, and gives the names of those that changed.
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
