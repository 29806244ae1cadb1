//! `alarms.tf`: one topic, who hears of it, and everything that is sent to it.

use super::common::{File, expression, resource};
use crate::model::{Alarm, Alarms, Comparison, Metered, Running, Silence, Statistic};
use exoc_emit::hcl::{Block, Body, Expression, Object, Template, reference};

/// The address of the topic. No role begins so.
const TOPIC: &str = "exoc_alarms";

/// The address of the alarms of all services.
const RUNNING: &str = "exoc_running";

/// Seconds that one value of theirs stands for, and how many in a row are ten minutes.
const MINUTE: u32 = 60;
const TEN: u32 = 10;

/// The alarms.
pub(super) fn file(alarms: &Alarms) -> File {
    let Alarms {
        topic,
        emails,
        running,
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
    if let Some(running) = running {
        file.add(
            "Rings when fewer tasks of a service run than should, for ten minutes.",
            &running.lines,
            of_services(running),
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

/// One alarm for each service, by the identity of the service.
fn of_services(running: &Running) -> Block {
    let Running {
        cluster,
        prefix,
        services,
        lines: _,
    } = running;
    let mut names = Object::new();
    for (identity, address) in services {
        names.insert(identity, reference(["aws_ecs_service", address, "name"]));
    }
    let name = Template::new()
        .text(prefix)
        .text("-")
        .value(reference(["each", "key"]))
        .text("-running");
    let meaning = Template::new()
        .text("Fewer tasks of ")
        .value(reference(["each", "value"]))
        .text(" run than should, for ten minutes.");
    let query = |body: Body, id: &str, metric: &str| {
        let of = Object::new()
            .with("ClusterName", cluster)
            .with("ServiceName", reference(["each", "value"]));
        body.attr("id", id).block("metric", |body| {
            body.attr("namespace", "ECS/ContainerInsights")
                .attr("metric_name", metric)
                .attr("dimensions", of)
                .attr("period", MINUTE)
                .attr("stat", word(Statistic::Minimum))
        })
    };
    resource("aws_cloudwatch_metric_alarm", RUNNING)
        .attr("for_each", names)
        .attr("alarm_name", name)
        .attr("alarm_description", meaning)
        .attr("comparison_operator", "GreaterThanThreshold")
        .attr("threshold", 0)
        .attr("evaluation_periods", TEN)
        .attr("treat_missing_data", "missing")
        .attr("alarm_actions", topic())
        .attr("ok_actions", topic())
        .block("metric_query", |body| {
            body.attr("id", "missing")
                .attr("label", "Missing")
                .attr("expression", "desired - running")
                .attr("return_data", true)
        })
        .block("metric_query", |body| query(body, "running", "RunningTaskCount"))
        .block("metric_query", |body| query(body, "desired", "DesiredTaskCount"))
}

/// Where alarms go.
fn topic() -> Vec<Expression> {
    vec![reference(["aws_sns_topic", TOPIC, "arn"])]
}

fn block(alarm: &Alarm) -> Block {
    let Alarm {
        address,
        name,
        meaning,
        metered,
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
