//! Facts of Kubernetes objects and their kustomization.

mod environment;
mod files;
mod job;
mod pod;
mod policy;
mod route;
mod secret;

use super::{Door, Edge, Entrance, Facts, Files, Transport, Wire, yaml};
use std::collections::{BTreeMap, BTreeSet};
use yaml_rust2::Yaml;

/// All objects of an output.
pub(crate) struct Objects {
    documents: Vec<Yaml>,
    /// What the kustomization makes of images: name in the objects, and the reference if it says tag or digest.
    images: BTreeMap<String, Option<String>>,
}

impl Objects {
    fn read(files: &Files) -> Result<Self, String> {
        let kustomization = super::text(files, "kustomization.yaml")?;
        let kustomization = yaml::documents("kustomization.yaml", kustomization)?;
        let [kustomization] = kustomization.as_slice() else {
            return Err("kustomization.yaml is not one document".to_owned());
        };
        let mut documents = Vec::new();
        for path in yaml::list(&kustomization["resources"], "resources")? {
            let path = yaml::string(path, "a resource")?;
            documents.extend(yaml::documents(path, super::text(files, path)?)?);
        }
        Ok(Self {
            documents,
            images: images(kustomization)?,
        })
    }

    /// All objects of a kind.
    fn all<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Yaml> {
        self.documents
            .iter()
            .filter(move |object| object["kind"].as_str() == Some(kind))
    }

    /// What makes pods.
    fn workloads(&self) -> impl Iterator<Item = &Yaml> {
        ["Deployment", "StatefulSet", "Job", "CronJob"]
            .into_iter()
            .flat_map(|kind| self.all(kind))
    }
}

fn images(kustomization: &Yaml) -> Result<BTreeMap<String, Option<String>>, String> {
    let mut images = BTreeMap::new();
    for image in yaml::list(&kustomization["images"], "images")? {
        let name = yaml::string(&image["name"], "the name of an image")?.to_owned();
        let mut reference = yaml::string(&image["newName"], &name)?.to_owned();
        let bare = reference.clone();
        // No image has this one: it stands where the tag is given elsewhere.
        if let Some(tag) = image["newTag"].as_str().filter(|tag| *tag != "unset") {
            reference = format!("{reference}:{tag}");
        }
        if let Some(digest) = image["digest"].as_str() {
            reference = format!("{reference}@{digest}");
        }
        images.insert(name, (reference != bare).then_some(reference));
    }
    Ok(images)
}

/// The name of an object.
pub(crate) fn name(object: &Yaml) -> Result<&str, String> {
    yaml::string(&object["metadata"]["name"], "the name of an object")
}

/// Labels of an object or of a selector.
pub(crate) fn labels(node: &Yaml, what: &str) -> Result<BTreeMap<String, String>, String> {
    let pairs = yaml::entries(node, what)?;
    pairs
        .into_iter()
        .map(|(key, value)| Ok((key.to_owned(), yaml::string(value, key)?.to_owned())))
        .collect()
}

/// Whether labels have all that a selector wants.
pub(crate) fn selects(selector: &BTreeMap<String, String>, labels: &BTreeMap<String, String>) -> bool {
    selector.iter().all(|(key, value)| labels.get(key) == Some(value))
}

/// Reads the files of one output.
///
/// # Errors
///
/// If a file is no YAML, or says something that there is no fact for.
pub fn facts(files: &Files) -> Result<Facts, String> {
    let objects = Objects::read(files)?;
    let mut facts = Facts::default();
    let (mut pods, mut workloads) = (Vec::new(), Vec::new());
    for workload in objects.workloads() {
        let (pod, component) = pod::read(&objects, workload)?;
        pods.push(pod.clone());
        workloads.push((pod.role.clone(), workload));
        if facts.components.insert(pod.role.clone(), component).is_some() {
            return Err(format!("`{}` runs twice", pod.role));
        }
    }
    facts.before = job::order(&workloads, &objects.documents)?;
    let services = route::services(&objects, &pods)?;
    for (role, component) in &mut facts.components {
        component.ports = named_ports(role, &component.ports, &services)?;
    }
    let reach = policy::reach(&objects, &pods)?;
    // Without a name for the port nobody connects to it.
    let has_name = |edge: &Edge| {
        services.iter().any(|service| {
            service.name == edge.to && service.role == edge.to && service.has(edge.number, edge.transport)
        })
    };
    facts.edges = reach.edges.into_iter().filter(has_name).collect();
    facts.leaves = reach.leaves;
    facts.entries = reach.entries;
    facts.doors = route::doors(&objects, &services)?;
    let makers = secret::makers(&objects, super::text(files, "README.md")?)?;
    for secret in objects
        .workloads()
        .map(environment::secrets)
        .collect::<Result<Vec<_>, _>>()?
        .into_iter()
        .flatten()
    {
        let maker = makers
            .get(&secret)
            .ok_or_else(|| format!("nobody makes the Secret `{secret}`"))?;
        if let (secret::Maker::Somebody, Some(name)) = (maker, environment::supplied(&secret)) {
            facts.supplied.insert(name);
        }
        facts.stored.insert(environment::secret(&secret)?);
    }
    Ok(facts)
}

/// The ports of a component with what its Service says of their protocol.
fn named_ports(
    role: &str,
    ports: &BTreeSet<super::Port>,
    services: &[route::Service],
) -> Result<BTreeSet<super::Port>, String> {
    let mut named = BTreeSet::new();
    for port in ports {
        let service = services
            .iter()
            .find(|service| service.name == role && service.role == role);
        let wire = service
            .and_then(|service| service.wire(&port.name))
            .ok_or_else(|| {
                format!(
                    "no Service `{role}` has the port `{}` of its pod under the same number",
                    port.name
                )
            })?;
        named.insert(super::Port { wire, ..port.clone() });
    }
    Ok(named)
}

/// A door by a number of its own.
pub(crate) fn numbered(role: &str, number: u16, transport: Transport) -> Door {
    Door {
        entrance: Entrance::Number(number, transport),
        role: role.to_owned(),
        number,
    }
}

/// What a Service says of a port.
pub(crate) fn wire(protocol: Option<&str>) -> Result<Wire, String> {
    match protocol {
        None => Ok(Wire::Plain),
        Some("http") => Ok(Wire::Http1),
        Some("kubernetes.io/h2c") => Ok(Wire::H2c),
        Some(other) => Err(format!("the protocol `{other}`")),
    }
}
