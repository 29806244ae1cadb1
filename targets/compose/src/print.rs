//! The model as files. Owns escaping and layout; decides nothing.

mod comments;
mod compose;
mod guide;
mod haproxy;
mod scalar;

#[cfg(test)]
mod tests;

use crate::model::{File, Model};
use exoc_diagnostics::{Diagnostic, Failed, Sink, SourceMap, Span, codes};
use exoc_emit::yaml::{self, Mapping};
use exoc_ir::{Artifacts, Comments};

pub(crate) use compose::project;
pub(crate) use scalar::raw;

/// The files of a project, whose `compose.yaml` holds `document`. Comments name lines of `sources`; `at` is where the project was asked for, should two files want one path.
///
/// # Errors
///
/// If a generated file has no valid path, which is a fault of exoc and reported as one.
pub(crate) fn print(
    model: &Model,
    document: &Mapping,
    sources: &SourceMap,
    at: Span,
    sink: &mut Sink,
) -> Result<Artifacts, Failed> {
    let files = model.files.iter();
    let files = files.map(|(path, file)| (path.as_str(), contents(file, sources)));
    let mut artifacts = Artifacts::default();
    let mut all = vec![
        ("compose.yaml", Comments::Hash, yaml::print(document)),
        (
            "README.md",
            Comments::Markup,
            guide::print(&model.project, &model.guide),
        ),
    ];
    if let Some(tests) = &model.tests {
        let project = compose::tests(tests, &model.files, sources);
        all.push(("compose.test.yaml", Comments::Hash, yaml::print(&project)));
    }
    if !model.guide.variables.is_empty() {
        all.push((
            ".gitignore",
            Comments::Hash,
            "# The values of secrets.\n.env\n".to_owned(),
        ));
    }
    all.extend(files.map(|(path, contents)| (path, Comments::Hash, contents)));
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

/// A file with the lines that it comes from.
fn contents(file: &File, sources: &SourceMap) -> String {
    match file {
        File::Text(from, text) => comments::above(text, sources, from),
        File::Gateway(gateway) => haproxy::print(gateway, sources),
    }
}
