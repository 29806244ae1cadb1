//! Volumes: where they lie, and that they have one writer. What a workload may write lies here and in `scratch`.

use super::shared::{self, Named, RunsAs};
use super::workload::SYSTEM;
use super::{Lowering, Site};
use crate::check::names;
use crate::field::{Look, members};
use crate::words::quoted;
use exoc_diagnostics::{Diagnostic, Span, Spanned, codes};
use exoc_ir::{Access, Bytes, Mount, Owner, Scale, User};
use exoc_manifest::ast::{Field, Volume};
use std::collections::BTreeMap;

/// A folder that something lies in, and where the manifest says so; nothing for one that is always there.
type Taken<'a> = (&'a str, Option<Span>);

impl Lowering<'_> {
    /// The volumes of a component by folder; `scratch` are its writable folders.
    pub(crate) fn volumes(
        &mut self,
        site: &Site<'_>,
        scratch: &BTreeMap<String, Bytes>,
        runs_as: RunsAs,
    ) -> BTreeMap<String, Mount> {
        let mut sorted: Vec<(&Spanned<String>, &Volume)> = members(&site.layer.volumes).collect();
        sorted.sort_by(|(one, _), (other, _)| one.value.cmp(&other.value));
        let mut taken: Vec<Taken<'_>> = scratch
            .keys()
            .map(|folder| (folder.as_str(), written(site, folder)))
            .collect();
        let mut mounts = BTreeMap::new();
        for (name, volume) in sorted {
            let field = format!("volumes.{}", name.value);
            self.place(site, &field, name.span);
            if let Some(size) = volume.size.set() {
                self.place(site, &format!("{field}.size"), size.span);
            }
            if let Some(read_only) = volume.read_only.set() {
                self.place(site, &format!("{field}.read-only"), read_only.span);
            }
            let named = shared::named(self.scope, &name.value);
            let shared = match named {
                Named::Own => None,
                Named::Shared(id) => Some(id),
                Named::Removed(_) | Named::Other(_) | Named::Unknown => {
                    self.no_volume(name, named);
                    continue;
                }
            };
            if shared.is_none() && names::volume(name, self.sink).is_err() {
                continue;
            }
            let Some(path) = self.path_of(name, volume) else {
                continue;
            };
            if !self.free(path, &taken) {
                continue;
            }
            taken.push((&path.value, Some(path.span)));
            let mount = match shared {
                Some(id) => Mount {
                    volume: id,
                    access: self.access(site, (name, id), volume, runs_as),
                },
                None => self.own(site, name, volume, runs_as.user),
            };
            mounts.insert(path.value.clone(), mount);
        }
        mounts
    }

    /// A volume of the component's own.
    fn own(&mut self, site: &Site<'_>, name: &Spanned<String>, volume: &Volume, writer: User) -> Mount {
        if let Some(read_only) = volume.read_only.set().filter(|only| only.value) {
            let written = quoted(&name.value);
            self.sink.error(
                Diagnostic::new(
                    codes::KEY_NOT_FOR_TYPE,
                    format!("the volume {written} is the component's own and only read"),
                )
                .at(read_only.span, "nobody else could write it")
                .help("remove `read-only`")
                .help(format!(
                    "to read what others write, declare it in application.yml: `dependencies: {{ {}: volume }}`",
                    name.value
                )),
            );
        }
        let owner = Owner::Component {
            component: site.component,
            name: name.value.clone(),
        };
        let size = volume.size.set().map(|size| Bytes(size.value));
        let node = exoc_ir::Volume {
            owner,
            size,
            writer: Some(writer),
        };
        Mount {
            volume: self.builder.volume(node, name.span),
            access: Access::Write,
        }
    }

    /// Where a volume lies, if the manifest says it and it can lie there.
    fn path_of<'v>(&mut self, name: &Spanned<String>, volume: &'v Volume) -> Option<&'v Spanned<String>> {
        match volume.path.known() {
            Err(_) => None,
            Ok(Some(path)) => self.can_hold(path).then_some(path),
            Ok(None) => {
                let at = volume.path.removed().unwrap_or(name.span);
                let name = quoted(&name.value);
                self.sink.error(
                    Diagnostic::new(codes::MISSING_KEY, format!("the volume {name} has no `path`"))
                        .at(at, "`path` is required")
                        .help("write the folder where it lies, as in `path: /data`"),
                );
                None
            }
        }
    }

    fn can_hold(&mut self, path: &Spanned<String>) -> bool {
        let (label, help) = if path.value == "/" {
            ("the whole file system", "choose a folder of the program's own")
        } else if SYSTEM.iter().any(|system| lies_in(&path.value, system)) {
            ("belongs to the system", "choose a folder of the program's own")
        } else {
            return true;
        };
        let message = format!("{} cannot be a volume", quoted(&path.value));
        self.sink.error(
            Diagnostic::new(codes::BAD_FOLDER, message)
                .at(path.span, label)
                .help(help),
        );
        false
    }

    /// Whether nothing lies where a volume is to lie, nor around it or in it.
    fn free(&mut self, path: &Spanned<String>, taken: &[Taken<'_>]) -> bool {
        let clash = taken
            .iter()
            .find(|(folder, _)| lies_in(&path.value, folder) || lies_in(folder, &path.value));
        let Some((folder, at)) = clash else {
            return true;
        };
        let (one, other) = (quoted(&path.value), quoted(folder));
        let message = if path.value == *folder {
            format!("two things lie at {one}")
        } else if lies_in(&path.value, folder) {
            format!("the volume at {one} lies in {other}")
        } else {
            format!("the volume at {one} lies around {other}")
        };
        let mut diagnostic = Diagnostic::new(codes::FOLDER_CLASH, message).at(path.span, "the volume");
        diagnostic = match at {
            Some(at) => diagnostic.also(*at, "taken here"),
            None => diagnostic.help(format!("{other} always is a writable folder")),
        };
        self.sink
            .error(diagnostic.help("choose folders of which none lies in another"));
        false
    }

    /// The scale of a service with volumes of its own: one replica, which stops before its successor starts.
    pub(crate) fn alone(&mut self, site: &Site<'_>, scale: Scale) -> Scale {
        let is_own = |name: &Spanned<String>| matches!(shared::named(self.scope, &name.value), Named::Own);
        let Some((volume, _)) = members(&site.layer.volumes).find(|(name, _)| is_own(name)) else {
            return scale;
        };
        let written = site.layer.scale.set();
        let number = written.and_then(|scale| scale.max.set().or(scale.min.set()));
        if scale.max > 1 {
            let at = number.map_or(volume.span, |number| number.span);
            let message = format!("{} has a volume and more than one replica", site.noun());
            let shared = format!(
                "or share it: declare `{0}: volume` under `dependencies` in application.yml",
                volume.value
            );
            self.sink.error(
                Diagnostic::new(codes::SEVERAL_WRITERS, message)
                    .at(at, format!("up to {} replicas", scale.max))
                    .also(volume.span, "the volume has room for one")
                    .help("keep one replica, or keep the data in a dependency")
                    .help(shared),
            );
        }
        match written.and_then(|scale| scale.overlap.set()) {
            Some(overlap) if overlap.value => {
                let message = format!("{} has a volume, and its replicas overlap", site.noun());
                self.sink.error(
                    Diagnostic::new(codes::SEVERAL_WRITERS, message)
                        .at(
                            overlap.span,
                            "the new replica would start before the old one stops",
                        )
                        .also(volume.span, "the volume has room for one")
                        .help("remove `overlap`: with a volume the old replica stops first"),
                );
            }
            Some(_) => {}
            None => self.place(site, "scale.overlap", volume.span),
        }
        Scale {
            min: scale.min.min(1),
            max: scale.max.min(1),
            overlap: false,
            ..scale
        }
    }
}

/// Where a writable folder is written, if it is.
pub(super) fn written(site: &Site<'_>, folder: &str) -> Option<Span> {
    let mut folders = site.layer.writable.iter();
    folders
        .find(|(key, field)| key.value == folder && matches!(field, Field::Set(_)))
        .map(|(key, _)| key.span)
}

/// Whether a folder is another, or lies in it.
pub(super) fn lies_in(inner: &str, outer: &str) -> bool {
    inner
        .strip_prefix(outer)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || outer == "/")
}
