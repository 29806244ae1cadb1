//! What a service has on a developer's machine: mounted sources, what is watched, its test, ports for the developer.

use super::volume::lies_in;
use super::workload::SYSTEM;
use super::{Lowering, Site};
use crate::field::{Look, members};
use crate::merge::Service;
use crate::words::quoted;
use exoc_diagnostics::{Diagnostic, Span, Spanned, VirtualPath, codes};
use exoc_ir::{Development, Image, Renewal, Transport, Workload};
use exoc_manifest::ast::{DevelopmentKeys, Mounted};
use std::collections::{BTreeMap, BTreeSet};

impl Lowering<'_> {
    /// What `development` says of the service, which runs `workload`.
    pub(crate) fn development(
        &mut self,
        site: &Site<'_>,
        service: &Service,
        workload: &mut Workload,
    ) -> Development {
        let DevelopmentKeys {
            test,
            mount,
            watch,
            publish,
        } = &service.development;
        let mut sources = BTreeMap::new();
        let mut taken = taken(site, workload);
        for (folder, source) in members(mount) {
            self.place(site, &format!("development.mount.{}", folder.value), folder.span);
            let Some(source) = self.source(site, service, source) else {
                continue;
            };
            if self.can_be_mounted(folder, &taken) {
                taken.push((folder.value.clone(), Some(folder.span)));
                sources.insert(folder.value.clone(), source);
            }
        }
        self.loosen(
            site,
            members(mount).next().map(|(folder, _)| folder.span),
            workload,
        );
        let mut watched = BTreeMap::new();
        for path in watch.set().iter().flat_map(|paths| &paths.value) {
            let field = format!("development.watch.{}", path.value);
            self.place(site, &field, path.span);
            if let Some(renewal) = self.renewal(site, service, path, &sources, workload) {
                watched.insert(path.value.clone(), renewal);
            }
        }
        let test = test.set().map(|test| {
            self.place(site, "development.test", test.span);
            self.arguments(site, test, "test").unwrap_or_default()
        });
        let ports = publish.set().map_or(&[][..], |ports| ports.value.as_slice());
        Development {
            sources,
            watched,
            test,
            published: self.published(site, ports, workload),
        }
    }

    /// What lies in a mounted folder.
    fn source(
        &mut self,
        site: &Site<'_>,
        service: &Service,
        source: &Spanned<Mounted>,
    ) -> Option<VirtualPath> {
        match (&source.value, &service.folder, &service.location) {
            (Mounted::Folder(folder), _, _) | (Mounted::OwnFolder, Some(folder), _) => Some(folder.clone()),
            // A location that could not be found was reported.
            (Mounted::OwnFolder, None, Some(_)) => None,
            (Mounted::OwnFolder, None, None) => {
                let message = format!("{} has no folder to mount", site.noun());
                self.sink.error(
                    Diagnostic::new(codes::BAD_DEVELOPMENT, message)
                        .at(source.span, "means the folder of the service")
                        .help("say which folder, as in `mount: { /app: ./web }`, or write `location`"),
                );
                None
            }
        }
    }

    /// Whether a folder of the application can lie there.
    fn can_be_mounted(&mut self, folder: &Spanned<String>, taken: &[(String, Option<Span>)]) -> bool {
        let path = folder.value.as_str();
        let system = SYSTEM.iter().any(|system| lies_in(path, system));
        if path == "/" || system {
            let label = if system {
                "belongs to the system"
            } else {
                "the whole file system"
            };
            let message = format!("nothing can be mounted at {}", quoted(path));
            self.sink.error(
                Diagnostic::new(codes::BAD_FOLDER, message)
                    .at(folder.span, label)
                    .help("choose a folder of the program's own, as `/app`"),
            );
            return false;
        }
        let clash = taken
            .iter()
            .find(|(other, _)| lies_in(path, other) || lies_in(other, path));
        let Some((other, at)) = clash else {
            return true;
        };
        let message = if path == other {
            format!("two things lie at {}", quoted(path))
        } else {
            format!("one of {} and {} lies in the other", quoted(path), quoted(other))
        };
        let mut diagnostic =
            Diagnostic::new(codes::FOLDER_CLASH, message).at(folder.span, "a folder of the application");
        diagnostic = match at {
            Some(at) => diagnostic.also(*at, "taken here"),
            None => diagnostic.help(format!("{} always is a writable folder", quoted(other))),
        };
        self.sink
            .error(diagnostic.help("choose folders of which none lies in another"));
        false
    }

    /// Makes the file system writable where sources are mounted, at `at`, unless the manifest forbids it: what works on
    /// sources leaves things beside them.
    fn loosen(&mut self, site: &Site<'_>, at: Option<Span>, workload: &mut Workload) {
        let security = site.layer.security.set();
        let written = security.and_then(|security| security.writable_filesystem.set());
        if let (Some(at), None) = (at, written) {
            workload.security.root_writable = true;
            self.place(site, "security.writable-filesystem", at);
        }
    }

    /// How a change of `path` reaches the service. Reports one that never does.
    fn renewal(
        &mut self,
        site: &Site<'_>,
        service: &Service,
        path: &Spanned<VirtualPath>,
        sources: &BTreeMap<String, VirtualPath>,
        workload: &Workload,
    ) -> Option<Renewal> {
        let watched = &path.value;
        if sources.values().any(|source| is_below(watched, source)) {
            return Some(Renewal::Restart);
        }
        let context = match self.images.all.get(workload.image.index()) {
            Some((Image::Built(built), _)) => Some(&built.context),
            Some((Image::Pinned(_), _)) | None => None,
        };
        if context.is_some_and(|context| is_below(watched, context) || is_below(context, watched)) {
            return Some(Renewal::Rebuild);
        }
        if is_uncertain(service, context.is_some()) {
            return None;
        }
        let message = format!("a change of `{watched}` never reaches {}", site.noun());
        let diagnostic = Diagnostic::new(codes::BAD_DEVELOPMENT, message)
            .at(path.span, "neither mounted nor part of the build")
            .help("mount the folder that holds it, as in `mount: /app`");
        self.sink.error(match context {
            Some(context) => diagnostic.help(format!("the image is built from `{context}`")),
            None => diagnostic.help("the image comes from a registry, so that no change makes another one"),
        });
        None
    }

    /// The ports that the developer's machine opens. Where the service has the port, it says what carries it.
    fn published(
        &mut self,
        site: &Site<'_>,
        written: &[Spanned<u16>],
        workload: &Workload,
    ) -> BTreeSet<(u16, Transport)> {
        let mut published = BTreeSet::new();
        let mut seen: BTreeMap<u16, Span> = BTreeMap::new();
        for Spanned { value: number, span } in written {
            if let Some(first) = seen.insert(*number, *span) {
                self.sink.error(
                    Diagnostic::new(codes::PORT_CLASH, format!("the port {number} is published twice"))
                        .at(*span, "listed again")
                        .also(first, "first listed here")
                        .help("remove one of the two"),
                );
                continue;
            }
            self.place(site, &format!("development.publish.{number}"), *span);
            let ports = workload.ports.iter().filter(|port| port.number == *number);
            let carried: BTreeSet<Transport> = ports.map(|port| port.protocol.transport()).collect();
            if carried.is_empty() {
                published.insert((*number, Transport::Tcp));
            }
            published.extend(carried.into_iter().map(|transport| (*number, transport)));
        }
        published
    }
}

/// The folders in which something lies already, and files, with their places.
fn taken(site: &Site<'_>, workload: &Workload) -> Vec<(String, Option<Span>)> {
    let place = |folder: &str| {
        let writable = members(&site.layer.writable).map(|(key, _)| (key.value.as_str(), key.span));
        let volumes = members(&site.layer.volumes).filter_map(|(_, volume)| {
            let path = volume.path.set()?;
            Some((path.value.as_str(), path.span))
        });
        let mut places = writable.chain(volumes);
        places.find(|(path, _)| *path == folder).map(|(_, at)| at)
    };
    let folders = workload.scratch.keys().chain(workload.mounts.keys());
    let folders = folders.map(|folder| (folder.clone(), place(folder)));
    let of_file = |path: &String| {
        let mut files = members(&site.layer.files).map(|(key, _)| key);
        let found = files.find(|key| lies_in(path, &key.value) || lies_in(&key.value, path));
        (path.clone(), found.map(|key| key.span))
    };
    let files = workload.files.fixed.keys().chain(workload.files.late.keys());
    folders.chain(files.map(of_file)).collect()
}

/// Whether a part of what may reach a service could not be read, which was reported.
fn is_uncertain(service: &Service, built: bool) -> bool {
    let layer = &service.layer;
    let lost = layer.build.broken().or(layer.image.broken()).is_some();
    let mounts = &service.development.mount;
    let unmounted = mounts.values().any(|source| source.broken().is_some());
    let unbuilt = !built && (layer.build.set().is_some() || service.dockerfile.is_some());
    lost || unmounted || unbuilt
}

/// Whether a path is a folder, or lies in it.
fn is_below(path: &VirtualPath, folder: &VirtualPath) -> bool {
    let mut segments = path.segments();
    folder.segments().all(|segment| segments.next() == Some(segment))
}
