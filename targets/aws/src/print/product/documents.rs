//! A cluster of `DocumentDB` and what belongs to it.

use super::super::common::{File, log_groups, resource};
use super::{
    group, group_ids, key, last_snapshot, parameters, password, sized, snapshot_name, subnets, written_only,
};
use crate::model::{Documents, Product};
use exoc_emit::hcl::{Block, Object, Template, list, reference, var};

/// The logs that it sends to CloudWatch.
const LOGS: [&str; 2] = ["audit", "profiler"];

/// One cluster.
pub(super) fn add(file: &mut File, product: &Product, documents: &Documents, prefix: &str) {
    let (address, role) = (&product.address, &product.role);
    subnets(
        file,
        product,
        "aws_docdb_subnet_group",
        ("name_prefix", &product.name_prefix),
    );
    group(file, product, "DocumentDB cluster", prefix);
    password(file, product, "");
    let settings = resource("aws_docdb_cluster_parameter_group", address)
        .attr("name_prefix", &product.name_prefix)
        .attr("description", format!("Settings of {}", product.identity))
        .attr("family", documents.family);
    file.add(
        "Settings of the cluster: no connection without TLS, a log of who did what and of what is slow.",
        &product.lines,
        parameters(settings, &documents.parameters)
            .block("lifecycle", |body| body.attr("create_before_destroy", true)),
    );
    let keepers = Object::new()
        .with("cluster_identifier", &documents.identifier)
        .with("kms_key_id", key())
        .with("master_username", &documents.username);
    snapshot_name(file, product, keepers);
    file.add(
        "The cluster's logs; made before the cluster, which would make them without the key and an end.",
        &product.lines,
        log_groups(address, &format!("/aws/docdb/{}/", documents.identifier), LOGS),
    );
    file.add(
        format!("The cluster of {role}, whose storage grows by itself."),
        &product.server_lines,
        cluster(product, documents),
    );
    file.add(
        sized(&format!("The servers of {role}."), &documents.picked),
        &product.server_lines,
        resource("aws_docdb_cluster_instance", address)
            .attr("count", documents.instances)
            .blank()
            .attr(
                "identifier",
                Template::new()
                    .text(&format!("{}-", documents.identifier))
                    .value(reference(["count", "index"])),
            )
            .attr(
                "cluster_identifier",
                reference(["aws_docdb_cluster", address, "id"]),
            )
            .attr("instance_class", documents.class)
            .attr("auto_minor_version_upgrade", true)
            .attr("copy_tags_to_snapshot", true),
    );
}

fn cluster(product: &Product, documents: &Documents) -> Block {
    let address = &product.address;
    let block = resource("aws_docdb_cluster", address)
        .attr("cluster_identifier", &documents.identifier)
        .attr("engine", "docdb")
        .attr("engine_version", documents.engine_version)
        .attr("master_username", &documents.username);
    written_only(block, product, "master_password_wo")
        .attr("port", documents.port)
        .attr(
            "db_subnet_group_name",
            reference(["aws_docdb_subnet_group", address, "name"]),
        )
        .attr("vpc_security_group_ids", group_ids(product))
        .attr(
            "db_cluster_parameter_group_name",
            reference(["aws_docdb_cluster_parameter_group", address, "name"]),
        )
        .attr("storage_encrypted", true)
        .attr("kms_key_id", key())
        .attr("backup_retention_period", documents.backup_days)
        .attr("preferred_backup_window", "02:00-03:00")
        .attr("preferred_maintenance_window", "sun:03:30-sun:04:30")
        .attr("enabled_cloudwatch_logs_exports", list(LOGS))
        // Else a new password would wait for the maintenance window, and its users would not.
        .attr("apply_immediately", true)
        .attr("deletion_protection", var("deletion_protection"))
        .attr("skip_final_snapshot", false)
        .attr(
            "final_snapshot_identifier",
            last_snapshot(product, &documents.identifier),
        )
        .attr(
            "depends_on",
            vec![reference(["aws_cloudwatch_log_group", address])],
        )
}
