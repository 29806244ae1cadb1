//! What an object for Kubernetes refers to by name, and whether it is there or listed to supply.

use super::containers;
use crate::cluster::{Cluster, Object, items, labels, text};
use std::collections::BTreeSet;
use yaml_rust2::Yaml;

/// What an object refers to by name and is not there.
pub(super) fn references(cluster: &Cluster, object: &Object) -> Vec<String> {
    let mut found = Vec::new();
    let mut needs = |kind: &str, name: &Yaml| {
        if !cluster.of(kind).any(|other| other.name() == text(name)) {
            found.push(format!("refers to {kind}/{}, which is not there", text(name)));
        }
    };
    let spec = &object.body["spec"];
    match object.kind() {
        // After a renaming the Service has the new name, and this one, which cannot change, is the set's own.
        "StatefulSet" if text(&spec["serviceName"]) != object.name() => {
            needs("Service", &spec["serviceName"]);
        }
        "HorizontalPodAutoscaler" => {
            needs(
                text(&spec["scaleTargetRef"]["kind"]),
                &spec["scaleTargetRef"]["name"],
            );
        }
        "HTTPRoute" | "GRPCRoute" => {
            for backend in items(&spec["rules"])
                .iter()
                .flat_map(|rule| items(&rule["backendRefs"]))
            {
                needs("Service", &backend["name"]);
            }
        }
        "Cluster" => {
            for plugin in items(&spec["plugins"]) {
                needs("ObjectStore", &plugin["parameters"]["barmanObjectName"]);
            }
        }
        "ScheduledBackup" => needs("Cluster", &spec["cluster"]["name"]),
        _ => {}
    }
    if let Some(template) = object.template() {
        needs("ServiceAccount", &template["spec"]["serviceAccountName"]);
    }
    found.extend(parents(cluster, object));
    found.extend(secrets(cluster, object));
    found.extend(volumes(cluster, object));
    found
}

/// Listeners that a route is for and that no gateway has. A gateway of another namespace is somebody else's.
fn parents(cluster: &Cluster, object: &Object) -> Vec<String> {
    if !["HTTPRoute", "GRPCRoute"].contains(&object.kind()) {
        return Vec::new();
    }
    let hosts: BTreeSet<&str> = items(&object.body["spec"]["hostnames"])
        .iter()
        .map(text)
        .collect();
    let mut found = Vec::new();
    let mut unheard = hosts.clone();
    for parent in items(&object.body["spec"]["parentRefs"]) {
        if !parent["namespace"].is_badvalue() {
            return Vec::new();
        }
        let (name, section) = (text(&parent["name"]), text(&parent["sectionName"]));
        let gateway = cluster.of("Gateway").find(|gateway| gateway.name() == name);
        let listeners = gateway.map(|gateway| items(&gateway.body["spec"]["listeners"]));
        let listener = listeners
            .unwrap_or_default()
            .iter()
            .find(|it| text(&it["name"]) == section);
        let Some(listener) = listener else {
            found.push(format!(
                "is for the listener {section} of {name}, which is not there"
            ));
            continue;
        };
        match listener["hostname"].as_str() {
            None => unheard.clear(),
            Some(host) if hosts.contains(host) => drop(unheard.remove(host)),
            Some(host) => found.push(format!(
                "is for a listener of {host}, which it does not answer to"
            )),
        }
    }
    found.extend(
        unheard
            .into_iter()
            .map(|host| format!("answers to {host}, for which nobody listens")),
    );
    found
}

/// Secrets that an object refers to and that nobody makes and the page does not list with that key.
fn secrets(cluster: &Cluster, object: &Object) -> Vec<String> {
    let mut wanted: BTreeSet<(String, Vec<String>)> = BTreeSet::new();
    let mut wants = |name: &Yaml, keys: &[&str]| {
        let keys = keys.iter().map(|key| (*key).to_owned()).collect();
        wanted.insert((text(name).to_owned(), keys));
    };
    if let Some(template) = object.template() {
        let spec = &template["spec"];
        for container in containers(spec) {
            for variable in items(&container["env"]) {
                let reference = &variable["valueFrom"]["secretKeyRef"];
                if !reference.is_badvalue() {
                    wants(&reference["name"], &[text(&reference["key"])]);
                }
            }
            for source in items(&container["envFrom"]) {
                if !source["secretRef"].is_badvalue() {
                    wants(&source["secretRef"]["name"], &[]);
                }
            }
        }
        for volume in sources(spec) {
            let secret = &volume["secret"];
            if !secret.is_badvalue() {
                let name = if secret["secretName"].is_badvalue() {
                    &secret["name"]
                } else {
                    &secret["secretName"]
                };
                let keys: Vec<&str> = items(&secret["items"])
                    .iter()
                    .map(|it| text(&it["key"]))
                    .collect();
                wants(name, &keys);
            }
        }
    }
    let opener = &object.body["spec"]["configuration"]["s3Credentials"];
    for part in ["accessKeyId", "secretAccessKey"] {
        let reference = &opener[part];
        if !reference.is_badvalue() {
            wants(&reference["name"], &[text(&reference["key"])]);
        }
    }
    for pull in items(&object.body["imagePullSecrets"]) {
        wants(&pull["name"], &[".dockerconfigjson"]);
    }
    for listener in items(&object.body["spec"]["listeners"]) {
        for certificate in items(&listener["tls"]["certificateRefs"]) {
            wants(&certificate["name"], &["tls.crt", "tls.key"]);
        }
    }
    for tls in items(&object.body["spec"]["tls"]) {
        wants(&tls["secretName"], &["tls.crt", "tls.key"]);
    }
    let is_issued = ["cert-manager.io/cluster-issuer", "cert-manager.io/issuer"]
        .iter()
        .any(|key| labels(&object.body["metadata"]["annotations"]).contains_key(*key));
    wanted
        .into_iter()
        .filter(|(name, keys)| {
            let is_certificate = keys.first().is_some_and(|key| key == "tls.crt");
            !(is_certificate && is_issued || is_supplied(cluster, name, keys))
        })
        .map(|(name, keys)| format!("refers to Secret/{name} with {keys:?}, which nobody makes"))
        .collect()
}

/// Whether a Secret with these keys is made by an object or listed on the page to be made.
fn is_supplied(cluster: &Cluster, name: &str, keys: &[String]) -> bool {
    let of_store = cluster.of("ExternalSecret").any(|external| {
        let data = items(&external.body["spec"]["data"]);
        let target = &external.body["spec"]["target"]["name"];
        let target = target.as_str().unwrap_or(external.name());
        // What is drawn has the name that the object gives it.
        let drawn = items(&external.body["spec"]["dataFrom"]).iter().filter(|from| {
            let generator = &from["sourceRef"]["generatorRef"];
            let mut known = cluster.of(text(&generator["kind"]));
            known.any(|known| known.name() == text(&generator["name"]))
        });
        let drawn: Vec<&str> = drawn
            .flat_map(|from| items(&from["rewrite"]))
            .map(|rewrite| text(&rewrite["regexp"]["target"]))
            .collect();
        let has = |key: &String| {
            drawn.contains(&key.as_str()) || data.iter().any(|it| text(&it["secretKey"]) == key)
        };
        target == name && keys.iter().all(has)
    });
    let commands = cluster.page.lines().filter_map(|line| {
        let (_, rest) = line.split_once(" create secret ")?;
        let mut words = rest.split(' ');
        Some((words.next()?, words.next()?, rest))
    });
    let listed = commands.filter(|(_, of, _)| *of == name).any(|(kind, _, rest)| {
        keys.iter().all(|key| match kind {
            "generic" if rest.ends_with(" --from-env-file=/dev/stdin") => {
                cluster.page.contains(&format!("{key}=%s"))
            }
            "generic" => rest.contains(&format!("--from-file={key}=")),
            "tls" => ["tls.crt", "tls.key"].contains(&key.as_str()),
            "docker-registry" => key == ".dockerconfigjson",
            _ => false,
        })
    });
    // An operator makes one for the user of what it runs.
    let of_operator = |kind: &str, end: &str| {
        name.strip_suffix(end).is_some_and(|of| {
            let has = keys
                .iter()
                .all(|key| ["username", "password"].contains(&key.as_str()));
            has && cluster.of(kind).any(|known| known.name() == of)
        })
    };
    of_store || listed || of_operator("Cluster", "-app") || of_operator("RabbitmqCluster", "-default-user")
}

/// What the volumes of a pod are made of, those in one folder one by one.
fn sources(spec: &Yaml) -> impl Iterator<Item = &Yaml> {
    items(&spec["volumes"])
        .iter()
        .flat_map(|volume| std::iter::once(volume).chain(items(&volume["projected"]["sources"])))
}

/// Mounts without a volume, volumes without a mount, and ConfigMaps, keys and claims that are not there.
fn volumes(cluster: &Cluster, object: &Object) -> Vec<String> {
    let Some(template) = object.template() else {
        return Vec::new();
    };
    let spec = &template["spec"];
    let mut found = Vec::new();
    let config_map = |name: &Yaml| cluster.of("ConfigMap").find(|it| it.name() == text(name));
    let has_key = |map: &Object, key: &str| {
        ["data", "binaryData"]
            .iter()
            .any(|part| !map.body[*part][key].is_badvalue())
    };
    for volume in sources(spec) {
        let claim = &volume["persistentVolumeClaim"]["claimName"];
        if !claim.is_badvalue()
            && !cluster
                .of("PersistentVolumeClaim")
                .any(|it| it.name() == text(claim))
        {
            found.push(format!("mounts the claim {}, which is not there", text(claim)));
        }
        if volume["configMap"].is_badvalue() {
            continue;
        }
        let Some(map) = config_map(&volume["configMap"]["name"]) else {
            found.push(format!("mounts a ConfigMap that is not there: {volume:?}"));
            continue;
        };
        for item in items(&volume["configMap"]["items"]) {
            if !has_key(map, text(&item["key"])) {
                found.push(format!("mounts {item:?} of {}, which is not there", map.name()));
            }
        }
    }
    let named = |list: &Yaml| -> BTreeSet<String> {
        let names = items(list).iter();
        names.map(|volume| text(&volume["name"]).to_owned()).collect()
    };
    let templates = items(&object.body["spec"]["volumeClaimTemplates"]).iter();
    let mut known = named(&spec["volumes"]);
    known.extend(templates.map(|claim| text(&claim["metadata"]["name"]).to_owned()));
    let mut mounted = BTreeSet::new();
    for container in containers(spec) {
        for mount in items(&container["volumeMounts"]) {
            let name = text(&mount["name"]);
            mounted.insert(name.to_owned());
            let volume = items(&spec["volumes"])
                .iter()
                .find(|volume| text(&volume["name"]) == name);
            // A file of its own is named by its key, or where an item puts it.
            let source = volume.map(|volume| &volume["configMap"]);
            let map = source.and_then(|source| config_map(&source["name"]));
            if let (Some(source), Some(map), Some(path)) = (source, map, mount["subPath"].as_str()) {
                let is_put = items(&source["items"]).iter().any(|it| text(&it["path"]) == path);
                if !is_put && !has_key(map, path) {
                    found.push(format!("mounts {path} of {}, which is not there", map.name()));
                }
            }
        }
        for variable in items(&container["env"]) {
            let reference = &variable["valueFrom"]["configMapKeyRef"];
            let is_there =
                || config_map(&reference["name"]).is_some_and(|map| has_key(map, text(&reference["key"])));
            if !reference.is_badvalue() && !is_there() {
                found.push(format!("reads {reference:?}, which is not there"));
            }
        }
    }
    found.extend(
        mounted
            .difference(&known)
            .map(|name| format!("mounts {name}, which is no volume of it")),
    );
    found.extend(
        known
            .difference(&mounted)
            .map(|name| format!("has a volume {name} that nothing mounts")),
    );
    found
}
