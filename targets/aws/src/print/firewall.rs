//! The web ACL of the load balancer, in `loadbalancer.tf`.

use super::common::{File, log_group, resource};
use crate::model::Firewall;
use exoc_emit::hcl::{Body, reference};

const NAME: &str = "exoc_firewall";

/// Rules that AWS keeps, in the order in which they are asked; the first lets through what it would stop, and counts it.
///
/// Source: AWS WAF developer guide, "AWS Managed Rules rule groups list", read 2026-11.
const MANAGED: [(&str, &str, bool); 4] = [
    ("anonymous-addresses", "AWSManagedRulesAnonymousIpList", true),
    ("known-addresses", "AWSManagedRulesAmazonIpReputationList", false),
    ("known-inputs", "AWSManagedRulesKnownBadInputsRuleSet", false),
    ("common", "AWSManagedRulesCommonRuleSet", false),
];

/// Adds the web ACL, its association and its log.
pub(super) fn add(file: &mut File, firewall: &Firewall) {
    let Firewall {
        name,
        log_group: log_name,
        rate,
        lines,
    } = firewall;
    let acl = resource("aws_wafv2_web_acl", "main")
        .attr("name", name)
        .attr("description", format!("What may reach {name}"))
        .attr("scope", "REGIONAL")
        .block("default_action", |body| body.block("allow", |body| body))
        .block("rule", |body| rate_rule(body, *rate));
    let acl = MANAGED
        .iter()
        .enumerate()
        .fold(acl, |acl, (index, (rule, group, counted))| {
            acl.block("rule", |body| {
                managed_rule(body, index + 2, (rule, group), *counted)
            })
        });
    file.add(
        format!(
            "Stops addresses that ask more than {rate} times in five minutes, and what rules of AWS know to be hostile.\n\
             Anonymous addresses are only counted, because people use them too; so are large bodies, which are uploads."
        ),
        lines,
        acl.block("visibility_config", |body| visibility(body, "all")),
    );
    file.add(
        "Puts it before the load balancer.",
        lines,
        resource("aws_wafv2_web_acl_association", "main")
            .attr("resource_arn", reference(["aws_lb", "main", "arn"]))
            .attr("web_acl_arn", reference(["aws_wafv2_web_acl", "main", "arn"])),
    );
    file.add(
        "Keeps for a year what was stopped or counted.",
        lines,
        log_group(NAME, log_name),
    );
    file.add(
        "Writes that log, without what people log in with, and without what was let through.",
        lines,
        resource("aws_wafv2_web_acl_logging_configuration", "main")
            .attr("resource_arn", reference(["aws_wafv2_web_acl", "main", "arn"]))
            .attr(
                "log_destination_configs",
                vec![reference(["aws_cloudwatch_log_group", NAME, "arn"])],
            )
            .block("redacted_fields", |body| {
                body.block("single_header", |body| body.attr("name", "authorization"))
            })
            .block("redacted_fields", |body| {
                body.block("single_header", |body| body.attr("name", "cookie"))
            })
            .block("logging_filter", |body| {
                body.attr("default_behavior", "KEEP").block("filter", |body| {
                    body.attr("behavior", "DROP")
                        .attr("requirement", "MEETS_ALL")
                        .block("condition", |body| {
                            body.block("action_condition", |body| body.attr("action", "ALLOW"))
                        })
                })
            }),
    );
}

fn rate_rule(body: Body, rate: u32) -> Body {
    body.attr("name", "rate")
        .attr("priority", 1)
        .block("action", |body| body.block("block", |body| body))
        .block("statement", |body| {
            body.block("rate_based_statement", |body| {
                body.attr("aggregate_key_type", "IP").attr("limit", rate)
            })
        })
        .block("visibility_config", |body| visibility(body, "rate"))
}

fn managed_rule(body: Body, priority: usize, (rule, group): (&str, &str), counted: bool) -> Body {
    let action = if counted { "count" } else { "none" };
    body.attr("name", rule)
        .attr("priority", priority)
        .block("override_action", |body| body.block(action, |body| body))
        .block("statement", |body| {
            body.block("managed_rule_group_statement", |body| {
                let body = body.attr("vendor_name", "AWS").attr("name", group);
                if rule == "common" {
                    body.block("rule_action_override", |body| {
                        body.attr("name", "SizeRestrictions_BODY")
                            .block("action_to_use", |body| body.block("count", |body| body))
                    })
                } else {
                    body
                }
            })
        })
        .block("visibility_config", |body| visibility(body, rule))
}

fn visibility(body: Body, metric: &str) -> Body {
    body.attr("cloudwatch_metrics_enabled", true)
        .attr("metric_name", metric)
        .attr("sampled_requests_enabled", true)
}
