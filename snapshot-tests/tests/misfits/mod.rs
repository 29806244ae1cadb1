//! What does not fit in an output for Kubernetes, read from the files alone.

mod references;

use crate::cluster::{Cluster, Labels, Object, items, labels, selects, text};
use exoc_snapshot_tests::facts::Files;
use yaml_rust2::Yaml;

/// What does not fit in an output.
pub(crate) fn misfits(files: &Files) -> Vec<String> {
    let cluster = Cluster::read(files);
    let mut found = Vec::new();
    for object in &cluster.objects {
        let mut own = references::references(&cluster, object);
        own.extend(ports(&cluster, object));
        own.extend(selectors(&cluster, object));
        own.extend(claims(&cluster, object));
        let address = object.address();
        found.extend(own.into_iter().map(|what| format!("{address} {what}")));
    }
    found
}

/// The containers of a pod, those that run before the others among them.
fn containers(spec: &Yaml) -> impl Iterator<Item = &Yaml> {
    items(&spec["initContainers"])
        .iter()
        .chain(items(&spec["containers"]))
}

/// Ports that are asked for and that nobody declares.
fn ports(cluster: &Cluster, object: &Object) -> Vec<String> {
    let mut found = Vec::new();
    let declares = |container: &Yaml, port: &Yaml, transport: &str| {
        items(&container["ports"]).iter().any(|own| {
            own["protocol"].as_str().unwrap_or("TCP") == transport
                && match port.as_str() {
                    Some(name) => text(&own["name"]) == name,
                    None => own["containerPort"] == *port,
                }
        })
    };
    for container in object
        .template()
        .iter()
        .flat_map(|template| containers(&template["spec"]))
    {
        for probe in ["startupProbe", "readinessProbe", "livenessProbe"] {
            for form in ["httpGet", "tcpSocket", "grpc"] {
                let port = &container[probe][form]["port"];
                if !container[probe][form].is_badvalue() && !declares(container, port, "TCP") {
                    found.push(format!("asks {port:?} by its {probe}, which it does not declare"));
                }
            }
        }
    }
    let spec = &object.body["spec"];
    if object.kind() == "Service" {
        let wanted = labels(&spec["selector"]);
        for port in items(&spec["ports"]) {
            let target = if port["targetPort"].is_badvalue() {
                &port["port"]
            } else {
                &port["targetPort"]
            };
            let transport = port["protocol"].as_str().unwrap_or("TCP");
            for (workload, own) in cluster.workloads() {
                let template = workload.template().unwrap();
                let is_declared =
                    || containers(&template["spec"]).any(|container| declares(container, target, transport));
                if selects(&wanted, &own) && !is_declared() {
                    found.push(format!(
                        "leads to {target:?}, which {} does not declare",
                        workload.address()
                    ));
                }
            }
        }
    }
    found.extend(backends(cluster, spec));
    found
}

/// Ports that routes forward to and that the Service has not.
fn backends(cluster: &Cluster, spec: &Yaml) -> Vec<String> {
    let mut found = Vec::new();
    let backends = items(&spec["rules"]).iter().flat_map(|rule| {
        let of_paths = items(&rule["http"]["paths"]).iter();
        let of_paths = of_paths.map(|path| {
            let service = &path["backend"]["service"];
            let number = &service["port"]["number"];
            (
                &service["name"],
                if number.is_badvalue() {
                    &service["port"]["name"]
                } else {
                    number
                },
            )
        });
        let of_rules = items(&rule["backendRefs"]).iter();
        of_rules
            .map(|backend| (&backend["name"], &backend["port"]))
            .chain(of_paths)
    });
    for (name, port) in backends {
        let service = cluster.of("Service").find(|it| it.name() == text(name));
        let own = service.map(|service| items(&service.body["spec"]["ports"]));
        let has = own
            .unwrap_or_default()
            .iter()
            .any(|own| own["port"] == *port || own["name"] == *port);
        if !has {
            found.push(format!(
                "forwards to {port:?} of {}, which it has not",
                text(name)
            ));
        }
    }
    found
}

/// What a selector says; by anything but labels nothing of ours selects.
fn selector(node: &Yaml) -> Result<Labels, String> {
    let keys = node.as_hash().into_iter().flatten();
    let other: Vec<&str> = keys
        .map(|(key, _)| text(key))
        .filter(|key| *key != "matchLabels")
        .collect();
    if other.is_empty() {
        Ok(labels(&node["matchLabels"]))
    } else {
        Err(format!("selects by {other:?}"))
    }
}

/// The label of pods that cert-manager makes and takes away again while it proves whose a host is.
const SOLVER: &str = "acme.cert-manager.io/http01-solver";

/// Selectors that match other pods than those of one workload, in the object's own file where it is about its own.
fn selectors(cluster: &Cluster, object: &Object) -> Vec<String> {
    let spec = &object.body["spec"];
    let (mut own, mut others) = (Vec::new(), Vec::new());
    match object.kind() {
        "Service" => own.push(Ok(labels(&spec["selector"]))),
        "PodDisruptionBudget" | "Deployment" | "StatefulSet" => own.push(selector(&spec["selector"])),
        "NetworkPolicy" => {
            // A policy for all pods says so with an empty selector, and stands in no component's file.
            let all = selector(&spec["podSelector"]).is_ok_and(|wanted| wanted.is_empty());
            let of_issuer = labels(&spec["podSelector"]["matchLabels"]).contains_key(SOLVER);
            if !(all && object.file == "network.yaml" || of_issuer) {
                own.push(selector(&spec["podSelector"]));
            }
            let rules = items(&spec["ingress"]).iter().chain(items(&spec["egress"]));
            let peers = rules.flat_map(|rule| items(&rule["from"]).iter().chain(items(&rule["to"])));
            let here = peers
                .filter(|peer| peer["namespaceSelector"].is_badvalue() && !peer["podSelector"].is_badvalue());
            others.extend(here.map(|peer| selector(&peer["podSelector"])));
        }
        _ => {}
    }
    if let Some(template) = object.template() {
        for spread in items(&template["spec"]["topologySpreadConstraints"]) {
            own.push(selector(&spread["labelSelector"]));
        }
    }
    let is_own = |other: &Object| match object.template() {
        Some(_) => other.address() == object.address(),
        None => other.file == object.file,
    };
    let mut found = Vec::new();
    for (wanted, must_be_own) in own
        .into_iter()
        .map(|it| (it, true))
        .chain(others.into_iter().map(|it| (it, false)))
    {
        let wanted = match wanted {
            Ok(wanted) => wanted,
            Err(why) => {
                found.push(why);
                continue;
            }
        };
        let mut workloads = cluster.workloads();
        // The operator of RabbitMQ gives its pods these labels, and CloudNativePG this one.
        let brokers = cluster.of("RabbitmqCluster");
        workloads.extend(brokers.map(|broker| {
            let labels = [
                ("app.kubernetes.io/name", broker.name()),
                ("app.kubernetes.io/component", "rabbitmq"),
                ("app.kubernetes.io/part-of", "rabbitmq"),
            ];
            let labels = labels.map(|(key, value)| (key.to_owned(), value.to_owned()));
            (broker, labels.into())
        }));
        let databases = cluster.of("Cluster");
        workloads.extend(databases.map(|database| {
            let label = ("cnpg.io/cluster".to_owned(), database.name().to_owned());
            (database, [label].into())
        }));
        let matched: Vec<&Object> = workloads
            .iter()
            .filter(|(_, labels)| selects(&wanted, labels))
            .map(|(workload, _)| *workload)
            .collect();
        let is_one = matches!(matched.as_slice(), [one] if !must_be_own || is_own(one));
        if wanted.is_empty() || !is_one {
            let names: Vec<String> = matched.iter().map(|it| it.address()).collect();
            found.push(format!("selects {names:?} by {wanted:?}"));
        }
    }
    found
}

/// What the page says where a claim names no class.
const DEFAULT_CLASS: &str = "a default StorageClass";

/// Claims whose class is neither named nor said to be the cluster's own.
fn claims(cluster: &Cluster, object: &Object) -> Vec<String> {
    let alone = (object.kind() == "PersistentVolumeClaim").then_some(&object.body);
    let templates = items(&object.body["spec"]["volumeClaimTemplates"]).iter();
    templates
        .chain(alone)
        .filter(|claim| {
            let class = text(&claim["spec"]["storageClassName"]);
            class.is_empty() && !cluster.page.contains(DEFAULT_CLASS)
        })
        .map(|claim| format!("claims storage of no class: {:?}", claim["metadata"]["name"]))
        .collect()
}
