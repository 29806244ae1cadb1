//! `network.tf`: the VPC, its subnets and its ways out.

use super::common::{
    File, arn, data, log_group, name_tag, resource, security_group, skip, statement, subnet_ids, trust,
};
use crate::model::{ENDPOINTS, Model, Nat, Network};
use exoc_emit::hcl::{Block, Expression, Template, call, for_list, list, local, object, reference};

/// The tiers of subnets: name, place of the first, what stands there.
const TIERS: [(&str, u32, &str); 3] = [
    (
        "public",
        0,
        "Subnets of the load balancer and of the way out: the only ones that the internet can reach.",
    ),
    ("private", 4, "Subnets of the tasks."),
    (
        "data",
        8,
        "Subnets of databases and caches, from which no route leads out.",
    ),
];

/// The AWS services that tasks ask where no way leads out.
const ASKED: [&str; 5] = ["ecr.api", "ecr.dkr", "kms", "logs", "secretsmanager"];

/// The network.
pub(super) fn file(model: &Model) -> File {
    let mut file = File::default();
    let (network, prefix) = (&model.network, &model.application.prefix);
    vpc(&mut file, network, prefix);
    subnets(&mut file, network, prefix);
    public_routes(&mut file, network, prefix);
    private_routes(&mut file, network, prefix);
    endpoints(&mut file, network, prefix);
    flow_log(&mut file, network);
    file
}

fn vpc_id() -> Expression {
    reference(["aws_vpc", "main", "id"])
}

fn vpc(file: &mut File, network: &Network, prefix: &str) {
    file.add(
        "The network of this environment and of nothing else.",
        &network.cidr_lines,
        resource("aws_vpc", "main")
            .attr("cidr_block", &network.cidr)
            .attr("enable_dns_hostnames", true)
            .attr("enable_dns_support", true)
            .attr("tags", name_tag(prefix)),
    );
    file.add(
        "Completes short names, so that a component answers to its role's name.",
        &network.lines,
        resource("aws_vpc_dhcp_options", "main")
            .attr(
                "domain_name",
                reference(["aws_service_discovery_private_dns_namespace", "main", "name"]),
            )
            .attr("domain_name_servers", vec!["AmazonProvidedDNS"])
            .attr("tags", name_tag(prefix)),
    );
    file.add(
        "Hands these options out in the network.",
        &network.lines,
        resource("aws_vpc_dhcp_options_association", "main")
            .attr("vpc_id", vpc_id())
            .attr(
                "dhcp_options_id",
                reference(["aws_vpc_dhcp_options", "main", "id"]),
            ),
    );
    file.add(
        "Takes all rules from the default security group, so that whatever is put into it by mistake reaches nothing.",
        &network.lines,
        resource("aws_default_security_group", "main").attr("vpc_id", vpc_id()),
    );
}

fn subnets(file: &mut File, network: &Network, prefix: &str) {
    for (tier, first, comment) in TIERS {
        let place = match first {
            0 => reference(["each", "value"]),
            offset => exoc_emit::hcl::add(reference(["each", "value"]), offset),
        };
        let cidr = call(
            "cidrsubnet",
            [Expression::from(&network.cidr), Expression::from(4), place],
        );
        let block = resource("aws_subnet", tier)
            .attr("for_each", local("zones"))
            .attr("vpc_id", vpc_id())
            .attr("availability_zone", reference(["each", "key"]))
            .attr("cidr_block", cidr)
            .attr("map_public_ip_on_launch", false)
            .attr("tags", name_tag(zoned(&format!("{prefix}-{tier}"))));
        file.add(comment, &network.zone_lines, block);
    }
}

/// A name with the zone behind it.
fn zoned(name: &str) -> Template {
    Template::new()
        .text(&format!("{name}-"))
        .value(reference(["each", "key"]))
}

fn public_routes(file: &mut File, network: &Network, prefix: &str) {
    file.add(
        "The way between the public subnets and the internet.",
        &network.lines,
        resource("aws_internet_gateway", "main")
            .attr("vpc_id", vpc_id())
            .attr("tags", name_tag(prefix)),
    );
    file.add(
        "Routes of the public subnets.",
        &network.lines,
        resource("aws_route_table", "public")
            .attr("vpc_id", vpc_id())
            .attr("tags", name_tag(format!("{prefix}-public"))),
    );
    file.add(
        "Leads from the public subnets to the internet.",
        &network.lines,
        resource("aws_route", "public_internet")
            .attr("route_table_id", reference(["aws_route_table", "public", "id"]))
            .attr("destination_cidr_block", "0.0.0.0/0")
            .attr("gateway_id", reference(["aws_internet_gateway", "main", "id"])),
    );
    file.add(
        "Gives the public subnets their routes.",
        &network.zone_lines,
        association("public", false),
    );
}

fn association(tier: &str, per_zone: bool) -> Block {
    let table = reference(["aws_route_table", tier]);
    let table = if per_zone {
        table.index(reference(["each", "key"]))
    } else {
        table
    };
    resource("aws_route_table_association", tier)
        .attr("for_each", reference(["aws_subnet", tier]))
        .attr("subnet_id", reference(["each", "value", "id"]))
        .attr("route_table_id", table.get("id"))
}

fn private_routes(file: &mut File, network: &Network, prefix: &str) {
    file.add(
        "Routes of the private subnets, a table for each zone.",
        &network.lines,
        resource("aws_route_table", "private")
            .attr("for_each", local("zones"))
            .attr("vpc_id", vpc_id())
            .attr("tags", name_tag(zoned(&format!("{prefix}-private")))),
    );
    file.add(
        "Gives the private subnets their routes.",
        &network.zone_lines,
        association("private", true),
    );
    nat(file, network, prefix);
    file.add(
        "Routes of the data subnets: none leads out.",
        &network.lines,
        resource("aws_route_table", "data")
            .attr("vpc_id", vpc_id())
            .attr("tags", name_tag(format!("{prefix}-data"))),
    );
    file.add(
        "Gives the data subnets their routes.",
        &network.zone_lines,
        association("data", false),
    );
}

fn nat(file: &mut File, network: &Network, prefix: &str) {
    let zones: Vec<&str> = match network.nat {
        Nat::None => return,
        Nat::Single => network.zones.first().map(String::as_str).into_iter().collect(),
        Nat::PerZone => network.zones.iter().map(String::as_str).collect(),
    };
    let gateway = match (network.nat, zones.first()) {
        (Nat::Single, Some(first)) => Expression::from(*first),
        (Nat::None | Nat::PerZone | Nat::Single, _) => reference(["each", "key"]),
    };
    let gateways = reference(["aws_internet_gateway", "main"]);
    file.add(
        "Addresses that the world sees when tasks open connections.",
        &network.nat_lines,
        resource("aws_eip", "nat")
            .comment(skip("CKV2_AWS_19", "it belongs to a NAT gateway"))
            .blank()
            .attr("for_each", call("toset", [list(zones)]))
            .attr("domain", "vpc")
            .attr("tags", name_tag(zoned(&format!("{prefix}-nat"))))
            .attr("depends_on", vec![gateways.clone()]),
    );
    let each = |kind: &str| {
        reference([kind, "nat"])
            .index(reference(["each", "key"]))
            .get("id")
    };
    file.add(
        "The way out of the private subnets. It is paid for by the hour and by the byte.",
        &network.nat_lines,
        resource("aws_nat_gateway", "main")
            .attr("for_each", reference(["aws_eip", "nat"]))
            .attr("allocation_id", each("aws_eip"))
            .attr(
                "subnet_id",
                reference(["aws_subnet", "public"])
                    .index(reference(["each", "key"]))
                    .get("id"),
            )
            .attr("tags", name_tag(zoned(prefix)))
            .attr("depends_on", vec![gateways]),
    );
    file.add(
        "Leads from the private subnets to the way out.",
        &network.nat_lines,
        resource("aws_route", "private_internet")
            .attr("for_each", local("zones"))
            .attr(
                "route_table_id",
                reference(["aws_route_table", "private"])
                    .index(reference(["each", "key"]))
                    .get("id"),
            )
            .attr("destination_cidr_block", "0.0.0.0/0")
            .attr(
                "nat_gateway_id",
                reference(["aws_nat_gateway", "main"]).index(gateway).get("id"),
            ),
    );
}

fn endpoint_name(service: impl Into<Expression>) -> Template {
    Template::new()
        .text("com.amazonaws.")
        .value(local("region"))
        .text(".")
        .value(service)
}

fn endpoints(file: &mut File, network: &Network, prefix: &str) {
    file.add(
        "Reaches S3, where images are stored, without the paid way out.",
        &network.lines,
        resource("aws_vpc_endpoint", "s3")
            .attr("vpc_id", vpc_id())
            .attr("service_name", endpoint_name("s3"))
            .attr("vpc_endpoint_type", "Gateway")
            .attr(
                "route_table_ids",
                for_list(
                    "table",
                    reference(["aws_route_table", "private"]),
                    reference(["table", "id"]),
                ),
            )
            .attr("tags", name_tag(format!("{prefix}-s3"))),
    );
    match network.nat {
        Nat::Single | Nat::PerZone => return,
        Nat::None => {}
    }
    let group = ENDPOINTS;
    file.add(
        "The security group of the endpoints below.",
        &network.nat_lines,
        security_group(
            group,
            &format!("{prefix}-exoc-endpoints-"),
            &format!("Endpoints of {prefix}"),
        ),
    );
    file.add(
        "Lets in: HTTPS from the network itself.",
        &network.nat_lines,
        resource("aws_vpc_security_group_ingress_rule", "exoc_endpoints_https")
            .attr(
                "security_group_id",
                reference(["aws_security_group", group, "id"]),
            )
            .attr("description", "HTTPS from inside the network")
            .attr("cidr_ipv4", reference(["aws_vpc", "main", "cidr_block"]))
            .attr("from_port", 443)
            .attr("to_port", 443)
            .attr("ip_protocol", "tcp"),
    );
    file.add(
        "What Fargate asks of AWS for a task, since no way leads out.",
        &network.nat_lines,
        resource("aws_vpc_endpoint", "interface")
            .attr("for_each", call("toset", [list(ASKED)]))
            .attr("vpc_id", vpc_id())
            .attr("service_name", endpoint_name(reference(["each", "key"])))
            .attr("vpc_endpoint_type", "Interface")
            .attr("private_dns_enabled", true)
            .attr(
                "security_group_ids",
                vec![reference(["aws_security_group", group, "id"])],
            )
            .attr("subnet_ids", subnet_ids("private"))
            .attr("tags", object([("Name", zoned(prefix))])),
    );
}

fn flow_log(file: &mut File, network: &Network) {
    let own = "exoc_flow_log";
    let group = |attribute| reference(["aws_cloudwatch_log_group", own, attribute]);
    file.add(
        "Keeps the flow log for a year.",
        &network.lines,
        log_group(own, &network.flow_log),
    );
    file.add(
        "Only the flow logs of this account may take the role below.",
        &network.lines,
        trust(
            "exoc_flow_log_trust",
            "vpc-flow-logs.amazonaws.com",
            Some(arn("ec2").text("vpc-flow-log/*")),
        ),
    );
    file.add(
        "What the role below may do: write to this log alone.",
        &network.lines,
        data("aws_iam_policy_document", own).block(
            "statement",
            statement(
                "WriteFlowLog",
                &[
                    "logs:CreateLogStream",
                    "logs:DescribeLogStreams",
                    "logs:PutLogEvents",
                ],
                [Template::new().value(group("arn")).text(":*").into()],
            ),
        ),
    );
    file.add(
        "The role that writes the flow log.",
        &network.lines,
        resource("aws_iam_role", own)
            .attr("name", &network.flow_role)
            .attr("description", "Writes the flow log of the network")
            .attr(
                "assume_role_policy",
                reference(["data", "aws_iam_policy_document", "exoc_flow_log_trust", "json"]),
            ),
    );
    file.add(
        "Gives the role above its permissions.",
        &network.lines,
        resource("aws_iam_role_policy", own)
            .attr("name", "write-flow-log")
            .attr("role", reference(["aws_iam_role", own, "id"]))
            .attr(
                "policy",
                reference(["data", "aws_iam_policy_document", own, "json"]),
            ),
    );
    file.add(
        "Records every connection in the network, accepted or refused.",
        &network.lines,
        resource("aws_flow_log", "main")
            .attr("vpc_id", vpc_id())
            .attr("iam_role_arn", reference(["aws_iam_role", own, "arn"]))
            .attr("log_destination", group("arn"))
            .attr("log_destination_type", "cloud-watch-logs")
            .attr("traffic_type", "ALL"),
    );
}
