//! What the load balancer has for one service.

use crate::model::{Balancer, Entry, ListenerRule, Model, Question, TargetCheck, TargetGroup, Task, Version};
use crate::print::common::{File, resource, skip};
use crate::print::{entry, network_entry};
use exoc_emit::hcl::{Block, Body, Expression, local, reference};

/// Adds target groups and rules.
pub(super) fn add(file: &mut File, model: &Model, task: &Task) {
    let listener = model.entry.as_ref().map(entry::listener);
    for group in &task.target_groups {
        file.add(
            format!(
                "Where the load balancer sends requests for port {} of {}.",
                group.port, task.role
            ),
            &group.lines,
            target_group(group, model.entry.as_ref()),
        );
    }
    for rule in &task.listener_rules {
        file.add(
            format!(
                "Sends {} of {} to {}. The lowest priority that matches wins; a longer path has a lower one.",
                rule.path,
                rule.hosts.join(" and "),
                task.role
            ),
            &rule.lines,
            listener_rule(rule, listener.clone()),
        );
    }
}

fn target_group(group: &TargetGroup, entry: Option<&Entry>) -> Block {
    let TargetGroup {
        address,
        name_prefix,
        port,
        version,
        check,
        deregistration_delay,
        lines: _,
    } = group;
    let spoken = match version {
        Version::Http1 => Some("HTTP1"),
        Version::Http2 => Some("HTTP2"),
        Version::Grpc => Some("GRPC"),
        Version::Tcp | Version::Udp | Version::TcpUdp => None,
    };
    let block = resource("aws_lb_target_group", address);
    // What speaks HTTP is reached through the listener for HTTPS alone.
    let listener = spoken.and(entry).map(|entry| &entry.balancer);
    let block = match listener {
        Some(Balancer::Given { .. }) => block
            .comment(skip(
                "CKV_AWS_378",
                "TLS ends at the load balancer, a target has a private address",
            ))
            .blank(),
        Some(Balancer::Own { .. }) | None => block,
    };
    let block = block
        .attr("name_prefix", name_prefix)
        .attr("vpc_id", local("vpc_id"))
        .attr("target_type", "ip")
        .attr("port", *port)
        .attr("protocol", network_entry::protocol(*version))
        .attr_some("protocol_version", spoken)
        .attr("deregistration_delay", deregistration_delay.to_string());
    let block = match spoken {
        Some(_) => block.attr("load_balancing_algorithm_type", "least_outstanding_requests"),
        // The service sees who calls.
        None => block.attr("preserve_client_ip", "true"),
    };
    let block = block
        .block("health_check", |body| self::check(body, check, spoken.is_none()))
        .block("lifecycle", |body| body.attr("create_before_destroy", true));
    match listener {
        Some(Balancer::Own { .. }) => block
            .comment(
                "Whoever asks spoke TLS to this listener; from there to the task the network is private.",
            )
            .attr("depends_on", vec![reference(["aws_lb_listener", "https"])]),
        Some(Balancer::Given { .. }) | None => block,
    }
}

/// What is asked; a load balancer by numbers says over what.
fn check(body: Body, check: &TargetCheck, by_number: bool) -> Body {
    let TargetCheck {
        question,
        port,
        interval,
        timeout,
        retries,
    } = check;
    let body = body.attr_some("port", port.map(|port| port.to_string()));
    let body = match question {
        Question::Path { path, matcher } => {
            let body = if by_number {
                body.attr("protocol", "HTTP")
            } else {
                body
            };
            body.attr("path", path).attr("matcher", *matcher)
        }
        Question::Connection => body.attr("protocol", "TCP"),
    };
    body.attr("interval", *interval)
        .attr("timeout", *timeout)
        .attr("healthy_threshold", 2)
        .attr("unhealthy_threshold", *retries)
}

fn listener_rule(rule: &ListenerRule, listener: Option<Expression>) -> Block {
    let ListenerRule {
        address,
        priority,
        target_group,
        hosts,
        path,
        strip,
        lines: _,
    } = rule;
    let block = resource("aws_lb_listener_rule", address)
        .attr_some("listener_arn", listener)
        .attr("priority", *priority)
        .block("action", |body| {
            body.attr("type", "forward").attr(
                "target_group_arn",
                reference(["aws_lb_target_group", target_group, "arn"]),
            )
        })
        .block("condition", |body| values(body, "host_header", hosts.clone()));
    if path == "/" {
        return block;
    }
    let block = block.block("condition", |body| {
        values(body, "path_pattern", vec![path.clone(), format!("{path}/*")])
    });
    if !strip {
        return block;
    }
    block.block("transform", |body| {
        body.attr("type", "url-rewrite")
            .block("url_rewrite_config", |body| {
                body.block("rewrite", |body| {
                    body.attr("regex", format!("^{}/?(.*)$", escaped(path)))
                        .attr("replace", "/$1")
                })
            })
    })
}

fn values(body: Body, kind: &'static str, values: Vec<String>) -> Body {
    body.block(kind, |body| body.attr("values", values))
}

/// A path as a regular expression: of its characters only the dot means something else.
fn escaped(path: &str) -> String {
    path.replace('.', "\\.")
}
