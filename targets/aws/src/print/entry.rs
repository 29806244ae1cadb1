//! `load_balancer.tf`: the load balancer, its listeners, certificates and records.

use super::common::{File, data, resource, security_group, skip};
use super::rules;
use crate::model::{Entry, Host, HostedZone, Lines};
use exoc_emit::hcl::{Expression, call, reference, var};

/// The policy of the listener's TLS: 1.2 and 1.3 with forward secrecy.
const TLS_POLICY: &str = "ELBSecurityPolicy-TLS13-1-2-2021-06";

/// The load balancer.
pub(super) fn file(entry: &Entry) -> File {
    let Entry {
        name,
        log_bucket_prefix: _,
        idle_timeout,
        hosts,
        zones,
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
    for zone in zones {
        hosted_zone(&mut file, zone);
    }
    for host in hosts {
        records(&mut file, host);
    }
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
    let first = hosts.next().map(|host| certificate(&host.address));
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
                .attr("certificate_arn", certificate(address)),
        );
    }
}

fn certificate(address: &str) -> Expression {
    reference(["aws_acm_certificate_validation", address, "certificate_arn"])
}

fn hosted_zone(file: &mut File, zone: &HostedZone) {
    let HostedZone {
        address,
        name,
        lines: _,
    } = zone;
    file.add(
        format!("The zone of {name}, which exists already."),
        &zone.lines,
        data("aws_route53_zone", address)
            .attr("name", name)
            .attr("private_zone", false),
    );
}

fn records(file: &mut File, host: &Host) {
    let Host {
        address,
        name,
        zone,
        lines,
    } = host;
    let zone_id = || reference(["data", "aws_route53_zone", zone, "zone_id"]);
    let option = |attribute: &str| {
        let options = reference(["aws_acm_certificate", address, "domain_validation_options"]);
        call("tolist", [options]).index(0).get(attribute)
    };
    file.add(
        format!("The certificate of {name}, which AWS renews."),
        lines,
        resource("aws_acm_certificate", address)
            .attr("domain_name", name)
            .attr("validation_method", "DNS")
            .block("lifecycle", |body| body.attr("create_before_destroy", true)),
    );
    file.add(
        format!("Proves to AWS that {name} is ours; every certificate of the name in this account shares the record."),
        lines,
        resource("aws_route53_record", &format!("{address}_validation"))
            .attr("zone_id", zone_id())
            .attr("name", option("resource_record_name"))
            .attr("type", option("resource_record_type"))
            .attr("records", vec![option("resource_record_value")])
            .attr("ttl", 60)
            .attr("allow_overwrite", true),
    );
    file.add(
        "Waits until the certificate is issued.",
        lines,
        resource("aws_acm_certificate_validation", address)
            .attr(
                "certificate_arn",
                reference(["aws_acm_certificate", address, "arn"]),
            )
            .attr(
                "validation_record_fqdns",
                vec![reference([
                    "aws_route53_record",
                    &format!("{address}_validation"),
                    "fqdn",
                ])],
            ),
    );
    file.add(
        format!("Leads {name} to the load balancer."),
        lines,
        resource("aws_route53_record", address)
            .attr("zone_id", zone_id())
            .attr("name", name)
            .attr("type", "A")
            .block("alias", |body| {
                body.attr("name", reference(["aws_lb", "main", "dns_name"]))
                    .attr("zone_id", reference(["aws_lb", "main", "zone_id"]))
                    .attr("evaluate_target_health", true)
            }),
    );
}
