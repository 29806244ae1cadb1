//! Deployments and StatefulSets.

use super::object::{head, map, match_labels, one};
use super::words::Words;
use crate::model::{
    Check, Claim, Companion, Container, ContainerPort, ContainerSecurity, Controller, Kept, Labels, Machines,
    Mount, Pod, PodLines, PodSecurity, Probe, Probes, Sharing, Strategy, Variable, VariableValue, Volume,
    VolumeSource, Workload,
};
use crate::names;
use exoc_emit::yaml::{Mapping, Yaml, flow_list, list, quoted_flow_list};
use exoc_ir::Access;

/// Every file of a ConfigMap may be read by all and written by none: 0444.
const READABLE: u32 = 0o444;

/// Those that are programs may be run as well: 0555.
const EXECUTABLE: u32 = 0o555;

/// The document of a Deployment or StatefulSet.
pub(super) fn document(words: Words<'_>, workload: &Workload) -> Mapping {
    let Workload {
        meta,
        controller,
        selector,
        pod,
    } = workload;
    let template = template(words, pod, selector);
    match controller {
        Controller::Deployment {
            replicas,
            scale,
            strategy,
            deadline,
        } => {
            let spec = match replicas {
                Some(replicas) => words.entry(Mapping::new(), scale, "replicas", *replicas),
                None => Mapping::new(),
            };
            let spec = spec
                .with("revisionHistoryLimit", 5_u32)
                .with("progressDeadlineSeconds", *deadline)
                .with("strategy", self::strategy(*strategy))
                .with("selector", match_labels(selector))
                .with("template", template);
            head(words, "apps/v1", "Deployment", meta).with("spec", spec)
        }
        Controller::StatefulSet {
            service_name,
            replicas,
            claims,
        } => {
            let retention = Mapping::new()
                .with("whenDeleted", "Retain")
                .with("whenScaled", "Retain");
            let spec = Mapping::new()
                .with("serviceName", service_name)
                .with("replicas", *replicas)
                .with("revisionHistoryLimit", 5_u32)
                .with("persistentVolumeClaimRetentionPolicy", retention)
                .with("selector", match_labels(selector))
                .with("template", template)
                .with(
                    "volumeClaimTemplates",
                    list(claims.iter().map(|claim| claim_template(words, claim))),
                );
            head(words, "apps/v1", "StatefulSet", meta).with("spec", spec)
        }
    }
}

fn strategy(strategy: Strategy) -> Mapping {
    match strategy {
        Strategy::Recreate => Mapping::new().with("type", "Recreate"),
        Strategy::Rolling => {
            let rolling = Mapping::new()
                .with("maxSurge", 1_u32)
                .with("maxUnavailable", 0_u32);
            Mapping::new()
                .with("type", "RollingUpdate")
                .with("rollingUpdate", rolling)
        }
    }
}

fn claim_template(words: Words<'_>, claim: &Claim) -> Mapping {
    let Claim {
        name,
        storage: _, // of the specification
        class: _,   // likewise
        from,
    } = claim;
    words
        .head(from)
        .with("apiVersion", "v1")
        .with("kind", "PersistentVolumeClaim")
        .with("metadata", Mapping::new().with("name", name))
        .with("spec", claim_spec(claim, Sharing::One))
        .comment("The API server adds this to a template; without it every apply would report a change.")
        .with("status", Mapping::new().with("phase", "Pending"))
}

/// What a claim wants.
pub(super) fn claim_spec(claim: &Claim, sharing: Sharing) -> Mapping {
    let Claim {
        name: _, // of the metadata
        storage,
        class,
        from: _, // above it
    } = claim;
    let mode = match sharing {
        Sharing::One => "ReadWriteOnce",
        Sharing::Many => "ReadWriteMany",
    };
    let requests = Mapping::new().with("requests", Mapping::new().with("storage", storage));
    Mapping::new()
        .with("accessModes", flow_list([mode]))
        .with_some("storageClassName", class.as_ref())
        .with("resources", requests)
        .with("volumeMode", "Filesystem")
}

/// What pods are made of.
pub(super) fn template(words: Words<'_>, pod: &Pod, selector: &Labels) -> Mapping {
    let Pod {
        labels,
        service_account,
        priority,
        grace,
        security,
        machines,
        asks_itself_by,
        deadline,
        spread,
        container,
        first,
        volumes,
        lines,
    } = pod;
    let spread = spread.iter().map(|topology| {
        Mapping::new()
            .with("maxSkew", 1_u32)
            .with("topologyKey", *topology)
            .with("whenUnsatisfiable", "ScheduleAnyway")
            .with("labelSelector", match_labels(selector))
            .with("matchLabelKeys", flow_list(["pod-template-hash"]))
    });
    let spec = Mapping::new()
        .with("serviceAccountName", service_account)
        .with("automountServiceAccountToken", false)
        .with("enableServiceLinks", false)
        .with_some("priorityClassName", priority.as_ref());
    let spec = match deadline {
        Some(deadline) => words.entry(
            spec.with("restartPolicy", "Never"),
            &lines.deadline,
            "activeDeadlineSeconds",
            *deadline,
        ),
        None => spec,
    };
    let spec = match container.sleep_before_stop {
        Some(seconds) => spec.comment(format!(
            "{seconds} s until traffic has moved away, and {} s from the signal.",
            grace.saturating_sub(seconds)
        )),
        None => spec,
    };
    let spec = words.entry(spec, &lines.shutdown, "terminationGracePeriodSeconds", *grace);
    let spec = words.entry(spec, &lines.user, "securityContext", pod_security(security));
    let spec = on_machines(spec, machines);
    let spec = match asks_itself_by {
        Some(name) => spec
            .comment("Its check asks it by this name, which is that of its Service to others.")
            .with("hostAliases", one(own_name(name))),
        None => spec,
    };
    let spec = spec
        .with_list_unless_empty("topologySpreadConstraints", spread)
        .with_list_unless_empty("initContainers", first.iter().map(|it| companion(words, it)))
        .with("containers", one(self::container(words, container, lines)));
    let spec = words.list_unless_empty(spec, &lines.folders, "volumes", volumes.iter().map(volume));
    Mapping::new()
        .with("metadata", Mapping::new().with("labels", map(labels)))
        .with("spec", spec)
}

fn own_name(name: &str) -> Mapping {
    Mapping::new()
        .with("ip", "127.0.0.1")
        .with("hostnames", list([name]))
}

/// Where the scheduler may put a pod.
fn on_machines(spec: Mapping, machines: &Machines) -> Mapping {
    const ARCHITECTURE: &str = "kubernetes.io/arch";
    match machines {
        Machines::All => spec,
        Machines::Of(architecture) => {
            spec.with("nodeSelector", Mapping::new().with(ARCHITECTURE, *architecture))
        }
        Machines::Among(architectures) => {
            let of_image = Mapping::new()
                .with("key", ARCHITECTURE)
                .with("operator", "In")
                .with("values", flow_list(architectures.iter().copied()));
            let term = Mapping::new().with("matchExpressions", list([of_image]));
            let required = Mapping::new().with("nodeSelectorTerms", list([term]));
            let affinity = Mapping::new().with("requiredDuringSchedulingIgnoredDuringExecution", required);
            spec.with("affinity", Mapping::new().with("nodeAffinity", affinity))
        }
    }
}

fn pod_security(security: &PodSecurity) -> Mapping {
    let PodSecurity {
        user,
        group,
        claim_group,
        non_root,
        sysctls,
    } = security;
    let change = claim_group.map(|_| "OnRootMismatch");
    let printed = Mapping::new()
        .with("runAsNonRoot", *non_root)
        .with("runAsUser", *user)
        .with("runAsGroup", *group)
        .with_some("fsGroup", *claim_group)
        .with_some("fsGroupChangePolicy", change)
        .with("seccompProfile", Mapping::new().with("type", "RuntimeDefault"));
    if sysctls.is_empty() {
        return printed;
    }
    let sysctls = sysctls
        .iter()
        .map(|(name, value)| Mapping::new().with("name", *name).with("value", *value));
    printed
        .comment("Ports below 1024 need neither root nor a capability.")
        .with("sysctls", list(sysctls))
}

fn companion(words: Words<'_>, companion: &Companion) -> Mapping {
    let Companion { container, from } = companion;
    let lines = PodLines {
        program: from.clone(),
        ..PodLines::default()
    };
    self::container(words, container, &lines)
}

fn container(words: Words<'_>, container: &Container, lines: &PodLines) -> Mapping {
    let Container {
        name,
        image,
        pulls_again,
        command,
        args,
        variables,
        ports,
        cpu,
        memory,
        probes,
        sleep_before_stop,
        security,
        mounts,
    } = container;
    let requests = Mapping::new().with("cpu", cpu).with("memory", memory);
    let resources = Mapping::new()
        .with("requests", requests)
        .with("limits", Mapping::new().with("memory", memory));
    let printed = words
        .head(&lines.program)
        .with("name", name)
        .with("image", image)
        .with_some("imagePullPolicy", pulls_again.then_some("Always"))
        .with_some("command", command.as_deref().map(command_words))
        .with_some("args", args.as_deref().map(command_words));
    let printed = words.list_unless_empty(printed, &lines.ports, "ports", ports.iter().map(port));
    let variables = variables.iter().map(|it| variable(words, it));
    let printed = words.list_unless_empty(printed, &lines.variables, "env", variables);
    let mut printed = words.entry(printed, &lines.resources, "resources", resources);
    if let Some(Probes {
        check,
        startup,
        readiness,
        liveness,
    }) = probes
    {
        printed = words.entry(printed, &lines.health, "startupProbe", probe(check, startup));
        printed.insert("readinessProbe", probe(check, readiness));
        printed.insert("livenessProbe", probe(check, liveness));
    }
    let sleep = sleep_before_stop.map(|seconds| {
        let sleep = Mapping::new().with("sleep", Mapping::new().with("seconds", seconds));
        Mapping::new().with("preStop", sleep)
    });
    let printed = printed.with_some("lifecycle", sleep);
    words
        .entry(
            printed,
            &lines.rights,
            "securityContext",
            container_security(security),
        )
        .with_list_unless_empty("volumeMounts", mounts.iter().map(mount))
}

/// Words of a command: on one line as they are read aloud, unless one of them is a script of several lines.
fn command_words(words: &[String]) -> Yaml {
    if words.iter().any(|word| word.contains('\n')) {
        list(words)
    } else {
        quoted_flow_list(words)
    }
}

fn port(port: &ContainerPort) -> Mapping {
    let ContainerPort {
        name,
        number,
        transport,
    } = port;
    Mapping::new()
        .with("name", name)
        .with("containerPort", *number)
        .with("protocol", *transport)
}

fn variable(words: Words<'_>, variable: &Variable) -> Mapping {
    let Variable { name, value, from } = variable;
    let printed = words.head(from).with("name", name);
    match value {
        // The API server leaves an empty value out; with one, every apply would report a change.
        VariableValue::Text(text) => printed.with_some("value", (!text.is_empty()).then_some(text)),
        VariableValue::Login(secret) => {
            let key = Mapping::new().with("name", secret).with("key", "password");
            printed.with("valueFrom", Mapping::new().with("secretKeyRef", key))
        }
        VariableValue::Secret(secret) => {
            let key = Mapping::new().with("name", secret).with("key", names::SECRET_KEY);
            printed.with("valueFrom", Mapping::new().with("secretKeyRef", key))
        }
    }
}

fn probe(check: &Check, probe: &Probe) -> Mapping {
    let Probe {
        period,
        timeout,
        failures,
    } = probe;
    let printed = match check {
        Check::HttpGet { path, port } => {
            Mapping::new().with("httpGet", Mapping::new().with("path", path).with("port", port))
        }
        Check::TcpSocket { port } => Mapping::new().with("tcpSocket", Mapping::new().with("port", port)),
        Check::Grpc { port, service } => {
            let grpc = Mapping::new()
                .with("port", *port)
                .with_some("service", service.as_ref());
            Mapping::new().with("grpc", grpc)
        }
        Check::Exec(words) => {
            Mapping::new().with("exec", Mapping::new().with("command", quoted_flow_list(words)))
        }
    };
    printed
        .with("periodSeconds", *period)
        .with("timeoutSeconds", *timeout)
        .with("failureThreshold", *failures)
}

fn container_security(security: &ContainerSecurity) -> Mapping {
    let ContainerSecurity {
        privileged,
        read_only_root,
        capabilities,
    } = security;
    let printed = if *privileged {
        // The API refuses a privileged container that may not escalate.
        Mapping::new().with("privileged", true)
    } else {
        Mapping::new().with("allowPrivilegeEscalation", false)
    };
    let capabilities = match capabilities {
        Kept::Default => Mapping::new(),
        Kept::Only(kept) => Mapping::new()
            .with("drop", flow_list(["ALL"]))
            .with_list_unless_empty("add", kept),
    };
    printed
        .with("readOnlyRootFilesystem", *read_only_root)
        .with_map_unless_empty("capabilities", capabilities)
}

fn mount(mount: &Mount) -> Mapping {
    let Mount {
        volume,
        path,
        file,
        access,
    } = mount;
    let printed = Mapping::new()
        .with("name", volume)
        .with("mountPath", path)
        .with_some("subPath", file.as_ref());
    match access {
        Access::Read => printed.with("readOnly", true),
        Access::Write => printed,
    }
}

fn volume(volume: &Volume) -> Mapping {
    let Volume { name, source } = volume;
    let printed = Mapping::new().with("name", name);
    match source {
        VolumeSource::Memory(size) => {
            let memory = Mapping::new().with("medium", "Memory").with("sizeLimit", size);
            printed.with("emptyDir", memory)
        }
        VolumeSource::ConfigMap(map) => {
            let map = Mapping::new()
                .with("name", map)
                .comment("0444: all may read, nobody may write.")
                .with("defaultMode", READABLE);
            printed.with("configMap", map)
        }
        VolumeSource::Programs(map) => {
            let map = Mapping::new()
                .with("name", map)
                .comment("0555: all may read and run, nobody may write.")
                .with("defaultMode", EXECUTABLE);
            printed.with("configMap", map)
        }
        VolumeSource::Claim(name, access) => {
            let claim = Mapping::new().with("claimName", name);
            let claim = match access {
                Access::Read => claim.with("readOnly", true),
                Access::Write => claim,
            };
            printed.with("persistentVolumeClaim", claim)
        }
    }
}
