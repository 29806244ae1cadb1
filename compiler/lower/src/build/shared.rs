//! Shared volumes: their nodes, what a name under `volumes` stands for, and that each has one writer's user.

use super::backing::availability;
use super::image;
use super::keys::foreign_keys;
use super::{Lowering, Site, identity};
use crate::field::Look;
use crate::merge::Merged;
use crate::scope::{Noun, Offer, Scope};
use crate::words::quoted;
use exoc_catalogue::SHARED;
use exoc_diagnostics::{Diagnostic, Span, Spanned, codes};
use exoc_ir::{Access, Bytes, Id, Image, NodeId, Owner, User, Volume};
use exoc_manifest::ast::{self, Dependency, DependencyType, Manifest};
use std::collections::BTreeMap;

/// A dependency of type `volume`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Share<'a> {
    pub(crate) id: Id<Volume>,
    pub(crate) key: Span,
    pub(crate) kind: Spanned<DependencyType>,
    pub(crate) dependency: &'a Dependency,
}

/// Who writes each shared volume, in the order of their roles.
#[derive(Clone, Debug, Default)]
pub(crate) struct Writers(BTreeMap<Id<Volume>, (String, Vec<Writer>)>);

impl Writers {
    /// Takes the writers among other components, whose images have these ids here.
    pub(crate) fn absorb(&mut self, other: Self, images: &[Id<Image>]) {
        for (id, (volume, writers)) in other.0 {
            let (_, own) = self.0.entry(id).or_insert((volume, Vec::new()));
            own.extend(writers.into_iter().map(|mut writer| {
                writer.runs_as.image = image::renamed(writer.runs_as.image, images);
                writer
            }));
        }
    }
}

/// Whom a workload runs as, as far as volumes are concerned.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RunsAs {
    pub(crate) user: User,
    pub(crate) image: Id<Image>,
    /// Whether `user` is no stand-in for what was reported.
    pub(crate) is_known: bool,
}

#[derive(Clone, Debug)]
struct Writer {
    role: String,
    runs_as: RunsAs,
    /// Where the manifest says its user, or else where it mounts the volume.
    at: Span,
    /// Where it names the volume.
    mounted: Span,
}

/// What a name under `volumes` stands for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Named {
    /// A volume of the component's own.
    Own,
    /// A shared one.
    Shared(Id<Volume>),
    /// A shared one that the environment's overlay removes, there.
    Removed(Span),
    /// A dependency that is no volume, as it says there.
    Other(Span),
    /// It was reported.
    Unknown,
}

/// What `name` stands for under `volumes`.
pub(super) fn named(scope: &Scope, name: &str) -> Named {
    let Some(role) = scope.roles.get(name) else {
        return match scope.unmounted.get(name) {
            Some(removed) => Named::Removed(*removed),
            None if scope.roles_lost.is_some() || scope.misnamed.contains_key(name) => Named::Unknown,
            None => Named::Own,
        };
    };
    match (role.noun, &role.offer) {
        (Noun::Service, _) if role.clash.is_some() => Named::Unknown,
        (Noun::Service, _) => Named::Own,
        (Noun::Dependency, Offer::Volume(id)) => Named::Shared(*id),
        (Noun::Dependency, Offer::Unknown(_)) => Named::Unknown,
        (
            Noun::Dependency,
            Offer::Listens { .. } | Offer::Managed(..) | Offer::Existing(_) | Offer::External(_),
        ) => Named::Other(role.place()),
    }
}

/// Shared volumes that an environment's overlay removes, with the places.
pub(crate) fn removed(manifest: &Manifest, merged: &Merged) -> BTreeMap<String, Span> {
    let declared = &manifest.application.shared.dependencies;
    let is_volume = |role: &str| {
        declared.iter().any(|(key, field)| {
            let kind = field.set().and_then(|dependency| dependency.kind.set());
            key.value == role && kind.is_some_and(|kind| kind.value == DependencyType::Volume)
        })
    };
    let removed = merged.removed.iter().filter(|(role, _)| is_volume(role));
    removed.map(|(role, at)| (role.clone(), *at)).collect()
}

impl Lowering<'_> {
    /// Makes the nodes of shared volumes. A program has them before those that a component has to itself.
    pub(crate) fn shared_volumes(&mut self, shares: &BTreeMap<&str, Share<'_>>) {
        for (role, share) in shares {
            let Share {
                id,
                key,
                kind,
                dependency,
            } = share;
            let Dependency {
                span: _,
                kind: _,
                version: _, // no key of a volume, like all that are not named below
                storage,
                database: _,
                username: _,
                parameters: _,
                availability: written,
                backups,
                subscribes: _,
                existing: _,
                url: _,
                layer,
            } = dependency;
            foreign_keys(*kind, dependency, self.sink);
            let volume = Volume {
                owner: Owner::Shared {
                    role: (*role).to_owned(),
                    identity: identity(role, layer).to_owned(),
                    availability: availability(dependency),
                    backups: backups.set().map(|days| days.value),
                },
                size: Some(
                    storage
                        .set()
                        .map_or(SHARED.storage, |storage| Bytes(storage.value)),
                ),
                writer: None,
            };
            self.builder.volume(volume, *key);
            let places = [
                ("type", Some(kind.span)),
                ("storage", storage.set().map(|value| value.span)),
                ("availability", written.set().map(|value| value.span)),
                ("backups", backups.set().map(|value| value.span)),
                ("was", layer.was.set().map(|value| value.span)),
            ];
            for (field, at) in places {
                if let Some(at) = at {
                    self.builder.place(NodeId::Volume(*id), field, at);
                }
            }
        }
    }

    /// What a component does with a shared volume that it mounts; reports keys that only its own volumes have.
    pub(super) fn access(
        &mut self,
        site: &Site<'_>,
        (name, id): (&Spanned<String>, Id<Volume>),
        mount: &ast::Volume,
        runs_as: RunsAs,
    ) -> Access {
        if let Some(size) = mount.size.set() {
            let name = quoted(&name.value);
            self.sink.error(
                Diagnostic::new(
                    codes::KEY_NOT_FOR_TYPE,
                    format!("the volume {name} is shared, and its mount has no `size`"),
                )
                .at(size.span, "a mount has `path` and `read-only`")
                .help("write `storage` beside its `type` under `dependencies`"),
            );
        }
        if mount.read_only.set().is_some_and(|only| only.value) {
            return Access::Read;
        }
        let security = site.layer.security.set();
        let user = security.and_then(|security| security.user.set());
        let (_, writers) = self
            .writers
            .0
            .entry(id)
            .or_insert((name.value.clone(), Vec::new()));
        writers.push(Writer {
            role: site.role.to_owned(),
            runs_as: RunsAs {
                is_known: runs_as.is_known && mount.read_only.broken().is_none(),
                ..runs_as
            },
            at: user.map_or(name.span, |user| user.span),
            mounted: name.span,
        });
        Access::Write
    }

    /// Reports a name under `volumes` that stands for no volume.
    pub(super) fn no_volume(&mut self, name: &Spanned<String>, named: Named) {
        let role = quoted(&name.value);
        let diagnostic = match named {
            Named::Own | Named::Shared(_) | Named::Unknown => return,
            Named::Removed(removed) => Diagnostic::new(
                codes::UNKNOWN_ROLE,
                format!("the volume {role} is removed here and mounted elsewhere"),
            )
            .at(removed, "removed here")
            .also(name.span, "mounted here")
            .help("keep it, or remove what mounts it in this environment as well"),
            Named::Other(declared) => Diagnostic::new(
                codes::NAME_CLASH,
                format!("{role} is a dependency, and no volume"),
            )
            .at(name.span, "only a dependency of type `volume` can be mounted")
            .also(declared, "declared here")
            .help("give a volume of the component's own another name"),
        };
        self.sink.error(diagnostic);
    }

    /// Reports shared volumes that are written by different users, and remembers who writes each.
    pub(crate) fn one_writer_each(&mut self) {
        let writers = std::mem::take(&mut self.writers);
        for (id, (volume, mut writers)) in writers.0 {
            // Of two users the later one is told, whichever role comes first.
            writers.sort_by_key(|writer| writer.at);
            let known = |writer: &&Writer| writer.runs_as.is_known;
            let Some(first) = writers.iter().find(known).or(writers.first()) else {
                continue;
            };
            self.builder.written_by(id, first.runs_as.user);
            for other in writers.iter().filter(known).filter(|_| known(&first)) {
                if !is_one_user(first.runs_as, other.runs_as) {
                    self.sink.error(two_users(&volume, first, other));
                }
            }
        }
    }
}

/// Whether two workloads are known to run as one user and group.
fn is_one_user(one: RunsAs, other: RunsAs) -> bool {
    match (one.user, other.user) {
        (User::FromImage, User::FromImage) => one.image == other.image,
        (User::Ids { .. }, User::Ids { .. }) => one.user == other.user,
        (User::FromImage, User::Ids { .. }) | (User::Ids { .. }, User::FromImage) => false,
    }
}

fn two_users(volume: &str, first: &Writer, other: &Writer) -> Diagnostic {
    let (one, two) = (quoted(&first.role), quoted(&other.role));
    let label = |role: &str, writer: &Writer| match writer.runs_as.user {
        User::FromImage => format!("{role} runs as its image says"),
        User::Ids { user, group } => format!("{role} runs as user {user} and group {group}"),
    };
    let message = format!(
        "{one} and {two} write the volume {} as different users",
        quoted(volume)
    );
    let mut diagnostic = Diagnostic::new(codes::SEVERAL_WRITERS, message)
        .at(other.at, label(&two, other))
        .also(first.at, label(&one, first));
    for (role, writer) in [(&two, other), (&one, first)] {
        if writer.at != writer.mounted {
            diagnostic = diagnostic.also(writer.mounted, format!("{role} mounts it here"));
        }
    }
    diagnostic
        .help("give both one user and group, as in `security: { user: 1000, group: 1000 }`")
        .help(format!(
            "or let one of them only read: `{volume}: {{ path: /srv/{volume}, read-only: true }}`"
        ))
}
