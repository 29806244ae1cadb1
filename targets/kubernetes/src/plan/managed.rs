//! Products that run in the cluster: a StatefulSet of one pod with a claim that outlives it, or a Deployment of one
//! where nothing has to survive.

use super::{Plan, images, pod, scaling};
use crate::model::{
    Claim, Controller, Data, Mount, Object, Pod, Provenance, Strategy, Volume, VolumeSource, Workload,
};
use crate::names;
use crate::plan::pod::{Recipe, Spread, Stop};
use exoc_catalogue::Run;
use exoc_diagnostics::Failed;
use exoc_ir::{Access, Capabilities, Component, Managed, Port, Protocol, Security, User, Value};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Whom a product runs as that its image leaves to root, for want of a folder that is somebody's: the kubelet gives a
/// claim to the group of the pod.
const NOBODY_ELSE: u32 = 10001;

/// What runs a product, and what it mounts.
pub(crate) fn objects(
    plan: &mut Plan<'_>,
    component: Component,
    managed: &Managed,
    run: Run,
    ports: &[Port],
) -> Result<Vec<Object>, Failed> {
    let Run {
        image,
        user,
        group,
        root_writable,
        port: _, // already among `ports`
        command,
        environment,
        files,
        data,
        scratch,
        health,
        shutdown,
    } = run;
    let (user, group) = if user == 0 {
        (NOBODY_ELSE, NOBODY_ELSE)
    } else {
        (user, group)
    };
    let security = Security {
        user: User::Ids { user, group },
        root_writable,
        capabilities: Capabilities::Only([].into()),
        privileged: false,
    };
    let command: Option<Vec<Value>> = command.map(|words| words.into_iter().map(Value::literal).collect());
    let recipe = Recipe {
        component,
        image: images::pinned(plan, &image),
        entrypoint: None,
        command: command.as_deref(),
        environment: &environment,
        ports,
        scratch: &scratch,
        health: Some(&health),
        resources: managed.resources,
        security: &security,
        shutdown: shutdown.0,
        // Nothing can take over, so there is nothing to wait for.
        stop: Stop::AtOnce,
        spread: Spread::None,
        volumes: [names::DATA_VOLUME, names::FILES_VOLUME]
            .map(str::to_owned)
            .into(),
    };
    let mut pod = pod::pod(plan, recipe)?;
    let claim = data.map(|path| claim(plan, component, &mut pod, managed, path, group));
    let mut objects = lay_files(plan, component, &mut pod, files);
    let identity = plan.identity(component);
    let (name, controller) = match claim {
        Some(claim) => {
            let service_name = identity.to_owned();
            let claims = vec![claim];
            let set = Controller::StatefulSet {
                service_name,
                replicas: 1,
                claims,
            };
            (identity, set)
        }
        // Two of them would each hold another half of what was stored.
        None => {
            let one = (Some(1), Provenance::default());
            let probes = pod.container.probes.as_ref();
            let deployment = scaling::deployment(one, Strategy::Recreate, probes);
            (plan.program.role(component), deployment)
        }
    };
    objects.push(Object::Workload(Box::new(Workload {
        meta: plan.meta(component, name),
        controller,
        selector: plan.selector(component),
        pod,
    })));
    Ok(objects)
}

/// The claim of a product's data, mounted first and given to the group.
fn claim(
    plan: &Plan<'_>,
    component: Component,
    pod: &mut Pod,
    managed: &Managed,
    path: &str,
    group: u32,
) -> Claim {
    pod.security.claim_group = Some(group);
    pod.container.mounts.insert(
        0,
        Mount {
            volume: names::DATA_VOLUME.to_owned(),
            path: path.to_owned(),
            file: None,
            access: Access::Write,
        },
    );
    Claim {
        name: names::DATA_VOLUME.to_owned(),
        storage: managed.storage.to_string(),
        class: plan.options.storage_class.clone(),
        from: plan.written(component, ["storage"], &Provenance::default()),
    }
}

/// The port of a product.
pub(crate) fn port(run: &Run) -> Port {
    let (name, number) = run.port;
    Port {
        name: name.to_owned(),
        number,
        protocol: Protocol::Tcp,
    }
}

/// Mounts files beside those of the image, each by itself, and gives the ConfigMap that holds them.
fn lay_files(
    plan: &mut Plan<'_>,
    component: Component,
    pod: &mut Pod,
    files: BTreeMap<String, String>,
) -> Vec<Object> {
    if files.is_empty() {
        return Vec::new();
    }
    let mut hash = Sha256::new();
    let mut data = BTreeMap::new();
    for (path, contents) in files {
        let key = names::file_key(&path, &data);
        for text in [&key, &path, &contents] {
            hash.update(text.len().to_be_bytes());
            hash.update(text.as_bytes());
        }
        pod.container.mounts.push(Mount {
            volume: names::FILES_VOLUME.to_owned(),
            path,
            file: Some(key.clone()),
            access: Access::Read,
        });
        data.insert(key, Data::Text(contents));
    }
    let hash: String = hash
        .finalize()
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let name = names::files(plan.program.role(component), &hash);
    let name = plan.shortened(name, plan.place(component));
    pod.volumes.push(Volume {
        name: names::FILES_VOLUME.to_owned(),
        source: VolumeSource::ConfigMap(name.clone()),
    });
    vec![Object::ConfigMap(plan.meta(component, name), data)]
}
