//! `dns.tf`: the hosted zones, and the certificate and records of each public host.

use super::common::{File, data, resource};
use super::entry;
use crate::model::{Certificate, Host, HostedZone, Model, PublicNames};
use exoc_emit::hcl::{Expression, call, reference};
use std::collections::BTreeSet;

/// What makes the public hosts known.
pub(super) fn file(model: &Model) -> File {
    let mut file = File::default();
    let PublicNames { hosts, zones } = &model.names;
    if let Some(first) = zones.iter().find(|zone| zone.made) {
        super::zone::add_shared(&mut file, &model.application.prefix, first);
    }
    for zone in zones {
        hosted_zone(&mut file, zone);
    }
    let certificates = model.entry.iter().flat_map(|entry| &entry.certificates);
    let own = certificates.filter(|certificate| certificate.arn.is_none());
    let own: BTreeSet<&str> = own.map(|certificate| certificate.address.as_str()).collect();
    for host in hosts {
        let zone = zones.iter().find(|zone| zone.address == host.zone);
        let zone_id = || zone.map(zone_id);
        if !host.plain && own.contains(host.address.as_str()) {
            proof(&mut file, host, zone_id());
        }
        record(&mut file, model, host, zone_id());
    }
    file
}

/// A certificate: one that exists already, or that of a host, once it is issued.
pub(super) fn certificate(certificate: &Certificate) -> Expression {
    let Certificate {
        address,
        what: _,
        arn,
        lines: _,
    } = certificate;
    match arn {
        Some(arn) => arn.into(),
        None => reference(["aws_acm_certificate_validation", address, "certificate_arn"]),
    }
}

fn hosted_zone(file: &mut File, zone: &HostedZone) {
    let HostedZone {
        address,
        name,
        made,
        lines,
    } = zone;
    if *made {
        super::zone::add(file, zone);
        return;
    }
    file.add(
        format!("The zone of {name}, which exists already."),
        lines,
        data("aws_route53_zone", address)
            .attr("name", name)
            .attr("private_zone", false),
    );
}

/// The id of a zone, whoever made it.
fn zone_id(zone: &HostedZone) -> Expression {
    if zone.made {
        reference(["aws_route53_zone", &zone.address, "zone_id"])
    } else {
        reference(["data", "aws_route53_zone", &zone.address, "zone_id"])
    }
}

/// A certificate of the host's own, and its proof by DNS.
fn proof(file: &mut File, host: &Host, zone_id: Option<Expression>) {
    let Host {
        address,
        name,
        zone: _,
        plain: _,
        lines,
    } = host;
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
            .attr_some("zone_id", zone_id)
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
}

fn record(file: &mut File, model: &Model, host: &Host, zone_id: Option<Expression>) {
    let Host {
        address,
        name,
        zone: _,
        plain,
        lines,
    } = host;
    let of_balancer = |attribute: &str| match &model.entry {
        Some(entry) if !plain => entry::attribute(entry, attribute),
        Some(_) | None => reference(["aws_lb", "network", attribute]),
    };
    let which = if *plain {
        "network load balancer"
    } else {
        "load balancer"
    };
    file.add(
        format!("Leads {name} to the {which}."),
        lines,
        resource("aws_route53_record", address)
            .attr_some("zone_id", zone_id)
            .attr("name", name)
            .attr("type", "A")
            .block("alias", |body| {
                body.attr("name", of_balancer("dns_name"))
                    .attr("zone_id", of_balancer("zone_id"))
                    .attr("evaluate_target_health", true)
            }),
    );
}
