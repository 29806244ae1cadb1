//! What an operator runs: a cluster of PostgreSQL or of RabbitMQ, and where backups go.

use super::object::{head, map, match_labels, one};
use super::words::Words;
use crate::model::{Meta, ObjectStore, PostgresCluster, RabbitmqCluster};
use crate::names;
use crate::options::Access;
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
        backups,
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
    let services = Mapping::new().with("additional", one(leading(service)));
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
    let spec = match backups {
        Some(access) => backed_up(spec, &meta.name, access),
        None => spec,
    };
    head(words, "postgresql.cnpg.io/v1", "Cluster", meta).with("spec", spec)
}

/// What has the operator make the Service that leads to the server which may be written.
fn leading(service: &str) -> Mapping {
    Mapping::new()
        .with("selectorType", "rw")
        .comment("What the API server adds to an item; without it every apply would report a change.")
        .with("updateStrategy", "patch")
        .with(
            "serviceTemplate",
            Mapping::new()
                .with("metadata", Mapping::new().with("name", service))
                .with("spec", Mapping::new().with("type", "ClusterIP")),
        )
}

/// The plugin that keeps backups.
pub(super) const PLUGIN: &str = "barman-cloud.cloudnative-pg.io";

/// What has the plugin send every change of a database to the ObjectStore of its name, into a folder of its name.
fn backed_up(spec: Mapping, name: &str, access: &Access) -> Mapping {
    let parameters = Mapping::new()
        .with("barmanObjectName", name)
        .with("serverName", name);
    let plugin = Mapping::new()
        .with("name", PLUGIN)
        .comment("What the API server adds to an item; without it every apply would report a change.")
        .with("enabled", true)
        .with("isWALArchiver", true)
        .with("parameters", parameters);
    let spec = spec.with("plugins", one(plugin));
    match access {
        Access::Role(role) => {
            let annotations = Mapping::new().with("eks.amazonaws.com/role-arn", role);
            let metadata = Mapping::new().with("annotations", annotations);
            spec.with(
                "serviceAccountTemplate",
                Mapping::new().with("metadata", metadata),
            )
        }
        Access::Secret(_) => spec,
    }
}

/// The memory of the companion that sends backups.
///
/// Source: cozystack/cozystack pull request 4220 and siutsin/otaru pull request 2723, where 128 MiB were too few for each
/// whole copy of small databases, 254 MiB were seen and 512 MiB were enough; 2026-09.
const COMPANION: &str = "512Mi";

/// Variables of the companion beside a server that speaks as S3 does but knows not all checksums.
///
/// Source: cloudnative-pg/plugin-barman-cloud 0.14.0, web/docs/object_stores.md, "S3-Compatible Storage Providers", 2026-11.
const CHECKSUMS: [&str; 2] = [
    "AWS_REQUEST_CHECKSUM_CALCULATION",
    "AWS_RESPONSE_CHECKSUM_VALIDATION",
];

/// The document of an ObjectStore.
pub(super) fn object_store(words: Words<'_>, store: &ObjectStore) -> Mapping {
    let ObjectStore {
        meta,
        folder,
        endpoint,
        region,
        access,
        days,
    } = store;
    let credentials = match access {
        Access::Role(_) => Mapping::new().with("inheritFromIAMRole", true),
        Access::Secret(name) => {
            let [id, secret] =
                names::BACKUP_KEYS.map(|key| Mapping::new().with("name", name).with("key", key));
            Mapping::new()
                .with("accessKeyId", id)
                .with("secretAccessKey", secret)
        }
    };
    let compressed = || Mapping::new().with("compression", "gzip");
    let configuration = Mapping::new()
        .with("destinationPath", folder)
        .with_some("endpointURL", endpoint.as_ref())
        .with("s3Credentials", credentials)
        .with("wal", compressed())
        .with("data", compressed());
    let checksums = endpoint.iter().flat_map(|_| CHECKSUMS);
    let variables = checksums.map(|name| (name, "when_required"));
    let region = region
        .iter()
        .map(|region| ("AWS_DEFAULT_REGION", region.as_str()));
    let variables = region.chain(variables);
    let variables = variables.map(|(name, value)| Mapping::new().with("name", name).with("value", value));
    let resources = Mapping::new()
        .with(
            "requests",
            Mapping::new().with("cpu", "50m").with("memory", COMPANION),
        )
        .with("limits", Mapping::new().with("memory", COMPANION));
    let companion = Mapping::new()
        .with_list_unless_empty("env", variables)
        .with("resources", resources);
    let spec = Mapping::new()
        .with("configuration", configuration)
        .with("retentionPolicy", format!("{days}d"))
        .with("instanceSidecarConfiguration", companion);
    head(words, "barmancloud.cnpg.io/v1", "ObjectStore", meta).with("spec", spec)
}

/// The document of a ScheduledBackup: at once, and each day.
pub(super) fn scheduled_backup(words: Words<'_>, meta: &Meta) -> Mapping {
    let spec = Mapping::new()
        .with("cluster", Mapping::new().with("name", &meta.name))
        .with("method", "plugin")
        .with("pluginConfiguration", Mapping::new().with("name", PLUGIN))
        .comment("The first field is the second, and the operator's clock is UTC.")
        .with("schedule", "0 0 2 * * *")
        .with("immediate", true)
        .with("backupOwnerReference", "self");
    head(words, "postgresql.cnpg.io/v1", "ScheduledBackup", meta).with("spec", spec)
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
