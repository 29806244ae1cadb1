//! A replication group of ElastiCache and what belongs to it.

use super::super::common::{File, log_group, resource, skip};
use super::{group, group_ids, key, password, subnets};
use crate::model::{Cache, Product};
use exoc_emit::hcl::{Block, reference};

/// One cache.
pub(super) fn add(file: &mut File, product: &Product, cache: &Cache, prefix: &str) {
    let (address, role) = (&product.address, &product.role);
    subnets(
        file,
        product,
        "aws_elasticache_subnet_group",
        ("name", &cache.name),
    );
    group(file, product, &format!("{} server", cache.title), prefix);
    password(file, product, "ElastiCache has no argument that is only written");
    file.add(
        "Settings of the server: those of its family, in a group of its own so that each can be changed.",
        &product.lines,
        resource("aws_elasticache_parameter_group", address)
            .attr("name", &cache.name)
            .attr("description", format!("Settings of {role}"))
            .attr("family", cache.family),
    );
    file.add(
        format!("Keeps the slow log of {role}."),
        &product.lines,
        log_group(address, &cache.log_group),
    );
    file.add(
        format!("The server of {role}."),
        &product.server_lines,
        replication_group(product, cache, prefix),
    );
}

fn replication_group(product: &Product, cache: &Cache, prefix: &str) -> Block {
    let address = &product.address;
    resource("aws_elasticache_replication_group", address)
        .comment(skip(
            "CKV2_AWS_50",
            "one node in one zone is what the manifest asks for",
        ))
        .blank()
        .attr("replication_group_id", &cache.name)
        .attr(
            "description",
            format!("{} server {} of {prefix}", cache.title, product.role),
        )
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
        .attr("security_group_ids", group_ids(product))
        .attr("at_rest_encryption_enabled", true)
        .attr("kms_key_id", key())
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
