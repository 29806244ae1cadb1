//! `dependency_<role>.tf` of a cache: a replication group of ElastiCache and what belongs to it.

use super::common::{File, log_group, resource, security_group, skip, subnet_ids};
use super::{rules, secrets};
use crate::model::{Cache, Content};
use exoc_emit::hcl::{Block, object, reference};

/// One cache.
pub(super) fn file(cache: &Cache, prefix: &str) -> File {
    let mut file = File::default();
    let (address, role) = (&cache.address, &cache.role);
    file.add(
        format!("Puts {role} into the subnets from which no route leads out."),
        &cache.lines,
        resource("aws_elasticache_subnet_group", address)
            .attr("name", &cache.name)
            .attr("description", format!("Subnets of {role}"))
            .attr("subnet_ids", subnet_ids("data")),
    );
    file.add(
        format!("The security group of {role}."),
        &cache.lines,
        security_group(
            address,
            &cache.name_prefix,
            &format!("Redis server {role} of {prefix}"),
        ),
    );
    rules::add(&mut file, &cache.rules);
    password(&mut file, cache);
    file.add(
        "Settings of the server: those of its family, in a group of its own so that each can be changed.",
        &cache.lines,
        resource("aws_elasticache_parameter_group", address)
            .attr("name", &cache.name)
            .attr("description", format!("Settings of {role}"))
            .attr("family", cache.family),
    );
    file.add(
        format!("Keeps the slow log of {role}."),
        &cache.lines,
        log_group(address, &cache.log_group),
    );
    file.add(
        format!("The server of {role}."),
        &cache.server_lines,
        group(cache, prefix),
    );
    if let Some(url) = &cache.url {
        secrets::add(&mut file, url);
    }
    file
}

fn password(file: &mut File, cache: &Cache) {
    let secret = &cache.password;
    match &secret.content {
        Content::InState { random, key } => file.add(
            "The password, which stands in the encrypted state: ElastiCache has no argument that is only written.",
            &cache.lines,
            secrets::random(resource("random_password", random))
                .attr("keepers", object([("version", secrets::numbered(key))])),
        ),
        Content::Supplied { .. } | Content::Generated { .. } | Content::Composed { .. } => {}
    }
    secrets::add(file, secret);
    if cache.read_back {
        secrets::add_read_back(file, secret);
    }
}

fn group(cache: &Cache, prefix: &str) -> Block {
    let address = &cache.address;
    resource("aws_elasticache_replication_group", address)
        .comment(skip(
            "CKV2_AWS_50",
            "one node in one zone is what the manifest asks for",
        ))
        .blank()
        .attr("replication_group_id", &cache.name)
        .attr("description", format!("Redis server {} of {prefix}", cache.role))
        .attr("engine", cache.engine)
        .attr("engine_version", cache.engine_version)
        .attr("node_type", cache.node_type)
        .attr("num_cache_clusters", 1)
        .attr("automatic_failover_enabled", false)
        .attr("multi_az_enabled", false)
        .attr("port", cache.port)
        .attr(
            "parameter_group_name",
            reference(["aws_elasticache_parameter_group", address, "name"]),
        )
        .attr(
            "subnet_group_name",
            reference(["aws_elasticache_subnet_group", address, "name"]),
        )
        .attr(
            "security_group_ids",
            vec![reference(["aws_security_group", address, "id"])],
        )
        .attr("at_rest_encryption_enabled", true)
        .attr("kms_key_id", reference(["aws_kms_key", "main", "arn"]))
        .attr("transit_encryption_enabled", true)
        .attr("transit_encryption_mode", "required")
        .attr("auth_token", reference(["random_password", address, "result"]))
        .attr("auth_token_update_strategy", "ROTATE")
        .attr("auto_minor_version_upgrade", true)
        .attr("maintenance_window", "sun:03:30-sun:04:30")
        .block("log_delivery_configuration", |body| {
            body.attr("destination_type", "cloudwatch-logs")
                .attr(
                    "destination",
                    reference(["aws_cloudwatch_log_group", address, "name"]),
                )
                .attr("log_format", "json")
                .attr("log_type", "slow-log")
        })
}
