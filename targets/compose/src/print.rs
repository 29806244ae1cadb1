//! The model as files. Owns escaping and layout; decides nothing.

mod comments;
mod compose;
mod guide;
mod haproxy;
mod scalar;

#[cfg(test)]
mod tests;

use crate::model::{File, Model};
use exoc_diagnostics::{Diagnostic, Failed, Sink, SourceMap, Span, VirtualPath, codes};
use exoc_emit::yaml::{self, Mapping};
use exoc_ir::{Artifact, Artifacts, Comments};

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
        all.push((".gitignore", Comments::Hash, ignored(model)));
    }
    let named = all.into_iter().map(|(path, comments, contents)| {
        let artifact = Artifact {
            contents: contents.into_bytes(),
            executable: false,
            comments,
        };
        (path, artifact)
    });
    let files = model.files.iter();
    let files = files.map(|(path, file)| (path.as_str(), artifact(file, sources)));
    for (path, artifact) in named.chain(files) {
        let made = VirtualPath::new(path).is_some_and(|path| artifacts.insert(path, artifact).is_ok());
        if !made {
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

/// What Git leaves out. A service may have a file of the name as well, which is no secret.
fn ignored(model: &Model) -> String {
    let mut text = "# The values of secrets.\n.env\n".to_owned();
    if model.files.keys().any(|path| path.ends_with("/.env")) {
        text.push_str("# Files of services.\n!/files/**/.env\n");
    }
    text
}

/// A file with the lines that it comes from, or a copy as it is.
fn artifact(file: &File, sources: &SourceMap) -> Artifact {
    let commented = |contents: String| Artifact {
        contents: contents.into_bytes(),
        executable: false,
        comments: Comments::Hash,
    };
    match file {
        File::Text(from, text) => commented(comments::above(text, sources, from)),
        File::Gateway(gateway) => commented(haproxy::print(gateway, sources)),
        File::Copy(contents, executable) => Artifact {
            contents: contents.bytes().to_vec(),
            executable: *executable,
            comments: Comments::None,
        },
    }
}
