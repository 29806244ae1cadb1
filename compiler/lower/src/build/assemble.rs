//! Final ids: images and secrets are sorted, secrets that nothing consumes are left out, and every id that was
//! handed out before is replaced.

use super::image::{self, Images};
use crate::scope::Secrets;
use exoc_diagnostics::Span;
use exoc_ir::{
    Backing, Builder, Engine, Existing, External, Id, Image, LateContents, Managed, NodeId, Part, Probe,
    Secret, Service, Value, Workload,
};
use std::collections::{BTreeMap, BTreeSet};

/// The nodes that were made, with provisional ids.
#[derive(Debug, Default)]
pub(crate) struct Nodes {
    pub(crate) services: Vec<(Service, Span)>,
    pub(crate) backings: Vec<(Backing, Span)>,
}

impl Nodes {
    /// Takes other nodes, whose images have these ids here, and whose volumes from the `common`-th on come `later`.
    pub(crate) fn absorb(&mut self, mut other: Self, images: &[Id<Image>], common: usize, later: usize) {
        let services = other
            .services
            .iter_mut()
            .map(|(service, _)| &mut service.workload);
        let containers = other
            .backings
            .iter_mut()
            .filter_map(|(backing, _)| match &mut backing.engine {
                Engine::Container(workload) => Some(workload),
                Engine::Managed(_) | Engine::External(_) | Engine::Existing(_) => None,
            });
        for workload in services.chain(containers) {
            workload.image = image::renamed(workload.image, images);
            for mount in workload.mounts.values_mut() {
                if mount.volume.index() >= common {
                    mount.volume = Id::new(mount.volume.index() + later);
                }
            }
        }
        self.services.append(&mut other.services);
        self.backings.append(&mut other.backings);
    }
}

/// Gives the nodes to the builder in the order that a program has.
pub(crate) fn assemble(mut nodes: Nodes, images: Images, secrets: &Secrets, builder: &mut Builder) {
    let images = add_images(images, builder);
    let consumed = consumed(&nodes);
    let mut ids: BTreeMap<Id<Secret>, Id<Secret>> = BTreeMap::new();
    for (index, (name, declared)) in secrets.all.iter().enumerate() {
        if consumed.contains(&Id::new(index)) {
            let secret = Secret {
                name: name.clone(),
                origin: declared.origin.clone(),
            };
            let id = builder.secret(secret, declared.at);
            for (field, at) in &declared.fields {
                builder.place(NodeId::Secret(id), field, *at);
            }
            ids.insert(Id::new(index), id);
        }
    }
    let rename = |id: &mut Id<Secret>| *id = ids.get(id).copied().unwrap_or(*id);
    for (service, _) in &mut nodes.services {
        rename_workload(&mut service.workload, &images, &rename);
    }
    for (backing, _) in &mut nodes.backings {
        match &mut backing.engine {
            Engine::Managed(Managed {
                product: _,
                version: _,
                resources: _,
                storage: _,
                parameters: _,
                image: _,
                availability: _,
                backups: _,
                subscribes: _,
                database: _,
                username: _,
                password,
                administrator,
            }) => password.iter_mut().chain(administrator).for_each(&rename),
            Engine::Container(workload) => rename_workload(workload, &images, &rename),
            Engine::External(External {
                url,
                host: _,
                port: _,
            }) => rename_value(url, &rename),
            Engine::Existing(Existing {
                product: _,
                attributes,
                hosts: _,
            }) => attributes
                .values_mut()
                .for_each(|value| rename_value(value, &rename)),
        }
    }
    for (service, at) in nodes.services {
        builder.service(service, at);
    }
    for (backing, at) in nodes.backings {
        builder.backing(backing, at);
    }
}

fn add_images(images: Images, builder: &mut Builder) -> Vec<Id<Image>> {
    let key = |image: &Image| match image {
        Image::Built(built) => (built.name.clone(), 0),
        Image::Pinned(reference) => (reference.to_string(), 1),
    };
    let mut sorted: Vec<(usize, (Image, Span))> = images.all.into_iter().enumerate().collect();
    sorted.sort_by_cached_key(|(_, (image, _))| key(image));
    let mut ids: Vec<(usize, Id<Image>)> = sorted
        .into_iter()
        .map(|(index, (image, at))| (index, builder.image(image, at)))
        .collect();
    ids.sort_by_key(|(index, _)| *index);
    ids.into_iter().map(|(_, id)| id).collect()
}

fn consumed(nodes: &Nodes) -> BTreeSet<Id<Secret>> {
    let mut consumed = BTreeSet::new();
    let mut of = |value: &Value| {
        consumed.extend(value.parts().iter().filter_map(|part| match part {
            Part::Secret(id) => Some(*id),
            Part::Text(_) | Part::Attribute(..) => None,
        }));
    };
    for (service, _) in &nodes.services {
        service.workload.values().for_each(&mut of);
    }
    let mut made = Vec::new();
    for (backing, _) in &nodes.backings {
        match &backing.engine {
            Engine::Container(workload) => workload.values().for_each(&mut of),
            Engine::External(External {
                url,
                host: _,
                port: _,
            }) => of(url),
            Engine::Existing(Existing {
                product: _,
                attributes,
                hosts: _,
            }) => attributes.values().for_each(&mut of),
            Engine::Managed(managed) => {
                made.extend(managed.password.into_iter().chain(managed.administrator))
            }
        }
    }
    consumed.extend(made);
    consumed
}

fn rename_value(value: &mut Value, rename: &impl Fn(&mut Id<Secret>)) {
    let is_secret = |part: &Part| matches!(part, Part::Secret(_));
    if !value.parts().iter().any(is_secret) {
        return;
    }
    *value = Value::new(value.parts().iter().cloned().map(|mut part| {
        match &mut part {
            Part::Secret(id) => rename(id),
            Part::Text(_) | Part::Attribute(..) => {}
        }
        part
    }));
}

fn rename_workload(workload: &mut Workload, images: &[Id<Image>], rename: &impl Fn(&mut Id<Secret>)) {
    let Workload {
        image,
        platforms: _,
        entrypoint,
        command,
        environment,
        ports: _,
        scratch: _,
        mounts: _,
        files,
        health,
        resources: _,
        security: _,
        shutdown: _,
    } = workload;
    for file in files.late.values_mut().flat_map(BTreeMap::values_mut) {
        match &mut file.contents {
            LateContents::Value(value) => rename_value(value, rename),
            LateContents::Known(_) => {}
        }
    }
    *image = image::renamed(*image, images);
    let asked = match health.as_mut().map(|health| &mut health.probe) {
        Some(Probe::Command(items)) => items.as_mut_slice(),
        Some(Probe::Http { .. } | Probe::Tcp { .. } | Probe::Grpc { .. }) | None => &mut [],
    };
    let arguments = entrypoint
        .iter_mut()
        .flatten()
        .chain(command.iter_mut().flatten());
    for value in arguments.chain(asked).chain(environment.values_mut()) {
        rename_value(value, rename);
    }
}
