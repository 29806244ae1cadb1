//! Files of the manifest: known ones lie in ConfigMaps and are mounted one by one, beside what the image has; late ones
//! are written by a companion into folders in memory before the program starts.
//!
//! A ConfigMap is called after what it holds and never changes, so that another content is another pod template of this
//! component and of no other.

use super::{Plan, environment, images, texts};
use crate::model::{
    Companion, Container, ContainerSecurity, Data, Kept, Mount, Object, Provenance, Volume, VolumeSource,
};
use crate::names;
use exoc_diagnostics::{Diagnostic, Failed, codes};
use exoc_emit::base64;
use exoc_ir::{
    Access, Component, Contents, Files, FixedFile, LateContents, LateFile, Part, Reference, Value,
};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// The most characters of a ConfigMap's content in JSON. `kubectl apply` keeps all of an object in an annotation, and
/// annotations have 256 KiB together.
///
/// Source: k8s.io/apimachinery 0.36.3, pkg/api/validation/objectmeta.go, `TotalAnnotationSizeLimitB`, which is 262144 and
/// the same in 0.35.2; 2026-11.
const MOST: usize = 240_000;
/// The most characters that late files have in the description of a pod, which has one such annotation as well.
const MOST_LATE: usize = 180_000;
/// The most bytes of a variable: Linux takes no string above 128 KiB from whoever starts a program, and a secret's
/// length is not known.
const LONGEST: usize = 64 << 10;
/// The most bytes of a Secret.
const SECRET: usize = 1 << 20;

/// Where the companion has the folders that it fills, by number.
const FOLDERS: &str = "/files";
/// Where it has what it copies.
const KNOWN: &str = "/known";
/// Makes standard input a file of this mode.
const PUT: &str = "put() { mkdir -p \"$(dirname \"./$2\")\"; cat >\"./$2\"; chmod \"$1\" \"./$2\"; }";

/// What a component's files add to its pod, and the objects that hold them.
#[derive(Default)]
pub(crate) struct Laid {
    pub(crate) objects: Vec<Object>,
    pub(crate) volumes: Vec<Volume>,
    pub(crate) mounts: Vec<Mount>,
    pub(crate) first: Option<Companion>,
}

impl Laid {
    /// What its volumes are called.
    pub(crate) fn names(&self) -> BTreeSet<String> {
        self.volumes.iter().map(|volume| volume.name.clone()).collect()
    }

    /// The same beside volumes that the manifest names, each of which keeps its name.
    pub(crate) fn beside(mut self, named: &BTreeSet<String>) -> Self {
        let mut taken: BTreeSet<String> = self.names().union(named).cloned().collect();
        for old in self.names().intersection(named) {
            let numbers = (2_u32..).map(|number| format!("{old}-{number}"));
            let new = numbers.into_iter().find(|name| !taken.contains(name));
            let new = new.unwrap_or_default();
            let volumes = self.volumes.iter_mut().map(|volume| &mut volume.name);
            let companion = self.first.iter_mut().flat_map(|it| &mut it.container.mounts);
            let mounts = self.mounts.iter_mut().chain(companion);
            let names = volumes.chain(mounts.map(|mount| &mut mount.volume));
            names
                .filter(|name| *name == old)
                .for_each(|name| name.clone_from(&new));
            taken.insert(new);
        }
        self
    }
}

/// Lays the files of a component.
pub(crate) fn lay(plan: &mut Plan<'_>, component: Component, files: &Files) -> Result<Laid, Failed> {
    let Files { fixed, late } = files;
    let mut shelves = Shelves::default();
    let mut laid = Laid::default();
    let mut script = Script::default();
    let mut joined = Vec::new();
    for (path, FixedFile { contents, executable }) in fixed {
        texts::check(plan, path, plan.place_of(component, &format!("files.{path}")));
        match shelves.put(path, contents, *executable).as_slice() {
            [place] => laid.mounts.push(shelves.mount(place, path, *executable)),
            pieces => joined.push((path, pieces.to_vec(), *executable)),
        }
    }
    for (number, (root, files)) in late.iter().enumerate() {
        texts::check(plan, root, plan.place_of(component, &format!("files.{root}")));
        let present = present(plan, files);
        let size = present.values().map(|file| size(&file.contents)).sum();
        let name = format!("files-{number}");
        script.begin(&name, number);
        for (name, LateFile { contents, executable }) in present {
            match contents {
                LateContents::Value(value) => {
                    script.write(value, name, *executable, format!("files.{root}/{name}"));
                }
                LateContents::Known(contents) => {
                    let path = format!("{root}/{name}");
                    let pieces = shelves.put(&path, contents, *executable);
                    script.copy(&pieces, name, *executable);
                }
            }
        }
        script.end();
        laid.volumes.push(in_memory(name.clone(), size));
        laid.mounts.push(whole(name, root.clone(), Access::Read));
    }
    join(&mut laid, &mut script, joined, late.len());
    shelves.close(plan, component, &mut laid, script.copies);
    if !script.lines.is_empty() {
        laid.first = Some(companion(plan, component, script, &laid, files)?);
    }
    Ok(laid)
}

/// Files that no ConfigMap holds alone: the companion joins their pieces.
fn join(laid: &mut Laid, script: &mut Script, joined: Vec<(&String, Vec<Place>, bool)>, number: usize) {
    if joined.is_empty() {
        return;
    }
    let name = format!("files-{number}");
    script.begin(&name, number);
    let mut size = 0;
    for (index, (path, pieces, executable)) in joined.into_iter().enumerate() {
        let file = index.to_string();
        script.copy(&pieces, &file, executable);
        size += pieces.len() * MOST;
        laid.mounts.push(Mount {
            volume: name.clone(),
            path: path.clone(),
            file: Some(file),
            access: Access::Read,
        });
    }
    script.end();
    laid.volumes.push(in_memory(name, size));
}

/// The files that are there: without those that are an attribute which a dependency does not have here.
fn present<'f>(plan: &Plan<'_>, files: &'f BTreeMap<String, LateFile>) -> BTreeMap<&'f str, &'f LateFile> {
    let is_there = |file: &LateFile| match &file.contents {
        LateContents::Value(value) => !environment::is_absent(plan, value),
        LateContents::Known(_) => true,
    };
    files
        .iter()
        .filter(|(_, file)| is_there(file))
        .map(|(name, file)| (name.as_str(), file))
        .collect()
}

/// The most bytes that a late file has.
fn size(contents: &LateContents) -> usize {
    let part = |part: &Part| match part {
        Part::Text(text) => text.len(),
        Part::Secret(_) | Part::Attribute(..) => SECRET,
    };
    match contents {
        LateContents::Value(value) => value.parts().iter().map(part).sum(),
        LateContents::Known(contents) => contents.bytes().len(),
    }
}

fn in_memory(name: String, bytes: usize) -> Volume {
    // A folder and a file have a page each at least.
    let mebi = bytes.div_ceil(1 << 20) + 1;
    Volume {
        name,
        source: VolumeSource::Memory(format!("{mebi}Mi")),
    }
}

const fn whole(volume: String, path: String, access: Access) -> Mount {
    Mount {
        volume,
        path,
        file: None,
        access,
    }
}

/// Where a file, or a piece of it, lies: the number of the ConfigMap, and the key.
#[derive(Clone)]
struct Place {
    shelf: usize,
    key: String,
}

/// ConfigMaps that are being filled.
#[derive(Default)]
struct Shelves {
    shelves: Vec<Shelf>,
}

#[derive(Default)]
struct Shelf {
    data: BTreeMap<String, Data>,
    length: usize,
    hash: Sha256,
    readable: bool,
    executable: bool,
}

impl Shelves {
    /// Puts a file where there is room; in pieces if it is larger than a ConfigMap.
    fn put(&mut self, path: &str, contents: &Contents, executable: bool) -> Vec<Place> {
        let (data, length) = encoded(contents.bytes());
        if length <= MOST {
            return vec![self.add(path, data, length, executable)];
        }
        let pieces = contents.bytes().chunks(MOST / 4 * 3);
        pieces
            .map(|piece| {
                let data = base64::encode(piece);
                let length = data.len();
                self.add(path, Data::Bytes(data), length, executable)
            })
            .collect()
    }

    fn add(&mut self, path: &str, data: Data, length: usize, executable: bool) -> Place {
        let has_room = |shelf: &Shelf| shelf.length + length <= MOST;
        let shelf = match self.shelves.iter().position(has_room) {
            Some(found) => found,
            None => {
                self.shelves.push(Shelf::default());
                self.shelves.len() - 1
            }
        };
        let mut key = String::new();
        if let Some(shelf) = self.shelves.get_mut(shelf) {
            key = names::file_key(path, &shelf.data);
            let (mark, text) = match &data {
                Data::Text(text) => ("text", text),
                Data::Bytes(text) => ("bytes", text),
            };
            for part in [&key, path, mark, text] {
                shelf.hash.update(part.len().to_be_bytes());
                shelf.hash.update(part.as_bytes());
            }
            shelf.data.insert(key.clone(), data);
            shelf.length += length;
            if executable {
                shelf.executable = true;
            } else {
                shelf.readable = true;
            }
        }
        Place { shelf, key }
    }

    /// The mount of a file by itself.
    fn mount(&self, place: &Place, path: &str, executable: bool) -> Mount {
        Mount {
            volume: volume(place.shelf, executable),
            path: path.to_owned(),
            file: Some(place.key.clone()),
            access: Access::Read,
        }
    }

    /// Makes the objects and their volumes. The companion reads all of them if it `copies`.
    fn close(self, plan: &mut Plan<'_>, component: Component, laid: &mut Laid, copies: bool) {
        for (number, shelf) in self.shelves.into_iter().enumerate() {
            let Shelf {
                data,
                length: _,
                hash,
                readable,
                executable,
            } = shelf;
            let hash: String = hash
                .finalize()
                .iter()
                .take(4)
                .map(|byte| format!("{byte:02x}"))
                .collect();
            let name = names::files(plan.program.role(component), &hash);
            let name = plan.shortened(name, plan.place(component));
            if readable || copies {
                laid.volumes.push(Volume {
                    name: volume(number, false),
                    source: VolumeSource::ConfigMap(name.clone()),
                });
            }
            if executable {
                laid.volumes.push(Volume {
                    name: volume(number, true),
                    source: VolumeSource::Programs(name.clone()),
                });
            }
            laid.objects
                .push(Object::ConfigMap(plan.meta(component, name), data));
        }
    }
}

/// The volume of a ConfigMap.
fn volume(shelf: usize, executable: bool) -> String {
    let word = if executable {
        "programs"
    } else {
        names::KNOWN_VOLUME
    };
    match shelf {
        0 => word.to_owned(),
        _ => format!("{word}-{}", shelf + 1),
    }
}

/// The content, and the characters that it has in JSON as Go writes it.
fn encoded(bytes: &[u8]) -> (Data, usize) {
    let text = std::str::from_utf8(bytes).ok();
    match text.filter(|text| texts::is_kept(text) && !text.contains('\0')) {
        Some(text) => (Data::Text(text.to_owned()), json(text)),
        None => {
            let text = base64::encode(bytes);
            let length = text.len();
            (Data::Bytes(text), length)
        }
    }
}

/// The bytes of a text in JSON.
fn json(text: &str) -> usize {
    let length = |character: char| match character {
        '"' | '\\' | '\n' | '\r' | '\t' => 2,
        '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => 6,
        other => other.len_utf8(),
    };
    text.chars().map(length).sum()
}

/// What the companion does. The kubelet may run it again over what it wrote.
#[derive(Default)]
struct Script {
    lines: Vec<String>,
    /// Folders that it fills.
    folders: Vec<Mount>,
    /// Parts of files, and the field that has each.
    parts: BTreeMap<String, (Value, String)>,
    copies: bool,
}

impl Script {
    fn begin(&mut self, volume: &str, number: usize) {
        if self.lines.is_empty() {
            self.lines.extend(["umask 022".to_owned(), PUT.to_owned()]);
        }
        let folder = format!("{FOLDERS}/{number}");
        self.lines.push(format!("cd {folder}"));
        // The folder itself is root's, and its owner need not be ours.
        self.lines
            .push("find . -mindepth 1 -exec chmod u+w {} +".to_owned());
        self.lines.push("find . -mindepth 1 -delete".to_owned());
        self.folders.push(whole(volume.to_owned(), folder, Access::Write));
    }

    fn write(&mut self, value: &Value, name: &str, executable: bool, field: String) {
        let mut words = String::new();
        for part in pieces(value) {
            let variable = format!("FILE_{}", self.parts.len());
            words.push_str(&format!(" \"${variable}\""));
            self.parts.insert(variable, (part, field.clone()));
        }
        self.lines
            .push(format!("printf %s{words} | {}", put(name, executable)));
    }

    fn copy(&mut self, pieces: &[Place], name: &str, executable: bool) {
        self.copies = true;
        let words: String = pieces
            .iter()
            .map(|Place { shelf, key }| format!(" {}", quoted(&format!("{KNOWN}/{shelf}/{key}"))))
            .collect();
        self.lines.push(format!("cat{words} | {}", put(name, executable)));
    }

    /// Leaves the folder so that nobody can change it.
    fn end(&mut self) {
        self.lines
            .push("find . -mindepth 1 -exec chmod a-w {} +".to_owned());
    }
}

fn put(name: &str, executable: bool) -> String {
    let mode = if executable { "0555" } else { "0444" };
    format!("put {mode} {}", quoted(name))
}

/// A word of a shell.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// A value in parts that a variable can hold.
fn pieces(value: &Value) -> Vec<Value> {
    let (mut pieces, mut piece, mut length) = (Vec::new(), Value::default(), 0);
    for part in value.parts() {
        match part {
            Part::Secret(_) | Part::Attribute(..) => piece.push(part.clone()),
            Part::Text(text) => {
                let mut rest = text.as_str();
                while length + rest.len() > LONGEST {
                    let (fits, beyond) = rest.split_at(rest.floor_char_boundary(LONGEST - length));
                    piece.push(Part::Text(fits.to_owned()));
                    pieces.push(std::mem::take(&mut piece));
                    (rest, length) = (beyond, 0);
                }
                length += rest.len();
                piece.push(Part::Text(rest.to_owned()));
            }
        }
    }
    pieces.push(piece);
    pieces
}

/// The container that writes files before the program starts.
fn companion(
    plan: &mut Plan<'_>,
    component: Component,
    script: Script,
    laid: &Laid,
    files: &Files,
) -> Result<Companion, Failed> {
    let Script {
        lines,
        folders,
        parts,
        copies,
    } = script;
    check_length(plan, component, &parts);
    let variables = environment::variables_of(plan, component, &parts)?;
    let Some(image) = Reference::parse(exoc_catalogue::PROBE_IMAGE) else {
        return Err(plan.fault(component, "the image that writes its files is none"));
    };
    let mut mounts = folders;
    if copies {
        let shelves = laid.objects.len();
        let known =
            (0..shelves).map(|shelf| whole(volume(shelf, false), format!("{KNOWN}/{shelf}"), Access::Read));
        mounts.extend(known);
    }
    let places = files
        .late
        .iter()
        .flat_map(|(root, files)| files.keys().map(move |name| format!("files.{root}/{name}")));
    let from = plan.written(component, places, &Provenance::default());
    let script = lines.join("\n");
    let container = Container {
        name: "exoc-files".to_owned(),
        image: images::pinned(plan, &image),
        pulls_again: !plan.program.environment().local,
        command: Some(["sh".into(), "-euc".into(), environment::escaped(&script)].into()),
        args: None,
        variables,
        ports: Vec::new(),
        cpu: "50m".to_owned(),
        memory: "64Mi".to_owned(),
        probes: None,
        sleep_before_stop: None,
        security: ContainerSecurity {
            privileged: false,
            read_only_root: true,
            capabilities: Kept::Only(Vec::new()),
        },
        mounts,
    };
    Ok(Companion { container, from })
}

/// Reports late files that are too large for the description of a pod.
fn check_length(plan: &mut Plan<'_>, component: Component, parts: &BTreeMap<String, (Value, String)>) {
    let text = |part: &Part| match part {
        Part::Text(text) => json(text),
        Part::Secret(_) | Part::Attribute(..) => 0,
    };
    let length = |value: &Value| value.parts().iter().map(text).sum::<usize>();
    let lengths = parts.values().map(|(value, field)| (length(value), field));
    let all: usize = lengths.clone().map(|(length, _)| length).sum();
    let Some((_, largest)) = lengths.max_by_key(|(length, _)| *length) else {
        return;
    };
    if all > MOST_LATE {
        let role = plan.program.role(component);
        let message = format!(
            "the files of `{role}` with secrets or attributes have {all} characters, and a pod holds {MOST_LATE}"
        );
        let diagnostic = Diagnostic::new(codes::TARGET_LIMIT, message)
            .at(plan.place_of(component, largest), "the largest")
            .help("keep what is secret in a small file of its own, and let the others hold no reference");
        plan.sink.error(diagnostic);
    }
}
