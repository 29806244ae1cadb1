//! Images: from a registry, or built, and which services share one.

use super::{Lowering, Site};
use crate::field::{Look, members};
use crate::merge::{Merged, Service};
use crate::resolve::Place;
use crate::words::quoted;
use exoc_diagnostics::{Diagnostic, Failed, Sink, Span, Spanned, VirtualPath, codes};
use exoc_ir::{Built, Id, Image, Reference};
use exoc_manifest::ast::{Build, Dockerfile, Field};
use std::collections::{BTreeMap, BTreeSet};

/// The images so far. An image's provisional id is its place here.
#[derive(Clone, Debug, Default)]
pub(crate) struct Images {
    pub(crate) all: Vec<(Image, Span)>,
    /// Their places, by what is quick to tell apart.
    known: BTreeMap<String, Vec<usize>>,
}

/// Where a workload's image comes from, as far as its user depends on it.
#[derive(Clone, Debug)]
pub(crate) enum Source<'a> {
    /// The application builds it, perhaps from this Dockerfile.
    Built(Option<&'a Dockerfile>),
    /// A registry has it; the place where it is named.
    Registry(Span),
    /// That is not known, and was reported.
    Unknown,
}

impl Source<'_> {
    /// The working directory of an image that the application builds, as far as its Dockerfile says it.
    pub(crate) fn workdir(&self) -> Option<&Spanned<String>> {
        match self {
            Self::Built(dockerfile) => dockerfile.and_then(|dockerfile| dockerfile.workdir.as_ref()),
            Self::Registry(_) | Self::Unknown => None,
        }
    }
}

/// What an image is called after another numbering.
pub(crate) fn renamed(image: Id<Image>, images: &[Id<Image>]) -> Id<Image> {
    images.get(image.index()).copied().unwrap_or(image)
}

impl Images {
    /// Takes the images of other components, and tells the ids that they have here.
    pub(crate) fn absorb(&mut self, other: Self) -> Vec<Id<Image>> {
        other
            .all
            .into_iter()
            .map(|(image, at)| self.add(image, at))
            .collect()
    }

    fn add(&mut self, image: Image, at: Span) -> Id<Image> {
        let same = |known: &Image| match (known, &image) {
            (Image::Pinned(known), Image::Pinned(image)) => known == image,
            (Image::Built(known), Image::Built(image)) => {
                // Equal but for the name, which is that of the first service.
                let Built {
                    name: _,
                    context,
                    file,
                    stage,
                    args,
                    platforms,
                    pinned,
                } = known;
                (context, file, stage, args, platforms, pinned)
                    == (
                        &image.context,
                        &image.file,
                        &image.stage,
                        &image.args,
                        &image.platforms,
                        &image.pinned,
                    )
            }
            (Image::Pinned(_), Image::Built(_)) | (Image::Built(_), Image::Pinned(_)) => false,
        };
        let from = match &image {
            Image::Pinned(reference) => reference.name.clone(),
            Image::Built(built) => built.context.to_string(),
        };
        let near = self.known.entry(from).or_default();
        let found = near.iter().find(|index| {
            let known = self.all.get(**index);
            known.is_some_and(|(known, _)| same(known))
        });
        let index = found.copied().unwrap_or(self.all.len());
        if index == self.all.len() {
            near.push(index);
            self.all.push((image, at));
        }
        Id::new(index)
    }
}

impl Lowering<'_> {
    /// The image of a service.
    pub(crate) fn service_image<'s>(
        &mut self,
        site: &Site<'s>,
        service: &'s Service,
    ) -> (Id<Image>, Source<'s>) {
        let build = match &site.layer.build {
            Field::Set(build) => Ok(Some((self.build(site, build, service), build.span, Some(build)))),
            Field::Broken(failed) => Err(*failed),
            Field::Removed(_) => Ok(None),
            Field::Absent => Ok(default_build(service).map(|(built, at)| (Ok(built), at, None))),
        };
        let image = site.layer.image.known().map(|image| image.cloned());
        let (Ok(build), Ok(image)) = (build, image) else {
            return (self.stand_in(site), Source::Unknown);
        };
        match (build, image) {
            // Reported by `missing`, after which the image counts as broken.
            (None, None) => (self.stand_in(site), Source::Unknown),
            (None, Some(image)) => self.registry_image(site, &image),
            (Some((built, at, written)), image) => {
                self.place(site, "build", at);
                if let Some(image) = &image {
                    self.place(site, "image", image.span);
                }
                let (Ok(built), Ok(pinned)) = (built, image.map(|image| self.reference(&image)).transpose())
                else {
                    return (self.stand_in(site), Source::Unknown);
                };
                let dockerfile = service.dockerfile.as_ref().filter(|file| {
                    let name = built.file.as_deref().unwrap_or("Dockerfile");
                    built.context.join(name).is_ok_and(|path| path == file.path)
                });
                let built = Built {
                    name: site.role.to_owned(),
                    pinned,
                    ..built
                };
                let at = written.map_or(at, |build| build.span);
                (
                    self.images.add(Image::Built(built), at),
                    Source::Built(dockerfile),
                )
            }
        }
    }

    /// The image of a container among the dependencies.
    pub(crate) fn container_image<'s>(&mut self, site: &Site<'s>) -> (Id<Image>, Source<'s>) {
        match site.layer.image.known().map(|image| image.cloned()) {
            Ok(Some(image)) => self.registry_image(site, &image),
            Ok(None) => {
                self.sink.error(
                    Diagnostic::new(codes::NO_IMAGE, format!("{} has no `image`", site.noun()))
                        .at(
                            site.layer.image.removed().unwrap_or(site.key),
                            "there is nothing to run",
                        )
                        .help("write `image: registry/repository:tag`"),
                );
                (self.stand_in(site), Source::Unknown)
            }
            Err(_) => (self.stand_in(site), Source::Unknown),
        }
    }

    /// The platforms that a workload's image from a registry offers.
    pub(crate) fn offered_platforms(&mut self, site: &Site<'_>) -> Vec<String> {
        let Some(platforms) = site.layer.platforms.set() else {
            return Vec::new();
        };
        self.place(site, "platforms", platforms.span);
        if let Ok(None) = site.layer.image.known() {
            self.sink.error(
                Diagnostic::new(
                    codes::KEY_NOT_FOR_TYPE,
                    format!(
                        "`platforms` says what an `image` offers, and {} has none",
                        site.noun()
                    ),
                )
                .at(platforms.span, "there is no `image`")
                .help("for an image that is built write it there: `build: { platforms: [linux/amd64] }`"),
            );
        }
        let sorted: BTreeSet<&str> = platforms.value.iter().map(|one| one.value.as_str()).collect();
        sorted.into_iter().map(str::to_owned).collect()
    }

    /// What runs instead of a product's own image, if the manifest says so.
    pub(crate) fn product_image(&mut self, site: &Site<'_>) -> Option<Reference> {
        let image = site.layer.image.set()?;
        self.place(site, "image", image.span);
        self.reference(image).ok()
    }

    fn registry_image<'s>(&mut self, site: &Site<'_>, image: &Spanned<String>) -> (Id<Image>, Source<'s>) {
        self.place(site, "image", image.span);
        match self.reference(image) {
            Ok(reference) => (
                self.images.add(Image::Pinned(reference), image.span),
                Source::Registry(image.span),
            ),
            Err(_) => (self.stand_in(site), Source::Registry(image.span)),
        }
    }

    /// An image of which nothing is known: one that asks nothing of a target.
    fn stand_in(&mut self, site: &Site<'_>) -> Id<Image> {
        let reference = Reference {
            name: site.role.to_owned(),
            tag: Some("unknown".into()),
            digest: None,
        };
        self.images.add(Image::Pinned(reference), site.key)
    }

    fn reference(&mut self, image: &Spanned<String>) -> Result<Reference, Failed> {
        let Some(reference) = Reference::parse(&image.value) else {
            return Err(self.sink.error(
                Diagnostic::new(
                    codes::MALFORMED,
                    format!("{} is no reference to an image", quoted(&image.value)),
                )
                .at(image.span, "cannot be read")
                .help("write `registry/repository:tag`"),
            ));
        };
        if self.surroundings.local || reference.is_pinned() {
            return Ok(reference);
        }
        let name = quoted(&image.value);
        let (message, label) = match &reference.tag {
            None => (
                format!("the image {name} has no tag"),
                "means `latest`, whatever that is on the day",
            ),
            Some(_) => (
                format!("the image {name} is whatever is newest"),
                "another image on another day",
            ),
        };
        Err(self.sink.error(
            Diagnostic::new(codes::UNPINNED_IMAGE, message)
                .at(image.span, label)
                .help(format!(
                    "write a version, as in `{}:1.2.3`, or a digest",
                    reference.name
                ))
                .help("only `local` runs images without a version"),
        ))
    }

    fn build(&mut self, site: &Site<'_>, build: &Build, service: &Service) -> Result<Built, Failed> {
        let Build {
            span: _,
            context,
            dockerfile,
            stage,
            args,
            platforms,
        } = build;
        let context = match context.known()? {
            Some(context) => context.value.clone(),
            None => service.folder.clone().unwrap_or_default(),
        };
        let mut arguments = BTreeMap::new();
        let mut failed = None;
        for (name, field) in args {
            match field.known() {
                Ok(None) => {}
                Err(proof) => failed = Some(proof),
                Ok(Some(text)) => match self.value(site, text, Place::BuildArgument) {
                    Ok(value) => {
                        arguments.insert(name.value.clone(), value.text().unwrap_or_default().to_owned());
                    }
                    Err(proof) => failed = Some(proof),
                },
            }
        }
        failed.map_or(Ok(()), Err)?;
        let file = dockerfile
            .known()?
            .map(|file| normal(&file.value))
            .filter(|file| file != "Dockerfile");
        let platforms: BTreeSet<String> = platforms
            .known()?
            .iter()
            .flat_map(|platforms| &platforms.value)
            .map(|platform| platform.value.clone())
            .collect();
        self.credentials(members(args));
        Ok(Built {
            name: site.role.to_owned(),
            context,
            file,
            stage: stage.known()?.map(|stage| stage.value.clone()),
            args: arguments,
            platforms: platforms.into_iter().collect(),
            pinned: None,
        })
    }
}

/// Reports services that have nothing to run. Their images, and ports that nobody wrote, count as broken from then on.
pub(crate) fn missing(merged: &mut Merged, sink: &mut Sink) {
    for (role, entry) in &mut merged.services {
        let Ok(service) = &mut entry.value else { continue };
        let built = match &service.layer.build {
            Field::Set(_) | Field::Broken(_) => true,
            Field::Removed(_) => false,
            Field::Absent => default_build(service).is_some(),
        };
        if built || !matches!(service.layer.image.known(), Ok(None)) {
            continue;
        }
        let failed = sink.error(no_image(role, entry.key, service));
        service.layer.image = Field::Broken(failed);
        if let Field::Absent = service.layer.ports {
            service.layer.ports = Field::Broken(failed);
        }
    }
}

fn no_image(role: &str, key: Span, service: &Service) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        codes::NO_IMAGE,
        format!("the service {} has no image", quoted(role)),
    );
    let layer = &service.layer;
    let removed = [layer.image.removed(), layer.build.removed(), service.displaced];
    if let Some(removed) = removed.into_iter().find_map(|removed| removed) {
        return diagnostic
            .at(removed, "removed here")
            .also(key, "there is nothing to run")
            .help("write another `image` or `build`, or the `location` of a folder with a Dockerfile");
    }
    match (&service.location, &service.folder) {
        (Some(location), Some(folder)) => diagnostic
            .at(location.span, "this folder has no Dockerfile")
            .help(format!(
                "add `{}`, or write `image` or `build`",
                path_of(folder, "Dockerfile")
            )),
        (Some(_), None) | (None, _) => diagnostic.at(key, "there is nothing to run").help(format!(
            "write `location: ./{role}` for a folder with a Dockerfile, or `image: registry/repository:tag`"
        )),
    }
}

/// A folder with a Dockerfile is built.
fn default_build(service: &Service) -> Option<(Built, Span)> {
    let (folder, location) = (service.folder.as_ref()?, service.location.as_ref()?);
    service
        .dockerfile
        .as_ref()
        .filter(|file| file.path.parent() == *folder)?;
    let built = Built {
        name: String::new(),
        context: folder.clone(),
        file: None,
        stage: None,
        args: BTreeMap::new(),
        platforms: Vec::new(),
        pinned: None,
    };
    Some((built, location.span))
}

fn normal(path: &str) -> String {
    VirtualPath::root()
        .join(path)
        .map_or_else(|_| path.to_owned(), |path| path.as_str().to_owned())
}

fn path_of(folder: &VirtualPath, name: &str) -> String {
    folder
        .join(name)
        .map_or_else(|_| name.to_owned(), |path| path.as_str().to_owned())
}
