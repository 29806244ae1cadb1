//! Rules of security groups, wherever they stand.

use super::common::{File, resource, skip};
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
            lines,
        } = rule;
        let words = match direction {
            Direction::Ingress => "Lets in",
            Direction::Egress => "Lets out",
        };
        file.add(format!("{words}: {description}."), lines, block(rule));
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
        lines: _,
    } = rule;
    let kind = kind(*direction);
    let block = resource(kind, address);
    // Checkov takes every rule of these ports for one that lets the world in.
    let block = match (direction, public_check(*traffic)) {
        (Direction::Ingress, Some(check)) => {
            let reason = match peer {
                Peer::Group(_) | Peer::Known(_) => "only members of one group are let in",
                Peer::AnyIpv4 | Peer::Storage if group == super::GROUP => "answered with a redirect to HTTPS",
                Peer::AnyIpv4 | Peer::Storage => "the manifest makes this port public",
            };
            block.comment(skip(check, reason)).blank()
        }
        (Direction::Ingress | Direction::Egress, _) => block,
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
        Peer::Known(id) => block.attr("referenced_security_group_id", id),
        Peer::AnyIpv4 => block.attr("cidr_ipv4", "0.0.0.0/0"),
        Peer::Storage => block.attr(
            "prefix_list_id",
            reference(["aws_vpc_endpoint", "s3", "prefix_list_id"]),
        ),
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

/// The check that a port must not be open to the world, where there is one.
const fn public_check(traffic: Traffic) -> Option<&'static str> {
    match traffic {
        Traffic::Tcp(22) => Some("CKV_AWS_24"),
        Traffic::Tcp(80) => Some("CKV_AWS_260"),
        Traffic::Tcp(3389) => Some("CKV_AWS_25"),
        Traffic::Tcp(_) | Traffic::Udp(_) | Traffic::All => None,
    }
}
