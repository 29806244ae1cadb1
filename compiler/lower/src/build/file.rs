//! Files: what they hold, where they lie, and which folders are their own. Reads nothing: what the manifest names was
//! read when the manifest was.

use super::volume::{lies_in, written};
use super::workload::SYSTEM;
use super::{Lowering, Site};
use crate::field::{Look, members};
use crate::resolve::Place;
use crate::words::quoted;
use exoc_diagnostics::{Diagnostic, Span, Spanned, codes};
use exoc_ir::{Bytes, Contents, Files, FixedFile, LateContents, LateFile, Mount, Part, Value};
use exoc_manifest::ast::{File, Source};
use std::collections::{BTreeMap, BTreeSet};

/// The most bytes of all files of one component.
const MOST_BYTES: usize = 1 << 20;
/// Folders without which no program runs.
const NEEDED: &[&str] = &["/", "/bin", "/etc", "/lib", "/opt", "/usr", "/var"];

/// A folder that something lies in, and where the manifest says so; nothing for one that is always there.
type Taken = (String, Option<Span>);

/// A file with its place in the manifest.
struct Placed {
    at: Span,
    contents: LateContents,
    executable: bool,
}

impl Lowering<'_> {
    /// The files of a component. `scratch` and `mounts` are its other folders, `workdir` its image's working directory
    /// as far as it is known.
    pub(crate) fn files(
        &mut self,
        site: &Site<'_>,
        scratch: &BTreeMap<String, Bytes>,
        mounts: &BTreeMap<String, Mount>,
        workdir: Option<&Spanned<String>>,
    ) -> Files {
        let mut sorted: Vec<(&Spanned<String>, &File)> = members(&site.layer.files).collect();
        if sorted.is_empty() {
            return Files::default();
        }
        sorted.sort_by(|(one, _), (other, _)| one.value.cmp(&other.value));
        let folders = scratch.keys().map(|folder| (folder, written(site, folder)));
        let volumes = mounts.keys().map(|folder| (folder, mounted(site, folder)));
        let taken: Vec<Taken> = folders
            .chain(volumes)
            .map(|(folder, at)| (folder.clone(), at))
            .collect();
        let mut placed: BTreeMap<String, Placed> = BTreeMap::new();
        for (path, file) in sorted {
            self.entry(site, path, file, &taken, &mut placed);
        }
        self.within_bounds(site, &placed);
        let roots = self.roots(&placed, &taken, workdir);
        divide(placed, &roots)
    }

    /// Adds what one member of `files` places.
    fn entry(
        &mut self,
        site: &Site<'_>,
        path: &Spanned<String>,
        file: &File,
        taken: &[Taken],
        placed: &mut BTreeMap<String, Placed>,
    ) {
        let Some(held) = self.held(site, path, file) else {
            return;
        };
        let written = file.executable.set();
        for (inner, contents) in held {
            if !self.can_lie(&inner, path, taken, placed) {
                return;
            }
            let field = format!("files.{inner}");
            self.place(site, &field, path.span);
            if let Some(executable) = written {
                self.place(site, &format!("{field}.executable"), executable.span);
            }
            placed.insert(
                inner,
                Placed {
                    at: path.span,
                    contents,
                    executable: written.is_some_and(|executable| executable.value),
                },
            );
        }
    }

    /// What lies where; `None` where that was reported.
    fn held(
        &mut self,
        site: &Site<'_>,
        path: &Spanned<String>,
        file: &File,
    ) -> Option<Vec<(String, LateContents)>> {
        let File {
            span: _,
            source,
            content,
            executable: _,
        } = file;
        let (source, content) = (source.known().ok()?, content.known().ok()?);
        if let Some(content) = content {
            self.credential_texts([content]);
            let value = self.value(site, content, Place::File).ok()?;
            let contents = match value.text() {
                Some(text) => LateContents::Known(text.into()),
                None => LateContents::Value(value),
            };
            return Some(vec![(path.value.clone(), contents)]);
        }
        let Some(named) = source else {
            let at = file.source.removed().or(file.content.removed());
            let path = quoted(&path.value);
            self.sink.error(
                Diagnostic::new(
                    codes::MISSING_KEY,
                    format!("nothing says what is in the file {path}"),
                )
                .at(at.unwrap_or(file.span), "`source` or `content` is required")
                .help("write `source` with the path of a file, or `content` with a text"),
            );
            return None;
        };
        let files = match self.contents.get(&named.value)?.as_ref().ok()? {
            Source::File(contents) => vec![(path.value.clone(), contents)],
            Source::Folder(files) => files
                .iter()
                .map(|(inner, contents)| (format!("{}/{inner}", path.value.trim_end_matches('/')), contents))
                .collect(),
        };
        for (_, contents) in &files {
            self.credential_file(&contents.0, named.span);
        }
        let known =
            |contents: &exoc_manifest::ast::Contents| LateContents::Known(Contents(contents.0.clone()));
        Some(
            files
                .into_iter()
                .map(|(path, contents)| (path, known(contents)))
                .collect(),
        )
    }

    /// Whether a file can lie at `inner`, which the member `path` of `files` places.
    fn can_lie(
        &mut self,
        inner: &str,
        path: &Spanned<String>,
        taken: &[Taken],
        placed: &BTreeMap<String, Placed>,
    ) -> bool {
        if inner == "/" || SYSTEM.iter().any(|system| lies_in(inner, system)) {
            let label = if inner == "/" {
                "the whole file system"
            } else {
                "belongs to the system"
            };
            let message = format!("{} cannot be a file", quoted(inner));
            self.sink.error(
                Diagnostic::new(codes::BAD_FOLDER, message)
                    .at(path.span, label)
                    .help("choose a folder of the program's own"),
            );
            return false;
        }
        if let Some((folder, at)) = taken
            .iter()
            .find(|(folder, _)| lies_in(inner, folder) || lies_in(folder, inner))
        {
            let (file, other) = (quoted(inner), quoted(folder));
            let message = if inner == folder {
                format!("two things lie at {file}")
            } else if lies_in(inner, folder) {
                format!("the file {file} lies in {other}")
            } else {
                format!("the file {file} lies around {other}")
            };
            self.clash(
                message,
                path.span,
                (&other, *at),
                "a folder of its own hides a file",
            );
            return false;
        }
        let above = ancestors(inner).find_map(|outer| Some((outer, placed.get(outer)?)));
        let below = placed
            .range(format!("{inner}/")..)
            .next()
            .filter(|(other, _)| lies_in(other, inner));
        let same = placed.get_key_value(inner);
        let Some((other, at)) = above
            .map(|(other, file)| (other, file.at))
            .or(below.or(same).map(|(other, file)| (other.as_str(), file.at)))
        else {
            return true;
        };
        let (file, outer) = (quoted(inner), quoted(other));
        let message = if other == inner {
            format!("two files lie at {file}")
        } else {
            let (inner, outer) = if lies_in(inner, other) {
                (file, &outer)
            } else {
                (outer.clone(), &file)
            };
            format!("the file {inner} lies in the file {outer}")
        };
        self.clash(
            message,
            path.span,
            (&outer, Some(at)),
            "give one of them another path",
        );
        false
    }

    fn clash(&mut self, message: String, at: Span, (other, taken): (&str, Option<Span>), help: &str) {
        let diagnostic = Diagnostic::new(codes::FOLDER_CLASH, message).at(at, "the file");
        let diagnostic = match taken {
            Some(taken) if taken != at => diagnostic.also(taken, "taken here"),
            Some(_) => diagnostic,
            None => diagnostic.help(format!("{other} always is a writable folder")),
        };
        self.sink.error(diagnostic.help(help));
    }

    /// Reports files that are too large together.
    fn within_bounds(&mut self, site: &Site<'_>, placed: &BTreeMap<String, Placed>) {
        let sized = || placed.values().map(|file| (size(&file.contents), file.at));
        let total: usize = sized().map(|(size, _)| size).sum();
        let Some((_, at)) = sized().max_by_key(|(size, _)| *size) else {
            return;
        };
        if total > MOST_BYTES {
            let message = format!(
                "the files of {} have {total} bytes together, and {MOST_BYTES} are the most",
                site.noun()
            );
            self.sink.error(
                Diagnostic::new(codes::FILES_TOO_LARGE, message)
                    .at(at, "the largest of them")
                    .help("put large files into the image, or into a volume or bucket"),
            );
        }
    }

    /// The topmost folders of late files.
    fn roots(
        &mut self,
        placed: &BTreeMap<String, Placed>,
        taken: &[Taken],
        workdir: Option<&Spanned<String>>,
    ) -> BTreeSet<String> {
        let mut folders: BTreeMap<&str, (&str, Span)> = BTreeMap::new();
        for (path, file) in placed {
            match file.contents {
                LateContents::Value(_) => {
                    folders.entry(parent(path)).or_insert((path, file.at));
                }
                LateContents::Known(_) => {}
            }
        }
        for (folder, (path, at)) in &folders {
            self.may_hide(folder, path, *at, workdir);
            let inner = taken
                .iter()
                .find(|(other, _)| !NEEDED.contains(folder) && lies_in(other, folder));
            if let Some((other, taken)) = inner {
                let message = format!(
                    "the file {} has {} to itself, and {} lies in it",
                    quoted(path),
                    quoted(folder),
                    quoted(other)
                );
                let help = "a file with a secret owns its folder: put it into one of its own";
                self.clash(message, *at, (&quoted(other), *taken), help);
            }
        }
        let topmost = |folder: &&str| !ancestors(folder).any(|outer| folders.contains_key(outer));
        folders
            .keys()
            .copied()
            .filter(topmost)
            .map(str::to_owned)
            .collect()
    }

    /// Reports a folder of a late file that hides what the program needs.
    fn may_hide(&mut self, folder: &str, path: &str, at: Span, workdir: Option<&Spanned<String>>) {
        let hidden = workdir.filter(|workdir| lies_in(&workdir.value, folder));
        let message = if NEEDED.contains(&folder) {
            format!("the file {} would hide all of {}", quoted(path), quoted(folder))
        } else if hidden.is_some() {
            format!("the file {} would hide the program", quoted(path))
        } else {
            return;
        };
        let mut diagnostic = Diagnostic::new(codes::HIDDEN_FOLDER, message).at(
            at,
            "nothing of the image is seen in the folder of a file with a secret",
        );
        if let Some(workdir) = hidden {
            diagnostic = diagnostic.also(workdir.span, "the image's working directory");
        }
        let name = path.rsplit('/').next().unwrap_or_default();
        let inner = folder.trim_end_matches('/');
        self.sink.error(diagnostic.help(format!(
            "put it into a folder of its own, as in `{inner}/secrets/{name}`"
        )));
    }
}

/// The files by kind: those under a root are late, whatever they hold.
fn divide(placed: BTreeMap<String, Placed>, roots: &BTreeSet<String>) -> Files {
    let mut files = Files::default();
    for (path, file) in placed {
        let Placed {
            at: _,
            contents,
            executable,
        } = file;
        let root = ancestors(&path).find(|folder| roots.contains(*folder));
        match (root, contents) {
            (Some(root), contents) => {
                let name = path.strip_prefix(root).unwrap_or(&path).trim_start_matches('/');
                let inside = files.late.entry(root.to_owned()).or_default();
                inside.insert(name.to_owned(), LateFile { contents, executable });
            }
            (None, LateContents::Known(contents)) => {
                files.fixed.insert(path, FixedFile { contents, executable });
            }
            // The folder of a late file is in a root.
            (None, LateContents::Value(_)) => {}
        }
    }
    files
}

/// The bytes that are known.
fn size(contents: &LateContents) -> usize {
    let of_part = |part: &Part| match part {
        Part::Text(text) => text.len(),
        Part::Secret(_) | Part::Attribute(..) => 0,
    };
    match contents {
        LateContents::Known(contents) => contents.bytes().len(),
        LateContents::Value(value) => Value::parts(value).iter().map(of_part).sum(),
    }
}

fn parent(path: &str) -> &str {
    match path.rsplit_once('/') {
        Some(("", _)) | None => "/",
        Some((folder, _)) => folder,
    }
}

/// The folders that an absolute path lies in, from the innermost.
fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    fn above(path: &str) -> Option<&str> {
        (path != "/").then(|| parent(path))
    }
    std::iter::successors(above(path), |path| above(path))
}

/// Where a volume at a folder is written.
fn mounted(site: &Site<'_>, folder: &str) -> Option<Span> {
    let mut volumes = members(&site.layer.volumes);
    volumes.find_map(|(_, volume)| {
        let path = volume.path.set()?;
        (path.value == folder).then_some(path.span)
    })
}
