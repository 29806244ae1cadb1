//! Volumes: where they lie, and that they have one writer. What a workload may write lies here and in `scratch`.

use super::workload::SYSTEM;
use super::{Lowering, Site};
use crate::check::names;
use crate::field::{Look, members};
use crate::words::quoted;
use exoc_diagnostics::{Diagnostic, Span, Spanned, codes};
use exoc_ir::{Bytes, Mount, Owner, Scale, User};
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
        writer: User,
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
            if names::volume(name, self.sink).is_err() {
                continue;
            }
            let Some(path) = self.path_of(name, volume) else {
                continue;
            };
            if !self.free(path, &taken) {
                continue;
            }
            taken.push((&path.value, Some(path.span)));
            let id = self.builder.volume(
                exoc_ir::Volume {
                    owner: Owner::Component {
                        component: site.component,
                        name: name.value.clone(),
                    },
                    size: volume.size.set().map(|size| Bytes(size.value)),
                    writer,
                },
                name.span,
            );
            mounts.insert(path.value.clone(), Mount { volume: id });
        }
        mounts
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
        let Some((volume, _)) = members(&site.layer.volumes).next() else {
            return scale;
        };
        let written = site.layer.scale.set();
        let number = written.and_then(|scale| scale.max.set().or(scale.min.set()));
        if scale.max > 1 {
            let at = number.map_or(volume.span, |number| number.span);
            let message = format!("{} has a volume and more than one replica", site.noun());
            self.sink.error(
                Diagnostic::new(codes::SEVERAL_WRITERS, message)
                    .at(at, format!("up to {} replicas", scale.max))
                    .also(volume.span, "the volume has room for one")
                    .help("keep one replica, or keep the data in a dependency"),
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
