//! role -> folder -> service.yml and Dockerfile.
//!
//! Each file is read and bound once, however many roles and environments name its folder.

mod development;

use crate::ast::{
    Application, Build, Development, Dockerfile, Field, ServiceEntry, ServiceFile, ServiceLayer,
};
use crate::bind::{Binder, OwnFile, join};
use crate::{dockerfile, read, yaml};
use exoc_diagnostics::{
    Diagnostic, Entry, Failed, ReadError, Sink, SourceId, SourceMap, Sources, Span, Spanned, VirtualPath,
    Workers, codes,
};
use indexmap::IndexMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The entries of each role: the application's own first, then those of environments.
fn roles(application: &Application) -> BTreeMap<&str, Vec<&ServiceEntry>> {
    let environments = application
        .environments
        .values()
        .filter_map(|environment| match environment {
            Field::Set(environment) => Some(&environment.shared.services),
            Field::Absent | Field::Removed(_) | Field::Broken(_) => None,
        });
    let mut roles: BTreeMap<&str, Vec<&ServiceEntry>> = BTreeMap::new();
    for (role, entry) in std::iter::once(&application.shared.services)
        .chain(environments)
        .flatten()
    {
        match entry {
            Field::Set(entry) => roles.entry(&role.value).or_default().push(entry),
            Field::Absent | Field::Removed(_) | Field::Broken(_) => {}
        }
    }
    roles
}

/// What a service.yml says.
fn bind_layer(
    map: &SourceMap,
    id: SourceId,
    folder: &VirtualPath,
    sink: &mut Sink,
) -> Result<OwnFile, Failed> {
    let text = map.file(id).map(|file| file.text.as_str()).unwrap_or_default();
    let document = yaml::parse(id, text, sink)?;
    let mut binder = Binder {
        text,
        marks: &document.marks,
        sink,
        folder: folder.clone(),
    };
    binder.service_file(&document.root)
}

/// Finds and reads the files of services.
pub(crate) struct Locator<'a> {
    sources: &'a dyn Sources,
    map: &'a mut SourceMap,
    sink: &'a mut Sink,
    layers: BTreeMap<VirtualPath, Result<OwnFile, Failed>>,
    dockerfiles: BTreeMap<VirtualPath, Result<Option<SourceId>, Failed>>,
    /// Folders that were looked at, so that a fault of one is reported once.
    folders: BTreeMap<VirtualPath, Result<(), Failed>>,
}

impl<'a> Locator<'a> {
    /// A locator that has read nothing.
    pub(crate) const fn new(sources: &'a dyn Sources, map: &'a mut SourceMap, sink: &'a mut Sink) -> Self {
        Self {
            sources,
            map,
            sink,
            layers: BTreeMap::new(),
            dockerfiles: BTreeMap::new(),
            folders: BTreeMap::new(),
        }
    }

    /// Reads the files of every role, sorted by role; what a service.yml says is found out by `workers`.
    pub(crate) fn service_files(
        &mut self,
        application: &Application,
        workers: &dyn Workers,
    ) -> IndexMap<String, Field<ServiceFile>> {
        let roles: Vec<_> = roles(application)
            .into_iter()
            .map(|(role, entries)| (role, self.location(role, &entries), entries))
            .collect();
        let locations = roles.iter().filter_map(|(_, location, _)| location.as_ref().ok());
        self.all_layers(locations.flatten(), workers);
        let mut files = IndexMap::new();
        for (role, location, entries) in roles {
            match self.role(location, &entries) {
                Field::Absent | Field::Removed(_) => {}
                found @ (Field::Broken(_) | Field::Set(_)) => {
                    files.insert(role.to_owned(), found);
                }
            }
        }
        files
    }

    /// Reports the faults of every service.yml that was not read yet and lies in one of the folders `named`, by
    /// folder. A text that names no such folder is no fault.
    pub(crate) fn others(&mut self, named: &[Spanned<&str>]) {
        let mut folders: BTreeMap<VirtualPath, Span> = BTreeMap::new();
        for name in named {
            if let Ok(folder) = VirtualPath::root().join(name.value) {
                folders.entry(folder).or_insert(name.span);
            }
        }
        for (folder, named_at) in folders {
            let file = |name| folder.join(name).map(|path| self.sources.entry(&path));
            let exists = |name| matches!(file(name), Ok(Ok(Entry::File)));
            if exists("service.yml") || exists("service.yaml") {
                // Only its faults matter: nothing is made of an application that could not be read.
                let _reported = self.layer(&folder, named_at);
            }
        }
    }

    fn role(
        &mut self,
        location: Result<Option<Spanned<String>>, Failed>,
        entries: &[&ServiceEntry],
    ) -> Field<ServiceFile> {
        let location = match location {
            Ok(Some(location)) => location,
            Ok(None) => return self.built_in_place(entries),
            Err(failed) => return Field::Broken(failed),
        };
        match self.service_file(&location, entries) {
            Ok(file) => Field::Set(file),
            Err(failed) => Field::Broken(failed),
        }
    }

    /// The one location of a role.
    fn location(&mut self, role: &str, entries: &[&ServiceEntry]) -> Result<Option<Spanned<String>>, Failed> {
        let mut first: Option<&Spanned<String>> = None;
        for entry in entries {
            let location = match &entry.location {
                Field::Absent | Field::Removed(_) => continue,
                Field::Broken(failed) => return Err(*failed),
                Field::Set(location) => location,
            };
            match first {
                None => first = Some(location),
                Some(other) if same_place(other, location) => {}
                Some(other) => {
                    return Err(self.sink.error(
                        Diagnostic::new(codes::CONFLICTING_KEYS, format!("`{role}` has two locations"))
                            .at(location.span, "another folder")
                            .also(other.span, "the first one")
                            .help("a role has one folder in all environments; give the other one a role of its own"),
                    ));
                }
            }
        }
        Ok(first.cloned())
    }

    fn service_file(
        &mut self,
        location: &Spanned<String>,
        entries: &[&ServiceEntry],
    ) -> Result<ServiceFile, Failed> {
        let folder =
            join(&VirtualPath::root(), location).map_err(|diagnostic| self.sink.error(*diagnostic))?;
        self.folder(&folder, location)?;
        let OwnFile { layer, development } = self.layer(&folder, location.span)?;
        let dockerfile = self.dockerfile(&folder, location.span, &Plan::of(&layer, entries))?;
        let local_dockerfile = match Plan::local(&layer, &development, entries) {
            Some(plan) => self.dockerfile(&folder, location.span, &plan)?,
            None => dockerfile.clone(),
        };
        Ok(ServiceFile {
            folder,
            dockerfile,
            layer,
            development,
            local_dockerfile,
        })
    }

    /// A role that is built without a location of its own: only its Dockerfile matters.
    fn built_in_place(&mut self, entries: &[&ServiceEntry]) -> Field<ServiceFile> {
        let nothing = ServiceLayer::default();
        let everywhere = Plan::of(&nothing, entries);
        let local = Plan::local(&nothing, &Field::Absent, entries).unwrap_or_else(|| everywhere.clone());
        let mut read = |plan: &Plan<'_>| match plan.build {
            Some(at) => self.dockerfile(&VirtualPath::root(), at, plan),
            None => Ok(None),
        };
        let built = everywhere.build.or(local.build).is_some();
        match read(&everywhere).and_then(|file| Ok((file, read(&local)?))) {
            Ok(_) if !built => Field::Absent,
            Ok((dockerfile, local_dockerfile)) => Field::Set(ServiceFile {
                folder: VirtualPath::root(),
                dockerfile,
                layer: Arc::default(),
                development: Field::Absent,
                local_dockerfile,
            }),
            Err(failed) => Field::Broken(failed),
        }
    }

    fn folder(&mut self, path: &VirtualPath, named: &Spanned<String>) -> Result<(), Failed> {
        if let Some(known) = self.folders.get(path) {
            return *known;
        }
        let found = self.look_at_folder(path, named);
        self.folders.insert(path.clone(), found);
        found
    }

    fn look_at_folder(&mut self, path: &VirtualPath, named: &Spanned<String>) -> Result<(), Failed> {
        let text = &named.value;
        let diagnostic = match self.sources.entry(path) {
            Ok(Entry::Folder) => return Ok(()),
            Ok(Entry::File) => {
                Diagnostic::new(codes::MISSING_PATH, format!("`{text}` is a file, not a folder"))
                    .at(named.span, "a file stands here")
                    .help(match text.rsplit_once('/') {
                        Some((folder, _)) if !folder.is_empty() => {
                            format!("write the folder that holds it: `{folder}`")
                        }
                        Some(_) | None => "write the folder that holds it".to_owned(),
                    })
            }
            Ok(Entry::Absent) => {
                let image = !text.starts_with('.') && (text.contains(':') || text.contains('.'));
                let help = if image {
                    format!("for an image from a registry write `image: {text}`")
                } else {
                    format!("create the folder `{path}` beside application.yml, or correct the path")
                };
                Diagnostic::new(codes::MISSING_PATH, format!("the folder `{text}` does not exist"))
                    .at(named.span, "no such folder")
                    .help(help)
            }
            Err(error) => read::unreadable(path, &error, Some(named.span)),
        };
        Err(self.sink.error(diagnostic))
    }

    /// What the service.yml of a folder says; empty layers if there is none.
    fn layer(&mut self, folder: &VirtualPath, named_at: Span) -> Result<OwnFile, Failed> {
        if let Some(known) = self.layers.get(folder) {
            return known.clone();
        }
        let layer = match self.read_layer(folder, named_at) {
            Ok(Some(id)) => bind_layer(self.map, id, folder, self.sink),
            Ok(None) => Ok(OwnFile::default()),
            Err(failed) => Err(failed),
        };
        self.keep(folder.clone(), layer)
    }

    /// Reads what the folders at these places hold, and binds it side by side. Of a folder that
    /// cannot be one nothing is read: whoever asks for it will hear why.
    fn all_layers<'l>(
        &mut self,
        locations: impl Iterator<Item = &'l Spanned<String>>,
        workers: &dyn Workers,
    ) {
        let mut texts: Vec<(VirtualPath, SourceId)> = Vec::new();
        let mut seen = BTreeSet::new();
        let folders: Vec<_> = locations
            .filter_map(|location| Some((join(&VirtualPath::root(), location).ok()?, location)))
            .filter(|(folder, _)| seen.insert(folder.clone()))
            .collect();
        let files =
            |(folder, _): &(VirtualPath, _)| ["service.yml", "Dockerfile"].map(|name| folder.join(name));
        let files: Vec<VirtualPath> = folders.iter().flat_map(files).flatten().collect();
        self.sources.expect(&files);
        for (folder, location) in folders {
            if self.folder(&folder, location).is_err() {
                continue;
            }
            match self.read_layer(&folder, location.span) {
                Ok(Some(id)) => texts.push((folder, id)),
                Ok(None) => drop(self.layers.insert(folder, Ok(OwnFile::default()))),
                Err(failed) => drop(self.layers.insert(folder, Err(failed))),
            }
        }
        let (map, beside) = (&*self.map, self.sink.beside());
        let bound = workers.map(&texts, |(folder, id)| {
            let mut sink = beside.beside();
            (bind_layer(map, *id, folder, &mut sink), sink)
        });
        for ((folder, _), (layer, sink)) in texts.into_iter().zip(bound) {
            self.sink.absorb(sink);
            // A fault was reported; by role the layer is asked for.
            let _kept = self.keep(folder, layer);
        }
    }

    fn keep(&mut self, folder: VirtualPath, mut layer: Result<OwnFile, Failed>) -> Result<OwnFile, Failed> {
        if let Ok(file) = &mut layer {
            self.found(&mut file.development);
        }
        self.layers.insert(folder, layer.clone());
        layer
    }

    /// The text of the service.yml of a folder, if there is one.
    fn read_layer(&mut self, folder: &VirtualPath, named_at: Span) -> Result<Option<SourceId>, Failed> {
        let path = folder.join("service.yml").unwrap_or_default();
        match self.sources.entry(&path) {
            Ok(Entry::Absent) => return self.no_service_file(folder, named_at),
            Ok(Entry::File | Entry::Folder) => {}
            Err(error) => return Err(self.sink.error(read::unreadable(&path, &error, Some(named_at)))),
        }
        read::file(path, named_at, self.sources, self.map, self.sink).map(Some)
    }

    /// What stands at a place, without its quotes.
    fn written(&self, at: Span) -> String {
        self.map.slice(at).trim_matches(['"', '\'']).to_owned()
    }

    fn no_service_file(&mut self, folder: &VirtualPath, named_at: Span) -> Result<Option<SourceId>, Failed> {
        let other = folder.join("service.yaml").unwrap_or_default();
        if self.sources.entry(&other) == Ok(Entry::File) {
            return Err(self.sink.error(
                Diagnostic::new(codes::MISSING_PATH, format!("`{other}` is not read"))
                    .at(named_at, "this folder has no service.yml")
                    .help("rename the file to `service.yml`"),
            ));
        }
        Ok(None)
    }

    /// The Dockerfile by which a service is built, if it is built.
    fn dockerfile(
        &mut self,
        folder: &VirtualPath,
        named_at: Span,
        plan: &Plan<'_>,
    ) -> Result<Option<Dockerfile>, Failed> {
        if plan.unknown {
            return Ok(None);
        }
        let context = match plan.context {
            Some(context) => {
                let named = Spanned::new(self.written(context.span), context.span);
                self.folder(&context.value, &named)?;
                context.value.clone()
            }
            None => folder.clone(),
        };
        let path = match plan.dockerfile {
            Some(name) => join(&context, name).map_err(|diagnostic| self.sink.error(*diagnostic))?,
            None => context.join("Dockerfile").unwrap_or_default(),
        };
        let at = plan
            .dockerfile
            .map(|name| name.span)
            .or(plan.context.map(|context| context.span))
            .or(plan.build);
        let Some(source) = self.read_dockerfile(&path, at, named_at)? else {
            return Ok(None);
        };
        let text = self
            .map
            .file(source)
            .map(|file| file.text.as_str())
            .unwrap_or_default();
        if let Some(stage) = plan.stage
            && let Some(diagnostic) = dockerfile::unknown_stage(source, text, path.as_str(), stage)
        {
            return Err(self.sink.error(diagnostic));
        }
        let stage = plan.stage.map(|stage| stage.value.as_str());
        Ok(Some(Dockerfile {
            path,
            user: dockerfile::user(source, text, stage),
            workdir: dockerfile::workdir(source, text, stage),
        }))
    }

    /// A Dockerfile from which something can be built.
    fn with_base(&mut self, source: SourceId) -> Result<SourceId, Failed> {
        let file = self.map.file(source);
        let fault = file.and_then(|file| dockerfile::fault(source, &file.text, file.path.as_str()));
        match fault {
            Some(diagnostic) => Err(self.sink.error(diagnostic)),
            None => Ok(source),
        }
    }

    /// The text of a Dockerfile; an error if there is none though `build`, at `required`, wants it.
    fn read_dockerfile(
        &mut self,
        path: &VirtualPath,
        required: Option<Span>,
        named_at: Span,
    ) -> Result<Option<SourceId>, Failed> {
        let known = match self.dockerfiles.get(path) {
            Some(known) => *known,
            None => {
                let found = match self.sources.entry(path) {
                    Ok(Entry::Absent) => Ok(None),
                    Ok(Entry::File | Entry::Folder) => read::file(
                        path.clone(),
                        required.unwrap_or(named_at),
                        self.sources,
                        self.map,
                        self.sink,
                    )
                    .and_then(|source| self.with_base(source))
                    .map(Some),
                    Err(ReadError::NotFound) => Ok(None),
                    Err(error) => {
                        let span = required.unwrap_or(named_at);
                        Err(self.sink.error(read::unreadable(path, &error, Some(span))))
                    }
                };
                self.dockerfiles.insert(path.clone(), found);
                found
            }
        };
        match (known?, required) {
            (Some(source), _) => Ok(Some(source)),
            (None, None) => Ok(None),
            (None, Some(span)) => Err(self.sink.error(
                Diagnostic::new(codes::MISSING_PATH, format!("there is no Dockerfile at `{path}`"))
                    .at(span, "built from here")
                    .help("write a Dockerfile there, or correct `context` and `dockerfile` of `build`"),
            )),
        }
    }
}

fn same_place(one: &Spanned<String>, other: &Spanned<String>) -> bool {
    let root = VirtualPath::root();
    root.join(&one.value).ok() == root.join(&other.value).ok()
}

/// What the layers say of `build`, the strongest word of each key.
#[derive(Clone, Default)]
struct Plan<'a> {
    build: Option<Span>,
    context: Option<&'a Spanned<VirtualPath>>,
    dockerfile: Option<&'a Spanned<String>>,
    stage: Option<&'a Spanned<String>>,
    /// Some layer is broken, or removes `build`.
    unknown: bool,
}

impl<'a> Plan<'a> {
    /// The words of the layers that all environments see, and of those that environments add.
    fn of(file: &'a ServiceLayer, entries: &[&'a ServiceEntry]) -> Self {
        let mut plan = Self::default();
        plan.overlay(&file.build);
        for entry in entries {
            plan.overlay(&entry.layer.build);
        }
        plan
    }

    /// The same with `development` above each layer, if one of them says something of `build`.
    fn local(
        file: &'a ServiceLayer,
        development: &'a Field<Box<Development>>,
        entries: &[&'a ServiceEntry],
    ) -> Option<Self> {
        let removed = |entry: &&ServiceEntry| matches!(entry.development, Field::Removed(_));
        let nothing = &Field::Absent;
        let kept = if entries.iter().any(removed) {
            nothing
        } else {
            development
        };
        let mut layers = vec![(file, kept)];
        layers.extend(entries.iter().map(|entry| (&entry.layer, &entry.development)));
        let mut plan = Self::default();
        let mut said = false;
        for (layer, development) in layers {
            plan.overlay(&layer.build);
            if let Field::Set(above) = development {
                said |= !matches!(above.layer.build, Field::Absent);
                plan.overlay(&above.layer.build);
            }
        }
        said.then_some(plan)
    }

    fn overlay(&mut self, build: &'a Field<Build>) {
        let build = match build {
            Field::Absent => return,
            Field::Set(build) => build,
            Field::Removed(_) => {
                *self = Self {
                    unknown: true,
                    ..Self::default()
                };
                return;
            }
            Field::Broken(_) => {
                self.unknown = true;
                return;
            }
        };
        let Build {
            span,
            context,
            dockerfile,
            stage,
            args: _,
            platforms: _,
        } = build;
        self.build = Some(*span);
        let context_known = strongest(&mut self.context, context);
        let dockerfile_known = strongest(&mut self.dockerfile, dockerfile);
        let stage_known = strongest(&mut self.stage, stage);
        self.unknown = !(context_known && dockerfile_known && stage_known);
    }
}

/// Lets a stronger layer's word win; false if it cannot be told.
fn strongest<'a, T>(known: &mut Option<&'a T>, field: &'a Field<T>) -> bool {
    match field {
        Field::Absent => {}
        Field::Removed(_) => *known = None,
        Field::Broken(_) => return false,
        Field::Set(value) => *known = Some(value),
    }
    true
}
