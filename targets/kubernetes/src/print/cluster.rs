//! What an operator runs: a cluster of PostgreSQL.

use super::object::{head, map, one};
use super::words::Words;
use crate::model::PostgresCluster;
use exoc_emit::yaml::Mapping;

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
