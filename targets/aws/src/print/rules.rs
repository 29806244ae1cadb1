//! Rules of security groups, wherever they stand.

use super::common::{File, resource};
use crate::model::{Direction, Peer, Rule, Traffic};
use exoc_emit::hcl::{Block, reference};

/// Adds the rules of one group.
pub(super) fn add(file: &mut File, rules: &[Rule]) {
    for rule in rules {
        let Rule {
            address: _,
            direction,
            description,
            group: _,
            peer: _,
            traffic: _,
        } = rule;
        let words = match direction {
            Direction::Ingress => "Lets in",
            Direction::Egress => "Lets out",
        };
        file.add(format!("{words}: {description}."), block(rule));
    }
}

fn block(rule: &Rule) -> Block {
    let Rule {
        address,
        direction,
        description,
        group,
        peer,
        traffic,
    } = rule;
    let kind = kind(*direction);
    let block = resource(kind, address);
    // An entry that the world may knock at on port 80, only to be sent to 443.
    let block = match (direction, peer, traffic) {
        (Direction::Ingress, Peer::AnyIpv4, Traffic::Tcp(80)) => block
            .comment(super::common::skip(
                "CKV_AWS_260",
                "answered with a redirect to HTTPS",
            ))
            .blank(),
        (Direction::Ingress | Direction::Egress, Peer::Group(_) | Peer::AnyIpv4 | Peer::AnyIpv6, _) => block,
    };
    let block = block
        .attr(
            "security_group_id",
            reference(["aws_security_group", group, "id"]),
        )
        .attr("description", description);
    let block = match peer {
        Peer::Group(address) => block.attr(
            "referenced_security_group_id",
            reference(["aws_security_group", address, "id"]),
        ),
        Peer::AnyIpv4 => block.attr("cidr_ipv4", "0.0.0.0/0"),
        Peer::AnyIpv6 => block.attr("cidr_ipv6", "::/0"),
    };
    let ports = |block: Block, protocol: &str, port: u16| {
        block
            .attr("from_port", port)
            .attr("to_port", port)
            .attr("ip_protocol", protocol)
    };
    match traffic {
        Traffic::All => block.attr("ip_protocol", "-1"),
        Traffic::Tcp(port) => ports(block, "tcp", *port),
        Traffic::Udp(port) => ports(block, "udp", *port),
    }
}

/// The type of a rule's resource.
pub(super) const fn kind(direction: Direction) -> &'static str {
    match direction {
        Direction::Ingress => "aws_vpc_security_group_ingress_rule",
        Direction::Egress => "aws_vpc_security_group_egress_rule",
    }
}
