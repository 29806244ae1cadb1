//! `alarms.tf`: one topic, who hears of it, and everything that is sent to it.

use super::common::{File, expression, resource};
use crate::model::{Alarm, Alarms, Comparison, Metered, Series, Silence, Statistic};
use exoc_emit::hcl::{Block, Body, Object, reference};

/// The address of the topic. No role begins so.
const TOPIC: &str = "exoc_alarms";

/// The alarms.
pub(super) fn file(alarms: &Alarms) -> File {
    let Alarms {
        topic,
        emails,
        alarms,
        lines,
        email_lines,
    } = alarms;
    let mut file = File::default();
    file.add(
        "Where all alarms go. Nobody hears of them before somebody subscribes.",
        lines,
        resource("aws_sns_topic", TOPIC)
            .attr("name", topic)
            .attr("kms_master_key_id", reference(["aws_kms_key", "main", "arn"])),
    );
    for (index, email) in emails.iter().enumerate() {
        file.add(
            "Tells an address, which must confirm once that it wants to know.",
            email_lines,
            resource("aws_sns_topic_subscription", &format!("{TOPIC}_{}", index + 1))
                .attr("topic_arn", reference(["aws_sns_topic", TOPIC, "arn"]))
                .attr("protocol", "email")
                .attr("endpoint", email),
        );
    }
    for alarm in alarms {
        file.add(
            format!("Rings when {}.", alarm.meaning),
            &alarm.lines,
            block(alarm),
        );
    }
    file
}

fn block(alarm: &Alarm) -> Block {
    let Alarm {
        address,
        name,
        meaning,
        series,
        comparison,
        threshold,
        period,
        periods,
        silence,
        lines: _,
    } = alarm;
    let comparison = match comparison {
        Comparison::Above => "GreaterThanThreshold",
        Comparison::Below => "LessThanThreshold",
    };
    let silence = match silence {
        Silence::Well => "notBreaching",
        Silence::Unknown => "missing",
    };
    let topic = || vec![reference(["aws_sns_topic", TOPIC, "arn"])];
    let mut sentence = meaning.clone();
    if let Some(first) = sentence.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let block = resource("aws_cloudwatch_metric_alarm", address)
        .attr("alarm_name", name)
        .attr("alarm_description", format!("{sentence}."))
        .attr("comparison_operator", comparison)
        .attr("threshold", *threshold)
        .attr("evaluation_periods", *periods)
        .attr("treat_missing_data", silence)
        .attr("alarm_actions", topic())
        .attr("ok_actions", topic());
    match series {
        Series::One(metered) => {
            let Metered {
                namespace,
                metric,
                statistic,
                dimensions: _,
            } = metered;
            let block = block
                .attr("namespace", *namespace)
                .attr("metric_name", *metric)
                .attr("dimensions", dimensions(metered))
                .attr("period", *period);
            match statistic {
                Statistic::P95 => block.attr("extended_statistic", word(*statistic)),
                Statistic::Average | Statistic::Maximum | Statistic::Minimum | Statistic::Sum => {
                    block.attr("statistic", word(*statistic))
                }
            }
        }
        Series::Missing(running, desired) => block
            .block("metric_query", |body| {
                body.attr("id", "missing")
                    .attr("label", "Missing")
                    .attr("expression", "desired - running")
                    .attr("return_data", true)
            })
            .block("metric_query", |body| query(body, "running", running, *period))
            .block("metric_query", |body| query(body, "desired", desired, *period)),
    }
}

fn query(body: Body, id: &str, metered: &Metered, period: u32) -> Body {
    body.attr("id", id).block("metric", |body| {
        body.attr("namespace", metered.namespace)
            .attr("metric_name", metered.metric)
            .attr("dimensions", dimensions(metered))
            .attr("period", period)
            .attr("stat", word(metered.statistic))
    })
}

fn dimensions(metered: &Metered) -> Object {
    metered
        .dimensions
        .iter()
        .fold(Object::new(), |object, (name, value)| {
            object.with(*name, expression(value))
        })
}

const fn word(statistic: Statistic) -> &'static str {
    match statistic {
        Statistic::Average => "Average",
        Statistic::Maximum => "Maximum",
        Statistic::Minimum => "Minimum",
        Statistic::Sum => "Sum",
        Statistic::P95 => "p95",
    }
}
