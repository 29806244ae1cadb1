//! What is said of data that the files of the tree spoke of and will not: a warning each. Knows no target.

use super::rendered;
use crate::args::{Format, Global};
use crate::disk::{Lost, Survey, Tree};
use crate::error::Exit;
use crate::pipeline::Compilation;
use crate::registry::TARGETS;
use crate::render;
use crate::terminal::Console;
use exoc_diagnostics::{Diagnostic, SourceMap, Span, codes};

/// What a warning about the tree needs of the compilation before.
pub(super) struct Teller<'a> {
    pub(super) global: &'a Global,
    /// Where the application is, as seen from where exoc was started.
    pub(super) prefix: String,
    pub(super) sources: SourceMap,
    pub(super) redacted: Vec<Span>,
    /// Where the manifest says what the application is called.
    pub(super) at: Option<Span>,
}

impl Teller<'_> {
    /// Warns of what is lost: people at once, programs in the document that is returned. The exit code is that of a
    /// compilation with these warnings.
    pub(super) fn tell(
        &self,
        tree: &Tree,
        survey: &Survey,
        document: &str,
        console: &Console,
    ) -> (String, Exit) {
        if survey.lost.is_empty() {
            return (document.to_owned(), Exit::Fine);
        }
        let warning = |lost: &Lost| warning(&tree.shown(&lost.path), &lost.identity, self.at);
        let told = Compilation::<()> {
            sources: self.sources.clone(),
            diagnostics: survey.lost.iter().map(warning).collect(),
            redacted: self.redacted.clone(),
            product: None,
        };
        let (text, exit) = rendered(self.global, &self.prefix, &told, console);
        if console.format == Format::Json {
            return (render::json::joined(document, &text), exit);
        }
        console.aside(&text);
        (document.to_owned(), exit)
    }
}

/// What the target says whose folder a file lies in.
fn given_up(path: &str) -> &'static str {
    let folders = path.rsplit('/').skip(1);
    let mut targets = folders.filter_map(|folder| TARGETS.iter().find(|target| target.id() == folder));
    targets
        .next()
        .map_or("otherwise it is lost", |target| target.given_up())
}

fn warning(path: &str, identity: &str, at: Option<Span>) -> Diagnostic {
    let warning = Diagnostic::new(
        codes::DATA_GIVEN_UP,
        format!("`{path}` held the data of `{identity}`, and no file does any more"),
    )
    .help(format!(
        "write `was: {identity}` at the new name if it was only renamed: it keeps its data then"
    ))
    .help(given_up(path));
    match at {
        Some(at) => warning.at(at, ""),
        None => warning,
    }
}
