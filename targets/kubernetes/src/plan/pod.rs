//! A pod of one container, of services, containers and products alike.

use super::{Plan, environment, probes, security, texts};
use crate::model::{Check, Container, ContainerPort, Machines, Mount, Pod, Probes, Volume, VolumeSource};
use crate::names;
use exoc_diagnostics::{Diagnostic, Failed, codes};
use exoc_ir::{
    Access, Bytes, Component, Health, MilliCpu, Port, Resources, Security, Transport, Value, Workload,
};
use std::collections::{BTreeMap, BTreeSet};

/// How long a pod stays after it was asked to stop and before it is told, so that traffic has moved away.
const DRAIN: u32 = 5;

/// What a pod is made of, whatever it is for.
pub(crate) struct Recipe<'a> {
    /// Whose it is.
    pub(crate) component: Component,
    /// Its image, as the kustomization knows it.
    pub(crate) image: String,
    /// What replaces the image's entrypoint and command.
    pub(crate) entrypoint: Option<&'a [Value]>,
    /// What replaces the image's command.
    pub(crate) command: Option<&'a [Value]>,
    /// Its variables.
    pub(crate) environment: &'a BTreeMap<String, Value>,
    /// Where it listens.
    pub(crate) ports: &'a [Port],
    /// Its folders in memory.
    pub(crate) scratch: &'a BTreeMap<String, Bytes>,
    /// How it is asked.
    pub(crate) health: Option<&'a Health>,
    /// What it needs.
    pub(crate) resources: Resources,
    /// What it may do.
    pub(crate) security: &'a Security,
    /// Seconds from the signal to the kill.
    pub(crate) shutdown: u32,
    /// What happens before the signal.
    pub(crate) stop: Stop,
    /// Over what its pods spread.
    pub(crate) spread: Spread,
    /// Names of volumes that the caller adds.
    pub(crate) volumes: BTreeSet<String>,
}

impl<'a> Recipe<'a> {
    /// That of a workload of the manifest's.
    pub(crate) fn of(
        component: Component,
        image: String,
        workload: &'a Workload,
        stop: Stop,
        spread: Spread,
        volumes: BTreeSet<String>,
    ) -> Self {
        let Workload {
            image: _,     // the caller knows what the kustomization calls it
            platforms: _, // likewise, where its machines are
            entrypoint,
            command,
            environment,
            ports,
            scratch,
            mounts: _, // the caller adds them
            files: _,  // likewise
            health,
            resources,
            security,
            shutdown,
        } = workload;
        Self {
            component,
            image,
            entrypoint: entrypoint.as_deref(),
            command: command.as_deref(),
            environment,
            ports,
            scratch,
            health: health.as_ref(),
            resources: *resources,
            security,
            shutdown: shutdown.0,
            stop,
            spread,
            volumes,
        }
    }
}

/// What happens before a pod gets the signal to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// Traffic moves away.
    Drained,
    /// Nothing.
    AtOnce,
}

/// Over what pods spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spread {
    /// Over zones and machines, where that is possible.
    Wide,
    /// There is one pod.
    None,
}

/// The pod.
pub(crate) fn pod(plan: &mut Plan<'_>, recipe: Recipe<'_>) -> Result<Pod, Failed> {
    let Recipe {
        component,
        image,
        entrypoint,
        command,
        environment,
        ports,
        scratch,
        health,
        resources,
        security,
        shutdown,
        stop,
        spread,
        volumes: mut taken,
    } = recipe;
    for path in scratch.keys() {
        let at = plan.place_of(component, &format!("writable.{path}"));
        texts::check(plan, path, at);
    }
    let lines = plan.pod_lines(
        component,
        environment.keys(),
        scratch.keys(),
        ports.iter().map(|port| &port.name),
    );
    let folders: Vec<(String, &String, &Bytes)> = scratch
        .iter()
        .map(|(path, size)| (names::volume(path, &mut taken), path, size))
        .collect();
    let Resources { cpu, memory } = resources;
    let sleep = match stop {
        Stop::Drained if !ports.is_empty() => Some(DRAIN),
        Stop::Drained | Stop::AtOnce => None,
    };
    let container = Container {
        name: plan.program.role(component).to_owned(),
        // On a developer's machine there may be no registry that has it.
        pulls_again: !plan.program.environment().local && !image.contains('@'),
        image,
        command: replacement(plan, component, entrypoint, "entrypoint")?,
        args: match (entrypoint, command) {
            (Some(_), Some([])) => None,
            (_, command) => replacement(plan, component, command, "command")?,
        },
        variables: environment::variables(plan, component, environment)?,
        ports: ports.iter().map(container_port).collect(),
        cpu: cores(cpu),
        memory: memory.to_string(),
        probes: probes::probes(plan, component, health, ports)?,
        sleep_before_stop: sleep,
        security: security::container(security),
        mounts: folders
            .iter()
            .map(|(volume, path, _)| written(volume, path))
            .collect(),
    };
    let volumes = folders.into_iter().map(|(name, _, size)| Volume {
        name,
        source: VolumeSource::Memory(size.to_string()),
    });
    let role = plan.program.role(component);
    Ok(Pod {
        labels: plan.labels(component),
        service_account: plan.program.role(component).to_owned(),
        priority: plan.options.priority_class.clone(),
        grace: shutdown + sleep.unwrap_or(0),
        security: security::pod(security, ports),
        machines: Machines::All,
        asks_itself_by: asks_for(container.probes.as_ref(), role).then(|| role.to_owned()),
        deadline: None,
        spread: match spread {
            Spread::Wide => vec!["topology.kubernetes.io/zone", "kubernetes.io/hostname"],
            Spread::None => Vec::new(),
        },
        container,
        first: None,
        volumes: volumes.collect(),
        lines,
    })
}

/// Whether a check that runs inside asks an address by a name: the Service that is called so leads to its ports alone, and
/// to nothing until the check has passed.
fn asks_for(probes: Option<&Probes>, role: &str) -> bool {
    let Some(Check::Exec(words)) = probes.map(|probes| &probes.check) else {
        return false;
    };
    let is_of_name = |letter: char| letter.is_ascii_alphanumeric() || "-._".contains(letter);
    let is_address = |word: &str, at: usize| {
        let (before, after) = (word.get(..at), word.get(at + role.len()..));
        let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
        let is_whole = !before.ends_with(is_of_name) && !after.starts_with(is_of_name);
        let has_port = after
            .strip_prefix(':')
            .is_some_and(|port| port.starts_with(|digit: char| digit.is_ascii_digit()));
        is_whole && (before.ends_with("//") || has_port)
    };
    words
        .iter()
        .any(|word| word.match_indices(role).any(|(at, _)| is_address(word, at)))
}

/// A folder in memory, where it lies.
fn written(volume: &str, path: &str) -> Mount {
    Mount {
        volume: volume.to_owned(),
        path: path.to_owned(),
        file: None,
        access: Access::Write,
    }
}

/// What replaces a part of the image; an empty list is no replacement for Kubernetes, so it is refused.
fn replacement(
    plan: &mut Plan<'_>,
    component: Component,
    values: Option<&[Value]>,
    field: &str,
) -> Result<Option<Vec<String>>, Failed> {
    let Some(values) = values else { return Ok(None) };
    if values.is_empty() {
        let role = plan.program.role(component);
        let message = format!("Kubernetes takes the empty {field} of `{role}` for none");
        let diagnostic = Diagnostic::new(codes::TARGET_LIMIT, message)
            .at(plan.place_of(component, field), "")
            .help("write the whole command as `entrypoint`");
        return Err(plan.sink.error(diagnostic));
    }
    environment::arguments(plan, component, values, field).map(Some)
}

fn container_port(port: &Port) -> ContainerPort {
    let Port {
        name,
        number,
        protocol,
    } = port;
    ContainerPort {
        name: name.clone(),
        number: *number,
        transport: transport(protocol.transport()),
    }
}

/// The API's word for what carries a port's packets.
pub(crate) const fn transport(transport: Transport) -> &'static str {
    match transport {
        Transport::Tcp => "TCP",
        Transport::Udp => "UDP",
    }
}

/// Cores as the quantity that the API server would print.
pub(crate) fn cores(cpu: MilliCpu) -> String {
    if cpu.0.is_multiple_of(1000) {
        (cpu.0 / 1000).to_string()
    } else {
        format!("{}m", cpu.0)
    }
}
