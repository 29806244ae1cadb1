//! The load balancer by numbers of ports, in `loadbalancer.tf`.

use super::common::{File, resource, security_group, subnet_ids};
use super::rules;
use crate::model::{NetworkEntry, PlainListener, Version};
use exoc_emit::hcl::{reference, var};

/// Adds the load balancer, its group and its listeners.
pub(super) fn add(file: &mut File, entry: &NetworkEntry) {
    let NetworkEntry {
        name,
        listeners,
        rules: of_group,
        lines,
    } = entry;
    file.add(
        "The public entry to ports of TCP and UDP. Its log has what comes over TLS; the flow log of the network has the rest.",
        lines,
        resource("aws_lb", "network")
            .attr("name", name)
            .attr("internal", false)
            .attr("load_balancer_type", "network")
            .attr(
                "security_groups",
                vec![reference(["aws_security_group", super::NETWORK_GROUP, "id"])],
            )
            .attr("subnets", subnet_ids("public"))
            .attr("enable_cross_zone_load_balancing", true)
            .attr("enable_deletion_protection", var("deletion_protection"))
            .block("access_logs", |body| {
                body.attr("bucket", reference(["aws_s3_bucket", "exoc_logs", "id"]))
                    .attr("prefix", super::logs::CONNECTIONS)
                    .attr("enabled", true)
            })
            .attr("depends_on", vec![reference(["aws_s3_bucket_policy", "exoc_logs"])]),
    );
    file.add(
        "The security group of the network load balancer.",
        lines,
        security_group(
            super::NETWORK_GROUP,
            &format!("{name}-exoc-network-load-balancer-"),
            &format!("Network load balancer {name}"),
        ),
    );
    rules::add(file, of_group);
    for listener in listeners {
        let PlainListener {
            address,
            number,
            version,
            target_group,
            lines,
        } = listener;
        file.add(
            format!("Takes what comes to port {number}."),
            lines,
            resource("aws_lb_listener", address)
                .attr("load_balancer_arn", reference(["aws_lb", "network", "arn"]))
                .attr("port", *number)
                .attr("protocol", protocol(*version))
                .block("default_action", |body| {
                    body.attr("type", "forward").attr(
                        "target_group_arn",
                        reference(["aws_lb_target_group", target_group, "arn"]),
                    )
                }),
        );
    }
}

/// What a listener or a target group carries.
pub(super) const fn protocol(version: Version) -> &'static str {
    match version {
        Version::Http1 | Version::Http2 | Version::Grpc => "HTTP",
        Version::Tcp => "TCP",
        Version::Udp => "UDP",
        Version::TcpUdp => "TCP_UDP",
    }
}
