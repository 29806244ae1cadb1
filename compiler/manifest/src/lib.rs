//! Reads application.yml and every service.yml into a spanned syntax tree.
//!
//! text -> [`exoc_diagnostics::Node`] (`yaml`) -> [`ast`] (`bind`). This crate checks the shape of each file and
//! nothing between files; it knows neither the IR nor any target. All faults of all files come out together: a
//! file that cannot be read leaves [`ast::Field::Broken`] behind and hides no fault of another file.

pub mod ast;
mod bind;
mod dockerfile;
mod locate;
mod read;
mod reference;
mod words;
mod yaml;

use bind::{Binder, Layer};
use exoc_diagnostics::{Sink, SourceMap, Sources, Span, VirtualPath};

/// The keys of each noun, for the tests that compare them with the schemas.
#[doc(hidden)]
pub mod keys {
    pub use crate::bind::keys::{ALL, Keys};
}

/// Reads and binds all files of the application in the root folder of `sources`.
///
/// Returns what could be read, also after errors: `sink` says whether there were any. `None` if application.yml
/// itself cannot be read as a mapping. In `map`, application.yml is the first text, and the files of services
/// follow by role.
pub fn load(sources: &dyn Sources, map: &mut SourceMap, sink: &mut Sink) -> Option<ast::Manifest> {
    let mut reported = Sink::new();
    let manifest = read_and_bind(sources, map, &mut reported);
    words::hand_over(reported, sink);
    manifest
}

fn read_and_bind(sources: &dyn Sources, map: &mut SourceMap, sink: &mut Sink) -> Option<ast::Manifest> {
    let id = read::application_file(sources, map, sink).ok()?;
    let text = map.file(id)?.text.clone();
    let document = yaml::parse(id, &text, sink).ok()?;
    let mut binder = Binder {
        text: &text,
        marks: &document.marks,
        sink: &mut *sink,
        folder: VirtualPath::root(),
        layer: Layer::Weakest,
    };
    let application = binder
        .application(&document.root, Span::new(id, 0, text.len()))
        .ok()?;
    let service_files = locate::service_files(&application, sources, map, sink);
    Some(ast::Manifest {
        application,
        service_files,
    })
}

/// Reads one text into a spanned tree, for tools that walk a manifest without binding it.
///
/// # Errors
///
/// If the text is not YAML.
pub fn tree(
    source: exoc_diagnostics::SourceId,
    text: &str,
    sink: &mut Sink,
) -> Result<exoc_diagnostics::Node, exoc_diagnostics::Failed> {
    yaml::parse(source, text, sink).map(|document| document.root)
}
