//! Late files: what a companion writes into volumes of the task, because what they hold is known only then.

use super::value::{is_absent, text};
use super::{Context, container::node};
use crate::model::{Variable, Writer, WrittenFolder};
use exoc_diagnostics::Span;
use exoc_emit::base64;
use exoc_ir::{Component, LateContents, LateFile, Part, Value, Workload};
use std::collections::BTreeMap;
use unicode_normalization::is_nfc;

/// Where the companion has the folders that it fills, by number.
const FOLDERS: &str = "/files";

/// Makes standard input a file of this mode.
const PUT: &str = "put() { mkdir -p \"$(dirname \"./$2\")\"; cat >\"./$2\"; chmod \"$1\" \"./$2\"; }";

/// What a companion is to write, before it is known where its values come from.
pub(super) struct Draft {
    lines: Vec<String>,
    folders: Vec<WrittenFolder>,
    /// A part of a file each, and where the file was written.
    parts: Vec<(Value, Span)>,
    /// Bytes of each file that a task definition or the store must hold, and where it was written.
    pub(super) sizes: Vec<(usize, Span)>,
}

/// What the companion of a workload is to write; `None` if it has no late files.
pub(super) fn draft(context: &Context<'_>, component: Component, workload: &Workload) -> Option<Draft> {
    let late = &workload.files.late;
    if late.is_empty() {
        return None;
    }
    let mut draft = Draft {
        lines: vec!["umask 022".to_owned(), PUT.to_owned()],
        folders: Vec::new(),
        parts: Vec::new(),
        sizes: Vec::new(),
    };
    for (number, (root, files)) in late.iter().enumerate() {
        let folder = format!("{FOLDERS}/{number}");
        draft.lines.push(format!("cd {folder}"));
        for (name, file) in present(context, files) {
            let place = format!("files.{root}/{name}");
            draft.add(name, file, context.program.at(node(component), &place));
        }
        draft.folders.push(WrittenFolder {
            volume: format!("exoc-files-{number}"),
            written_at: folder,
            read_at: root.clone(),
        });
    }
    Some(draft)
}

/// The files that are there: without those that are an attribute which a product does not have.
fn present<'f>(
    context: &Context<'_>,
    files: &'f BTreeMap<String, LateFile>,
) -> impl Iterator<Item = (&'f str, &'f LateFile)> {
    let is_there = |file: &LateFile| match &file.contents {
        LateContents::Value(value) => !is_absent(value, &text(context, value)),
        LateContents::Known(_) => true,
    };
    files
        .iter()
        .filter(move |(_, file)| is_there(file))
        .map(|(name, file)| (name.as_str(), file))
}

impl Draft {
    /// The values of its variables by the names under which a composed secret holds them, and their places.
    pub(super) fn values(&self) -> impl Iterator<Item = (String, &Value, Span)> {
        let parts = self.parts.iter().enumerate();
        parts.map(|(number, (value, place))| (format!("EXOC_{}", variable(number)), value, *place))
    }

    /// The companion, given where each of its values comes from.
    pub(super) fn finish(self, variables: Vec<Variable>) -> Writer {
        Writer {
            script: self.lines.join("; "),
            variables: variables
                .into_iter()
                .enumerate()
                .map(|(number, value)| (variable(number), value))
                .collect(),
            folders: self.folders,
        }
    }

    fn add(&mut self, name: &str, file: &LateFile, place: Span) {
        let LateFile { contents, executable } = file;
        let first = self.parts.len();
        let pieces = match contents {
            LateContents::Known(contents) => vec![known(contents.bytes())],
            LateContents::Value(value) => pieces(value),
        };
        let mut words = Vec::new();
        for (value, is_encoded) in pieces {
            let print = format!("printf %s \"${}\"", variable(self.parts.len()));
            words.push(if is_encoded {
                format!("{print} | base64 -d")
            } else {
                print
            });
            self.parts.push((value, place));
        }
        let mode = if *executable { "0555" } else { "0444" };
        let made = match words.as_slice() {
            [only] if !only.contains('|') => only.clone(),
            _ => format!("{{ {}; }}", words.join("; ")),
        };
        self.lines.push(format!("{made} | put {mode} {}", quoted(name)));
        let bytes = self.parts.iter().skip(first).map(|(value, _)| length(value));
        self.sizes.push((bytes.sum(), place));
    }
}

fn variable(number: usize) -> String {
    format!("FILE_{number}")
}

/// Bytes as a text, and whether it is encoded: what HCL would change and what no variable can hold is.
fn known(bytes: &[u8]) -> (Value, bool) {
    match std::str::from_utf8(bytes) {
        Ok(text) if is_nfc(text) && !text.contains('\0') => (Value::literal(text), false),
        Ok(_) | Err(_) => (Value::literal(base64::encode(bytes)), true),
    }
}

/// A value in parts, of which those that HCL would change are encoded.
fn pieces(value: &Value) -> Vec<(Value, bool)> {
    let mut pieces = Vec::new();
    let mut plain = Value::default();
    for part in value.parts() {
        match part {
            Part::Text(text) if !is_nfc(text) => {
                if !plain.parts().is_empty() {
                    pieces.push((std::mem::take(&mut plain), false));
                }
                pieces.push((Value::literal(base64::encode(text.as_bytes())), true));
            }
            Part::Text(_) | Part::Secret(_) | Part::Attribute(..) => plain.push(part.clone()),
        }
    }
    if pieces.is_empty() || !plain.parts().is_empty() {
        pieces.push((plain, false));
    }
    pieces
}

fn length(value: &Value) -> usize {
    let length = |part: &Part| match part {
        Part::Text(text) => text.len(),
        // Names of AWS are at most this long.
        Part::Secret(_) | Part::Attribute(..) => 255,
    };
    value.parts().iter().map(length).sum()
}

/// A word of a shell.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', "'\\''"))
}
