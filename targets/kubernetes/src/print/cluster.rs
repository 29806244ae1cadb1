//! What an operator runs: a cluster of PostgreSQL or of RabbitMQ.

use super::object::{head, map, match_labels, one};
use super::words::Words;
use crate::model::{PostgresCluster, RabbitmqCluster};
use exoc_emit::yaml::{Mapping, flow_list};

/// The document of a Cluster of CloudNativePG.
pub(super) fn postgres(words: Words<'_>, cluster: &PostgresCluster) -> Mapping {
    let PostgresCluster {
        meta,
        service,
        image,
        instances,
        database,
        owner,
        parameters,
        inherited,
        storage,
        priority,
        pull_secrets,
        class,
        cpu,
        memory,
    } = cluster;
    let several = *instances > 1;
    let initdb = Mapping::new().with("database", database).with("owner", owner);
    let parameters: Mapping = parameters
        .iter()
        .map(|(key, value)| (key.clone(), value))
        .collect();
    let server = Mapping::new().with_map_unless_empty("parameters", parameters);
    let server = if several {
        // What was answered is on two machines.
        server.with(
            "synchronous",
            Mapping::new().with("method", "any").with("number", 1_u32),
        )
    } else {
        server
    };
    let named = Mapping::new()
        .with("selectorType", "rw")
        .comment("What the API server adds to an item; without it every apply would report a change.")
        .with("updateStrategy", "patch")
        .with(
            "serviceTemplate",
            Mapping::new()
                .with("metadata", Mapping::new().with("name", service))
                .with("spec", Mapping::new().with("type", "ClusterIP")),
        );
    let services = Mapping::new().with("additional", one(named));
    let resources = Mapping::new()
        .with("requests", Mapping::new().with("cpu", cpu).with("memory", memory))
        .with("limits", Mapping::new().with("memory", memory));
    let spec = Mapping::new().with("instances", *instances);
    let spec = if several {
        spec
    } else {
        spec.comment("A budget of one server would keep its machine from being emptied.")
            .with("enablePDB", false)
    };
    let spec = spec
        .with("imageName", image)
        .with_list_unless_empty(
            "imagePullSecrets",
            pull_secrets.iter().map(|name| Mapping::new().with("name", name)),
        )
        .with_some("priorityClassName", priority.as_ref())
        .with("enableSuperuserAccess", false)
        .with("bootstrap", Mapping::new().with("initdb", initdb))
        .with_map_unless_empty("postgresql", server)
        .with("managed", Mapping::new().with("services", services))
        .with("inheritedMetadata", Mapping::new().with("labels", map(inherited)));
    let spec = if several {
        let apart = Mapping::new()
            .with("podAntiAffinityType", "required")
            .with("topologyKey", "kubernetes.io/hostname");
        spec.with("affinity", apart)
    } else {
        spec
    };
    let claim = Mapping::new()
        .with("size", storage)
        .with_some("storageClass", class.as_ref());
    let spec = spec.with("resources", resources).with("storage", claim);
    head(words, "postgresql.cnpg.io/v1", "Cluster", meta).with("spec", spec)
}

/// The document of a RabbitmqCluster. Its override is what the strictest Pod Security level asks for beside what the
/// operator writes itself: a user by number.
///
/// Source: rabbitmq/cluster-operator 2.16.0, internal/resource/statefulset.go, `podTemplateSpec` and `setupContainer`, 2026-11.
pub(super) fn rabbitmq(words: Words<'_>, cluster: &RabbitmqCluster) -> Mapping {
    let RabbitmqCluster {
        meta,
        image,
        replicas,
        settings,
        selector,
        storage,
        priority,
        pull_secrets,
        class,
        cpu,
        memory,
    } = cluster;
    let resources = Mapping::new()
        .with("requests", Mapping::new().with("cpu", cpu).with("memory", memory))
        .with("limits", Mapping::new().with("memory", memory));
    let claim = Mapping::new()
        .with_some("storageClassName", class.as_ref())
        .with("storage", storage);
    let configuration: String = settings.iter().map(|line| format!("{line}\n")).collect();
    let spec = Mapping::new()
        .with("replicas", *replicas)
        .with("image", image)
        .with_list_unless_empty(
            "imagePullSecrets",
            pull_secrets.iter().map(|name| Mapping::new().with("name", name)),
        )
        .with("resources", resources)
        .with("persistence", claim)
        .with("rabbitmq", Mapping::new().with("additionalConfig", configuration));
    let spec = if *replicas > 1 {
        let term = Mapping::new()
            .with("labelSelector", match_labels(selector))
            .with("topologyKey", "kubernetes.io/hostname");
        let apart = Mapping::new().with("requiredDuringSchedulingIgnoredDuringExecution", one(term));
        spec.with("affinity", Mapping::new().with("podAntiAffinity", apart))
    } else {
        spec
    };
    let container = |name: &str| {
        let security = Mapping::new()
            .with("allowPrivilegeEscalation", false)
            .with("capabilities", Mapping::new().with("drop", flow_list(["ALL"])));
        one(Mapping::new()
            .with("name", name)
            .with("securityContext", security))
    };
    let seccomp = Mapping::new().with("type", "RuntimeDefault");
    let security = Mapping::new()
        .with("runAsNonRoot", true)
        .with("seccompProfile", seccomp);
    let pod = Mapping::new()
        .with_some("priorityClassName", priority.as_ref())
        .with("securityContext", security)
        .with("initContainers", container("setup-container"))
        .with("containers", container("rabbitmq"));
    let template = Mapping::new().with(
        "spec",
        Mapping::new().with("template", Mapping::new().with("spec", pod)),
    );
    let spec = spec.with("override", Mapping::new().with("statefulSet", template));
    head(words, "rabbitmq.com/v1beta1", "RabbitmqCluster", meta).with("spec", spec)
}
