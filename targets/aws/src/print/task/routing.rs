//! What the load balancer has for one service.

use crate::model::{ListenerRule, TargetCheck, TargetGroup, Task, Version};
use crate::print::common::{File, resource, skip};
use exoc_emit::hcl::{Block, Body, reference};

/// Adds target groups and rules.
pub(super) fn add(file: &mut File, task: &Task) {
    for group in &task.target_groups {
        file.add(
            format!(
                "Where the load balancer sends requests for port {} of {}.",
                group.port, task.role
            ),
            &group.lines,
            target_group(group),
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
            listener_rule(rule),
        );
    }
}

fn target_group(group: &TargetGroup) -> Block {
    let TargetGroup {
        address,
        name_prefix,
        port,
        version,
        check,
        deregistration_delay,
        lines: _,
    } = group;
    let version = match version {
        Version::Http1 => "HTTP1",
        Version::Http2 => "HTTP2",
        Version::Grpc => "GRPC",
    };
    let TargetCheck {
        path,
        matcher,
        interval,
        timeout,
        retries,
    } = check;
    resource("aws_lb_target_group", address)
        .comment(skip(
            "CKV_AWS_378",
            "TLS ends at the load balancer, a target has a private address",
        ))
        .blank()
        .attr("name_prefix", name_prefix)
        .attr("vpc_id", reference(["aws_vpc", "main", "id"]))
        .attr("target_type", "ip")
        .attr("port", *port)
        .attr("protocol", "HTTP")
        .attr("protocol_version", version)
        .attr("deregistration_delay", deregistration_delay.to_string())
        .attr("load_balancing_algorithm_type", "least_outstanding_requests")
        .block("health_check", |body| {
            body.attr("path", path)
                .attr("matcher", *matcher)
                .attr("interval", *interval)
                .attr("timeout", *timeout)
                .attr("healthy_threshold", 2)
                .attr("unhealthy_threshold", *retries)
        })
        .block("lifecycle", |body| body.attr("create_before_destroy", true))
}

fn listener_rule(rule: &ListenerRule) -> Block {
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
        .attr("listener_arn", reference(["aws_lb_listener", "https", "arn"]))
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

fn values(body: Body, kind: &str, values: Vec<String>) -> Body {
    body.block(kind, |body| body.attr("values", values))
}

/// A path as a regular expression: of its characters only the dot means something else.
fn escaped(path: &str) -> String {
    path.replace('.', "\\.")
}
