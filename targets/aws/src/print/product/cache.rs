//! A replication group of ElastiCache and what belongs to it.

use super::super::common::{File, log_group, resource, skip};
use super::{group, group_ids, key, last_snapshot, parameters, password, sized, snapshot_name, subnets};
use crate::model::{Cache, Memcached, Product, Settings};
use exoc_emit::hcl::{Block, Object, reference};

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
        settings(product, &cache.name, cache.family, &cache.parameters),
    );
    file.add(
        format!("Keeps the slow log of {role}."),
        &product.lines,
        log_group(address, &cache.log_group),
    );
    let keepers = Object::new()
        .with("kms_key_id", key())
        .with("replication_group_id", &cache.name);
    snapshot_name(file, product, keepers);
    file.add(
        sized(&format!("The server of {role}."), &cache.picked),
        &product.server_lines,
        replication_group(product, cache, prefix),
    );
}

fn settings(product: &Product, name: &str, family: &str, settings: &Settings) -> Block {
    let block = resource("aws_elasticache_parameter_group", &product.address)
        .attr("name", name)
        .attr("description", format!("Settings of {}", product.identity))
        .attr("family", family);
    parameters(block, settings)
}

/// One node of Memcached, which forgets everything when it is destroyed.
pub(super) fn add_memcached(file: &mut File, product: &Product, memcached: &Memcached, prefix: &str) {
    let (address, role) = (&product.address, &product.role);
    subnets(
        file,
        product,
        "aws_elasticache_subnet_group",
        ("name", &memcached.name),
    );
    group(file, product, "Memcached server", prefix);
    file.add(
        "Settings of the server: those of its family, in a group of its own so that each can be changed.",
        &product.lines,
        settings(product, &memcached.name, memcached.family, &memcached.parameters),
    );
    file.add(
        sized(
            &format!("The server of {role}, which knows neither passwords nor TLS."),
            &memcached.picked,
        ),
        &product.server_lines,
        resource("aws_elasticache_cluster", address)
            .attr("cluster_id", &memcached.name)
            .attr("engine", "memcached")
            .attr("engine_version", memcached.engine_version)
            .attr("node_type", memcached.node_type)
            .attr("num_cache_nodes", 1)
            .attr("port", memcached.port)
            .attr(
                "parameter_group_name",
                reference(["aws_elasticache_parameter_group", address, "name"]),
            )
            .attr(
                "subnet_group_name",
                reference(["aws_elasticache_subnet_group", address, "name"]),
            )
            .attr("security_group_ids", group_ids(product))
            .attr("maintenance_window", "sun:03:30-sun:04:30"),
    );
}

fn replication_group(product: &Product, cache: &Cache, prefix: &str) -> Block {
    let address = &product.address;
    let block = resource("aws_elasticache_replication_group", address);
    let block = if cache.standby {
        block
    } else {
        let reason = "one node in one zone is what the manifest asks for";
        block.comment(skip("CKV2_AWS_50", reason)).blank()
    };
    block
        .attr("replication_group_id", &cache.name)
        .attr(
            "description",
            format!("{} server {} of {prefix}", cache.title, product.role),
        )
        .attr("engine", cache.engine)
        .attr("engine_version", cache.engine_version)
        .attr("node_type", cache.node_type)
        .attr("num_cache_clusters", if cache.standby { 2 } else { 1 })
        .attr("automatic_failover_enabled", cache.standby)
        .attr("multi_az_enabled", cache.standby)
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
        .attr("final_snapshot_identifier", last_snapshot(product, &cache.name))
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
