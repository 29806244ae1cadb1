//! What the `source` of files names, as bytes. Reads each place once, however many layers name it; changes nothing of
//! what it reads, and does not know where the files will lie.

use crate::ast::{
    Application, Contents, Development, Field, File, ServiceFile, ServiceLayer, Shared, Source, Table,
};
use crate::read::unreadable;
use exoc_diagnostics::{
    Diagnostic, Entry, Failed, ReadError, Sink, Sources, Span, Spanned, VirtualPath, codes,
};
use indexmap::IndexMap;
use std::collections::BTreeMap;

/// The most bytes of all files of one component, and so of one source.
const MOST_BYTES: usize = 1 << 20;
/// The most files and folders of one source: links can make a few of them look like endlessly many.
const MOST_ENTRIES: usize = 4096;

/// Reads every source of a manifest.
pub(crate) fn contents(
    application: &Application,
    files: &IndexMap<String, Field<ServiceFile>>,
    sources: &dyn Sources,
    sink: &mut Sink,
) -> BTreeMap<VirtualPath, Result<Source, Failed>> {
    let mut named = Named::default();
    named.shared(&application.shared);
    for environment in application.environments.values() {
        if let Field::Set(environment) = environment {
            named.shared(&environment.shared);
        }
    }
    for file in files.values() {
        if let Field::Set(file) = file {
            named.layer(&file.layer);
            named.development(&file.development);
        }
    }
    let mut reader = Reader { sources, sink };
    named
        .0
        .into_iter()
        .map(|(path, at)| {
            let source = reader.source(&path, at);
            (path, source)
        })
        .collect()
}

/// The paths that layers name, each with the first place that names it.
#[derive(Default)]
struct Named(BTreeMap<VirtualPath, Span>);

impl Named {
    fn shared(&mut self, shared: &Shared) {
        for entry in shared.services.values() {
            if let Field::Set(entry) = entry {
                self.layer(&entry.layer);
                self.development(&entry.development);
            }
        }
        for dependency in shared.dependencies.values() {
            if let Field::Set(dependency) = dependency {
                self.layer(&dependency.layer);
            }
        }
    }

    fn development(&mut self, development: &Field<Box<Development>>) {
        if let Field::Set(development) = development {
            self.layer(&development.layer);
        }
    }

    fn layer(&mut self, layer: &ServiceLayer) {
        self.files(&layer.files);
    }

    fn files(&mut self, files: &Table<File>) {
        for file in files.values() {
            if let Field::Set(File {
                span: _,
                source: Field::Set(Spanned { value, span }),
                content: _,
                executable: _,
            }) = file
            {
                let first = self.0.entry(value.clone()).or_insert(*span);
                *first = (*first).min(*span);
            }
        }
    }
}

struct Reader<'a> {
    sources: &'a dyn Sources,
    sink: &'a mut Sink,
}

impl Reader<'_> {
    fn source(&mut self, path: &VirtualPath, at: Span) -> Result<Source, Failed> {
        if path.as_str().is_empty() {
            return Err(self.sink.error(
                Diagnostic::new(
                    codes::MALFORMED,
                    "the application's whole folder is no source of files",
                )
                .at(at, "holds what is generated, too")
                .help("name a file or a folder in it"),
            ));
        }
        match self.sources.entry(path) {
            Ok(Entry::Absent) => Err(self.sink.error(unreadable(path, &ReadError::NotFound, Some(at)))),
            Ok(Entry::File) => self.file(path, at, MOST_BYTES).map(Source::File),
            Ok(Entry::Folder) => self.folder(path, at).map(Source::Folder),
            Err(error) => Err(self.sink.error(unreadable(path, &error, Some(at)))),
        }
    }

    /// A file of at most `left` bytes.
    fn file(&mut self, path: &VirtualPath, at: Span, left: usize) -> Result<Contents, Failed> {
        match self.sources.read(path) {
            Ok(bytes) if bytes.len() <= left => Ok(Contents(bytes.into())),
            Ok(_) | Err(ReadError::TooLarge(_)) => Err(self.too_large(at, "more than 1 MiB")),
            Err(error) => Err(self.sink.error(unreadable(path, &error, Some(at)))),
        }
    }

    /// All files below a folder, by their paths seen from it.
    fn folder(&mut self, folder: &VirtualPath, at: Span) -> Result<BTreeMap<VirtualPath, Contents>, Failed> {
        let (mut files, mut left, mut entries) = (BTreeMap::new(), MOST_BYTES, 0);
        let mut open = vec![VirtualPath::root()];
        while let Some(inner) = open.pop() {
            let path = folder.join(inner.as_str()).unwrap_or_default();
            let names = self.sources.list(&path);
            let names = names.map_err(|error| self.sink.error(unreadable(&path, &error, Some(at))))?;
            entries += names.len();
            if entries > MOST_ENTRIES {
                let many = format!("more than {MOST_ENTRIES} files and folders");
                return Err(self.too_large(at, &many));
            }
            for name in names {
                let inner = self.name(&inner, &name, at)?;
                let path = folder.join(inner.as_str()).unwrap_or_default();
                match self.sources.entry(&path) {
                    Ok(Entry::Folder) => open.push(inner),
                    Ok(Entry::File) => {
                        let contents = self.file(&path, at, left)?;
                        left -= contents.0.len();
                        files.insert(inner, contents);
                    }
                    // A link that leads nowhere.
                    Ok(Entry::Absent) => {
                        let fault = unreadable(&path, &ReadError::NotFound, Some(at));
                        return Err(self.sink.error(fault));
                    }
                    Err(error) => return Err(self.sink.error(unreadable(&path, &error, Some(at)))),
                }
            }
        }
        if files.is_empty() {
            return Err(self.sink.error(
                Diagnostic::new(codes::MISSING_PATH, format!("there is no file in `{folder}`"))
                    .at(at, "an empty folder")
                    .help("put a file into it, or name another folder"),
            ));
        }
        Ok(files)
    }

    /// The path of what is called `name` in `folder`, if a container can have one of this name.
    fn name(&mut self, folder: &VirtualPath, name: &str, at: Span) -> Result<VirtualPath, Failed> {
        let path = match folder.join(name) {
            Ok(path) if !name.contains([':', ',']) => path,
            Ok(_) | Err(_) => {
                let message = format!("a file there is called `{}`", name.escape_debug());
                return Err(self.sink.error(
                    Diagnostic::new(codes::MALFORMED, message)
                        .at(at, "not every target can place this name")
                        .help("give it a name without `:`, `,`, `\\` and control characters"),
                ));
            }
        };
        Ok(path)
    }

    fn too_large(&mut self, at: Span, what: &str) -> Failed {
        self.sink.error(
            Diagnostic::new(codes::FILES_TOO_LARGE, format!("a source of files holds {what}"))
                .at(at, "1 MiB is the most of all files together")
                .help("put large files into the image, or into a volume or bucket"),
        )
    }
}
