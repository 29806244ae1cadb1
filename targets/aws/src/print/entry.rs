//! `loadbalancer.tf`: the load balancer by host and path, and its listeners; and what stands beside it.

use super::common::{File, data, resource, security_group, skip};
use super::{dns, firewall, logs, network_entry, rules};
use crate::model::{Balancer, Certificate, Entry, Lines, Model};
use exoc_emit::hcl::{Expression, reference, var};

/// The policy of the listener's TLS: 1.2 and 1.3 with forward secrecy, and keys that quantum computers do not break
/// for clients that know them.
///
/// Source: Elastic Load Balancing, "Security policies for your Application Load Balancer", which recommends it, read
/// 2026-11.
const TLS_POLICY: &str = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09";

/// For a year, browsers that came once come by HTTPS alone. Hosts below are not spoken for.
const HSTS: &str = "max-age=31536000";

/// The load balancers.
pub(super) fn file(model: &Model) -> File {
    let mut file = File::default();
    if let Some(entry) = &model.entry {
        add(&mut file, entry, model.firewall.is_some());
    }
    if let Some(firewall) = &model.firewall {
        firewall::add(&mut file, firewall);
    }
    if let Some(network) = &model.network_entry {
        network_entry::add(&mut file, network);
    }
    if let Some(bucket) = &model.log_bucket {
        logs::add(&mut file, bucket);
    }
    file
}

fn add(file: &mut File, entry: &Entry, guarded: bool) {
    let Entry {
        balancer,
        certificates,
        idle_timeout,
        hosts: _, // in `dns.tf`
        lines,
        rules,
    } = entry;
    let name = match balancer {
        Balancer::Own { name } => name,
        Balancer::Given {
            arn,
            listener: _,
            group: _,
        } => {
            given(file, arn, lines);
            further(file, entry, certificates);
            return;
        }
    };
    own(file, name, *idle_timeout, guarded, lines);
    file.add(
        "The security group of the load balancer.",
        lines,
        security_group(
            super::GROUP,
            &format!("{name}-exoc-load-balancer-"),
            &format!("Load balancer of {name}"),
        ),
    );
    rules::add(file, rules);
    listeners(file, certificates.first(), lines);
    further(file, entry, certificates.get(1..).unwrap_or_default());
}

/// What is needed of a load balancer that exists already.
fn given(file: &mut File, arn: &str, lines: &Lines) {
    file.add(
        "The public entry of the application: a load balancer that exists already.",
        lines,
        data("aws_lb", "main").attr("arn", arn),
    );
}

fn own(file: &mut File, name: &str, idle_timeout: u32, guarded: bool, lines: &Lines) {
    let block = resource("aws_lb", "main");
    let block = if guarded {
        block
    } else {
        let reason = "the option `firewall` puts a web ACL before it";
        block.comment(skip("CKV2_AWS_28", reason)).blank()
    };
    file.add(
        "The public entry of the application.",
        lines,
        block
            .attr("name", name)
            .attr("internal", false)
            .attr("load_balancer_type", "application")
            .attr(
                "security_groups",
                vec![reference(["aws_security_group", super::GROUP, "id"])],
            )
            .attr("subnets", super::common::subnet_ids("public"))
            .attr("idle_timeout", idle_timeout)
            .attr("drop_invalid_header_fields", true)
            .attr("desync_mitigation_mode", "defensive")
            .attr("enable_deletion_protection", var("deletion_protection"))
            .block("access_logs", |body| {
                body.attr("bucket", reference(["aws_s3_bucket", "exoc_logs", "id"]))
                    .attr("enabled", true)
            })
            .attr(
                "depends_on",
                vec![reference(["aws_s3_bucket_policy", "exoc_logs"])],
            ),
    );
}

fn listeners(file: &mut File, first: Option<&Certificate>, lines: &Lines) {
    file.add(
        "Redirects plain HTTP to HTTPS.",
        lines,
        resource("aws_lb_listener", "http")
            .attr("load_balancer_arn", reference(["aws_lb", "main", "arn"]))
            .attr("port", 80)
            .attr("protocol", "HTTP")
            .block("default_action", |body| {
                body.attr("type", "redirect").block("redirect", |body| {
                    body.attr("port", "443")
                        .attr("protocol", "HTTPS")
                        .attr("status_code", "HTTP_301")
                })
            }),
    );
    file.add(
        "Answers HTTPS by the rules of the services; what none of them matches is not found.",
        lines,
        resource("aws_lb_listener", "https")
            .attr("load_balancer_arn", reference(["aws_lb", "main", "arn"]))
            .attr("port", 443)
            .attr("protocol", "HTTPS")
            .attr("ssl_policy", TLS_POLICY)
            .attr_some("certificate_arn", first.map(dns::certificate))
            .attr(
                "routing_http_response_strict_transport_security_header_value",
                HSTS,
            )
            .attr("routing_http_response_server_enabled", false)
            .block("default_action", |body| {
                body.attr("type", "fixed-response")
                    .block("fixed_response", |body| {
                        body.attr("content_type", "text/plain")
                            .attr("message_body", "Not found")
                            .attr("status_code", "404")
                    })
            }),
    );
}

/// Certificates beside the listener's own.
fn further(file: &mut File, entry: &Entry, certificates: &[Certificate]) {
    for certificate in certificates {
        let Certificate {
            address,
            what,
            arn: _,
            lines,
        } = certificate;
        file.add(
            format!("Lets the listener answer for {what}."),
            lines,
            resource("aws_lb_listener_certificate", address)
                .attr("listener_arn", listener(entry))
                .attr("certificate_arn", dns::certificate(certificate)),
        );
    }
}

/// The ARN of the listener for HTTPS, whoever made it.
pub(super) fn listener(entry: &Entry) -> Expression {
    match &entry.balancer {
        Balancer::Own { .. } => reference(["aws_lb_listener", "https", "arn"]),
        Balancer::Given {
            arn: _,
            listener,
            group: _,
        } => listener.into(),
    }
}

/// An attribute of the load balancer, whoever made it.
pub(super) fn attribute(entry: &Entry, attribute: &str) -> Expression {
    match &entry.balancer {
        Balancer::Own { .. } => reference(["aws_lb", "main", attribute]),
        Balancer::Given { .. } => reference(["data", "aws_lb", "main", attribute]),
    }
}
