//! The controllers of Kubernetes act on every golden, each in its own namespace of one cluster: workloads become ready,
//! claims are bound, jobs end, and Services have endpoints at ports that their pods declare.
//!
//! A paper node calls any pod ready, whatever its image, probes and secrets. That a broken selector and a broken port are
//! noticed is proved first, on two copies of a golden, and that a job that fails leaves the services as they are.

mod flux;

use super::server::Server;
use super::{Judge, Sample, Session};
use crate::error::Error;
use exoc_snapshot_tests::case;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};

/// How long all goldens together may take to become ready.
const PATIENCE: Duration = Duration::from_secs(300);

/// How long what must not become ready is watched; what works is ready in a few seconds.
const WATCH: Duration = Duration::from_secs(20);

/// What the controllers are asked about.
const KINDS: &str = "deployments,statefulsets,jobs,persistentvolumeclaims,services,endpointslices,pods";

pub(crate) struct Controllers;

impl Judge for Controllers {
    fn name(&self) -> &'static str {
        "controllers"
    }

    fn target(&self) -> &'static str {
        "kubernetes"
    }

    fn things(&self) -> &'static str {
        "objects"
    }

    fn start(&self) -> Result<Box<dyn Session>, Error> {
        let run = Run {
            server: Server::with_controllers()?,
            namespaces: BTreeSet::new(),
        };
        run.broken().map_err(Error::Refused)?;
        flux::check(&run.server).map_err(Error::Refused)?;
        Ok(Box::new(run))
    }
}

struct Run {
    server: Server,
    /// What has been applied.
    namespaces: BTreeSet<String>,
}

/// A golden that is broken on purpose, its file, and what is broken: what stands there and what shall.
const BROKEN: (&str, &str, [(&str, &str, &str); 2]) = (
    "snapshot-tests/golden/shop/staging/kubernetes",
    "web.yaml",
    [
        (
            "selector",
            "    app.kubernetes.io/name: web\n  ports:",
            "    app.kubernetes.io/name: wet\n  ports:",
        ),
        ("port", "targetPort: http\n", "targetPort: htpp\n"),
    ],
);

impl Run {
    /// Copies of a golden with one thing broken must not become ready, and the whole one must.
    fn broken(&self) -> Result<(), String> {
        let (golden, file, faults) = BROKEN;
        let whole = ("whole", "", "");
        let mut namespaces = BTreeSet::new();
        for (name, right, wrong) in faults.into_iter().chain([whole]) {
            let scratch = tempfile::tempdir().map_err(|error| error.to_string())?;
            let namespace = format!("shop-{name}");
            copy(
                &case::root().join(golden),
                scratch.path(),
                ("shop-staging", &namespace),
            )?;
            let path = scratch.path().join(file);
            let text = std::fs::read_to_string(&path).map_err(|error| error.to_string())?;
            let faulty = text.replace(right, wrong);
            if name != "whole" && faulty == text {
                return Err(format!("{golden}/{file} has no longer {right:?}"));
            }
            std::fs::write(&path, faulty).map_err(|error| error.to_string())?;
            self.server.apply(scratch.path())?;
            namespaces.insert(namespace);
        }
        std::thread::sleep(WATCH);
        let lacks = lacks(&self.server.get(KINDS, None)?, &namespaces);
        let of = |name: &str| lacks.get(&format!("shop-{name}")).map_or(0, BTreeSet::len);
        match (of("selector"), of("port"), of("whole")) {
            (0, _, _) => Err("a broken selector is not noticed".to_owned()),
            (_, 0, _) => Err("a broken port is not noticed".to_owned()),
            (_, _, 0) => Ok(()),
            (_, _, _) => Err(format!(
                "what is whole is not ready: {:?}",
                lacks.get("shop-whole")
            )),
        }
    }
}

/// Copies the files of a golden into a folder, with another namespace than its own.
fn copy(from: &Path, to: &Path, (own, namespace): (&str, &str)) -> Result<(), String> {
    let words = |error: std::io::Error| format!("{}: {error}", from.display());
    for entry in std::fs::read_dir(from).map_err(words)? {
        let path = entry.map_err(words)?.path();
        let text = std::fs::read_to_string(&path).map_err(words)?;
        let text = text.replace(own, namespace);
        std::fs::write(to.join(path.file_name().unwrap_or_default()), text).map_err(words)?;
    }
    Ok(())
}

/// The namespace of an output.
pub(super) fn namespace(folder: &Path) -> Result<String, String> {
    let path = folder.join("namespace.yaml");
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let name = text.lines().find_map(|line| line.strip_prefix("  name: "));
    let name = name.ok_or_else(|| format!("{} names none", path.display()))?;
    Ok(name.trim_matches('"').to_owned())
}

impl Session for Run {
    fn judge(&mut self, sample: &Sample<'_>) -> Result<usize, String> {
        let name = namespace(sample.folder)?;
        let applied = self.server.apply(sample.folder)?;
        if !self.namespaces.insert(name.clone()) {
            return Err(format!("another golden has the namespace `{name}`"));
        }
        Ok(applied.len())
    }

    fn finish(&mut self) -> Result<(), String> {
        let begin = Instant::now();
        loop {
            let lacks = lacks(&self.server.get(KINDS, None)?, &self.namespaces);
            if lacks.is_empty() {
                println!(
                    "controllers: {} namespaces were ready {} s after the last apply",
                    self.namespaces.len(),
                    begin.elapsed().as_secs()
                );
                return Ok(());
            }
            if begin.elapsed() > PATIENCE {
                return Err(format!("after {} s: {lacks:#?}", PATIENCE.as_secs()));
            }
            std::thread::sleep(Duration::from_secs(2));
        }
    }
}

/// What is not as it should be, by namespace.
fn lacks(objects: &[Value], namespaces: &BTreeSet<String>) -> BTreeMap<String, BTreeSet<String>> {
    let mut lacks: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let pods: BTreeMap<(&str, &str), &Value> = objects
        .iter()
        .filter(|object| text(object, "/kind") == "Pod")
        .map(|pod| {
            (
                (text(pod, "/metadata/namespace"), text(pod, "/metadata/name")),
                pod,
            )
        })
        .collect();
    for object in objects {
        let namespace = text(object, "/metadata/namespace");
        if !namespaces.contains(namespace) {
            continue;
        }
        let (kind, name) = (text(object, "/kind"), text(object, "/metadata/name"));
        let missing = match kind {
            "Deployment" | "StatefulSet" => replicas(object),
            "Job" => condition(object, "Complete"),
            "PersistentVolumeClaim" => {
                let phase = text(object, "/status/phase");
                (phase != "Bound").then(|| format!("is {phase}"))
            }
            "Service" => endpoints(object, objects, &pods),
            _ => None,
        };
        if let Some(missing) = missing {
            let of_namespace = lacks.entry(namespace.to_owned()).or_default();
            of_namespace.insert(format!("{kind}/{name} {missing}"));
        }
    }
    lacks
}

/// Whether all replicas are of the newest revision and ready.
fn replicas(object: &Value) -> Option<String> {
    let number = |path: &str| object.pointer(path).and_then(Value::as_u64).unwrap_or(0);
    let wanted = object
        .pointer("/spec/replicas")
        .and_then(Value::as_u64)
        .unwrap_or(1);
    let (ready, updated) = (number("/status/readyReplicas"), number("/status/updatedReplicas"));
    let is_seen = number("/status/observedGeneration") == number("/metadata/generation");
    (!is_seen || ready != wanted || updated != wanted)
        .then(|| format!("has {ready} ready and {updated} new replicas of {wanted}"))
}

/// Whether a condition holds.
fn condition(object: &Value, wanted: &str) -> Option<String> {
    let conditions = object.pointer("/status/conditions").and_then(Value::as_array);
    let holds = conditions
        .into_iter()
        .flatten()
        .any(|condition| text(condition, "/type") == wanted && text(condition, "/status") == "True");
    (!holds).then(|| format!("is not {wanted}"))
}

/// Whether each port of a Service leads to a ready pod, at a port that a container of it declares.
fn endpoints(service: &Value, objects: &[Value], pods: &BTreeMap<(&str, &str), &Value>) -> Option<String> {
    service.pointer("/spec/selector")?;
    let (namespace, name) = (
        text(service, "/metadata/namespace"),
        text(service, "/metadata/name"),
    );
    let list = |value: &'_ Value, path: &str| -> Vec<Value> {
        let found = value.pointer(path).and_then(Value::as_array);
        found.cloned().unwrap_or_default()
    };
    let slices: Vec<&Value> = objects
        .iter()
        .filter(|object| text(object, "/kind") == "EndpointSlice")
        .filter(|slice| text(slice, "/metadata/namespace") == namespace)
        .filter(|slice| {
            slice
                .pointer("/metadata/labels/kubernetes.io~1service-name")
                .and_then(Value::as_str)
                == Some(name)
        })
        .collect();
    for port in list(service, "/spec/ports") {
        let wanted = (
            text(&port, "/name").to_owned(),
            text(&port, "/protocol").to_owned(),
        );
        let leads = slices.iter().any(|slice| {
            let number = list(slice, "/ports")
                .into_iter()
                .find(|own| (text(own, "/name"), text(own, "/protocol")) == (&wanted.0, &wanted.1))
                .and_then(|own| own.get("port").and_then(Value::as_u64));
            let endpoints = list(slice, "/endpoints");
            let declared = |endpoint: &Value| {
                let pod = pods.get(&(namespace, text(endpoint, "/targetRef/name")));
                let containers = pod.map(|pod| list(pod, "/spec/containers")).unwrap_or_default();
                let mut ports = containers.iter().flat_map(|container| list(container, "/ports"));
                ports.any(|own| {
                    own.get("containerPort").and_then(Value::as_u64) == number
                        && text(&own, "/protocol") == wanted.1
                })
            };
            let is_ready = |endpoint: &Value| {
                endpoint.pointer("/conditions/ready").and_then(Value::as_bool) == Some(true)
            };
            number.is_some()
                && !endpoints.is_empty()
                && endpoints.iter().all(|it| is_ready(it) && declared(it))
        });
        if !leads {
            return Some(format!("leads nowhere by its port {}", wanted.0));
        }
    }
    None
}

fn text<'v>(value: &'v Value, path: &str) -> &'v str {
    value.pointer(path).and_then(Value::as_str).unwrap_or_default()
}
