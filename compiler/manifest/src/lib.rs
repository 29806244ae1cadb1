//! Reads application.yml and every service.yml into a spanned syntax tree.
//!
//! text -> [`exoc_diagnostics::Node`] (`yaml`) -> [`ast`] (`bind`). This crate checks the shape of each file and
//! nothing between files; it knows neither the IR nor any target. All faults of all files come out together: a
//! file that cannot be read leaves [`ast::Field::Broken`] behind and hides no fault of another file.

pub mod ast;
mod bind;
mod contents;
mod dockerfile;
mod exception;
mod locate;
mod read;
mod reference;
mod salvage;
mod words;
mod yaml;

use bind::Binder;
use exoc_diagnostics::{
    Failed, InTurn, Rulings, Sink, SourceId, SourceMap, Sources, Span, VirtualPath, Workers,
};
use locate::Locator;

/// The keys of each noun, for the tests that compare them with the schemas.
#[doc(hidden)]
pub mod keys {
    pub use crate::bind::dependency::PRODUCTS;
    pub use crate::bind::keys::{ALL, Keys};
}

/// Reads and binds all files of the application in the root folder of `sources`.
///
/// Returns what could be read, also after errors: `sink` says whether there were any. `None` if application.yml
/// itself cannot be read as a mapping. In `map`, application.yml is the first text; every service.yml follows by
/// role, then the Dockerfiles.
pub fn load(sources: &dyn Sources, map: &mut SourceMap, sink: &mut Sink) -> Option<ast::Manifest> {
    load_by(&InTurn, sources, map, sink)
}

/// As [`load`]; the files of services are parsed and bound by `workers`.
pub fn load_by(
    workers: &dyn Workers,
    sources: &dyn Sources,
    map: &mut SourceMap,
    sink: &mut Sink,
) -> Option<ast::Manifest> {
    let mut reported = Sink::new();
    let manifest = read_and_bind(workers, sources, map, &mut reported);
    words::hand_over(reported, sink);
    manifest
}

fn read_and_bind(
    workers: &dyn Workers,
    sources: &dyn Sources,
    map: &mut SourceMap,
    sink: &mut Sink,
) -> Option<ast::Manifest> {
    let read = read::application_file(sources, map, sink);
    let id = match &read {
        Ok(id) => *id,
        Err(unread) => unread.lossy?,
    };
    let text = map.file(id)?.text.clone();
    let application = match read {
        Ok(_) => bind_application(id, &text, sink).ok(),
        Err(_) => None,
    };
    let faultless = sink.checkpoint().is_ok();
    let mut locator = Locator::new(sources, map, sink);
    let read = application.map(|mut application| {
        locator.found_in(&mut application);
        (locator.service_files(&application, workers), application)
    });
    if !faultless {
        // What was lost may have named services whose files have faults of their own.
        locator.others(&salvage::values(id, &text));
    }
    let exceptions = exception::exceptions(map, sink);
    read.map(|(service_files, application)| ast::Manifest {
        contents: contents::contents(&application, &service_files, sources, sink),
        rulings: Rulings(exception::levels(&application).chain(exceptions).collect()),
        service_files,
        application,
    })
}

fn bind_application(id: SourceId, text: &str, sink: &mut Sink) -> Result<ast::Application, Failed> {
    let document = yaml::parse(id, text, sink)?;
    let mut binder = Binder {
        text,
        marks: &document.marks,
        sink,
        folder: VirtualPath::root(),
    };
    binder.application(&document.root, Span::new(id, 0, text.len()))
}

/// Reads one text into a spanned tree, for tools that walk a manifest without binding it.
///
/// # Errors
///
/// If the text is not YAML.
pub fn tree(source: SourceId, text: &str, sink: &mut Sink) -> Result<exoc_diagnostics::Node, Failed> {
    yaml::parse(source, text, sink).map(|document| document.root)
}
