//! Files of the manifest: copies of what is known lie beside the project and are mounted, and a companion writes the
//! rest, whose folders are volumes, before the component starts.

use super::{Context, labels, node, service, text};
use crate::model::{Condition, File, Life, Model, Mount, Piece, Provenance, Seed, Service, Text};
use crate::names;
use exoc_diagnostics::Sink;
use exoc_ir::{Access, Component, Contents, Files, FixedFile, LateContents, LateFile};
use std::collections::BTreeMap;

/// Where a companion has the folders that it fills, by number.
const FOLDERS: &str = "/files";
/// Where it has the files that it only copies, by number.
const KNOWN: &str = "/known";
/// The most bytes of a variable: Linux takes no string above 128 KiB from whoever starts a program, and a secret's
/// length is not known.
const LONGEST: usize = 64 << 10;

/// Adds the files of a component to its service, and the companion that writes the late ones.
pub(super) fn add(
    model: &mut Model,
    context: &Context<'_>,
    component: Component,
    planned: &mut Service,
    sink: &mut Sink,
) {
    let program = context.program;
    let Some(workload) = program.workload(component) else {
        return;
    };
    let Files { fixed, late } = &workload.files;
    let role = program.role(component);
    for (path, FixedFile { contents, executable }) in fixed {
        let mount = copy(model, role, path, path.clone(), contents, *executable);
        planned.mounts.push(mount);
    }
    if late.is_empty() {
        return;
    }
    let places = late
        .iter()
        .flat_map(|(root, files)| files.keys().map(move |name| (root, name)));
    let from: Provenance = places
        .map(|(root, name)| program.at(node(component), &format!("files.{root}/{name}")))
        .collect();
    let purpose = format!("Writes files of `{role}`, and ends.");
    let mut companion = service::companion(from.clone(), purpose, exoc_catalogue::PROBE_IMAGE, (0, 0));
    let mut script = Script::new();
    for (number, (root, files)) in late.iter().enumerate() {
        let volume = names::files_volume(role, number);
        let folder = format!("{FOLDERS}/{number}");
        model.volumes.insert(volume.clone(), from.clone());
        planned.mounts.push(Mount::Filled {
            volume: volume.clone(),
            target: root.clone(),
        });
        companion.mounts.push(Mount::Volume {
            volume,
            target: folder.clone(),
            access: Access::Write,
            seed: Seed::Image,
        });
        let present = present(context, files);
        script.begin(&folder, present.keys().copied());
        for (name, LateFile { contents, executable }) in present {
            match contents {
                LateContents::Value(value) => {
                    script.write(text::text(program, value, sink), name, *executable);
                }
                LateContents::Known(contents) => {
                    let target = format!("{KNOWN}/{}", script.copied);
                    let path = format!("{root}/{name}");
                    let mount = copy(model, role, &path, target.clone(), contents, false);
                    companion.mounts.push(mount);
                    script.copy(&target, name, *executable);
                }
            }
        }
        script.end();
    }
    companion.command = Some(["sh".into(), "-euc".into(), script.lines.join("; ").into()].into());
    companion.environment = script.variables;
    companion.life = match planned.life {
        // It is started with the job that needs it, and `up` leaves both alone.
        Life::OnDemand => Life::OnDemand,
        Life::Forever | Life::Once | Life::Test => Life::Once,
    };
    companion.replicas = planned.replicas;
    let helper = names::files(role);
    companion.labels = labels::of(program, &helper, "companion");
    planned.depends_on.insert(helper.clone(), Condition::Renewed);
    model.services.insert(helper, companion);
}

/// The files that are there: without those that are an attribute which a dependency does not have here.
fn present<'f>(
    context: &Context<'_>,
    files: &'f BTreeMap<String, LateFile>,
) -> BTreeMap<&'f str, &'f LateFile> {
    let is_there = |file: &LateFile| match &file.contents {
        LateContents::Value(value) => !text::is_absent(context.program, value),
        LateContents::Known(_) => true,
    };
    files
        .iter()
        .filter(|(_, file)| is_there(file))
        .map(|(name, file)| (name.as_str(), file))
        .collect()
}

/// A copy beside the project of what lies at `path` in the end, and its mount.
fn copy(
    model: &mut Model,
    role: &str,
    path: &str,
    target: String,
    contents: &Contents,
    executable: bool,
) -> Mount {
    let file = names::file(role, path);
    model
        .files
        .insert(file.clone(), File::Copy(contents.clone(), executable));
    Mount::File { file, target }
}

/// Makes standard input a file of this mode: at once, so that whoever reads the folder meanwhile sees it as it was or as
/// it is to be.
const PUT: &str = "put() { cat >.exoc-unfinished; chmod \"$1\" .exoc-unfinished; mkdir -p \"$(dirname \"./$2\")\"; \
                   mv -f .exoc-unfinished \"./$2\"; }";

/// What a companion does. Every `up` starts it again, also while the component runs.
struct Script {
    lines: Vec<String>,
    variables: BTreeMap<String, Text>,
    copied: usize,
}

impl Script {
    fn new() -> Self {
        Self {
            lines: vec!["umask 022".to_owned(), PUT.to_owned()],
            variables: BTreeMap::new(),
            copied: 0,
        }
    }

    /// Goes to a folder, and takes away what an earlier manifest had there.
    fn begin<'n>(&mut self, folder: &str, kept: impl Iterator<Item = &'n str>) {
        self.lines.push(format!("cd {folder}"));
        self.lines.push("chmod -R u+w .".to_owned());
        let others: String = kept
            .map(|name| format!(" ! -path {}", quoted(&pattern(name))))
            .collect();
        self.lines
            .push(format!("find . -type f{others} -exec rm -f {{}} +"));
        self.lines
            .push("find . -mindepth 1 -depth -type d -exec rmdir {} + 2>/dev/null || :".to_owned());
    }

    fn write(&mut self, text: Text, name: &str, executable: bool) {
        let mut words = String::new();
        for part in parts(text) {
            let variable = format!("FILE_{}", self.variables.len());
            words.push_str(&format!(" \"${variable}\""));
            self.variables.insert(variable, part);
        }
        let put = put(name, executable);
        self.lines.push(format!("printf %s{words} | {put}"));
    }

    fn copy(&mut self, from: &str, name: &str, executable: bool) {
        self.copied += 1;
        let put = put(name, executable);
        self.lines.push(format!("{put} <{from}"));
    }

    /// Leaves the folder so that nobody can change it.
    fn end(&mut self) {
        self.lines.push("chmod -R a-w .".to_owned());
    }
}

fn put(name: &str, executable: bool) -> String {
    let mode = if executable { "0555" } else { "0444" };
    format!("put {mode} {}", quoted(name))
}

/// A text in parts that a variable can hold.
fn parts(Text(pieces): Text) -> Vec<Text> {
    let (mut parts, mut part, mut length) = (Vec::new(), Vec::new(), 0);
    for piece in pieces {
        match piece {
            Piece::Variable(_) => part.push(piece),
            Piece::Literal(text) => {
                let mut rest = text.as_str();
                while length + rest.len() > LONGEST {
                    let (fits, beyond) = rest.split_at(rest.floor_char_boundary(LONGEST - length));
                    part.push(Piece::Literal(fits.to_owned()));
                    parts.push(Text(std::mem::take(&mut part)));
                    (rest, length) = (beyond, 0);
                }
                length += rest.len();
                part.push(Piece::Literal(rest.to_owned()));
            }
        }
    }
    parts.push(Text(part));
    parts
}

/// A word of a shell.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// A pattern of `find` that matches this path of the folder and nothing else.
fn pattern(name: &str) -> String {
    let mut pattern = String::from("./");
    for character in name.chars() {
        if ['*', '?', '[', '\\'].contains(&character) {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern
}
