//! Prints what the front end says of a folder: `cargo run -p exoc-manifest --example show -- FOLDER`.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a tool for whoever works on this crate"
)]

use exoc_diagnostics::{Entry, Label, ReadError, Sink, SourceMap, Sources, VirtualPath};
use std::io::ErrorKind;
use std::path::PathBuf;

struct Disk(PathBuf);

impl Sources for Disk {
    fn read(&self, path: &VirtualPath) -> Result<Vec<u8>, ReadError> {
        std::fs::read(self.0.join(path.as_str())).map_err(|error| {
            let absent = error.kind() == ErrorKind::NotFound;
            if absent {
                ReadError::NotFound
            } else {
                ReadError::Other(error.to_string())
            }
        })
    }

    fn entry(&self, path: &VirtualPath) -> Result<Entry, ReadError> {
        match std::fs::metadata(self.0.join(path.as_str())) {
            Ok(meta) if meta.is_dir() => Ok(Entry::Folder),
            Ok(_) => Ok(Entry::File),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Entry::Absent),
            Err(error) => Err(ReadError::Other(error.to_string())),
        }
    }
}

fn main() {
    let folder = std::env::args().nth(1).unwrap_or_else(|| ".".into());
    let (mut map, mut sink) = (SourceMap::default(), Sink::new());
    let manifest = exoc_manifest::load(&Disk(folder.into()), &mut map, &mut sink);
    let diagnostics = sink.into_sorted();
    for diagnostic in &diagnostics {
        println!(
            "{}[{}]: {}",
            diagnostic.code.severity.word(),
            diagnostic.code.id,
            diagnostic.message
        );
        for label in diagnostic.primary.iter().chain(&diagnostic.secondary) {
            show(&map, label);
        }
        for help in &diagnostic.help {
            println!("   = help: {help}");
        }
        println!();
    }
    if diagnostics.is_empty() {
        println!("no diagnostics; manifest: {}", manifest.is_some());
    }
}

fn show(map: &SourceMap, label: &Label) {
    let (Some(file), Some(start), Some(end)) = (
        map.file(label.span.source),
        map.start(label.span),
        map.end(label.span),
    ) else {
        return;
    };
    let line = file.text.lines().nth(start.line - 1).unwrap_or_default();
    let width = if start.line == end.line {
        end.column - start.column
    } else {
        line.chars().count() + 1 - start.column
    };
    println!("  --> {}:{}:{}", file.path, start.line, start.column);
    println!("   | {line}");
    println!(
        "   | {}{} {}",
        " ".repeat(start.column - 1),
        "^".repeat(width.max(1)),
        label.message
    );
}
