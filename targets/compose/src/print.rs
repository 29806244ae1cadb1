//! The model as files. Owns escaping and layout; decides nothing.

mod compose;
mod guide;
mod haproxy;
mod scalar;

#[cfg(test)]
mod tests;

use crate::model::{File, Model};
use exoc_diagnostics::{Diagnostic, Failed, Sink, Span, codes};
use exoc_ir::{Artifacts, Comments};
use std::collections::BTreeMap;

/// The files of a project. `at` is where the project was asked for, should two files want one path.
///
/// # Errors
///
/// If a generated file has no valid path, which is a fault of exoc and reported as one.
pub(crate) fn print(model: &Model, at: Span, sink: &mut Sink) -> Result<Artifacts, Failed> {
    let files: BTreeMap<&str, String> = model
        .files
        .iter()
        .map(|(path, file)| (path.as_str(), contents(file)))
        .collect();
    let project = compose::print(model, &files);
    let mut artifacts = Artifacts::default();
    let mut all = vec![
        ("compose.yaml", Comments::Hash, project),
        (
            "README.md",
            Comments::Markup,
            guide::print(&model.project, &model.guide),
        ),
    ];
    if !model.guide.variables.is_empty() {
        all.push((
            ".gitignore",
            Comments::Hash,
            "# The values of secrets.\n.env\n".to_owned(),
        ));
    }
    all.extend(
        files
            .into_iter()
            .map(|(path, contents)| (path, Comments::Hash, contents)),
    );
    for (path, comments, contents) in all {
        if let Err(path) = artifacts.text(path, comments, contents) {
            sink.error(
                Diagnostic::new(codes::INTERNAL, format!("a file cannot be made at `{path}`"))
                    .at(at, "")
                    .help("this is a fault of exoc; please report it with the manifest"),
            );
        }
    }
    sink.checkpoint()?;
    Ok(artifacts)
}

fn contents(file: &File) -> String {
    match file {
        File::Text(text) => text.clone(),
        File::Gateway(gateway) => haproxy::print(gateway),
    }
}
