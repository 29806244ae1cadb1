//! `dns.tf`: the hosted zones, and the certificate and records of each public host.

use super::common::{File, data, resource};
use crate::model::{Entry, Host, HostedZone};
use exoc_emit::hcl::{Expression, call, reference};

/// What makes the public hosts known.
pub(super) fn file(entry: &Entry) -> File {
    let mut file = File::default();
    for zone in &entry.zones {
        hosted_zone(&mut file, zone);
    }
    for host in &entry.hosts {
        records(&mut file, host);
    }
    file
}

/// The certificate of a host, once it is issued.
pub(super) fn certificate(address: &str) -> Expression {
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
