//! One environment, from its layers to a program: merge, default, resolve, check.

use crate::build::assemble::{Nodes, assemble};
use crate::build::backing::{self, Known, made, product};
use crate::build::edge::Edges;
use crate::build::health::asked_ports;
use crate::build::image::{self, Images};
use crate::build::job::{self, Run};
use crate::build::service::{Reach, reach};
use crate::build::shared::{self, Share, Writers};
use crate::build::{Lowering, Site, identity};
use crate::check::names;
use crate::check::usage::Usage;
use crate::environment::{AllSettings, Settings, Surroundings, development, find, overlay};
use crate::field::Look;
use crate::merge::{Merged, Service, merged};
use crate::resolve::Resolver;
use crate::scope::{Declared, Noun, Offer, Role, Scope, Secrets, Taken};
use exoc_diagnostics::{Failed, InTurn, Sink, Span, Spanned, Workers};
use exoc_ir::{App, Builder, Component, Door, Environment, Id, NodeId, Origin, Program};
use exoc_manifest::ast::{DependencyType, Field, Manifest, Secret};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// One environment as far as it was understood.
#[derive(Clone, Debug)]
pub struct Lowered {
    builder: Builder,
    settings: AllSettings,
    usage: Usage,
}

impl Lowered {
    /// What the environment declares and uses, as far as its manifest could be read.
    pub(crate) fn take_usage(&mut self) -> Usage {
        std::mem::take(&mut self.usage)
    }

    /// The program as far as it stands. Its features are what the manifest needs, also after errors.
    #[must_use]
    pub const fn draft(&self) -> &Program {
        self.builder.draft()
    }

    /// What the environment says about a target; nothing if it does not list it.
    #[must_use]
    pub fn settings(&self, target: &str) -> Settings {
        self.settings.target(target)
    }

    /// Whether what the environment says about a target could not be read.
    pub(crate) fn unread(&self, target: &str) -> bool {
        self.settings.unread(target)
    }

    /// The program.
    ///
    /// # Errors
    ///
    /// If any error was reported.
    pub fn finish(self, sink: &mut Sink) -> Result<Program, Failed> {
        self.builder.finish(sink)
    }
}

/// Lowers one environment. Reports every fault that it finds, also where parts of the manifest are broken.
pub fn lower(manifest: &Manifest, environment: &str, sink: &mut Sink) -> Lowered {
    lower_at(manifest, environment, None, &InTurn, sink)
}

/// As [`lower`]; `http_port` is where HTTP enters on the developer's machine, if not where the manifest says. `workers`
/// lower components side by side.
pub(crate) fn lower_at(
    manifest: &Manifest,
    environment: &str,
    http_port: Option<u16>,
    workers: &dyn Workers,
    sink: &mut Sink,
) -> Lowered {
    sink.over(overlay(manifest, environment), |sink| {
        lower_layers(manifest, environment, http_port, workers, sink)
    })
}

fn lower_layers(
    manifest: &Manifest,
    environment: &str,
    http_port: Option<u16>,
    workers: &dyn Workers,
    sink: &mut Sink,
) -> Lowered {
    let failed = sink.checkpoint().err();
    let app = names::app(manifest, sink);
    names::environments(manifest, sink);
    let surroundings = Surroundings::of(manifest, environment, http_port, sink);
    let written = find(manifest, environment).map(|(_, field)| field);
    let mut merged = merged(manifest, written, development(environment), failed, workers);
    let usage = Usage::of(&merged);
    let misnamed = Misnamed {
        roles: names::roles(&merged, sink),
        secrets: names::secrets(&merged, sink),
    };
    names::overlaid(&mut merged, &misnamed.roles, sink);
    names::all(manifest, &merged, sink);
    image::missing(&mut merged, sink);
    job::fitting_keys(&mut merged, sink);

    let services = components(&merged.services);
    let dependencies = known_dependencies(&merged, sink);
    let secrets = secrets(&merged, &dependencies.backings, misnamed.secrets);
    let nowhere = Scope::default();
    let mut resolver = Resolver {
        app: &app,
        surroundings: &surroundings,
        secrets: &secrets,
        scope: &nowhere,
        sink,
        references: Vec::new(),
    };
    let reaches: BTreeMap<&str, Reach> = services
        .iter()
        .map(|one| (one.role, reach(one.role, &one.service.layer, &mut resolver)))
        .collect();
    let mut scope = scope(&merged, &services, &reaches, &dependencies, &mut resolver);
    scope.misnamed = misnamed.roles;
    scope.unmounted = shared::removed(manifest, &merged);

    let mut lowering = Lowering {
        merged: &merged,
        surroundings: &surroundings,
        app: &app,
        secrets: &secrets,
        scope: &scope,
        builder: builder(manifest, &merged, &surroundings, &app),
        sink,
        contents: &manifest.contents,
        images: Images::default(),
        edges: Edges::default(),
        waits: job::Waits::default(),
        writers: Writers::default(),
    };
    lowering.check_shared();
    lowering.shared_volumes(&dependencies.volumes);
    let (nodes, doors) = lowering.nodes(&services, &reaches, &dependencies.backings, workers);
    lowering.one_writer_each();
    let (mut builder, edges) = (lowering.builder, lowering.edges.into_edges());
    assemble(nodes, lowering.images, &secrets, &mut builder);
    builder.edges(edges);
    builder.doors(doors);
    Lowered {
        builder,
        settings: AllSettings::of(manifest, environment),
        usage,
    }
}

/// How many components one worker lowers before it takes more: what they have in common is gathered for each share.
const SHARE: usize = 64;

/// A component that has a node.
#[derive(Clone, Copy)]
enum Subject<'a> {
    Service(&'a Sited<'a>, &'a Reach),
    Backing(&'a str, &'a Known<'a>),
}

/// What some components add to an environment. Ids of images are their own; so are those of volumes that nobody shares.
struct Part {
    nodes: Nodes,
    doors: Vec<(Door, Span)>,
    builder: Builder,
    images: Images,
    edges: Edges,
    waits: job::Waits,
    writers: Writers,
    reported: Sink,
}

impl Lowering<'_> {
    /// The nodes of all services and dependencies, and the doors. Whoever makes which of them, they are the same, and
    /// so is what is reported.
    fn nodes(
        &mut self,
        services: &[Sited<'_>],
        reaches: &BTreeMap<&str, Reach>,
        dependencies: &BTreeMap<&str, Result<Known<'_>, Failed>>,
        workers: &dyn Workers,
    ) -> (Nodes, Vec<(Door, Span)>) {
        let of_services = services
            .iter()
            .filter_map(|one| Some(Subject::Service(one, reaches.get(one.role)?)));
        let of_backings = dependencies
            .iter()
            .filter_map(|(role, known)| Some(Subject::Backing(role, known.as_ref().ok()?)));
        let subjects: Vec<Subject<'_>> = of_services.chain(of_backings).collect();
        let shares: Vec<&[Subject<'_>]> = subjects.chunks(SHARE).collect();
        let common = self.builder.draft().volumes().len();
        let before = self.sink.beside();
        let this = &*self;
        let parts = workers.map(&shares, |share| this.part(share, before.beside()));
        let mut nodes = Nodes::default();
        let mut doors = Vec::new();
        for part in parts {
            let later = self.builder.absorb(part.builder, common);
            let images = self.images.absorb(part.images);
            nodes.absorb(part.nodes, &images, common, later);
            self.writers.absorb(part.writers, &images);
            self.edges.absorb(part.edges);
            self.waits.absorb(part.waits);
            self.sink.absorb(part.reported);
            doors.extend(part.doors);
        }
        self.rank(&mut nodes.services);
        let roles: Vec<&str> = services.iter().map(|one| one.role).collect();
        (nodes, self.distinct(&roles, doors))
    }

    /// What some components add.
    fn part(&self, share: &[Subject<'_>], mut reported: Sink) -> Part {
        let mut lowering = Lowering {
            builder: self.builder.clone(),
            sink: &mut reported,
            images: Images::default(),
            edges: Edges::default(),
            waits: job::Waits::default(),
            writers: Writers::default(),
            ..*self
        };
        let mut nodes = Nodes::default();
        let mut doors = Vec::new();
        for subject in share {
            match subject {
                Subject::Service(one, reach) => {
                    let site = Site {
                        role: one.role,
                        key: one.key,
                        component: Component::Service(one.id),
                        layer: &one.service.layer,
                    };
                    let service = lowering.service(&site, one.id, one.service, reach, &mut doors);
                    nodes.services.push((service, one.key));
                }
                Subject::Backing(role, known) => {
                    let site = Site {
                        role,
                        key: known.key,
                        component: Component::Backing(known.id),
                        layer: &known.dependency.layer,
                    };
                    nodes.backings.push((lowering.backing(&site, known), known.key));
                }
            }
        }
        let Lowering {
            builder,
            images,
            edges,
            waits,
            writers,
            ..
        } = lowering;
        Part {
            nodes,
            doors,
            builder,
            images,
            edges,
            waits,
            writers,
            reported,
        }
    }
}

/// Names that were reported.
struct Misnamed {
    roles: names::Misnamed,
    secrets: names::Misnamed,
}

/// A service that has a node.
struct Sited<'a> {
    role: &'a str,
    id: Id<exoc_ir::Service>,
    key: Span,
    service: &'a Service,
}

fn components(services: &BTreeMap<String, crate::merge::Entry<Service>>) -> Vec<Sited<'_>> {
    let known = services
        .iter()
        .filter_map(|(role, entry)| Some((role, entry.key, entry.value.as_ref().ok()?)));
    known
        .enumerate()
        .map(|(index, (role, key, service))| Sited {
            role,
            id: Id::new(index),
            key,
            service,
        })
        .collect()
}

/// Dependencies by role.
struct Dependencies<'m> {
    /// Those that are no volumes; the ones whose type is not known have no node.
    backings: BTreeMap<&'m str, Result<Known<'m>, Failed>>,
    volumes: BTreeMap<&'m str, Share<'m>>,
}

fn known_dependencies<'m>(merged: &'m Merged, sink: &mut Sink) -> Dependencies<'m> {
    let mut known = Dependencies {
        backings: BTreeMap::new(),
        volumes: BTreeMap::new(),
    };
    let mut next = 0;
    for (role, entry) in &merged.dependencies {
        // A role that a service has as well was reported, and is the service's.
        if merged.services.contains_key(role) {
            continue;
        }
        let found = entry.value.as_ref().map_err(|failed| *failed);
        let typed =
            found.and_then(|dependency| Ok((backing::kind(role, entry.key, dependency, sink)?, dependency)));
        if let Ok((kind, dependency)) = typed
            && kind.value == DependencyType::Volume
        {
            let share = Share {
                id: Id::new(known.volumes.len()),
                key: entry.key,
                kind,
                dependency,
            };
            known.volumes.insert(role, share);
            continue;
        }
        let found = typed.map(|(kind, dependency)| {
            let id = Id::new(next);
            next += 1;
            Known {
                id,
                key: entry.key,
                kind,
                dependency,
                ports: asked_ports(Noun::Dependency, role, &dependency.layer, sink),
            }
        });
        known.backings.insert(role, found);
    }
    known
}

fn secrets(
    merged: &Merged,
    dependencies: &BTreeMap<&str, Result<Known<'_>, Failed>>,
    misnamed: names::Misnamed,
) -> Secrets {
    let mut all = BTreeMap::new();
    let mut removed = BTreeMap::new();
    for (name, field) in &merged.secrets {
        let origin = match field {
            Field::Removed(at) => {
                removed.insert(name.value.clone(), *at);
                continue;
            }
            Field::Absent => continue,
            Field::Broken(_) => Origin::Supplied {
                description: None,
                store: None,
            },
            Field::Set(secret) => origin(secret),
        };
        all.insert(
            name.value.clone(),
            Declared {
                at: name.span,
                fields: field.set().map(fields_of).unwrap_or_default(),
                origin,
            },
        );
    }
    for (role, known) in dependencies {
        let Ok(known) = known else { continue };
        // For what exists already nothing is made.
        if known.dependency.existing.set().is_some() {
            continue;
        }
        let Some(entry) = product(known.kind.value) else {
            continue;
        };
        let identity = identity(role, &known.dependency.layer);
        for (name, origin) in made(identity, entry, known.id) {
            // A name that is declared as well was reported, and is the declared one's.
            all.entry(name).or_insert(Declared {
                at: known.key,
                fields: Vec::new(),
                origin,
            });
        }
    }
    Secrets {
        all,
        lost: merged.secrets_lost,
        removed,
        misnamed,
    }
}

fn fields_of(secret: &Secret) -> Vec<(&'static str, Span)> {
    let generate = secret.generate.set().map(|length| ("generate", length.span));
    let name = secret.name.set().map(|name| ("name", name.span));
    generate.into_iter().chain(name).collect()
}

/// Where the value of a declared secret comes from.
fn origin(secret: &Secret) -> Origin {
    let Secret {
        span: _,
        description,
        generate,
        name,
    } = secret;
    let description = description.set().map(|text| text.value.clone());
    match generate.set() {
        Some(length) => Origin::Generated {
            length: length.value,
            description,
        },
        None => Origin::Supplied {
            description,
            store: name.set().map(|name| name.value.clone()),
        },
    }
}

fn scope(
    merged: &Merged,
    services: &[Sited<'_>],
    reaches: &BTreeMap<&str, Reach>,
    dependencies: &Dependencies<'_>,
    resolver: &mut Resolver<'_>,
) -> Scope {
    let mut roles = BTreeMap::new();
    for (role, entry) in &merged.dependencies {
        let volume = dependencies.volumes.get(role.as_str());
        let (component, offer) = match (volume, dependencies.backings.get(role.as_str())) {
            (Some(share), _) => (Ok(None), Offer::Volume(share.id)),
            (None, Some(Ok(known))) => (
                Ok(Some(Component::Backing(known.id))),
                backing::offer(role, known, resolver),
            ),
            (None, Some(Err(failed))) => (Err(*failed), Offer::Unknown(*failed)),
            (None, None) => continue,
        };
        roles.insert(
            role.clone(),
            Role {
                key: entry.key,
                made: entry
                    .value
                    .as_ref()
                    .ok()
                    .and_then(|one| one.kind.set())
                    .map(|kind| kind.span),
                component,
                noun: Noun::Dependency,
                offer,
                run: Run::On,
                taken: entry
                    .value
                    .as_ref()
                    .map_or_else(|_| Taken::default(), |dependency| Taken::of(&dependency.layer)),
                clash: None,
                given: OnceLock::new(),
            },
        );
    }
    let sited: BTreeMap<&str, &Sited<'_>> = services.iter().map(|one| (one.role, one)).collect();
    for (role, entry) in &merged.services {
        let known = sited.get(role.as_str()).zip(reaches.get(role.as_str()));
        let (component, offer) = match (known, &entry.value) {
            (Some((one, reach)), _) => (Ok(Some(Component::Service(one.id))), reach.offer()),
            (None, Err(failed)) => (Err(*failed), Offer::Unknown(*failed)),
            (None, Ok(_)) => continue,
        };
        roles.insert(
            role.clone(),
            Role {
                key: entry.key,
                made: entry
                    .value
                    .as_ref()
                    .ok()
                    .and_then(|service| job::place(&service.layer)),
                component,
                noun: Noun::Service,
                offer,
                run: entry
                    .value
                    .as_ref()
                    .map_or(Run::On, |service| Run::of(&service.layer)),
                taken: entry
                    .value
                    .as_ref()
                    .map_or_else(|_| Taken::default(), |service| Taken::of(&service.layer)),
                clash: merged
                    .dependencies
                    .get(role)
                    .and_then(|_| resolver.sink.checkpoint().err()),
                given: OnceLock::new(),
            },
        );
    }
    Scope {
        roles,
        removed: merged.removed.clone(),
        roles_lost: merged.roles_lost,
        misnamed: names::Misnamed::new(),
        unmounted: BTreeMap::new(),
    }
}

fn builder(
    manifest: &Manifest,
    merged: &Merged,
    surroundings: &Surroundings,
    app: &Result<String, Failed>,
) -> Builder {
    let application = &manifest.application;
    let text = |field: &Field<Spanned<String>>| field.set().map(|text| text.value.clone());
    let domain = surroundings.domain.as_ref().ok().and_then(Option::as_ref);
    // One that could not be read is there all the same: nothing is refused for want of it.
    let unread = merged.registry.broken().map(|_| "unknown".to_owned());
    let registry = text(&merged.registry).map(|registry| registry.trim_end_matches('/').to_owned());
    let registry = registry.or(unread);
    let mut builder = Builder::new(
        App {
            name: app.clone().unwrap_or_default(),
            description: text(&application.description),
            owner: text(&merged.owner),
        },
        Environment {
            name: surroundings.name.clone(),
            local: surroundings.local,
            domain: domain.map(|domain| domain.host.clone()),
            http_port: domain.and_then(|domain| domain.port),
        },
        registry,
        application.span,
    );
    let places = [
        ("name", &application.name),
        ("description", &application.description),
        ("owner", &merged.owner),
        ("registry", &merged.registry),
    ];
    for (field, value) in places {
        if let Some(value) = value.set() {
            builder.place(NodeId::App, field, value.span);
        }
    }
    builder.place(NodeId::Environment, "", surroundings.at);
    if let Some(at) = surroundings.domain_at {
        builder.place(NodeId::Environment, "domain", at);
    }
    builder
}
