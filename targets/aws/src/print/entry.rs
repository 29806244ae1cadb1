//! `loadbalancer.tf`: the load balancer, its listeners and the bucket of its access log.

use super::common::{File, resource, security_group, skip};
use super::{dns, logs, rules};
use crate::model::{Entry, Host, Lines};
use exoc_emit::hcl::{reference, var};

/// The policy of the listener's TLS: 1.2 and 1.3 with forward secrecy.
const TLS_POLICY: &str = "ELBSecurityPolicy-TLS13-1-2-2021-06";

/// The load balancer.
pub(super) fn file(entry: &Entry) -> File {
    let Entry {
        name,
        log_bucket_prefix,
        idle_timeout,
        hosts,
        zones: _, // in `dns.tf`
        lines,
        rules,
    } = entry;
    let mut file = File::default();
    balancer(&mut file, name, *idle_timeout, lines);
    file.add(
        "The security group of the load balancer.",
        lines,
        security_group(
            super::GROUP,
            &format!("{name}-exoc-load-balancer-"),
            &format!("Load balancer of {name}"),
        ),
    );
    rules::add(&mut file, rules);
    listeners(&mut file, hosts, lines);
    logs::add(&mut file, log_bucket_prefix, lines);
    file
}

fn balancer(file: &mut File, name: &str, idle_timeout: u32, lines: &Lines) {
    file.add(
        "The public entry of the application.",
        lines,
        resource("aws_lb", "main")
            .comment(skip(
                "CKV2_AWS_28",
                "a web ACL is a choice of its own, associated in a file beside this one",
            ))
            .blank()
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
                body.attr("bucket", reference(["aws_s3_bucket", "logs", "id"]))
                    .attr("enabled", true)
            })
            .attr("depends_on", vec![reference(["aws_s3_bucket_policy", "logs"])]),
    );
}

fn listeners(file: &mut File, hosts: &[Host], lines: &Lines) {
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
    let mut hosts = hosts.iter();
    let first = hosts.next().map(|host| dns::certificate(&host.address));
    file.add(
        "Answers HTTPS by the rules of the services; what none of them matches is not found.",
        lines,
        resource("aws_lb_listener", "https")
            .attr("load_balancer_arn", reference(["aws_lb", "main", "arn"]))
            .attr("port", 443)
            .attr("protocol", "HTTPS")
            .attr("ssl_policy", TLS_POLICY)
            .attr_some("certificate_arn", first)
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
    for Host {
        address,
        name,
        zone: _,
        lines,
    } in hosts
    {
        file.add(
            format!("Lets the listener answer for {name}."),
            lines,
            resource("aws_lb_listener_certificate", address)
                .attr("listener_arn", reference(["aws_lb_listener", "https", "arn"]))
                .attr("certificate_arn", dns::certificate(address)),
        );
    }
}
