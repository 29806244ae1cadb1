//! A cluster of MSK and what belongs to it.

use super::super::common::{File, log_group, resource};
use super::super::secrets;
use super::{group, group_ids, key, lines_of, password, sized, spread_over};
use crate::model::{Product, Stream};
use exoc_emit::hcl::{Block, list, reference};

/// One cluster.
pub(super) fn add(file: &mut File, product: &Product, stream: &Stream, prefix: &str) {
    let (address, role) = (&product.address, &product.role);
    group(file, product, "Kafka brokers of", prefix);
    password(file, product, "");
    secrets::add(file, &stream.login);
    let properties = stream
        .properties
        .iter()
        .map(|(name, value)| format!("{name}={value}"));
    file.add(
        format!("Settings of the brokers of {role}."),
        &product.lines,
        resource("aws_msk_configuration", address)
            .attr("name", &stream.name)
            .attr("description", format!("Settings of {role}"))
            .attr("server_properties", lines_of(properties)),
    );
    file.add(
        format!("Keeps the log of {role}."),
        &product.lines,
        log_group(address, &stream.log_group),
    );
    file.add(
        sized(&format!("The brokers of {role}."), &stream.picked),
        &product.server_lines,
        cluster(product, stream),
    );
    let login = &stream.login.address;
    file.add(
        format!("Lets the user of {role} log in, once its secret has a value."),
        &product.lines,
        resource("aws_msk_scram_secret_association", address)
            .attr("cluster_arn", reference(["aws_msk_cluster", address, "arn"]))
            .attr(
                "secret_arn_list",
                list([reference(["aws_secretsmanager_secret", login, "arn"])]),
            )
            .attr(
                "depends_on",
                vec![reference(["aws_secretsmanager_secret_version", login])],
            ),
    );
}

fn cluster(product: &Product, stream: &Stream) -> Block {
    let address = &product.address;
    let configuration = |attribute| reference(["aws_msk_configuration", address, attribute]);
    resource("aws_msk_cluster", address)
        .attr("cluster_name", &stream.name)
        .attr("kafka_version", stream.version)
        .attr("number_of_broker_nodes", stream.brokers)
        .attr("enhanced_monitoring", "PER_BROKER")
        .block("broker_node_group_info", |body| {
            body.attr("instance_type", stream.instance_type)
                .attr("client_subnets", spread_over(stream.spread))
                .attr("security_groups", group_ids(product))
                .block("storage_info", |body| {
                    body.block("ebs_storage_info", |body| {
                        body.attr("volume_size", stream.storage_gib)
                    })
                })
        })
        .block("client_authentication", |body| {
            body.attr("unauthenticated", false)
                .block("sasl", |body| body.attr("scram", true))
        })
        .block("configuration_info", |body| {
            body.attr("arn", configuration("arn"))
                .attr("revision", configuration("latest_revision"))
        })
        .block("encryption_info", |body| {
            body.attr("encryption_at_rest_kms_key_arn", key())
                .block("encryption_in_transit", |body| {
                    body.attr("client_broker", "TLS").attr("in_cluster", true)
                })
        })
        .block("logging_info", |body| {
            body.block("broker_logs", |body| {
                body.block("cloudwatch_logs", |body| {
                    body.attr("enabled", true).attr(
                        "log_group",
                        reference(["aws_cloudwatch_log_group", address, "name"]),
                    )
                })
            })
        })
        .block("lifecycle", |body| body.attr("prevent_destroy", true))
}
