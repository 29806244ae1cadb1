//! What is said of data that the files of the tree spoke of and will not: a warning each. Knows no target.

use super::Reported;
use crate::disk::{Lost, Survey, Tree};
use crate::error::{Exit, exit_of};
use crate::registry::TARGETS;
use crate::terminal::Console;
use exoc_diagnostics::{Diagnostic, Span, codes};

/// What a warning about the tree needs of the compilation before.
pub(super) struct Teller<'a> {
    pub(super) reported: Reported<'a>,
    /// Where the manifest says what the application is called.
    pub(super) at: Option<Span>,
}

impl Teller<'_> {
    /// The warnings of what is lost; people are told at once. The exit code is that of a compilation with them.
    pub(super) fn tell(&self, tree: &Tree, survey: &Survey, console: &Console) -> (Vec<Diagnostic>, Exit) {
        let warning = |lost: &Lost| warning(&tree.shown(&lost.path), &lost.identity, self.at);
        let warnings = survey.lost.iter().map(warning).collect();
        let warnings = self.reported.rulings.apply(warnings, console.today, false);
        let exit = exit_of(&warnings, self.reported.global.warnings());
        if !warnings.is_empty() && console.format.document().is_none() {
            self.reported.tell_these(&warnings, console);
        }
        (warnings, exit)
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
