//! Environments: which there are, and what one of them says about itself and its targets.

use crate::field::{Look, members};
use crate::merge::Development;
use crate::words::quoted;
use exoc_diagnostics::{Diagnostic, Failed, Node, Sink, Span, Spanned, codes};
use exoc_ir::Patch;
use exoc_manifest::ast::{self, Field, Manifest, TargetEntry};
use std::collections::{BTreeMap, BTreeSet};

/// The environment that always exists.
const LOCAL: &str = "local";
/// The target that `local` always has.
const LOCAL_TARGET: &str = "compose";
/// Where HTTP enters in `local` unless its domain says otherwise.
const LOCAL_PORT: u16 = 8080;

/// An environment and the targets that it lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvironmentInfo {
    /// Its name.
    pub name: String,
    /// The targets it is built for, sorted; `local` always has `compose`.
    pub targets: Vec<String>,
}

/// The environments of an application: `local`, which always exists, then the others by name.
#[must_use]
pub fn environments(manifest: &Manifest) -> Vec<EnvironmentInfo> {
    let written = &manifest.application.environments;
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for (key, field) in written {
        match field {
            Field::Set(_) | Field::Broken(_) => names.insert(key.value.as_str()),
            Field::Removed(_) | Field::Absent => false,
        };
    }
    names.remove(LOCAL);
    std::iter::once(LOCAL)
        .chain(names)
        .map(|name| {
            let entry = find(manifest, name).and_then(|(_, field)| field.set());
            let mut targets: BTreeSet<&str> = entry
                .into_iter()
                .flat_map(listed)
                .map(|(key, _)| key.value.as_str())
                .collect();
            if name == LOCAL {
                targets.insert(LOCAL_TARGET);
            }
            EnvironmentInfo {
                name: name.to_owned(),
                targets: targets.into_iter().map(str::to_owned).collect(),
            }
        })
        .collect()
}

/// The targets that an environment lists.
pub(crate) fn listed(
    environment: &ast::Environment,
) -> impl Iterator<Item = (&Spanned<String>, &Field<TargetEntry>)> {
    environment.targets.iter().filter(|(_, field)| match field {
        Field::Set(_) | Field::Broken(_) => true,
        Field::Removed(_) | Field::Absent => false,
    })
}

/// Whether `development` overlays the services of the environment `name`.
pub(crate) fn development(name: &str) -> Development {
    if name == LOCAL {
        Development::Overlays
    } else {
        Development::Unseen
    }
}

/// An environment's key and entry, as written.
pub(crate) fn find<'m>(
    manifest: &'m Manifest,
    name: &str,
) -> Option<(&'m Spanned<String>, &'m Field<ast::Environment>)> {
    manifest
        .application
        .environments
        .iter()
        .find(|(key, _)| key.value == name)
}

/// What an environment lays over the application, as a place.
pub(crate) fn overlay(manifest: &Manifest, name: &str) -> Option<Span> {
    let (_, field) = find(manifest, name)?;
    field.set().map(|environment| environment.span)
}

/// What an environment says about one target.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The target's own options: a mapping, empty where nothing is said.
    pub options: Node,
    /// Changes to the target's model.
    pub patches: Vec<Patch>,
    /// Where the options stand, or the nearest place.
    pub at: Span,
}

/// What an environment says about itself.
#[derive(Clone, Debug)]
pub(crate) struct Surroundings {
    /// Its name.
    pub(crate) name: String,
    /// Whether it is the developer's machine.
    pub(crate) local: bool,
    /// Where it is declared, or the whole manifest.
    pub(crate) at: Span,
    /// Where its domain is written.
    pub(crate) domain_at: Option<Span>,
    /// Its domain, where it has one.
    pub(crate) domain: Result<Option<Domain>, Failed>,
}

/// A domain, and in `local` the port where HTTP enters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Domain {
    pub(crate) host: String,
    pub(crate) port: Option<u16>,
}

impl Domain {
    /// As references see it: with the port where it is not the scheme's own.
    pub(crate) fn text(&self) -> String {
        match self.port {
            Some(port) => format!("{}:{port}", self.host),
            None => self.host.clone(),
        }
    }
}

impl Surroundings {
    /// What the environment `name` says about itself; `http_port` is where HTTP enters on the developer's machine, if
    /// not where it says.
    pub(crate) fn of(manifest: &Manifest, name: &str, http_port: Option<u16>, sink: &mut Sink) -> Self {
        let local = name == LOCAL;
        let written = find(manifest, name);
        let field = written
            .and_then(|(_, field)| field.set())
            .map(|environment| &environment.domain);
        let domain = match (
            written.and_then(|(_, field)| field.broken()),
            field.map(Look::known),
        ) {
            (Some(failed), _) | (None, Some(Err(failed))) => Err(failed),
            (None, Some(Ok(Some(domain)))) => read_domain(domain, local, sink).map(Some),
            (None, Some(Ok(None)) | None) if local => Ok(Some(Domain {
                host: "localhost".into(),
                port: Some(LOCAL_PORT),
            })),
            (None, Some(Ok(None)) | None) => Ok(None),
        };
        let domain = match (domain, http_port) {
            (Ok(Some(Domain { host, port: _ })), Some(port)) if local => Ok(Some(Domain {
                host,
                port: Some(port).filter(|port| *port != 80),
            })),
            (domain, _) => domain,
        };
        Self {
            name: name.to_owned(),
            local,
            at: written.map_or_else(|| nearest(manifest), |(key, _)| key.span),
            domain_at: field.and_then(Look::set).map(|domain| domain.span),
            domain,
        }
    }

    /// The proof that the environment's lack of a domain is reported; `wanted` is what needs one.
    ///
    /// All that need one give the same diagnostic, so that it appears once.
    pub(crate) fn no_domain(&self, wanted: Span, sink: &mut Sink) -> Failed {
        let name = quoted(&self.name);
        sink.error(
            Diagnostic::new(
                codes::NO_DOMAIN,
                format!("the environment {name} has no `domain`"),
            )
            .at(self.at, "no `domain` here")
            .also(wanted, "needs a domain")
            .help(format!(
                "write `domain: {}.example.com` into the environment",
                self.name
            )),
        )
    }
}

fn read_domain(domain: &Spanned<String>, local: bool, sink: &mut Sink) -> Result<Domain, Failed> {
    let (host, port) = match domain.value.split_once(':') {
        Some((host, port)) => (host, port.parse::<u16>().ok()),
        None => (domain.value.as_str(), None),
    };
    if !local && host.len() < domain.value.len() {
        return Err(sink.error(
            Diagnostic::new(
                codes::MALFORMED,
                format!("the domain {} names a port", quoted(&domain.value)),
            )
            .at(
                domain.span.part(host.len(), domain.value.len()),
                "only `local` has a port of its own",
            )
            .help(format!(
                "write {}: public services are at the scheme's own port",
                quoted(host)
            )),
        ));
    }
    let host = host.to_ascii_lowercase();
    let port = if local {
        Some(port.unwrap_or(LOCAL_PORT)).filter(|port| *port != 80)
    } else {
        None
    };
    Ok(Domain { host, port })
}

/// What an environment says about its targets, with what to use for targets that it does not list.
#[derive(Clone, Debug)]
pub(crate) struct AllSettings {
    listed: BTreeMap<String, Settings>,
    /// Targets whose settings could not be read.
    unread: BTreeSet<String>,
    nearest: Span,
}

impl AllSettings {
    /// The settings of the environment `name`.
    pub(crate) fn of(manifest: &Manifest, name: &str) -> Self {
        let written = find(manifest, name);
        let environment = written.and_then(|(_, field)| field.set());
        let nearest = written.map_or_else(|| nearest(manifest), |(key, _)| key.span);
        let listed = environment
            .into_iter()
            .flat_map(|environment| members(&environment.targets))
            .map(|(key, TargetEntry { options, patches })| {
                let settings = Settings {
                    options: options.clone(),
                    patches: patches.iter().map(patch).collect(),
                    at: key.span,
                };
                (key.value.clone(), settings)
            });
        let unread = environment
            .into_iter()
            .flat_map(|environment| &environment.targets)
            .filter(|(_, field)| field.broken().is_some())
            .map(|(key, _)| key.value.clone());
        Self {
            listed: listed.collect(),
            unread: unread.collect(),
            nearest,
        }
    }

    /// Whether the settings for a target could not be read.
    pub(crate) fn unread(&self, target: &str) -> bool {
        self.unread.contains(target)
    }

    /// The settings for one target, empty ones if it is not listed.
    pub(crate) fn target(&self, target: &str) -> Settings {
        self.listed.get(target).cloned().unwrap_or_else(|| Settings {
            options: Node::empty_map(self.nearest),
            patches: Vec::new(),
            at: self.nearest,
        })
    }
}

/// Where an environment stands that is written nowhere: at the application's name.
fn nearest(manifest: &Manifest) -> Span {
    let application = &manifest.application;
    let name = application.name.set().map(|name| name.span);
    name.unwrap_or_else(|| application.span.part(0, 0))
}

fn patch(patch: &ast::Patch) -> Patch {
    let ast::Patch { at, set, replace } = patch;
    Patch {
        at: at.clone(),
        set: set.clone(),
        replace: replace.clone(),
    }
}
