//! Services, the Gateway and its routes, the Ingress: under which names and doors components are found.

use super::pod::Pod;
use super::{Objects, labels, name, numbered, selects, wire};
use crate::facts::{Door, Entrance, Transport, Wire, yaml};
use std::collections::BTreeSet;
use yaml_rust2::Yaml;

/// A name for the pods of one component.
#[derive(Clone, Debug)]
pub(super) struct Service {
    pub(super) name: String,
    pub(super) role: String,
    public: bool,
    ports: Vec<ServicePort>,
}

#[derive(Clone, Debug)]
struct ServicePort {
    number: u16,
    transport: Transport,
    wire: Wire,
    /// The port of the pod that it leads to.
    target: (String, u16),
}

impl Service {
    /// Whether it leads from a number to the same number.
    pub(super) fn has(&self, number: u16, transport: Transport) -> bool {
        self.ports
            .iter()
            .any(|port| port.number == number && port.target.1 == number && port.transport == transport)
    }

    /// What is spoken on the pod's port of a name, if it leads there under the same number.
    pub(super) fn wire(&self, target: &str) -> Option<Wire> {
        let port = self.ports.iter().find(|port| port.target.0 == target)?;
        (port.number == port.target.1).then_some(port.wire)
    }
}

/// All Services.
pub(super) fn services(objects: &Objects, pods: &[Pod]) -> Result<Vec<Service>, String> {
    objects
        .all("Service")
        .map(|object| service(object, pods))
        .collect()
}

fn service(object: &Yaml, pods: &[Pod]) -> Result<Service, String> {
    let what = name(object)?;
    let selector = labels(&object["spec"]["selector"], what)?;
    let selected: Vec<&Pod> = pods
        .iter()
        .filter(|pod| selects(&selector, &pod.labels))
        .collect();
    let [pod] = selected.as_slice() else {
        return Err(format!(
            "the Service `{what}` leads to {} components",
            selected.len()
        ));
    };
    let public = match object["spec"]["type"].as_str() {
        Some("LoadBalancer") => true,
        Some("ClusterIP") | None => false,
        Some(other) => return Err(format!("the Service `{what}` is a {other}")),
    };
    let mut ports = Vec::new();
    for node in yaml::list(&object["spec"]["ports"], what)? {
        let transport = Transport::read(node["protocol"].as_str().unwrap_or("TCP"))?;
        let target = &node["targetPort"];
        let found = pod.ports.iter().find(|(name, number, carrier)| {
            let same = match target.as_str() {
                Some(wanted) => wanted == name,
                None => target.as_i64() == Some(i64::from(*number)),
            };
            same && *carrier == transport
        });
        let (name, number, _) =
            found.ok_or_else(|| format!("the Service `{what}` leads to no port: {target:?}"))?;
        ports.push(ServicePort {
            number: yaml::port(&node["port"], what)?,
            transport,
            wire: wire(node["appProtocol"].as_str())?,
            target: (name.clone(), *number),
        });
    }
    Ok(Service {
        name: what.to_owned(),
        role: pod.role.clone(),
        public,
        ports,
    })
}

/// All doors: routes that a listener admits, paths of an Ingress, and Services with an address outside.
pub(super) fn doors(objects: &Objects, services: &[Service]) -> Result<BTreeSet<Door>, String> {
    let mut doors = BTreeSet::new();
    for service in services.iter().filter(|service| service.public) {
        doors.extend(
            service
                .ports
                .iter()
                .map(|port| numbered(&service.role, port.target.1, port.transport)),
        );
    }
    for (kind, is_grpc) in [("HTTPRoute", false), ("GRPCRoute", true)] {
        for route in objects.all(kind) {
            let what = name(route)?;
            for rule in yaml::list(&route["spec"]["rules"], what)? {
                if is_redirect(rule)? {
                    continue;
                }
                let (role, number, wire) = backend(rule, services, what)?;
                let strip = strip(rule, what)?;
                for host in hosts(objects, route, what)? {
                    for path in paths(rule, is_grpc, what)? {
                        let entrance = Entrance::Route {
                            host: host.clone(),
                            path,
                            strip,
                            wire,
                        };
                        doors.insert(Door {
                            entrance,
                            role: role.clone(),
                            number,
                        });
                    }
                }
            }
        }
    }
    for ingress in objects.all("Ingress") {
        doors.extend(of_ingress(ingress, services)?);
    }
    Ok(doors)
}

/// The doors of an Ingress, whose hosts must have certificates.
fn of_ingress(ingress: &Yaml, services: &[Service]) -> Result<Vec<Door>, String> {
    let what = name(ingress)?;
    let mut certified = BTreeSet::new();
    for tls in yaml::list(&ingress["spec"]["tls"], what)? {
        certified.extend(yaml::strings(&tls["hosts"], what)?);
    }
    let mut doors = Vec::new();
    for rule in yaml::list(&ingress["spec"]["rules"], what)? {
        let host = yaml::string(&rule["host"], what)?;
        if !certified.contains(host) {
            return Err(format!("the host `{host}` of `{what}` has no certificate"));
        }
        for path in yaml::list(&rule["http"]["paths"], what)? {
            if path["pathType"].as_str() != Some("Prefix") {
                return Err(format!("the Ingress `{what}` matches {path:?}"));
            }
            let service = &path["backend"]["service"];
            let (role, number, wire) = leads(&service["name"], &service["port"]["number"], services, what)?;
            doors.push(Door {
                entrance: Entrance::Route {
                    host: host.to_owned(),
                    path: yaml::string(&path["path"], what)?.to_owned(),
                    strip: false,
                    wire,
                },
                role,
                number,
            });
        }
    }
    Ok(doors)
}

fn is_redirect(rule: &Yaml) -> Result<bool, String> {
    let filters = yaml::list(&rule["filters"], "filters")?;
    Ok(filters
        .iter()
        .any(|filter| filter["type"].as_str() == Some("RequestRedirect")))
}

/// The hosts of a route that a listener with TLS answers to.
fn hosts(objects: &Objects, route: &Yaml, what: &str) -> Result<BTreeSet<String>, String> {
    let hosts = yaml::strings(&route["spec"]["hostnames"], what)?;
    let mut answered = BTreeSet::new();
    for parent in yaml::list(&route["spec"]["parentRefs"], what)? {
        if !parent["namespace"].is_badvalue() {
            // Somebody else's, which is told the hosts.
            return Ok(hosts);
        }
        let gateway = objects
            .all("Gateway")
            .find(|gateway| gateway["metadata"]["name"] == parent["name"])
            .ok_or_else(|| format!("the route `{what}` has no gateway"))?;
        let listener = yaml::list(&gateway["spec"]["listeners"], what)?
            .iter()
            .find(|listener| listener["name"] == parent["sectionName"])
            .ok_or_else(|| format!("the route `{what}` has no listener"))?;
        if listener["protocol"].as_str() == Some("HTTPS") {
            answered.extend(listener["hostname"].as_str().map(str::to_owned));
        }
    }
    match hosts.difference(&answered).next() {
        Some(host) => Err(format!(
            "no listener answers to the host `{host}` of the route `{what}`"
        )),
        None if hosts.is_empty() => Ok(answered),
        None => Ok(hosts),
    }
}

fn paths(rule: &Yaml, is_grpc: bool, what: &str) -> Result<BTreeSet<String>, String> {
    let mut paths = BTreeSet::new();
    for node in yaml::list(&rule["matches"], what)? {
        if is_grpc {
            paths.insert(format!("/{}", yaml::string(&node["method"]["service"], what)?));
        } else if node["path"]["type"].as_str() == Some("PathPrefix") {
            paths.insert(yaml::string(&node["path"]["value"], what)?.to_owned());
        } else {
            return Err(format!("the route `{what}` matches {node:?}"));
        }
    }
    if paths.is_empty() {
        paths.insert("/".to_owned());
    }
    Ok(paths)
}

fn strip(rule: &Yaml, what: &str) -> Result<bool, String> {
    let mut strip = false;
    for filter in yaml::list(&rule["filters"], what)? {
        let path = &filter["urlRewrite"]["path"];
        match (
            filter["type"].as_str(),
            path["type"].as_str(),
            path["replacePrefixMatch"].as_str(),
        ) {
            (Some("URLRewrite"), Some("ReplacePrefixMatch"), Some("/")) => strip = true,
            other => return Err(format!("the route `{what}` filters by {other:?}")),
        }
    }
    Ok(strip)
}

fn backend(rule: &Yaml, services: &[Service], what: &str) -> Result<(String, u16, Wire), String> {
    let [backend] = yaml::list(&rule["backendRefs"], what)? else {
        return Err(format!("a rule of `{what}` has no one backend"));
    };
    leads(&backend["name"], &backend["port"], services, what)
}

/// The component behind a port of a Service, the port of its pods, and what is spoken there.
fn leads(
    name: &Yaml,
    number: &Yaml,
    services: &[Service],
    what: &str,
) -> Result<(String, u16, Wire), String> {
    let service = services
        .iter()
        .find(|service| name.as_str() == Some(service.name.as_str()))
        .ok_or_else(|| format!("the route `{what}` leads to no Service: {name:?}"))?;
    let number = yaml::port(number, what)?;
    let port = service
        .ports
        .iter()
        .find(|port| port.number == number && port.transport == Transport::Tcp)
        .ok_or_else(|| format!("the route `{what}` leads to no port: {number}"))?;
    Ok((service.role.clone(), port.target.1, port.wire))
}
