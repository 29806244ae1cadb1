//! A broker of Amazon MQ and what belongs to it.

use super::super::common::{File, resource};
use super::{group, group_ids, key, lines_of, password, sized, spread_over};
use crate::model::{Broker, Product};
use exoc_emit::hcl::{Block, block, call, reference};

/// One broker.
pub(super) fn add(file: &mut File, product: &Product, broker: &Broker, prefix: &str) {
    let (address, role) = (&product.address, &product.role);
    group(file, product, "RabbitMQ broker", prefix);
    password(
        file,
        product,
        "RabbitMQ keeps its users itself, and Amazon MQ takes no other password later",
    );
    let settings = broker
        .parameters
        .iter()
        .map(|(name, value)| format!("{name} = {value}"));
    file.add(
        format!("Settings of {role}."),
        &product.lines,
        resource("aws_mq_configuration", address)
            .attr("name", &broker.name)
            .attr("description", format!("Settings of {role}"))
            .attr("engine_type", "RabbitMQ")
            .attr("engine_version", &broker.engine_version)
            .attr("data", lines_of(settings)),
    );
    file.add(
        sized(&format!("The broker of {role}."), &broker.picked),
        &product.server_lines,
        server(product, broker),
    );
    let endpoint = reference(["aws_mq_broker", address, "instances"])
        .index(0)
        .get("endpoints")
        .index(0);
    file.add(
        format!("The host of {role}, which AWS tells as a whole URL."),
        &product.lines,
        block("locals", []).attr_named(
            &broker.host,
            call(
                "split",
                [":".into(), call("trimprefix", [endpoint, "amqps://".into()])],
            )
            .index(0),
        ),
    );
}

fn server(product: &Product, broker: &Broker) -> Block {
    let address = &product.address;
    resource("aws_mq_broker", address)
        .attr("broker_name", &broker.name)
        .attr("engine_type", "RabbitMQ")
        .attr("engine_version", &broker.engine_version)
        .attr("host_instance_type", broker.instance_type)
        .attr("deployment_mode", broker.deployment_mode)
        .attr("subnet_ids", spread_over(broker.spread))
        .attr("security_groups", group_ids(product))
        .attr("publicly_accessible", false)
        .attr("auto_minor_version_upgrade", true)
        .block("configuration", |body| {
            body.attr("id", reference(["aws_mq_configuration", address, "id"]))
                .attr(
                    "revision",
                    reference(["aws_mq_configuration", address, "latest_revision"]),
                )
        })
        .block("encryption_options", |body| {
            body.attr("use_aws_owned_key", false).attr("kms_key_id", key())
        })
        .block("logs", |body| body.attr("general", true))
        .block("maintenance_window_start_time", |body| {
            body.attr("day_of_week", "SUNDAY")
                .attr("time_of_day", "03:30")
                .attr("time_zone", "UTC")
        })
        .block("user", |body| {
            body.attr("username", &broker.username)
                .attr("password", reference(["random_password", address, "result"]))
        })
        .block("lifecycle", |body| body.attr("prevent_destroy", true))
}
