//! `compose.yaml`, in the order of the Compose Specification's own examples.

use super::comments;
use super::scalar::{bytes, escape, raw, raws, text, texts};
use crate::model::{
    Action, Build, Condition, File, Healthcheck, Life, Model, Mount, Network, Provenance, Published, Reach,
    Seed, Service, Tests, Text,
};
use crate::names;
use exoc_diagnostics::SourceMap;
use exoc_emit::yaml::{Mapping, Yaml, quoted, quoted_flow_list};
use exoc_ir::{Access, Artifact, Capabilities, Transport};
use indexmap::IndexMap;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// The project as a document of the Compose Specification, in which every text is as the file will have it.
pub(crate) fn project(model: &Model, sources: &SourceMap) -> Mapping {
    let Model {
        project,
        description,
        services,
        networks,
        volumes,
        files,    // printed by the caller
        tests: _, // likewise
        guide: _,
    } = model;
    let project = Project {
        name: project,
        description: description.as_deref(),
        services,
        networks,
        volumes,
    };
    document(&project, files, sources)
}

/// The project of the tests, likewise.
pub(super) fn tests(tests: &Tests, files: &BTreeMap<String, File>, sources: &SourceMap) -> Mapping {
    let Tests {
        project,
        services,
        networks,
        volumes,
    } = tests;
    let project = Project {
        name: project,
        description: None,
        services,
        networks,
        volumes,
    };
    document(&project, files, sources)
}

/// What one file says.
struct Project<'m> {
    name: &'m str,
    description: Option<&'m str>,
    services: &'m IndexMap<String, Service>,
    networks: &'m BTreeMap<String, Network>,
    volumes: &'m BTreeMap<String, Provenance>,
}

fn document(project: &Project<'_>, files: &BTreeMap<String, File>, sources: &SourceMap) -> Mapping {
    let Project {
        name,
        description,
        services,
        networks,
        volumes,
    } = project;
    let mut document = Mapping::new();
    if let Some(description) = description {
        document = document.comment(description.trim_end());
    }
    document = document.with("name", raw(name));
    let mut all = Mapping::new();
    for (name, planned) in *services {
        let body = service(planned, files);
        all = all.blank();
        if let Some(purpose) = &planned.purpose {
            all = all.comment(purpose);
        }
        all = comments::entry(all, sources, &planned.from, name.clone(), body);
    }
    document = document.blank().with("services", all);
    if !networks.is_empty() {
        let all = networks.iter().fold(Mapping::new(), |all, (name, planned)| {
            let all = match &planned.purpose {
                Some(purpose) => all.comment(purpose),
                None => all,
            };
            let all = purpose(all, planned.reach);
            comments::entry(all, sources, &planned.from, name.clone(), network(planned))
        });
        document = document.blank().with("networks", all);
    }
    if !volumes.is_empty() {
        let all = volumes.iter().fold(Mapping::new(), |all, (name, from)| {
            comments::entry(all, sources, from, name.clone(), Mapping::new())
        });
        document = document.blank().with("volumes", all);
    }
    document
}

fn service(service: &Service, files: &BTreeMap<String, File>) -> Mapping {
    let Service {
        from: _,    // above its name
        purpose: _, // likewise
        image,
        build,
        platform,
        entrypoint,
        command,
        environment,
        init,
        user,
        read_only,
        capabilities,
        privileged,
        low_ports,
        tmpfs,
        mounts,
        watched,
        published,
        networks,
        aliases,
        healthcheck,
        depends_on,
        cpu,
        memory,
        replicas,
        life,
        stops_first,
        stop_grace_period,
        labels,
    } = service;
    let limits = Mapping::new()
        .with("cpus", quoted(cpu.to_string()))
        .with("memory", quoted(bytes(*memory)));
    let order = if *stops_first {
        Mapping::new().with("order", quoted("stop-first"))
    } else {
        Mapping::new()
    };
    let deploy = Mapping::new()
        .with_some("replicas", *replicas)
        .with_map_unless_empty("update_config", order)
        .with("resources", Mapping::new().with("limits", limits));
    let tmpfs = tmpfs
        .iter()
        .map(|(path, size)| quoted(format!("{}:exec,mode=1777,size={}", escape(path), bytes(*size))));
    let mut map = Mapping::new()
        .with("image", text(image))
        .with_some("build", build.as_ref().map(self::build))
        .with_map_unless_empty("develop", develop(watched))
        .with_some("platform", platform.as_deref().map(quoted))
        .with_some("profiles", profiles(*life))
        .with_some("entrypoint", arguments(entrypoint.as_deref()))
        .with_some("command", arguments(command.as_deref()))
        .with_map_unless_empty("environment", texts_by_name(environment))
        .with_some("init", init.then_some(true))
        .with_some(
            "user",
            user.map(|(user, group)| quoted(format!("{user}:{group}"))),
        )
        .with_some("read_only", read_only.then_some(true))
        .with_list_unless_empty("tmpfs", tmpfs)
        .with_list_unless_empty("volumes", mounts.iter().map(mount))
        .with_some("privileged", privileged.then_some(true));
    map = with_capabilities(map, capabilities).with("security_opt", raws(["no-new-privileges:true"]));
    if *low_ports {
        let sysctls = Mapping::new().with("net.ipv4.ip_unprivileged_port_start", quoted("0"));
        map = map.with("sysctls", sysctls);
    }
    map = map.with_list_unless_empty("ports", published.iter().map(port));
    map = with_networks(map, networks, aliases);
    let depends_on = depends_on.iter().map(|(name, on)| (name.clone(), condition(*on)));
    map.with_some("healthcheck", healthcheck.as_ref().map(self::healthcheck))
        .with_map_unless_empty("depends_on", depends_on.collect())
        .with("deploy", deploy)
        .with("restart", quoted(restart(*life)))
        .with("stop_grace_period", quoted(stop_grace_period.to_string()))
        .with("labels", service_labels(labels, mounts, files))
}

/// A list of networks; a mapping where it has further names on one of them.
fn with_networks(
    map: Mapping,
    networks: &BTreeSet<String>,
    aliases: &BTreeMap<String, BTreeSet<String>>,
) -> Mapping {
    if networks.is_empty() {
        return map.with("network_mode", quoted("none"));
    }
    if aliases.is_empty() {
        return map.with("networks", raws(networks.iter().map(String::as_str)));
    }
    let named = |all: Mapping, network: &String| {
        let names = aliases.get(network).into_iter().flatten();
        let names = names.map(|alias| quoted(alias.as_str()));
        all.with(
            network.clone(),
            Mapping::new().with_list_unless_empty("aliases", names),
        )
    };
    map.with("networks", networks.iter().fold(Mapping::new(), named))
}

const fn restart(life: Life) -> &'static str {
    match life {
        Life::Forever => "unless-stopped",
        Life::Once | Life::OnDemand | Life::Test => "no",
    }
}

fn profiles(life: Life) -> Option<Yaml> {
    match life {
        Life::Forever | Life::Once => None,
        Life::OnDemand => Some(quoted_flow_list([names::JOBS])),
        Life::Test => Some(quoted_flow_list([names::TESTS])),
    }
}

fn arguments(arguments: Option<&[Text]>) -> Option<Yaml> {
    arguments.map(texts)
}

fn texts_by_name(map: &BTreeMap<String, Text>) -> Mapping {
    map.iter()
        .map(|(name, value)| (name.clone(), text(value)))
        .collect()
}

fn with_capabilities(map: Mapping, capabilities: &Capabilities) -> Mapping {
    match capabilities {
        Capabilities::Default => map,
        Capabilities::Only(kept) => {
            let map = map.with("cap_drop", raws(["ALL"]));
            if kept.is_empty() {
                map
            } else {
                map.with("cap_add", raws(kept.iter().map(String::as_str)))
            }
        }
    }
}

fn build(build: &Build) -> Mapping {
    let Build {
        context,
        dockerfile,
        target,
        args,
    } = build;
    let args = args.iter().map(|(name, value)| (name.clone(), raw(value)));
    Mapping::new()
        .with("context", raw(context))
        .with_some("dockerfile", dockerfile.as_deref().map(raw))
        .with_some("target", target.as_deref().map(raw))
        .with_map_unless_empty("args", args.collect())
}

fn mount(mount: &Mount) -> Mapping {
    match mount {
        Mount::Volume {
            volume,
            target,
            access,
            seed,
        } => {
            let options = match seed {
                Seed::Image => Mapping::new(),
                Seed::Nothing => Mapping::new().with("nocopy", true),
            };
            let is_read_only = match access {
                Access::Read => true,
                Access::Write => false,
            };
            Mapping::new()
                .with("type", quoted("volume"))
                .with("source", raw(volume))
                .with("target", raw(target))
                .with_some("read_only", is_read_only.then_some(true))
                .with_map_unless_empty("volume", options)
        }
        Mount::Filled { volume, target } => Mapping::new()
            .with("type", quoted("volume"))
            .with("source", raw(volume))
            .with("target", raw(target))
            .with("read_only", true)
            .with("volume", Mapping::new().with("nocopy", true)),
        Mount::File { file, target } => Mapping::new()
            .with("type", quoted("bind"))
            .with("source", raw(&format!("./{file}")))
            .with("target", raw(target))
            .with("read_only", true)
            .with("bind", Mapping::new().with("create_host_path", false)),
        Mount::Source { folder, target } => Mapping::new()
            .with("type", quoted("bind"))
            .with("source", raw(folder))
            .with("target", raw(target))
            .with("bind", Mapping::new().with("create_host_path", false)),
    }
}

fn develop(watched: &BTreeMap<String, Action>) -> Mapping {
    let rule = |(path, action): (&String, &Action)| {
        let action = match action {
            Action::Restart => "restart",
            Action::Rebuild => "rebuild",
        };
        Mapping::new()
            .with("action", quoted(action))
            .with("path", raw(path))
    };
    Mapping::new().with_list_unless_empty("watch", watched.iter().map(rule))
}

fn port(published: &Published) -> Yaml {
    let Published {
        machine,
        container,
        transport,
    } = published;
    let suffix = match transport {
        Transport::Tcp => "",
        Transport::Udp => "/udp",
    };
    quoted(format!("127.0.0.1:{machine}:{container}{suffix}"))
}

fn healthcheck(check: &Healthcheck) -> Mapping {
    let Healthcheck {
        test,
        interval,
        timeout,
        retries,
        start_period,
    } = check;
    let words: Vec<Text> = std::iter::once("CMD".into())
        .chain(test.iter().cloned())
        .collect();
    Mapping::new()
        .with("test", texts(&words))
        .with("interval", quoted(interval.to_string()))
        .with("timeout", quoted(timeout.to_string()))
        .with("retries", *retries)
        .with("start_period", quoted(start_period.to_string()))
}

fn condition(condition: Condition) -> Mapping {
    let (word, again) = match condition {
        Condition::Started => ("service_started", false),
        Condition::Healthy => ("service_healthy", false),
        Condition::Completed => ("service_completed_successfully", false),
        Condition::Renewed => ("service_completed_successfully", true),
    };
    Mapping::new()
        .with("condition", quoted(word))
        .with_some("restart", again.then_some(true))
}

/// Says above the next entry what a network that no component has is for.
fn purpose(all: Mapping, reach: Reach) -> Mapping {
    match reach {
        Reach::Members => all,
        Reach::Entry => all.comment("For published ports: it lets nothing out."),
        Reach::World => all.comment("Leads to the world; its members can also reach each other."),
    }
}

fn network(network: &Network) -> Mapping {
    let Network {
        from: _,    // above its name
        purpose: _, // likewise
        reach,
        labels,
    } = network;
    let map = match reach {
        Reach::Members => Mapping::new().with("internal", true),
        Reach::Entry => {
            let option = "com.docker.network.bridge.enable_ip_masquerade";
            Mapping::new().with("driver_opts", Mapping::new().with(option, quoted("false")))
        }
        Reach::World => Mapping::new(),
    };
    map.with_map_unless_empty("labels", raws_by_name(labels))
}

/// The labels, and a digest of the mounted files: compose does not look into them, so that without it a changed file
/// would not reach a running container.
fn service_labels(
    labels: &BTreeMap<String, String>,
    mounts: &[Mount],
    files: &BTreeMap<String, File>,
) -> Mapping {
    // Without the lines of the manifest that they name: when only those move, nothing is recreated.
    let nowhere = SourceMap::default();
    let mounted: Vec<Artifact> = mounts
        .iter()
        .filter_map(|mount| match mount {
            Mount::File { file, target: _ } => files.get(file).map(|file| super::artifact(file, &nowhere)),
            Mount::Volume { .. } | Mount::Source { .. } | Mount::Filled { .. } => None,
        })
        .collect();
    let mut labels = labels.clone();
    if !mounted.is_empty() {
        let mut digest = Sha256::new();
        for Artifact {
            contents,
            executable,
            comments: _,
        } in mounted
        {
            digest.update(contents);
            // A container keeps the file that it mounted, with its mode.
            if executable {
                digest.update("executable");
            }
        }
        let bytes = digest.finalize();
        let hex: String = bytes.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        labels.insert("exoc.files".to_owned(), hex);
    }
    raws_by_name(&labels)
}

fn raws_by_name(map: &BTreeMap<String, String>) -> Mapping {
    map.iter()
        .map(|(name, value)| (name.clone(), raw(value)))
        .collect()
}
