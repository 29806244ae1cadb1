//! Deployments and StatefulSets, with what scales them, as components.

use super::{Objects, environment, files, job, labels, name};
use crate::facts::{
    Capabilities, Component, Health, Image, Port, Probe, Scale, Transport, Value, Wire, yaml,
};
use std::collections::{BTreeMap, BTreeSet};
use yaml_rust2::Yaml;

/// What policies and Services see of a component's pods.
#[derive(Clone, Debug)]
pub(crate) struct Pod {
    pub(crate) role: String,
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) ports: Vec<(String, u16, Transport)>,
}

/// The pods of a workload, and the component that runs in them.
pub(super) fn read(objects: &Objects, workload: &Yaml) -> Result<(Pod, Component), String> {
    let what = format!(
        "{}/{}",
        workload["kind"].as_str().unwrap_or_default(),
        name(workload)?
    );
    build(objects, workload).map_err(|error| format!("{what}: {error}"))
}

fn build(objects: &Objects, workload: &Yaml) -> Result<(Pod, Component), String> {
    let template = job::template(workload);
    let pod_labels = labels(&template["metadata"]["labels"], "labels")?;
    let run = job::run(workload)?;
    // A job's own are found by what its controller adds to them.
    if run.is_none() {
        let selector = labels(&workload["spec"]["selector"]["matchLabels"], "selector")?;
        if selector.is_empty() || !super::selects(&selector, &pod_labels) {
            return Err("its selector does not select its pods".to_owned());
        }
    }
    let spec = &template["spec"];
    let containers = yaml::list(&spec["containers"], "containers")?;
    let is_own = |container: &&Yaml| {
        !container["name"]
            .as_str()
            .unwrap_or_default()
            .starts_with("exoc-")
    };
    let own: Vec<&Yaml> = containers.iter().filter(is_own).collect();
    let [container] = own.as_slice() else {
        return Err(format!("{} containers of the application", own.len()));
    };
    let role = yaml::string(&container["name"], "the name of a container")?.to_owned();
    let ports = ports(container)?;
    let component = Component {
        run,
        ..component(objects, workload, container, &ports)?
    };
    let ports = ports
        .into_iter()
        .map(|port| (port.name, port.number, port.transport))
        .collect();
    Ok((
        Pod {
            role,
            labels: pod_labels,
            ports,
        },
        component,
    ))
}

fn component(
    objects: &Objects,
    workload: &Yaml,
    container: &Yaml,
    ports: &BTreeSet<Port>,
) -> Result<Component, String> {
    let spec = &job::template(workload)["spec"];
    if spec["enableServiceLinks"].as_bool() != Some(false) {
        return Err("Kubernetes adds variables of its own".to_owned());
    }
    let variables = environment::variables(container)?;
    let lying = files::lying(objects, workload, container)?;
    let arguments =
        |key: &str| yaml::values(&container[key], key, |text| environment::expand(text, &variables));
    let resources = &container["resources"];
    let memory = yaml::bytes(&resources["limits"]["memory"], "the limit of memory")?;
    if yaml::bytes(&resources["requests"]["memory"], "the request of memory")? != memory {
        return Err("memory is limited at another number than it is reserved".to_owned());
    }
    Ok(Component {
        image: image(objects, yaml::string(&container["image"], "image")?),
        entrypoint: arguments("command")?,
        command: arguments("args")?,
        writable: lying.writable,
        ports: ports.clone(),
        user: user(&spec["securityContext"])?,
        root_writable: container["securityContext"]["readOnlyRootFilesystem"].as_bool() != Some(true),
        capabilities: capabilities(&container["securityContext"]["capabilities"])?,
        privileged: privileged(&container["securityContext"])?,
        files: lying.files,
        volumes: lying.volumes,
        low_ports: low_ports(&spec["securityContext"])?,
        cpu: yaml::cores(&resources["requests"]["cpu"], "the request of cpu")?,
        memory,
        scale: scale(objects, workload)?,
        health: health(container, ports)?,
        shutdown: shutdown(spec, container)?,
        run: None, // whoever knows it adds it
        owner: workload["metadata"]["labels"]["owner"]
            .as_str()
            .map(str::to_owned),
        environment: variables,
    })
}

fn image(objects: &Objects, name: &str) -> Image {
    match objects.images.get(name) {
        Some(Some(reference)) => Image::Pinned(reference.clone()),
        Some(None) => Image::Built(name.to_owned()),
        None => Image::Pinned(name.to_owned()),
    }
}

fn ports(container: &Yaml) -> Result<BTreeSet<Port>, String> {
    let port = |port: &Yaml| {
        let name = yaml::string(&port["name"], "the name of a port")?;
        Ok(Port {
            name: name.to_owned(),
            number: yaml::port(&port["containerPort"], name)?,
            transport: Transport::read(port["protocol"].as_str().unwrap_or("TCP"))?,
            // The Service says it.
            wire: Wire::Plain,
        })
    };
    yaml::list(&container["ports"], "ports")?
        .iter()
        .map(port)
        .collect()
}

fn user(context: &Yaml) -> Result<Option<(u32, u32)>, String> {
    let number = |key: &str| {
        let number = yaml::number(&context[key], key)?;
        u32::try_from(number).map_err(|error| format!("{key}: {error}"))
    };
    let (user, group) = (number("runAsUser")?, number("runAsGroup")?);
    if yaml::present(&context["fsGroup"]) && number("fsGroup")? != group {
        return Err("volumes have another group than the process".to_owned());
    }
    if context["runAsNonRoot"].as_bool() != Some(user != 0) {
        return Err(format!("runAsNonRoot does not fit the user {user}"));
    }
    Ok(Some((user, group)))
}

fn capabilities(node: &Yaml) -> Result<Capabilities, String> {
    Ok(Capabilities::after(
        &yaml::strings(&node["drop"], "drop")?,
        &yaml::strings(&node["add"], "add")?,
    ))
}

fn privileged(context: &Yaml) -> Result<bool, String> {
    let privileged = context["privileged"].as_bool() == Some(true);
    if !privileged && context["allowPrivilegeEscalation"].as_bool() != Some(false) {
        return Err("it may gain privileges".to_owned());
    }
    Ok(privileged)
}

fn low_ports(context: &Yaml) -> Result<bool, String> {
    let mut low = false;
    for parameter in yaml::list(&context["sysctls"], "sysctls")? {
        match (parameter["name"].as_str(), parameter["value"].as_str()) {
            (Some("net.ipv4.ip_unprivileged_port_start"), Some("0")) => low = true,
            other => return Err(format!("the kernel parameter {other:?}")),
        }
    }
    Ok(low)
}

/// Seconds from the signal to the kill: what is slept before the signal is not the program's.
fn shutdown(spec: &Yaml, container: &Yaml) -> Result<u64, String> {
    let grace = yaml::number(
        &spec["terminationGracePeriodSeconds"],
        "terminationGracePeriodSeconds",
    )?;
    let sleep = &container["lifecycle"]["preStop"]["sleep"]["seconds"];
    let sleep = if yaml::present(sleep) {
        yaml::number(sleep, "sleep")?
    } else {
        0
    };
    grace
        .checked_sub(sleep)
        .ok_or_else(|| format!("{sleep} s of {grace} s are slept"))
}

fn scale(objects: &Objects, workload: &Yaml) -> Result<Scale, String> {
    let overlap = match (
        workload["kind"].as_str(),
        workload["spec"]["strategy"]["type"].as_str(),
    ) {
        (Some("StatefulSet" | "Job" | "CronJob"), _) | (_, Some("Recreate")) => false,
        (_, Some("RollingUpdate")) => {
            let rolling = &workload["spec"]["strategy"]["rollingUpdate"];
            if (rolling["maxSurge"].as_i64(), rolling["maxUnavailable"].as_i64()) != (Some(1), Some(0)) {
                return Err(format!("it rolls by {rolling:?}"));
            }
            true
        }
        other => return Err(format!("its strategy is {other:?}")),
    };
    let replicas = &workload["spec"]["replicas"];
    let of_this = |scaler: &&Yaml| {
        let target = &scaler["spec"]["scaleTargetRef"];
        target["kind"] == workload["kind"] && target["name"] == workload["metadata"]["name"]
    };
    let Some(scaler) = objects.all("HorizontalPodAutoscaler").find(of_this) else {
        let number = if yaml::present(replicas) {
            yaml::number(replicas, "replicas")?
        } else {
            1
        };
        return Ok(Scale::fixed(number, overlap));
    };
    if yaml::present(replicas) {
        return Err("replicas beside an autoscaler".to_owned());
    }
    let mut scale = Scale::fixed(
        yaml::number(&scaler["spec"]["minReplicas"], "minReplicas")?,
        overlap,
    );
    scale.max = yaml::number(&scaler["spec"]["maxReplicas"], "maxReplicas")?;
    for metric in yaml::list(&scaler["spec"]["metrics"], "metrics")? {
        let percent = &metric["resource"]["target"]["averageUtilization"];
        match (metric["type"].as_str(), metric["resource"]["name"].as_str()) {
            (Some("Resource"), Some("cpu")) => scale.cpu = Some(yaml::number(percent, "cpu")?),
            (Some("Resource"), Some("memory")) => scale.memory = Some(yaml::number(percent, "memory")?),
            (Some("Pods"), _) => {
                scale.requests = Some(yaml::number(
                    &metric["pods"]["target"]["averageValue"],
                    "requests",
                )?);
            }
            other => return Err(format!("the metric {other:?}")),
        }
    }
    Ok(scale)
}

fn health(container: &Yaml, ports: &BTreeSet<Port>) -> Result<Option<Health>, String> {
    let [startup, readiness, liveness] =
        ["startupProbe", "readinessProbe", "livenessProbe"].map(|key| &container[key]);
    if !yaml::present(readiness) {
        let none = !yaml::present(startup) && !yaml::present(liveness);
        return if none {
            Ok(None)
        } else {
            Err("a check without readiness".to_owned())
        };
    }
    let (probe, port) = question(readiness, ports)?;
    for other in [startup, liveness] {
        if question(other, ports)? != (probe.clone(), port) {
            return Err("its probes ask different things".to_owned());
        }
    }
    let get = |node: &Yaml, key: &str| yaml::number(&node[key], key);
    let (interval, retries) = (
        get(readiness, "periodSeconds")?,
        get(readiness, "failureThreshold")?,
    );
    let timeout = get(readiness, "timeoutSeconds")?;
    for other in [startup, liveness] {
        if get(other, "periodSeconds")? != interval || get(other, "timeoutSeconds")? != timeout {
            return Err("its probes ask at different times".to_owned());
        }
    }
    if get(liveness, "failureThreshold")? != 3 * retries {
        return Err("it is not replaced at three times the failures".to_owned());
    }
    let starts = get(startup, "failureThreshold")?;
    let start = starts
        .checked_sub(retries)
        .ok_or("it may fail less often at the start than later")?
        * interval;
    Ok(Some(Health {
        probe,
        port,
        interval,
        timeout,
        retries,
        start,
    }))
}

fn question(node: &Yaml, ports: &BTreeSet<Port>) -> Result<(Probe, Option<u16>), String> {
    let port = |node: &Yaml| match node.as_str() {
        Some(name) => {
            let found = ports.iter().find(|port| port.name == name);
            found
                .map(|port| Some(port.number))
                .ok_or_else(|| format!("no port is called `{name}`"))
        }
        None => yaml::port(node, "the port of a probe").map(Some),
    };
    let (get, socket, grpc, exec) = (&node["httpGet"], &node["tcpSocket"], &node["grpc"], &node["exec"]);
    let asked = [get, socket, grpc, exec]
        .into_iter()
        .filter(|ways| yaml::present(ways))
        .count();
    if asked != 1 {
        return Err(format!("a probe asks in {asked} ways"));
    }
    if yaml::present(get) {
        if yaml::present(&get["host"]) {
            return Err("a probe names a host".to_owned());
        }
        return Ok((
            Probe::Http(yaml::string(&get["path"], "path")?.to_owned()),
            port(&get["port"])?,
        ));
    }
    if yaml::present(socket) {
        return Ok((Probe::Tcp, port(&socket["port"])?));
    }
    if yaml::present(grpc) {
        return Ok((
            Probe::Grpc(grpc["service"].as_str().map(str::to_owned)),
            port(&grpc["port"])?,
        ));
    }
    // The words of a probe are not expanded.
    let words = yaml::values(&exec["command"], "command", |text| Ok(Value::text(text)))?;
    Ok((Probe::Command(words.ok_or("a probe runs nothing")?), None))
}
