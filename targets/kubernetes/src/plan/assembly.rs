//! The pod of a workload of the manifest's, with its files and volumes. Knows no controller.

use super::volumes::{self, Held};
use super::{Plan, files, images, pod};
use crate::model::{Claim, Object, Pod};
use crate::plan::pod::{Recipe, Spread, Stop};
use exoc_diagnostics::Failed;
use exoc_ir::{Component, Workload};

/// A pod, and what stands beside it.
pub(crate) struct Assembly {
    /// The pod.
    pub(crate) pod: Pod,
    /// What it mounts and is printed before it.
    pub(crate) objects: Vec<Object>,
    /// The volumes that are its own, which are still to be claimed.
    pub(crate) claims: Vec<Claim>,
}

/// Assembles the pod of a workload.
pub(crate) fn assemble(
    plan: &mut Plan<'_>,
    component: Component,
    workload: &Workload,
    stop: Stop,
    spread: Spread,
) -> Result<Assembly, Failed> {
    let Some(image) = images::image(plan, workload.image) else {
        return Err(plan.fault(component, "its image is unknown"));
    };
    let held = volumes::held(plan, component, workload);
    let named = held.names();
    let Held {
        claims,
        volumes,
        mounts,
        group,
    } = held;
    let laid = files::lay(plan, component, &workload.files)?.beside(&named);
    let taken = named.into_iter().chain(laid.names()).collect();
    let recipe = Recipe::of(component, image, workload, stop, spread, taken);
    let mut pod = pod::pod(plan, recipe)?;
    pod.machines = images::machines(&workload.platforms);
    pod.security.claim_group = group;
    pod.container.mounts.splice(0..0, mounts);
    pod.volumes.extend(volumes);
    pod.container.mounts.extend(laid.mounts);
    pod.volumes.extend(laid.volumes);
    pod.first = laid.first;
    Ok(Assembly {
        pod,
        objects: laid.objects,
        claims,
    })
}
