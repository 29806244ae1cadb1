//! `network.tf`: the VPC, its subnets and its ways out.

use super::common::{
    File, arn, data, log_group, name_tag, resource, security_group, statement, subnet_ids, trust,
};
use crate::model::{ENDPOINTS, Given, Lines, Model, Nat, Network, Own, Standing, Vpc};
use exoc_emit::hcl::{
    Block, Expression, Object, Template, block, call, for_list, list, local, object, reference,
};

/// The tiers of subnets: name, place of the first, what stands there.
const TIERS: [(&str, u32, &str); 3] = [
    (
        "public",
        0,
        "Subnets that the internet can reach: of load balancers and of the way out.",
    ),
    ("private", 4, "Subnets of the tasks."),
    (
        "data",
        8,
        "Subnets of databases and caches, from which no route leads out.",
    ),
];

/// The network.
pub(super) fn file(model: &Model) -> File {
    let mut file = File::default();
    let (network, prefix) = (&model.network, &model.application.prefix);
    let Network {
        vpc,
        tasks,
        waits: _, // said by the services
        lines,
    } = network;
    match vpc {
        Vpc::Own(own) => {
            places(&mut file, *tasks, lines);
            add_own(&mut file, own, prefix, lines);
            subnets(&mut file, own, prefix, *tasks);
            public_routes(&mut file, own, prefix, lines);
            if *tasks == Standing::Private {
                private_routes(&mut file, own, prefix, lines);
            }
            data_routes(&mut file, own, prefix, lines);
            storage(&mut file, prefix, *tasks, lines);
            endpoints(&mut file, own, prefix);
            flow_log(&mut file, own, lines);
        }
        Vpc::Given(given) => places_of_given(&mut file, given, lines),
    }
    file
}

/// The tiers that there are.
fn tiers(tasks: Standing) -> impl Iterator<Item = (&'static str, u32, &'static str)> {
    TIERS
        .into_iter()
        .filter(move |(tier, _, _)| *tier != "private" || tasks == Standing::Private)
}

/// The words by which all files name the network.
fn places(file: &mut File, tasks: Standing, lines: &Lines) {
    let ids = |tier: &str| -> Expression {
        for_list(
            "subnet",
            reference(["aws_subnet", tier]),
            reference(["subnet", "id"]),
        )
        .into()
    };
    let subnets = tiers(tasks).fold(Object::new(), |object, (tier, _, _)| object.with(tier, ids(tier)));
    file.add(
        "Where things stand: the network, and the ids of its subnets by tier.",
        lines,
        block("locals", [])
            .attr("vpc_id", vpc_id())
            .attr("subnets", subnets),
    );
}

fn places_of_given(file: &mut File, given: &Given, lines: &Lines) {
    let Given {
        id,
        public,
        private,
        data: of_data,
    } = given;
    let subnets = Object::new()
        .with("public", list(public))
        .with("private", list(private))
        .with("data", list(of_data));
    file.add(
        "Where things stand: a network that exists already, and the ids of its subnets by tier.",
        lines,
        block("locals", [])
            .attr("vpc_id", reference(["data", "aws_vpc", "main", "id"]))
            .attr("subnets", subnets),
    );
    file.add(
        "The network, which must exist.",
        lines,
        data("aws_vpc", "main").attr("id", id),
    );
}

fn vpc_id() -> Expression {
    reference(["aws_vpc", "main", "id"])
}

fn add_own(file: &mut File, own: &Own, prefix: &str, lines: &Lines) {
    file.add(
        "The network of this environment and of nothing else.",
        &own.cidr_lines,
        resource("aws_vpc", "main")
            .attr("cidr_block", &own.cidr)
            .attr("enable_dns_hostnames", true)
            .attr("enable_dns_support", true)
            .attr("tags", name_tag(prefix)),
    );
    file.add(
        "Completes short names, so that a component answers to its role's name.",
        lines,
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
        lines,
        resource("aws_vpc_dhcp_options_association", "main")
            .attr("vpc_id", vpc_id())
            .attr(
                "dhcp_options_id",
                reference(["aws_vpc_dhcp_options", "main", "id"]),
            ),
    );
    file.add(
        "Takes all rules from the default security group, so that whatever is put into it by mistake reaches nothing.",
        lines,
        resource("aws_default_security_group", "main").attr("vpc_id", vpc_id()),
    );
}

fn subnets(file: &mut File, own: &Own, prefix: &str, tasks: Standing) {
    for (tier, first, comment) in tiers(tasks) {
        let place = match first {
            0 => reference(["each", "value"]),
            offset => exoc_emit::hcl::add(reference(["each", "value"]), offset),
        };
        let cidr = call(
            "cidrsubnet",
            [Expression::from(&own.cidr), Expression::from(4), place],
        );
        let block = resource("aws_subnet", tier)
            .attr("for_each", local("zones"))
            .attr("vpc_id", vpc_id())
            .attr("availability_zone", reference(["each", "key"]))
            .attr("cidr_block", cidr)
            .attr("map_public_ip_on_launch", false)
            .attr("tags", name_tag(zoned(&format!("{prefix}-{tier}"))));
        file.add(comment, &own.zone_lines, block);
    }
}

/// A name with the zone behind it.
fn zoned(name: &str) -> Template {
    Template::new()
        .text(&format!("{name}-"))
        .value(reference(["each", "key"]))
}

fn public_routes(file: &mut File, own: &Own, prefix: &str, lines: &Lines) {
    file.add(
        "The way between the public subnets and the internet.",
        lines,
        resource("aws_internet_gateway", "main")
            .attr("vpc_id", vpc_id())
            .attr("tags", name_tag(prefix)),
    );
    file.add(
        "Routes of the public subnets.",
        lines,
        resource("aws_route_table", "public")
            .attr("vpc_id", vpc_id())
            .attr("tags", name_tag(format!("{prefix}-public"))),
    );
    file.add(
        "Leads from the public subnets to the internet.",
        lines,
        resource("aws_route", "public_internet")
            .attr("route_table_id", reference(["aws_route_table", "public", "id"]))
            .attr("destination_cidr_block", "0.0.0.0/0")
            .attr("gateway_id", reference(["aws_internet_gateway", "main", "id"])),
    );
    file.add(
        "Gives the public subnets their routes.",
        &own.zone_lines,
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

fn private_routes(file: &mut File, own: &Own, prefix: &str, lines: &Lines) {
    file.add(
        "Routes of the private subnets, a table for each zone.",
        lines,
        resource("aws_route_table", "private")
            .attr("for_each", local("zones"))
            .attr("vpc_id", vpc_id())
            .attr("tags", name_tag(zoned(&format!("{prefix}-private")))),
    );
    file.add(
        "Gives the private subnets their routes.",
        &own.zone_lines,
        association("private", true),
    );
    nat(file, own, prefix);
}

fn data_routes(file: &mut File, own: &Own, prefix: &str, lines: &Lines) {
    file.add(
        "Routes of the data subnets: none leads out.",
        lines,
        resource("aws_route_table", "data")
            .attr("vpc_id", vpc_id())
            .attr("tags", name_tag(format!("{prefix}-data"))),
    );
    file.add(
        "Gives the data subnets their routes.",
        &own.zone_lines,
        association("data", false),
    );
}

fn nat(file: &mut File, own: &Own, prefix: &str) {
    let zones: Vec<&str> = match own.nat {
        Nat::None => return,
        Nat::Single => own.zones.first().map(String::as_str).into_iter().collect(),
        Nat::PerZone => own.zones.iter().map(String::as_str).collect(),
    };
    let gateway = match (own.nat, zones.first()) {
        (Nat::Single, Some(first)) => Expression::from(*first),
        (Nat::None | Nat::PerZone | Nat::Single, _) => reference(["each", "key"]),
    };
    let gateways = reference(["aws_internet_gateway", "main"]);
    file.add(
        "Addresses that the world sees when tasks open connections.",
        &own.nat_lines,
        resource("aws_eip", "nat")
            .attr("for_each", call("toset", [list(zones.iter().copied())]))
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
        &own.nat_lines,
        resource("aws_nat_gateway", "main")
            .attr("for_each", call("toset", [list(zones)]))
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
        &own.nat_lines,
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

/// The endpoint of S3, which costs nothing.
fn storage(file: &mut File, prefix: &str, tasks: Standing, lines: &Lines) {
    let private = for_list(
        "table",
        reference(["aws_route_table", "private"]),
        reference(["table", "id"]),
    );
    let tables = match tasks {
        Standing::Private => Expression::from(private),
        Standing::Public => vec![reference(["aws_route_table", "public", "id"])].into(),
    };
    file.add(
        "Reaches S3, where images are stored, without the paid way out.",
        lines,
        resource("aws_vpc_endpoint", "s3")
            .attr("vpc_id", vpc_id())
            .attr("service_name", endpoint_name("s3"))
            .attr("vpc_endpoint_type", "Gateway")
            .attr("route_table_ids", tables)
            .attr("tags", name_tag(format!("{prefix}-s3"))),
    );
}

/// What is asked of AWS inside the network.
fn endpoints(file: &mut File, own: &Own, prefix: &str) {
    if own.interfaces.is_empty() {
        return;
    }
    let group = ENDPOINTS;
    file.add(
        "The security group of the endpoints below.",
        &own.interface_lines,
        security_group(
            group,
            &format!("{prefix}-exoc-endpoints-"),
            &format!("Endpoints of {prefix}"),
        ),
    );
    file.add(
        "Lets in: HTTPS from the network itself.",
        &own.interface_lines,
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
        "What Fargate and the tasks ask of AWS, without leaving the network. Each is paid for by the hour and zone.",
        &own.interface_lines,
        resource("aws_vpc_endpoint", "interface")
            .attr("for_each", call("toset", [list(own.interfaces.iter().copied())]))
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

fn flow_log(file: &mut File, own: &Own, lines: &Lines) {
    let name = "exoc_flow_log";
    let group = |attribute| reference(["aws_cloudwatch_log_group", name, attribute]);
    file.add(
        "Keeps the flow log for a year.",
        lines,
        log_group(name, &own.flow_log),
    );
    file.add(
        "Only the flow logs of this account may take the role below.",
        lines,
        trust(
            "exoc_flow_log_trust",
            "vpc-flow-logs.amazonaws.com",
            Some(arn("ec2").text("vpc-flow-log/*")),
        ),
    );
    file.add(
        "What the role below may do: write to this log alone.",
        lines,
        data("aws_iam_policy_document", name).block(
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
        lines,
        resource("aws_iam_role", name)
            .attr("name", &own.flow_role)
            .attr("description", "Writes the flow log of the network")
            .attr(
                "assume_role_policy",
                reference(["data", "aws_iam_policy_document", "exoc_flow_log_trust", "json"]),
            ),
    );
    file.add(
        "Gives the role above its permissions.",
        lines,
        resource("aws_iam_role_policy", name)
            .attr("name", "write-flow-log")
            .attr("role", reference(["aws_iam_role", name, "id"]))
            .attr(
                "policy",
                reference(["data", "aws_iam_policy_document", name, "json"]),
            ),
    );
    file.add(
        "Records every connection in the network, accepted or refused.",
        lines,
        resource("aws_flow_log", "main")
            .attr("vpc_id", vpc_id())
            .attr("iam_role_arn", reference(["aws_iam_role", name, "arn"]))
            .attr("log_destination", group("arn"))
            .attr("log_destination_type", "cloud-watch-logs")
            .attr("traffic_type", "ALL"),
    );
}
