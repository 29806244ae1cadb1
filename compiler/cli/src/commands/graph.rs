//! `exoc graph`: draws the application. Writes nothing but its result.

use super::show;
use crate::args::{Drawing, Global, Graph, Shown};
use crate::disk;
use crate::error::{CommandError, Exit};
use crate::parallel;
use crate::pipeline::{self, Compilation};
use crate::terminal::Console;
use exoc_diagnostics::Sink;
use exoc_graph::Picture;
use exoc_manifest::ast::Manifest;

/// Runs the command.
///
/// # Errors
///
/// If the application is not found, an environment is unknown or one too many, or the result cannot be printed.
pub fn run(global: &Global, graph: &Graph, console: &Console) -> Result<Exit, CommandError> {
    let drawing = match global.format {
        Shown::Picture(drawing) => drawing,
        // It stood before the command, and means diagnostics.
        Shown::Report(_) => Drawing::default(),
    };
    if drawing != Drawing::Html && graph.environments.len() > 1 {
        return Err(CommandError::CommandLine {
            message: "a picture shows one environment".to_owned(),
            help: vec!["name one with `--env`, or draw a page of several: `--format html`".to_owned()],
        });
    }
    let application = disk::find(&global.directory)?;
    let compilation =
        pipeline::with_manifest(&application.folder, &graph.environments, |manifest, _, sink| {
            let pictures = pictures(&manifest, &wanted(&manifest, graph, drawing), sink);
            pictures.map(|pictures| drawn(&pictures, drawing))
        })?;
    let exit = show(global, &application.prefix, &compilation, console);
    if let Compilation {
        product: Some(text), ..
    } = &compilation
        && exit == Exit::Fine
    {
        console.result(text)?;
    }
    Ok(exit)
}

/// The environments to draw, in order.
fn wanted(manifest: &Manifest, graph: &Graph, drawing: Drawing) -> Vec<String> {
    let all = exoc_lower::environments(manifest)
        .into_iter()
        .map(|environment| environment.name);
    let all: Vec<String> = all.collect();
    match (graph.environments.as_slice(), drawing) {
        ([], Drawing::Html) => all,
        // The first is `local`.
        ([], Drawing::Svg | Drawing::Mermaid | Drawing::Dot) => {
            let deployed = all.get(1).or(all.first());
            deployed.cloned().into_iter().collect()
        }
        (named, _) => all.into_iter().filter(|name| named.contains(name)).collect(),
    }
}

/// The pictures of these environments.
fn pictures(manifest: &Manifest, wanted: &[String], sink: &mut Sink) -> Option<Vec<Picture>> {
    let mut pictures = Vec::new();
    for environment in exoc_lower::environments(manifest) {
        // All environments are lowered, so that the faults of all come out.
        if let Ok(program) = exoc_lower::lower(manifest, &environment.name, sink).finish(sink)
            && wanted.contains(&environment.name)
        {
            pictures.push(Picture::of(&program));
        }
    }
    sink.checkpoint().ok().map(|()| pictures)
}

fn drawn(pictures: &[Picture], drawing: Drawing) -> String {
    let one = |print: &dyn Fn(&Picture) -> String| pictures.first().map(print).unwrap_or_default();
    match drawing {
        Drawing::Svg => one(&|picture| exoc_graph::svg(picture, &exoc_graph::place(picture))),
        Drawing::Mermaid => one(&exoc_graph::mermaid),
        Drawing::Dot => one(&exoc_graph::dot),
        Drawing::Html => {
            let places = parallel::map(pictures.iter().collect(), exoc_graph::place);
            let pages: Vec<_> = pictures.iter().zip(&places).collect();
            exoc_graph::html(&pages)
        }
    }
}
