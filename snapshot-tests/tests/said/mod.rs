//! What an output says of one row of a table: a function for each kind of row.
//!
//! Knows outputs by their facts only. Where a target says something else than the manifest, the arm of that target
//! says why.

use crate::tables::{Row, Table};
use exoc_snapshot_tests::facts::{
    Capabilities, Component, Entrance, Facts, Health, Image, Part, Probe, Target, Value, Wire, fargate,
    project::Project,
};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

/// What one output means.
#[derive(Clone, Copy)]
pub(crate) struct Output<'a> {
    /// Which environment's.
    pub(crate) environment: &'a str,
    /// Whose.
    pub(crate) target: Target,
    /// The facts in its files.
    pub(crate) facts: &'a Facts,
    /// What compose alone says.
    pub(crate) project: Option<&'a Project>,
}

/// What an output says of a row, if it is not what the row says.
pub(crate) fn fault(table: &Table, row: &Row, output: Output<'_>) -> Option<String> {
    let found = match output.facts.components.get(&row.component) {
        Some(component) => difference(table, row, output, component),
        None if row.kind == "product" && output.facts.rented.contains_key(&row.component) => {
            rented(row, output)
        }
        None => Some("there is no such component".to_owned()),
    };
    found.map(|found| {
        format!(
            "{} {} {} should be {}: {found}",
            row.component, row.kind, row.key, row.manifest
        )
    })
}

/// What was found, unless it is so.
fn unless(is_so: bool, found: &impl Debug) -> Option<String> {
    (!is_so).then(|| format!("{found:?}"))
}

fn difference(table: &Table, row: &Row, output: Output<'_>, component: &Component) -> Option<String> {
    let wanted = row.manifest.as_str();
    match row.kind.as_str() {
        "image" => {
            let image = match wanted.strip_prefix("built:") {
                Some(name) => Image::Built(name.to_owned()),
                None => Image::Pinned(wanted.to_owned()),
            };
            unless(component.image == image, &component.image)
        }
        "product" => unless(runs(component, &row.key, wanted), &component.image),
        "port" => {
            let all = table.of("port", output.environment);
            let is_so = all.filter(|port| port.component == row.component).count() == component.ports.len()
                && has_port(component, &row.key, wanted);
            unless(is_so, &component.ports)
        }
        "route" => unless(has_door(row, output.facts), &output.facts.doors),
        "variable" => {
            let value = component.environment.get(&row.key);
            unless(value == Some(&meant(wanted, output)), &value)
        }
        "probe" => unless(
            probe_is(component.health.as_ref(), output.target, &row.key, wanted),
            &component.health,
        ),
        "edge" => {
            assert_eq!(row.key, wanted, "line {}", row.line);
            unless(
                has_edge(output.facts, &row.component, wanted),
                &output.facts.edges,
            )
        }
        "replicas" => unless(replicas_are(component, output.target, wanted), &component.scale),
        "cpu" | "memory" => {
            let wanted = resources(table, row, output);
            let found = (component.cpu, component.memory);
            let is_so = if row.kind == "cpu" {
                wanted.0 == found.0
            } else {
                wanted.1 == found.1
            };
            unless(is_so, &found)
        }
        "security" => security(component, &row.key, wanted),
        "writable" => {
            let size = component.writable.get(&row.key);
            unless(size == Some(&mebibytes(wanted)), &size)
        }
        "shutdown" => unless(format!("{}s", component.shutdown) == wanted, &component.shutdown),
        "program" => {
            let words = match row.key.as_str() {
                "command" => &component.command,
                "entrypoint" => &component.entrypoint,
                other => panic!("line {}: what is `{other}` of a program?", row.line),
            };
            unless(*words == Some(words_of(wanted)), words)
        }
        "leave" => {
            let leaves = &output.facts.leaves;
            let is_so = leaves.iter().any(|(role, _)| *role == row.component) && row.key != row.component;
            unless(is_so, leaves)
        }
        "job" | "after" | "volume" | "file" | "timeout" | "left-out" => {
            let project = output
                .project
                .unwrap_or_else(|| panic!("line {}: compose alone", row.line));
            in_project(row, component, project)
        }
        kind => panic!("line {}: what is a `{kind}`?", row.line),
    }
}

/// What compose alone says.
fn in_project(row: &Row, component: &Component, project: &Project) -> Option<String> {
    let service = &project.services[&row.component];
    let wanted = row.manifest.as_str();
    let is_entry = |entries: &BTreeMap<String, String>| entries.get(&row.key).is_some_and(|is| is == wanted);
    match row.kind.as_str() {
        "job" => {
            let is_so = service
                .job
                .as_ref()
                .is_some_and(|(key, is)| *key == row.key && is == wanted);
            unless(is_so, &service.job)
        }
        "after" => unless(service.after.contains(&row.key), &service.after),
        "volume" => unless(is_entry(&service.volumes), &service.volumes),
        "file" => unless(is_entry(&service.files), &service.files),
        "timeout" => unless(is_entry(&service.timeouts), &service.timeouts),
        // A folder or file that upstream mounts, an edge, or a key of compose.
        "left-out" if row.key.starts_with('/') => {
            let is_there = [&service.volumes, &service.files]
                .iter()
                .any(|mounts| mounts.contains_key(&row.key));
            unless(!is_there && !component.writable.contains_key(&row.key), service)
        }
        "left-out" => match row.key.strip_prefix("uses ") {
            Some(role) => {
                let caller = (row.component.clone(), role.to_owned());
                unless(!project.callers.contains(&caller), &project.callers)
            }
            None => unless(!service.keys.contains(&row.key), &service.keys),
        },
        kind => panic!("line {}: what is a `{kind}` of a project?", row.line),
    }
}

/// A command as a JSON list.
fn words_of(cell: &str) -> Vec<Value> {
    let words: Vec<String> = serde_json::from_str(cell).unwrap();
    words.into_iter().map(Value::text).collect()
}

/// A product that is rented has no image: its engine and port must be right.
fn rented(row: &Row, output: Output<'_>) -> Option<String> {
    let rented = &output.facts.rented[&row.component];
    unless(rented.scheme == row.key && rented.port != 0, rented)
}

/// Whether the image of a product is its engine's, of a version.
fn runs(component: &Component, engine: &str, version: &str) -> bool {
    let Image::Pinned(image) = &component.image else {
        return false;
    };
    let name = image.rsplit('/').next().unwrap_or_default();
    let tag = name
        .strip_prefix(engine)
        .and_then(|rest| rest.strip_prefix(':'))
        .unwrap_or_default();
    tag == version || tag.starts_with(&format!("{version}.")) || tag.starts_with(&format!("{version}-"))
}

fn has_port(component: &Component, protocol: &str, number: &str) -> bool {
    let wire = match protocol {
        "http" => Wire::Http1,
        "grpc" => Wire::H2c,
        "tcp" => Wire::Plain,
        other => panic!("what is spoken as `{other}`?"),
    };
    let mut ports = component.ports.iter();
    ports.any(|port| port.wire == wire && port.number.to_string() == number)
}

/// Whether a path leads to a port. Compose's machine has one door for all hosts and paths.
fn has_door(row: &Row, facts: &Facts) -> bool {
    facts.doors.iter().any(|door| {
        let is_asked = match &door.entrance {
            Entrance::Route { path, strip, .. } => *path == row.key && !strip,
            Entrance::Machine(_) => row.key == "/",
            Entrance::Number(..) => false,
        };
        is_asked && door.role == row.component && door.number.to_string() == row.manifest
    })
}

/// The value that a cell means: a text, `secret:NAME`, or a text with references to dependencies.
fn meant(cell: &str, output: Output<'_>) -> Value {
    if let Some(name) = cell.strip_prefix("secret:") {
        return Value::secret(name);
    }
    let mut value = Value::default();
    let mut rest = cell;
    while let Some((before, reference)) = rest.split_once("${dependencies.") {
        let (path, after) = reference.split_once('}').unwrap();
        let (role, attribute) = path.split_once('.').unwrap();
        value.push(Part::Text(before.to_owned()));
        value.extend(attribute_of(role, attribute, output));
        rest = after;
    }
    value.push(Part::Text(rest.to_owned()));
    value
}

/// An attribute of a redis: rented, its host is known to the target only, and it demands TLS.
fn attribute_of(role: &str, attribute: &str, output: Output<'_>) -> Value {
    let rented = output.facts.rented.get(role);
    match (attribute, rented) {
        ("address", Some(rented)) => [
            Part::Attribute(role.to_owned(), "host".to_owned()),
            Part::Text(format!(":{}", rented.port)),
        ]
        .into_iter()
        .collect(),
        ("address", None) => {
            let [port] = output.facts.components[role].ports.iter().collect::<Vec<_>>()[..] else {
                panic!("`{role}` has not one port");
            };
            Value::text(format!("{role}:{}", port.number))
        }
        ("password", _) => Value::secret(format!("{role}_password").to_uppercase().replace('-', "_")),
        ("tls", rented) => Value::text(rented.is_some().to_string()),
        (other, _) => panic!("what is `{other}` of `{role}`?"),
    }
}

fn has_edge(facts: &Facts, from: &str, to: &str) -> bool {
    let ports: BTreeSet<u16> = match facts.rented.get(to) {
        Some(rented) => BTreeSet::from([rented.port]),
        None => facts.components[to]
            .ports
            .iter()
            .map(|port| port.number)
            .collect(),
    };
    let reached = |number| {
        facts
            .edges
            .iter()
            .any(|edge| edge.from == from && edge.to == to && edge.number == number)
    };
    !ports.is_empty() && ports.into_iter().all(reached)
}

fn probe_is(health: Option<&Health>, target: Target, key: &str, wanted: &str) -> bool {
    let seconds = |number: u64| format!("{number}s") == wanted;
    let Some(health) = health else {
        return key == "none";
    };
    match key {
        // What asks although nobody wrote it: whether the port is open, or anything for the balancer.
        "none" => match (target, &health.probe) {
            (Target::Kubernetes, probe) => *probe == Probe::Tcp,
            (Target::Aws, probe) => *probe == Probe::Lenient,
            (Target::Compose, _) => false,
        },
        "path" => health.probe == Probe::Http(wanted.to_owned()),
        "tcp" => health.probe == Probe::Tcp,
        // Note grpc-tcp: these two ask whether the port is open.
        "grpc" => match target {
            Target::Kubernetes => health.probe == Probe::Grpc(None),
            Target::Compose | Target::Aws => health.probe == Probe::Tcp,
        },
        "port" => health.port.map(|port| port.to_string()).as_deref() == Some(wanted),
        "interval" => seconds(health.interval),
        "timeout" => seconds(health.timeout),
        "retries" => health.retries.to_string() == wanted,
        // Kubernetes counts it in whole intervals.
        "start" if target == Target::Kubernetes => {
            let start: u64 = wanted.strip_suffix('s').unwrap().parse().unwrap();
            health.start == start.div_ceil(health.interval) * health.interval
        }
        "start" => seconds(health.start),
        "command" => health.probe == Probe::Command(words_of(wanted)),
        other => panic!("what is `{other}` of a probe?"),
    }
}

/// Compose runs one of everything.
fn replicas_are(component: &Component, target: Target, wanted: &str) -> bool {
    let number: u64 = wanted.parse().unwrap();
    let number = match target {
        Target::Compose => number.min(1),
        Target::Aws | Target::Kubernetes => number,
    };
    (component.scale.min, component.scale.max) == (number, number)
}

/// The rows `cpu` and `memory` of a row's component, in thousandths of a core and bytes; AWS sells pairs.
fn resources(table: &Table, row: &Row, output: Output<'_>) -> (u64, u64) {
    let cell = |kind: &str| {
        if row.kind == kind {
            return row.manifest.clone();
        }
        let of = |other: &&Row| other.component == row.component;
        let found = table.of(kind, output.environment).find(of);
        found
            .map(|other| other.manifest.clone())
            .unwrap_or_else(|| panic!("line {}: `{}` has no {kind}", row.line, row.component))
    };
    let cores: f64 = cell("cpu").parse().unwrap();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a few cores, rounded"
    )]
    let pair = ((cores * 1000.0).round() as u64, mebibytes(&cell("memory")));
    match output.target {
        Target::Aws => fargate::least_pair(pair),
        Target::Compose | Target::Kubernetes => pair,
    }
}

/// `64Mi` in bytes.
fn mebibytes(text: &str) -> u64 {
    let number: u64 = text.strip_suffix("Mi").unwrap().parse().unwrap();
    number << 20
}

fn security(component: &Component, key: &str, wanted: &str) -> Option<String> {
    match key {
        "user" | "group" => {
            let number = component
                .user
                .map(|(user, group)| if key == "user" { user } else { group });
            unless(
                number.map(|number| number.to_string()).as_deref() == Some(wanted),
                &component.user,
            )
        }
        "capabilities" => {
            let names = wanted
                .split(',')
                .filter(|name| *name != "none")
                .map(str::to_owned)
                .collect();
            unless(
                component.capabilities == Capabilities::Only(names),
                &component.capabilities,
            )
        }
        "privileged" => unless(component.privileged.to_string() == wanted, &component.privileged),
        "root" => unless(
            component.root_writable == (wanted == "writable"),
            &component.root_writable,
        ),
        other => panic!("what is `{other}` of security?"),
    }
}
